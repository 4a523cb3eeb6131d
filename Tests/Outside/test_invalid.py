"""Socket.IO 5: what no well-behaved client sends. The connection ends without a close code, the server lives."""

import time

import pytest

from engine import Polling, joined, open_session
from waiting import eventually

RESERVED = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]
PLACEHOLDER = '{"_placeholder":true,"num":%s}'
MARK = PLACEHOLDER % 0

PARSER_ERRORS = {
    "an unknown type": ['47["message"]'],
    "a letter for a type": ["4abc"],
    "an empty message": ["4"],
    "no attachment count": ['45["message"]'],
    "an empty attachment count": ['45-["message"]'],
    "letters for a count": ['45a-["message"]'],
    "a negative count": ['45-1-["message"]'],
    "a fractional count": ['451.5-["message"]'],
    "a count in another notation": ['451e0-["message",' + MARK + "]"],
    "a hexadecimal count": ['450x1-["message",' + MARK + "]"],
    "CVE-2026-33151, eleven attachments": ['4511-["message"]'],
    "CVE-2026-33151, a billion attachments": ['451000000000-["message"]'],
    "CVE-2026-33151, more digits than a number has": ["45" + "9" * 40 + '-["message"]'],
    "an object for an event": ['42{"a":1}'],
    "a string for an event": ['42"message"'],
    "an empty array": ["42[]"],
    "CVE-2023-32695, an object for a name": ['42[{"toString":"foo"}]'],
    "CVE-2023-32695, null for a name": ["42[null]"],
    "CVE-2023-32695, true for a name": ["42[true]"],
    "CVE-2023-32695, an array for a name": ['42[["message"]]'],
    "an unfinished array": ['42["message"'],
    "a trailing comma": ['42["message",]'],
    "a missing value": ['42["message",,1]'],
    "single quotes": ["42['message']"],
    "a bare word": ['42["message",undefined]'],
    "NaN": ['42["message",NaN]'],
    "a number with a leading zero": ['42["message",01]'],
    "a number with a leading plus": ['42["message",+1]'],
    "a bare fraction": ['42["message",.5]'],
    "a bad escape": ['42["message","\\x"]'],
    "a short escape": ['42["message","\\u12"]'],
    "a control character in a string": ['42["message","a\x01b"]'],
    "something behind the payload": ['42["message"]x'],
    "two payloads": ['42["message"]["message"]'],
    "a comment": ['42["message"/**/]'],
    "a negative id": ['42-5["message"]'],
    "letters for an id": ['42abc["message"]'],
    "an object for an ack": ['431{"a":1}'],
    "a payload with a disconnect": ['41{"a":1}'],
    "an array for the auth": ["40/custom,[]"],
    "a string for the auth": ['40/custom,"x"'],
    "an unfinished auth": ['40/custom,{"a":'],
    "text where an attachment is due": [f'451-["message",{MARK}]', '42["message"]'],
    "a disconnect where an attachment is due": [f'451-["message",{MARK}]', "41"],
    "an attachment nobody announced": ["bAQI="],
    "one attachment too many": [f'451-["message",{MARK}]', "bAQI=", "bAQI="],
    "nesting beyond measure": ['42["message",' + "[" * 100_000 + "]" * 100_000 + "]"],
    "nesting that never ends": ['42["message",' + '{"a":' * 100_000],
}
PARSER_ERRORS |= {f"the reserved name {name}": [f'42["{name}"]'] for name in RESERVED}
PARSER_ERRORS |= {"a reserved name in disguise": ['42["\\u0063onnect"]']}
PARSER_ERRORS |= {
    f"CVE-2022-2421, {number} for a placeholder": [f'451-["message",{PLACEHOLDER % number}]', "bAQI="]
    for number in ["-1", "1", '"0"', "null", "0.5", "1e99", '"__proto__"', "[0]", "18446744073709551616"]
}
PARSER_ERRORS |= {
    "CVE-2022-2421, a placeholder without a number": ['451-["message",{"_placeholder":true}]', "bAQI="],
    "CVE-2022-2421, a bad placeholder deep inside": [f'451-["message",{{"a":[{{"b":{PLACEHOLDER % 7}}}]}}]', "bAQI="],
}

STATE_VIOLATIONS = {
    "a second connect": ["40"],
    "an event to a namespace not joined": ['42/custom,["message"]'],
    "an event to a namespace that is none": ['42/nowhere,["message"]'],
    "an ack to a namespace not joined": ["43/custom,1[]"],
    "a disconnect from a namespace not joined": ["41/custom,"],
    "a connect error": ['44{"message":"x"}'],
    "an event after the disconnect": ["41", '42["message"]'],
    "a second disconnect": ["41", "41"],
    "attachments for a namespace not joined": [f'451-/custom,["message",{MARK}]', "bAQI="],
}

BEFORE_CONNECT = {
    "an event": ['42["message"]'],
    "an ack": ["431[]"],
    "a disconnect": ["41"],
    "a connect error": ['44{"message":"x"}'],
    "an array for the auth": ["40[]"],
    "a string for the auth": ['40"x"'],
    "null for the auth": ["40null"],
    "an unfinished auth": ['40{"a":1'],
    "an unknown type": ["4abc"],
    "bytes": ["bAQI="],
    "two connects in one payload": ["40", "40"],
}


def parametrise(table):
    return pytest.mark.parametrize("packets", table.values(), ids=table.keys())


def assert_ended(session):
    """The goodbye each transport has for a connection that the server ends."""
    if isinstance(session, Polling):
        answer = session.get()
        if not answer.text.endswith("\x1e1"):
            # What was said before the error comes first, the goodbye with the next poll.
            assert answer.text.startswith(("40", '42["auth"', '451-["message-back"')), answer
            answer = session.get()
        assert answer.status == 200 and answer.text.endswith("6\x1e1"), answer
        eventually(session.is_gone)
        return
    for packet in session.ends():
        assert packet.payload.startswith((b"40", b'42["auth"', b'451-["message-back"', b"\x01\x02")), packet
    session.expect_closed()


@pytest.fixture(params=["polling", "websocket"])
def session(request, echo):
    return open_session(request.param, echo.url)


@parametrise(PARSER_ERRORS)
def test_a_malformed_packet_ends_the_connection(session, packets):
    joined(session)
    session.tell(*packets)
    assert_ended(session)


@parametrise(STATE_VIOLATIONS)
def test_a_packet_out_of_place_ends_the_connection(session, packets):
    joined(session)
    session.tell(*packets)
    assert_ended(session)


@parametrise(BEFORE_CONNECT)
def test_nothing_but_a_connect_may_come_first(session, packets):
    session.tell(*packets)
    assert_ended(session)


def test_the_websocket_is_closed_without_a_code(echo):
    session = open_session("websocket", echo.url)
    joined(session)
    session.tell("42{}")
    assert session.close_code() is None
    session.expect_closed()


def test_nothing_is_handled_after_the_error(echo):
    session = open_session("websocket", echo.url)
    joined(session)
    session.tell("42{}", '42["message","late"]')
    assert session.ends() == []


ENDLESS = {
    "brackets": '42["message",' + "[" * 990_000,
    "digits for an id": "42" + "1" * 990_000,
    "digits for a count": "45" + "1" * 990_000,
    "a namespace": "42/" + "a" * 990_000,
    "a name": '42["' + "a" * 990_000,
    "escapes": '42["' + "\\u0061" * 165_000,
    "placeholders": "451-[" + MARK + ("," + MARK) * 29_000,
}


@pytest.mark.parametrize("packet", ENDLESS.values(), ids=ENDLESS.keys())
def test_cve_2020_36049_a_megabyte_of_one_thing_costs_no_time(echo, packet):
    session = open_session("websocket", echo.url)
    joined(session)
    start = time.monotonic()
    session.tell(packet)
    session.ends()
    assert time.monotonic() - start < 2


def test_a_bad_packet_harms_only_its_sender(echo):
    bystander, offender = open_session("websocket", echo.url), open_session("websocket", echo.url)
    for session in (bystander, offender):
        joined(session)
    offender.tell('42["message",')
    assert_ended(offender)
    bystander.tell('421["message-with-ack","well"]')
    assert bystander.packet() == '431["well"]'
