"""Connection state recovery: clients whose connection breaks come back as they were, and have missed nothing."""

import json
import re
import time

import pytest

from engine import EngineWebSocket, open_session
from line import Line
from peers import BrowserPeer, PythonPeer
from programs import serve
from waiting import eventually

TRANSPORTS = ["polling", "websocket", "upgrade"]
CALM = ("--ping-interval", 25_000, "--ping-timeout", 20_000)
RECONNECTING = {"reconnectionDelay": 50, "reconnectionDelayMax": 100, "timeout": 3000}
OFFSET = r"[0-9a-z]+-[0-9a-z]+"


@pytest.fixture(scope="module")
def relay():
    program = serve("--recovery", 60, "--cors-origin", "*", "--namespace", "/", "--namespace", "/other", *CALM)
    yield program
    program.assert_running()
    program.stop()


@pytest.fixture
def line(relay):
    with Line(relay.port) as opened:
        yield opened


class Speaker:
    """Somebody with a good connection, who tells a room numbers."""

    def __init__(self, relay, namespace="/"):
        self.session = EngineWebSocket(relay.url)
        self.prefix = "" if namespace == "/" else namespace + ","
        self.session.tell("40" + self.prefix)
        assert self.session.packet().startswith("40")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session.__exit__(*_)

    def relay(self, options, *event):
        self.session.tell(f"42{self.prefix}0" + json.dumps(["relay", options, *event], separators=(",", ":")))
        while not self.session.packet().startswith("43"):
            pass

    def count(self, numbers, room="r"):
        for number in numbers:
            self.relay({"to": room}, "n", number)


@pytest.fixture
def speaker(relay):
    with Speaker(relay) as opened:
        yield opened


def numbers(peer):
    return [arguments[0] for arguments in peer.heard("n")]


def is_recovered(peer):
    return peer._get("peer.socket.recovered")


@pytest.fixture
def browser_peer(page, line):
    opened = []

    def make(transport, **options):
        opened.append(BrowserPeer(page, line.url, transport, **RECONNECTING, **options))
        return opened[-1]

    yield make
    for peer in opened:
        peer.close()


def cut(peer, line):
    """Breaks the connection and waits until the client has noticed."""
    line.down()
    eventually(lambda: not peer._get("peer.socket.connected"), 10, "the client to notice")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_official_client_comes_back_again_and_again(browser_peer, line, speaker, transport):
    peer = browser_peer(transport)
    first = peer.id
    # Nothing was received, nothing was missed; twice.
    for connects in (2, 3):
        cut(peer, line)
        line.up()
        peer.is_up(connects)
        assert is_recovered(peer) and peer.id == first
    peer.ask("join", "r")
    speaker.count(range(5))
    peer.hears("n", 5)
    cut(peer, line)
    speaker.count(range(5, 10))
    speaker.count([-1], room="elsewhere")
    speaker.relay({"to": "r", "except": first}, "n", -2)
    speaker.relay({"to": "r", "volatile": True}, "n", -3)
    line.up()
    peer.is_up(4)
    assert is_recovered(peer) and peer.id == first
    # Idle, then once more with something to miss.
    cut(peer, line)
    line.up()
    peer.is_up(5)
    assert is_recovered(peer)
    cut(peer, line)
    speaker.count(range(10, 12))
    line.up()
    peer.is_up(6)
    assert is_recovered(peer) and peer.id == first
    speaker.count([12])
    peer.hears("n", 13)
    assert numbers(peer) == list(range(13))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_official_client_is_back_before_its_loss_is_noticed(browser_peer, line, speaker, transport):
    peer = browser_peer(transport)
    first = peer.id
    peer.ask("join", "r")
    speaker.count([0])
    peer.hears("n", 1)
    frozen = line.freeze()
    speaker.count(range(1, 6))
    eventually(lambda: not peer._get("peer.socket.connected"), 10, "the client to notice")
    line.up()
    peer.is_up(2)
    assert is_recovered(peer) and peer.id == first
    speaker.count([6])
    peer.hears("n", 7)
    assert numbers(peer) == list(range(7))
    assert frozen


def test_the_official_client_gets_bytes_and_namespaces_back(browser_peer, line, relay):
    peer = browser_peer("websocket", namespace="/other")
    peer.ask("join", "r")
    first = peer.id
    with Speaker(relay, "/other") as speaker, Speaker(relay) as stranger:
        cut(peer, line)
        stranger.count([-1])
        speaker.session.tell('451-/other,["relay",{"to":"r"},"n",{"_placeholder":true,"num":0}]', b"\x01\x02")
        speaker.count([1])
        line.up()
        peer.is_up(2)
        assert is_recovered(peer) and peer.id == first
        peer.hears("n", 2)
        assert numbers(peer) == [b"\x01\x02", 1]


def test_the_official_client_that_comes_too_late_is_new(page):
    program = serve("--recovery", 1, "--cors-origin", "*", *CALM)
    try:
        with Line(program.port) as line, BrowserPeer(page, line.url, "websocket", **RECONNECTING) as peer:
            first = peer.id
            cut(peer, line)
            time.sleep(1.5)
            line.up()
            peer.is_up(2)
            assert not is_recovered(peer) and peer.id != first
    finally:
        program.stop()


@pytest.mark.parametrize("transport", ["polling", "websocket"])
def test_the_wire_is_the_reference_s(relay, speaker, transport):
    session = open_session(transport, relay.url)
    session.tell("40")
    answer = re.fullmatch(r'40\{"sid":"([\w-]{20})","pid":"([\w-]{20})"\}', session.packet())
    sid, pid = answer.groups()
    assert sid != pid
    session.tell('420["join","r"]')
    assert session.packet().startswith("430")
    speaker.count([1])
    event = re.fullmatch(rf'42\["n",1,"({OFFSET})"\]', session.packet())
    if transport == "websocket":
        session.__exit__(None, None, None)
    speaker.count([2, 3])
    back = open_session(transport, relay.url)
    back.tell(f'40{{"pid":"{pid}","offset":"{event.group(1)}","token":"x"}}')
    assert re.fullmatch(rf'42\["n",2,"{OFFSET}"\]', back.packet())
    assert re.fullmatch(rf'42\["n",3,"{OFFSET}"\]', back.packet())
    assert back.packet() == f'40{{"sid":"{sid}","pid":"{pid}"}}'
    # It is still in its room.
    speaker.count([4])
    assert re.fullmatch(rf'42\["n",4,"{OFFSET}"\]', back.packet())


def test_a_private_id_of_a_server_that_was_is_worth_nothing(relay):
    program = serve("--recovery", 60)
    try:
        with EngineWebSocket(program.url) as session:
            session.tell("40")
            old = json.loads(session.packet()[2:])
    finally:
        program.stop()
    with EngineWebSocket(relay.url) as session:
        session.tell("40" + json.dumps({"pid": old["pid"], "offset": "1-1"}))
        new = json.loads(session.packet()[2:])
        assert new["sid"] != old["sid"] and new["pid"] != old["pid"]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_python_s_client_lives_with_it(relay, speaker, transport):
    with PythonPeer(relay.url, transport) as peer:
        peer.ask("join", "r")
        speaker.count([1, 2])
        assert [event[0] for event in peer.hears("n", 2)] == [1, 2]


def test_without_the_option_there_is_no_offset_and_no_private_id(bongsu):
    with EngineWebSocket(bongsu.url) as session:
        session.tell("40")
        assert list(json.loads(session.packet()[2:])) == ["sid"]
