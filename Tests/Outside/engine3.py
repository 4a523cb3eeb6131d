"""Engine.IO 3 by hand: packets with their lengths in front, pings from the client."""

import json
from urllib.parse import quote

from engine import ENGINE_IO
from frames import WebSocket
from raw import Connection, request

OCTETS = "application/octet-stream"


def query(transport, sid=None, more=""):
    return f"?EIO=3&transport={transport}" + (f"&sid={sid}" if sid else "") + more


def units(text):
    """UTF-16 units, as JavaScript counts."""
    return len(text.encode("utf-16-le")) // 2


def payload(*packets):
    return "".join(f"{units(packet)}:{packet}" for packet in packets)


def packets_of(text):
    """The packets of a body of text."""
    data, found = text.encode("utf-16-le"), []
    while data:
        head, _, data = data.partition(":".encode("utf-16-le"))
        count = 2 * int(head.decode("utf-16-le"))
        found.append(data[:count].decode("utf-16-le"))
        data = data[count:]
    return found


def binary_payload(*packets):
    """Text packets as str, binary messages as bytes."""
    body = b""
    for packet in packets:
        kind, data = (0, packet.encode()) if isinstance(packet, str) else (1, b"\x04" + packet)
        body += bytes([kind, *map(int, str(len(data))), 255]) + data
    return body


class Polling3:
    """A polling session; `more` is what else stands in every query."""

    def __init__(self, url, path=ENGINE_IO, more="&b64=1"):
        self.url, self.path, self.more = url, path, more
        self.opening = request(url, "GET", path + query("polling", None, more))
        assert self.opening.status == 200, self.opening
        first = packets_of(self.opening.text)[0]
        assert first[0] == "0", first
        self.handshake = json.loads(first[1:])
        self.sid = self.handshake["sid"]
        self.waiting = []

    @property
    def target(self):
        return self.path + query("polling", self.sid, self.more)

    def get(self, headers=()):
        return request(self.url, "GET", self.target, headers)

    def post(self, body, headers=()):
        data = body.encode() if isinstance(body, str) else body
        return request(self.url, "POST", self.target, headers, data)

    def tell(self, *packets):
        answer = self.post(payload(*packets))
        assert (answer.status, answer.body) == (200, b"ok"), answer

    def packet(self):
        """The next packet; polls when none is left from the poll before."""
        while not self.waiting:
            answer = self.get()
            assert answer.status == 200, answer
            self.waiting = packets_of(answer.text)
        return self.waiting.pop(0)

    def pending(self):
        connection = Connection(self.url)
        connection.request("GET", self.target)
        return connection

    def is_gone(self):
        answer = self.get()
        return answer.status == 400 and answer.json["code"] == 1


class EngineWebSocket3(WebSocket):
    """A WebSocket session (or, with a sid, the probe of an upgrade)."""

    def __init__(self, url, path=ENGINE_IO, sid=None, more=""):
        super().__init__(url, path + query("websocket", sid, more))
        self.opened()
        if sid is None:
            opening = self.text()
            assert opening.startswith("0"), opening
            self.handshake_data = json.loads(opening[1:])

    def packet(self):
        opcode, data = self.message()
        assert opcode in (1, 2), (opcode, data)
        return data.decode() if opcode == 1 else data

    def tell(self, *packets):
        for packet in packets:
            self.send_text(packet) if isinstance(packet, str) else self.send_binary(b"\x04" + packet)


def script(text, index):
    """What the callback of a JSONP answer is given."""
    head, tail = f"___eio[{index}](", ");"
    assert text.startswith(head) and text.endswith(tail), text
    return json.loads(text[len(head) : -len(tail)])


def form(text):
    """A payload as a JSONP client posts it: line breaks escaped, in a form."""
    return "d=" + quote(text.replace("\\n", "\\\\n").replace("\n", "\\n"), safe="")
