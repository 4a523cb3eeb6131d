"""Plain WebSocket peers by the `websockets` library: what a browser's own WebSocket would do."""

import threading

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from peers import Peer


class PlainPeer(Peer):
    """A connection that remembers its messages; `hears("message")` waits for them as other peers do."""

    kind = "plain"

    def __init__(self, url, path):
        self.inbox, self.code, self.over = [], None, threading.Event()
        self.socket = connect("ws" + url.removeprefix("http") + path, max_size=None, close_timeout=3).__enter__()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        try:
            for message in self.socket:
                self.inbox.append([message])
        except ConnectionClosed:
            pass
        self.code = self.socket.close_code
        self.over.set()

    def tell(self, message):
        self.socket.send(message)

    def heard(self, event="message"):
        return list(self.inbox)

    def close(self):
        self.socket.close()
