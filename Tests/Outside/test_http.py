"""HTTP/1.1 as a strict server speaks it (RFC 9112): framing, limits, refusals, the plain pages."""

import gzip
import re
import time

import pytest

from conftest import CALM
from engine import SOCKET_IO, Polling, query
from hostile import resident
from programs import Program, serve
from raw import Closed, Connection, exchange, head, request

HANDSHAKE = SOCKET_IO + query("polling")
SERVERS = ["bongsu", "conformance"]


@pytest.fixture(params=SERVERS)
def server(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("target", ["/nothing", "/socket.iox", "/ws", "/healthz/x", "/../etc/passwd", "/%2e%2e/", "//"])
def test_an_unknown_path_is_404(server, target):
    assert request(server.url, "GET", target).status == 404


def test_many_requests_share_one_connection(server):
    with Connection(server.url) as connection:
        for _ in range(50):
            connection.request("GET", "/nothing")
            assert connection.response().status == 404
            connection.request("GET", HANDSHAKE)
            assert connection.response().status == 200


def test_pipelined_requests_are_answered_in_order(server):
    with Connection(server.url) as connection:
        for number in range(30):
            connection.request("GET", HANDSHAKE if number % 3 else "/nothing")
        assert [connection.response().status for _ in range(30)] == [200 if number % 3 else 404 for number in range(30)]


def test_a_head_may_arrive_byte_by_byte(server):
    with Connection(server.url) as connection:
        for byte in head("GET", HANDSHAKE, connection.authority):
            connection.send(bytes([byte]))
        assert connection.response().status == 200


def test_http_1_0_is_answered_and_closed(server):
    with Connection(server.url) as connection:
        connection.send(f"GET {HANDSHAKE} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
        assert connection.response().status == 200
        connection.expect_closed()


def test_http_1_0_may_ask_to_stay(server):
    with Connection(server.url) as connection:
        for _ in range(2):
            connection.send(f"GET {HANDSHAKE} HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n".encode())
            answer = connection.response()
            assert (answer.status, answer.headers["connection"].lower()) == (200, "keep-alive")


def test_connection_close_is_honoured(server):
    with Connection(server.url) as connection:
        connection.request("GET", HANDSHAKE, {"Connection": "close"})
        answer = connection.response()
        assert (answer.status, answer.headers["connection"].lower()) == (200, "close")
        connection.expect_closed()


def test_an_absolute_target_is_served(server):
    assert request(server.url, "GET", f"http://example.com{HANDSHAKE}").status == 200


def test_empty_lines_before_a_request_are_skipped(server):
    with Connection(server.url) as connection:
        connection.send(b"\r\n\r\n" + head("GET", HANDSHAKE, "x"))
        assert connection.response().status == 200


def test_expect_continue_is_answered_before_the_body_is_sent(server):
    with Connection(server.url) as connection:
        fields = {"Expect": "100-continue", "Content-Length": "2"}
        connection.send(head("POST", HANDSHAKE + "&sid=unknown", connection.authority, fields))
        first = connection.response()
        if first.status == 100:
            connection.send(b"40")
            first = connection.response()
        assert first.status == 400


GOOD = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n"
POST = "POST /socket.io/?EIO=4&transport=polling&sid=x HTTP/1.1\r\nHost: x\r\n"
MALFORMED = {
    "a bare LF": GOOD.replace("\r\n", "\n") + "\n",
    "a bare LF in the middle": GOOD + "A: b\nC: d\r\n\r\n",
    "a bare CR": GOOD + "A: b\rC: d\r\n\r\n",
    "a folded line": GOOD + "A: b\r\n c\r\n\r\n",
    "white space before the colon": GOOD + "A : b\r\n\r\n",
    "white space before the first name": "GET / HTTP/1.1\r\n Host: x\r\n\r\n",
    "an empty name": GOOD + ": b\r\n\r\n",
    "no colon": GOOD + "nonsense\r\n\r\n",
    "NUL in a value": GOOD + "A: b\0c\r\n\r\n",
    "a control character in a value": GOOD + "A: b\x07c\r\n\r\n",
    "a control character in a name": GOOD + "A\x07: b\r\n\r\n",
    "a space in the target": "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
    "no target": "GET HTTP/1.1\r\nHost: x\r\n\r\n",
    "a method with a separator": "G(T / HTTP/1.1\r\nHost: x\r\n\r\n",
    "HTTP/0.9": "GET /\r\n\r\n",
    "another protocol": "GET / HTCPCP/1.0\r\nHost: x\r\n\r\n",
    "a TLS hello": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no Host": "GET / HTTP/1.1\r\n\r\n",
    "two Hosts": GOOD + "Host: y\r\n\r\n",
    "two differing lengths": POST + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n40",
    "a list of lengths": POST + "Content-Length: 2, 3\r\n\r\n40",
    "a signed length": POST + "Content-Length: +2\r\n\r\n40",
    "a negative length": POST + "Content-Length: -2\r\n\r\n40",
    "an empty length": POST + "Content-Length:\r\n\r\n",
    "a hexadecimal length": POST + "Content-Length: 0x2\r\n\r\n40",
    "a length beyond 64 bits": POST + "Content-Length: 18446744073709551618\r\n\r\n40",
    "a length and chunks": POST + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk size that is none": POST + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n40\r\n0\r\n\r\n",
    "a signed chunk size": POST + "Transfer-Encoding: chunked\r\n\r\n+2\r\n40\r\n0\r\n\r\n",
    "a chunk size beyond 64 bits": POST + "Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n40\r\n0\r\n\r\n",
    "a chunk that is too long": POST + "Transfer-Encoding: chunked\r\n\r\n2\r\n40x\r\n0\r\n\r\n",
    "an endless chunk extension": POST + "Transfer-Encoding: chunked\r\n\r\n2;" + "x" * 20_000 + "\r\n40\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_request_is_400_and_the_connection_ends(server, text):
    with Connection(server.url) as connection:
        connection.send(text.encode("latin-1"))
        assert connection.response().status == 400
        connection.take_rest()


@pytest.mark.parametrize("coding", ["gzip", "gzip, chunked", "identity", "xchunked", "chunked, chunked"])
def test_other_transfer_codings_are_not_implemented(server, coding):
    answer = exchange(server.url, (POST + f"Transfer-Encoding: {coding}\r\n\r\n0\r\n\r\n").encode())
    assert answer.status in (400, 501)


@pytest.mark.parametrize("version", ["HTTP/2.0", "HTTP/3.0", "HTTP/1.2"])
def test_other_versions_are_refused(server, version):
    answer = exchange(server.url, f"GET / {version}\r\nHost: x\r\n\r\n".encode())
    # RFC 9112 §2.3 lets a server answer a higher minor version as its own.
    assert answer.status in ((505, 400, 200, 404) if version == "HTTP/1.2" else (505, 400))


class TestLimits:
    def test_a_large_header_is_431(self, server):
        assert request(server.url, "GET", HANDSHAKE, {"Cookie": "x" * 100_000}).status == 431

    def test_many_headers_are_431(self, server):
        many = [(f"X-{number}", "1") for number in range(1000)]
        assert request(server.url, "GET", HANDSHAKE, many).status == 431

    def test_a_moderate_head_is_served(self, server):
        many = [(f"X-{number}", "y" * 100) for number in range(60)]
        assert request(server.url, "GET", HANDSHAKE, many).status == 200

    def test_a_long_target_is_refused(self, server):
        assert request(server.url, "GET", "/" + "x" * 20_000).status in (414, 431)

    def test_a_head_that_never_ends_is_refused_and_cut_off(self, server):
        with Connection(server.url) as connection:
            connection.send(GOOD.encode() + b"".join(b"A: " + b"x" * 1000 + b"\r\n" for _ in range(40)))
            assert connection.response().status == 431
            began = time.monotonic()
            with pytest.raises(OSError):
                while time.monotonic() - began < 6:
                    connection.send(b"x" * 1000)
                    time.sleep(0.02)

    def test_a_body_nobody_wants_does_not_disturb_what_follows(self, server):
        with Connection(server.url) as connection:
            connection.request("POST", "/nothing", body=b"GET /socket.io/ HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.response().status in (404, 405)
            try:
                connection.request("GET", HANDSHAKE)
                assert connection.response().status == 200
            except (Closed, OSError):
                pass


@pytest.fixture(scope="module", params=SERVERS)
def hasty(request):
    if request.param == "bongsu":
        program = serve("--head-timeout", 300)
    else:
        program = Program("conformance", "--port", 0, *CALM, "--head-timeout", 300)
    yield program
    program.stop()


class TestSlowHeads:
    """A head must come within `--head-timeout`."""

    @pytest.mark.parametrize("start", [b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nA: "])
    def test_half_a_head_is_answered_408(self, hasty, start):
        with Connection(hasty.url) as connection:
            connection.send(start)
            began = time.monotonic()
            assert connection.response().status == 408
            connection.expect_closed()
            assert 0.2 < time.monotonic() - began < 1.5

    def test_a_byte_now_and_then_does_not_help(self, hasty):
        with Connection(hasty.url) as connection:
            began = time.monotonic()
            with pytest.raises((OSError, Closed)):
                while time.monotonic() - began < 5:
                    connection.send(b"G")
                    if not connection.is_quiet(0.05):
                        raise Closed
            assert time.monotonic() - began < 2

    def test_silence_from_the_start_ends_the_connection(self, hasty):
        with Connection(hasty.url) as connection:
            began = time.monotonic()
            connection.take_rest()
            assert time.monotonic() - began < 2

    def test_a_connection_between_two_requests_is_not_cut_at_once(self, hasty):
        with Connection(hasty.url) as connection:
            connection.request("GET", HANDSHAKE)
            assert connection.response().status == 200
            time.sleep(0.1)
            connection.request("GET", HANDSHAKE)
            assert connection.response().status == 200

    def test_a_pending_poll_is_not_a_slow_head(self, hasty):
        with Polling(hasty.url).pending() as poll:
            assert poll.is_quiet(0.8)


class TestPages:
    def test_healthz_is_well(self, bongsu):
        assert request(bongsu.url, "GET", "/healthz").status == 200

    @pytest.mark.parametrize("target", ["/", "/healthz"])
    def test_head_has_the_headers_of_get_and_no_body(self, bongsu, target):
        get, head_only = (request(bongsu.url, method, target) for method in ("GET", "HEAD"))
        assert head_only.status == 200 and head_only.body == b""
        assert head_only.headers["content-length"] == get.headers["content-length"] == str(len(get.body))

    @pytest.mark.parametrize("target", ["/", "/healthz", "/bongsu.js"])
    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "get", "BREW"])
    def test_other_methods_are_405_and_name_the_allowed_ones(self, bongsu, method, target):
        answer = request(bongsu.url, method, target)
        assert answer.status == 405
        assert set(re.split(r",\s*", answer.headers["allow"])) >= {"GET", "HEAD"}

    def test_the_chat_page_is_html(self, bongsu):
        answer = request(bongsu.url, "GET", "/")
        assert answer.status == 200 and answer.headers["content-type"].startswith("text/html")

    @pytest.mark.parametrize(
        "target, kind", [("/", "text/html"), ("/chat.css", "text/css"), ("/bongsu.js", "javascript")]
    )
    def test_a_page_that_has_not_changed_is_304(self, bongsu, target, kind):
        first = request(bongsu.url, "GET", target)
        assert kind in first.headers["content-type"]
        assert request(bongsu.url, "GET", target, {"If-None-Match": first.headers["etag"]}).status == 304
        assert request(bongsu.url, "GET", target, {"If-None-Match": '"other"'}).status == 200

    @pytest.mark.parametrize(
        "range_", ["bytes=0-1", "bytes=99999999999999999999-", "bytes=-18446744073709551616", "bytes=1-0", "bytes=a-b"]
    )
    def test_a_range_is_passed_over(self, bongsu, range_):
        assert request(bongsu.url, "GET", "/bongsu.js", {"Range": range_}).status == 200

    @pytest.mark.parametrize("target", ["/ws/room", "/echo", "/broadcast"])
    def test_a_websocket_path_tells_a_plain_request_to_upgrade(self, bongsu, target):
        assert request(bongsu.url, "GET", target).status in (400, 426)


BOMB = gzip.compress(bytes(60_000_000))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "identity, gzip"])
def test_a_body_is_never_inflated(server, coding):
    session = Polling(server.url)
    before = resident(server)
    assert session.post(BOMB, {"Content-Encoding": coding}).text != ""
    # As it stands it is no packet.
    assert session.is_gone()
    assert resident(server) - before < 30


def test_a_body_over_the_limit_is_413_before_it_is_sent(server):
    session = request(server.url, "GET", HANDSHAKE)
    sid = re.search(r'"sid":"([^"]+)"', session.text).group(1)
    with Connection(server.url) as connection:
        connection.send(head("POST", f"{HANDSHAKE}&sid={sid}", "x", {"Content-Length": "9000000000000000000"}))
        assert connection.response().status == 413
