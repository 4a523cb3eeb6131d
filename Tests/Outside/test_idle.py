"""What an idle client costs, and that it is given back: a field that makes an object reach malloc's next size shows."""

import asyncio

import pytest

import idle

CLIENTS = 4000


@pytest.mark.parametrize("kind, most", [("plain", 460), ("Socket.IO", 1200)])
def test_an_idle_client_takes_few_bytes_and_leaves_none(kind, most, monkeypatch):
    monkeypatch.setattr(idle, "BIN", idle.os.environ.get("BONGSU_BIN_DIR", idle.BIN.replace("release", "debug")))
    if not idle.raise_file_limit(CLIENTS + 100):
        pytest.skip("too few files may be open")
    with idle.relay() as (pid, port):
        cost = asyncio.run(idle.measure(pid, port, kind, CLIENTS, 0))
    assert cost["alive"] == CLIENTS
    assert cost["user"] <= most
    assert cost["after"] <= cost["before"] * 1.1
