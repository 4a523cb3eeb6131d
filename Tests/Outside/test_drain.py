"""SIGTERM and SIGINT: clients are told, the program ends in time. SIGKILLed clients leave their rooms."""

import json
import signal
import subprocess
import sys
import time

import pytest

from engine import SOCKET_IO, EngineWebSocket, Polling
from frames import WebSocket
from peers import PythonPeer
from plain import PlainPeer
from programs import serve
from raw import Closed, Connection

DEADLINE = 8


@pytest.fixture
def relay():
    program = serve()
    yield program
    program.stop()


def ended(program):
    """Waits for the end and gives the seconds it took."""
    start = time.monotonic()
    assert program.wait(DEADLINE) == 0, program.complaints()
    return time.monotonic() - start


SIGNALS = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)


@SIGNALS
def test_without_clients_the_program_ends_at_once(relay, number):
    time.sleep(0.2)
    relay.signal(number)
    assert ended(relay) < 2


@SIGNALS
def test_a_signal_right_after_the_address_is_not_lost(number):
    for _ in range(20):
        program = serve()
        program.signal(number)
        ended(program)


@SIGNALS
def test_every_kind_of_client_gets_its_goodbye(relay, number):
    polling, websocket = Polling(relay.url), EngineWebSocket(relay.url)
    for session in (polling, websocket):
        session.tell("40")
        assert session.packet().startswith("40{")
    plains = [WebSocket(relay.url, path).opened() for path in ("/ws/room", "/echo", "/broadcast")]
    with polling.pending() as poll:
        assert poll.is_quiet()
        relay.signal(number)
        assert poll.response().text == "1"
        assert websocket.close_code() is None
        websocket.send_close()
        for plain in plains:
            assert plain.close_code() == 1001
            plain.send_close(1001)
    assert ended(relay) < DEADLINE


def test_clients_that_do_not_answer_do_not_hold_it_up(relay):
    deaf = [WebSocket(relay.url, "/ws/room").opened() for _ in range(5)]
    silent = [Connection(relay.url) for _ in range(5)]
    session = Polling(relay.url)
    relay.signal(signal.SIGTERM)
    assert ended(relay) < DEADLINE
    assert len(deaf + silent) == 10 and session.sid


def test_nothing_new_is_let_in_during_the_drain(relay):
    holding = WebSocket(relay.url, "/ws/room").opened()
    relay.signal(signal.SIGTERM)
    assert holding.close_code() == 1001
    with pytest.raises((OSError, Closed)):
        WebSocket(relay.url, "/ws/room").opened()
    ended(relay)


def test_many_clients_get_their_goodbye(relay):
    plains = [PlainPeer(relay.url, "/ws/room") for _ in range(100)]
    relay.signal(signal.SIGTERM)
    for plain in plains:
        assert plain.over.wait(DEADLINE)
    assert {plain.code for plain in plains} == {1001}
    ended(relay)


def test_a_second_signal_is_no_crash(relay):
    deaf = WebSocket(relay.url, "/ws/room").opened()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
        if relay.is_running:
            relay.signal(number)
        time.sleep(0.05)
    assert relay.wait(DEADLINE) >= -signal.SIGTERM
    deaf.close()


VICTIM = """
import sys, time
from peers import PythonPeer
peer = PythonPeer(sys.argv[1], sys.argv[2])
assert peer.ask("join", "room")[0]["ok"]
print(peer.id, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("transport", ["polling", "websocket", "upgrade"])
def test_a_killed_client_leaves_its_rooms(relay, transport):
    with PythonPeer(relay.url, "websocket") as watcher:
        watcher.ask("join", "room", {"presence": True})
        victim = subprocess.Popen(
            [sys.executable, "-c", VICTIM, relay.url, transport],
            stdout=subprocess.PIPE,
            cwd=sys.path[0] if sys.path[0].endswith("Outside") else None,
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        sid = victim.stdout.readline().decode().strip()
        assert len(sid) == 20
        time.sleep(0.2)
        victim.kill()
        victim.wait(5)
        assert watcher.hears_one("relay:left") == ["room", sid]


def test_a_session_is_closed_once_its_transport_is_gone(relay):
    with PythonPeer(relay.url, "websocket") as watcher:
        watcher.ask("join", "room", {"presence": True})
        session = EngineWebSocket(relay.url, SOCKET_IO)
        session.tell("40")
        sid = json.loads(session.packet()[2:])["sid"]
        session.tell('420["join","room"]')
        assert session.packet().startswith("430")
        session.abort()
        assert watcher.hears_one("relay:left") == ["room", sid]
