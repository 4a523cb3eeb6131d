"""A line to a server that can be cut: a TCP proxy whose connections break when a test says so."""

import contextlib
import socket
import threading


class Line:
    """`url` leads to the server. While the line is down, connections are refused."""

    def __init__(self, port):
        self.target = ("127.0.0.1", port)
        self.pairs = []
        self.lock = threading.Lock()
        self.listener = None
        self.port = 0
        self.up()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.down()

    def up(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def down(self):
        """Breaks all connections; new ones are refused."""
        self._refuse()
        for client, server in self._take():
            self._end(client)
            self._end(server)

    def freeze(self):
        """Breaks the clients' ends only: the server hears nothing more and does not know why. The line is down."""
        # A browser would repeat a poll at once, and the server answer it.
        self._refuse()
        frozen = self._take()
        for client, _ in frozen:
            self._end(client)
        return frozen

    def _refuse(self):
        if self.listener:
            # Closing alone does not wake the thread that accepts.
            with contextlib.suppress(OSError):
                self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None

    def _take(self):
        with self.lock:
            pairs, self.pairs = self.pairs, []
        return pairs

    @staticmethod
    def _end(connection):
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
                server = socket.create_connection(self.target)
            except OSError:
                return
            with self.lock:
                self.pairs.append((client, server))
            threading.Thread(target=self._forward, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._forward, args=(server, client, False), daemon=True).start()

    def _forward(self, source, sink, is_upward):
        while True:
            try:
                data = source.recv(1 << 16)
                if data:
                    sink.sendall(data)
                    continue
            except OSError:
                data = b""
            with self.lock:
                is_frozen = not any(source in pair for pair in self.pairs)
            # The server must not learn that a frozen client has gone.
            if not (is_upward and is_frozen):
                with contextlib.suppress(OSError):
                    sink.shutdown(socket.SHUT_WR)
            return
