"""Starts the programs under test, each on a port of its own choosing, and ends them by pid."""

import os
import queue
import re
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"https?://[^\s/\"']+:\d+")
START_SECONDS = 15
STOP_SECONDS = 10


def binary(name):
    folder = Path(os.environ.get("BONGSU_BIN_DIR", ROOT / ".build" / "debug"))
    return folder / name


class Program:
    """One running server. `url` is the address it printed, `port` the port in it."""

    def __init__(self, name, *arguments, before=None):
        """`before` is called in the new process before the program begins."""
        self.name = name
        self.arguments = [str(argument) for argument in arguments]
        self.stderr = tempfile.TemporaryFile()
        self.lines = queue.Queue()
        self.output = []
        self.process = subprocess.Popen(
            [str(binary(name)), *self.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
            preexec_fn=before,
        )
        threading.Thread(target=self._read_output, daemon=True).start()
        self.url = self._wait_for_address()
        self.port = int(self.url.rsplit(":", 1)[1])
        self.host = "127.0.0.1"

    def _read_output(self):
        for line in self.process.stdout:
            self.lines.put(line.decode(errors="replace"))
        self.lines.put(None)

    def _wait_for_address(self):
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                line = self.lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                self.kill()
                raise AssertionError(f"{self.name}: no address in {START_SECONDS} s\n{self.complaints()}") from None
            if line is None:
                self.process.wait(STOP_SECONDS)
                raise AssertionError(
                    f"{self.name} ended with {self.process.returncode} before it was ready\n{self.complaints()}"
                )
            self.output.append(line)
            if found := ADDRESS.search(line):
                return found.group().replace("0.0.0.0", "127.0.0.1").replace("localhost", "127.0.0.1")

    def complaints(self):
        """What the program wrote to stderr so far (the last 4000 characters)."""
        self.stderr.seek(0)
        return self.stderr.read().decode(errors="replace")[-4000:]

    @property
    def is_running(self):
        return self.process.poll() is None

    def assert_running(self):
        assert self.is_running, f"{self.name} died with {self.process.returncode}\n{self.complaints()}"

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=STOP_SECONDS):
        return self.process.wait(seconds)

    def kill(self):
        if self.is_running:
            self.process.kill()
        self.process.wait(STOP_SECONDS)

    def stop(self):
        """Asks the program to end; a program that is deaf to SIGTERM is killed."""
        if self.is_running:
            self.signal(signal.SIGTERM)
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self.kill()


def serve(*arguments, port=0, loops=2, before=None):
    fixed = ("--host", "127.0.0.1", "--port", port, "--loops", loops)
    return Program("bongsu", "serve", *fixed, *arguments, before=before)


def run_to_end(name, *arguments, seconds=10):
    """Runs a program that is expected to end by itself; gives (status, stdout, stderr)."""
    done = subprocess.run(
        [str(binary(name)), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=seconds,
        env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()
