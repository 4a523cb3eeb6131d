"""Why a socket went, in the reference's words, as the handlers of `disconnecting` and `disconnect` hear it."""

import json

import pytest

from engine import EngineWebSocket, Polling, open_session
from frames import TEXT, frame
from raw import Connection, head

WATCHER_ROOM = "r1"


def sid_of(session):
    session.tell("40")
    while not (packet := session.packet()).startswith("40"):
        pass
    return json.loads(packet[2:])["sid"]


def into_room(session):
    session.tell(f'420["join","{WATCHER_ROOM}"]')
    while not session.packet().startswith("430"):
        pass


@pytest.fixture
def watcher(calls):
    """A bystander in the room that hears `leaving` and, as everyone does, `left`."""
    with EngineWebSocket(calls.url) as session:
        sid_of(session)
        into_room(session)
        yield session


def reasons(watcher, sid):
    """What `disconnecting` and then `disconnect` said of a socket."""
    heard = []
    while len(heard) < 2:
        packet = watcher.packet()
        event = json.loads(packet[2:]) if packet.startswith("42") else [None, None]
        if event[1] == sid:
            heard.append(event)
    assert [event[0] for event in heard] == ["leaving", "left"], heard
    assert heard[0][2] == heard[1][2]
    return heard[0][2]


def culprit(calls, transport):
    session = open_session(transport, calls.url)
    sid = sid_of(session)
    into_room(session)
    return session, sid


def abandon(session):
    with session.pending() as poll:
        assert poll.is_quiet()


def overlap(session):
    with session.pending() as poll:
        assert poll.is_quiet()
        session.get()


def overlap_posts(session):
    with Connection(session.url) as first:
        first.send(head("POST", session.target, first.authority, {"Content-Length": "10"}) + b"4half")
        assert first.is_quiet()
        session.post("4whole")


def octets(session):
    session.post(b"\x01", {"Content-Type": "application/octet-stream"})


def malformed_then_poll(session):
    session.tell("42{}")
    session.get()


POLLING = {
    "client namespace disconnect": lambda session: session.tell("41"),
    "transport close": lambda session: session.tell("1"),
    "transport error, a poll abandoned": abandon,
    "transport error, two polls at once": overlap,
    "transport error, two posts at once": overlap_posts,
    "transport error, octets": octets,
    "transport error, a client's ping": lambda session: session.tell("2"),
    "parse error": lambda session: session.tell("abc"),
    "parse error, an empty payload": lambda session: session.post(""),
    "forced close, a malformed packet": malformed_then_poll,
    "forced server close, a packet out of place": lambda session: session.tell("40"),
    "server namespace disconnect": lambda session: session.tell('42["do","socket.disconnect"]'),
    "server namespace disconnect, and closed": lambda session: session.tell('42["do","socket.disconnect(true)"]'),
}

WEBSOCKET = {
    "client namespace disconnect": lambda session: session.tell("41"),
    "transport close, a close frame": lambda session: session.send_close(1000),
    "transport close, another code": lambda session: session.send_close(4001),
    "transport close, no code": lambda session: session.send_close(),
    "transport close, the connection ended": lambda session: session.close(),
    "transport close, the connection reset": lambda session: session.abort(),
    "transport error, a client's ping": lambda session: session.tell("2"),
    "transport error, an unmasked frame": lambda session: session.send(frame(TEXT, b"x", mask=False)),
    "transport error, text that is not UTF-8": lambda session: session.send(frame(TEXT, b"4\xff")),
    "transport error, a message too large": lambda session: session.tell("4" + "x" * 1_000_000),
    "parse error": lambda session: session.tell("abc"),
    "parse error, an empty message": lambda session: session.tell(""),
    "forced close, a malformed packet": lambda session: session.tell("42{}"),
    "forced close, a packet out of place": lambda session: session.tell("40"),
    "server namespace disconnect": lambda session: session.tell('42["do","socket.disconnect"]'),
    "server namespace disconnect, and closed": lambda session: session.tell('42["do","socket.disconnect(true)"]'),
}


@pytest.mark.parametrize("row", POLLING)
def test_the_reason_over_polling(calls, watcher, row):
    session, sid = culprit(calls, "polling")
    POLLING[row](session)
    assert reasons(watcher, sid) == row.split(",")[0]


@pytest.mark.parametrize("row", WEBSOCKET)
def test_the_reason_over_websocket(calls, watcher, row):
    session, sid = culprit(calls, "websocket")
    WEBSOCKET[row](session)
    assert reasons(watcher, sid) == row.split(",")[0]


def test_a_reason_reaches_every_namespace_of_the_connection(calls, watcher):
    session, sid = culprit(calls, "websocket")
    session.tell("40/name,")
    session.close()
    assert reasons(watcher, sid) == "transport close"


def test_an_upgraded_session_has_the_reasons_of_a_websocket(calls, watcher):
    session, sid = culprit(calls, "polling")
    assert isinstance(session, Polling)
    upgraded = EngineWebSocket(calls.url, sid=session.sid).upgrade()
    upgraded.send_close(1000)
    assert reasons(watcher, sid) == "transport close"
