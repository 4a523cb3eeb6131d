"""Socket.IO clients that nobody here wrote, behind one small interface.

A peer can `tell` (emit), `ask` (emit and wait for the ack), and remembers what it heard.
"""

import base64
import itertools
import json
import threading
from pathlib import Path

import requests
import socketio
from engineio.payload import Payload

import taking_turns
from waiting import eventually

TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": ["polling", "websocket"]}
SCRIPT = Path(__file__).with_name("peers.js")
SECONDS = 8
NAMES = itertools.count(1)

# python-engineio gives up on a poll of more than 16 packets unless it is told otherwise; the protocol has no limit.
Payload.max_decode_packets = 10_000


def pack(value):
    """Bytes as {"$bytes": base64}, as peers.js does it."""
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, (list, tuple)):
        return [pack(member) for member in value]
    if isinstance(value, dict):
        return {key: pack(member) for key, member in value.items()}
    return value


def unpack(value):
    if isinstance(value, list):
        return [unpack(member) for member in value]
    if isinstance(value, dict):
        if "$bytes" in value:
            return base64.b64decode(value["$bytes"])
        return {key: unpack(member) for key, member in value.items()}
    return value


class Peer:
    """What both kinds share: waiting until enough was heard."""

    def hears(self, event, count=1, seconds=SECONDS):
        """Waits for `count` events of a name and gives the arguments of each."""
        eventually(lambda: len(self.heard(event)) >= count, seconds, f"{count} × {event}")
        return self.heard(event)

    def hears_one(self, event, seconds=SECONDS):
        found = self.hears(event, 1, seconds)
        assert len(found) == 1, found
        return found[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class BrowserPeer(Peer):
    """The official client in a page that `prepare` made ready."""

    kind = "browser"

    def __init__(self, page, url, transport, namespace="/", answer=(), wait=True, **options):
        self.page, self.name = page, f"peer{next(NAMES)}"
        options |= {"transports": TRANSPORTS[transport]}
        page.evaluate(f"openPeer({self._json(self.name, url + namespace, options)})")
        page.evaluate(f"peers.{self.name}.answer = {json.dumps(pack(answer))}")
        if wait:
            self.is_up(1)
        if wait and transport == "upgrade":
            eventually(lambda: self.transport == "websocket", SECONDS, "the upgrade")

    @staticmethod
    def _json(*values):
        return ", ".join(json.dumps(pack(value)) for value in values)

    def _get(self, expression):
        return self.page.evaluate(f"const peer = peers.{self.name}; return {expression};")

    def is_up(self, connects, seconds=SECONDS):
        """Waits until the client has connected for the n-th time."""
        try:
            eventually(lambda: self._get("peer.connects") >= connects, seconds, "connect")
        except AssertionError as error:
            raise AssertionError(f"{error}; errors: {self.errors}") from error

    @property
    def id(self):
        return self._get("peer.socket.id")

    @property
    def transport(self):
        return self._get("peer.socket.io.engine?.transport?.name")

    @property
    def engine_is_closed(self):
        return self._get("peer.socket.io.engine.readyState === 'closed'")

    @property
    def gone(self):
        return self._get("peer.gone")

    @property
    def errors(self):
        return self._get("peer.errors")

    def tell(self, event, *args):
        self.page.evaluate(f"tell({self._json(self.name, event, args)})")

    def tell_all(self, event, values):
        """One event for each value, without a pause."""
        script = f"for (const value of {json.dumps(pack(values))}) tell({self._json(self.name, event)}, [value])"
        self.page.evaluate(script)

    def ask(self, event, *args, seconds=SECONDS):
        return unpack(self.page.evaluate(f"return ask({self._json(self.name, event, args, seconds * 1000)})"))

    def heard(self, event=None):
        return unpack(self.page.evaluate(f"return heardBy({self._json(self.name, event)})"))

    def forget(self, event):
        self.page.evaluate(f"forget({self._json(self.name, event)})")

    def disconnect(self):
        self.page.evaluate(f"peers.{self.name}.socket.disconnect()")

    def close(self):
        self.page.evaluate(f"peers.{self.name}.socket.io.reconnection(false); peers.{self.name}.socket.disconnect()")


class PythonPeer(Peer):
    """python-socketio's synchronous client."""

    kind = "python"

    def __init__(
        self,
        url,
        transport,
        namespace="/",
        answer=(),
        reconnection=False,
        auth=None,
        authority=None,
        parser="default",
    ):
        """`authority` is the file of who has to have signed the server's certificate."""
        self.namespace, self.inbox, self.gone, self.errors, self.connects = namespace, [], [], [], 0
        session = requests.Session()
        session.verify = authority or True
        # Variables such as REQUESTS_CA_BUNDLE would come before that.
        session.trust_env = False
        self.client = socketio.Client(
            reconnection=reconnection,
            reconnection_delay=0.1,
            reconnection_delay_max=0.3,
            handle_sigint=False,
            http_session=session,
            websocket_extra_options={"sslopt": {"context": taking_turns.context(authority)}} if authority else {},
            serializer=parser,
        )
        self.client.on("*", self._listener(answer), namespace=namespace)
        self.client.on("connect", self._connected, namespace=namespace)
        self.client.on("disconnect", self.gone.append, namespace=namespace)
        self.client.on("connect_error", self.errors.append, namespace=namespace)
        self.client.connect(
            url, auth=auth, transports=TRANSPORTS[transport], namespaces=[namespace], wait_timeout=SECONDS
        )

    def _listener(self, answer):
        def heard(event, *args):
            self.inbox.append([event, *args])
            return tuple(answer)

        return heard

    def _connected(self):
        self.connects += 1

    def is_up(self, connects, seconds=SECONDS):
        eventually(lambda: self.connects >= connects, seconds, "connect")

    @property
    def id(self):
        return self.client.get_sid(self.namespace)

    @property
    def transport(self):
        return self.client.transport()

    def tell(self, event, *args):
        self.client.emit(event, tuple(args), namespace=self.namespace)

    def tell_all(self, event, values):
        for value in values:
            self.tell(event, value)

    def ask(self, event, *args, seconds=SECONDS):
        done, answer = threading.Event(), []
        self.client.emit(
            event, tuple(args), namespace=self.namespace, callback=lambda *given: (answer.extend(given), done.set())
        )
        assert done.wait(seconds), f"no ack for {event} in {seconds} s"
        return answer

    def heard(self, event=None):
        return [entry[1:] if event else entry for entry in list(self.inbox) if event in (None, entry[0])]

    def disconnect(self):
        self.client.disconnect()

    def close(self):
        self.client.disconnect()


def prepare(page, bundle):
    """Loads the official client and the helpers into a page."""
    page.run(bundle.read_text())
    page.run(SCRIPT.read_text())
    return page
