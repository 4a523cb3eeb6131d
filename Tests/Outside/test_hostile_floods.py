"""Clients that do as much as they can: they slow themselves down, and nobody else."""

import json
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import SOCKET_IO, query
from frames import BINARY, TEXT, WebSocket, frame, upgrade_headers
from hostile import Bystander, Client, Readers, event, flood, loop_of, resident
from programs import serve
from raw import Connection, head

# Megabytes, as in test_hostile_deafness.py.
ROOM = 200
# Seconds that a bystander may wait for a word on a busy machine.
PATIENCE = 2


@pytest.fixture
def relay(request):
    program = serve(loops=getattr(request, "param", 1))
    yield program
    program.assert_running()
    program.stop()


def test_leaving_is_cheap_for_a_client_in_many_rooms(relay):
    with Client(relay.url) as client, Bystander(relay) as bystander:
        client.send(b"".join(event("join", "r" * 200 + str(number)) for number in range(1_000)))
        assert client.ask("join", "last")["ok"] is True
        start = time.monotonic()
        client.send(event("leave", "elsewhere") * 3_000)
        assert client.ask("leave", "last")["ok"] is True
        assert time.monotonic() - start < PATIENCE
    assert bystander.slowest < PATIENCE


def test_a_burst_of_tiny_frames_to_many_is_no_standstill(relay):
    members = [WebSocket(relay.url, "/ws/many").opened() for _ in range(300)]
    burst = frame(BINARY) * 21_000
    with Readers(members) as readers, Bystander(relay) as bystander:
        before = resident(relay)
        with WebSocket(relay.url, "/ws/many").opened() as sender:
            sender.send(burst)
            deadline = time.monotonic() + 2
            peak = before
            while time.monotonic() < deadline and readers.count < 2 * 300 * 21_000:
                peak = max(peak, resident(relay))
                time.sleep(0.02)
    assert bystander.slowest < PATIENCE
    assert peak - before < ROOM


def client_on(relay, loop, other=False):
    """A client that lives on one loop, or on any other than that."""
    while True:
        client = Client(relay.url)
        if (loop_of(client.id) == loop) != other:
            return client
        client.close()


@pytest.mark.parametrize("relay", [2], indirect=True)
def test_a_flood_from_one_loop_does_not_pile_up_before_another(relay):
    members = [Client(relay.url)]
    home = loop_of(members[0].id)
    members += [client_on(relay, home) for _ in range(99)]
    for member in members:
        assert member.ask("join", "big")["ok"] is True
    sender = client_on(relay, home, other=True)
    with sender, Readers(members), Bystander(relay) as bystander:
        before = resident(relay)
        message = event("relay", {"to": "big", "volatile": True}, "m", "x" * 100)
        _, peak, _ = flood(sender, message * 1_000, 1.5, relay)
    assert peak - before < ROOM
    assert bystander.slowest < 2 * PATIENCE


HANDSHAKE = head("GET", SOCKET_IO + query("polling"), "x", {f"X{number}": "a" * 950 for number in range(15)})


@pytest.mark.parametrize("relay", [16], indirect=True)
def test_handshakes_without_end_are_refused_from_a_number_on(relay):
    before = resident(relay)
    statuses = []
    with Connection(relay.url) as connection:
        while statuses.count(503) < 100 and len(statuses) < 5_000:
            connection.send(HANDSHAKE * 10)
            statuses += [connection.response().status for _ in range(10)]
    assert set(statuses) == {200, 503}
    # 20 000 for all of the 16 loops, and none is forgotten so soon.
    assert statuses.index(503) == 20_000 // 16
    assert resident(relay) - before < ROOM


@pytest.mark.parametrize("relay", [40], indirect=True)
def test_who_joins_makes_a_place_for_another_newcomer(relay):
    with Connection(relay.url) as connection:
        first = newcomer(connection)
        while (last := newcomer(connection)).status == 200:
            pass
        assert last.status == 503
        connection.request("POST", SOCKET_IO + query("polling", json.loads(first.text[1:])["sid"]), body=b"40")
        assert connection.response().text == "ok"
        assert newcomer(connection).status == 200
        assert newcomer(connection).status == 503


def newcomer(connection):
    """The answer to a handshake; on one connection, all are made on the same loop."""
    connection.request("GET", SOCKET_IO + query("polling"))
    return connection.response()


def all_hear(readers, payload, count):
    """Everybody hears the same so many times, reading at the same time."""

    def hears(reader):
        return all(reader.frame().payload == payload for _ in range(count))

    with ThreadPoolExecutor(len(readers)) as pool:
        assert all(pool.map(hears, readers))


def test_what_many_say_at_once_makes_no_slow_readers_of_those_who_read(relay):
    """Fifteen large messages end in one turn: together they are more than may wait for a client."""
    readers, senders = [Client(relay.url) for _ in range(4)], [Client(relay.url) for _ in range(15)]
    for sender in senders:
        assert sender.ask("join", "senders")["ok"] is True
    text = "a" * 900_000
    said = event("relay", {"except": "senders"}, "said", text)
    for sender in senders:
        sender.send(said[:-1])
    time.sleep(0.5)
    for sender in senders:
        sender.send(said[-1:])
    all_hear(readers, f'42["said", "{text}"]'.encode(), len(senders))
    assert all(client.ask("leave", "nothing")["ok"] is True for client in (*readers, *senders))


def test_what_grows_when_it_is_inflated_makes_no_slow_readers_either():
    program = serve("--compression", "shared")
    text, count = "a" * 990_000, 30
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    message = f'42["relay",{{}},"said","{text}"]'.encode()
    body = (deflate.compress(message) + deflate.flush(zlib.Z_SYNC_FLUSH))[:-4]
    try:
        readers = [Client(program.url) for _ in range(4)]
        headers = upgrade_headers(Sec_WebSocket_Extensions="permessage-deflate")
        with WebSocket(program.url, "/socket.io/?EIO=4&transport=websocket", headers).opened() as sender:
            sender.text()
            sender.send(frame(TEXT, b"40"))
            sender.frame()
            sender.send(frame(TEXT, body, rsv=4) * count)
            all_hear(readers, f'42["said","{text}"]'.encode(), count)
    finally:
        program.assert_running()
        program.stop()
