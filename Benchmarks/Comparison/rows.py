"""What is measured. A row is one kind of work, done by several contenders; its load is the generator's command line."""

import dataclasses
from dataclasses import replace

from figures import CHURN, CPU, IDLE, LATENCY, PACE, STALL


@dataclasses.dataclass(frozen=True)
class Contender:
    """A server at this work: what its column is called, which peer it is, and what differs from the row's load."""

    label: str
    peer: str
    load: str = ""
    # For the relay's command line.
    options: str = ""
    tls: bool = False


BONGSU, UWS = Contender("Bongsu", "bongsu"), Contender("uWebSockets", "uws")
NIO, GORILLA, WS = Contender("SwiftNIO", "nio"), Contender("gorilla (Go)", "gorilla"), Contender("ws (Node)", "ws")
EVERYONE = (BONGSU, UWS, NIO, GORILLA, WS)
BY_TLS = tuple(replace(contender, tls=True) for contender in (BONGSU, UWS, GORILLA, WS))

RELAY = """--event '"relay",{"self":true},"e"'"""
RAW = replace(BONGSU, label="Bongsu, raw WebSocket")
PYTHON = Contender("python-socketio", "python-socketio")
BROADCASTERS = (replace(RAW, load="--path /broadcast"), replace(BONGSU, load=RELAY), replace(PYTHON, load=RELAY))
MESSAGE = """--event '"message"'"""
ECHOERS = (RAW, Contender("Bongsu", "bongsu-library", MESSAGE), replace(PYTHON, load=MESSAGE))

LOOPS = (replace(BONGSU, label="1 loop"), replace(BONGSU, label="2 loops", options="--loops 2"))
# Both close a connection for which a mebibyte waits.
BOUNDED = (replace(BONGSU, options="--max-queue 1048576"), UWS)
STOPPING = (replace(BOUNDED[0], label="all read"), replace(BOUNDED[0], label="one stops", load="--stopped 1"))


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    title: str
    load: str
    contenders: tuple = EVERYONE
    table: str = "cpu"
    figure: object = CPU
    # It says itself how long it takes.
    has_own_time: bool = False
    # Memory is measured in a server that has done nothing before.
    is_fresh: bool = False
    # Open loop, at half of what a closed loop reached just before: "each" at its own half, or all at the "lowest".
    rate: str = ""
    # What makes it short, with --quick.
    quick: str = ""

    def __iter__(self):
        return iter(self.contenders)


def memory(name, title, load, contenders=EVERYONE, figure=IDLE, table="connections"):
    shorter = {IDLE: "--connections 1000", CHURN: "--total 10000", STALL: "--seconds 3", PACE: "--seconds 3"}
    return Row(name, title, load, contenders, table, figure, has_own_time=True, is_fresh=True, quick=shorter[figure])


BROADCAST = "fanout --size 64 --connections 1000"
FAN = "fanout --path /broadcast --size 64"
ECHO = "echo --size 32 --connections 100"
CHURNING = "churn --connections 100 --total 200000"
IDLING = "idle --connections 10000"
FULL_SPEED = f"{FAN} --size 4096 --connections 1000 --seconds 60"
STALLING = "slow-reader --path /broadcast --size 16384 --rate 25 --connections 1000 --seconds 20"

TABLES = {
    "cpu": "Server CPU per message, µs",
    "socketio": "Socket.IO, server CPU per message, µs",
    "loops": "One loop and two, server CPU per message, µs",
    "latency": "Latency in open loop, µs: p50 / p99 / p99.9",
    "connections": "Connections",
    "pace": "At full speed, deliveries to those who read",
    "slow": "A reader that stops: p99 / p99.9 of the others in ms, the server's memory before → most",
}

ROWS = (
    Row("echo", "echo 32 B, 100 clients", ECHO),
    Row("echo-pipelined", "echo 32 B, 16 under way each", f"{ECHO} --depth 16"),
    Row("echo-1k", "echo 1 KiB, 500 clients", "echo --size 1024 --connections 500"),
    Row("echo-16k", "echo 16 KiB, 20 clients", "echo --size 16384 --connections 20"),
    Row("fanout-1000", "fan-out 64 B to 1 000", f"{FAN} --connections 1000"),
    Row("fanout-1000-by-8", "fan-out 64 B to 1 000, 8 at a time", f"{FAN} --connections 1000 --depth 8"),
    Row("fanout-10000", "fan-out 64 B to 10 000", f"{FAN} --connections 10000"),
    Row("fanout-10000-by-8", "fan-out 64 B to 10 000, 8 at a time", f"{FAN} --connections 10000 --depth 8"),
    Row("fanout-15000", "fan-out 64 B to 15 000", f"{FAN} --connections 15000"),
    Row("fanin", "50 of 1 000 publish 64 B at once", f"{FAN} --connections 1000 --publishers 50"),
    Row("tls-echo", "TLS echo 32 B, 100 clients", ECHO, BY_TLS),
    Row("tls-echo-16k", "TLS echo 16 KiB, 20 clients", "echo --size 16384 --connections 20", BY_TLS),
    Row("socketio-echo", "echo 32 B, 100 clients", ECHO, ECHOERS, "socketio"),
    Row("socketio-broadcast", "broadcast 64 B to 1 000", BROADCAST, BROADCASTERS, "socketio"),
    Row("socketio-broadcast-by-8", "the same, 8 at a time", f"{BROADCAST} --depth 8", BROADCASTERS, "socketio"),
    Row("loops-echo", "echo 32 B, 100 clients", ECHO, LOOPS, "loops"),
    Row("loops-fanout", "fan-out 64 B to 1 000", f"{FAN} --connections 1000", LOOPS, "loops"),
    Row("latency-half", "each at half of its own maximum", ECHO, EVERYONE, "latency", LATENCY, rate="each"),
    Row("latency-same", "all at half of the lowest maximum", ECHO, EVERYONE, "latency", LATENCY, rate="lowest"),
    memory("idle", "10 000 idle, bytes each", IDLING),
    memory("idle-socketio", "10 000 idle by Socket.IO, bytes each", f"{IDLING} --event 0", (BONGSU, PYTHON)),
    memory("idle-tls", "10 000 idle by TLS, bytes each", IDLING, BY_TLS),
    memory("churn", "200 000 come and go: CPU in µs each; memory before → after in MB", CHURNING, figure=CHURN),
    Row("storm", "1 000 connect at once, CPU in µs each", "storm --connections 1000", table="connections"),
    Row("storm-tls", "the same by TLS", "storm --connections 1000", BY_TLS, "connections"),
    memory("full-speed", "4 KiB to 1 000 for 60 s", FULL_SPEED, STOPPING, PACE, "pace"),
    memory("slow-none", "16 KiB 25 times a second to 1 000", f"{STALLING} --stopped 0", BOUNDED, STALL, "slow"),
    memory("slow-one", "the same, one stops for 20 s", f"{STALLING} --stopped 1", BOUNDED, STALL, "slow"),
)
