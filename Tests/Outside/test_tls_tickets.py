"""Session tickets: the server forgets the keys of old ones, and accepts nothing ahead of a handshake."""

import contextlib
import ssl
import subprocess
import time

import pytest

from raw import Closed
from records import APPLICATION, record
from secure import NAME, Secure, Wire, client, file, pair, serving

PERIOD = 1
VERSIONS = pytest.mark.parametrize(
    "version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name
)


@pytest.fixture(scope="module")
def forgetful():
    """A server whose keys for tickets live for three seconds in all."""
    with serving(*pair("one"), "--tls-ticket-period", PERIOD) as program:
        yield program


@pytest.fixture(scope="module")
def server():
    with serving(*pair("one")) as program:
        yield program


def session_of(program, context):
    with Secure(program.url, context) as connection:
        assert connection.get().text == "ok"
        return connection.socket.session


def resumes(wire):
    """Completes a handshake whose hello is ready; gives whether the server remembers."""
    wire.receive()
    wire.handshake()
    return wire.tls.session_reused


@VERSIONS
def test_a_ticket_is_worth_nothing_when_its_key_is_forgotten(forgetful, version):
    context = client(version)
    session = session_of(forgetful, context)
    # Later, the client itself would not offer the ticket any more.
    early, again, late = wires = [Wire(forgetful.url, context, session) for _ in range(3)]
    hellos = [wire.hello() for wire in wires]
    for wire, hello in zip((early, again), hellos, strict=False):
        wire.send(hello)
        assert resumes(wire)
    time.sleep(3 * PERIOD + 0.5)
    late.send(hellos[2])
    assert not resumes(late)
    for wire in wires:
        wire.close()


@VERSIONS
def test_a_server_does_not_know_the_tickets_of_another(forgetful, server, version):
    context = client(version)
    session = session_of(server, context)
    with Wire(forgetful.url, context, session) as wire:
        wire.send(wire.hello())
        assert not resumes(wire)


@VERSIONS
def test_a_changed_ticket_is_no_ticket(server, version):
    context = client(version)
    session = session_of(server, context)
    for place in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        with Wire(server.url, context, session) as wire:
            hello = bytearray(wire.hello())
            hello[int(len(hello) * place)] ^= 1
            wire.send(hello)
            with contextlib.suppress(ssl.SSLError, Closed, ConnectionError):
                assert not resumes(wire)
                # The client notices that the hello was another one.
                raise AssertionError("a handshake with a changed hello was completed")
    with Wire(server.url, context, session) as wire:
        wire.send(wire.hello())
        assert resumes(wire)


def test_a_client_that_ended_its_handshake_gets_one_ticket_which_allows_no_early_data(server):
    command = ["openssl", "s_client", "-connect", server.url.split("//")[1], "-servername", NAME, "-tls1_3"]
    command += ["-CAfile", file("authority.pem"), "-ign_eof"]
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    done = subprocess.run(command, input=request, capture_output=True, timeout=10)
    assert done.stdout.count(b"Post-Handshake New Session Ticket arrived") == 1
    assert b"Max Early Data: 0\n" in done.stdout


def test_early_data_is_not_heard(server):
    context = client(ssl.TLSVersion.TLSv1_3)
    with Wire(server.url, context, session_of(server, context)) as wire:
        request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        wire.send(wire.hello() + record(APPLICATION, request) + record(APPLICATION, bytes(500)))
        # The last word is an alert: two bytes, their kind and a tag.
        assert wire.take_rest()[-24:].startswith(b"\x17\x03\x03\x00\x13")
