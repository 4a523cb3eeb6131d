"""Engine.IO 4, Upgrade: from long polling to WebSocket without losing or reordering anything."""

import time

import pytest

from engine import (
    ENGINE_IO,
    SEPARATOR,
    SOCKET_IO,
    EngineWebSocket,
    Polling,
    joined,
    query,
)
from frames import BINARY, TEXT, WebSocket, frame
from raw import request
from waiting import eventually


@pytest.fixture
def session(echo):
    return Polling(echo.url, ENGINE_IO)


@pytest.fixture
def probe(echo, session):
    """The WebSocket that wants to take the session over; its probe has been answered."""
    with EngineWebSocket(echo.url, ENGINE_IO, session.sid) as opened:
        opened.send_text("2probe")
        assert opened.text() == "3probe"
        yield opened


def test_a_session_goes_on_over_websocket(session, probe):
    probe.send_text("5")
    probe.tell("4hello", b"\x01\x02")
    assert [probe.packet(), probe.packet()] == ["4hello", b"\x01\x02"]


def test_a_poll_pending_during_the_probe_is_answered_with_a_noop(session, probe):
    start = time.monotonic()
    with session.pending() as poll:
        assert poll.response().text == "6"
    assert time.monotonic() - start < 1
    probe.send_text("5")
    probe.tell("4x")
    assert probe.packet() == "4x"


def test_a_poll_pending_at_the_switch_is_answered(session, probe):
    with session.pending() as poll:
        time.sleep(0.1)  # The poll is another connection, and has to be there first.
        probe.send_text("5")
        assert poll.response().text in ("1", "6")
    probe.tell("4x")
    assert probe.packet() == "4x"


def test_messages_go_on_over_polling_until_the_switch(session, probe):
    session.tell("4before")
    heard = session.get().text.split(SEPARATOR)
    assert [packet for packet in heard if packet != "6"] == ["4before"]
    assert probe.is_quiet()


def test_what_was_waiting_at_the_switch_arrives_in_order(session, probe):
    session.tell("4one", "4two", "bAwQ=")
    session.tell("4three")
    probe.send_text("5")
    probe.tell("4four")
    assert [probe.packet() for _ in range(5)] == ["4one", "4two", b"\x03\x04", "4three", "4four"]


def test_a_message_right_behind_the_switch_is_heard(session, probe):
    probe.send(frame(TEXT, b"5") + frame(TEXT, b"4now") + frame(BINARY, b"\x07"))
    assert [probe.packet(), probe.packet()] == ["4now", b"\x07"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_polling_is_over_after_the_switch(session, probe, method):
    probe.send_text("5")
    probe.tell("4x")
    assert probe.packet() == "4x"
    answer = request(session.url, method, session.target, body=b"4y" if method == "POST" else None)
    assert (answer.status, answer.json["code"]) == (400, 3)
    assert probe.is_quiet()
    probe.tell("4z")
    assert probe.packet() == "4z"


def refused(url, path, sid):
    """A further WebSocket for the session: closed after 101, or refused at once."""
    with WebSocket(url, path + query("websocket", sid)) as second:
        if second.handshake.status != 101:
            return second.handshake.status == 400
        return second.close_code() is None


def test_a_second_websocket_is_closed_and_the_session_stays(session, probe):
    assert refused(session.url, ENGINE_IO, session.sid)
    probe.send_text("5")
    probe.tell("4x")
    assert probe.packet() == "4x"
    assert refused(session.url, ENGINE_IO, session.sid)
    probe.tell("4y")
    assert probe.packet() == "4y"


def test_a_websocket_for_a_session_that_began_as_one_is_closed(echo):
    with EngineWebSocket(echo.url, ENGINE_IO) as first:
        sid = first.open_packet.split('"')[3]
        assert refused(echo.url, ENGINE_IO, sid)
        first.tell("4x")
        assert first.packet() == "4x"


@pytest.mark.parametrize("packet", ["4x", "2", "2other", "3probe", "5", "1", "", "abc", b"\x01"])
def test_anything_but_a_probe_closes_only_the_websocket(echo, session, packet):
    with EngineWebSocket(echo.url, ENGINE_IO, session.sid) as odd:
        odd.tell(packet)
        assert odd.ends() == []
    session.tell("4still here")
    assert session.packet() == "4still here"


@pytest.mark.parametrize("packet", ["4x", "1", b"\x01"])
def test_anything_but_the_switch_after_the_probe_closes_only_the_websocket(session, probe, packet):
    probe.tell(packet)
    assert probe.ends() == []
    session.tell("4still here")
    assert session.packet() == "4still here"


@pytest.mark.parametrize("end", ["close", "abort"])
def test_a_probe_that_is_cut_leaves_the_session_to_polling(echo, session, end):
    odd = EngineWebSocket(echo.url, ENGINE_IO, session.sid)
    odd.send_text("2probe")
    assert odd.text() == "3probe"
    getattr(odd, end)()
    time.sleep(0.1)
    session.tell("4still here")
    assert session.packet() == "4still here"
    with EngineWebSocket(echo.url, ENGINE_IO, session.sid) as again:
        again.upgrade().tell("4again")
        assert again.packet() == "4again"


def test_a_session_closed_meanwhile_closes_the_probe(session, probe):
    session.tell("1")
    assert probe.ends() == []
    eventually(session.is_gone)


def test_a_slow_probe_is_closed_after_ten_seconds_and_the_session_stays(echo, session):
    start = time.monotonic()
    with EngineWebSocket(echo.url, ENGINE_IO, session.sid) as slow:
        slow.socket.settimeout(13)
        assert slow.ends() == []
    assert 9.5 < time.monotonic() - start < 12.5
    session.tell("4still here")
    assert session.packet() == "4still here"


def test_events_keep_their_order_through_an_upgrade(echo):
    session = Polling(echo.url)
    joined(session)
    with EngineWebSocket(echo.url, SOCKET_IO, session.sid) as upgraded:
        upgraded.send_text("2probe")
        assert upgraded.text() == "3probe"
        session.tell(*(f'42["message",{number}]' for number in range(100)))
        upgraded.send_text("5")
        upgraded.tell(*(f'42["message",{number}]' for number in range(100, 200)))
        heard = [upgraded.packet() for _ in range(200)]
    assert heard == [f'42["message-back",{number}]' for number in range(200)]


def test_a_server_that_is_closing_closes_the_upgraded_transport(echo):
    session = Polling(echo.url)
    joined(session)
    with EngineWebSocket(echo.url, SOCKET_IO, session.sid) as upgraded:
        upgraded.send_text("2probe")
        assert upgraded.text() == "3probe"
        session.tell("42{}")
        upgraded.send_text("5")
        assert upgraded.ends() == []
