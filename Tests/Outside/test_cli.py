"""The command line: readable help, one clear line for every mistake."""

import ctypes
import gzip
import json
import os
import re
import signal
import zlib

import pytest

from programs import run_to_end, serve
from raw import request


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["help", "serve"]])
def test_help_is_readable_and_no_error(arguments):
    status, out, err = run_to_end("bongsu", *arguments)
    assert (status, err) == (0, "")
    assert "serve" in out and "USAGE" in out.upper()
    assert max(map(len, out.splitlines())) <= 120


def test_the_help_of_serve_names_every_promised_option():
    _, out, _ = run_to_end("bongsu", "serve", "--help")
    for option in ["host", "port", "loops", "client-dir", "head-timeout", "ping-interval", "ping-timeout"]:
        assert f"--{option} " in out


def test_the_version_is_a_version():
    status, out, _ = run_to_end("bongsu", "--version")
    assert status == 0 and re.search(r"\d+\.\d+", out)


MISTAKES = {
    "an unknown flag": ["serve", "--nonsense"],
    "an unknown command": ["nonsense"],
    "a port that is no number": ["serve", "--port", "abc"],
    "a port beyond 65535": ["serve", "--port", "65536"],
    "a negative port": ["serve", "--port", "-1"],
    "a port without a value": ["serve", "--port"],
    "no loops": ["serve", "--port", "0", "--loops", "0"],
    "too many loops": ["serve", "--port", "0", "--loops", "100000"],
    "a negative interval": ["serve", "--port", "0", "--ping-interval", "-1"],
    "a host that is no address": ["serve", "--port", "0", "--host", "not an address"],
    "a host of another machine": ["serve", "--port", "0", "--host", "192.0.2.1"],
    "a path that is none": ["serve", "--port", "0", "--path", "socket.io"],
    "a path that is another's": ["serve", "--port", "0", "--path", "/ws/rooms"],
    "the path of the page": ["serve", "--port", "0", "--path", "/"],
    "a cookie with a semicolon": ["serve", "--port", "0", "--cookie", "a;b"],
    "an origin without a scheme": ["serve", "--port", "0", "--cors-origin", "example.com"],
    "an origin with a path": ["serve", "--port", "0", "--cors-origin", "https://example.com/"],
    "credentials for everybody": ["serve", "--port", "0", "--cors-origin", "*", "--cors-credentials"],
    "one port for two": ["serve", "--port", "3051", "--metrics-port", "3051"],
    "a host for no metrics": ["serve", "--port", "0", "--metrics-host", "0.0.0.0"],
    "a period for no tickets": ["serve", "--port", "0", "--tls-ticket-period", "5"],
    "a threshold for no compression": ["serve", "--port", "0", "--compression-threshold", "5"],
    "a mode for no Admin UI": ["serve", "--port", "0", "--admin-mode", "development"],
    "a hash that is not there": ["serve", "--port", "0", "--admin-user", "a", "--admin-password-hash-file", "/nowhere"],
    "a client directory that is not there": ["serve", "--port", "0", "--client-dir", "/nowhere/at/all"],
}


@pytest.mark.parametrize("arguments", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_in_one_line_and_fails(arguments):
    status, out, err = run_to_end("bongsu", *arguments)
    assert status > 0, (status, err)
    assert out == ""
    assert_clear(err)


def assert_clear(err):
    """One line says what is wrong; usage hints may follow it."""
    lines = err.strip().splitlines()
    assert lines and 10 <= len(lines[0]) <= 200, err
    extra = [line for line in lines[1:] if not re.match(r"\s|Usage|Help|See|USAGE", line)]
    assert not extra, err
    assert "Fatal" not in err and "Thread" not in err


def test_there_may_be_nothing_to_read_again():
    program = serve()
    program.signal(signal.SIGHUP)
    assert request(program.url, "GET", "/healthz").status == 200
    program.assert_running()
    program.stop()


def test_a_busy_port_is_named(bongsu):
    status, out, err = run_to_end("bongsu", "serve", "--port", bongsu.port)
    assert status > 0
    assert_clear(err)
    assert str(bongsu.port) in err


def test_a_client_directory_must_be_a_directory(tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    status, _, err = run_to_end("bongsu", "serve", "--port", 0, "--client-dir", file)
    assert status > 0
    assert_clear(err)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_client_directory_is_refused(tmp_path):
    tmp_path.chmod(0)
    status, _, err = run_to_end("bongsu", "serve", "--port", 0, "--client-dir", tmp_path)
    assert status > 0
    assert_clear(err)


def test_the_address_is_printed_once_on_stdout():
    program = serve()
    try:
        assert re.fullmatch(r"[^\n]*http://127\.0\.0\.1:\d+[^\n]*\n", "".join(program.output))
        assert program.complaints() == ""
    finally:
        program.stop()


def unbrotli(packed):
    """Python has no Brotli of its own; the library's decoder is there where its encoder is."""
    library = ctypes.CDLL("libbrotlidec.so.1")
    room = ctypes.c_size_t(10_000_000)
    output = ctypes.create_string_buffer(room.value)
    done = library.BrotliDecoderDecompress(ctypes.c_size_t(len(packed)), packed, ctypes.byref(room), output)
    assert done == 1, "this is not Brotli"
    return output.raw[: room.value]


class TestClientDirectory:
    """`--client-dir` serves the official browser client under the Socket.IO path."""

    @pytest.fixture
    def served(self, bundle):
        program = serve("--client-dir", bundle.parent)
        yield program
        program.stop()

    def test_the_client_is_served_with_a_validator(self, served, bundle):
        answer = request(served.url, "GET", "/socket.io/socket.io.min.js")
        assert answer.status == 200 and answer.body == bundle.read_bytes()
        assert "javascript" in answer.headers["content-type"]
        version = re.search(rb"Socket\.IO v([\w.-]+)", bundle.read_bytes()).group(1).decode()
        assert answer.headers["etag"] == f'"{version}"'
        assert answer.headers["cache-control"] == "public, max-age=0"
        packed = request(served.url, "GET", "/socket.io/socket.io.min.js", {"Accept-Encoding": "deflate, gzip"})
        assert packed.headers["content-encoding"] == "gzip" and gzip.decompress(packed.body) == bundle.read_bytes()
        weak = request(served.url, "GET", "/socket.io/socket.io.min.js", {"If-None-Match": f'W/"{version}"'})
        assert weak.status == 304
        again = request(served.url, "GET", "/socket.io/socket.io.min.js", {"If-None-Match": answer.headers["etag"]})
        assert (again.status, again.body) == (304, b"")

    @pytest.mark.parametrize(
        ("accepted", "coding"),
        [("gzip, deflate, br, zstd", "br"), ("br;q=0.5, gzip", "gzip"), ("gzip;q=0, deflate", "deflate"), ("br;q=0", None)],
    )
    def test_the_client_is_compressed_as_asked(self, served, bundle, accepted, coding):
        answer = request(served.url, "GET", "/socket.io/socket.io.min.js", {"Accept-Encoding": accepted})
        assert answer.headers.get("content-encoding") == coding
        unpack = {"br": unbrotli, "gzip": gzip.decompress, "deflate": zlib.decompress, None: bytes}[coding]
        assert unpack(answer.body) == bundle.read_bytes()
        assert coding is None or answer.headers["vary"] == "Accept-Encoding"

    def test_head_has_no_body(self, served, bundle):
        answer = request(served.url, "HEAD", "/socket.io/socket.io.min.js")
        assert answer.status == 200
        assert answer.headers["content-length"] == str(bundle.stat().st_size)

    @pytest.mark.parametrize(
        "target", ["socket.io.esm.min.js", "../client/socket.io.min.js", "%2e%2e/x", "passwd", "socket.io.min.js/", "."]
    )
    def test_nothing_else_is_served(self, served, target):
        assert request(served.url, "GET", "/socket.io/" + target).status in (400, 404)

    def test_a_page_can_load_it_and_connect(self, served, browser):
        with browser.page(served.url + "/healthz") as page:
            page.evaluate("""
                const script = document.createElement("script");
                script.src = "/socket.io/socket.io.min.js";
                const loaded = new Promise((done, fail) => Object.assign(script, { onload: done, onerror: fail }));
                document.head.append(script);
                await loaded;
                globalThis.socket = io();
            """)
            page.until("socket.connected")
            assert page.evaluate("return socket.emitWithAck('join', 'room');")["ok"] is True


def test_clients_are_served_as_the_options_say():
    program = serve("--path", "/live", "--cookie", "node", "--cors-origin", "https://*.example.com", "--cors-credentials")
    try:
        target = "/live/?EIO=4&transport=polling"
        answer = request(program.url, "GET", target, {"Origin": "https://a.example.com"})
        assert answer.status == 200 and request(program.url, "GET", "/socket.io/?EIO=4&transport=polling").status == 404
        sid = json.loads(answer.text[1:])["sid"]
        assert answer.headers["set-cookie"] == f"node={sid}; Path=/; HttpOnly; SameSite=Lax"
        assert answer.headers["access-control-allow-origin"] == "https://a.example.com"
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert request(program.url, "GET", target, {"Origin": "https://a.example.org"}).status == 403
    finally:
        program.stop()


def test_without_a_client_directory_there_is_no_client(bongsu):
    assert request(bongsu.url, "GET", "/socket.io/socket.io.min.js").status in (400, 404)
