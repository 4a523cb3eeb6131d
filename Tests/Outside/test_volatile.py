"""Volatile events: heard by whoever listens at that moment, and lost on whoever does not."""

import pytest

from engine import Polling
from hostile import Client, NarrowClient

MARK = '{"_placeholder":true,"num":0}'


@pytest.fixture
def room(bongsu, request):
    return f"volatile {request.node.name}"


def join(session, room):
    session.tell("40")
    assert session.packet().startswith("40{")
    session.tell(f'420["join","{room}"]')
    assert session.packet().startswith("430[")


def relay(sender, room, name, *args, volatile=True):
    assert sender.ask("relay", {"to": room, "volatile": volatile}, name, *args)["ok"] is True


def test_a_client_between_two_polls_does_not_hear_it(bongsu, room):
    session = Polling(bongsu.url)
    join(session, room)
    with Client(bongsu.url) as sender:
        relay(sender, room, "lost")
        relay(sender, room, "kept", volatile=False)
    assert session.get().text == '42["kept"]'


def test_a_client_whose_poll_waits_hears_it(bongsu, room):
    session = Polling(bongsu.url)
    join(session, room)
    with Client(bongsu.url) as sender, session.pending() as poll:
        assert poll.is_quiet()
        relay(sender, room, "heard")
        assert poll.response().text == '42["heard"]'


def test_bytes_are_lost_with_their_event(bongsu, room):
    session = Polling(bongsu.url)
    join(session, room)
    with Client(bongsu.url) as sender:
        for volatile in ("true", "false"):
            sender.tell(f'451-0["relay",{{"to":"{room}","volatile":{volatile}}},"bytes",{MARK},{volatile}]', b"\x01")
            assert sender.packet().startswith("430[")
    assert session.get().text == f'451-["bytes",{MARK},false]\x1ebAQ=='


def test_a_client_that_does_not_keep_up_misses_some(bongsu, room):
    count, text = 200, "x" * 50_000
    with NarrowClient(bongsu.url) as slow, Client(bongsu.url) as sender:
        assert slow.ask("join", room)["ok"] is True
        for _ in range(count):
            relay(sender, room, "much", text)
        relay(sender, room, "end", volatile=False)
        heard = 0
        while (name := slow.hears()[0]) == "much":
            heard += 1
        assert name == "end" and 0 < heard < count
