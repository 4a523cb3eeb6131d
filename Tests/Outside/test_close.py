"""How a session ends, from either side, and what the wire shows of it."""

import time

import pytest

from conftest import CALM
from engine import ENGINE_IO, SOCKET_IO, EngineWebSocket, Polling, joined, open_session
from frames import CLOSE, TEXT, frame
from programs import Program
from raw import Closed
from waiting import eventually

PATHS = pytest.mark.parametrize("path", [SOCKET_IO, ENGINE_IO])


@PATHS
@pytest.mark.parametrize("code", [1000, 1001, 3000, 4001, 4999])
def test_the_clients_close_code_is_echoed(echo, path, code):
    with EngineWebSocket(echo.url, path) as session:
        session.send_close(code, b"bye")
        assert session.close_code() == code
        session.expect_closed()


def test_an_empty_close_frame_is_answered_with_an_empty_one(echo):
    with EngineWebSocket(echo.url, ENGINE_IO) as session:
        session.send_close()
        assert session.close_code() is None
        session.expect_closed()


@PATHS
def test_a_close_packet_over_websocket_leads_to_a_close(echo, path):
    with EngineWebSocket(echo.url, path) as session:
        start = time.monotonic()
        session.send_text("1")
        assert session.ends() == []
        assert time.monotonic() - start < 1


@PATHS
@pytest.mark.parametrize("message", ["abc", "", "7", "2"])
def test_a_message_that_is_no_packet_closes_the_websocket_without_a_code(echo, path, message):
    with EngineWebSocket(echo.url, path) as session:
        session.send_text(message)
        assert session.close_code() is None
        session.expect_closed()


def test_echoes_before_the_clients_close_frame_are_not_lost(echo):
    with EngineWebSocket(echo.url, ENGINE_IO) as session:
        session.send(b"".join(frame(TEXT, b"4%d" % number) for number in range(50)) + frame(CLOSE))
        assert [each.text for each in session.ends()] == [f"4{number}" for number in range(50)]


@pytest.mark.parametrize("end", ["close", "abort"])
def test_a_cut_connection_ends_the_session(echo, end):
    session = Polling(echo.url, ENGINE_IO)
    upgraded = EngineWebSocket(echo.url, ENGINE_IO, session.sid).upgrade()
    upgraded.tell("4x")
    assert upgraded.packet() == "4x"
    getattr(upgraded, end)()
    eventually(session.is_gone)


@pytest.fixture(scope="module")
def impatient():
    program = Program("conformance", "--port", 0, *CALM[:4], "--connect-timeout", 300)
    yield program
    program.stop()


class TestConnectTimeout:
    """A connection must join a namespace in time."""

    def test_a_websocket_without_a_namespace_is_closed(self, impatient):
        start = time.monotonic()
        with EngineWebSocket(impatient.url) as session:
            assert session.close_code() is None
            assert 0.25 < time.monotonic() - start < 1.0

    def test_a_poll_without_a_namespace_is_ended(self, impatient):
        session = Polling(impatient.url)
        assert session.get().text == "1"
        eventually(session.is_gone)

    def test_an_unknown_namespace_does_not_count(self, impatient):
        with EngineWebSocket(impatient.url) as session:
            session.tell("40/nowhere")
            assert session.packet() == '44/nowhere,{"message":"Invalid namespace"}'
            assert session.close_code() is None

    def test_a_joined_connection_stays(self, impatient):
        with EngineWebSocket(impatient.url) as session:
            joined(session)
            assert session.is_quiet(0.6)

    def test_leaving_the_last_namespace_does_not_start_it_again(self, impatient):
        with EngineWebSocket(impatient.url) as session:
            joined(session)
            session.tell("41")
            assert session.is_quiet(0.6)

    def test_the_bare_engine_knows_no_namespaces(self, impatient):
        with EngineWebSocket(impatient.url, ENGINE_IO) as session:
            assert session.is_quiet(0.6)


def test_the_conformance_program_waits_one_second_for_a_namespace(conformance):
    start = time.monotonic()
    with EngineWebSocket(conformance.url) as session, pytest.raises((Closed, AssertionError)):
        while True:
            session.packet()
    assert 0.9 < time.monotonic() - start < 1.6


def next_control(session, start="4"):
    """The next packet that is no event: `calls` also tells what it has seen."""
    while (packet := session.packet()).startswith("42"):
        pass
    assert packet.startswith(start), packet
    return packet


class TestServerSide:
    """`socket.disconnect()` and `socket.disconnect(true)`, seen on the wire."""

    @pytest.fixture(params=["websocket", "polling"])
    def session(self, request, calls):
        session = open_session(request.param, calls.url)
        for namespace in ("40", "40/name,"):
            session.tell(namespace)
            next_control(session, namespace + '{"sid":')
        return session

    def test_leaving_one_namespace_keeps_the_connection(self, session):
        session.tell('42["do","socket.disconnect"]')
        assert next_control(session) == "41"
        session.tell("40")
        next_control(session, '40{"sid":')

    def test_closing_says_goodbye_in_every_namespace(self, session):
        session.tell('42["do","socket.disconnect(true)"]')
        assert sorted([next_control(session), next_control(session)]) == ["41", "41/name,"]
        if isinstance(session, Polling):
            assert session.get().text in ("6\x1e1", "1")
            assert session.is_gone()
        else:
            assert session.close_code() is None
            session.expect_closed()
