"""Peers that take their time: every phase of a connection has an end, and only the slow ones meet it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import SOCKET_IO, query
from frames import CONTINUATION, PING, PONG, TEXT, WebSocket, frame, upgrade_headers
from programs import serve
from raw import Connection, head

LIMIT = 0.5
# Much later than promised is still an end.
LATE = 6
TIMES = ("--head-timeout", 500, "--ping-interval", 300, "--ping-timeout", 300, "--connect-timeout", 500)


@pytest.fixture(scope="module")
def relay():
    program = serve(*TIMES)
    yield program
    assert program.is_running
    program.stop()


POST = {"Host": "x", "Content-Length": "1000"}
CHUNKED = {"Host": "x", "Transfer-Encoding": "chunked"}
ENGINE, SOCKETS = SOCKET_IO + query("polling"), SOCKET_IO + query("websocket")

# What a peer sends at first, and then drop by drop.
SLOW_REQUESTS = {
    "nothing at all": (b"", b""),
    "a request line": (b"G", b"E"),
    "empty lines": (b"\r\n", b"\r\n"),
    "header fields": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"A: b\r\n"),
    "one endless field": (b"GET / HTTP/1.1\r\nHost: x\r\nA: ", b"b"),
    "a body": (head("POST", "/healthz", "x", POST), b"x"),
    "a body's chunks": (head("POST", "/healthz", "x", CHUNKED), b"1\r\nx\r\n"),
    "a chunk's size": (head("POST", "/healthz", "x", CHUNKED), b"0"),
    "trailers": (head("POST", "/healthz", "x", CHUNKED) + b"0\r\n", b"A: b\r\n"),
    "a handshake": (b"GET " + ENGINE.encode() + b" HTTP/1.1\r\nHost: x\r\n", b"A: b\r\n"),
    "a WebSocket's handshake": (b"GET /ws/a HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n", b"A: b\r\n"),
}


def opening(path, data=b""):
    return head("GET", path, "x", upgrade_headers()) + data


SLOW_WEBSOCKETS = {
    "a room's silent member": (opening("/ws/a"), b""),
    "the middle of a frame": (opening("/ws/a", b"\x82"), b""),
    "a close that is not answered": (opening("/ws/a", b"\xff\x80\0\0\0\0"), b""),
    "pongs without CONNECT": (opening(SOCKETS), frame(TEXT, b"3")),
    "CONNECT without pongs": (opening(SOCKETS, frame(TEXT, b"40")), b""),
    "fragments for pongs": (
        opening(SOCKETS, frame(TEXT, b"40") + frame(TEXT, b"4", fin=False)),
        frame(CONTINUATION, b"x", fin=False),
    ),
    "an error's close that is not answered": (opening(SOCKETS, frame(TEXT, b"4x")), frame(TEXT, b"3")),
}
SLOW = SLOW_REQUESTS | SLOW_WEBSOCKETS


def life(url, first, drop, pace=0.05):
    """Sends a drop now and then until the server ends the connection; gives (seconds, bytes received)."""
    with Connection(url, pace) as connection:
        start, received = time.monotonic(), b""
        connection.send(first)
        while (passed := time.monotonic() - start) < LATE:
            try:
                data = connection.socket.recv(65_536)
                received += data
                if not data:
                    return passed, received
            except TimeoutError:
                pass
            except OSError:
                return passed, received
            try:
                connection.send(drop)
            except OSError:
                return passed, received
    raise AssertionError(f"still open after {LATE} s: {received[-200:]!r}")


@pytest.fixture(scope="module")
def lives(relay):
    """All of them at the same time, so that they take the time of one."""
    with ThreadPoolExecutor(len(SLOW)) as pool:
        yield {name: pool.submit(life, relay.url, *phase) for name, phase in SLOW.items()}


@pytest.mark.parametrize("phase", SLOW)
def test_a_slow_peer_is_cut_off(lives, phase):
    seconds, _ = lives[phase].result(2 * LATE)
    assert seconds < LATE


@pytest.mark.parametrize("phase", ["a request line", "header fields", "one endless field", "a handshake"])
def test_a_slow_head_is_told_so_and_not_too_early(lives, phase):
    seconds, received = lives[phase].result(2 * LATE)
    assert received.startswith(b"HTTP/1.1 408 ")
    assert seconds > LIMIT - 0.2


def test_slow_requests_do_not_hold_up_others(relay):
    slow = [Connection(relay.url) for _ in range(200)]
    for connection in slow:
        connection.send(b"GET /healthz HTTP/1.1\r\nHo")
    with Connection(relay.url) as connection:
        connection.request("GET", "/healthz")
        assert connection.response().text.strip() == "ok"
    for connection in slow:
        connection.close()


def test_a_busy_client_that_pipelines_is_not_cut_off(relay):
    """Its requests are each complete in time, although none ever ends with what it sends at a time."""
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    start, count = time.monotonic(), 0
    with Connection(relay.url) as connection:
        connection.send(request[:-3])
        while time.monotonic() - start < 3 * LIMIT:
            connection.send(request[-3:] + request[:-3])
            assert connection.response().status == 200
            count += 1
            time.sleep(0.05)
        connection.send(request[-3:])
        assert connection.response().status == 200
    assert count > 5


@pytest.mark.parametrize("path", ["/ws/room", "/echo"])
class TestPlainWebSocket:
    def test_one_that_does_not_answer_pings_is_closed(self, relay, path):
        with WebSocket(relay.url, path).opened() as socket:
            start = time.monotonic()
            assert [each.opcode for each in socket.ends()] == [PING]
            assert 0.4 < time.monotonic() - start < LATE

    def test_one_that_answers_stays(self, relay, path):
        with WebSocket(relay.url, path).opened() as socket:
            for _ in range(2):
                ping = socket.frame()
                assert ping.opcode == PING
                socket.send(frame(PONG, ping.payload))
