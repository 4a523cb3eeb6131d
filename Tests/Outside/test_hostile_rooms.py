"""Rooms that are not one's own."""

import itertools
import os

import pytest

from frames import WebSocket
from hostile import Bystander, Client, Readers, event, resident
from programs import serve

NUMBERS = itertools.count(1)
# A million once by hand; the limit is met after 1 024.
JOINS = int(os.environ.get("BONGSU_JOINS", 50_000))
MEGABYTE = "z" * 900_000


@pytest.fixture
def room():
    return f"hostile-{next(NUMBERS)}"


@pytest.fixture
def enter(bongsu):
    """Opens Socket.IO clients and closes them at the end."""
    opened = []

    def make():
        opened.append(Client(bongsu.url))
        return opened[-1]

    yield make
    for client in opened:
        client.close()


def test_nobody_overhears_a_client_by_a_plain_websocket_to_its_id(bongsu, enter):
    victim, friend = enter(), enter()
    # Several, so that the victim's loop and the other one are both tried.
    for _ in range(6):
        with WebSocket(bongsu.url, f"/ws/{victim.id}").opened() as spy:
            assert spy.close_code() == 1008
    friend.emit("relay", {"to": victim.id}, "secret", 1)
    assert victim.hears() == ["secret", 1]


def test_nobody_overhears_a_client_by_joining_its_id(enter):
    victim = enter()
    for _ in range(6):
        spy = enter()
        answer = spy.ask("join", victim.id)
        assert answer["ok"] is False and answer["error"]
        spy.emit("relay", {"to": victim.id}, "hello")
        assert victim.hears() == ["hello"]


def test_ones_own_id_may_be_joined_again(enter):
    client = enter()
    assert client.ask("join", client.id)["ok"] is True


def test_a_plain_websocket_cannot_speak_to_a_client_alone(bongsu, enter):
    victim = enter()
    with WebSocket(bongsu.url, f"/ws/{victim.id}").opened() as spy:
        spy.send_text("psst")
        assert spy.close_code() == 1008
    # Nothing comes before the answer.
    victim.tell('427["leave","x"]')
    assert victim.packet() == '437[{"ok":true}]'


@pytest.mark.parametrize("count", [255, 256, 257])
def test_joining_with_presence_is_all_or_nothing_for_a_long_name(enter, count):
    member, other = enter(), enter()
    name = chr(ord("a") + next(NUMBERS) % 26) * count
    is_in = member.ask("join", name, {"presence": True})["ok"]
    assert is_in or count > 255
    other.ask("join", name)
    other.ask("relay", {"to": name}, "news")
    other.ask("leave", name)
    # Both loops have said what they have to say once this has come.
    other.emit("relay", {"to": member.id}, "end")
    heard = [member.hears()[0] for _ in range(3 if is_in else 1)]
    assert heard == (["news", "relay:left", "end"] if is_in else ["end"])


@pytest.mark.parametrize("count, is_allowed", [(256, True), (257, False)])
def test_a_name_may_have_256_bytes(enter, count, is_allowed):
    assert enter().ask("join", "z" * count)["ok"] is is_allowed


def test_presence_is_all_or_nothing_when_rooms_run_out(enter, room):
    member, other = enter(), enter()
    joined = 0
    while member.ask("join", f"{room}-{joined}")["ok"]:
        joined += 1
    member.ask("leave", f"{room}-0")
    # One place is left, and it takes two.
    assert member.ask("join", room, {"presence": True})["ok"] is False
    other.emit("relay", {"to": room}, "news")
    assert other.ask("join", room)["ok"] is True
    assert other.ask("leave", room)["ok"] is True
    assert member.ask("join", room)["ok"] is True, "the place is still free"


def test_a_client_cannot_speak_in_the_relays_name(bongsu, enter, room):
    member, other = enter(), enter()
    assert member.ask("join", room, {"presence": True})["ok"] is True
    assert other.ask("relay", {"to": room}, "relay:left", room, member.id)["ok"] is False
    assert other.ask("join", "\0" + room)["ok"] is False
    assert other.ask("relay", {"to": "\0" + room}, "news")["ok"] is False


def test_joins_without_end_cost_no_more_than_the_rooms_one_may_be_in(bongsu):
    program = serve("--ping-interval", 600_000, loops=1)
    with Bystander(program) as bystander, Client(program.url) as client:
        before = peak = resident(program)
        for start in range(0, JOINS, 1_000):
            client.send(b"".join(event("join", f"{'r' * 200}{number}") for number in range(start, start + 1_000)))
            peak = max(peak, resident(program))
        assert client.ask("join", "one more")["ok"] is False
        assert peak - before < 50
    assert bystander.slowest < 2
    program.stop()


@pytest.mark.parametrize("form", ["join", "leave", "to", "except", "presence"])
def test_a_megabyte_is_no_name(enter, form):
    client, other = enter(), enter()
    for _ in range(10):
        match form:
            case "join" | "leave":
                answer = client.ask(form, MEGABYTE)
            case "presence":
                answer = client.ask("join", MEGABYTE, {"presence": True})
            case _:
                answer = client.ask("relay", {form: MEGABYTE}, "news")
        assert answer["ok"] is False and len(answer["error"]) < 100
    assert client.ask("join", "a short one")["ok"] is True
    other.emit("relay", {"to": client.id}, "end")
    assert client.hears() == ["end"]


def test_a_megabyte_is_no_name_of_a_plain_room(bongsu):
    with WebSocket(bongsu.url, "/ws/" + MEGABYTE[:500_000]) as peer:
        assert peer.handshake.status == 414


def test_many_that_leave_at_once_are_each_told_of(enter, room):
    """The relay speaks to the room from inside every one's disconnecting."""
    witness = enter()
    assert witness.ask("join", room, {"presence": True})["ok"] is True
    members = [enter() for _ in range(100)]
    for member in members:
        assert member.ask("join", room, {"presence": True})["ok"] is True
    for member in members:
        member.abort()
    heard = [witness.hears() for _ in members]
    assert sorted(heard) == sorted(["relay:left", room, member.id] for member in members)


def test_whoever_comes_and_goes_without_end_disturbs_no_conversation(bongsu, enter):
    with Bystander(bongsu) as bystander:
        restless = [enter() for _ in range(4)]
        turn = event("join", bystander.room) + event("leave", bystander.room)
        with Readers(restless):
            for _ in range(20):
                for client in restless:
                    client.socket.setblocking(True)
                    client.send(turn * 100)
                    client.socket.setblocking(False)
    assert bystander.slowest < 2
