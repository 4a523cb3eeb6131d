"""The built-in relay application: rooms across two loops, options, acks, and both kinds of member."""

import itertools
import time

import pytest

from payloads import KINDS, LARGE
from peers import BrowserPeer, PythonPeer, prepare
from plain import PlainPeer

NUMBERS = itertools.count(1)
TRANSPORTS = ["polling", "websocket", "upgrade"]
QUIET = 0.2


@pytest.fixture
def room():
    return f"relay-{next(NUMBERS)}"


@pytest.fixture(scope="module")
def home(browser, bundle, bongsu):
    """A page of the relay's own origin: the relay has no CORS policy."""
    with browser.page(bongsu.url + "/healthz") as opened:
        yield prepare(opened, bundle)


@pytest.fixture
def enter(bongsu):
    opened = []

    def make(kind, *rooms, transport="websocket", page=None):
        if kind == "plain":
            peer = PlainPeer(bongsu.url, f"/ws/{rooms[0]}")
        elif kind == "browser":
            peer = BrowserPeer(page, bongsu.url, transport)
        else:
            peer = PythonPeer(bongsu.url, transport)
        opened.append(peer)
        for room in rooms if kind != "plain" else ():
            assert peer.ask("join", room)[0]["ok"] is True
        return peer

    yield make
    for peer in opened:
        peer.close()


def relay(peer, options, event, *args):
    answer = peer.ask("relay", options, event, *args)
    assert len(answer) == 1 and answer[0]["ok"] is True, answer


def assert_quiet(*peers, event=None):
    time.sleep(QUIET)
    assert [peer.heard(event) for peer in peers] == [[] for _ in peers]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_others_in_a_room_hear_an_event_and_nobody_else_does(enter, room, transport):
    sender, *others = (enter("python", room, transport=transport) for _ in range(5))
    outsider = enter("python", transport=transport)
    relay(sender, {"to": room}, "news", 1, "two", {"three": [None]}, b"\x04")
    for other in others:
        assert other.hears_one("news") == [1, "two", {"three": [None]}, b"\x04"]
    assert_quiet(sender, outsider, event="news")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_browser_and_python_hear_each_other(enter, home, room, transport):
    browser = enter("browser", room, transport=transport, page=home)
    python = enter("python", room, transport=transport)
    relay(browser, {"to": room}, "봉수", "from the browser", b"\x01")
    assert python.hears_one("봉수") == ["from the browser", b"\x01"]
    relay(python, {"to": room}, "봉수", "from Python", b"\x02")
    assert browser.hears_one("봉수") == ["from Python", b"\x02"]


@pytest.fixture(scope="module")
def pair(bongsu, home):
    """A browser over polling and python-socketio over WebSocket in one room."""
    with BrowserPeer(home, bongsu.url, "polling") as first, PythonPeer(bongsu.url, "websocket") as second:
        for peer in (first, second):
            assert peer.ask("join", "pair")[0]["ok"] is True
        yield first, second


@pytest.mark.parametrize("value", (KINDS | LARGE).values(), ids=(KINDS | LARGE).keys())
def test_every_kind_of_value_passes_through_both_ways(pair, value):
    for sender, receiver in (pair, pair[::-1]):
        before = len(receiver.heard("value"))
        relay(sender, {"to": "pair"}, "value", value)
        assert receiver.hears("value", before + 1)[-1] == [value]


def test_a_burst_through_a_room_keeps_its_order(enter, room):
    sender, *others = (enter("python", room) for _ in range(4))
    for number in range(500):
        sender.tell("relay", {"to": room}, "count", number)
    for other in others:
        assert other.hears("count", 500, seconds=15) == [[number] for number in range(500)]


def test_no_target_means_everyone_in_the_namespace(enter, room):
    sender, *others = (enter("python") for _ in range(5))
    relay(sender, {}, f"all-{room}", "x")
    for other in others:
        assert other.hears_one(f"all-{room}") == ["x"]
    assert_quiet(sender, event=f"all-{room}")


def test_self_includes_the_sender(enter, room):
    sender, other = enter("python", room), enter("python", room)
    relay(sender, {"to": room, "self": True}, "news", "x")
    assert sender.hears_one("news") == other.hears_one("news") == ["x"]


def test_a_member_of_several_targets_hears_an_event_once(enter, room):
    sender = enter("python")
    both, one = enter("python", room, room + "b"), enter("python", room + "b")
    relay(sender, {"to": [room, room + "b", both.id]}, "news", "x")
    assert one.hears_one("news") == ["x"]
    time.sleep(QUIET)
    assert both.heard("news") == [["x"]]


def test_a_socket_id_is_a_target(enter):
    sender, target, other = (enter("python") for _ in range(3))
    relay(sender, {"to": target.id}, "private", "x")
    assert target.hears_one("private") == ["x"]
    assert_quiet(sender, other, event="private")


@pytest.mark.parametrize("as_list", [False, True])
def test_except_leaves_out_rooms_and_ids(enter, room, as_list):
    sender, heard, unheard, third = (enter("python", room) for _ in range(4))
    unheard.ask("join", room + "-not")
    left_out = [room + "-not", third.id] if as_list else room + "-not"
    relay(sender, {"to": room, "except": left_out}, "news", "x")
    assert heard.hears_one("news") == ["x"]
    assert_quiet(sender, unheard, event="news")
    assert third.heard("news") == ([] if as_list else [["x"]])


def test_volatile_reaches_those_that_listen(enter, room):
    sender, other = enter("python", room), enter("python", room)
    relay(sender, {"to": room, "volatile": True}, "news", "x")
    assert other.hears_one("news") == ["x"]


def test_who_left_a_room_does_not_hear_it(enter, room):
    sender, stays, leaves = (enter("python", room) for _ in range(3))
    assert leaves.ask("leave", room)[0]["ok"] is True
    relay(sender, {"to": room}, "news", "x")
    assert stays.hears_one("news") == ["x"]
    assert_quiet(leaves, event="news")


def test_an_empty_room_takes_a_message_all_the_same(enter, room):
    relay(enter("python"), {"to": room}, "news", "x")


@pytest.mark.parametrize(
    "event, args",
    [
        ("join", []),
        ("join", [5]),
        ("join", [{"room": "x"}]),
        ("join", ["room", "not options"]),
        ("join", ["room", {"presents": True}]),
        ("join", ["room", {"presence": 1}]),
        ("leave", [None]),
        ("relay", []),
        ("relay", ["not options", "event"]),
        ("relay", [{}]),
        ("relay", [{}, 7]),
        ("relay", [{"to": 5}, "event"]),
        ("relay", [{"to": [1]}, "event"]),
        ("relay", [{"except": {"a": 1}}, "event"]),
        ("relay", [{"self": 1}, "event"]),
        ("relay", [{"volatile": "yes"}, "event"]),
        ("relay", [{}, "disconnect"]),
        ("relay", [{}, "connect"]),
        ("relay", [{}, "newListener"]),
    ],
)
def test_a_bad_request_is_refused_in_the_ack_and_the_connection_stays(enter, event, args):
    peer = enter("python")
    answer = peer.ask(event, *args)
    assert answer[0]["ok"] is False and isinstance(answer[0]["error"], str) and answer[0]["error"], answer
    assert peer.ask("join", "fine")[0]["ok"] is True


def test_a_misspelt_option_makes_nothing_go_to_everyone(enter, room):
    sender, other = enter("python"), enter("python")
    for options in ({"toto": room}, {"To": room}, {"room": room}, {"self": True, "rooms": []}):
        answer = sender.ask("relay", options, "news", "x")[0]
        assert answer == {"ok": False, "error": "relay takes the options to, except, self and volatile"}
    assert_quiet(sender, other, event="news")


def test_options_that_are_null_are_as_good_as_none(enter, room):
    sender, other = enter("python"), enter("python")
    assert sender.ask("join", room, None)[0]["ok"] is True
    relay(sender, {"to": None, "except": None, "self": None, "volatile": None}, f"all-{room}", "x")
    assert other.hears_one(f"all-{room}") == ["x"]
    assert_quiet(sender, event=f"all-{room}")


def test_an_ack_is_optional(enter, room):
    sender, other = enter("python"), enter("python")
    for peer in (sender, other):
        peer.tell("join", room)
    time.sleep(QUIET)
    sender.tell("relay", {"to": room}, "news", "x")
    assert other.hears_one("news") == ["x"]


def test_members_with_presence_hear_who_left(enter, room):
    watcher = enter("python")
    assert watcher.ask("join", room, {"presence": True})[0]["ok"] is True
    leaver, disconnector = enter("python", room), enter("python", room)
    gone = [leaver.id, disconnector.id]
    leaver.ask("leave", room)
    assert watcher.hears_one("relay:left") == [room, gone[0]]
    disconnector.disconnect()
    assert watcher.hears("relay:left", 2)[1] == [room, gone[1]]


class TestBothKindsInOneRoom:
    """Plain text is the event `message` with one string, plain bytes with one binary, and the other way round."""

    @pytest.mark.parametrize("value", ["text", "봉수 🔥 \u2028", "", b"\x00\xff", b"", 'with "quotes" and \\'])
    @pytest.mark.parametrize("transport", TRANSPORTS)
    def test_a_plain_message_is_an_event(self, enter, room, transport, value):
        members = [enter("python", room, transport=transport) for _ in range(3)]
        plain, other = enter("plain", room), enter("plain", room)
        plain.tell(value)
        for member in members:
            assert member.hears_one("message") == [value]
        assert other.hears_one("message") == [value]

    @pytest.mark.parametrize("value", ["text", "봉수 🔥 \u2028", "", b"\x00\xff", b"", 'with "quotes" and \\'])
    @pytest.mark.parametrize("transport", TRANSPORTS)
    def test_an_event_is_a_plain_message(self, enter, room, transport, value):
        plains = [enter("plain", room) for _ in range(3)]
        sender = enter("python", room, transport=transport)
        relay(sender, {"to": room}, "message", value)
        for plain in plains:
            assert plain.hears_one("message") == [value]

    def test_a_browser_hears_plain_members_too(self, enter, home, room):
        browser = enter("browser", room, transport="polling", page=home)
        plain = enter("plain", room)
        plain.tell(b"\x01\x02")
        assert browser.hears_one("message") == [b"\x01\x02"]
        browser.tell("relay", {"to": room}, "message", "hello")
        assert plain.hears_one("message") == ["hello"]

    def test_everyone_is_heard_once_however_the_members_are_spread_over_the_loops(self, enter, room):
        plains = [enter("plain", room) for _ in range(8)]
        sockets = [enter("python", room, transport=transport) for transport in TRANSPORTS * 3]
        plains[0].tell("from plain")
        relay(sockets[0], {"to": room}, "message", "from a socket")
        for peer in plains[1:] + sockets[1:]:
            assert sorted(peer.hears("message", 2)) == [["from a socket"], ["from plain"]]
        time.sleep(QUIET)
        assert {len(peer.heard("message")) for peer in plains[1:] + sockets[1:]} == {2}
        assert plains[0].heard() == [["from a socket"]]
        assert sockets[0].heard("message") == [["from plain"]]
