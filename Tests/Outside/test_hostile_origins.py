"""Pages of foreign origins, once `--cors-origin` says which ones may connect."""

import json

import pytest

from engine import SOCKET_IO, query
from frames import WebSocket, upgrade_headers
from programs import serve
from raw import request

LISTED = "https://example.com"
FOREIGN = [
    "https://evil.example",
    "null",
    "https://example.com.evil.example",
    "https://evil-example.com",
    "http://example.com",
    "https://example.com:444",
    "https://example.com/",
    "",
]
SAME_HOST = ["http://{}", "https://{}"]
WEBSOCKETS = [SOCKET_IO + query("websocket"), "/ws/room", "/echo", "/broadcast"]

at_every_websocket = pytest.mark.parametrize("path", WEBSOCKETS)


@pytest.fixture(scope="module")
def relay():
    program = serve("--cors-origin", LISTED)
    yield program
    assert program.is_running
    program.stop()


def poll(relay, headers=()):
    return request(relay.url, "GET", SOCKET_IO + query("polling"), headers)


def handshake(relay, path, **headers):
    with WebSocket(relay.url, path, upgrade_headers(**headers)) as socket:
        return socket.handshake


@pytest.mark.parametrize("origin", FOREIGN)
def test_cve_2020_28481_a_foreign_origin_gets_no_polling_session(relay, origin):
    answer = poll(relay, {"Origin": origin})
    assert answer.status == 403
    assert json.loads(answer.text)["code"] == 4
    assert "access-control-allow-origin" not in answer.headers


@at_every_websocket
@pytest.mark.parametrize("origin", FOREIGN)
def test_cve_2020_28481_a_foreign_origin_gets_no_websocket(relay, origin, path):
    assert handshake(relay, path, Origin=origin).status in (400, 403)


@at_every_websocket
def test_the_listed_origin_connects(relay, path):
    answer = poll(relay, {"Origin": LISTED})
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == LISTED
    assert handshake(relay, path, Origin=LISTED).status == 101


@at_every_websocket
@pytest.mark.parametrize("form", SAME_HOST)
def test_the_servers_own_pages_connect(relay, path, form):
    origin = form.format(f"{relay.host}:{relay.port}")
    assert poll(relay, {"Origin": origin}).status == 200
    assert handshake(relay, path, Origin=origin).status == 101


@at_every_websocket
def test_who_is_no_browser_sends_no_origin_and_connects(relay, path):
    assert poll(relay).status == 200
    assert handshake(relay, path).status == 101


@at_every_websocket
def test_another_host_name_does_not_make_a_foreign_page_our_own(relay, path):
    assert handshake(relay, path, Origin="https://evil.example", Host="evil.example.com").status in (400, 403)


@pytest.mark.parametrize("path", WEBSOCKETS)
def test_without_the_option_every_origin_gets_a_websocket(bongsu, path):
    assert handshake(bongsu, path, Origin="https://evil.example").status == 101
