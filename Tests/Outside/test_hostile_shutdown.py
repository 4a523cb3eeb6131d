"""SIGTERM in the middle of everything: the program ends by itself, with status 0, and does not crash."""

import signal
import threading
import time

import pytest

from engine import SOCKET_IO, EngineWebSocket, Polling, query
from frames import BINARY, TEXT, WebSocket, frame
from hostile import Client, NarrowClient, NarrowWebSocket, Readers, event, loop_of
from programs import serve
from raw import Connection, head

# A debug build on a busy machine has much to work off first.
DEADLINE = 20
ROUNDS = pytest.mark.parametrize("round_", range(3))


@pytest.fixture
def relay():
    program = serve("--shutdown-timeout", 500)
    yield program
    program.stop()


def ends_well(program):
    assert program.wait(DEADLINE) == 0, program.complaints()


def talk(connection, data):
    """Sends until the server is gone."""
    connection.socket.settimeout(DEADLINE)
    try:
        while True:
            connection.send(data)
            time.sleep(0.002)
    except OSError:
        pass


def talker(connection, data):
    thread = threading.Thread(target=talk, args=(connection, data), daemon=True)
    thread.start()
    return thread


@ROUNDS
def test_while_two_loops_exchange_messages(relay, round_):
    clients = [Client(relay.url) for _ in range(16)]
    plains = [WebSocket(relay.url, "/ws/room").opened() for _ in range(6)]
    for client in clients:
        assert client.ask("join", "room", {"presence": True})["ok"] is True
    assert {loop_of(client.id) for client in clients} == {0, 1}
    words = event("relay", {"to": ["room", clients[0].id]}, "m", 1) * 5
    talkers = [talker(client, words) for client in clients[:4]]
    talkers += [talker(plain, frame(TEXT, b"m") * 5) for plain in plains[:2]]
    with Readers(clients[4:] + plains[2:]):
        time.sleep(0.5)
        relay.signal(signal.SIGTERM)
        ends_well(relay)
    for thread in talkers:
        thread.join(DEADLINE)


@ROUNDS
def test_while_one_loop_is_busy_and_the_other_ends_first(relay, round_):
    clients = [Client(relay.url) for _ in range(16)]
    home = loop_of(clients[0].id)
    busy = [client for client in clients if loop_of(client.id) == home][:3]
    target = next(client for client in clients if loop_of(client.id) != home)
    for client in busy:
        client.send(b"".join(event("join", "r" * 100 + str(number)) for number in range(300)))
    words = (event("relay", {"to": target.id}, "m", 1) + event("leave", "x") * 5) * 20
    talkers = [talker(client, words) for client in busy]
    with Readers([target]):
        time.sleep(0.3)
        relay.signal(signal.SIGTERM)
        ends_well(relay)
    for thread in talkers:
        thread.join(DEADLINE)


def sessions_by_loop(relay):
    """Polling sessions, at least one on each of the two loops."""
    found = {}
    for _ in range(64):
        session = Polling(relay.url)
        found.setdefault(loop_of(session.sid), session)
        if len(found) == 2:
            return found
    raise AssertionError("64 sessions on one loop")


@pytest.mark.parametrize("loop", [0, 1])
def test_a_connection_cannot_move_to_a_loop_that_has_ended(loop):
    relay = serve("--shutdown-timeout", 1_500)
    try:
        sessions = sessions_by_loop(relay)
        with Connection(relay.url) as connection:
            # An unfinished upload keeps the session's loop alive.
            upload = head("POST", SOCKET_IO + query("polling", sessions[loop].sid), "x", {"Content-Length": "10"})
            connection.send(upload + b"4")
            time.sleep(0.1)
            relay.signal(signal.SIGTERM)
            time.sleep(0.3)
            move = head("GET", SOCKET_IO + query("polling", sessions[1 - loop].sid), "x")
            connection.send(b"x" * 9 + move)
            ends_well(relay)
    finally:
        relay.stop()


@pytest.mark.parametrize("pause", [0, 0.01, 0.2])
def test_a_second_signal_ends_it_at_once(pause):
    relay = serve("--shutdown-timeout", 30_000)
    try:
        sessions_by_loop(relay)
        members = [WebSocket(relay.url, "/ws/room").opened() for _ in range(10)]
        relay.signal(signal.SIGTERM)
        time.sleep(pause)
        # Two signals at the same moment may be one: hence a third.
        relay.signal(signal.SIGTERM)
        time.sleep(0.1)
        if relay.is_running:
            relay.signal(signal.SIGTERM)
        ends_well(relay)
        for member in members:
            member.close()
    finally:
        relay.stop()


def half_done(relay):
    """One connection in every state that has something unfinished in it."""
    session = Polling(relay.url)
    session.tell("40")
    assert session.packet().startswith("40{")
    session.tell('42["join","r",{"presence":true}]')
    yield session.pending()
    upload = Connection(relay.url)
    upload.send(head("POST", session.target, "x", {"Content-Length": "50"}) + b"42[")
    yield upload
    probe = EngineWebSocket(relay.url, sid=session.sid)
    probe.send_text("2probe")
    yield probe
    begun = Connection(relay.url)
    begun.send(b"GET / HT")
    yield begun
    client = NarrowClient(relay.url)
    client.send(event("join", "r", {"presence": True}) + frame(TEXT, b"42[", fin=False))
    yield client
    yield NarrowWebSocket(relay.url, "/ws/r").opened()


def test_while_everything_is_half_done(relay):
    connections = [connection for _ in range(4) for connection in half_done(relay)]
    with WebSocket(relay.url, "/ws/r").opened() as sender:
        sender.send(frame(BINARY, b"x" * 900_000) * 3)
        time.sleep(0.2)
        relay.signal(signal.SIGTERM)
        ends_well(relay)
    for connection in connections:
        connection.close()
