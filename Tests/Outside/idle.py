#!/usr/bin/env python3
"""Opens many idle clients, answers their pings, and says what they cost: memory of the server and of the kernel, and
the server's CPU; and what a million of them would.

usage: idle.py [CLIENTS [SECONDS]]     (15000 and 60; binaries from BONGSU_BIN_DIR, else .build/release)

Plain WebSockets first, then Socket.IO clients that have joined `/`, both by one loop, after a crowd that came and went.
The kernel's memory is that of both ends, for the clients are on the same machine: half of its growth is the server's.
It is the whole machine's: nothing else should open and close files meanwhile.
"""

import asyncio
import contextlib
import os
import re
import resource
import subprocess
import sys

BIN = os.environ.get("BONGSU_BIN_DIR", os.path.join(os.path.dirname(__file__), "../../.build/release"))
HANDSHAKE = (
    "GET {} HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
PATHS = {"plain": "/echo", "Socket.IO": "/socket.io/?EIO=4&transport=websocket"}
PAGE, MILLION = os.sysconf("SC_PAGE_SIZE"), 1_000_000
# One address has some 28 000 ports to connect from.
CLIENTS_PER_ADDRESS = 10_000
FIRST = 1000
# Seconds between two pings of one client. A plain one's pong is a sign of life for the interval after.
PING_SECONDS = {"plain": 50, "Socket.IO": 25}


def frame(opcode, payload):
    return bytes([0x80 | opcode, 0x80 | len(payload), 0, 0, 0, 0]) + payload


class Idler(asyncio.Protocol):
    """One client: joins the root namespace, if it speaks Socket.IO, then only answers pings."""

    def __init__(self, crowd):
        self.crowd, self.buffer, self.is_upgraded, self.is_there = crowd, b"", False, False

    def connection_made(self, transport):
        self.transport = transport
        transport.write(HANDSHAKE.format(PATHS[self.crowd.kind]).encode())

    def data_received(self, data):
        self.buffer += data
        if not self.is_upgraded:
            head, end, rest = self.buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self.is_upgraded, self.buffer = True, rest
            if self.crowd.kind == "plain":
                self.arrived()
            else:
                self.transport.write(frame(1, b"40"))
        while len(self.buffer) >= 2 and len(self.buffer) >= 2 + self.buffer[1]:
            opcode, payload = self.buffer[0] & 15, self.buffer[2 : 2 + self.buffer[1]]
            self.buffer = self.buffer[2 + self.buffer[1] :]
            self.received(opcode, payload)

    def received(self, opcode, payload):
        if opcode == 9 or payload == b"2":
            self.crowd.pings += 1
            self.transport.write(frame(10, payload) if opcode == 9 else frame(1, b"3"))
        elif payload.startswith(b"40"):
            self.arrived()

    def arrived(self):
        self.is_there = True
        self.crowd.alive += 1

    def connection_lost(self, error):
        if self.is_there:
            self.crowd.alive -= 1


class Crowd:
    """Clients of one kind."""

    def __init__(self, kind):
        self.kind, self.transports, self.alive, self.pings = kind, [], 0, 0

    async def come(self, port, count):
        for start in range(0, count, 200):
            numbers = range(start, min(start + 200, count))
            self.transports += await asyncio.gather(*(self.connect(port, number) for number in numbers))
            while self.alive < len(self.transports):
                await asyncio.sleep(0.01)

    async def connect(self, port, number):
        address = f"127.0.0.{1 + number // CLIENTS_PER_ADDRESS}"
        loop = asyncio.get_running_loop()
        return (await loop.create_connection(lambda: Idler(self), "127.0.0.1", port, local_addr=(address, 0)))[0]

    async def leave(self, pid, before):
        """Gives the server's memory once it is what it was before, or stays above that by more than a tenth."""
        for transport in self.transports:
            transport.abort()
        # It is given back a second after a crowd has left; a busy machine needs longer.
        for _ in range(20):
            await asyncio.sleep(1)
            if resident(pid) <= before * 1.1:
                break
        await asyncio.sleep(2)
        return resident(pid)


def number_in(path, pattern):
    with open(path) as file:
        return int(re.search(pattern, file.read()).group(1))


def resident(pid):
    return number_in(f"/proc/{pid}/status", r"VmRSS:\s+(\d+)") * 1024


def kernel():
    """Bytes of the kernel's objects and of sockets' buffers. What it keeps only as long as nobody else needs the room,
    such as files' names, is none of them."""
    unreclaimable = number_in("/proc/meminfo", r"SUnreclaim:\s+(\d+)") * 1024
    return unreclaimable + inodes() + number_in("/proc/net/sockstat", r"TCP: .* mem (\d+)") * PAGE


def inodes():
    """The kernel counts sockets' inodes and names as reclaimable, although nobody can reclaim them; only root sees how
    many there are, and for everybody else they count as 1024 bytes for each socket."""
    try:
        count = number_in("/proc/slabinfo", r"sock_inode_cache\s+\d+\s+(\d+)")
        size = number_in("/proc/slabinfo", r"sock_inode_cache\s+\d+\s+\d+\s+(\d+)")
        name = number_in("/proc/slabinfo", r"\ndentry\s+\d+\s+\d+\s+(\d+)")
        return count * (size + name)
    except PermissionError:
        return number_in("/proc/net/sockstat", r"sockets: used (\d+)") * 1024


def cpu_seconds(pid):
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        total += number_in(f"/proc/{pid}/task/{thread}/schedstat", r"^(\d+)")
    return total / 1e9


async def measure(pid, port, kind, count, seconds):
    """What `count` clients cost that stay for so many seconds; all in bytes and seconds."""
    first, at_first = Crowd(kind), resident(pid)
    await first.come(port, min(FIRST, count))
    await first.leave(pid, at_first)
    crowd, before, kernel_before = Crowd(kind), resident(pid), kernel()
    await crowd.come(port, count)
    during, kernel_during = resident(pid), kernel()
    cpu_before, pings_before = cpu_seconds(pid), crowd.pings
    await asyncio.sleep(seconds)
    cpu, pings, alive = cpu_seconds(pid) - cpu_before, crowd.pings - pings_before, crowd.alive
    after = await crowd.leave(pid, before)
    return {
        "kind": kind, "count": count, "alive": alive, "seconds": seconds, "before": before, "during": during,
        "after": after, "user": (during - before) / count, "kernel": (kernel_during - kernel_before) / count / 2,
        "pings": pings, "cpu": cpu,
    }  # fmt: skip


def report(cost):
    print(
        "{kind}: {count} clients, {alive} still there after {seconds} s; {user:.0f} bytes each in the server and "
        "{kernel:.0f} in the kernel; RSS {} kB -> {} kB -> {} kB after they left; "
        "{pings} pings answered, {cpu:.2f} s of CPU".format(
            *(cost[name] >> 10 for name in ("before", "during", "after")), **cost
        )
    )
    if not cost["pings"]:
        return
    each, rate = cost["cpu"] / cost["pings"], MILLION / PING_SECONDS[cost["kind"]]
    print(
        "  a million: {:.2f} GB in the server + {:.2f} GB in the kernel; {:.0f} pings a second of {:.1f} µs are "
        "{:.0f} % of one core".format(
            cost["user"] * MILLION / 1e9, cost["kernel"] * MILLION / 1e9, rate, each * 1e6, each * rate * 100
        ),
        flush=True,
    )  # fmt: skip


@contextlib.contextmanager
def relay():
    """A server with one loop; gives its process id and its port."""
    command = [os.path.join(BIN, "bongsu"), "serve", "--port", "0", "--loops", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process.pid, int(re.search(r":(\d+)$", process.stdout.readline().strip()).group(1))
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


def raise_file_limit(wanted):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard >= wanted


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 15_000
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    if not raise_file_limit(count + 100):
        sys.exit(f"fewer than {count + 100} files may be open here (ulimit -Hn)")
    for kind in PATHS:
        with relay() as (pid, port):
            cost = asyncio.run(measure(pid, port, kind, count, seconds))
        report(cost)
        if cost["alive"] != count:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
