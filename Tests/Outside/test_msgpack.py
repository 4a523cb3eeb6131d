"""socket.io-msgpack-parser: python-socketio over every transport, packets on the bare wire, and plain WebSockets in the
same room."""

import json

import msgpack
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from payloads import KINDS, LARGE
from peers import PythonPeer
from plain import PlainPeer
from programs import run_to_end

TRANSPORTS = ["polling", "websocket", "upgrade"]
# MessagePack's text is UTF-8, which has no halves of surrogate pairs.
UNSPEAKABLE = {"a lone high surrogate", "a lone low surrogate"}
SPEAKABLE = {name: value for name, value in KINDS.items() if name not in UNSPEAKABLE}
MORE = {
    "2^64 - 1": 2**64 - 1,
    "-2^63": -(2**63),
    "200 elements": list(range(-100, 100)),
    "70000 elements": [None] * 70_000,
    "300 members": {f"키{number}": number for number in range(300)},
    "infinity": float("inf"),
    "an extension": msgpack.ExtType(5, b"\x01\x02\x03"),
    "a moment": msgpack.Timestamp(1_795_361_242, 500_000_000),
}
ALL = SPEAKABLE | MORE


def packed_peer(program, transport, namespace="/", **options):
    return PythonPeer(program.url, transport, namespace, parser="msgpack", **options)


@pytest.fixture(scope="module", params=TRANSPORTS)
def peer(request, packed_echo):
    with packed_peer(packed_echo, request.param, auth={"token": "한", "key": b"\x01"}) as made:
        yield made


@pytest.mark.parametrize("value", ALL.values(), ids=ALL.keys())
def test_every_kind_of_value_comes_back_in_an_event_and_in_an_ack(peer, value):
    before = len(peer.heard("message-back"))
    peer.tell("message", value, "and", value)
    assert peer.hears("message-back", before + 1)[-1] == [value, "and", value]
    assert peer.ask("message-with-ack", value) == [value]


@pytest.mark.parametrize("value", LARGE.values(), ids=LARGE.keys())
def test_a_large_value_comes_back_unharmed(peer, value):
    assert peer.ask("message-with-ack", value) == [value]


def test_auth_arrives_as_what_json_can_say(peer):
    assert peer.hears_one("auth") == [{"token": "한", "key": "AQ=="}]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_namespaces_are_their_own(packed_echo, transport):
    with packed_peer(packed_echo, transport, "/custom") as custom, packed_peer(packed_echo, transport) as main:
        assert custom.ask("message-with-ack", "custom", b"\x00") == ["custom", b"\x00"]
        main.tell("message", 1)
        assert main.hears_one("message-back") == [1] and custom.heard("message-back") == []


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_others_in_a_room_hear_each_other_and_plain_websockets_do_too(packed_relay, transport):
    room = f"packed-{transport}"
    with (
        packed_peer(packed_relay, transport) as sender,
        packed_peer(packed_relay, transport) as other,
        PlainPeer(packed_relay.url, f"/ws/{room}") as plain,
    ):
        for peer in (sender, other):
            assert peer.ask("join", room)[0]["ok"] is True
        assert sender.ask(
            "relay", {"to": [room], "except": [], "self": False}, "news", {"a": [1, b"\x02"]}, "봉수"
        ) == [{"ok": True}]
        assert other.hears_one("news") == [{"a": [1, b"\x02"]}, "봉수"]
        text, attachment = (message for [message] in plain.hears("message", 2))
        assert json.loads(text) == ["news", {"a": [1, {"_placeholder": True, "num": 0}]}, "봉수"]
        assert attachment == b"\x02"
        sender.ask("relay", {"to": room}, "message", "한 마디")
        sender.ask("relay", {"to": room}, "message", b"\xff")
        assert [message for [message] in plain.hears("message", 4)][2:] == ["한 마디", b"\xff"]
        plain.tell('from "plain" 봉수')
        plain.tell(b"\x00\x01")
        assert other.hears("message", 4)[2:] == [['from "plain" 봉수'], [b"\x00\x01"]]
        assert sender.heard("news") == []


def test_what_may_not_be_relayed_is_refused_in_words(packed_relay):
    with packed_peer(packed_relay, "websocket") as peer:
        for arguments in (
            [],
            [{}],
            [{}, 1],
            [{}, "disconnect"],
            [{}, "relay:left"],
            ["room", "event"],
            [{"to": 1}, "e"],
        ):
            answer = peer.ask("relay", *arguments)[0]
            assert answer["ok"] is False and answer["error"]


@pytest.fixture
def wire(packed_echo):
    """A bare WebSocket with an open Engine.IO session."""
    address = f"ws://127.0.0.1:{packed_echo.port}/socket.io/?EIO=4&transport=websocket"
    with connect(address, max_size=None, close_timeout=3) as socket:
        assert socket.recv().startswith("0{")
        yield socket


def say(wire, packet):
    wire.send(msgpack.dumps(packet))


def hear(wire):
    return msgpack.loads(wire.recv(timeout=5))


def join(wire, namespace="/"):
    say(wire, {"type": 0, "nsp": namespace})
    answer = hear(wire)
    assert answer["type"] == 0 and answer["nsp"] == namespace and len(answer["data"]["sid"]) == 20
    assert hear(wire)["data"][0] == "auth"


def test_packets_are_maps_of_what_the_reference_sends(wire):
    join(wire)
    # As socket.io-client has it: options among the members, the namespace last.
    say(wire, {"type": 2, "data": ["message", 1.5], "options": {"compress": True}, "id": 0, "nsp": "/"})
    assert hear(wire) == {"type": 2, "data": ["message-back", 1.5], "nsp": "/"}
    say(wire, {"id": 300, "type": 2, "data": ["message-with-ack", None, b"\x01"], "nsp": "/"})
    assert hear(wire) == {"type": 3, "data": [None, b"\x01"], "nsp": "/", "id": 300}
    say(wire, {"type": 0, "nsp": "/nowhere"})
    assert hear(wire) == {"type": 4, "data": {"message": "Invalid namespace"}, "nsp": "/nowhere"}


def test_arguments_pass_through_byte_for_byte(wire):
    join(wire)
    # 1 in eight bytes, text in str 32, an old `undefined` and an ArrayBuffer of notepack.io.
    arguments = bytes.fromhex("cf0000000000000001 db0000000161 d40000 c7020007ff")
    wire.send(bytes.fromhex("83a47479706502a464617461 95 a76d657373616765") + arguments + bytes.fromhex("a36e7370a12f"))
    expected = bytes.fromhex("83a47479706502a464617461 95 ac6d6573736167652d6261636b")
    assert wire.recv(timeout=5) == expected + arguments + bytes.fromhex("a36e7370a12f")


BAD = {
    "text": "0",
    "text of the default parser": '42["message"]',
    "no map": msgpack.dumps([2]),
    "no type": msgpack.dumps({"nsp": "/"}),
    "a type beyond the last": msgpack.dumps({"type": 5, "nsp": "/", "data": ["a"]}),
    "a type as text": msgpack.dumps({"type": "2", "nsp": "/", "data": ["a"]}),
    "no namespace": msgpack.dumps({"type": 2, "data": ["a"]}),
    "a namespace that is no string": msgpack.dumps({"type": 2, "nsp": 2, "data": ["a"]}),
    "no data": msgpack.dumps({"type": 2, "nsp": "/"}),
    "data that are no array": msgpack.dumps({"type": 2, "nsp": "/", "data": "message"}),
    "an id that is no number": msgpack.dumps({"type": 2, "nsp": "/", "data": ["a"], "id": "1"}),
    "a negative id": msgpack.dumps({"type": 2, "nsp": "/", "data": ["a"], "id": -1}),
    "a reserved event": msgpack.dumps({"type": 2, "nsp": "/", "data": ["disconnect", "transport close"]}),
    "a name that is no text": msgpack.dumps({"type": 2, "nsp": "/", "data": [{"a": 1}]}),
    "names of members that are numbers": msgpack.dumps({"type": 2, "nsp": "/", "data": ["message", {1: 2}]}),
    "text that is not UTF-8": bytes.fromhex("83a47479706502a46461746192a161a1ffa36e7370a12f"),
    "bytes behind the packet": msgpack.dumps({"type": 2, "nsp": "/", "data": ["message"]}) + b"\x00",
    "half a packet": msgpack.dumps({"type": 2, "nsp": "/", "data": ["message"]})[:-1],
    "nothing": b"",
    "a byte that begins nothing": b"\xc1",
    "a map of four billion": b"\xdf\xff\xff\xff\xff",
    "an array of four billion": bytes.fromhex("83a47479706502a464617461ddffffffff"),
    "a thousand arrays inside one another": bytes.fromhex("83a47479706502a464617461") + b"\x91" * 1000,
    "a second CONNECT": msgpack.dumps({"type": 0, "nsp": "/"}),
    "an event for a namespace not joined": msgpack.dumps({"type": 2, "nsp": "/custom", "data": ["message"]}),
    "CONNECT_ERROR": msgpack.dumps({"type": 4, "nsp": "/", "data": "no"}),
}


@pytest.mark.parametrize("message", BAD.values(), ids=BAD.keys())
def test_what_is_no_packet_ends_the_connection(wire, message):
    join(wire)
    wire.send("4" + message if isinstance(message, str) else message)
    with pytest.raises(ConnectionClosed):
        wire.recv(timeout=5)
    assert wire.close_code == 1005


def test_a_client_of_the_default_parser_is_turned_away(packed_echo):
    with connect(f"ws://127.0.0.1:{packed_echo.port}/socket.io/?EIO=4&transport=websocket") as socket:
        socket.recv()
        socket.send("40")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=5)


def test_the_option_takes_the_two_names_only():
    status, _, complaint = run_to_end("bongsu", "serve", "--parser", "xml")
    assert status != 0 and "msgpack" in complaint
