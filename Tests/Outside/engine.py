"""Engine.IO 4 by hand: long polling as single requests, WebSocket as frames."""

import json
import re

from frames import WebSocket
from raw import Connection, request

SEPARATOR = "\x1e"
SOCKET_IO = "/socket.io/"
ENGINE_IO = "/engine.io/"


def query(transport, sid=None):
    return f"?EIO=4&transport={transport}" + (f"&sid={sid}" if sid else "")


class Polling:
    """One polling session. Every request has a connection of its own unless a test says otherwise."""

    def __init__(self, url, path=SOCKET_IO):
        self.url, self.path = url, path
        self.opening = request(url, "GET", path + query("polling"))
        assert self.opening.status == 200, self.opening
        self.handshake = json.loads(self.opening.text[1:])
        self.sid = self.handshake["sid"]
        self.waiting = []

    @property
    def target(self):
        return self.path + query("polling", self.sid)

    def get(self):
        return request(self.url, "GET", self.target)

    def post(self, body, headers=()):
        data = body.encode() if isinstance(body, str) else body
        return request(self.url, "POST", self.target, headers, data)

    def tell(self, *packets):
        """Posts packets and sees them taken."""
        answer = self.post(SEPARATOR.join(packets))
        assert (answer.status, answer.body) == (200, b"ok"), answer

    def packet(self):
        """The next packet; polls when none is left from the poll before. Pings are answered."""
        while not self.waiting:
            answer = self.get()
            assert answer.status == 200, answer
            for packet in answer.text.split(SEPARATOR):
                if packet == "2":
                    self.tell("3")
                else:
                    self.waiting.append(packet)
        return self.waiting.pop(0)

    def pending(self):
        """A GET that is on its way; read it with `.response()`."""
        connection = Connection(self.url)
        connection.request("GET", self.target)
        return connection

    def is_gone(self):
        answer = self.get()
        return answer.status == 400 and answer.json["code"] == 1


class EngineWebSocket(WebSocket):
    """A WebSocket session (or, with a sid, the probe of an upgrade)."""

    def __init__(self, url, path=SOCKET_IO, sid=None):
        super().__init__(url, path + query("websocket", sid))
        self.opened()
        if sid is None:
            self.open_packet = self.text()
            assert self.open_packet.startswith("0"), self.open_packet

    def packet(self):
        """The next packet, text as str and binary as bytes; pings are answered."""
        while True:
            opcode, payload = self.message()
            assert opcode in (1, 2), (opcode, payload)
            if (opcode, payload) == (1, b"2"):
                self.send_text("3")
            else:
                return payload.decode() if opcode == 1 else payload

    def tell(self, *packets):
        for packet in packets:
            self.send_text(packet) if isinstance(packet, str) else self.send_binary(packet)

    def upgrade(self):
        """The client's half of an upgrade: probe, answer, done."""
        self.send_text("2probe")
        assert self.text() == "3probe"
        self.send_text("5")
        return self


def joined(session, namespace="/"):
    """Connects a session to a namespace and reads `auth`, which conformance sends first."""
    prefix = "" if namespace == "/" else namespace + ","
    session.tell("40" + prefix)
    sid = re.fullmatch(r'40(?:/[^,]*,)?\{"sid":"([\w-]{20})"\}', session.packet())
    assert sid, "no CONNECT answer"
    assert session.packet() == f'42{prefix}["auth",{{}}]'
    return sid.group(1)


def open_session(transport, url, path=SOCKET_IO):
    return Polling(url, path) if transport == "polling" else EngineWebSocket(url, path)
