"""The 25 subjects of the protocol's own suite for Engine.IO 4, by its names, on the bare wire: `pytest -m suite_engine4`.

The program under test is `conformance` as that suite expects it: a ping every 300 ms, 200 ms for the pong. Sixteen of the
subjects are asked of Socket.IO's path as well: they are the first half of its own suite (test_suite_socketio5.py).
"""

import json
import time

import pytest

from engine import ENGINE_IO, SOCKET_IO, EngineWebSocket, Polling, joined, query
from frames import WebSocket
from raw import request

suite = pytest.mark.suite_engine4
shared = pytest.mark.parametrize(
    "path",
    [
        pytest.param(ENGINE_IO, marks=suite, id="engine"),
        pytest.param(SOCKET_IO, marks=pytest.mark.suite_socketio5, id="socket"),
    ],
)


@pytest.fixture
def url(conformance):
    return conformance.url


@pytest.fixture
def session(url):
    return Polling(url, ENGINE_IO)


def assert_handshake(packet, upgrades):
    assert packet.startswith("0")
    handshake = json.loads(packet[1:])
    assert set(handshake) == {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"}
    assert isinstance(handshake["sid"], str) and handshake["upgrades"] == upgrades
    assert (handshake["pingInterval"], handshake["pingTimeout"]) == (300, 200)
    assert handshake["maxPayload"] == 1_000_000


def assert_alive(websocket, path):
    if path == SOCKET_IO:
        joined(websocket)
    else:
        websocket.tell("4hello")
        assert websocket.packet() == "4hello"


@shared
class TestHandshakeByPolling:
    def test_successfully_opens_a_session(self, url, path):
        opening = request(url, "GET", path + query("polling"))
        assert opening.status == 200
        assert_handshake(opening.text, upgrades=["websocket"])

    def test_fails_with_an_invalid_eio_query_parameter(self, url, path):
        for rest in ("?transport=polling", "?EIO=abc&transport=polling"):
            assert request(url, "GET", path + rest).status == 400

    def test_fails_with_an_invalid_transport_query_parameter(self, url, path):
        for rest in ("?EIO=4", "?EIO=4&transport=abc"):
            assert request(url, "GET", path + rest).status == 400

    def test_fails_with_an_invalid_request_method(self, url, path):
        for method in ("POST", "PUT"):
            assert request(url, method, path + query("polling"), body=b"").status == 400


@shared
class TestHandshakeByWebSocket:
    def test_successfully_opens_a_session(self, url, path):
        with EngineWebSocket(url, path) as session:
            assert_handshake(session.open_packet, upgrades=[])

    def test_fails_with_an_invalid_eio_query_parameter(self, url, path):
        for rest in ("?transport=websocket", "?EIO=abc&transport=websocket"):
            assert WebSocket(url, path + rest).handshake.status == 400

    def test_fails_with_an_invalid_transport_query_parameter(self, url, path):
        for rest in ("?EIO=4", "?EIO=4&transport=abc"):
            assert WebSocket(url, path + rest).handshake.status == 400


@suite
class TestMessageByPolling:
    def test_sends_and_receives_a_payload_containing_one_plain_text_packet(self, session):
        session.tell("4hello")
        assert session.get().text == "4hello"

    def test_sends_and_receives_a_payload_containing_several_plain_text_packets(self, session):
        session.tell("4test1", "4test2", "4test3")
        assert session.get().text == "4test1\x1e4test2\x1e4test3"

    def test_sends_and_receives_a_payload_containing_plain_text_and_binary_packets(self, session):
        session.tell("4hello", "bAQIDBA==")
        assert session.get().text == "4hello\x1ebAQIDBA=="

    def test_closes_the_session_upon_invalid_packet_format(self, session):
        # The reference answers 200 all the same, and the suite lets both pass.
        assert session.post("abc").status == 200
        assert session.is_gone()

    def test_closes_the_session_upon_duplicate_poll_requests(self, session):
        with session.pending() as first:
            assert first.is_quiet(0.05)
            assert session.get().status == 400
            answer = first.response()
            assert (answer.status, answer.text) == (200, "1")
        assert session.is_gone()

    def test_closes_the_session_upon_cancelled_polling_request(self, session):
        with session.pending() as poll:
            assert poll.is_quiet(0.05)
        assert session.get().status == 400


@suite
class TestMessageByWebSocket:
    @pytest.fixture
    def session(self, url):
        with EngineWebSocket(url, ENGINE_IO) as opened:
            yield opened

    def test_sends_and_receives_a_plain_text_packet(self, session):
        session.send_text("4hello")
        assert session.packet() == "4hello"

    def test_sends_and_receives_a_binary_packet(self, session):
        session.send_binary(b"\x01\x02\x03\x04")
        assert session.packet() == b"\x01\x02\x03\x04"

    def test_closes_the_session_upon_invalid_packet_format(self, session):
        session.send_text("abc")
        assert session.close_code() is None


@shared
class TestHeartbeatByPolling:
    def test_sends_ping_pong_packets(self, url, path):
        session = Polling(url, path)
        for _ in range(3):
            assert session.get().text == "2"
            session.tell("3")

    def test_closes_the_session_upon_ping_timeout(self, url, path):
        session = Polling(url, path)
        # Not a moment later than 500 ms: that is when the suite looks.
        time.sleep(0.5)
        assert session.is_gone()


@shared
class TestHeartbeatByWebSocket:
    def test_sends_ping_pong_packets(self, url, path):
        with EngineWebSocket(url, path) as session:
            for _ in range(3):
                assert session.text() == "2"
                session.send_text("3")

    def test_closes_the_session_upon_ping_timeout(self, url, path):
        with EngineWebSocket(url, path) as session:
            assert session.close_code() is None


@shared
class TestCloseByPolling:
    def test_forcefully_closes_the_session(self, url, path):
        session = Polling(url, path)
        with session.pending() as poll:
            assert poll.is_quiet(0.05)
            session.tell("1")
            answer = poll.response()
            assert (answer.status, answer.text) == (200, "6")
        assert session.is_gone()


@shared
class TestCloseByWebSocket:
    def test_forcefully_closes_the_session(self, url, path):
        with EngineWebSocket(url, path) as session:
            start = time.monotonic()
            session.send_text("1")
            assert session.close_code() is None
            assert time.monotonic() - start < 0.25, "not by the heartbeat"


@shared
class TestUpgrade:
    @pytest.fixture
    def session(self, url, path):
        return Polling(url, path)

    @pytest.fixture
    def websocket(self, url, path, session):
        with EngineWebSocket(url, path, session.sid) as probe:
            probe.send_text("2probe")
            assert probe.text() == "3probe"
            yield probe

    def test_successfully_upgrades_from_polling_to_websocket(self, path, session, websocket):
        assert session.get().text == "6"
        websocket.send_text("5")
        assert_alive(websocket, path)

    def test_ignores_http_requests_with_same_sid_after_upgrade(self, path, session, websocket):
        websocket.send_text("5")
        assert session.get().status == 400
        assert_alive(websocket, path)

    def test_ignores_websocket_connection_with_same_sid_after_upgrade(self, url, path, session, websocket):
        websocket.send_text("5")
        with EngineWebSocket(url, path, session.sid) as second:
            assert second.close_code() is None
        assert_alive(websocket, path)
