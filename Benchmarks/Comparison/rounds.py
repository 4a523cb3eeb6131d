"""Measures rows: in every round each contender once, in turn, so that a noisy moment meets them all."""

import json
import shlex
import subprocess

import peers
from servers import Server, cores, pinned

# Seconds after which a run of the generator has hung: it ends by itself much earlier.
TOO_LONG = 600
# Rounds enough for memory and churn, which take long and vary little.
FEW = 3


class Failed(Exception):
    """One measurement went wrong; says how."""


class Rounds:
    def __init__(self, generator, rounds, seconds, is_quick, say):
        self.generator, self.rounds, self.seconds = generator, rounds, seconds
        self.is_quick, self.say = is_quick, say

    def measure(self, row, contenders):
        """Reports of the generator by the contender's label; of those that failed, what there was."""
        reports = {contender.label: [] for contender in contenders}
        servers = {}
        try:
            rates = self.rates(row, contenders, servers)
            count = min(self.rounds, FEW) if row.has_own_time else self.rounds
            for number in range(count):
                first = number % len(contenders)  # nobody is always the first
                turn = [*contenders[first:], *contenders[:first]]
                for contender in [contender for contender in turn if contender.label in reports]:
                    try:
                        report = self.once(row, contender, servers, rates.get(contender.label))
                    except (Failed, peers.Missing) as error:
                        self.say(f"{row.name}: {contender.label} left out: {error}")
                        del reports[contender.label]
                        continue
                    reports[contender.label].append(report)
                    self.say(f"{row.name} {number + 1}/{count} {contender.label}: {row.figure.cell([report])}")
        finally:
            for server in servers.values():
                server.stop()
        return {label: each for label, each in reports.items() if each}

    def rates(self, row, contenders, servers):
        """Of an open loop, the messages per second of each contender: half of what a closed loop reaches."""
        if not row.rate:
            return {}
        rates = {}
        for contender in contenders:
            try:
                rates[contender.label] = self.once(row, contender, servers)["perSecond"] / 2
            except (Failed, peers.Missing) as error:
                self.say(f"{row.name}: {contender.label} has no maximum: {error}")
        return rates if row.rate == "each" else dict.fromkeys(rates, min(rates.values(), default=0))

    def once(self, row, contender, servers, rate=None):
        if row.is_fresh and contender.label in servers:
            servers.pop(contender.label).stop()
        server = servers.get(contender.label)
        if not server:
            server = servers[contender.label] = Server(contender)
        command = [self.generator, *shlex.split(row.load), *shlex.split(contender.load)]
        command += ["--port", server.port, "--pid", server.pid]
        command += shlex.split(row.quick) if self.is_quick else []
        command += ["--tls"] if contender.tls else []
        command += [] if row.has_own_time else ["--seconds", self.seconds]
        command += ["--rate", f"{rate:.0f}"] if rate else []
        return self.run(command)

    def run(self, command):
        try:
            result = subprocess.run(
                pinned(command, cores()[1:]), capture_output=True, text=True, timeout=TOO_LONG, check=False
            )
        except subprocess.TimeoutExpired:
            raise Failed(f"the generator hung for {TOO_LONG} s") from None
        if result.returncode:
            raise Failed((result.stderr.strip().splitlines() or [f"status {result.returncode}"])[-1])
        return json.loads(result.stdout)
