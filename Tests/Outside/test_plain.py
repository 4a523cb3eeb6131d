"""Plain WebSocket: rooms, echo and broadcast, with the `websockets` library."""

import itertools
import time

import pytest

from plain import PlainPeer

NUMBERS = itertools.count(1)
QUIET = 0.15


@pytest.fixture
def room():
    return f"room-{next(NUMBERS)}"


@pytest.fixture
def enter(bongsu):
    """Opens plain peers and closes them at the end."""
    opened = []

    def make(path):
        opened.append(PlainPeer(bongsu.url, path))
        return opened[-1]

    yield make
    for peer in opened:
        peer.close()


VALUES = ["text", "", "봉수 🔥", b"\x00\xff", b"", "x" * 500_000, b"\x01" * 500_000]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{type(value).__name__}-{len(value)}")
def test_echo_sends_every_message_back(enter, value):
    peer = enter("/echo")
    peer.tell(value)
    assert peer.hears_one("message") == [value]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{type(value).__name__}-{len(value)}")
def test_the_others_in_a_room_hear_a_message_and_the_sender_does_not(enter, room, value):
    sender, *others = (enter(f"/ws/{room}") for _ in range(6))
    sender.tell(value)
    for other in others:
        assert other.hears_one("message") == [value]
    time.sleep(QUIET)
    assert sender.heard() == []


def test_a_sender_that_asks_for_it_hears_itself(enter, room):
    sender, other = enter(f"/ws/{room}?self=1"), enter(f"/ws/{room}")
    sender.tell("mine")
    assert sender.hears_one("message") == other.hears_one("message") == ["mine"]
    other.tell("yours")
    assert sender.hears("message", 2)[1] == ["yours"]
    time.sleep(QUIET)
    assert len(other.heard()) == 1


def test_rooms_do_not_hear_each_other(enter, room):
    sender, near, far = enter(f"/ws/{room}"), enter(f"/ws/{room}"), enter(f"/ws/{room}-other")
    sender.tell("x")
    assert near.hears_one("message") == ["x"]
    time.sleep(QUIET)
    assert far.heard() == []


def test_a_room_may_have_a_korean_name(enter):
    sender, other = enter("/ws/%EB%B4%89%EC%88%98"), enter("/ws/%eb%b4%89%ec%88%98")
    sender.tell("x")
    assert other.hears_one("message") == ["x"]


def test_who_left_hears_nothing_and_the_others_stay(enter, room):
    sender, leaver, stayer = (enter(f"/ws/{room}") for _ in range(3))
    leaver.close()
    sender.tell("x")
    assert stayer.hears_one("message") == ["x"]
    assert leaver.heard() == []


def test_messages_arrive_in_the_order_of_each_sender(enter, room):
    first, second, listener = (enter(f"/ws/{room}") for _ in range(3))
    for number in range(500):
        first.tell(f"first {number}")
        second.tell(f"second {number}")
    heard = [message for (message,) in listener.hears("message", 1000, seconds=15)]
    for name in ("first", "second"):
        assert [each for each in heard if each.startswith(name)] == [f"{name} {number}" for number in range(500)]


def test_broadcast_reaches_everyone_connected_to_it_and_the_sender(enter):
    peers = [enter("/broadcast") for _ in range(6)]
    peers[0].tell("one")
    peers[1].tell(b"\x02")
    for peer in peers:
        assert sorted(peer.hears("message", 2), key=str) == [["one"], [b"\x02"]]
    time.sleep(QUIET)
    assert {len(peer.heard()) for peer in peers} == {2}


def test_a_room_of_a_hundred_hears_every_message_once(enter, room):
    peers = [enter(f"/ws/{room}") for _ in range(100)]
    for number, peer in enumerate(peers[:10]):
        peer.tell(str(number))
    for number, peer in enumerate(peers):
        expected = {str(each) for each in range(10)} - {str(number)}
        heard = peer.hears("message", len(expected))
        assert len(heard) == len(expected) and {message for (message,) in heard} == expected
