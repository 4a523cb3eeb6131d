"""Engine.IO 3 (`--allow-eio3`) beyond its own suite (test_suite_engine3.py): what is hostile about lengths, Socket.IO 2."""

import json
import time

import pytest

import engine
from engine import ENGINE_IO, SOCKET_IO
from engine3 import OCTETS, EngineWebSocket3, Polling3, binary_payload, payload, query
from frames import BINARY, TEXT, WebSocket
from programs import Program
from raw import request
from waiting import eventually

# In milliseconds; the protocol suite's.
INTERVAL, TIMEOUT = 300, 200
MAX_PAYLOAD = 1_000_000


@pytest.fixture(scope="module")
def quick():
    """As the protocol suite wants it: the client has 500 ms for its pings."""
    program = Program("conformance", "--port", 0, "--allow-eio3", "--loops", 2)
    yield program
    program.assert_running()
    program.stop()


@pytest.fixture(scope="module")
def calm():
    program = Program("conformance", "--port", 0, "--allow-eio3", "--loops", 2, "--ping-interval", 25_000)
    yield program
    program.assert_running()
    program.stop()


@pytest.fixture
def session(calm):
    return Polling3(calm.url)


# Handshake


@pytest.mark.parametrize("more", ["", "&b64=1"])
@pytest.mark.parametrize("version", ["EIO=3", "EIO=2", "EIO=", "x=1"])
def test_polling_opens_with_a_handshake_that_has_its_length(quick, more, version):
    answer = request(quick.url, "GET", f"{ENGINE_IO}?{version}&transport=polling{more}")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=UTF-8")
    length, packet = answer.text.split(":", 1)
    assert int(length) == len(packet) and packet[0] == "0"
    opened = json.loads(packet[1:])
    assert list(opened) == ["sid", "upgrades", "pingInterval", "pingTimeout"]
    assert (opened["upgrades"], opened["pingInterval"], opened["pingTimeout"]) == (["websocket"], INTERVAL, TIMEOUT)


def test_without_the_option_it_is_refused(echo):
    assert request(echo.url, "GET", ENGINE_IO + query("polling")).json["code"] == 5
    with WebSocket(echo.url, ENGINE_IO + query("websocket")) as socket:
        assert socket.handshake.status == 400


def test_version_4_is_served_beside_it(calm):
    session = engine.Polling(calm.url, ENGINE_IO)
    session.tell("4hello", "bAQID")
    assert session.get().text == "4hello\x1ebAQID"


# Messages


@pytest.mark.parametrize("text", ["봉수", "🔥", "é", "a\u2028b", "\u0000", "1:2", ":", "가🔥" * 10_000])
def test_lengths_count_utf16_units(session, text):
    session.tell("4" + text, "4end")
    assert session.get().text == payload("4" + text, "4end")


def test_a_body_of_bytes_is_taken(calm):
    session = Polling3(calm.url, more="")
    answer = session.post(binary_payload("4봉수", b"\x01\x02\xff", "4"), {"Content-Type": OCTETS})
    assert (answer.status, answer.body) == (200, b"ok")
    assert session.get().body == binary_payload("4봉수", b"\x01\x02\xff", "4")


def test_text_and_bytes_come_back_by_websocket(calm):
    with EngineWebSocket3(calm.url) as session:
        session.tell("4봉수", b"\x01\x02\x03\x04", b"")
        assert session.message() == (TEXT, "4봉수".encode())
        assert session.message() == (BINARY, b"\x04\x01\x02\x03\x04")
        assert session.message() == (BINARY, b"\x04")


def test_bytes_are_base64_by_websocket_too(calm):
    with EngineWebSocket3(calm.url, more="&b64=1") as session:
        session.tell(b"\x01\x02\x03\x04", "b4AQIDBA==")
        assert session.message() == session.message() == (TEXT, b"b4AQIDBA==")


# What is no payload. CVE-2020-36048: a body that costs more than it says.
BROKEN = [
    "",
    "abc",
    "6",
    "6:4hell",
    ":4",
    "-1:4",
    "1e0:4",
    "2:4🔥",
    "99999999999999999999999:4",
    "9223372036854775807:4",
    "1:7",
    "1:b",
    "2:b9",
    "1" * 100_000,
    ":" * 100_000,
    "1:" * 100_000,
    "9" * 100_000 + ":4",
]


@pytest.mark.parametrize("body", BROKEN, ids=lambda body: body[:20])
def test_a_malformed_body_ends_the_session(session, body):
    answer = session.post(body)
    assert (answer.status, answer.body) == (200, b"ok")
    eventually(session.is_gone, what="the end of the session")


@pytest.mark.parametrize(
    "body", [b"", b"\x00", b"\x02\x01\xff4", b"\x00\xff", b"\x00\x09\x09\xff4", b"\x01\x01\xff\x07", b"\x00\x02\xff4\xff"]
)
def test_a_malformed_body_of_bytes_ends_the_session(session, body):
    assert session.post(body, {"Content-Type": OCTETS}).body == b"ok"
    eventually(session.is_gone, what="the end of the session")


def test_packets_of_no_length_cost_nothing(session):
    session.tell("")
    assert session.post("0:" * 400_000 + "6:4hello").body == b"ok"
    assert session.get().text == "6:4hello"


def test_more_packets_than_a_body_may_have_end_the_session(session):
    assert session.post("1:6" * 20_000).body == b"ok"
    eventually(session.is_gone, what="the end of the session")


def test_a_larger_body_is_refused_and_the_session_lives(session):
    assert session.post("x" * (MAX_PAYLOAD + 1)).status == 413
    session.tell("4alive")
    assert session.packet() == "4alive"


@pytest.mark.parametrize("message", ["abc", "", "b", "b9", b"\x07", b"", b"4"])
def test_a_malformed_message_closes_the_websocket(calm, message):
    with EngineWebSocket3(calm.url) as session:
        session.send_text(message) if isinstance(message, str) else session.send_binary(message)
        assert session.close_code() is None


# Heartbeat


def test_who_pings_lives_on(quick):
    with EngineWebSocket3(quick.url) as session:
        for _ in range(5):
            time.sleep(INTERVAL / 1000 * 0.7)
            session.send_text("2")
            assert session.text() == "3"


def test_a_silent_websocket_is_closed(quick):
    start = time.monotonic()
    with EngineWebSocket3(quick.url) as session:
        assert session.close_code() is None
    assert time.monotonic() - start > (INTERVAL + TIMEOUT) / 1000 - 0.05


@pytest.mark.parametrize("transport", ["polling", "websocket"])
def test_a_pong_from_the_client_ends_the_session(calm, transport):
    if transport == "websocket":
        with EngineWebSocket3(calm.url) as session:
            session.send_text("3")
            assert session.close_code() is None
    else:
        session = Polling3(calm.url)
        session.tell("3")
        eventually(session.is_gone)


# Closing


def test_a_second_poll_ends_the_session(session):
    with session.pending() as first:
        assert first.is_quiet()
        assert session.get().status == 400
        assert first.response().text == "1:1"
    eventually(session.is_gone)


# Upgrade


@pytest.fixture
def probe(calm, session):
    with EngineWebSocket3(calm.url, sid=session.sid) as opened:
        opened.send_text("2probe")
        assert opened.text() == "3probe"
        yield opened


def test_a_session_goes_on_over_websocket(session, probe):
    assert session.get().text == "1:6"
    probe.send_text("5")
    probe.tell("4hello", b"\x01")
    assert probe.packet() == "4hello"
    # The session was opened by a client of text.
    assert probe.packet() == "b4AQ=="


def test_nothing_is_lost_or_reordered_on_the_way(session, probe):
    session.tell(*[f"4{number}" for number in range(20)])
    probe.send_text("5")
    assert [probe.packet() for _ in range(20)] == [f"4{number}" for number in range(20)]


# Socket.IO 2


def opened(url, transport, more=""):
    return Polling3(url, SOCKET_IO, more or "&b64=1") if transport == "polling" else EngineWebSocket3(url, SOCKET_IO)


TRANSPORTS = pytest.mark.parametrize("transport", ["polling", "websocket"])


@TRANSPORTS
def test_the_client_is_in_the_main_namespace_unasked(calm, transport):
    session = opened(calm.url, transport)
    assert session.packet() == "40"
    assert session.packet() == '42["auth",{}]'
    session.tell('42["message","봉수",1]')
    assert session.packet() == '42["message-back","봉수",1]'
    session.tell('427["message-with-ack",{"a":1}]')
    assert session.packet() == '437[{"a":1}]'


@TRANSPORTS
@pytest.mark.parametrize(
    "name, auth",
    [
        ("/custom", "{}"),
        ("/custom?token=a%20b&x=1", '{"token":"a b","x":"1"}'),
        ("/custom?", "{}"),
        ('/custom?a="&b=<', '{"a":"\\"","b":"<"}'),
    ],
)
def test_the_query_of_a_namespace_is_its_auth(calm, transport, name, auth):
    session = opened(calm.url, transport)
    assert [session.packet(), session.packet()] == ["40", '42["auth",{}]']
    session.tell(f"40{name},")
    assert session.packet() == "40/custom,"
    assert session.packet() == f'42/custom,["auth",{auth}]'
    session.tell('42/custom,["message",1]')
    assert session.packet() == '42/custom,["message-back",1]'
    session.tell(f'42{name},["message",2]')
    assert session.packet() == '42/custom,["message-back",2]'


@TRANSPORTS
def test_an_unknown_namespace_is_an_error(calm, transport):
    session = opened(calm.url, transport)
    assert [session.packet(), session.packet()] == ["40", '42["auth",{}]']
    session.tell("40/unknown?x=1,")
    assert session.packet() == '44/unknown,{"message":"Invalid namespace"}'
    session.tell('42["message",1]')
    assert session.packet() == '42["message-back",1]'


def test_a_second_connect_closes_the_connection(calm):
    with EngineWebSocket3(calm.url, SOCKET_IO) as session:
        assert [session.packet(), session.packet()] == ["40", '42["auth",{}]']
        session.tell("40")
        assert session.close_code() is None


def test_attachments_have_their_type_in_front(calm):
    with EngineWebSocket3(calm.url, SOCKET_IO) as session:
        assert [session.packet(), session.packet()] == ["40", '42["auth",{}]']
        session.tell('451-["message",{"_placeholder":true,"num":0}]', b"\x01\x02")
        assert session.packet() == '451-["message-back",{"_placeholder":true,"num":0}]'
        assert session.packet() == b"\x04\x01\x02"
