"""Clients that read more slowly than others speak: what becomes of messages for them is a declared policy."""

import base64
import json
import socket

import pytest

from engine import Polling
from frames import BINARY, PING, PONG, TEXT, WebSocket, frame
from hostile import Bystander, NarrowClient, NarrowWebSocket, SecureClient, event, flood, resident
from programs import serve
from raw import Closed
from secure import Secure, pair

COUNT, SIZE, QUEUE = 1_000, 16_384, 65_536
# Megabytes: what the kernel holds is not the server's.
ROOM = 100


DROP = ("--slow-readers", "drop", "--report-dropped")
LATEST = ("--slow-readers", "latest", "--report-dropped")


class Plain(NarrowWebSocket):
    def __init__(self, url):
        super().__init__(url, "/ws/slow")
        self.opened()

    def hear(self):
        opcode, payload = self.message()
        if opcode == PONG:
            return "pong", 0
        if payload.startswith(b"["):
            return tuple(json.loads(payload))
        return "message", int(payload[: payload.index(b":")])


class Events:
    """What Socket.IO clients of any transport hear."""

    def enter(self):
        self.tell('421["join","slow"]')
        assert self.hear() == ("ack", 1)
        return self

    def hear(self):
        packet = self.packet()
        if packet.startswith("43"):
            return "ack", int(packet[2 : packet.index("[")])
        name, value = json.loads(packet[packet.index("[") :])
        if packet.startswith("45"):
            # An event is followed by its attachment and nothing else.
            value = self.attachment()
        return (name, value) if name != "message" else (name, int(value[: value.index(":")]))

    def attachment(self):
        return self.packet().decode()


class Narrow(Events, NarrowClient):
    pass


class Encrypted(Events, SecureClient):
    pass


class Polls(Events, Polling):
    def __init__(self, url):
        super().__init__(url)
        self.tell("40")
        assert self.packet().startswith('40{"sid"')

    def attachment(self):
        packet = self.packet()
        assert packet.startswith("b"), packet[:80]
        return base64.b64decode(packet[1:]).decode()

    def close(self):
        pass


class SecurePeer(WebSocket, Secure):
    pass


WEBSOCKETS = [Plain, Narrow, Encrypted]


class Room:
    """A server, one who speaks, one who listens all the time, and one who does not."""

    def __init__(self, kind, *arguments):
        is_secure = kind is Encrypted
        self.program = serve("--max-queue", QUEUE, *arguments, *(pair("one") if is_secure else ()), loops=1)
        peer = SecurePeer if is_secure else WebSocket
        self.sender, self.other = (peer(self.program.url, "/ws/slow").opened() for _ in range(2))
        self.slow = kind(self.program.url)
        if isinstance(self.slow, Events):
            self.slow.enter()
        if kind in WEBSOCKETS:
            # What it says arrives at once, one small packet after the other.
            self.slow.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = 0

    def say(self, count=1):
        """Every other message is binary, and an attachment for Socket.IO clients."""
        for _ in range(count):
            opcode = BINARY if self.number % 2 else TEXT
            payload = f"{self.number}:".encode().ljust(SIZE, b"x")
            self.sender.send(frame(opcode, payload))
            assert self.other.message() == (opcode, payload)
            self.number += 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for connection in (self.slow, self.sender, self.other):
            connection.close()
        alive = self.program.is_running
        self.program.stop()
        assert alive, self.program.complaints()


def of(*kinds):
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: kind.__name__)


def until_report(slow):
    heard = []
    while (last := slow.hear())[0] != "relay:dropped":
        heard.append(last)
    return heard, last[1]


def until(slow, last):
    """What is heard up to `last`, and how many messages were missed. The kernel may take all that waits before anything
    is read from it; then there are several gaps."""
    heard, missed = [], 0
    while not heard or heard[-1] != last:
        what, value = slow.hear()
        if what == "relay:dropped":
            missed += value
        else:
            heard.append((what, value))
    return heard, missed


@of(*WEBSOCKETS, Polls)
def test_drop_makes_one_gap_and_says_how_large_it_is(kind):
    with Room(kind, *DROP) as room:
        room.say(COUNT)
        heard, missed = until_report(room.slow)
        assert heard == [("message", number) for number in range(COUNT - missed)]
        assert 0 < missed < COUNT
        room.say(3)
        assert [room.slow.hear() for _ in range(3)] == [("message", COUNT + number) for number in range(3)]


@of(*WEBSOCKETS, Polls)
def test_latest_ends_with_the_newest_message(kind):
    with Room(kind, *LATEST) as room:
        room.say(COUNT)
        heard, missed = until(room.slow, ("message", COUNT - 1))
        assert 0 < missed == COUNT - len(heard)
        assert heard == sorted(heard)
        room.say()
        assert room.slow.hear() == ("message", COUNT)


@of(*WEBSOCKETS, Polls)
def test_disconnect_is_what_happens_unless_something_else_is_said(kind):
    with Room(kind) as room:
        room.say(COUNT)
        heard = []
        with pytest.raises((Closed, OSError, AssertionError)):
            while len(heard) < COUNT:
                heard.append(room.slow.hear())
        assert heard == [("message", number) for number in range(len(heard))]


@pytest.mark.parametrize("policy", [DROP, LATEST], ids=["drop", "latest"])
@of(Narrow, Encrypted, Polls)
def test_acknowledgements_are_not_dropped(kind, policy):
    with Room(kind, *policy) as room:
        room.say(COUNT)
        for number in range(2, 12):
            room.slow.tell(f'42{number}["join","another"]')
        # The server has seen all of it before anything is read.
        room.say()
        heard, _ = until(room.slow, ("ack", 11))
        assert len(heard) < COUNT
        assert [number for what, number in heard if what == "ack"] == list(range(2, 12))


@pytest.mark.parametrize("policy", [DROP, LATEST], ids=["drop", "latest"])
def test_control_frames_are_not_dropped(policy):
    with Room(Plain, *policy) as room:
        room.say(COUNT)
        room.slow.send(frame(PING))
        room.say()
        heard, _ = until(room.slow, ("pong", 0))
        assert len(heard) < COUNT


@pytest.mark.parametrize("policy", [DROP, LATEST], ids=["drop", "latest"])
def test_a_client_that_asks_and_never_reads_is_let_go_whatever_the_policy(policy):
    with Room(Narrow, *policy, "--max-payload", 1_000) as room:
        before = resident(room.program)
        with Bystander(room.program):
            ended, peak, _ = flood(room.slow, event("join", "r" * 250, ack=1) * 2_000, 60, room.program, stall=5)
        assert ended and peak - before < ROOM


def test_the_deaf_cost_references_and_nobody_is_slower_for_them():
    """Fifty of them have eight megabytes waiting each, which are the same eight."""
    program = serve("--slow-readers", "drop", loops=1)
    deaf = [NarrowWebSocket(program.url, "/ws/deaf").opened() for _ in range(50)]
    before = peak = resident(program)
    with Bystander(program) as bystander, WebSocket(program.url, "/ws/deaf").opened() as sender:
        with WebSocket(program.url, "/ws/deaf").opened() as other:
            for number in range(300):
                payload = bytes([number % 256]) * 65_536
                sender.send_binary(payload)
                assert other.message() == (BINARY, payload)
                peak = max(peak, resident(program))
    assert peak - before < ROOM
    assert bystander.slowest < 2
    for connection in deaf:
        connection.close()
    program.assert_running()
    program.stop()
