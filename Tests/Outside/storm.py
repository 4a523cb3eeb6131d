#!/usr/bin/env python3
"""Thousands of clients come back at the same moment: what somebody who is there already notices.

usage: storm.py [CLIENTS [LOOPS]]     (5000 and 1; binaries from BONGSU_BIN_DIR, else .build/release)

Every client has its TCP connection and its ClientHello ready before the first one speaks, so that all of them arrive
within some milliseconds; each finishes its handshake and gets one answer. Meanwhile a process of its own sends 32 bytes
through an established WebSocket, waits for them to come back, and does so again two milliseconds later.
"""

import json
import os
import selectors
import ssl
import statistics
import subprocess
import sys
import time
from pathlib import Path

from programs import ROOT
from raw import Closed, head
from secure import Secure, Wire, client, pair, serving

PAUSE = 0.002
CALM = 3.0  # seconds before the storm
# Seconds: the busiest machine gets that far.
LATE = 120


class Returning(Wire):
    """One of the thousands."""

    def __init__(self, url, context):
        super().__init__(url, context)
        self.start, self.said = self.hello(), b""

    def step(self):
        """Goes on with what the server has said; true when it has served its answer."""
        self.receive()
        if self.start is not None:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                self.send(self.outgoing.read())
                return False
            self.start = None
            self.send(self.outgoing.read() + self.write(head("GET", "/healthz", self.authority)))
        try:
            self.said += self.tls.read(65_536)
        except ssl.SSLWantReadError:
            return False
        return self.said.endswith(b"\r\n\r\nok")


def storm(url, count):
    """Gives how many were served, and when it began and ended."""
    context, selector, served = client(), selectors.DefaultSelector(), 0
    clients = [Returning(url, context) for _ in range(count)]
    begin = time.monotonic()
    for each in clients:
        each.send(each.start)
        selector.register(each.socket, selectors.EVENT_READ, each)
    while selector.get_map() and (ready := selector.select(LATE)):
        for key, _ in ready:
            try:
                is_over = key.data.step()
                served += is_over
            except (OSError, Closed):
                is_over = True  # and not served
            if is_over:
                selector.unregister(key.fileobj)
    end = time.monotonic()
    for each in clients:
        each.close()
    return served, begin, end


class Probe:
    """Talks with the echo, in a process of its own; knows when it began each message and how long that took."""

    def __init__(self, url):
        self.process = subprocess.Popen(
            [sys.executable, __file__, "probe", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.samples = []

    def __enter__(self):
        assert self.process.stdout.readline() == b"ready\n"
        return self

    def __exit__(self, *_):
        output, _ = self.process.communicate(timeout=LATE)
        self.samples = json.loads(output)

    def between(self, begin, end):
        """Milliseconds of the messages sent in that time: (how many, median, 99th percentile, longest)."""
        found = sorted(1000 * seconds for start, seconds in self.samples if begin <= start < end)
        assert len(found) > 1, "nothing came back"
        return len(found), statistics.median(found), found[int(len(found) * 0.99)], found[-1]


def probe(url):
    samples = []
    with Secure(url) as connection:
        connection.opened("/echo").echo(b"x" * 32)
        print("ready", flush=True)
        os.set_blocking(sys.stdin.fileno(), False)
        while sys.stdin.buffer.read(1) is None:
            start = time.monotonic()
            connection.echo(b"x" * 32)
            samples.append((start, time.monotonic() - start))
            time.sleep(PAUSE)
    print(json.dumps(samples))


def keep_apart(program, loops):
    """The server has its cores to itself, as it would with clients elsewhere."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > loops:
        for thread in Path(f"/proc/{program.process.pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores[:loops])
        os.sched_setaffinity(0, cores[loops:])


def processor_time(program):
    """Seconds that the server has computed so far."""
    fields = Path(f"/proc/{program.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    if sys.argv[1:2] == ["probe"]:
        return probe(sys.argv[2])
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    loops = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    os.environ.setdefault("BONGSU_BIN_DIR", str(Path(ROOT, ".build/release")))
    with serving(*pair("one"), "--tls-timeout", 1000 * LATE, loops=loops) as program:
        keep_apart(program, loops)
        with Probe(program.url) as calm:
            # The thousands make way for the one that is watched.
            os.nice(10)
            start = time.monotonic()
            time.sleep(CALM)
            end = time.monotonic()
            computed = processor_time(program)
            served, begin, over = storm(program.url, count)
            computed = processor_time(program) - computed
    print(f"{served} of {count} clients served in {over - begin:.2f} s by {loops} loop(s)", end=", ")
    print(f"{1e6 * computed / count:.0f} µs of the server's for each")
    for name, times in [("before", (start, end)), ("during", (begin, over))]:
        number, median, late, longest = calm.between(*times)
        print(f"{name}: {number} echoes, p50 {median:.2f} ms, p99 {late:.2f} ms, longest {longest:.2f} ms")
    return served != count


if __name__ == "__main__":
    sys.exit(main())
