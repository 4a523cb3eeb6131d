"""The record layer of TLS 1.3 (RFC 8446 §5) in the hands of a client that can say what no client should.

The handshake is made by Python's `ssl`; its secrets come by the key log, the cipher from OpenSSL's libcrypto.
"""

import tempfile

from secure import Wire, client
from tls_keys import TAG_BYTES, expand, gcm

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23
NEW_SESSION_TICKET, KEY_UPDATE = 4, 24
RECORD_MAX = 1 << 14


class Direction:
    """What one side says, or hears, with one key after the other."""

    def __init__(self, secret):
        self.secret, self.sequence = secret, 0
        self.key, self.iv = expand(secret, b"key", 16), expand(secret, b"iv", 12)

    def updated(self):
        return Direction(expand(self.secret, b"traffic upd", 32))

    def nonce(self):
        number = int.from_bytes(self.iv, "big") ^ self.sequence
        self.sequence += 1
        return number.to_bytes(12, "big")

    def seal(self, inner):
        """The record around `inner`: what is said, its kind, zeros."""
        header = bytes([APPLICATION_DATA, 3, 3]) + (len(inner) + TAG_BYTES).to_bytes(2, "big")
        return header + gcm(self.key, self.nonce(), header, inner)

    def unseal(self, record):
        """The kind of what is said, and what is said."""
        inner = gcm(self.key, self.nonce(), record[:5], record[5:-TAG_BYTES], record[-TAG_BYTES:])
        assert inner is not None, "a forged record"
        text = inner.rstrip(b"\0")
        return text[-1], text[:-1]


class Records(Wire):
    """A client whose handshake is over."""

    def __init__(self, url):
        context = client()
        with tempfile.NamedTemporaryFile("r") as log:
            context.keylog_filename = log.name
            super().__init__(url, context)
            self.handshake()
            secrets = {line.split()[0]: bytes.fromhex(line.split()[2]) for line in log if line[0] != "#"}
        assert self.tls.version() == "TLSv1.3" and self.tls.cipher()[0] == "TLS_AES_128_GCM_SHA256"
        self.mouth = Direction(secrets["CLIENT_TRAFFIC_SECRET_0"])
        self.ear = Direction(secrets["SERVER_TRAFFIC_SECRET_0"])

    def sealed(self, data, kind=APPLICATION_DATA, padding=0):
        return self.mouth.seal(data + bytes([kind]) + bytes(padding))

    def say(self, data, kind=APPLICATION_DATA, padding=0):
        self.send(self.sealed(data, kind, padding))

    def update_key(self, is_requested):
        """The bytes of a key update; what comes after them has the new key."""
        record = self.sealed(key_update(is_requested), HANDSHAKE)
        self.mouth = self.mouth.updated()
        return record

    def hear(self):
        """Kind and contents of the next record, session tickets aside; follows key updates."""
        while True:
            kind, data = self.ear.unseal(self.record())
            if (kind, data) == (HANDSHAKE, key_update(False)):
                self.ear = self.ear.updated()
            if kind != HANDSHAKE or data[0] != NEW_SESSION_TICKET:
                return kind, data

    def hear_data(self, count):
        """The next bytes of application data, however they are cut."""
        text = b""
        while len(text) < count:
            kind, data = self.hear()
            assert kind == APPLICATION_DATA, (kind, data)
            text += data
        return text


def key_update(is_requested):
    return bytes([KEY_UPDATE, 0, 0, 1, is_requested])
