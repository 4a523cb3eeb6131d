"""TLS for a client that reads in one thread while it writes in another.

An OpenSSL connection must not be used by two threads at once, and CPython before 3.13 lets them: now and then a read that
meets a write takes the connection for ended. Here one waits for the other; nobody waits for bytes while it is their turn.
"""

import select
import ssl
import threading


class TurnTakingSocket(ssl.SSLSocket):
    """Always non-blocking below; the timeout is kept here."""

    def settimeout(self, value):
        self._seconds = value
        super().settimeout(0)

    def gettimeout(self):
        return self._seconds

    @property
    def _turn(self):
        return self.__dict__.setdefault("_lock", threading.Lock())

    def _until_done(self, operation, *arguments):
        while True:
            try:
                with self._turn:
                    return operation(*arguments)
            except ssl.SSLWantReadError:
                ready = select.select([self], [], [], self._seconds)
            except ssl.SSLWantWriteError:
                ready = select.select([], [self], [], self._seconds)
            if not any(ready):
                raise TimeoutError("timed out")

    def do_handshake(self, block=False):
        self._until_done(self._sslobj.do_handshake)

    def read(self, *arguments):
        return self._until_done(super().read, *arguments)

    def send(self, data, flags=0):
        return self._until_done(super().send, data, flags)


def context(authority):
    """Trusts who is signed by the authority in that file."""
    made = ssl.create_default_context(cafile=authority)
    made.sslsocket_class = TurnTakingSocket
    return made
