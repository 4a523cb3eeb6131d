"""The subjects of the protocol's own suite for Socket.IO 5, by its names, on the bare wire: `pytest -m suite_socketio5`.

There are 32. The first half is Engine.IO's, asked of Socket.IO's path: test_suite_engine4.py has those 16. The program
under test is `conformance` as that suite expects it: besides Engine.IO's times, 1000 ms to join a namespace.
"""

import json
import time

import pytest

from engine import EngineWebSocket, joined
from raw import Closed

pytestmark = pytest.mark.suite_socketio5

ATTACHED = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'


@pytest.fixture
def session(conformance):
    with EngineWebSocket(conformance.url) as opened:
        yield opened


def assert_connected(session, prefix, auth):
    answer = session.packet()
    assert answer.startswith("40" + prefix)
    connected = json.loads(answer.removeprefix("40" + prefix))
    assert set(connected) == {"sid"} and isinstance(connected["sid"], str)
    assert session.packet() == f'42{prefix}["auth",{auth}]'


class TestConnect:
    def test_should_allow_connection_to_the_main_namespace(self, session):
        session.tell("40")
        assert_connected(session, "", "{}")

    def test_should_allow_connection_to_the_main_namespace_with_a_payload(self, session):
        session.tell('40{"token":"123"}')
        assert_connected(session, "", '{"token":"123"}')

    def test_should_allow_connection_to_a_custom_namespace(self, session):
        session.tell("40/custom,")
        assert_connected(session, "/custom,", "{}")

    def test_should_allow_connection_to_a_custom_namespace_with_a_payload(self, session):
        session.tell('40/custom,{"token":"abc"}')
        assert_connected(session, "/custom,", '{"token":"abc"}')

    def test_should_disallow_connection_to_an_unknown_namespace(self, session):
        session.tell("40/random")
        assert session.packet() == '44/random,{"message":"Invalid namespace"}'

    def test_should_disallow_connection_with_an_invalid_handshake(self, session):
        session.tell("4abc")
        assert session.close_code() is None

    def test_should_close_the_connection_if_no_handshake_is_received(self, session):
        start = time.monotonic()
        with pytest.raises((AssertionError, Closed)):
            while time.monotonic() - start < 3:
                session.packet()
        assert 0.95 < time.monotonic() - start < 2.5


class TestDisconnect:
    def test_should_disconnect_from_the_main_namespace(self, session):
        joined(session)
        session.tell("41")
        # The connection stays, and its heartbeat goes on.
        assert session.text() == "2"

    def test_should_connect_then_disconnect_from_a_custom_namespace(self, session):
        joined(session)
        joined(session, "/custom")
        session.tell("41/custom", '42["message","message to main namespace"]')
        assert session.packet() == '42["message-back","message to main namespace"]'


class TestMessage:
    @pytest.fixture(autouse=True)
    def in_the_main_namespace(self, session):
        joined(session)

    def test_should_send_a_plain_text_packet(self, session):
        session.tell('42["message",1,"2",{"3":[true]}]')
        assert session.packet() == '42["message-back",1,"2",{"3":[true]}]'

    def test_should_send_a_packet_with_binary_attachments(self, session):
        session.tell(f'452-["message",{ATTACHED}]', b"\x01\x02\x03", b"\x04\x05\x06")
        assert session.packet() == f'452-["message-back",{ATTACHED}]'
        assert [session.packet(), session.packet()] == [b"\x01\x02\x03", b"\x04\x05\x06"]

    def test_should_send_a_plain_text_packet_with_an_ack(self, session):
        session.tell('42456["message-with-ack",1,"2",{"3":[false]}]')
        assert session.packet() == '43456[1,"2",{"3":[false]}]'

    def test_should_send_a_packet_with_binary_attachments_and_an_ack(self, session):
        session.tell(f'452-789["message-with-ack",{ATTACHED}]', b"\x01\x02\x03", b"\x04\x05\x06")
        assert session.packet() == f"462-789[{ATTACHED}]"
        assert [session.packet(), session.packet()] == [b"\x01\x02\x03", b"\x04\x05\x06"]

    def test_should_close_the_connection_upon_invalid_format_unknown_packet_type(self, session):
        session.tell("4abc")
        assert session.close_code() is None

    def test_should_close_the_connection_upon_invalid_format_invalid_payload_format(self, session):
        session.tell("42{}")
        assert session.close_code() is None

    def test_should_close_the_connection_upon_invalid_format_invalid_ack_id(self, session):
        session.tell('42abc["message-with-ack",1,"2",{"3":[false]}]')
        assert session.close_code() is None
