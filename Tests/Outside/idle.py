#!/usr/bin/env python3
"""Opens many idle Socket.IO clients by WebSocket, answers their pings, and says what they cost the relay.

usage: idle.py [CLIENTS [SECONDS]]     (10000 and 60; binaries from BONGSU_BIN_DIR)
"""

import asyncio
import os
import re
import resource
import subprocess
import sys

BIN = os.environ.get("BONGSU_BIN_DIR", os.path.join(os.path.dirname(__file__), "../../.build/release"))
HANDSHAKE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
).encode()
CONNECT, PONG = (bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text for text in (b"40", b"3"))


class Idler(asyncio.Protocol):
    """One client: joins the root namespace, then only answers pings."""

    joined = alive = pings = 0

    def connection_made(self, transport):
        self.transport, self.buffer, self.is_upgraded, self.has_joined = transport, b"", False, False
        transport.write(HANDSHAKE)

    def data_received(self, data):
        self.buffer += data
        if not self.is_upgraded:
            head, end, rest = self.buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self.is_upgraded, self.buffer = True, rest
            self.transport.write(CONNECT)
        while len(self.buffer) >= 2 and len(self.buffer) >= 2 + self.buffer[1]:
            payload, self.buffer = self.buffer[2 : 2 + self.buffer[1]], self.buffer[2 + self.buffer[1] :]
            self.packet(payload)

    def packet(self, payload):
        if payload == b"2":
            Idler.pings += 1
            self.transport.write(PONG)
        elif payload.startswith(b"40"):
            self.has_joined = True
            Idler.joined += 1
            Idler.alive += 1

    def connection_lost(self, error):
        if self.has_joined:
            Idler.alive -= 1


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) * 1024


async def crowd(port, count):
    loop, transports = asyncio.get_running_loop(), []
    for start in range(0, count, 200):
        batch = [loop.create_connection(Idler, "127.0.0.1", port) for _ in range(min(200, count - start))]
        transports += [transport for transport, _ in await asyncio.gather(*batch)]
        while Idler.joined < len(transports):
            await asyncio.sleep(0.01)
    return transports


async def measure(process, port, count, seconds):
    for _ in range(2):  # the first round warms up: what stays after it is not the clients'
        Idler.joined = Idler.alive = Idler.pings = 0
        before = resident(process.pid)
        transports = await crowd(port, count)
        during = resident(process.pid)
        await asyncio.sleep(seconds)
        alive, pings = Idler.alive, Idler.pings
        for transport in transports:
            transport.abort()
        await asyncio.sleep(5)
        print(
            f"{count} clients, {alive} still there after {seconds} s, {pings} pings answered; "
            f"{(during - before) / count:.0f} bytes each; RSS {before >> 10} kB -> {during >> 10} kB -> "
            f"{resident(process.pid) >> 10} kB after they left",
            flush=True,
        )
        if alive != count:
            return 1
    return 0


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    command = [os.path.join(BIN, "bongsu"), "serve", "--port", "0", "--loops", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        port = int(re.search(r":(\d+)$", process.stdout.readline().strip()).group(1))
        return asyncio.run(measure(process, port, count, seconds))
    finally:
        process.terminate()
        print("exit status", process.wait(timeout=20))


if __name__ == "__main__":
    sys.exit(main())
