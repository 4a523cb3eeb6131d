"""Engine.IO 4, Heartbeat: the server pings every 300 ms here and waits 200 ms for the pong."""

import time

import pytest

from engine import ENGINE_IO, SOCKET_IO, EngineWebSocket, Polling
from frames import PING, PONG, frame
from raw import Closed
from waiting import eventually

INTERVAL, TIMEOUT = 0.3, 0.2
# A busy machine is late, but never early.
LATE = 0.35

PATHS = pytest.mark.parametrize("path", [SOCKET_IO, ENGINE_IO])


def elapsed(since):
    return time.monotonic() - since


@PATHS
def test_pings_come_in_time_over_websocket(conformance, path):
    with EngineWebSocket(conformance.url, path) as session:
        for _ in range(2):
            start = time.monotonic()
            assert session.text() == "2"
            assert INTERVAL - 0.05 < elapsed(start) < INTERVAL + LATE
            session.send_text("3")


@PATHS
def test_pings_come_in_time_over_polling(conformance, path):
    session = Polling(conformance.url, path)
    for _ in range(2):
        start = time.monotonic()
        assert session.get().text == "2"
        assert INTERVAL - 0.05 < elapsed(start) < INTERVAL + LATE
        session.tell("3")


@PATHS
def test_a_silent_websocket_is_closed_without_a_code(conformance, path):
    start = time.monotonic()
    with EngineWebSocket(conformance.url, path) as session:
        assert session.close_code() is None
        assert INTERVAL + TIMEOUT - 0.05 < elapsed(start) < INTERVAL + TIMEOUT + LATE


@PATHS
def test_a_silent_polling_session_is_forgotten(conformance, path):
    start = time.monotonic()
    session = Polling(conformance.url, path)
    assert session.get().text == "2"
    time.sleep(TIMEOUT + LATE)
    assert session.is_gone()
    assert elapsed(start) < 2


def test_a_poll_pending_at_the_timeout_is_not_left_hanging(conformance):
    session = Polling(conformance.url, ENGINE_IO)
    assert session.get().text == "2"
    with session.pending() as poll:
        answer = poll.response()
        assert answer.status in (200, 400), answer
    eventually(session.is_gone)


def test_a_session_that_never_polls_is_forgotten(conformance):
    session = Polling(conformance.url, ENGINE_IO)
    time.sleep(INTERVAL + TIMEOUT + LATE)
    assert session.is_gone()


def test_other_packets_are_no_pong(conformance):
    with EngineWebSocket(conformance.url, ENGINE_IO) as session:
        start = time.monotonic()
        with pytest.raises((Closed, ConnectionError, AssertionError)):
            while elapsed(start) < 3:
                session.send_text("4busy")
                while session.text() != "4busy":
                    pass
        assert INTERVAL + TIMEOUT - 0.05 < elapsed(start) < INTERVAL + TIMEOUT + 2 * LATE


def test_frames_of_the_websocket_layer_are_no_pong(conformance):
    with EngineWebSocket(conformance.url, ENGINE_IO) as session:
        start = time.monotonic()
        session.send(frame(PONG) + frame(PING))
        assert session.frame().opcode == PONG
        assert session.close_code() is None
        assert elapsed(start) < INTERVAL + TIMEOUT + LATE


def test_the_next_interval_starts_with_the_pong(conformance):
    with EngineWebSocket(conformance.url, ENGINE_IO) as session:
        assert session.text() == "2"
        time.sleep(TIMEOUT / 2)
        session.send_text("3")
        start = time.monotonic()
        assert session.text() == "2"
        assert INTERVAL - 0.05 < elapsed(start) < INTERVAL + LATE


def test_a_pong_nobody_asked_for_does_no_harm(conformance):
    with EngineWebSocket(conformance.url, ENGINE_IO) as session:
        session.send_text("3")
        session.send_text("4x")
        assert session.text() == "4x"
        assert session.text() == "2"


def test_a_clients_ping_closes_the_websocket(conformance):
    with EngineWebSocket(conformance.url, ENGINE_IO) as session:
        start = time.monotonic()
        session.send_text("2")
        assert session.close_code() is None
        assert elapsed(start) < INTERVAL


def test_the_heartbeat_goes_on_after_an_upgrade(conformance):
    session = Polling(conformance.url, ENGINE_IO)
    with EngineWebSocket(conformance.url, ENGINE_IO, session.sid) as upgraded:
        upgraded.upgrade()
        for _ in range(2):
            assert upgraded.text() == "2"
            upgraded.send_text("3")
        assert upgraded.text() == "2"
        assert upgraded.close_code() is None
