"""WebSocket frames by hand (RFC 6455 §5.2), good ones and bad ones."""

import base64
import hashlib
import os
from dataclasses import dataclass

from raw import Closed, Connection, head

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def masked(payload, key):
    mask = (key * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(mask, "big")).to_bytes(len(payload), "big")


def length_bytes(count, flag):
    if count < 126:
        return bytes([flag | count])
    if count < 65_536:
        return bytes([flag | 126]) + count.to_bytes(2, "big")
    return bytes([flag | 127]) + count.to_bytes(8, "big")


def frame(opcode, payload=b"", fin=True, rsv=0, mask=True):
    """A client's frame; `rsv` is the three reserved bits as a number from 0 to 7."""
    first = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    if not mask:
        return first + length_bytes(len(payload), 0) + payload
    key = os.urandom(4)
    return first + length_bytes(len(payload), 0x80) + key + masked(payload, key)


def upgrade_headers(**changes):
    """The headers of a handshake; a keyword of None leaves that header out (`_` stands for `-`)."""
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
    }
    for name, value in changes.items():
        headers[name.replace("_", "-")] = value
    return {name: value for name, value in headers.items() if value is not None}


def accept_key(key=KEY):
    return base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()


@dataclass
class Frame:
    fin: bool
    rsv: int
    opcode: int
    payload: bytes

    @property
    def text(self):
        assert self.opcode == TEXT, self
        return self.payload.decode()

    @property
    def close_code(self):
        """The code of a close frame, None when it is empty (what a browser shows as 1005)."""
        assert self.opcode == CLOSE, self
        return int.from_bytes(self.payload[:2], "big") if self.payload else None


class WebSocket(Connection):
    """A WebSocket whose handshake is done, unless the server refused (`handshake.status`)."""

    def __init__(self, url, target, headers=None, extra=b"", method="GET"):
        super().__init__(url)
        fields = upgrade_headers() if headers is None else headers
        self.send(head(method, target, self.authority, fields) + extra)
        self.handshake = self.response()

    def opened(self):
        assert self.handshake.status == 101, (self.handshake, bytes(self.buffer))
        return self

    def send_text(self, text):
        self.send(frame(TEXT, text.encode()))

    def send_binary(self, payload):
        self.send(frame(BINARY, payload))

    def send_close(self, code=None, reason=b""):
        self.send(frame(CLOSE, b"" if code is None else code.to_bytes(2, "big") + reason))

    def frame(self):
        first, second = self.take(2)
        assert not second & 0x80, "a server must not mask"
        count = second & 0x7F
        if count == 126:
            count = int.from_bytes(self.take(2), "big")
        elif count == 127:
            count = int.from_bytes(self.take(8), "big")
        return Frame(bool(first & 0x80), first >> 4 & 7, first & 15, self.take(count))

    def text(self):
        return self.frame().text

    def message(self):
        """The next message, put together from its fragments: (opcode, payload)."""
        first = self.frame()
        parts, last = [first.payload], first
        while not last.fin:
            last = self.frame()
            assert last.opcode == CONTINUATION, last
            parts.append(last.payload)
        return first.opcode, b"".join(parts)

    def close_code(self):
        """Reads on to the close frame; fails when the connection ends without one."""
        while True:
            found = self.frame()
            if found.opcode == CLOSE:
                return found.close_code

    def ends(self):
        """Reads on until the connection ends, with a close frame or without; gives what came before."""
        seen = []
        try:
            while (found := self.frame()).opcode != CLOSE:
                seen.append(found)
        except Closed:
            pass
        return seen
