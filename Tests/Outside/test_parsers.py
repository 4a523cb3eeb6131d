"""The server surface is the same under every parser: what clients of the default one and of msgpack see of middlewares,
namespaces, broadcast acknowledgements and listeners to any event."""

import msgpack
import pytest
import requests
import socketio
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from peers import TRANSPORTS, PythonPeer
from programs import Program
from waiting import eventually

PARSERS = {"default": "calls", "msgpack": "packed_calls"}


@pytest.fixture(params=PARSERS)
def parser(request):
    return request.param


@pytest.fixture
def program(request, parser):
    return request.getfixturevalue(PARSERS[parser])


@pytest.fixture
def open_peer(program, parser):
    """Makes peers and closes them at the end."""
    opened = []

    def make(transport="websocket", namespace="/", answer=(), **options):
        opened.append(PythonPeer(program.url, transport, namespace, answer, parser=parser, **options))
        return opened[-1]

    yield make
    for peer in opened:
        peer.close()


@pytest.mark.parametrize("transport", ["polling", "websocket"])
@pytest.mark.parametrize(
    "auth, error",
    [
        ({}, {"message": "token missing", "data": {"wants": "token"}}),
        ({"token": "old"}, {"message": "token expired"}),
    ],
)
def test_a_middleware_says_why_with_its_data(program, parser, transport, auth, error):
    errors = []
    client = socketio.Client(reconnection=False, handle_sigint=False, serializer=parser)
    client.on("connect_error", errors.append, namespace="/guarded")
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(
            program.url, auth=auth, transports=[transport], namespaces=["/guarded"], wait_timeout=3
        )
    eventually(lambda: errors)
    assert errors == [error]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_who_passes_is_in(open_peer, transport):
    assert open_peer(transport, "/guarded", auth={"token": "new"}).hears_one("welcome") == ["new"]


def test_a_parent_namespace_speaks_to_each_of_its_children(open_peer):
    one, other = open_peer("polling", "/room-1"), open_peer("websocket", "/room-2")
    one.tell("shout", "봉수")
    assert one.hears_one("shouted") == other.hears_one("shouted") == ["봉수"]


def test_a_broadcast_collects_answers(open_peer):
    peers = [open_peer(transport, answer=[f"answer {transport}"]) for transport in TRANSPORTS]
    for peer in peers[:2]:
        peer.ask("join", "r1")
    assert peers[2].ask("surface", "broadcast ack") == [["answer polling", "answer websocket"]]
    assert peers[2].ask("surface", "nobody's ack") == [[]]


def test_the_answers_that_came_in_time_are_told_when_the_time_is_over(open_peer, program, parser):
    peer = open_peer(answer=["in time"])
    # It joins and never answers.
    with connect(f"ws://127.0.0.1:{program.port}/socket.io/?EIO=4&transport=websocket") as silent:
        silent.recv()
        silent.send("40" if parser == "default" else msgpack.dumps({"type": 0, "nsp": "/"}))
        silent.recv(timeout=5)
        assert peer.ask("surface", "partial broadcast ack") == ["operation has timed out", ["in time"]]


def test_remote_sockets_can_be_asked(open_peer):
    one, two = open_peer(answer=["one"]), open_peer("polling", answer=["two"])
    assert one.ask("surface", "fetched.emitWithAck", two.id) == ["two"]


def test_listeners_to_any_event_see_both_ways(open_peer):
    peer = open_peer(namespace="/watched")
    values = ["봉수", {"a": [1, b"\x02"]}, None, 1.5]
    peer.tell("echo", *values)
    assert peer.hears_one("echoed") == values
    assert peer.ask("last in") == ["echo", *values]
    assert peer.ask("last out") == ["echoed", *values]
    peer.tell("tell all", *values)
    assert peer.hears_one("told") == values
    assert peer.ask("last out") == ["told", *values]


def test_a_middleware_of_a_socket_keeps_an_event_from_its_handlers(open_peer):
    peer = open_peer("polling", "/watched")
    peer.tell("forbidden", 1)
    assert peer.ask("last in") == ["forbidden", 1]
    assert peer.ask("faults") == [["not this one"]]
    assert peer.heard("forbiddened") == []


def test_the_server_takes_a_client_out(open_peer):
    peer = open_peer()
    peer.tell("do", "socket.disconnect")
    eventually(lambda: peer.gone)


def test_clients_of_socket_io_2_are_refused_where_they_cannot_be_understood():
    program = Program("conformance", "--port", 0, "--allow-eio3", "--msgpack")
    try:
        answer = requests.get(f"{program.url}/socket.io/?EIO=3&transport=polling", timeout=5)
        assert answer.status_code == 400
        assert answer.json() == {"code": 5, "message": "Unsupported protocol version"}
        address = f"ws://127.0.0.1:{program.port}/socket.io/?EIO=3&transport=websocket"
        with pytest.raises(InvalidStatus) as refused, connect(address):
            pass
        assert refused.value.response.status_code == 400
        assert refused.value.response.body == b"Unsupported protocol version"
        program.assert_running()
    finally:
        program.stop()
