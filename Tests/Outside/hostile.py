"""What attackers are made of, and how to see that nobody else suffers."""

import itertools
import json
import os
import selectors
import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from engine import EngineWebSocket
from frames import TEXT, WebSocket, frame
from raw import SECONDS, Connection
from secure import Secure

PAGE = os.sysconf("SC_PAGE_SIZE")
# How long a peer that is sent nothing new counts as one that is not read from any more.
STALL = 0.5
NUMBERS = itertools.count(1)


def resident(program):
    """Megabytes of memory that a program uses now."""
    return int(Path(f"/proc/{program.process.pid}/statm").read_text().split()[1]) * PAGE / 1e6


class NarrowConnection(Connection):
    """A connection that takes little while nobody reads: the rest is the server's to hold."""

    def __init__(self, url, seconds=SECONDS):
        parts = urlsplit(url)
        self.authority = parts.netloc
        self.socket = socket.socket()
        self.socket.settimeout(seconds)
        # Small segments keep the server's own socket buffer small, too.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.socket.connect((parts.hostname, parts.port))
        self.buffer = bytearray()


class NarrowWebSocket(WebSocket, NarrowConnection):
    pass


def event(name, *args, ack=""):
    """A Socket.IO event of the namespace `/` as a WebSocket frame."""
    return frame(TEXT, f"42{ack}{json.dumps([name, *args])}".encode())


class Client(EngineWebSocket):
    """A Socket.IO client of the namespace `/` by WebSocket."""

    def __init__(self, url):
        super().__init__(url)
        self.tell("40")
        self.id = json.loads(self.packet()[2:])["sid"]

    def emit(self, name, *args):
        self.send(event(name, *args))

    def ask(self, name, *args):
        """The acknowledgement's only argument; events that come before it are passed over."""
        number = next(NUMBERS)
        self.send(event(name, *args, ack=number))
        while not (packet := self.packet()).startswith(f"43{number}["):
            pass
        return json.loads(packet.removeprefix(f"43{number}"))[0]

    def hears(self):
        """The next event as a list."""
        packet = self.packet()
        if not packet.startswith("42["):
            raise AssertionError(f"no event: {packet!r}")
        return json.loads(packet[2:])


class NarrowClient(Client, NarrowConnection):
    pass


class SecureClient(Client, Secure):
    pass


def loop_of(identifier):
    """The server's event loop that an id was made on (as Sources/Bongsu/Identifier.swift writes it)."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    number = 0
    for character in identifier:
        number = number << 6 | alphabet.index(character)
    data = number.to_bytes(15, "big")
    return data[7] ^ data[14]


def flood(connection, data, seconds, program=None, stall=STALL):
    """Sends `data` over and over and reads nothing. Gives (whether the server ended it, peak memory, bytes sent).

    Is over early when the server closes or takes no more.
    """
    connection.socket.setblocking(False)
    start = last = time.monotonic()
    peak, sent = resident(program) if program else 0, 0
    while (now := time.monotonic()) - start < seconds and now - last < stall:
        try:
            sent += connection.socket.send(memoryview(data)[sent % len(data) :])
            last = now
        except BlockingIOError:
            time.sleep(0.005)
        except OSError:
            return True, peak, sent
        peak = max(peak, resident(program)) if program else 0
    connection.socket.settimeout(SECONDS)
    return False, peak, sent


class Readers:
    """Takes in whatever arrives on many connections, unseen, in a thread of its own."""

    def __init__(self, connections):
        self.connections, self.count, self.over = connections, 0, False
        self.selector = selectors.DefaultSelector()
        for connection in connections:
            connection.socket.setblocking(False)
            self.selector.register(connection.socket, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self._read, daemon=True)

    def _read(self):
        while not self.over and self.selector.get_map():
            for key, _ in self.selector.select(0.1):
                try:
                    data = key.fileobj.recv(262_144)
                except OSError:
                    data = b""
                self.count += len(data)
                if not data:
                    self.selector.unregister(key.fileobj)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        self.thread.join(SECONDS)
        for connection in self.connections:
            connection.close()


class Bystander:
    """Two clients that talk through a room of their own the whole time. Leaving fails if a message got lost."""

    def __init__(self, program, kind=Client):
        self.speaker, self.listener = kind(program.url), kind(program.url)
        self.room = f"bystanders-{next(NUMBERS)}"
        assert self.listener.ask("join", self.room)["ok"] is True
        self.over, self.slowest, self.error = threading.Event(), 0.0, None
        self.thread = threading.Thread(target=self._talk, daemon=True)

    def _talk(self):
        try:
            while True:
                start = time.monotonic()
                self._say_and_hear()
                self.slowest = max(self.slowest, time.monotonic() - start)
                if self.over.wait(0.02):
                    return
        except Exception as error:
            self.error = error

    def _say_and_hear(self):
        word = ["word", next(NUMBERS)]
        assert self.speaker.ask("relay", {"to": self.room}, *word)["ok"] is True
        # What others say to everyone is heard, too.
        while (heard := self.listener.hears())[0] != word[0]:
            pass
        if heard != word:
            raise AssertionError(f"heard {heard}, not {word}")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        self.over.set()
        self.thread.join(2 * SECONDS)
        is_stuck = self.thread.is_alive()
        self.speaker.close()
        self.listener.close()
        if kind is None:
            assert self.error is None and not is_stuck, repr(self.error)
