"""Certificates change while the server runs."""

import shutil
import signal
import ssl
import threading
import time

import pytest

from secure import FOLDER, Secure, client, serial, serving

SECONDS = 15


class Files:
    """The certificate and the key that a server uses."""

    def __init__(self, folder):
        self.chain, self.key = folder / "server.pem", folder / "server.key"
        self.use("one")

    def use(self, name, key=None):
        """Puts other files in their places, as a tool for certificates would."""
        for target, source in [(self.chain, f"{name}.pem"), (self.key, f"{key or name}.key")]:
            new = target.with_suffix(".new")
            shutil.copyfile(FOLDER / source, new)
            new.replace(target)

    @property
    def options(self):
        return ("--tls-cert", self.chain, "--tls-key", self.key)


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


def shown(program):
    with Secure(program.url) as connection:
        return connection.serial


def comes(condition, seconds=SECONDS):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


class Stream:
    """Clients that connect one after the other until told to stop."""

    def __init__(self, program):
        self.program, self.serials, self.errors = program, [], []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.stopped.is_set():
            try:
                with Secure(self.program.url) as connection:
                    connection.opened("/echo").echo(b"hello")
                    self.serials.append(connection.serial)
            except (OSError, ssl.SSLError, AssertionError) as error:
                self.errors.append(error)

    def stop(self):
        self.stopped.set()
        self.thread.join(10)


@pytest.mark.parametrize("way", ["SIGHUP", "the files themselves"])
def test_new_certificates_are_used_and_nobody_is_lost(files, way):
    with serving(*files.options) as program:
        live = [Secure(program.url).opened("/echo") for _ in range(1_000)]
        stream = Stream(program)
        for name in ("renewed", "one", "renewed"):
            files.use(name)
            if way == "SIGHUP":
                program.signal(signal.SIGHUP)
            assert comes(lambda name=name: shown(program) == serial(name)), program.complaints()
            for number, connection in enumerate(live):
                connection.echo(b"still here %d" % number)
        stream.stop()
        assert stream.errors == []
        assert set(stream.serials) == {serial("one"), serial("renewed")}
        assert stream.serials[-1] == serial("renewed")
        assert {connection.serial for connection in live} == {serial("one")}
        assert "Error" not in program.complaints()


@pytest.mark.parametrize("way", ["SIGHUP", "the files themselves"])
def test_broken_certificates_are_reported_and_the_old_ones_stay(files, way):
    with serving(*files.options) as program:
        files.use("renewed", key="wild")
        if way == "SIGHUP":
            program.signal(signal.SIGHUP)
        assert comes(lambda: "does not belong" in program.complaints())
        assert shown(program) == serial("one")
        # Once, and not every time somebody looks.
        time.sleep(5)
        assert program.complaints().count("does not belong") == 1
        files.use("renewed")
        assert comes(lambda: shown(program) == serial("renewed"))


def test_a_file_that_is_gone_is_reported_when_somebody_asks(files):
    with serving(*files.options) as program:
        files.key.unlink()
        program.signal(signal.SIGHUP)
        assert comes(lambda: "server.key" in program.complaints())
        assert shown(program) == serial("one")


def test_sessions_are_resumed_across_a_change(files):
    with serving(*files.options) as program:
        context = client()
        with Secure(program.url, context) as connection:
            assert connection.get().text == "ok"
            session = connection.socket.session
        files.use("renewed")
        program.signal(signal.SIGHUP)
        assert comes(lambda: shown(program) == serial("renewed"))
        with Secure(program.url, context, session=session) as connection:
            assert connection.get().text == "ok" and connection.socket.session_reused


def test_the_signal_ends_no_server_with_tls(files):
    with serving(*files.options) as program:
        for _ in range(50):
            program.signal(signal.SIGHUP)
        assert shown(program) == serial("one")
