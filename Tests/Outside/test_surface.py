"""Dynamic namespaces, middlewares, broadcast acknowledgements and remote sockets, with both outside clients."""

import pytest
import socketio

from peers import BrowserPeer, PythonPeer
from waiting import eventually

TRANSPORTS = pytest.mark.parametrize("transport", ["polling", "websocket", "upgrade"])


@pytest.fixture(params=["browser", "python"])
def open_peer(request, calls):
    """Makes peers of either kind and closes them at the end."""
    opened = []

    def make(transport, namespace="/", answer=(), **options):
        if request.param == "browser":
            page = request.getfixturevalue("page")
            peer = BrowserPeer(page, calls.url, transport, namespace, answer, reconnection=False, **options)
        else:
            peer = PythonPeer(calls.url, transport, namespace, answer, **options)
        opened.append(peer)
        return peer

    yield make
    for peer in opened:
        peer.close()


@TRANSPORTS
def test_a_namespace_that_a_pattern_allows_is_there_when_it_is_asked_for(open_peer, transport):
    one, other = open_peer(transport, "/room-1"), open_peer(transport, "/room-22")
    assert one.hears_one("welcome") == ["/room-1"]
    assert other.hears_one("welcome") == ["/room-22"]
    one.tell("shout", "봉수")
    assert one.hears_one("shouted") == other.hears_one("shouted") == ["봉수"]


@TRANSPORTS
def test_a_function_may_allow_a_namespace_by_the_clients_auth(open_peer, transport):
    peer = open_peer(transport, "/open-sesame", auth={"token": "sesame"})
    assert peer.hears_one("welcome") == ["/open-sesame"]


@TRANSPORTS
def test_middlewares_let_pass_who_has_what_they_want(open_peer, transport):
    assert open_peer(transport, "/guarded", auth={"token": "new"}).hears_one("welcome") == ["new"]


@pytest.mark.parametrize("transport", ["polling", "websocket"])
@pytest.mark.parametrize(
    "namespace, auth, error",
    [
        ("/guarded", {}, {"message": "token missing", "data": {"wants": "token"}}),
        ("/guarded", {"token": "old"}, {"message": "token expired"}),
        ("/room-x", {}, {"message": "Invalid namespace"}),
        ("/open-other", {"token": "wrong"}, {"message": "Invalid namespace"}),
    ],
)
def test_who_may_not_join_is_told_why(calls, transport, namespace, auth, error):
    errors = []
    client = socketio.Client(reconnection=False, handle_sigint=False)
    client.on("connect_error", errors.append, namespace=namespace)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(calls.url, auth=auth, transports=[transport], namespaces=[namespace], wait_timeout=3)
    eventually(lambda: errors)
    assert errors[0] == error


@TRANSPORTS
def test_a_broadcast_collects_the_answers_of_a_room(open_peer, transport):
    peers = [open_peer(transport, answer=[f"answer {index}"]) for index in range(3)]
    for peer in peers[:2]:
        peer.ask("join", "r1")
    assert peers[2].ask("surface", "broadcast ack") == [["answer 0", "answer 1"]]
    assert peers[2].ask("surface", "nobody's ack") == [[]]
    assert peers[2].heard("question") == []


def test_the_answers_that_came_in_time_are_told_when_the_time_is_over(open_peer, calls):
    peer = open_peer("websocket", answer=["in time"])
    # It joins and never answers.
    from engine import EngineWebSocket

    with EngineWebSocket(calls.url) as silent:
        silent.tell("40")
        assert silent.packet().startswith("40")
        assert peer.ask("surface", "partial broadcast ack") == ["operation has timed out", ["in time"]]


def test_sockets_are_fetched_with_their_rooms_and_can_be_asked(open_peer):
    one, two = open_peer("websocket", answer=["one"]), open_peer("polling", answer=["two"])
    one.ask("join", "r1")
    two.ask("join", "r1")
    two.ask("join", "r2")
    assert one.ask("surface", "fetchSockets") == [sorted([one.id, two.id]), [["r1"], ["r1", "r2"]]]
    assert one.ask("surface", "fetched.emitWithAck", two.id) == ["two"]


def test_an_answer_that_does_not_come_in_time_is_an_error(calls):
    from engine import EngineWebSocket

    with EngineWebSocket(calls.url) as silent:
        silent.tell("40")
        silent.packet()
        silent.tell('421["surface","timeout"]')
        seen = [silent.packet() for _ in range(4)]
        assert seen[-1] == '431["operation has timed out"]'
