"""HTTPS and WSS, with Python's `ssl` as the client."""

import json
import shutil
import signal
import ssl
import subprocess
import threading
import time
import warnings

import pytest
from frames import BINARY, CLOSE, TEXT, frame
from programs import run_to_end
from raw import Closed, Connection, head
from secure import Secure, Wire, client, file, pair, refused, serial, serving

VERSIONS = pytest.mark.parametrize(
    "version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name
)


@pytest.fixture(scope="module")
def server():
    """Three certificates, two loops."""
    with serving(*pair("one"), *pair("wild"), *pair("exact")) as program:
        yield program


@pytest.fixture(autouse=True)
def server_survives(server):
    yield
    server.assert_running()


class TestBytes:
    @VERSIONS
    @pytest.mark.parametrize("count", [0, 1, 32, 16_383, 16_384, 16_385, 70_000, 900_000])
    def test_every_size_of_message_comes_back(self, server, version, count):
        with Secure(server.url, client(version)) as connection:
            assert connection.socket.version() == version.name.replace("_", ".")
            connection.opened("/echo")
            for _ in range(3):
                connection.echo(b"x" * count)
                connection.echo(bytes(range(256)) * (count // 256), BINARY)

    def test_pages_are_served(self, server):
        with Secure(server.url) as connection:
            assert [connection.get().text for _ in range(3)] == ["ok"] * 3

    def test_many_small_messages_leave_in_one_record(self, server):
        with Wire(server.url) as connection:
            connection.handshake()
            connection.send(connection.write(head("GET", "/echo", connection.authority, UPGRADE)))
            while b"\r\n\r\n" not in said(connection):
                pass
            connection.send(connection.write(b"".join(frame(TEXT, b"%03d" % number) for number in range(200))))
            answer = connection.read(connection.record())
            assert answer == b"".join(b"\x81\x03%03d" % number for number in range(200))

    def test_records_that_come_byte_by_byte_are_put_together(self, server):
        with Wire(server.url) as connection:
            for byte in connection.hello():
                connection.send(bytes([byte]))
            connection.receive()
            connection.handshake()
            for byte in connection.write(head("GET", "/healthz", connection.authority)):
                connection.send(bytes([byte]))
            while b"\r\n\r\nok" not in said(connection):
                pass

    def test_a_client_that_reads_late_gets_everything(self, server):
        message, count = b"x" * 500_000, 10
        with Secure(server.url) as connection:
            connection.opened("/echo")
            writer = threading.Thread(target=lambda: [connection.tell(message) for _ in range(count)])
            writer.start()
            time.sleep(0.5)
            assert all(connection.hear().payload == message for _ in range(count))
            writer.join()

    def test_polling_finds_its_session_on_whatever_loop(self, server):
        target = "/socket.io/?EIO=4&transport=polling"
        with Secure(server.url) as first:
            sid = json.loads(first.get(target).text[1:])["sid"]
        for number in range(8):
            with Secure(server.url) as connection:
                address = connection.authority

                def post(body, address=address):
                    return head("POST", f"{target}&sid={sid}", address, {"Content-Length": len(body)}) + body

                # The first request goes with the connection to another loop, and the second right behind it.
                get = head("GET", f"{target}&sid={sid}", address)
                connection.send(post(b"40") + get if number == 0 else head("GET", "/healthz", connection.authority))
                assert connection.response().text == "ok"
                if number == 0:
                    assert connection.response().text.startswith('40{"sid"')
                else:
                    connection.send(post(b'42["x"]'))
                    assert connection.response().status == 200


UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


def said(connection):
    """What the server says next; nothing when it was no application data."""
    try:
        return connection.read(connection.record())
    except ssl.SSLWantReadError:
        return b""


class TestAgreement:
    def test_http_1_1_is_the_protocol(self, server):
        for offered in [("http/1.1",), ("h2", "http/1.1")]:
            with Secure(server.url, client(protocols=offered)) as connection:
                assert connection.socket.selected_alpn_protocol() == "http/1.1"
        with Secure(server.url, client(protocols=())) as connection:
            assert connection.socket.selected_alpn_protocol() is None
            assert connection.get().text == "ok"

    def test_a_client_that_wants_only_another_protocol_is_refused(self, server):
        assert "no application protocol" in refused(server.url, context=client(protocols=("h2",)))

    def test_older_versions_are_refused(self, server):
        context = client(verify=False)
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        assert refused(server.url, context=context) == "TLSV1_ALERT_PROTOCOL_VERSION"

    @pytest.mark.parametrize(
        ("name", "certificate"),
        [
            ("one.example", "one"),
            ("ONE.example", "one"),
            ("any.two.example", "wild"),
            ("exact.two.example", "exact"),
            ("two.example", "one"),
            ("nobody.example", "one"),
            (None, "one"),
        ],
    )
    def test_the_name_decides_about_the_certificate(self, server, name, certificate):
        with Secure(server.url, name=name) as connection:
            assert connection.serial == serial(certificate)
            assert connection.get().text == "ok"

    def test_an_rsa_certificate_serves_as_well(self):
        with serving(*pair("rsa")) as program, Secure(program.url) as connection:
            assert connection.get().text == "ok"

    @VERSIONS
    def test_sessions_are_resumed(self, server, version):
        context, session = client(version), None
        for number in range(6):
            with Secure(server.url, context, session=session) as connection:
                assert connection.get().text == "ok"
                assert connection.socket.session_reused == (number > 0)
                session = connection.socket.session

    @pytest.mark.skipif(not shutil.which("openssl"), reason="Python cannot renegotiate")
    def test_renegotiation_is_refused(self, server):
        command = ["openssl", "s_client", "-connect", server.url.split("//")[1], "-tls1_2"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            process.stdin.write(b"R\n")
            process.stdin.flush()
            output = process.stdout.read() if process.wait(10) else b""
        assert b"no renegotiation" in output


class TestClientCertificates:
    @VERSIONS
    def test_required_ones_are_required(self, version):
        with serving(*pair("one"), *pair("wild"), "--tls-client-ca", file("authority.pem")) as program:
            assert refused(program.url, context=client(version))
            assert "UNKNOWN_CA" in refused(program.url, context=client(version, "intruder"))
            for name in ("one.example", "a.two.example"):
                assert refused(program.url, context=client(version, "client"), name=name) is None

    @VERSIONS
    def test_optional_ones_are_checked_when_there_are_any(self, version):
        options = ("--tls-client-ca", file("authority.pem"), "--tls-client-optional")
        with serving(*pair("one"), *options) as program:
            assert refused(program.url, context=client(version)) is None
            assert refused(program.url, context=client(version, "client")) is None
            assert "UNKNOWN_CA" in refused(program.url, context=client(version, "intruder"))

    @VERSIONS
    def test_a_session_with_a_certificate_is_resumed(self, version):
        with serving(*pair("one"), "--tls-client-ca", file("authority.pem")) as program:
            context = client(version, "client")
            with Secure(program.url, context) as connection:
                assert connection.get().text == "ok"
                session = connection.socket.session
            with Secure(program.url, context, session=session) as connection:
                assert connection.get().text == "ok" and connection.socket.session_reused


class TestEnding:
    def test_the_server_says_close_notify(self, server):
        with Secure(server.url) as connection:
            connection.opened("/echo")
            connection.send(frame(CLOSE))
            assert connection.hear().opcode == CLOSE
            assert connection.ends_properly()
        with Secure(server.url) as connection:
            connection.send(head("GET", "/healthz", connection.authority, {"Connection": "close"}))
            assert connection.response().text == "ok"
            assert connection.ends_properly()

    def test_a_client_that_says_close_notify_is_let_go(self, server):
        with Secure(server.url) as connection:
            connection.opened("/echo")
            connection.echo(b"x")
            connection.socket.settimeout(5)
            # The server hangs up on a WebSocket that ends without a close frame.
            with pytest.raises((ssl.SSLError, OSError)):
                connection.socket.unwrap().sendall(b"")
                raise OSError("answered")

    def test_a_broken_record_ends_the_connection(self, server):
        with Wire(server.url) as connection:
            connection.handshake()
            data = bytearray(connection.write(head("GET", "/healthz", connection.authority)))
            data[-1] ^= 1
            connection.send(data)
            with pytest.raises((Closed, ssl.SSLError)):
                while True:
                    said(connection)

    def test_everyone_gets_a_goodbye_at_shutdown(self):
        with serving(*pair("one"), ends=True) as program:
            connections = [Secure(program.url).opened("/ws/room") for _ in range(20)]
            program.signal(signal.SIGTERM)
            for connection in connections:
                found = connection.hear()
                assert found.close_code == 1001
                connection.send(frame(CLOSE, b"\x03\xe9"))
                assert connection.ends_properly()
            assert program.wait() == 0


GARBAGE = [
    b"\0" * 100_000,
    bytes(range(256)) * 10,
    b"\x16\x03\x01\xff\xff" + b"x" * 70_000,
    b"\x16\x03\x01\x00\x04\x01\xff\xff\xff",
    b"\x16\x03\x01\x00\x05\x02\x00\x00\x01\x00",
    b"\x17\x03\x03\x00\x05hello",
    b"\x15\x03\x03\x00\x02\x02\x28",
    b"\x80\x2e\x01\x03\x01" + b"\0" * 60,
]


class TestWhatIsNoHandshake:
    def test_plain_http_is_told_so(self, server):
        for start in (b"GET / HTTP/1.1\r\n\r\n", b"POST /", b"BREW "):
            with Connection(server.url) as connection:
                connection.send(start)
                answer = connection.response()
                assert answer.status == 400 and "HTTPS" in answer.text
                connection.expect_closed()

    @pytest.mark.parametrize("garbage", GARBAGE, ids=lambda garbage: garbage[:6].hex())
    def test_garbage_is_answered_with_an_alert_at_most_and_at_once(self, server, garbage):
        with Connection(server.url) as connection:
            connection.send(garbage)
            rest = connection.take_rest()
            assert rest == b"" or (rest[0] == 0x15 and len(rest) == 7)

    def test_a_changed_client_hello_breaks_nothing(self, server):
        hello = Wire(server.url).hello()
        for position in range(0, len(hello), 3):
            with Connection(server.url) as connection:
                changed = bytearray(hello)
                changed[position] ^= 0xFF
                connection.send(changed)
        assert refused(server.url) is None

    def test_half_a_handshake_has_a_deadline(self):
        with serving(*pair("one"), "--tls-timeout", 600) as program:
            silent = Connection(program.url)
            half = Wire(program.url)
            data = half.hello()
            half.send(data[: len(data) // 2])
            answered = Wire(program.url)
            answered.send(answered.hello())
            # One more byte now and then does not set the clock back.
            for number in range(4):
                time.sleep(0.1)
                half.send(data[len(data) // 2 + number :][:1])
            start = time.monotonic()
            for connection in (silent, half, answered):
                connection.take_rest()
            assert time.monotonic() - start < 2
            with Secure(program.url) as connection:
                connection.opened("/echo")
                time.sleep(1)
                connection.echo(b"the deadline is over with the handshake")


class TestReconnectStorm:
    def test_five_hundred_handshakes_at_once(self):
        with serving(*pair("one"), loops=1) as program:
            hellos = [Wire(program.url) for _ in range(500)]
            live = Secure(program.url).opened("/echo")
            live.echo(b"before")
            for connection in hellos:
                connection.send(connection.hello())
            start = time.monotonic()
            live.echo(b"during")
            latency = time.monotonic() - start
            for connection in hellos:
                connection.receive()
                connection.handshake()
                connection.send(connection.write(head("GET", "/healthz", connection.authority)))
            duration = time.monotonic() - start
            for connection in hellos:
                while b"\r\n\r\nok" not in said(connection):
                    pass
            # The one that was there before does not wait for those who came at once.
            assert latency < duration / 4

    def test_those_who_give_up_in_the_queue_are_forgotten(self):
        with serving(*pair("one"), loops=1) as program:
            for _ in range(3):
                hellos = [Wire(program.url) for _ in range(200)]
                for connection in hellos:
                    connection.send(connection.hello())
                for connection in hellos:
                    connection.abort()
            assert refused(program.url) is None


MISTAKES = {
    "a certificate without a key": ["--tls-cert", file("one.pem")],
    "a key without a certificate": ["--tls-key", file("one.key")],
    "two certificates and one key": [*pair("one"), "--tls-cert", file("wild.pem")],
    "a file that is not there": ["--tls-cert", "/nowhere.pem", "--tls-key", file("one.key")],
    "a folder": ["--tls-cert", "/", "--tls-key", file("one.key")],
    "a key of another certificate": ["--tls-cert", file("one.pem"), "--tls-key", file("wild.key")],
    "a key of another kind": ["--tls-cert", file("one.pem"), "--tls-key", file("rsa.key")],
    "a key as a certificate": ["--tls-cert", file("one.key"), "--tls-key", file("one.key")],
    "a certificate as a key": ["--tls-cert", file("one.pem"), "--tls-key", file("one.pem")],
    "a key with a passphrase": ["--tls-cert", file("one.pem"), "--tls-key", file("protected.key")],
    "a second pair that is broken": [*pair("one"), "--tls-cert", file("one.pem"), "--tls-key", file("wild.key")],
    "authorities that are none": [*pair("one"), "--tls-client-ca", file("one.key")],
    "authorities without TLS": ["--tls-client-ca", file("authority.pem")],
}


@pytest.mark.parametrize("arguments", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_in_one_line(arguments):
    status, out, err = run_to_end("bongsu", "serve", "--port", "0", *arguments)
    assert status > 0 and out == ""
    assert err.startswith("Error: ") and "Fatal" not in err
    assert len([line for line in err.splitlines() if not line.startswith(("Usage", " "))]) == 1
    named = [argument for argument in arguments if argument.startswith("/") and argument in err]
    assert named or "--tls" in err
