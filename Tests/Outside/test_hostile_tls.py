"""Handshakes as nobody honest makes them: each has an end, costs little, and disturbs nobody."""

import contextlib
import itertools
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from frames import WebSocket
from hostile import Bystander, NarrowConnection, SecureClient, flood, resident
from raw import Connection, exchange
from records import (
    ALERT,
    APPLICATION,
    CHANGE_CIPHER_SPEC,
    CLIENT_HELLO,
    COMMON,
    FATAL,
    HANDSHAKE,
    HEARTBEAT,
    WARNING,
    extension,
    hello,
    message,
    record,
    server_name,
)
from secure import Secure, Wire, client, file, pair, refused, serving
from waiting import eventually

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
LIMIT = 1.0
# Much later than promised is still an end.
LATE = 6
ROOM = 40  # megabytes
PATIENCE = 3  # seconds for a bystander's answer


@pytest.fixture(scope="module")
def server():
    with serving(*pair("one"), loops=1) as program:
        yield program


@pytest.fixture(scope="module")
def hasty():
    """A server that gives a handshake a second."""
    with serving(*pair("one"), "--tls-timeout", int(LIMIT * 1000)) as program:
        yield program


@pytest.fixture(scope="module")
def strict():
    """The same, and clients need a certificate."""
    arguments = ("--tls-client-ca", file("authority.pem"), "--tls-timeout", int(LIMIT * 1000))
    with serving(*pair("one"), *arguments) as program:
        yield program


def answer_to(url, data):
    """All that a server says to these bytes; it has to end the connection."""
    with Connection(url) as connection:
        with contextlib.suppress(ConnectionError):
            connection.send(data)
        return connection.take_rest()


def is_refusal(answer):
    """Whether it is nothing, or a fatal alert (RFC 8446 §6)."""
    return answer == b"" or len(answer) == 7 and answer[0] == ALERT and answer[5] == FATAL


class TestTheWrongProtocol:
    def test_tls_on_the_plain_port_is_a_bad_request(self, bongsu):
        with Connection(bongsu.url) as connection:
            connection.send(record(HANDSHAKE, hello(), b"\x03\x01"))
            assert connection.response().status == 400
            connection.expect_closed()
        assert refused(bongsu.url)
        assert exchange(bongsu.url, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").text == "ok"

    @pytest.mark.parametrize(
        "text", [b"SSH-2.0-x\r\n", b"EHLO x\r\n", b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n", b"PRI * HTTP/2.0"]
    )
    def test_whoever_speaks_words_is_told_in_words(self, server, text):
        assert answer_to(server.url, text).startswith(b"HTTP/1.1 400 ")

    @pytest.mark.parametrize(
        "data", [b"\r\n\r\n\0\r\nQUIT\n!\x11", b"get / http/1.1\r\n", b"\xff" * 2_000, b"{}\n" * 2_000]
    )
    def test_everything_else_is_refused(self, server, data):
        assert is_refusal(answer_to(server.url, data))


def versions(*values):
    """The extension supported_versions (RFC 8446 §4.2.1)."""
    return extension(43, bytes([2 * len(values)]) + b"".join(values))


OLD = {
    "SSL 2": b"\x80\x1f\x01\0\2\0\6\0\0\0\x10\1\0\x80\3\0\x80\7\0\xc0" + bytes(range(16)),
    "SSL 2 that knows of TLS 1.2": b"\x80\x1f\x01\3\3\0\6\0\0\0\x10\0\0\x2f\0\0\x35" + bytes(range(16)),
    "SSL 3": record(HANDSHAKE, hello(b"\3\0", b"")),
    "TLS 1.0": record(HANDSHAKE, hello(b"\3\1")),
    "TLS 1.1": record(HANDSHAKE, hello(b"\3\2")),
    "TLS 1.1 by extension": record(HANDSHAKE, hello(extensions=COMMON + versions(b"\3\2", b"\3\1"))),
    "versions that do not exist": record(HANDSHAKE, hello(extensions=COMMON + versions(b"\x7f\x7f", b"\3\5"))),
    "a fallback that nobody needs": record(HANDSHAKE, hello(ciphers=b"\xc0\x2b\x56\0")),
    "no cipher that is any good": record(HANDSHAKE, hello(ciphers=b"\0\0\0\1\0\x0a\0\x2f\0\x35")),
}


@pytest.mark.parametrize("data", OLD.values(), ids=OLD.keys())
def test_no_older_version_and_no_weaker_cipher_is_agreed_on(server, data):
    assert is_refusal(answer_to(server.url, data))


def test_a_hello_by_hand_is_answered_when_it_is_good(server):
    with Connection(server.url) as connection:
        connection.send(record(HANDSHAKE, hello()))
        assert connection.take(6)[5] == 2  # ServerHello


def records_in(data):
    while data:
        count = 5 + int.from_bytes(data[3:5], "big")
        yield data[:count]
        data = data[count:]


class Halting(Wire):
    """A client whose handshake can stop anywhere."""

    def parts(self):
        """What it sends, record by record and each in two halves."""
        data, done = self.hello(), False
        while True:
            for each in records_in(data):
                yield each[: len(each) // 2]
                yield each[len(each) // 2 :]
            while not done and not self.outgoing.pending:
                self.receive()
                with contextlib.suppress(ssl.SSLWantReadError):
                    self.tls.do_handshake()
                    done = True
            data = self.outgoing.read()
            if not data:
                return


def patience_with(url, context, count):
    """For how many seconds the server waits when a client stops after so many parts."""
    with Halting(url, context) as connection:
        start = time.monotonic()
        for part in itertools.islice(connection.parts(), count):
            connection.send(part)
        connection.socket.settimeout(LATE)
        connection.take_rest()
        return time.monotonic() - start


VERSIONS = pytest.mark.parametrize("version", [TLS12, TLS13], ids=lambda version: version.name)


class TestSlowness:
    @VERSIONS
    @pytest.mark.parametrize("certificate", [None, "client"])
    def test_a_handshake_that_stops_anywhere_is_ended_in_time(self, hasty, strict, version, certificate):
        url = (strict if certificate else hasty).url
        context = client(version, certificate)
        with Halting(url, context) as whole:
            count = sum(1 for part in whole.parts() if whole.send(part) is None)
            assert count >= (6 if version == TLS13 else 8)
        with ThreadPoolExecutor(count) as pool:
            seconds = list(pool.map(lambda stop: patience_with(url, context, stop), range(count)))
        assert all(LIMIT - 0.3 < each < LATE for each in seconds), seconds

    def test_a_drop_now_and_then_does_not_help(self, hasty):
        with Wire(hasty.url) as connection:
            start = time.monotonic()
            with contextlib.suppress(ConnectionError):
                for byte in connection.hello() * 100:
                    connection.send(bytes([byte]))
                    if not connection.is_quiet(0.03):
                        break
            assert LIMIT - 0.3 < time.monotonic() - start < LATE

    def test_who_never_reads_is_ended_and_costs_little(self, hasty):
        deaf = [type("Deaf", (Wire, NarrowConnection), {})(hasty.url) for _ in range(300)]
        before = resident(hasty)
        for connection in deaf:
            connection.send(connection.hello())
        time.sleep(LIMIT / 2)
        assert resident(hasty) - before < ROOM
        time.sleep(LIMIT)
        for connection in deaf:
            assert not connection.is_quiet(PATIENCE)
            connection.close()

    def test_handshakes_that_are_given_up_leave_nothing_behind(self, hasty):
        folder = Path(f"/proc/{hasty.process.pid}/fd")
        count, before = len(list(folder.iterdir())), None
        for _ in range(5):
            clients = [Wire(hasty.url) for _ in range(300)]
            for number, connection in enumerate(clients):
                data = connection.hello()
                connection.send(data[: len(data) - number % 2])
            time.sleep(0.1)
            for number, connection in enumerate(clients):
                connection.abort() if number % 3 else connection.close()
            # What the first round leaves is the allocator's.
            before = before or resident(hasty)
        eventually(lambda: len(list(folder.iterdir())) <= count, LATE, "all descriptors to be closed")
        assert resident(hasty) - before < ROOM


HELLOS = (
    {
        "a message of 16 MB": message(CLIENT_HELLO, b"\3\3")[:1] + b"\xff\xff\xff" + hello()[4:],
        "a session id of 33 bytes": hello(session=bytes(33)),
        "no cipher": hello(ciphers=b""),
        "half a cipher": hello(ciphers=b"\xc0\x2b\xc0"),
        "30 000 ciphers": hello(ciphers=b"\xc0\x2b" * 30_000),
        "an extension twice": hello(extensions=COMMON + extension(10, b"\0\2\0\x17")),
        "an extension that is too long": hello(extensions=COMMON + b"\0\x0f\xff\xff"),
        "15 000 empty extensions": hello(
            extensions=COMMON + b"".join(extension(1000 + each, b"") for each in range(15_000))
        ),
        "an extension of 60 kB": hello(extensions=COMMON + extension(21, bytes(60_000))),
        "a heartbeat is possible": hello(extensions=COMMON + extension(15, b"\1")),
        "no groups": hello(extensions=extension(10, b"\0\0") + extension(13, b"\0\2\4\3")),
        "protocols: none": hello(extensions=COMMON + extension(16, b"\0\0")),
        "protocols: an empty one": hello(extensions=COMMON + extension(16, b"\0\1\0")),
        "protocols: 60 kB of them": hello(extensions=COMMON + extension(16, b"\xea\x60" + b"\1x" * 30_000)),
        "a ticket of 60 kB": hello(extensions=COMMON + extension(35, bytes(60_000))),
        "something behind it": hello() + b"\1",
        "two at once": hello() + hello(),
        "a ServerHello": b"\2" + hello()[1:],
        "a Finished": message(20, bytes(12)),
        "nothing": b"",
    }
    | {
        f"the name {name[:20]!r}": hello(extensions=COMMON + server_name(name))
        for name in (
            b"",
            b"\0",
            b"one.example\0.evil",
            b"one.example.",
            b".",
            b"..",
            b"*.two.example",
            b"a." * 120 + b"two.example",
        )
    }
    | {
        f"the name {name[:20]!r}": hello(extensions=COMMON + server_name(name))
        for name in (
            b"\xff\xfe",
            "봉수.example".encode(),
            b"127.0.0.1",
            b"[::1]",
            b"a" * 255,
            b"a" * 256,
            b"a" * 60_000,
        )
    }
)


@pytest.mark.parametrize("content", HELLOS.values(), ids=HELLOS.keys())
def test_a_strange_hello_is_answered_properly_or_refused(hasty, content):
    data = b"".join(record(HANDSHAKE, content[at : at + 16_384]) for at in range(0, max(1, len(content)), 16_384))
    answer = answer_to(hasty.url, data)
    assert is_refusal(answer) or answer[0] in (ALERT, HANDSHAKE), answer[:50]
    assert b"PRIVATE" not in answer and len(answer) < 8_000


@VERSIONS
@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_hello_in_many_records_is_understood(server, version, size):
    with Wire(server.url, client(version)) as connection:
        content = connection.hello()[5:]
        for at in range(0, len(content), size):
            connection.send(record(HANDSHAKE, content[at : at + size], b"\x03\x01"))
        connection.receive()
        connection.handshake()
        connection.send(connection.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"))
        while b"\r\n\r\nok" not in heard(connection):
            pass


def heard(connection):
    try:
        return connection.read(connection.record())
    except ssl.SSLWantReadError:
        return b""


HEARTBEAT_REQUEST = b"\1\x40\0"
START = record(HANDSHAKE, hello())
PLAIN = {
    "a heartbeat that asks for more than it brings": record(HEARTBEAT, HEARTBEAT_REQUEST),
    "the same after a hello": START + record(HEARTBEAT, HEARTBEAT_REQUEST),
    "data before a hello": record(APPLICATION, b"GET / HTTP/1.1\r\n\r\n"),
    "data after a hello": START + record(APPLICATION, b"GET / HTTP/1.1\r\n\r\n"),
    "a change of ciphers at once": START
    + record(CHANGE_CIPHER_SPEC, b"\1")
    + record(HANDSHAKE, message(20, bytes(12))),
    "a change to another thing": START + record(CHANGE_CIPHER_SPEC, b"\2"),
    "a fatal alert": START + record(ALERT, bytes([FATAL, 40])),
    "a goodbye": START + record(ALERT, bytes([WARNING, 0])),
    "half an alert": START + record(ALERT, b"\1"),
    "another version in the middle": START + record(HANDSHAKE, b"\x10\0\0\0", b"\x7f\x03"),
}


@pytest.mark.parametrize("data", PLAIN.values(), ids=PLAIN.keys())
def test_what_does_not_belong_into_a_handshake_ends_it(hasty, data):
    answer = answer_to(hasty.url, data)
    assert b"HTTP" not in answer
    kinds = {each[0] for each in records_in(answer)}
    assert kinds <= {ALERT, HANDSHAKE}


FLOODS = {
    "empty records": record(HANDSHAKE, b""),
    "warnings": record(ALERT, bytes([WARNING, 90])),
    "goodbyes": record(ALERT, bytes([WARNING, 0])),
    "changes of ciphers": record(CHANGE_CIPHER_SPEC, b"\1"),
    "hellos": record(HANDSHAKE, hello()),
    "requests for a hello": record(HANDSHAKE, message(0, b"")),
    "zeros": bytes(100),
}


@pytest.mark.parametrize("start", [b"", record(HANDSHAKE, hello())], ids=["at once", "after a hello"])
@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_before_the_end_of_a_handshake_is_bounded(hasty, start, name):
    with Bystander(hasty, SecureClient) as bystander, NarrowConnection(hasty.url) as connection:
        before = resident(hasty)
        connection.send(start)
        ended, peak, _ = flood(connection, FLOODS[name] * 10_000, 2 * LIMIT, hasty)
        assert peak - before < ROOM
    assert bystander.slowest < PATIENCE


class SecureSocket(WebSocket, Secure):
    pass


class TestEndings:
    @pytest.mark.parametrize("way", [SecureSocket.close, SecureSocket.abort])
    def test_without_a_goodbye_it_is_an_end_all_the_same(self, server, way):
        with SecureSocket(server.url, "/ws/ends").opened() as other:
            folder = Path(f"/proc/{server.process.pid}/fd")
            count = len(list(folder.iterdir()))
            one = SecureSocket(server.url, "/ws/ends").opened()
            one.send_text("last words")
            assert other.text() == "last words"
            way(one)
            eventually(lambda: len(list(folder.iterdir())) == count, LATE, "the connection to be closed")

    def test_a_goodbye_in_the_middle_of_a_handshake_ends_it(self, server):
        with Wire(server.url) as connection:
            connection.send(connection.hello())
            connection.receive()
            connection.send(record(ALERT, bytes([WARNING, 0])))
            connection.take_rest()
