"""A client that plays cases against an echo server, one connection a case."""

import collections
import dataclasses
import time

from twisted.internet import epollreactor

epollreactor.install()
from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol, connectWS  # noqa: E402
from twisted.internet import reactor  # noqa: E402
from twisted.python import log  # noqa: E402

from cases import octets  # noqa: E402


@dataclasses.dataclass
class Result:
    id: str
    behaviour: str
    closing: str
    seconds: float
    words: str


class CaseClient(WebSocketClientProtocol):
    """What a case expects of its connection; it calls it `p`."""

    def connectionMade(self):
        self.connectionWasOpen = False
        self.txFrameStats = collections.Counter()
        self.began = time.monotonic()
        # First the case, which says what to offer, then the handshake.
        self.case = self.factory.case(self)
        super().connectionMade()

    def onOpen(self):
        self.connectionWasOpen = True
        self.case.onOpen()

    def onMessage(self, message, is_binary):
        self.case.onMessage(message, is_binary)

    def onPong(self, payload):
        self.case.onPong(payload)

    def connectionLost(self, reason):
        super().connectionLost(reason)
        self.case.onConnectionLost(self.failedByMe)
        words = f"{self.case.result} {self.case.resultClose}"
        seconds = time.monotonic() - self.began
        self.factory.ended(Result(self.factory.id, self.case.behavior, self.case.behaviorClose, seconds, words))

    # What cases ask for.

    def enableWirelog(self, enable):
        """There is none."""

    def continueLater(self, delay, action, tag=None):
        self.later(delay, action)

    def killAfter(self, delay):
        self.later(delay, self.failConnection)

    def closeAfter(self, delay):
        self.later(delay, self.sendClose)

    def later(self, delay, action):
        reactor.callLater(delay, lambda: self.state == self.STATE_CLOSED or action())

    # What they send is texts with one character an octet.

    def sendFrame(self, opcode, payload=b"", fin=True, rsv=0, mask=None, payload_len=None, chopsize=None, sync=False):
        self.txFrameStats[opcode] += 1
        payload = octets(payload)
        if payload_len is not None:
            payload = (payload * (payload_len // len(payload) + 1))[:payload_len]
        super().sendFrame(opcode, payload, fin, rsv, mask, None, chopsize, sync)

    def sendMessage(self, payload, isBinary=False, fragmentSize=None, sync=False, doNotCompress=False):
        super().sendMessage(octets(payload), isBinary, fragmentSize, sync, doNotCompress)

    def sendMessageFrameData(self, payload, sync=False):
        return super().sendMessageFrameData(octets(payload), sync)

    def sendCloseFrame(self, code=None, reasonUtf8=None, isReply=False):
        # In an answer the reason comes from the wire, and may have been decoded.
        reason = reasonUtf8.encode("utf-8") if isReply and isinstance(reasonUtf8, str) else octets(reasonUtf8)
        super().sendCloseFrame(code, reason, isReply)


class Play(WebSocketClientFactory):
    """Plays cases one after the other, for no more than some seconds."""

    protocol = CaseClient
    noisy = False

    def __init__(self, url, cases, seconds):
        super().__init__(url=url, debug=False, debugCodePaths=False)
        # A client that drops connections would hide what the server does.
        self.setProtocolOptions(failByDrop=False)
        self.rest = collections.deque(cases.items())
        self.results = []
        reactor.callLater(seconds, reactor.crash)
        # What a case raises is printed, and ends everything.
        log.addObserver(lambda event: event["isError"] and reactor.crash())

    def run(self):
        """The results of the cases that were played to their end."""
        self.id, self.case = self.rest.popleft()
        connectWS(self)
        reactor.run()
        return self.results

    def ended(self, result):
        self.results.append(result)

    def clientConnectionLost(self, connector, reason):
        if self.rest:
            self.id, self.case = self.rest.popleft()
            connector.connect()
        else:
            reactor.stop()

    def clientConnectionFailed(self, connector, reason):
        self.ended(Result(self.id, "FAILED", "FAILED", 0, f"no connection: {reason.getErrorMessage()}"))
        reactor.stop()
