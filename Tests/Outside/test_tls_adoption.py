"""Connections that another server has accepted, and of whose TLS handshake it has read the beginning."""

import ssl
import time

import pytest

from frames import TEXT
from programs import Program
from raw import Connection
from secure import Secure, Wire, client, pair, serial

TARGET = "/socket.io/?EIO=4&transport="


@pytest.fixture(scope="module")
def program():
    certificate, key = pair("one")[1::2]
    program = Program("calls", "--behind", "--tls-cert", certificate, "--tls-key", key)
    yield program
    assert program.is_running, program.complaints()
    program.stop()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_handshake_goes_on_where_the_other_server_stopped(program, version):
    for _ in range(4):
        with Secure(program.url, client(version)) as connection:
            assert connection.serial == serial("one")
            first = connection.get(TARGET + "polling")
            assert first.status == 200 and first.text.startswith("0{")
            assert connection.get("/elsewhere").status == 404


def test_a_websocket_is_served(program):
    with Secure(program.url) as connection:
        connection.opened(TARGET + "websocket")
        assert connection.hear().payload.startswith(b"0{")
        connection.tell(b"40", TEXT)
        assert connection.hear().payload.startswith(b"40{")


@pytest.mark.parametrize("count", [1, 5, 6, 100])
def test_a_hello_may_come_in_two_parts(program, count):
    with Wire(program.url) as wire:
        hello = wire.hello()
        wire.send(hello[:count])
        time.sleep(0.05)
        wire.send(hello[count:])
        wire.handshake()
        assert wire.tls.version() == "TLSv1.3"


def test_plain_text_is_explained(program):
    with Connection(program.url) as connection:
        connection.request("GET", TARGET + "polling")
        answer = connection.response()
        assert answer.status == 400 and "HTTPS" in answer.text
