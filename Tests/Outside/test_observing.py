"""The log on stderr, and what operators ask at an address of its own."""

import json
import re
import signal
import socket
import ssl
import time
from contextlib import contextmanager

import pytest

from hostile import Client, NarrowClient
from programs import run_to_end, serve
from raw import Connection, request
from secure import Secure, client, pair
from waiting import eventually

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trace|debug|info|notice|warning|error) bongsu: \S.*")


@contextmanager
def serving(*arguments):
    program = serve(*arguments)
    try:
        yield program
    finally:
        program.stop()


@contextmanager
def watched(*arguments):
    """A relay with its operators' address."""
    with serving("--metrics-port", 0, "--log-format", "json", *arguments) as program:
        (line,) = [entry for entry in entries(program) if entry["message"] == "metrics are served"]
        yield program, f"http://{line['metadata']['host']}:{line['metadata']['port']}"


def entries(program):
    return [json.loads(line) for line in program.complaints().splitlines()]


def values(url):
    """The exposition's values, each with its labels as they are written."""
    answer = request(url, "GET", "/metrics")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


class TestLog:
    def test_nothing_is_said_of_what_is_usual(self):
        with serving() as program:
            assert request(program.url, "GET", "/socket.io/?EIO=4&transport=none").status == 400
            program.signal(signal.SIGTERM)
            assert program.wait() == 0
            assert program.complaints() == ""

    def test_lines_of_text(self):
        with serving("--log-level", "info") as program:
            program.signal(signal.SIGTERM)
            assert program.wait() == 0
            lines = program.complaints().splitlines()
            assert all(LINE.fullmatch(line) for line in lines), lines
            assert [line.split(" bongsu: ")[1] for line in lines] == [
                f"listening host=127.0.0.1 port={program.port}", "closing clients=0", "closed"]
            assert len(program.output) == 1

    def test_lines_of_json(self):
        with serving("--log-level", "info", "--log-format", "json") as program:
            (entry,) = entries(program)
            assert (entry["level"], entry["label"], entry["message"]) == ("info", "bongsu", "listening")
            assert entry["metadata"] == {"host": "127.0.0.1", "port": str(program.port)}
            assert re.fullmatch(r"\d{4}-.*Z", entry["time"])

    @pytest.mark.parametrize("mistake", [["--log-level", "loud"], ["--log-format", "xml"], ["--metrics-port", "-1"],
                                         ["--metrics-port", "0", "--metrics-host", "nowhere at all"]])
    def test_a_mistake_is_told(self, mistake):
        status, out, err = run_to_end("bongsu", "serve", "--port", 0, *mistake)
        assert status > 0 and out == "" and err.startswith("Error: ")

    def test_help_names_the_options(self):
        _, out, _ = run_to_end("bongsu", "serve", "--help")
        for option in ["--log-level <level>", "--log-format <log-format>", "--metrics-port <number>", "--metrics-host"]:
            assert option in out

    @pytest.mark.parametrize("form", ["text", "json"])
    def test_a_client_cannot_write_lines_of_its_own(self, form):
        with serving("--log-level", "trace", "--log-format", form) as program:
            forged = "2000-01-01T00:00:00.000Z error bongsu: forged a=b"
            quoted = "%0A" + forged.replace(" ", "%20") + "%22%1B%5B2J%E2%80%AE"
            assert request(program.url, "GET", f"/socket.io/?EIO=4&transport={quoted}").status == 400
            eventually(lambda: "request refused" in program.complaints(), 5, "the line")
            text = program.complaints()
            assert "\x1b" not in text and "\u202e" not in text
            lines = text.splitlines()
            assert not any(line.startswith("2000") for line in lines)
            (line,) = [line for line in lines if "forged" in line]
            if form == "json":
                transport = json.loads(line)["metadata"]["transport"]
                assert transport == f'\\u{{a}}{forged}"\\u{{1b}}[2J\\u{{202e}}'
            else:
                assert f'transport="\\u{{a}}{forged}\\"\\u{{1b}}[2J\\u{{202e}}"' in line

    def test_what_is_long_is_cut(self):
        with serving("--log-level", "debug") as program:
            assert request(program.url, "GET", "/socket.io/?EIO=4&transport=" + "x" * 8000).status == 400
            eventually(lambda: "xxx…" in program.complaints(), 5, "the line")
            assert max(map(len, program.complaints().splitlines())) < 400

    def test_a_flood_of_refused_clients_is_no_flood_of_lines(self):
        with watched("--max-connections", 5) as (program, operators):
            begun = time.monotonic()
            held = [Connection(program.url) for _ in range(5)]
            eventually(lambda: values(operators)["bongsu_connections"] == 5, 5, "five connections")
            for _ in range(1000):
                with socket.create_connection((program.host, program.port), 5) as refused:
                    assert refused.recv(1) == b""
            eventually(
                lambda: values(operators)['bongsu_connections_refused_total{reason="limit"}'] == 1000, 5, "the count")
            warnings = [entry for entry in entries(program) if entry["message"] == "limit reached"]
            assert 10 <= len(warnings) <= 10 * (2 + (time.monotonic() - begun) / 10)
            assert {entry["metadata"]["limit"] for entry in warnings} == {"connections"}
            for connection in held:
                connection.close()


class TestMetrics:
    def test_they_are_nowhere_unless_asked_for(self, bongsu):
        assert request(bongsu.url, "GET", "/metrics").status == 404

    def test_the_operators_address_serves_no_clients(self):
        with watched() as (_, operators):
            assert request(operators, "GET", "/socket.io/?EIO=4&transport=polling").status == 400
            assert request(operators, "GET", "/").status == 404
            assert request(operators, "GET", "/healthz").text == "ok"
            assert request(operators, "GET", "/readyz").text == "ok"
            assert request(operators, "POST", "/metrics").status == 405

    def test_every_metric_has_help_and_type(self):
        with watched() as (_, operators):
            text = request(operators, "GET", "/metrics").text
            names = {re.match(r"\w+", line)[0] for line in text.splitlines() if not line.startswith("#")}
            assert len(names) > 20 and all(name.startswith("bongsu_") for name in names)
            for name in names:
                kind = "counter" if name.endswith("_total") else "gauge"
                assert re.search(rf"^# HELP {name} \S.*\n# TYPE {name} {kind}\n{name}[ {{]", text, re.MULTILINE)

    def test_what_clients_do_is_counted(self):
        with watched() as (program, operators):
            with Client(program.url) as one, Client(program.url) as two:
                for client in (one, two):
                    assert client.ask("join", "room")["ok"] is True
                one.ask("relay", {"to": "room"}, "news", "hello")
                eventually(lambda: values(operators)["bongsu_deliveries_total"] == 1, 5, "the delivery")
                now = values(operators)
                assert now["bongsu_sockets"] == 2 and now["bongsu_events_received_total"] == 3
                assert now['bongsu_sessions{transport="websocket"}'] == 2
                # The room, and the namespace.
                assert now["bongsu_rooms"] == 2
                assert now['bongsu_loop_cpu_seconds_total{loop="0"}'] > 0
            eventually(lambda: values(operators)["bongsu_sockets"] == 0, 5, "the end")
            now = values(operators)
            assert sum(value for name, value in now.items() if "sockets_disconnected_total" in name) == 2

    def test_not_ready_while_clients_take_their_leave(self):
        with watched("--shutdown-timeout", 3000) as (program, operators), Connection(program.url) as stubborn:
            stubborn.socket.sendall(
                b"GET /echo HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            assert stubborn.socket.recv(1024).startswith(b"HTTP/1.1 101")
            program.signal(signal.SIGTERM)
            eventually(lambda: request(operators, "GET", "/readyz").status == 503, 2, "it to be said")
            assert request(operators, "GET", "/healthz").text == "ok"
            assert program.wait() == 0

    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
    def test_handshakes_are_told_apart(self, version):
        with watched(*pair("one"), "--tls-timeout", 1000) as (program, operators):
            context = client(version)
            with Secure(program.url, context) as connection:
                assert connection.get().text == "ok"
                session = connection.socket.session
            with Secure(program.url, context, session=session) as connection:
                assert connection.socket.session_reused and connection.get().text == "ok"
            assert request(program.url.replace("https", "http"), "GET", "/healthz").status == 400
            with Connection(program.url) as silent:
                assert silent.socket.recv(1) == b""

            def told():
                now = values(operators)
                results = ("full", "resumed", "failed", "timeout")
                return [now[f'bongsu_tls_handshakes_total{{result="{result}"}}'] for result in results]

            eventually(lambda: told() == [1, 1, 1, 1], 5, "all four")
            assert values(operators)['bongsu_limits_reached_total{limit="handshakeTime"}'] == 1

    def test_dropped_messages_are_counted(self):
        with watched("--max-queue", 1000, "--slow-readers", "drop") as (program, operators):
            with NarrowClient(program.url) as deaf, Client(program.url) as speaker:
                for one in (deaf, speaker):
                    assert one.ask("join", "room")["ok"] is True
                for _ in range(100):
                    speaker.ask("relay", {"to": "room"}, "news", "x" * 100_000)
                eventually(lambda: values(operators)["bongsu_messages_dropped_total"] > 0, 5, "one to be dropped")
                assert values(operators)['bongsu_slow_readers_total{action="disconnected"}'] == 0

    def test_a_slow_reader_is_counted(self):
        with watched("--max-queue", 1000) as (program, operators):
            with NarrowClient(program.url) as deaf, Client(program.url) as speaker:
                for one in (deaf, speaker):
                    assert one.ask("join", "room")["ok"] is True
                for _ in range(100):
                    speaker.ask("relay", {"to": "room"}, "news", "x" * 100_000)
                eventually(
                    lambda: values(operators)['bongsu_slow_readers_total{action="disconnected"}'] == 1, 5, "its end")
            warnings = [entry for entry in entries(program) if entry["message"] == "limit reached"]
            assert [entry["metadata"]["limit"] for entry in warnings] == ["queuedBytes"]
