"""HTTP/1.1 over a bare socket, so that tests see and send the bytes themselves."""

import json
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SECONDS = 5.0


class Closed(Exception):
    """The peer ended the connection before the wanted bytes came."""


@dataclass
class Response:
    status: int
    reason: str
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def head(method, target, host, headers=(), version="HTTP/1.1"):
    """The bytes of a request head; `headers` is a list of pairs or a dictionary."""
    pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
    if not any(name.lower() == "host" for name, _ in pairs):
        pairs.insert(0, ("Host", host))
    lines = [f"{method} {target} {version}", *(f"{name}: {value}" for name, value in pairs)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Connection:
    """One TCP connection with a buffer of the bytes not looked at yet."""

    def __init__(self, url, seconds=SECONDS):
        parts = urlsplit(url)
        self.authority = parts.netloc
        self.socket = socket.create_connection((parts.hostname, parts.port), seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def abort(self):
        """Ends the connection with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def request(self, method, target, headers=(), body=None):
        """Sends one request; a body brings its Content-Length along."""
        pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
        if body is not None:
            pairs.append(("Content-Length", str(len(body))))
        self.send(head(method, target, self.authority, pairs) + (body or b""))

    def _more(self):
        try:
            data = self.socket.recv(262_144)
        except ConnectionError as error:
            raise Closed(bytes(self.buffer)) from error
        if not data:
            raise Closed(bytes(self.buffer))
        self.buffer += data

    def take(self, count):
        while len(self.buffer) < count:
            self._more()
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    def take_until(self, mark):
        start = 0
        while (at := self.buffer.find(mark, start)) < 0:
            start = max(0, len(self.buffer) - len(mark))
            self._more()
        return self.take(at + len(mark))

    def take_rest(self):
        """Everything until the peer closes."""
        while True:
            try:
                self._more()
            except Closed:
                data = bytes(self.buffer)
                self.buffer.clear()
                return data

    def is_quiet(self, seconds=0.1):
        """True when nothing arrives, not even the end, for so long."""
        if self.buffer:
            return False
        self.socket.settimeout(seconds)
        try:
            self._more()
        except TimeoutError:
            return True
        except Closed:
            return False
        finally:
            self.socket.settimeout(SECONDS)
        return False

    def expect_closed(self):
        """The peer ends the connection and has nothing more to say."""
        rest = self.take_rest()
        assert rest == b"", f"expected the end, got {rest[:200]!r}"

    def response(self, method="GET"):
        start = self.take_until(b"\r\n").decode("latin-1").rstrip("\r\n")
        _, status, *reason = start.split(" ", 2)
        found = Response(int(status), "".join(reason), self._headers())
        if method != "HEAD" and found.status >= 200 and found.status not in (204, 304):
            found.body = self._body(found.headers)
        return found

    def _headers(self):
        headers = {}
        while line := self.take_until(b"\r\n").decode("latin-1").rstrip("\r\n"):
            name, value = line.split(":", 1)
            key, value = name.lower(), value.strip()
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
        return headers

    def _body(self, headers):
        if "content-length" in headers:
            return self.take(int(headers["content-length"]))
        if headers.get("transfer-encoding") == "chunked":
            return b"".join(self._chunks())
        return self.take_rest()

    def _chunks(self):
        while count := int(self.take_until(b"\r\n").split(b";")[0], 16):
            yield self.take(count)
            self.take(2)
        self.take_until(b"\r\n")


def request(url, method, target, headers=(), body=None):
    """One request on a connection of its own."""
    with Connection(url) as connection:
        connection.request(method, target, headers, body)
        return connection.response(method)


def exchange(url, data):
    """Sends literal bytes and gives the first response."""
    with Connection(url) as connection:
        connection.send(data)
        return connection.response()
