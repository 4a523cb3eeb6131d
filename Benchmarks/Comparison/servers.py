"""Servers that run: started on cores of their own, and ended by the id they were started with."""

import os
import resource
import socket
import subprocess
import time

import peers

PATIENCE = 15


def cores():
    """The server's cores, enough for two loops where there are more than two cores, and the generator's one."""
    every = sorted(os.sched_getaffinity(0))
    return every[: max(1, min(2, len(every) - 1))], every[-1]


def pinned(command, where):
    return ["taskset", "-c", ",".join(map(str, where)), *map(str, command)]


def raise_file_limit():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One running server."""

    def __init__(self, contender):
        self.port = free_port()
        certificate = peers.certificate() if contender.tls else ()
        options = contender.options.split()
        command = peers.ALL[contender.peer].command(self.port, certificate, options)
        own_cores = cores()[0]
        where = own_cores if "--loops" in options else own_cores[:1]
        self.process = subprocess.Popen(pinned(command, where), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.wait(command)
        except BaseException:
            self.stop()
            raise

    def wait(self, command):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise peers.Missing(f"{command[0]} ended with status {self.process.returncode} instead of serving")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise peers.Missing(f"{command[0]} does not listen after {PATIENCE} s")

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
