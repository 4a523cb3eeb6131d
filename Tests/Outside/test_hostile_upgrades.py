"""Upgrades that are torn, doubled, pipelined and broken off: every session still leaves once, and nobody crashes."""

import json
import random
import time

import pytest

from engine import SOCKET_IO, Polling, query
from frames import TEXT, frame, upgrade_headers
from hostile import Bystander, Client
from programs import serve
from raw import Connection, head

ROUNDS = 40
PACKETS = ['42["join","q"]', "41", "1", "2", "", '42["relay",{"self":true},"m"]', "3"]


@pytest.fixture
def relay():
    # Time enough for the watcher, which answers no ping before all races are over.
    program = serve("--ping-interval", 500, "--ping-timeout", 4_000)
    yield program
    program.assert_running()
    program.stop()


def probe(chance, sid):
    """The bytes of an upgrade, more or less as they should be."""
    target = SOCKET_IO + query("websocket", sid)
    data = head("GET", "/healthz", "x") * chance.choice([0, 0, 1, 20])
    data += head("GET", target, "x", upgrade_headers())
    data += frame(TEXT, b"2probe") if chance.random() < 0.9 else b""
    data += frame(TEXT, b"5" if chance.random() < 0.8 else b"x")
    data += frame(TEXT, chance.choice(PACKETS).encode()) * chance.randint(0, 3)
    return data[: chance.randint(0, len(data))] if chance.random() < 0.3 else data


def send_in_pieces(chance, connection, data):
    try:
        while data:
            count = chance.choice([1, 3, 20, 100, len(data)])
            connection.send(data[:count])
            data = data[count:]
    except OSError:
        pass


def leave(chance, connection):
    connection.abort() if chance.random() < 0.3 else connection.close()


def race(chance, url):
    """One session with several upgrades at once; gives its Socket.IO id."""
    session = Polling(url)
    session.tell("40")
    sid = json.loads(session.packet()[2:])["sid"]
    session.tell('42["join","p"]')
    connections = [session.pending()] if chance.random() < 0.7 else []
    for _ in range(chance.choice([1, 1, 2, 3])):
        connections.append(Connection(url))
        send_in_pieces(chance, connections[-1], probe(chance, session.sid))
    if chance.random() < 0.3:
        connections.append(Connection(url))
        upload = head("POST", session.target, "x", {"Content-Length": "30"}) + b"42["
        send_in_pieces(chance, connections[-1], upload)
    time.sleep(chance.random() * 0.01)
    for connection in connections:
        leave(chance, connection)
    return sid


@pytest.mark.parametrize("seed", [1, 2])
def test_sessions_leave_once_however_their_upgrades_go(relay, seed):
    chance = random.Random(seed)
    with Client(relay.url) as watcher, Bystander(relay):
        assert watcher.ask("join", "p", {"presence": True})["ok"] is True
        sids = {race(chance, relay.url) for _ in range(ROUNDS)}
        left = []
        while len(left) < len(sids):
            left += told(watcher)
    assert sorted(left) == sorted(sids)


def told(watcher):
    """The id in the next `relay:left`; other events come along."""
    name, *args = watcher.hears()
    return [args[1]] if name == "relay:left" else []
