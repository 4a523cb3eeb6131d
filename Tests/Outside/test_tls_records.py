"""Records that no honest client sends after its handshake: refused or bounded, and nobody notices."""

import contextlib
import ssl

import pytest
from frames import CLOSE, TEXT, frame, upgrade_headers
from hostile import Bystander, NarrowConnection, SecureClient, flood, resident
from raw import Closed, head
from records import (
    ALERT,
    APPLICATION,
    CERTIFICATE,
    CHANGE_CIPHER_SPEC,
    FATAL,
    FINISHED,
    HANDSHAKE,
    HEARTBEAT,
    KEY_UPDATE,
    WARNING,
    Forger,
    hello,
    message,
    record,
)
from secure import pair, refused, serving

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = pytest.mark.parametrize("version", [TLS12, TLS13], ids=lambda version: version.name)
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
UPDATE, UPDATE_REQUEST = message(KEY_UPDATE, b"\0"), message(KEY_UPDATE, b"\1")
# Megabytes: the allocator's slack is within it, what a flood could pile up is not.
ROOM = 40
# Seconds in which a bystander is answered whatever the flood; busy machines are slow.
PATIENCE = 3


@pytest.fixture(scope="module")
def server():
    with serving(*pair("one"), loops=1) as program:
        yield program


@pytest.fixture(autouse=True)
def server_survives(server):
    yield
    server.assert_running()
    assert refused(server.url) is None


@VERSIONS
def test_records_made_by_hand_are_understood_when_they_are_good(server, version):
    with Forger(server.url, version) as forger:
        forger.send(forger.sealed(APPLICATION, REQUEST[:10]) + forger.sealed(APPLICATION, b""))
        forger.send(forger.sealed(APPLICATION, REQUEST[10:], padding=0 if version == TLS12 else 16_000))
        if version == TLS13:
            forger.send(forger.sealed(HANDSHAKE, UPDATE_REQUEST))
            forger.turn_keys()
        forger.send(forger.sealed(APPLICATION, REQUEST))
        forger.send(forger.sealed(ALERT, bytes([WARNING, 0])))
        said, ending = forger.end()
        assert said.count(b"\r\n\r\nok") == 2
        assert ending == "close_notify"


def flip(data, position):
    changed = bytearray(data)
    changed[position] ^= 0x40
    return bytes(changed)


def shortened(data):
    return data[:4] + bytes([data[4] - 1]) + data[5:]


def second(forger, *content):
    """A record that comes out of order: the one before it is never sent."""
    forger.sealed(APPLICATION, REQUEST)
    return forger.sealed(*content)


GOOD = (APPLICATION, REQUEST)
FORGED = {
    "a flipped bit of the text": lambda it: flip(it.sealed(*GOOD), 20),
    "a flipped bit of the tag": lambda it: flip(it.sealed(*GOOD), -1),
    "a shorter length": lambda it: shortened(it.sealed(*GOOD)),
    "a flipped bit of the version": lambda it: flip(it.sealed(*GOOD), 1),
    "another kind outside": lambda it: bytes([HANDSHAKE]) + it.sealed(*GOOD)[1:],
    "a record twice": lambda it: it.sealed(*GOOD) * 2,
    "a record out of order": lambda it: second(it, *GOOD),
    "plain text": lambda it: record(APPLICATION, REQUEST),
    "plain text after a good record": lambda it: it.sealed(*GOOD) + record(APPLICATION, REQUEST),
    "a record without a tag": lambda it: record(APPLICATION, b"x" * 15),
    "an empty record without a tag": lambda it: record(APPLICATION, b""),
    "a record that is too long": lambda it: record(APPLICATION, b"x" * (16_384 + 2_049)),
    "too much text in a record": lambda it: it.sealed(APPLICATION, REQUEST + b"x" * 16_384),
    "an unknown kind": lambda it: it.sealed(99, b"x"),
    "a heartbeat that asks for more than it brings": lambda it: it.sealed(HEARTBEAT, b"\1\x40\0x"),
    "a plain heartbeat": lambda it: record(HEARTBEAT, b"\1\x40\0x"),
    "a fatal alert": lambda it: it.sealed(ALERT, bytes([FATAL, 40])),
    "an alert of one byte": lambda it: it.sealed(ALERT, b"\1"),
    "an alert of three bytes": lambda it: it.sealed(ALERT, b"\1\0\0"),
    "an alert that is no alert": lambda it: it.sealed(ALERT, b"\7\0"),
    "a plain alert": lambda it: record(ALERT, bytes([FATAL, 0])),
    "a second Finished": lambda it: it.sealed(HANDSHAKE, message(FINISHED, bytes(32))),
    "a certificate nobody asked for": lambda it: it.sealed(HANDSHAKE, message(CERTIFICATE, bytes(4))),
    "a handshake message that is too long": lambda it: it.sealed(HANDSHAKE, b"\x18\xff\xff\xff\0"),
    "a change of ciphers": lambda it: it.sealed(CHANGE_CIPHER_SPEC, b"\1"),
}
FORGED_13 = {
    "a second ClientHello": lambda it: it.sealed(HANDSHAKE, hello()),
    "nothing but padding": lambda it: it.sealed(0, b"", padding=100),
    "an empty handshake message": lambda it: it.sealed(HANDSHAKE, b""),
    "an empty alert": lambda it: it.sealed(ALERT, b""),
    "a key update of another kind": lambda it: it.sealed(HANDSHAKE, message(KEY_UPDATE, b"\2")),
    "an empty key update": lambda it: it.sealed(HANDSHAKE, message(KEY_UPDATE, b"")),
    "a long key update": lambda it: it.sealed(HANDSHAKE, message(KEY_UPDATE, b"\0\0")),
    "a key update with something behind it": lambda it: it.sealed(HANDSHAKE, UPDATE + UPDATE),
    "a key update and old keys": lambda it: it.sealed(HANDSHAKE, UPDATE) + it.sealed(*GOOD),
    "new keys without a key update": lambda it: it.turn_keys() or it.sealed(*GOOD),
}
# The good one at the beginning may be answered.
BEGIN_WELL = {"a record twice", "plain text after a good record"}
CASES = [(version, name) for version in (TLS12, TLS13) for name in FORGED] + [(TLS13, name) for name in FORGED_13]


@pytest.mark.parametrize(("version", "name"), CASES, ids=lambda each: each if isinstance(each, str) else each.name)
def test_a_forged_record_ends_the_connection_and_nothing_behind_it_is_heard(server, version, name):
    with Forger(server.url, version) as forger:
        forger.send((FORGED | FORGED_13)[name](forger) + forger.sealed(*GOOD))
        said, _ = forger.end()
        assert said.count(b"HTTP/1.1 ") <= (name in BEGIN_WELL)


class NarrowForger(Forger, NarrowConnection):
    pass


def updates(forger, content, count):
    """Key updates, each with the key that the one before it brought."""
    for _ in range(count):
        yield forger.sealed(HANDSHAKE, content)
        forger.turn_keys()


FLOODS = {
    "empty records": lambda it: [it.sealed(APPLICATION, b"") for _ in range(30_000)],
    "warnings": lambda it: [it.sealed(ALERT, bytes([WARNING, 90])) for _ in range(30_000)],
    "empty records and warnings": lambda it: [
        it.sealed(*each) for _ in range(15_000) for each in ((APPLICATION, b""), (ALERT, bytes([WARNING, 90])))
    ],
    "records of one byte": lambda it: [it.sealed(APPLICATION, b"\n") for _ in range(30_000)],
}
FLOODS_12 = {
    "renegotiations": lambda it: [it.sealed(HANDSHAKE, hello()) for _ in range(15_000)],
    "pieces of a renegotiation": lambda it: (
        [it.sealed(HANDSHAKE, b"\1\1\0\0")] + [it.sealed(HANDSHAKE, b"x" * 8) for _ in range(15_000)]
    ),
}
FLOODS_13 = {
    "padding": lambda it: [it.sealed(APPLICATION, b"", padding=16_000) for _ in range(2_000)],
    "changes of ciphers": lambda _: [record(CHANGE_CIPHER_SPEC, b"\1")] * 100_000,
    "key updates": lambda it: updates(it, UPDATE, 20_000),
    "key updates to be answered": lambda it: updates(it, UPDATE_REQUEST, 20_000),
}
FLOOD_CASES = [(version, name) for version in (TLS12, TLS13) for name in FLOODS]
FLOOD_CASES += [(TLS12, name) for name in FLOODS_12] + [(TLS13, name) for name in FLOODS_13]


@pytest.mark.parametrize(
    ("version", "name"), FLOOD_CASES, ids=lambda each: each if isinstance(each, str) else each.name
)
def test_a_flood_that_nobody_reads_the_answers_to_is_bounded(server, version, name):
    with NarrowForger(server.url, version) as forger, Bystander(server, SecureClient) as bystander:
        data = b"".join((FLOODS | FLOODS_12 | FLOODS_13)[name](forger))
        before = resident(server)
        _, peak, _ = flood(forger, data, 2, server)
        assert peak - before < ROOM
    assert bystander.slowest < PATIENCE


@VERSIONS
def test_a_message_in_records_of_one_byte_comes_back(server, version):
    with Forger(server.url, version) as forger:
        forger.send(forger.sealed(APPLICATION, head("GET", "/echo", "x", upgrade_headers())))
        text = bytes(range(65, 91)) * 200
        forger.send(b"".join(forger.sealed(APPLICATION, bytes([byte])) for byte in frame(TEXT, text) + frame(CLOSE)))
        said, _ = forger.end()
        assert text in said


def test_key_updates_in_moderation_are_answered(server):
    with Forger(server.url) as forger:
        for _ in range(20):
            forger.send(b"".join(updates(forger, UPDATE_REQUEST, 5)) + forger.sealed(APPLICATION, REQUEST))
        forger.send(forger.sealed(ALERT, bytes([WARNING, 0])))
        said, ending = forger.end()
        assert said.count(b"\r\n\r\nok") == 20 and ending == "close_notify"


def records_of(connection):
    with contextlib.suppress(Closed, ConnectionError):
        while True:
            yield connection.record()


def test_renegotiation_is_declined_and_the_connection_stays(server):
    with Forger(server.url, TLS12) as forger:
        for _ in range(3):
            forger.send(forger.sealed(HANDSHAKE, hello()))
        forger.send(forger.sealed(APPLICATION, REQUEST) + forger.sealed(ALERT, bytes([WARNING, 0])))
        kinds = [start[0] for start in records_of(forger)]
        assert kinds == [ALERT, ALERT, ALERT, APPLICATION, ALERT]
