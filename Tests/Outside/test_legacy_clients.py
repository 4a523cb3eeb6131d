"""python-socketio 4, a client of Socket.IO 2, over each transport."""

import pytest

from legacy import LegacyPeer
from payloads import KINDS
from peers import PythonPeer
from programs import Program, serve

# What this client itself cannot do: it counts characters where the protocol counts UTF-16 units, hears empty attachments
# as nothing, and has no UTF-8 for half a character.
BEYOND = {"emoji", "nested", "no bytes", "nested bytes", "a lone high surrogate", "a lone low surrogate"}
VALUES = {name: value for name, value in KINDS.items() if name not in BEYOND}


@pytest.fixture(scope="module")
def calm():
    program = Program("conformance", "--port", 0, "--allow-eio3", "--loops", 2, "--ping-interval", 25_000)
    yield program
    program.assert_running()
    program.stop()


@pytest.fixture(scope="module", params=["polling", "websocket", "upgrade"])
def peer(request, calm):
    with LegacyPeer(calm.url, request.param, ["/custom"]) as made:
        assert sorted([made.hear(), made.hear()]) == [("/", "auth", [{}]), ("/custom", "auth", [{}])]
        wanted = "polling" if request.param == "polling" else "websocket"
        assert made.state() == {"connected": True, "transport": wanted, "sid": made.opening["sid"]}
        yield made


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_every_kind_of_value_comes_back_in_an_event_and_in_an_ack(peer, value):
    for namespace in ("/", "/custom"):
        peer.tell("message", value, "그리고", namespace=namespace)
        assert peer.hear() == (namespace, "message-back", [value, "그리고"])
        assert peer.ask("message-with-ack", value, namespace=namespace) == value


def test_large_values_come_back(peer):
    for value in ("봉수 relay " * 20_000, bytes(range(256)) * 1_000):
        peer.tell("message", value)
        assert peer.hear() == ("/", "message-back", [value])


def test_many_events_keep_their_order(peer):
    for number in range(200):
        peer.tell("message", number, bytes([number]) if number % 3 == 0 else "text")
    assert [peer.hear()[2][0] for _ in range(200)] == list(range(200))


@pytest.mark.parametrize("transport", ["polling", "websocket", "upgrade"])
def test_old_and_new_clients_hear_each_other_in_a_room(transport):
    program = serve("--allow-eio3")
    try:
        with LegacyPeer(program.url, transport) as old, PythonPeer(program.url, "websocket") as new:
            assert old.ask("join", "방")["ok"] and new.ask("join", "방")[0]["ok"]
            before = len(new.heard("said"))
            old.tell("relay", {"to": "방"}, "said", "안녕", b"\x01\x02")
            assert new.hears("said", before + 1)[-1] == ["안녕", b"\x01\x02"]
            assert new.ask("relay", {"to": "방"}, "said", {"답": b"\xff"}, "끝")[0]["ok"]
            assert old.hear() == ("/", "said", [{"답": b"\xff"}, "끝"])
            # An old client is known by its session's id, and nobody else may call a room so.
            assert new.ask("relay", {"to": old.opening["sid"]}, "said", 1)[0]["ok"]
            assert old.hear() == ("/", "said", [1])
            assert not new.ask("join", old.opening["sid"])[0]["ok"]
    finally:
        program.stop()
