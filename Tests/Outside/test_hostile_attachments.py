"""Packets whose attachments are announced and never come."""

import time

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from programs import serve

MARK = '{"_placeholder":true,"num":0}'


@pytest.fixture(scope="module")
def hasty():
    program = serve("--attachment-timeout", 300)
    yield program
    program.assert_running()
    program.stop()


@pytest.fixture
def wire(hasty):
    address = f"ws://127.0.0.1:{hasty.port}/socket.io/?EIO=4&transport=websocket"
    with connect(address, close_timeout=3) as socket:
        socket.recv()
        socket.send("40")
        assert socket.recv().startswith("40{")
        yield socket


def assert_closed_within(wire, seconds):
    with pytest.raises(ConnectionClosed):
        wire.recv(timeout=seconds)
    assert wire.close_code == 1005


def test_an_attachment_that_never_comes_ends_the_connection(wire):
    wire.send(f'451-["e",{MARK}]')
    assert_closed_within(wire, 5)


def test_the_second_attachment_has_its_own_time(wire):
    wire.send(f'452-["e",{MARK},{MARK}]')
    time.sleep(0.15)
    wire.send(b"\x01")
    assert_closed_within(wire, 5)


def test_whoever_sends_all_of_them_may_stay(wire):
    wire.send(f'452-0["join",{MARK},{MARK}]')
    wire.send(b"\x01")
    wire.send(b"\x02")
    assert wire.recv(timeout=5).startswith('430[{"ok":false')
    with pytest.raises(TimeoutError):
        wire.recv(timeout=0.6)
    wire.send('421["join","a"]')
    assert wire.recv(timeout=5).startswith('431[{"ok":true')
