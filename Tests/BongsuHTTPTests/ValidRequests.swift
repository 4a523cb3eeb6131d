/// Requests that are all right, as they look on the wire.
let validRequests = [
  "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  "GET / HTTP/1.0\r\n\r\n",
  "GET /socket.io/?EIO=4&transport=polling&t=abc HTTP/1.1\r\nHost: localhost:3000\r\nConnection: keep-alive\r\n"
    + "Accept: */*\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nOrigin: http://localhost:3000\r\n\r\n",
  "POST /socket.io/?EIO=4&sid=x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\n",
  "POST /p HTTP/1.1\r\nhost:a\r\ntransfer-encoding:Chunked\r\nexpect: 100-Continue\r\n\r\n",
  "GET /ws/room HTTP/1.1\r\nHost: [::1]:80\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
  "PATCH http://example.org:8080/a/b?c=d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  "get / HTTP/1.1\r\nHost: a\r\nEmpty:\r\nSpaces:   \t \r\nInner: a \t b \r\nHigh: \u{E9}\r\n\r\n",
  "\r\n\r\nDELETE /x HTTP/1.1\r\nHost: a\r\n\r\n",
]
