import BongsuHTTP
import NIOCore

/// Reading the heads of requests.
@MainActor var httpOperations: [Operation] {
  [
    parsing("short", ["GET /healthz HTTP/1.1", "Host: 127.0.0.1:3000"]),
    parsing(
      "browser's",
      [
        "GET /socket.io/?EIO=4&transport=websocket&sid=RnUdHvGYVQDCZbSbAAAB HTTP/1.1", "Host: relay.example.org",
        "Connection: Upgrade", "Pragma: no-cache", "Cache-Control: no-cache",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
        "Upgrade: websocket", "Origin: https://relay.example.org", "Sec-WebSocket-Version: 13",
        "Accept-Encoding: gzip, deflate, br, zstd", "Accept-Language: ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7",
        "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
      ]),
    searching,
  ]
}

private func parsing(_ name: String, _ lines: [String]) -> Operation {
  let head = ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n")
  var parser = RequestParser()
  return Operation("http: parse a \(name) head of \(head.readableBytes) B") {
    var input = head
    consume(((try? parser.parse(&input)) ?? nil)?.fieldCount ?? .min)
  }
}

private var searching: Operation {
  let items = QueryItems("EIO=4&transport=polling&t=Pk3xQ2f&sid=RnUdHvGYVQDCZbSbAAAB")
  return Operation("http: find the sid in a query") { consume(items["sid"]?.utf8.count ?? .min) }
}
