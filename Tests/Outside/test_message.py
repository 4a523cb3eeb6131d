"""Socket.IO 5: events, acks and attachments on the bare wire."""

import json
import re
from base64 import b64encode

import pytest

from engine import Polling, joined, open_session
from frames import TEXT, frame

BOTH = ["polling", "websocket"]
FIRST = '{"_placeholder":true,"num":0}'
SECOND = '{"_placeholder":true,"num":1}'


@pytest.fixture(params=BOTH)
def session(request, echo):
    session = open_session(request.param, echo.url)
    joined(session)
    return session


def attached(session, *payloads):
    """Attachments as the transport carries them."""
    if isinstance(session, Polling):
        return ["b" + b64encode(payload).decode() for payload in payloads]
    return list(payloads)


@pytest.mark.parametrize(
    "payload",
    [
        "1",
        "1,2,3",
        '"1",true,false,null,-1.5,"",[],{}',
        '"봉수","🔥","a\u2028b"',
        '{"a":[{"b":[[]]}],"한":{"":0}}',
        '"\\ud800","\\udc00x","\\u0000"',
        '"\\"quoted\\" \\\\ \\/ \\n"',
        '{"a":1,"a":2}',
        "0,1e3,1E+2,123456789012345678901234567890",
    ],
)
def test_an_event_is_echoed(session, payload):
    session.tell(f'42["message",{payload}]')
    answer = session.packet()
    assert answer.startswith('42["message-back"')
    assert json.loads(answer[2:]) == ["message-back", *json.loads(f"[{payload}]")]


def test_an_event_may_have_no_arguments(session):
    session.tell('42["message"]')
    assert session.packet() == '42["message-back"]'


def test_white_space_in_a_payload_is_no_error(session):
    session.tell('42 [ "message" , 1 ,\t{ "a" : 2 }\r\n] ')
    answer = session.packet()
    assert json.loads(answer[2:]) == ["message-back", 1, {"a": 2}]


def test_an_event_name_may_be_written_with_escapes(session):
    session.tell('42["m\\u0065ssage","x"]')
    assert session.packet() == '42["message-back","x"]'


UNHEARD = [
    # CVE-2024-38355: nobody handles it, and nobody dies of it.
    pytest.param('"error"', id="CVE-2024-38355"),
    *('"connection"', '"never heard of"', '""', "5", '"toString"', '"__proto__"'),
]


@pytest.mark.parametrize("name", UNHEARD)
def test_events_nobody_listens_to_are_ignored(session, name):
    session.tell(f"42[{name},1]")
    assert_usable(session)


def assert_usable(session):
    session.tell('421["message-with-ack","fine"]')
    assert session.packet() == '431["fine"]'


@pytest.mark.parametrize(
    "sent, answered",
    [
        ('421["message-with-ack"]', "431[]"),
        ('42456["message-with-ack",1,"2",{"3":[false]}]', '43456[1,"2",{"3":[false]}]'),
        ('420["message-with-ack","x"]', '430["x"]'),
        ('42007["message-with-ack","x"]', '437["x"]'),
        ('42 5["message-with-ack","x"]', '435["x"]'),
        ('429007199254740991["message-with-ack"]', "439007199254740991[]"),
        ('42100000000000000000000["message-with-ack"]', "43100000000000000000000[]"),
    ],
)
def test_an_ack_bears_the_number_of_the_event(session, sent, answered):
    session.tell(sent)
    assert session.packet() == answered


def test_an_ack_in_a_namespace_names_it(session):
    joined(session, "/custom")
    session.tell('42/custom,3["message-with-ack","x"]')
    assert session.packet() == '43/custom,3["x"]'


@pytest.mark.parametrize("ack", ["43999[]", "43[]", '43999["x",1]', "43999[]\x1e43999[]", "43007[null]"])
def test_an_ack_nobody_waits_for_is_ignored(session, ack):
    session.tell(*ack.split("\x1e"))
    assert_usable(session)


def test_an_event_without_a_payload_is_tolerated(session):
    session.tell("42")
    assert_usable(session)


def test_attachments_are_echoed_in_their_places(session):
    session.tell(f'452-["message",{{"a":[{FIRST}]}},{SECOND}]', *attached(session, b"\x01\x02", b"\xff"))
    answer = session.packet()
    assert answer.startswith('452-["message-back",')
    assert json.loads(answer[4:]) == ["message-back", {"a": [json.loads(FIRST)]}, json.loads(SECOND)]
    assert [session.packet(), session.packet()] == attached(session, b"\x01\x02", b"\xff")


def test_an_ack_can_carry_attachments(session):
    session.tell(f'452-789["message-with-ack",{FIRST},"x",{SECOND}]', *attached(session, b"\x03", b""))
    answer = session.packet()
    assert answer.startswith("462-789[")
    assert json.loads(answer[7:]) == [json.loads(FIRST), "x", json.loads(SECOND)]
    assert [session.packet(), session.packet()] == attached(session, b"\x03", b"")


def test_attachments_in_a_namespace(session):
    joined(session, "/custom")
    session.tell(f'451-/custom,["message",{FIRST}]', *attached(session, b"\x05"))
    assert json.loads(session.packet().removeprefix("451-/custom,")) == ["message-back", json.loads(FIRST)]
    assert [session.packet()] == attached(session, b"\x05")


def reassembled(session):
    """The next binary event with its attachments put in their places."""
    text = session.packet()
    count = int(re.match(r"45(\d+)-", text).group(1))
    parts = [session.packet() for _ in range(count)]

    def place(member):
        return parts[member["num"]] if isinstance(member, dict) and member.get("_placeholder") else member

    return [place(member) for member in json.loads(text[text.index("[") :])]


@pytest.mark.parametrize("order", [(0, 0), (1, 1), (1, 0)])
def test_a_placeholder_may_repeat_or_skip(session, order):
    both = attached(session, b"\x0a", b"\x0b")
    marks = ",".join(f'{{"_placeholder":true,"num":{number}}}' for number in order)
    session.tell(f'452-["message",{marks}]', *both)
    assert reassembled(session) == ["message-back", *(both[number] for number in order)]


def test_ten_attachments_are_allowed(session):
    marks = ",".join(f'{{"_placeholder":true,"num":{number}}}' for number in range(10))
    parts = attached(session, *(bytes([number]) for number in range(10)))
    session.tell(f'4510-["message",{marks}]', *parts)
    assert reassembled(session) == ["message-back", *parts]


def test_attachments_may_come_in_a_later_post(echo):
    session = Polling(echo.url)
    joined(session)
    session.tell(f'451-["message",{FIRST}]')
    session.tell("bAQI=")
    assert reassembled(session) == ["message-back", "bAQI="]


def test_an_attachment_may_come_as_base64_text_over_websocket(echo):
    session = open_session("websocket", echo.url)
    joined(session)
    session.tell(f'451-["message",{FIRST}]', "bAQIDBA==")
    assert reassembled(session) == ["message-back", b"\x01\x02\x03\x04"]


def test_a_binary_event_that_announces_none_is_an_event(session):
    session.tell('450-["message","zero"]')
    answer = session.packet()
    assert json.loads(answer[answer.index("[") :]) == ["message-back", "zero"]


@pytest.mark.parametrize("size", [125, 126, 127, 65_535, 65_536, 500_000])
def test_sizes_at_the_borders_of_the_frame_header(echo, size):
    session = open_session("websocket", echo.url)
    joined(session)
    text = "x" * (size - len('42["message",""]'))
    session.tell(f'42["message","{text}"]')
    assert session.packet() == f'42["message-back","{text}"]'
    session.tell(f'451-["message",{FIRST}]', b"\x09" * size)
    assert reassembled(session) == ["message-back", b"\x09" * size]


def test_a_burst_in_one_write_is_answered_in_order(echo):
    session = open_session("websocket", echo.url)
    joined(session)
    session.send(b"".join(frame(TEXT, b'42["message",%d]' % number) for number in range(500)))
    heard = [session.packet() for _ in range(500)]
    assert heard == [f'42["message-back",{number}]' for number in range(500)]


def test_a_burst_in_one_post_is_answered_in_order(echo):
    session = Polling(echo.url)
    joined(session)
    session.tell(*(f'42["message",{number}]' for number in range(500)))
    heard = [session.packet() for _ in range(500)]
    assert heard == [f'42["message-back",{number}]' for number in range(500)]
