"""TLS records made by hand, with the right keys or with none: what no honest TLS library would send.

The handshake is Python's `ssl`'s, which tells its secrets as for a packet sniffer (SSLKEYLOGFILE).
"""

import hmac
import ssl
import tempfile
from pathlib import Path

from raw import Closed
from secure import Wire, client
from tls_keys import expand, gcm

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION, HEARTBEAT = 20, 21, 22, 23, 24
WARNING, FATAL = 1, 2
CLIENT_HELLO, KEY_UPDATE, CERTIFICATE, FINISHED = 1, 24, 11, 20


def record(kind, content, version=b"\x03\x03"):
    """A record as it lies on the wire, not encrypted (RFC 8446 §5.1)."""
    return bytes([kind]) + version + len(content).to_bytes(2, "big") + content


def message(kind, content):
    """A handshake message (RFC 8446 §4)."""
    return bytes([kind]) + len(content).to_bytes(3, "big") + content


def extension(kind, content):
    return kind.to_bytes(2, "big") + len(content).to_bytes(2, "big") + content


def server_name(name):
    """RFC 6066 §3."""
    entry = b"\0" + len(name).to_bytes(2, "big") + name
    return extension(0, len(entry).to_bytes(2, "big") + entry)


# What a client of TLS 1.2 says of itself: P-256, its points uncompressed, ECDSA with SHA-256.
COMMON = extension(10, b"\0\2\0\x17") + extension(11, b"\1\0") + extension(13, b"\0\4\4\3\4\1")


def hello(version=b"\x03\x03", extensions=COMMON, session=b"", ciphers=b"\xc0\x2b\xc0\x2f"):
    """A ClientHello as a handshake message (RFC 5246 §7.4.1.2)."""
    content = version + bytes(range(32)) + bytes([len(session)]) + session
    content += len(ciphers).to_bytes(2, "big") + ciphers + b"\1\0"
    return message(CLIENT_HELLO, content + len(extensions).to_bytes(2, "big") + extensions)


def pseudo_random(secret, seed, count):
    """The PRF of TLS 1.2 (RFC 5246 §5)."""
    found, state = b"", seed
    while len(found) < count:
        state = hmac.digest(secret, state, "sha256")
        found += hmac.digest(secret, state + seed, "sha256")
    return found[:count]


class Forger(Wire):
    """A client past its handshake that encrypts its records by itself; what it hears, `ssl` decrypts."""

    def __init__(self, url, version=ssl.TLSVersion.TLSv1_3):
        with tempfile.TemporaryDirectory() as folder:
            context = client(version)
            # Of TLS 1.3's, the server takes this one by itself.
            context.set_ciphers("ECDHE+AESGCM+AES128")
            context.keylog_filename = str(Path(folder, "secrets"))
            self.first = b""
            super().__init__(url, context)
            self.handshake()
            assert "128" in self.tls.cipher()[0]
            lines = [line.split() for line in Path(folder, "secrets").read_text().splitlines()]
        self.secrets = {line[0]: [bytes.fromhex(part) for part in line[1:]] for line in lines if line[0] != "#"}
        self.is_13 = version == ssl.TLSVersion.TLSv1_3
        if self.is_13:
            self.secret = self.secrets["CLIENT_TRAFFIC_SECRET_0"][1]
            self._use_secret()
        else:
            self._use_master(*self.secrets["CLIENT_RANDOM"])

    def receive(self):
        data = super().receive()
        self.first = self.first or data
        return data

    def _use_secret(self):
        self.key, self.iv, self.number = expand(self.secret, b"key", 16), expand(self.secret, b"iv", 12), 0

    def _use_master(self, random, master):
        # Behind the headers of the record and of the message, and the version, is the server's random number.
        block = pseudo_random(master, b"key expansion" + self.first[11:43] + random, 40)
        # The client's Finished was number 0.
        self.key, self.iv, self.number = block[:16], block[32:36], 1

    def turn_keys(self):
        """What the next record is encrypted with after a KeyUpdate (RFC 8446 §7.2)."""
        self.secret = expand(self.secret, b"traffic upd", 32)
        self._use_secret()

    def sealed(self, kind, content, padding=0):
        """One record, encrypted (RFC 8446 §5.2, RFC 5288 §3)."""
        number = self.number.to_bytes(8, "big")
        self.number += 1
        if self.is_13:
            content += bytes([kind]) + bytes(padding)
            header = b"\x17\x03\x03" + (len(content) + 16).to_bytes(2, "big")
            nonce = bytes(a ^ b for a, b in zip(self.iv, b"\0\0\0\0" + number, strict=True))
            return header + gcm(self.key, nonce, header, content)
        start = bytes([kind]) + b"\x03\x03"
        header = number + start + len(content).to_bytes(2, "big")
        data = gcm(self.key, self.iv + number, header, content)
        return start + (len(data) + 8).to_bytes(2, "big") + number + data

    def end(self):
        """What the server says until it ends the connection, and how: the reason of an alert, or that there is none."""
        said = b""
        while True:
            try:
                self.receive()
                while data := self.tls.read(65_536):
                    said += data
                return said, "close_notify"
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError as error:
                return said, error.reason
            except (Closed, ConnectionError):
                return said, None
