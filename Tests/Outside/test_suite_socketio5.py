"""The 32 subjects of the protocol's own suite for Socket.IO 5, by its names, on the bare wire.

The program under test is `conformance` as that suite expects it: a ping every 300 ms, 200 ms for the pong, 1000 ms to
join a namespace.
"""

import json
import time

import pytest

from engine import SOCKET_IO, EngineWebSocket, Polling, joined, open_session, query
from frames import WebSocket
from raw import request
from waiting import eventually

TRANSPORTS = pytest.mark.parametrize("transport", ["polling", "websocket"])


@pytest.fixture
def url(conformance):
    return conformance.url


@pytest.fixture
def session(url):
    with EngineWebSocket(url) as opened:
        yield opened


class TestHandshakeByPolling:
    def test_should_successfully_open_a_session(self, url):
        opening = request(url, "GET", SOCKET_IO + query("polling"))
        assert opening.status == 200 and opening.text.startswith("0")
        assert_handshake(json.loads(opening.text[1:]), upgrades=["websocket"])

    @pytest.mark.parametrize("rest", ["?transport=polling", "?EIO=abc&transport=polling"])
    def test_should_fail_with_an_invalid_eio_query_parameter(self, url, rest):
        assert request(url, "GET", SOCKET_IO + rest).status == 400

    @pytest.mark.parametrize("rest", ["?EIO=4", "?EIO=4&transport=abc"])
    def test_should_fail_with_an_invalid_transport_query_parameter(self, url, rest):
        assert request(url, "GET", SOCKET_IO + rest).status == 400

    @pytest.mark.parametrize("method", ["POST", "PUT"])
    def test_should_fail_with_an_invalid_request_method(self, url, method):
        assert request(url, method, SOCKET_IO + query("polling"), body=b"").status == 400


class TestHandshakeByWebSocket:
    def test_should_successfully_open_a_session(self, session):
        assert_handshake(json.loads(session.open_packet[1:]), upgrades=[])

    @pytest.mark.parametrize("rest", ["?transport=websocket", "?EIO=abc&transport=websocket"])
    def test_should_fail_with_an_invalid_eio_query_parameter(self, url, rest):
        assert WebSocket(url, SOCKET_IO + rest).handshake.status == 400

    @pytest.mark.parametrize("rest", ["?EIO=4", "?EIO=4&transport=abc"])
    def test_should_fail_with_an_invalid_transport_query_parameter(self, url, rest):
        assert WebSocket(url, SOCKET_IO + rest).handshake.status == 400


def assert_handshake(handshake, upgrades):
    assert set(handshake) == {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"}
    assert isinstance(handshake["sid"], str) and handshake["upgrades"] == upgrades
    assert (handshake["pingInterval"], handshake["pingTimeout"]) == (300, 200)
    assert handshake["maxPayload"] == 1_000_000


class TestHeartbeat:
    def test_should_send_ping_pong_packets_by_polling(self, url):
        session = Polling(url)
        for _ in range(3):
            assert session.get().text == "2"
            session.tell("3")

    def test_should_close_the_session_upon_ping_timeout_by_polling(self, url):
        session = Polling(url)
        assert session.get().text == "2"
        time.sleep(0.8)
        assert session.is_gone()

    def test_should_send_ping_pong_packets_by_websocket(self, session):
        for _ in range(3):
            assert session.text() == "2"
            session.send_text("3")

    def test_should_close_the_session_upon_ping_timeout_by_websocket(self, session):
        assert session.close_code() is None


class TestClose:
    def test_should_forcefully_close_the_session_by_polling(self, url):
        session = Polling(url)
        with session.pending() as poll:
            session.tell("1")
            assert poll.response().text in ("6", "1")
        assert session.is_gone()

    def test_should_forcefully_close_the_session_by_websocket(self, session):
        session.send_text("1")
        assert session.close_code() is None


class TestUpgrade:
    @pytest.fixture
    def upgraded(self, url):
        polling = Polling(url)
        with EngineWebSocket(url, sid=polling.sid) as websocket:
            websocket.upgrade()
            eventually(lambda: request(url, "GET", polling.target).status == 400)
            yield polling, websocket

    def test_should_successfully_upgrade_from_polling_to_websocket(self, upgraded):
        joined(upgraded[1])

    def test_should_ignore_http_requests_with_same_sid_after_upgrade(self, upgraded):
        polling, websocket = upgraded
        assert polling.get().status == 400
        joined(websocket)

    def test_should_ignore_websocket_connection_with_same_sid_after_upgrade(self, url, upgraded):
        polling, websocket = upgraded
        with EngineWebSocket(url, sid=polling.sid) as second:
            assert second.close_code() is None
        joined(websocket)


@TRANSPORTS
class TestConnect:
    @pytest.mark.parametrize("payload", [None, {"token": "123"}])
    @pytest.mark.parametrize("namespace", ["/", "/custom"])
    def test_should_allow_connection_with_and_without_a_payload(self, url, transport, namespace, payload):
        session = open_session(transport, url)
        prefix = "" if namespace == "/" else namespace + ","
        session.tell(f"40{prefix}" + (json.dumps(payload) if payload else ""))
        answer = session.packet()
        assert answer.startswith(f'40{prefix}{{"sid":"') and json.loads(answer[2 + len(prefix) :])["sid"]
        assert json.loads(session.packet()[2 + len(prefix) :]) == ["auth", payload or {}]

    def test_should_disallow_connection_to_an_unknown_namespace(self, url, transport):
        session = open_session(transport, url)
        session.tell("40/random")
        assert session.packet() == '44/random,{"message":"Invalid namespace"}'


def test_should_disallow_connection_with_an_invalid_handshake(session):
    session.send_text("4abc")
    assert session.close_code() is None


def test_should_close_the_connection_if_no_handshake_is_received(session):
    start = time.monotonic()
    with pytest.raises(AssertionError, match="8"):
        while time.monotonic() - start < 3:
            session.packet()
    assert 0.9 < time.monotonic() - start < 2.5


class TestDisconnect:
    def test_should_disconnect_from_the_main_namespace(self, session):
        joined(session)
        joined(session, "/custom")
        session.tell("41", '42/custom,["message","still there"]')
        assert session.packet() == '42/custom,["message-back","still there"]'

    def test_should_connect_then_disconnect_from_a_custom_namespace(self, session):
        joined(session)
        joined(session, "/custom")
        session.tell("41/custom,", '42["message","still there"]')
        assert session.packet() == '42["message-back","still there"]'


class TestMessage:
    @pytest.fixture(autouse=True)
    def in_the_main_namespace(self, session):
        joined(session)

    def test_should_send_a_plain_text_packet(self, session):
        session.tell('42["message",1,"2",{"3":[true]}]')
        assert session.packet() == '42["message-back",1,"2",{"3":[true]}]'

    def test_should_send_a_packet_with_binary_attachments(self, session):
        attached = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'
        session.tell(f'452-["message",{attached}]', b"\x01\x02\x03", b"\x04\x05\x06")
        assert session.packet() == f'452-["message-back",{attached}]'
        assert [session.packet(), session.packet()] == [b"\x01\x02\x03", b"\x04\x05\x06"]

    def test_should_send_a_plain_text_packet_with_an_ack(self, session):
        session.tell('42456["message-with-ack",1,"2",{"3":[false]}]')
        assert session.packet() == '43456[1,"2",{"3":[false]}]'

    def test_should_send_a_packet_with_binary_attachments_and_an_ack(self, session):
        attached = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'
        session.tell(f'452-789["message-with-ack",{attached}]', b"\x01\x02\x03", b"\x04\x05\x06")
        assert session.packet() == f"462-789[{attached}]"
        assert [session.packet(), session.packet()] == [b"\x01\x02\x03", b"\x04\x05\x06"]

    def test_should_close_the_connection_upon_invalid_format_unknown_packet_type(self, session):
        session.send_text("4abc")
        assert session.close_code() is None

    def test_should_close_the_connection_upon_invalid_format_invalid_payload_format(self, session):
        session.send_text("42{}")
        assert session.close_code() is None

    def test_should_close_the_connection_upon_invalid_format_invalid_ack_id(self, session):
        session.send_text('42abc["message-with-ack",1,"2",{"3":[false]}]')
        assert session.close_code() is None
