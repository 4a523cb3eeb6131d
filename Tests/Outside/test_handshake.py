"""Engine.IO 4, Handshake: the open packet, the order of the checks, the bytes of each refusal."""

import json
import re

import pytest

from engine import ENGINE_IO, SOCKET_IO, EngineWebSocket, Polling, query
from frames import TEXT, WebSocket, accept_key, frame, upgrade_headers
from raw import exchange, request

MESSAGES = {
    0: "Transport unknown",
    1: "Session ID unknown",
    2: "Bad handshake method",
    3: "Bad request",
    5: "Unsupported protocol version",
}
OPEN = re.compile(
    r'0\{"sid":"([\w-]{20})","upgrades":(\[.*?\]),"pingInterval":(\d+),"pingTimeout":(\d+),"maxPayload":(\d+)\}'
)
PATHS = pytest.mark.parametrize("path", [SOCKET_IO, ENGINE_IO])


@PATHS
def test_polling_opens_with_the_handshake_packet(conformance, path):
    answer = request(conformance.url, "GET", path + query("polling"))
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert OPEN.fullmatch(answer.text).groups()[1:] == ('["websocket"]', "300", "200", "1000000")


def test_the_relay_announces_the_reference_defaults(bongsu):
    opened = OPEN.fullmatch(request(bongsu.url, "GET", SOCKET_IO + query("polling")).text)
    assert opened.groups()[1:] == ('["websocket"]', "25000", "20000", "1000000")


@PATHS
def test_websocket_opens_with_the_handshake_packet_and_no_upgrades(conformance, path):
    with EngineWebSocket(conformance.url, path) as session:
        assert OPEN.fullmatch(session.open_packet).groups()[1:] == ("[]", "300", "200", "1000000")


def test_the_answer_to_the_upgrade_is_101_with_the_accept_key(conformance):
    with EngineWebSocket(conformance.url) as session:
        assert session.handshake.headers["sec-websocket-accept"] == accept_key()
        assert session.handshake.headers["upgrade"].lower() == "websocket"
        assert session.handshake.headers["connection"].lower() == "upgrade"
        assert "sec-websocket-extensions" not in session.handshake.headers


def test_every_session_has_an_id_of_its_own(conformance):
    assert len({Polling(conformance.url).sid for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "target",
    [
        "/socket.io/?EIO=4&transport=polling&sid=",
        "/socket.io/?EIO=4&transport=polling&t=PXyz1.0",
        "/socket.io/?EIO=4&transport=%70olling",
        "/socket.io/?E%49O=4&transport=polling",
        "/socket.io/?EIO=4&transport=abc&transport=polling",
        "/socket.io/?EIO=3&EIO=4&transport=polling",
        "/socket.io/?&&EIO=4&transport=polling&",
        "/socket.io/anything?EIO=4&transport=polling",
    ],
)
def test_these_targets_are_handshakes(conformance, target):
    answer = request(conformance.url, "GET", target)
    assert answer.status == 200 and OPEN.fullmatch(answer.text), answer


REFUSALS = [
    ("GET", "", 0),
    ("GET", "?EIO=4", 0),
    ("GET", "?EIO=4&transport=", 0),
    ("GET", "?EIO=4&transport=abc", 0),
    ("GET", "?EIO=4&transport=Polling", 0),
    ("GET", "?EIO=4&transport=webtransport", 0),
    ("GET", "?EIO=4&transport=constructor", 0),
    ("GET", "?EIO=4&transport=__proto__", 0),
    ("GET", "?EIO=4&transport=polling&transport=abc", 0),
    ("GET", "?EIO=4&transport=polling+", 0),
    ("GET", "?EIO=4&transport=polling&sid=unknown", 1),
    ("POST", "?EIO=4&transport=polling&sid=unknown", 1),
    ("PUT", "?EIO=4&transport=polling&sid=unknown", 1),
    ("GET", "?EIO=4&transport=polling&sid=__proto__", 1),
    ("GET", "?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", 1),
    ("GET", "?EIO=4&transport=polling&sid=" + "a" * 4000, 1),
    ("GET", "?EIO=4&transport=websocket&sid=unknown", 1),
    ("POST", "?EIO=4&transport=polling", 2),
    ("PUT", "?EIO=4&transport=polling", 2),
    ("DELETE", "?EIO=4&transport=polling", 2),
    ("GET", "?EIO=4&transport=websocket", 3),
    ("GET", "?transport=polling", 5),
    ("GET", "?EIO=&transport=polling", 5),
    ("GET", "?EIO=3&transport=polling", 5),
    ("GET", "?EIO=5&transport=polling", 5),
    ("GET", "?EIO=04&transport=polling", 5),
    ("GET", "?EIO=4.0&transport=polling", 5),
    ("GET", "?EIO=%2B4&transport=polling", 5),
    ("GET", "?EIO=abc&transport=polling", 5),
    # The order: transport, session, method, version.
    ("GET", "?EIO=3&transport=abc&sid=unknown", 0),
    ("POST", "?EIO=3&transport=abc", 0),
    ("POST", "?EIO=3&transport=polling&sid=unknown", 1),
    ("POST", "?EIO=3&transport=polling", 2),
    ("POST", "?EIO=4&transport=websocket", 2),
    ("GET", "?EIO=3&transport=websocket", 3),
]


@PATHS
@pytest.mark.parametrize("method, rest, code", REFUSALS)
def test_a_refusal_says_its_code_and_message(conformance, path, method, rest, code):
    answer = request(conformance.url, method, path + rest, body=b"4x" if method in ("POST", "PUT") else None)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/json"
    assert answer.body == json.dumps({"code": code, "message": MESSAGES[code]}, separators=(",", ":")).encode()


def test_a_session_id_of_another_transport_is_a_bad_request(echo):
    polling = Polling(echo.url)
    answer = request(echo.url, "GET", SOCKET_IO + query("websocket", polling.sid))
    assert (answer.status, answer.json["code"]) == (400, 3)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_session_that_began_by_websocket_cannot_be_polled(echo, method):
    with EngineWebSocket(echo.url, ENGINE_IO) as session:
        sid = json.loads(session.open_packet[1:])["sid"]
        body = b"4x" if method == "POST" else None
        answer = request(echo.url, method, ENGINE_IO + query("polling", sid), body=body)
        assert (answer.status, answer.json["code"]) == (400, 3)
        session.tell("4still here")
        assert session.packet() == "4still here"


def test_head_is_a_bad_handshake_method(conformance):
    answer = request(conformance.url, "HEAD", SOCKET_IO + query("polling"))
    assert (answer.status, answer.body) == (400, b"")


def test_options_without_cors_is_a_bad_handshake_method(bongsu):
    answer = request(bongsu.url, "OPTIONS", SOCKET_IO + query("polling"))
    assert (answer.status, answer.json["code"]) == (400, 2)


@pytest.mark.parametrize("byte", ["\x01", "\x08", "\x1f", "\x7f"])
def test_an_origin_with_control_characters_is_refused(conformance, byte):
    headers = {"Origin": f"http://a{byte}b"}
    assert request(conformance.url, "GET", SOCKET_IO + query("polling"), headers).status == 400


UPGRADE_REFUSALS = [
    ("?EIO=4&transport=websocket&sid=unknown", "Session ID unknown"),
    ("?EIO=4&transport=abc", "Transport unknown"),
    ("?EIO=4", "Transport unknown"),
    ("", "Transport unknown"),
    ("?EIO=3&transport=websocket", "Unsupported protocol version"),
    ("?EIO=abc&transport=websocket", "Unsupported protocol version"),
    ("?transport=websocket", "Unsupported protocol version"),
]


@PATHS
@pytest.mark.parametrize("rest, message", UPGRADE_REFUSALS)
def test_a_refused_upgrade_is_answered_in_plain_text_and_closed(conformance, path, rest, message):
    with WebSocket(conformance.url, path + rest) as refused:
        assert refused.handshake.status == 400
        assert refused.handshake.headers["connection"].lower() == "close"
        assert refused.handshake.headers["content-type"] == "text/html"
        assert refused.handshake.body == message.encode()
        refused.expect_closed()


def test_an_upgrade_by_post_is_a_bad_handshake_method(conformance):
    headers = upgrade_headers() | {"Content-Length": "0"}
    with WebSocket(conformance.url, SOCKET_IO + query("websocket"), headers, method="POST") as refused:
        assert (refused.handshake.status, refused.handshake.body) == (400, b"Bad handshake method")


@pytest.mark.parametrize(
    "changes, named",
    [
        ({"Sec_WebSocket_Version": None}, b"Sec-WebSocket-Version"),
        ({"Sec_WebSocket_Version": "12"}, b"Sec-WebSocket-Version"),
        ({"Sec_WebSocket_Version": "013"}, b"Sec-WebSocket-Version"),
        ({"Sec_WebSocket_Key": None}, b"Sec-WebSocket-Key"),
        ({"Sec_WebSocket_Key": ""}, b"Sec-WebSocket-Key"),
        ({"Sec_WebSocket_Key": "short"}, b"Sec-WebSocket-Key"),
        ({"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ"}, b"Sec-WebSocket-Key"),
        ({"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZXh4eHg="}, b"Sec-WebSocket-Key"),
    ],
)
def test_a_bad_websocket_handshake_is_told_what_is_wrong(conformance, changes, named):
    with WebSocket(conformance.url, SOCKET_IO + query("websocket"), upgrade_headers(**changes)) as refused:
        # RFC 6455 §4.4 knows 426 for a version that is not spoken.
        assert refused.handshake.status in ((400, 426) if b"Version" in named else (400,))
        assert named in refused.handshake.body


@pytest.mark.parametrize("changes", [{"Upgrade": "foo"}, {"Upgrade": "h2c, foo"}])
def test_an_upgrade_to_something_else_is_refused(conformance, changes):
    with WebSocket(conformance.url, SOCKET_IO + query("websocket"), upgrade_headers(**changes)) as refused:
        assert refused.handshake.status == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"Upgrade": "WebSocket"},
        {"Upgrade": "WEBSOCKET", "Connection": "keep-alive, upgrade"},
        {"Connection": "UPGRADE ,\tkeep-alive"},
    ],
)
def test_the_handshake_headers_are_read_without_regard_to_case(conformance, changes):
    with WebSocket(conformance.url, SOCKET_IO + query("websocket"), upgrade_headers(**changes)) as accepted:
        assert accepted.opened().text().startswith("0")


def test_the_first_offered_subprotocol_is_echoed(conformance):
    headers = upgrade_headers(Sec_WebSocket_Protocol="foo, bar")
    with WebSocket(conformance.url, SOCKET_IO + query("websocket"), headers) as accepted:
        assert accepted.opened().handshake.headers["sec-websocket-protocol"] == "foo"


def test_deflate_is_not_accepted_unless_it_is_configured(conformance):
    headers = upgrade_headers(Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits")
    with WebSocket(conformance.url, SOCKET_IO + query("websocket"), headers) as accepted:
        assert "sec-websocket-extensions" not in accepted.opened().handshake.headers


@PATHS
def test_a_websocket_that_asks_for_polling_is_not_served(conformance, path):
    with WebSocket(conformance.url, path + query("polling")) as odd:
        if odd.handshake.status == 101:
            assert odd.close_code() is None
        else:
            assert odd.handshake.status == 400


def test_a_frame_sent_along_with_the_handshake_is_not_lost(echo):
    target = ENGINE_IO + query("websocket")
    with WebSocket(echo.url, target, extra=frame(TEXT, b"4early")) as session:
        assert session.opened().text().startswith("0")
        assert session.text() == "4early"


@pytest.mark.parametrize("name", ["Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol", "Connection"])
@pytest.mark.parametrize("filler", [",", " ,", '";', "a,"])
def test_headers_full_of_separators_cost_no_time(conformance, name, filler):
    head = f"GET {SOCKET_IO}{query('websocket')} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    head += f"Connection: Upgrade\r\n{name}: {filler * 3500}\r\n\r\n"
    assert exchange(conformance.url, head.encode()).status in (101, 400, 426, 431)


class TestCrossOrigin:
    """`conformance` allows every origin, `bongsu serve` says nothing about origins."""

    origin = {"Origin": "http://elsewhere.example"}

    @pytest.mark.parametrize("rest", [query("polling"), "", "?EIO=4&transport=polling&sid=unknown"])
    def test_answers_and_refusals_alike_allow_the_origin(self, conformance, rest):
        answer = request(conformance.url, "GET", SOCKET_IO + rest, self.origin)
        assert answer.headers["access-control-allow-origin"] == "*"

    def test_a_preflight_is_answered_204(self, conformance):
        asked = self.origin | {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-mine",
        }
        answer = request(conformance.url, "OPTIONS", SOCKET_IO + query("polling"), asked)
        assert answer.status == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-methods"] == "GET,HEAD,PUT,PATCH,POST,DELETE"
        assert answer.headers["access-control-allow-headers"] == "content-type,x-mine"

    def test_without_a_policy_no_header_is_sent_and_the_request_is_served(self, bongsu):
        answer = request(bongsu.url, "GET", SOCKET_IO + query("polling"), self.origin)
        assert answer.status == 200
        assert not [name for name in answer.headers if name.startswith("access-control")]
