"""The official browser client and python-socketio, each over every transport, against the echo program."""

import pytest

from payloads import KINDS, LARGE
from peers import BrowserPeer, PythonPeer

CLIENTS = ["browser", "python"]
TRANSPORTS = ["polling", "websocket", "upgrade"]


@pytest.fixture
def open_peer(request, echo):
    """Makes peers of either kind and closes them at the end."""
    opened = []

    def make(client, transport, **options):
        if client == "browser":
            peer = BrowserPeer(request.getfixturevalue("page"), echo.url, transport, **options)
        else:
            peer = PythonPeer(echo.url, transport, **options)
        opened.append(peer)
        return peer

    yield make
    for peer in opened:
        peer.close()


@pytest.fixture(scope="module", params=[(c, t) for c in CLIENTS for t in TRANSPORTS], ids="-".join)
def peer(request, echo):
    """One connected client for the tests that only send and listen."""
    client, transport = request.param
    if client == "browser":
        made = BrowserPeer(request.getfixturevalue("page"), echo.url, transport)
    else:
        made = PythonPeer(echo.url, transport)
    with made:
        yield made


@pytest.mark.parametrize("value", KINDS.values(), ids=KINDS.keys())
def test_every_kind_of_value_comes_back_in_an_event_and_in_an_ack(peer, value):
    before = len(peer.heard("message-back"))
    peer.tell("message", value, "and", value)
    assert peer.hears("message-back", before + 1)[-1] == [value, "and", value]
    assert peer.ask("message-with-ack", value) == [value]


@pytest.mark.parametrize("value", LARGE.values(), ids=LARGE.keys())
def test_a_large_value_comes_back_unharmed(peer, value):
    assert peer.ask("message-with-ack", value) == [value]


def test_an_event_without_arguments_comes_back_without_arguments(peer):
    before = len(peer.heard("message-back"))
    peer.tell("message")
    assert peer.hears("message-back", before + 1)[-1] == []
    assert peer.ask("message-with-ack") == []


def test_a_burst_comes_back_complete_and_in_order(peer):
    before = len(peer.heard("message-back"))
    peer.tell_all("message", list(range(500)))
    heard = peer.hears("message-back", before + 500, seconds=15)[before:]
    assert heard == [[number] for number in range(500)]


def test_bursts_with_bytes_keep_their_order(peer):
    before = len(peer.heard("message-back"))
    values = [bytes([number]) * 100 if number % 3 else number for number in range(150)]
    peer.tell_all("message", values)
    assert peer.hears("message-back", before + 150, seconds=15)[before:] == [[value] for value in values]


def test_the_peer_uses_the_transport_it_was_asked_to(peer, request):
    wanted = request.node.callspec.params["peer"][1]
    assert peer.transport == ("polling" if wanted == "polling" else "websocket")


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("client", CLIENTS)
def test_the_handshake_auth_reaches_the_server(open_peer, client, transport):
    auth = {"token": "비밀", "n": 1}
    assert open_peer(client, transport, auth=auth).hears_one("auth") == [auth]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("client", CLIENTS)
def test_a_custom_namespace_has_its_own_id_and_events(open_peer, client, transport):
    peer = open_peer(client, transport, namespace="/custom")
    assert peer.hears_one("auth") == [{}]
    assert peer.ask("message-with-ack", 1, b"\x02", "셋") == [1, b"\x02", "셋"]
    assert len(peer.id) == 20


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_browser_learns_that_a_namespace_is_unknown(open_peer, transport):
    peer = open_peer("browser", transport, namespace="/nowhere", wait=False)
    peer.page.until(f"peers.{peer.name}.errors.length > 0")
    assert peer.errors == [{"message": "Invalid namespace", "data": None}]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_python_learns_that_a_namespace_is_unknown(open_peer, transport):
    from socketio.exceptions import ConnectionError as Refused

    with pytest.raises(Refused, match="One or more namespaces failed to connect"):
        open_peer("python", transport, namespace="/nowhere")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_two_namespaces_share_one_connection_in_the_browser(open_peer, page, echo, transport):
    peer = open_peer("browser", transport)
    page.evaluate(f"""
        const second = peers.{peer.name}.socket.io.socket("/custom");
        globalThis.second = [];
        second.onAny((...heard) => globalThis.second.push(heard));
        second.on("connect", () => second.emit("message", "x"));
    """)
    page.until("globalThis.second.length === 2")
    assert page.evaluate("return globalThis.second;") == [["auth", {}], ["message-back", "x"]]
    assert peer.ask("message-with-ack", "still here") == ["still here"]
    assert peer.heard("message-back") == []


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_that_leaves_knows_that_it_left_by_itself(open_peer, client, transport):
    peer = open_peer(client, transport)
    peer.disconnect()
    reason = "io client disconnect" if client == "browser" else "client disconnect"
    assert [str(each) for each in peer.gone] == [reason]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_client_can_come_back_with_a_new_id(open_peer, page, transport):
    peer = open_peer("browser", transport)
    first = peer.id
    peer.disconnect()
    page.evaluate(f"peers.{peer.name}.socket.connect()")
    peer.is_up(2)
    assert peer.id != first
    assert peer.ask("message-with-ack", "again") == ["again"]
