"""The table of calls of the Socket.IO documentation ("Emit cheatsheet"): who hears what, with the official client.

A is in r1 and calls; B is in r1; C is in r1 and r2; D is in no room; E is in the namespace /name.
"""

import time

import pytest

from peers import BrowserPeer, prepare
from waiting import eventually

AUDIENCES = {
    "socket.emit": "A",
    "socket.broadcast.emit": "BCD",
    "socket.to(room).emit": "BC",
    "socket.broadcast.to(room).emit": "BC",
    "io.emit": "ABCD",
    "io.sockets.emit": "ABCD",
    "io.in(room).emit": "ABC",
    "io.to(room).emit": "ABC",
    "io.of(name).emit": "E",
    "io.to(r1).to(r2).emit": "ABC",
    "io.to(r1).except(r2).emit": "AB",
    "socket.to(r1).except(r2).emit": "B",
    "io.except(r1).emit": "D",
    "socket.volatile.emit": "A",
    "io.volatile.emit": "ABCD",
    "io.local.emit": "ABCD",
    "io.compress(false).emit": "ABCD",
    "io.in([r1, r2]).emit": "ABC",
    "socket.local.emit": "BCD",
    "socket.compress(false).emit": "A",
    "socket.volatile.to(room).emit": "BC",
    "socket.except(r2).emit": "BD",
    "io from another thread": "ABC",
    "socketsJoin": "ABC",
}
BY_ID = ["socket.to(id).emit", "io.sockets.sockets[id].emit"]
ROOMS = {"A": ["r1"], "B": ["r1"], "C": ["r1", "r2"], "D": [], "E": []}
# Long enough for a copy too many to arrive.
SETTLE = 0.15


@pytest.fixture(scope="module")
def pages(browser, bundle, elsewhere):
    """Two pages in two contexts, as a browser opens only six connections to one host."""
    with browser.page(elsewhere) as first, browser.page(elsewhere) as second:
        yield prepare(first, bundle), prepare(second, bundle)


def gather(pages, url, transport):
    peers = {}
    for index, (name, rooms) in enumerate(ROOMS.items()):
        namespace = "/name" if name == "E" else "/"
        peers[name] = BrowserPeer(
            pages[index // 3], url, transport, namespace, answer=[f"answer of {name}"], reconnection=False
        )
        for room in rooms:
            peers[name].ask("join", room)
    return peers


@pytest.fixture(scope="module", params=["websocket", "polling", "upgrade"])
def peers(request, calls, pages):
    gathered = gather(pages, calls.url, request.param)
    yield gathered
    for peer in gathered.values():
        peer.close()


def listen(peers, call, *arguments):
    """Lets A make a call, waits, and gives a letter for every copy that was heard."""
    for peer in peers.values():
        peer.forget("heard")
    time.sleep(SETTLE)
    peers["A"].ask("do", call, *arguments)
    time.sleep(SETTLE)
    heard = {name: peer.heard("heard") for name, peer in peers.items()}
    assert all(arguments == [call] for each in heard.values() for arguments in each), heard
    return "".join(name * len(each) for name, each in heard.items())


@pytest.mark.parametrize("call", AUDIENCES)
def test_a_call_is_heard_once_by_its_audience_and_by_nobody_else(peers, call):
    assert listen(peers, call) == AUDIENCES[call]


@pytest.mark.parametrize("target", "ABCD")
@pytest.mark.parametrize("call", BY_ID)
def test_a_call_by_id_is_heard_by_that_one(peers, call, target):
    # A socket's own broadcast leaves itself out, even by its own id.
    expected = "" if (call, target) == ("socket.to(id).emit", "A") else target
    assert listen(peers, call, peers[target].id) == expected


@pytest.mark.parametrize("call", BY_ID)
def test_an_id_of_another_namespace_or_of_nobody_reaches_nobody(peers, call):
    assert listen(peers, call, peers["E"].id) == ""
    assert listen(peers, call, "AAAAAAAAAAAAAAAAAAAA") == ""


def test_the_server_knows_a_client_by_the_id_the_client_has(peers):
    for name in "ABCD":
        assert peers[name].ask("whoami") == [peers[name].id]


def test_a_client_acknowledges_what_the_server_asks(peers):
    assert peers["A"].ask("do", "socket.emit ack") == ["answer of A"]
    assert peers["B"].ask("do", "socket.emit ack") == ["answer of B"]


def test_the_server_can_await_an_answer(peers):
    assert peers["C"].ask("do", "socket.emitWithAck") == ["answer of C"]


def test_sockets_can_be_made_to_leave_a_room(peers):
    assert listen(peers, "socketsLeave") == ""
    peers["C"].ask("join", "r2")
    assert "r2" in peers["C"].ask("rooms")[0]


def test_every_way_to_hear_of_a_connection_was_called(peers):
    assert sorted(peers["A"].hears("seen", 2)) == [["io.on"], ["io.sockets.on"]]
    assert peers["E"].hears_one("seen") == ["io.of(name).on async"]


def test_a_socket_knows_its_rooms(peers):
    assert set(peers["A"].ask("rooms")[0]) - {"r9"} == {"r1"}
    assert set(peers["C"].ask("rooms")[0]) - {"r9"} == {"r1", "r2"}
    assert peers["D"].ask("rooms") == [[]]


def test_a_listener_for_once_hears_once(peers):
    assert peers["D"].ask("once") == ["first"]
    with pytest.raises(AssertionError, match="no ack"):
        peers["D"].ask("once", seconds=0.3)


def test_an_async_listener_is_answered(peers):
    assert peers["B"].ask("async", 41) == [42]


def test_an_async_handler_answers_later(peers):
    start = time.monotonic()
    peers["A"].ask("do", "async handler")
    assert time.monotonic() - start > 0.009


def test_who_left_a_room_is_not_in_it_and_can_come_back(peers):
    peers["B"].ask("leave", "r1")
    assert listen(peers, "io.to(room).emit") == "AC"
    peers["B"].ask("join", "r1")
    assert listen(peers, "io.to(room).emit") == "ABC"


def test_joining_twice_is_joining_once(peers):
    peers["B"].ask("join", "r1")
    assert listen(peers, "io.to(room).emit") == "ABC"


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_client_the_server_disconnects_learns_who_did_it(calls, pages, transport):
    with BrowserPeer(pages[0], calls.url, transport, reconnection=False) as peer:
        peer.tell("do", "socket.disconnect")
        eventually(lambda: peer.gone)
        assert peer.gone == ["io server disconnect"]


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_connection_the_server_closes_is_closed(calls, pages, transport):
    with BrowserPeer(pages[0], calls.url, transport, reconnection=False) as peer:
        peer.tell("do", "socket.disconnect(true)")
        eventually(lambda: peer.gone and peer.engine_is_closed)
        assert peer.gone == ["io server disconnect"]


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_whole_room_can_be_disconnected(calls, pages, transport):
    with (
        BrowserPeer(pages[0], calls.url, transport) as stays,
        BrowserPeer(pages[1], calls.url, transport, reconnection=False) as goes,
    ):
        goes.ask("join", "r2")
        stays.ask("do", "disconnectSockets")
        eventually(lambda: goes.gone)
        assert goes.gone == ["io server disconnect"]
        assert stays.gone == []


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_disconnected_socket_is_in_no_room(calls, pages, transport):
    with (
        BrowserPeer(pages[0], calls.url, transport) as stays,
        BrowserPeer(pages[1], calls.url, transport, reconnection=False) as leaves,
    ):
        for peer in (stays, leaves):
            peer.ask("join", "r1")
        leaves.disconnect()
        stays.ask("do", "io.to(room).emit")
        assert stays.hears_one("heard") == ["io.to(room).emit"]
        assert leaves.heard("heard") == []
