"""TLS clients by Python's `ssl`, and the certificates that servers and clients use."""

import contextlib
import ssl
from pathlib import Path

from frames import TEXT, WebSocket, frame, upgrade_headers
from programs import serve
from raw import Closed, Connection, head

FOLDER = Path(__file__).resolve().parents[1] / "Certificates"
NAME = "one.example"


def file(name):
    return str(FOLDER / name)


def pair(name):
    """The options for one certificate."""
    return ("--tls-cert", file(f"{name}.pem"), "--tls-key", file(f"{name}.key"))


def serial(name):
    """The serial number of a certificate in a file, as `getpeercert` writes it."""
    return ssl._ssl._test_decode_cert(file(f"{name}.pem"))["serialNumber"]


def client(version=None, certificate=None, protocols=("http/1.1",), verify=True):
    """A context that trusts the test authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(file("authority.pem"))
    context.check_hostname = False
    if not verify:
        context.verify_mode = ssl.CERT_NONE
    if version:
        context.minimum_version = context.maximum_version = version
    if certificate:
        context.load_cert_chain(file(f"{certificate}.pem"), file(f"{certificate}.key"))
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


class Secure(Connection):
    """A connection whose bytes are what TLS carries."""

    def __init__(self, url, context=None, name=NAME, session=None):
        super().__init__(url)
        plain = self.socket
        try:
            self.socket = (context or client()).wrap_socket(
                plain, server_hostname=name, session=session, suppress_ragged_eofs=False
            )
        except BaseException:
            plain.close()
            raise

    @property
    def serial(self):
        """Which certificate the server showed."""
        return self.socket.getpeercert()["serialNumber"]

    def get(self, target="/healthz"):
        self.request("GET", target)
        return self.response()

    def opened(self, target):
        """Makes a WebSocket of it."""
        self.send(head("GET", target, self.authority, upgrade_headers()))
        assert self.response().status == 101
        return self

    def tell(self, message, opcode=TEXT):
        self.send(frame(opcode, message))

    def hear(self):
        return WebSocket.frame(self)

    def echo(self, message, opcode=TEXT):
        self.tell(message, opcode)
        found = self.hear()
        assert (found.opcode, found.payload) == (opcode, message)

    def ends_properly(self):
        """Reads on to close_notify; fails when the connection ends without one."""
        try:
            while self.socket.recv(65_536):
                pass
        except ssl.SSLEOFError:
            return False
        return True


class Wire(Connection):
    """A TLS client that shows the records themselves: what `ssl` says is sent by hand."""

    def __init__(self, url, context=None, session=None):
        super().__init__(url)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = (context or client()).wrap_bio(
            self.incoming, self.outgoing, server_hostname=NAME, session=session
        )

    def hello(self):
        """The first bytes of a handshake."""
        with contextlib.suppress(ssl.SSLWantReadError):
            self.tls.do_handshake()
        return self.outgoing.read()

    def handshake(self):
        while True:
            try:
                self.tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self.send(self.outgoing.read())
                self.receive()
        self.send(self.outgoing.read())
        return self

    def receive(self):
        data = self.socket.recv(262_144)
        if not data:
            raise Closed(b"")
        self.incoming.write(data)
        return data

    def record(self):
        """One record as it is on the wire (RFC 8446 §5.1)."""
        start = self.take(5)
        return start + self.take(int.from_bytes(start[3:], "big"))

    def write(self, data):
        """Encrypts, and leaves it to the caller to send."""
        self.tls.write(data)
        return self.outgoing.read()

    def read(self, data):
        self.incoming.write(data)
        return self.tls.read(262_144)


@contextlib.contextmanager
def serving(*arguments, loops=2, ends=False):
    """A server with TLS for one test; it has to be alive at the end, unless it `ends`."""
    program = serve(*arguments, loops=loops)
    try:
        yield program
        assert ends or program.is_running, program.complaints()
    finally:
        program.stop()


def refused(url, **options):
    """Whether the handshake, or the first thing said after it, is refused with an alert."""
    try:
        with Secure(url, **options) as connection:
            connection.get()
    except ssl.SSLError as error:
        return error.reason or str(error)
    return None
