"""Socket.IO 5: joining and leaving namespaces, on the bare wire."""

import json
import re

import pytest

from engine import joined, open_session

CONNECTED = re.compile(r'40(/[^,]*,)?\{"sid":"([\w-]{20})"\}')


@pytest.fixture(params=["polling", "websocket"])
def session(request, echo):
    return open_session(request.param, echo.url)


def assert_joined(session, namespace="/"):
    prefix = "" if namespace == "/" else namespace + ","
    session.tell(f'42{prefix}7["message-with-ack","x"]')
    assert session.packet() == f'43{prefix}7["x"]'


@pytest.mark.parametrize(
    "sent, prefix, auth",
    [
        ("40", "", {}),
        ("40{}", "", {}),
        ('40{"token":"123"}', "", {"token": "123"}),
        ('40{ "키" : [ 1, {"a":null} ] }', "", {"키": [1, {"a": None}]}),
        ("40/,", "", {}),
        ("40/custom,", "/custom,", {}),
        ("40/custom", "/custom,", {}),
        ('40/custom,{"token":"abc"}', "/custom,", {"token": "abc"}),
    ],
)
def test_a_connect_is_answered_with_an_id_and_the_handlers_hear_the_auth(session, sent, prefix, auth):
    session.tell(sent)
    answer = CONNECTED.fullmatch(session.packet())
    assert (answer.group(1) or "") == prefix
    event = session.packet()
    assert event.startswith(f"42{prefix}[")
    assert json.loads(event[2 + len(prefix) :]) == ["auth", auth]


def test_every_namespace_has_an_id_of_its_own_unlike_the_sessions(echo):
    session = open_session("polling", echo.url)
    assert len({session.sid, joined(session), joined(session, "/custom")}) == 3


UNKNOWN = ["/random", "/custom/", "/Custom", "/custom?token=abc", "/봉수", "/__proto__", "/a b"]


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_namespace_is_refused_and_the_connection_stays(session, name):
    session.tell(f"40{name},")
    assert session.packet() == f'44{name},{{"message":"Invalid namespace"}}'
    joined(session)
    assert_joined(session)


def test_an_unknown_namespace_without_a_comma_is_refused_by_its_name(session):
    session.tell("40/random")
    assert session.packet() == '44/random,{"message":"Invalid namespace"}'


def test_two_namespaces_hear_only_what_is_theirs(session):
    joined(session)
    joined(session, "/custom")
    session.tell('42/custom,["message","a"]', '42["message","b"]')
    assert session.packet() == '42/custom,["message-back","a"]'
    assert session.packet() == '42["message-back","b"]'


def test_leaving_one_namespace_leaves_the_other(session):
    joined(session)
    joined(session, "/custom")
    session.tell("41/custom,")
    assert_joined(session)


def test_a_namespace_can_be_left_and_joined_again(session):
    first = joined(session)
    session.tell("41")
    assert joined(session) != first
    assert_joined(session)


def test_the_main_namespace_is_not_needed_for_another(session):
    joined(session, "/custom")
    assert_joined(session, "/custom")


def test_an_event_followed_by_a_disconnect_in_one_payload_is_dropped(echo):
    """Events are handled after the payload they came in; by then the socket has left."""
    session = open_session("polling", echo.url)
    joined(session)
    joined(session, "/custom")
    session.tell('42["message","late"]', "41")
    assert_joined(session, "/custom")


def test_conformance_says_nothing_in_one_breath_with_its_answer_to_a_connect(conformance):
    """The suites listen for one message at a time; in Node they lose one that arrives with the one before."""

    def are_apart():
        with open_session("websocket", conformance.url) as session:
            session.tell("40")
            assert CONNECTED.fullmatch(session.packet())
            are_apart = not session.buffer
            assert session.packet() == '42["auth",{}]'
            return are_apart

    # A busy machine may bring them together all the same.
    assert any(are_apart() for _ in range(10))


def test_conformance_tells_the_auth_before_it_answers_anything(conformance):
    with open_session("websocket", conformance.url) as session:
        session.tell("40", '42["message","x"]', '421["message-with-ack"]')
        assert CONNECTED.fullmatch(session.packet())
        assert [session.packet() for _ in range(3)] == ['42["auth",{}]', '42["message-back","x"]', "431[]"]
