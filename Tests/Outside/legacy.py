"""A client of Socket.IO 2, python-socketio 4, in a process of its own: it has the names of today's packages.

As a program it takes one JSON line a command and answers with one.
"""

import base64
import json
import os
import queue
import subprocess
import sys
import threading

from programs import ROOT

PACKAGES = os.environ.get("BONGSU_LEGACY_PACKAGES", str(ROOT / ".build-tests" / "socketio-2"))
SECONDS = 10


def packed(value):
    """As JSON: bytes become an object."""
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, (list, tuple)):
        return [packed(each) for each in value]
    if isinstance(value, dict):
        return {key: packed(each) for key, each in value.items()}
    return value


def unpacked(value):
    if isinstance(value, list):
        return [unpacked(each) for each in value]
    if isinstance(value, dict):
        if "$bytes" in value:
            return base64.b64decode(value["$bytes"])
        return {key: unpacked(each) for key, each in value.items()}
    return value


class LegacyPeer:
    """One client; `transport` is polling, websocket or upgrade."""

    def __init__(self, url, transport, namespaces=()):
        self.process = subprocess.Popen(
            [sys.executable, __file__, url, transport, *namespaces],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": PACKAGES},
        )
        self.opening = self._answer()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(SECONDS)

    def _answer(self):
        line = self.process.stdout.readline()
        assert line, "the client ended"
        return unpacked(json.loads(line))

    def _command(self, *parts):
        self.process.stdin.write(json.dumps(packed(parts)) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def tell(self, event, *arguments, namespace="/"):
        self._command("tell", namespace, event, arguments)

    def ask(self, event, *arguments, namespace="/"):
        return self._command("ask", namespace, event, arguments)

    def hear(self):
        """The next event: namespace, name, arguments."""
        return tuple(self._command("hear"))

    def state(self):
        """What transport it is on and what ids it has, by namespace; for as long as it is connected."""
        return self._command("state")


def main(url, transport, *namespaces):
    import socketio
    from engineio.payload import Payload

    # It gives up on a poll of more than 16 packets unless it is told otherwise; the protocol has no limit.
    Payload.max_decode_packets = 10_000
    heard = queue.Queue()
    connected = threading.Semaphore(0)
    client = socketio.Client(reconnection=False)

    def listen(namespace):
        client.on("connect", connected.release, namespace=namespace)
        for event in ("auth", "message-back", "said"):
            client.on(event, lambda *all, name=event: heard.put((namespace, name, list(all))), namespace=namespace)

    for namespace in ("/", *namespaces):
        listen(namespace)
    transports = None if transport == "upgrade" else [transport]
    client.connect(url, transports=transports, namespaces=list(namespaces))
    for _ in ("/", *namespaces):
        assert connected.acquire(timeout=SECONDS)
    answer({"sid": client.sid})
    for line in sys.stdin:
        command, *rest = unpacked(json.loads(line))
        if command == "hear":
            answer(heard.get(timeout=SECONDS))
        elif command == "state":
            answer({"connected": client.connected, "transport": client.transport(), "sid": client.sid})
        elif command == "tell":
            namespace, event, arguments = rest
            client.emit(event, tuple(arguments), namespace=namespace)
            answer(None)
        else:
            namespace, event, arguments = rest
            answer(client.call(event, tuple(arguments), namespace=namespace, timeout=SECONDS))
    client.disconnect()


def answer(value):
    print(json.dumps(packed(value)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
