"""The server goes away and comes back on the same port: clients return by themselves."""

import pytest

from peers import BrowserPeer, PythonPeer, prepare
from programs import serve
from waiting import eventually


class Restartable:
    """A relay that can be ended, hard or politely, and started again on its port."""

    def __init__(self):
        self.program = serve()
        self.url, self.port = self.program.url, self.program.port

    def end(self, hard):
        self.program.kill() if hard else self.program.stop()

    def begin(self):
        self.program = serve(port=self.port)


@pytest.fixture
def relay():
    running = Restartable()
    yield running
    running.program.stop()


@pytest.mark.parametrize("hard", [True, False], ids=["killed", "stopped"])
@pytest.mark.parametrize("transport", ["polling", "websocket", "upgrade"])
@pytest.mark.parametrize("client", ["browser", "python"])
def test_a_client_returns_by_itself(request, relay, client, transport, hard):
    if (client, transport, hard) == ("python", "polling", False):
        pytest.skip("python-engineio takes the goodbye of a pending poll (`1`) as final and does not come back")
    if client == "python":
        check_return(relay, PythonPeer(relay.url, transport, reconnection=True), hard)
        return
    browser, bundle = request.getfixturevalue("browser"), request.getfixturevalue("bundle")
    with browser.page(relay.url + "/healthz") as page:
        prepare(page, bundle)
        options = {"reconnectionDelay": 50, "reconnectionDelayMax": 200}
        check_return(relay, BrowserPeer(page, relay.url, transport, **options), hard)


def check_return(relay, peer, hard):
    with peer:
        first = peer.id
        assert peer.ask("join", "room")[0]["ok"] is True
        relay.end(hard)
        eventually(lambda: peer.gone, 8, "the client to notice")
        relay.begin()
        peer.is_up(2, seconds=12)
        assert peer.id != first
        assert peer.ask("join", "room")[0]["ok"] is True
        peer.ask("relay", {"to": "room", "self": True}, "news", "back")
        assert peer.hears_one("news") == ["back"]
        assert str(peer.gone[0]) in ("transport close", "transport error")


def test_the_port_is_free_at_once_after_a_kill(relay):
    for _ in range(3):
        with PythonPeer(relay.url, "websocket") as peer:
            assert peer.ask("join", "room")[0]["ok"] is True
            relay.end(hard=True)
        relay.begin()
