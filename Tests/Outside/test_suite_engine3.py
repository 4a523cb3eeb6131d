"""The 23 subjects of the protocol's own suite for Engine.IO 3, by its names, on the bare wire: `pytest -m suite_engine3`.

The program under test is `conformance --allow-eio3` as that suite expects it: the client has 300 + 200 ms for its pings.
"""

import json
import time

import pytest

from engine import ENGINE_IO
from engine3 import EngineWebSocket3, Polling3, query
from frames import WebSocket
from programs import Program
from raw import request

pytestmark = pytest.mark.suite_engine3


@pytest.fixture(scope="module")
def url():
    program = Program("conformance", "--port", 0, "--allow-eio3")
    yield program.url
    program.assert_running()
    program.stop()


@pytest.fixture
def session(url):
    """A client of text: its queries say `b64=1`."""
    return Polling3(url)


def assert_handshake(handshake, upgrades):
    assert isinstance(handshake["sid"], str) and handshake["upgrades"] == upgrades
    assert (handshake["pingInterval"], handshake["pingTimeout"]) == (300, 200)
    # Version 3 does not know it, and the suite would let 1 000 000 pass as well.
    assert "maxPayload" not in handshake


class TestHandshakeByPolling:
    def test_successfully_opens_a_session(self, url):
        answer = request(url, "GET", ENGINE_IO + query("polling"))
        assert answer.status == 200
        length, packet = answer.text.split(":", 1)
        assert length == str(len(packet)) and packet.startswith("0")
        assert_handshake(json.loads(packet[1:]), upgrades=["websocket"])

    def test_fails_with_an_invalid_transport_query_parameter(self, url):
        for rest in ("?EIO=3", "?EIO=3&transport=abc"):
            assert request(url, "GET", ENGINE_IO + rest).status == 400

    def test_fails_with_an_invalid_request_method(self, url):
        assert request(url, "POST", ENGINE_IO + query("polling"), body=b"").status == 400


class TestHandshakeByWebSocket:
    def test_successfully_opens_a_session(self, url):
        with EngineWebSocket3(url) as session:
            assert_handshake(session.handshake_data, upgrades=[])

    def test_fails_with_an_invalid_eio_query_parameter(self, url, conformance):
        for rest in ("?transport=websocket", "?EIO=abc&transport=websocket"):
            assert WebSocket(conformance.url, ENGINE_IO + rest).handshake.status == 400
            # Where version 3 is served, whatever is not 4 is 3. The suite does not wait for what it announces here.
            with WebSocket(url, ENGINE_IO + rest) as session:
                assert_handshake(json.loads(session.opened().text()[1:]), upgrades=[])

    def test_fails_with_an_invalid_transport_query_parameter(self, url):
        for rest in ("?EIO=3", "?EIO=3&transport=abc"):
            assert WebSocket(url, ENGINE_IO + rest).handshake.status == 400


class TestMessageByPolling:
    def test_sends_and_receives_a_payload_containing_one_plain_text_packet(self, session):
        assert session.post("6:4hello").body == b"ok"
        assert session.get().text == "6:4hello"

    def test_sends_and_receives_a_payload_containing_several_plain_text_packets(self, session):
        assert session.post("6:4test16:4test26:4test3").body == b"ok"
        assert session.get().text == "6:4test16:4test26:4test3"

    def test_sends_and_receives_a_payload_containing_plain_text_and_binary_packets_base64_encoded(self, session):
        assert session.post("6:4hello10:b4AQIDBA==").body == b"ok"
        answer = session.get()
        assert answer.text == "6:4hello10:b4AQIDBA=="
        assert answer.headers["content-type"] == "text/plain; charset=UTF-8"

    def test_sends_and_receives_a_payload_containing_plain_text_and_binary_packets_binary(self, url):
        session = Polling3(url, more="")
        assert session.post("6:4hello10:b4AQIDBA==").body == b"ok"
        answer = session.get()
        assert answer.body == b"\x00\x06\xff4hello\x01\x05\xff\x04\x01\x02\x03\x04"
        assert answer.headers["content-type"] == "application/octet-stream"

    def test_closes_the_session_upon_invalid_packet_format(self, session):
        # The reference answers 200 all the same, and the suite lets both pass.
        assert session.post("abc").status == 200
        assert session.is_gone()


class TestMessageByWebSocket:
    @pytest.fixture
    def session(self, url):
        with EngineWebSocket3(url) as opened:
            yield opened

    def test_sends_and_receives_a_plain_text_packet(self, session):
        session.send_text("4hello")
        assert session.packet() == "4hello"

    def test_sends_and_receives_a_binary_packet(self, session):
        session.send_binary(b"\x04\x01\x02\x03\x04")
        assert session.packet() == b"\x04\x01\x02\x03\x04"

    def test_closes_the_session_upon_invalid_packet_format(self, session):
        session.send_text("abc")
        assert session.close_code() is None


class TestHeartbeatByPolling:
    def test_sends_ping_pong_packets(self, session):
        for _ in range(3):
            assert session.post("1:2").body == b"ok"
            assert session.get().text == "1:3"

    def test_closes_the_session_upon_ping_timeout(self, session):
        # Not a moment later than 500 ms: that is when the suite looks.
        time.sleep(0.5)
        assert session.post("1:2").status == 400


class TestHeartbeatByWebSocket:
    def test_sends_ping_pong_packets(self, url):
        with EngineWebSocket3(url) as session:
            for _ in range(3):
                session.send_text("2")
                assert session.text() == "3"

    def test_closes_the_session_upon_ping_timeout(self, url):
        with EngineWebSocket3(url) as session:
            assert session.close_code() is None


class TestCloseByPolling:
    def test_forcefully_closes_the_session(self, session):
        with session.pending() as poll:
            assert poll.is_quiet(0.05)
            assert session.post("1:1").body == b"ok"
            answer = poll.response()
            assert (answer.status, answer.text) == (200, "1:6")
        assert session.is_gone()


class TestCloseByWebSocket:
    def test_forcefully_closes_the_session(self, url):
        with EngineWebSocket3(url) as session:
            start = time.monotonic()
            session.send_text("1")
            assert session.close_code() is None
            assert time.monotonic() - start < 0.25, "not by the heartbeat"


class TestUpgrade:
    @pytest.fixture
    def websocket(self, url, session):
        with EngineWebSocket3(url, sid=session.sid) as probe:
            probe.send_text("2probe")
            assert probe.text() == "3probe"
            yield probe

    def test_successfully_upgrades_from_polling_to_websocket(self, session, websocket):
        assert session.get().text == "1:6"
        websocket.send_text("5")
        websocket.send_text("4hello")
        assert websocket.packet() == "4hello"

    def test_ignores_http_requests_with_same_sid_after_upgrade(self, session, websocket):
        websocket.send_text("5")
        assert session.get().status == 400
        websocket.send_text("4hello")
        assert websocket.packet() == "4hello"

    def test_ignores_websocket_connection_with_same_sid_after_upgrade(self, url, session, websocket):
        websocket.send_text("5")
        with EngineWebSocket3(url, sid=session.sid) as second:
            assert second.close_code() is None
        websocket.send_text("4hello")
        assert websocket.packet() == "4hello"
