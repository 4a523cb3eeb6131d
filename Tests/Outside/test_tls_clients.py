"""Clients nobody here wrote, over TLS: OpenSSL's, curl, the browser, `websockets` and python-socketio."""

import asyncio
import base64
import hashlib
import json
import ssl
import subprocess

import pytest
from browser import Browser
from chatter import Chatter
from websockets.asyncio.client import connect
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from frames import BINARY, CLOSE, TEXT, frame, length_bytes, upgrade_headers
from peers import TRANSPORTS, BrowserPeer, PythonPeer, prepare
from raw import head
from secure import NAME, client, file, pair, serving

LARGE = 700_000
POLLING = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture(scope="module", params=["plain", "compressing"])
def server(request):
    compression = (
        ("--compression", "dedicated", "--compression-threshold", "16") if request.param == "compressing" else ()
    )
    with serving(*pair("one"), *compression) as program:
        yield program


class OpenSSL:
    """`openssl s_client`, which passes on what it is told."""

    def __init__(self, server, *options):
        command = ["openssl", "s_client", "-connect", server.url.split("//")[1], "-servername", NAME, "-quiet"]
        command += ["-CAfile", file("authority.pem"), "-verify_return_error", *options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def send(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def take(self, count):
        return self.process.stdout.read(count)

    def take_until(self, mark):
        found = b""
        while not found.endswith(mark):
            byte = self.take(1)
            assert byte, found
            found += byte
        return found


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_openssl_speaks_http_and_websocket(server, version):
    with OpenSSL(server, version) as one:
        one.send(head("GET", "/healthz", "x"))
        assert one.take_until(b"\r\n\r\nok").startswith(b"HTTP/1.1 200 ")
        one.send(head("GET", "/echo", "x", upgrade_headers()))
        assert one.take_until(b"\r\n\r\n").startswith(b"HTTP/1.1 101 ")
        for opcode, payload in [(TEXT, b"hello"), (BINARY, b"\0\xff" * (LARGE // 2))]:
            one.send(frame(opcode, payload))
            expected = bytes([0x80 | opcode]) + length_bytes(len(payload), 0) + payload
            assert one.take(len(expected)) == expected
        one.send(frame(CLOSE, b"\x03\xe8"))
        assert one.take(-1) == b"\x88\x02\x03\xe8"


def test_openssl_clients_hear_each_other_in_a_room(server):
    with OpenSSL(server, "-tls1_2") as one, OpenSSL(server, "-tls1_3") as other:
        for each in (one, other):
            each.send(head("GET", "/ws/openssl", "x", upgrade_headers()))
            each.take_until(b"\r\n\r\n")
        one.send(frame(TEXT, b"from 1.2"))
        assert other.take(10) == b"\x81\x08from 1.2"
        other.send(frame(TEXT, b"from 1.3"))
        assert one.take(10) == b"\x81\x08from 1.3"


def curl(server, target, *options, data=None):
    command = ["curl", "--silent", "--show-error", "--max-time", "20", "--cacert", file("authority.pem"), *options]
    if data is not None:
        command += ["--data-binary", "@-"]
    done = subprocess.run([*command, server.url + target], input=data, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("version", ["1.2", "1.3"])
class TestCurl:
    def test_it_gets_a_page(self, server, version):
        options = ("--tls-max", version, f"--tlsv{version}")
        assert curl(server, "/healthz", *options) == b"ok"
        assert b"<html" in curl(server, "/", *options)
        # It offers HTTP/2 and takes what it gets.
        seen = curl(server, "/healthz", *options, "--http2", "--head")
        assert seen.startswith(b"HTTP/1.1 200 ")

    def test_it_talks_by_polling(self, server, version):
        options = ("--tls-max", version, f"--tlsv{version}")
        sids = [json.loads(curl(server, POLLING, *options)[1:])["sid"] for _ in range(2)]
        targets = [f"{POLLING}&sid={sid}" for sid in sids]

        def tell(target, packet):
            assert curl(server, target, *options, data=packet) == b"ok"

        def hear(target):
            return curl(server, target, *options).decode()

        for target in targets:
            tell(target, b"40")
            assert hear(target).startswith('40{"sid"')
            tell(target, b'420["join","curl"]')
            assert "43" in hear(target)
        for text in ("hello", "x" * LARGE):
            tell(targets[0], f'42["relay",{{"to":"curl"}},"said","{text}"]'.encode())
            assert hear(targets[1]) == f'42["said","{text}"]'
            tell(targets[1], b'42["relay",{"to":"curl"},"said","back"]')
            assert hear(targets[0]) == '42["said","back"]'


PARAMETERS = [
    {},
    {"client_max_window_bits": True},
    {"client_max_window_bits": 9, "server_max_window_bits": 9},
    {"server_no_context_takeover": True, "client_no_context_takeover": True},
]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda each: each.name)
def test_websockets_with_every_kind_of_compression_share_a_room(server, version):
    def opening(**parameters):
        return connect(
            server.url.replace("http", "ws") + "/ws/deflate?self=1",
            ssl=client(version),
            server_hostname=NAME,
            compression=None,
            extensions=[ClientPerMessageDeflateFactory(**parameters)],
        )

    async def run():
        sockets = [await opening(**parameters) for parameters in PARAMETERS]
        messages = ["hello", "봉수 " * 40_000, bytes(index * index % 251 for index in range(LARGE)), b"", "x" * LARGE]
        for number, message in enumerate(messages * 2):
            await sockets[number % len(sockets)].send(message)
            assert [await socket.recv() for socket in sockets] == [message] * len(sockets)
        for socket in sockets:
            await socket.close()

    asyncio.run(run())


def talk(one, other, room):
    """There and back, in a room, and much at a time."""
    for peer in (one, other):
        assert peer.ask("join", room)[0]["ok"] is True
    values = ["hello", {"a": [1, None, "둘"]}, b"\0\1\2", "x" * LARGE, b"y" * LARGE]
    for event, value in [(f"{room}-{number}", value) for number, value in enumerate(values)]:
        for speaker, listener in [(one, other), (other, one)]:
            speaker.tell("relay", {"to": room}, event, value)
            assert listener.hears_one(event) == [value]


def python_peer(server, transport):
    return PythonPeer(server.url, transport, authority=file("authority.pem"))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_python_socketio_talks(server, transport):
    with python_peer(server, transport) as one, python_peer(server, "websocket") as other:
        assert one.transport == ("polling" if transport == "polling" else "websocket")
        talk(one, other, f"python-{transport}")


@pytest.fixture(scope="module")
def trusting():
    """A browser that takes the test certificate, and no other, for good."""
    key = subprocess.run(
        ["openssl", "x509", "-in", file("one.pem"), "-pubkey", "-noout"], capture_output=True, check=True
    ).stdout
    lines = [line for line in key.splitlines() if not line.startswith(b"--")]
    pin = base64.b64encode(hashlib.sha256(base64.b64decode(b"".join(lines))).digest()).decode()
    with Browser(f"--ignore-certificate-errors-spki-list={pin}") as browser:
        yield browser


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_browser_talks_to_itself_and_to_python(server, trusting, bundle, transport):
    with trusting.page(f"{server.url}/healthz") as page:
        prepare(page, bundle)
        assert page.evaluate("return location.protocol + isSecureContext;") == "https:true"
        one, other = (BrowserPeer(page, server.url, each) for each in (transport, "polling"))
        with one, other, python_peer(server, "polling") as third:
            talk(one, other, f"browser-{transport}")
            talk(third, one, f"both-{transport}")


def test_the_browsers_own_websocket_talks(server, trusting):
    with trusting.page(f"{server.url}/healthz") as page:
        address = json.dumps(server.url.replace("http", "ws") + "/echo")
        assert page.evaluate(f"""
            const socket = new WebSocket({address});
            await new Promise((done, failed) => {{ socket.onopen = done; socket.onerror = failed; }});
            const lengths = [];
            for (const count of [0, 5, 126, 70000, {LARGE}]) {{
              const answer = new Promise((done) => (socket.onmessage = done));
              socket.send("x".repeat(count));
              lengths.push((await answer).data.length);
            }}
            return lengths;
        """) == [0, 5, 126, 70000, LARGE]


def test_the_chat_page_works(server, trusting):
    with trusting.page(f"{server.url}/#tls") as one, trusting.page(f"{server.url}/#tls") as two:
        ann, ben = Chatter(one, "Ann"), Chatter(two, "벤")
        ben.force_polling()
        ann.sees_person("벤")
        ben.sees_person("Ann")
        ann.say("Is anyone there?")
        ben.sees("Ann", "Is anyone there?")
        ben.say("네 🔥")
        ann.sees("벤", "네 🔥")
