"""permessage-deflate with the `websockets` package, whose compression nobody here wrote, and by hand."""

import asyncio
import zlib

import pytest
from websockets.asyncio.client import connect
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from frames import BINARY, CLOSE, CONTINUATION, PING, PONG, WebSocket, frame, upgrade_headers
from hostile import resident
from programs import serve

WORDS = "fire on the mountain "


@pytest.fixture(scope="module", params=["shared", "dedicated"])
def server(request):
    program = serve("--compression", request.param, "--compression-threshold", "16")
    yield program
    program.assert_running()
    program.stop()


def client(server, path, **parameters):
    factory = ClientPerMessageDeflateFactory(**parameters)
    return connect(server.url.replace("http", "ws") + path, compression=None, extensions=[factory])


def compressing(server):
    return WebSocket(server.url, "/echo", upgrade_headers(Sec_WebSocket_Extensions="permessage-deflate")).opened()


PARAMETERS = [
    {},
    {"client_max_window_bits": True},
    {"client_max_window_bits": 9, "server_max_window_bits": 9},
    {"server_max_window_bits": 12, "server_no_context_takeover": True},
    {"client_no_context_takeover": True, "client_max_window_bits": 15},
]


@pytest.mark.parametrize("parameters", PARAMETERS)
def test_messages_come_back_whatever_was_agreed(server, parameters):
    async def run():
        async with client(server, "/echo", **parameters) as socket:
            assert socket.protocol.extensions
            for size in [0, 1, 15, 16, 100, 1000, 70_000, 500_000]:
                for message in [(WORDS * (size // 20 + 1))[:size], bytes(index % 251 for index in range(size))]:
                    await socket.send(message)
                    assert await socket.recv() == message
            await socket.send(["봉", "수", WORDS * 10])
            assert await socket.recv() == "봉수" + WORDS * 10

    asyncio.run(run())


def test_a_broadcast_reaches_every_variant(server):
    async def run():
        sockets = [await client(server, "/ws/variants?self=1", **parameters) for parameters in PARAMETERS]
        sockets.append(await connect(server.url.replace("http", "ws") + "/ws/variants", compression=None))
        for round in range(6):
            message = WORDS * 20 + str(round)
            await sockets[round % 5].send(message)
            assert [await socket.recv() for socket in sockets] == [message] * 6
        for socket in sockets:
            await socket.close()

    asyncio.run(run())


def bomb_of(megabytes):
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"".join(compressor.compress(bytes(1 << 20)) for _ in range(megabytes))
    return (data + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


def test_a_bomb_is_closed_with_1009(server):
    bomb = bomb_of(512)
    assert len(bomb) < 1_000_000
    with compressing(server) as socket:
        socket.send(frame(BINARY, bomb, rsv=4))
        assert socket.close_code() == 1009


def test_a_bomb_in_fragments_is_closed_with_1009(server):
    bomb = bomb_of(64)
    parts = [bomb[at : at + 1000] for at in range(0, len(bomb), 1000)]
    with compressing(server) as socket:
        socket.send(frame(BINARY, parts[0], fin=False, rsv=4))
        for part in parts[1:-1]:
            socket.send(frame(CONTINUATION, part, fin=False))
        socket.send(frame(CONTINUATION, parts[-1]))
        assert socket.close_code() == 1009


def test_many_small_bombs_at_once_cost_little(server):
    bomb = frame(BINARY, bomb_of(32), rsv=4)
    before = resident(server)
    sockets = [compressing(server) for _ in range(50)]
    # All but the last byte of each waits, compressed as it is.
    for socket in sockets:
        socket.send(bomb[:-1])
    for socket in sockets:
        socket.send(bomb[-1:])
    peak = resident(server)
    for socket in sockets:
        assert socket.close_code() == 1009
        socket.close()
    assert max(peak, resident(server)) - before < 50


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
def test_a_compressed_control_frame_is_an_error(server, opcode):
    with compressing(server) as socket:
        socket.send(frame(opcode, b"\0", rsv=4))
        assert socket.close_code() == 1002


def test_what_is_no_deflate_data_is_closed_with_1007(server):
    with compressing(server) as socket:
        socket.send(frame(BINARY, b"\x06\x06\x06", rsv=4))
        assert socket.close_code() == 1007


def test_without_an_offer_a_compressed_frame_is_an_error(server):
    with WebSocket(server.url, "/echo") as socket:
        assert "sec-websocket-extensions" not in socket.opened().handshake.headers
        socket.send(frame(BINARY, b"\x00", rsv=4))
        assert socket.close_code() == 1002


def test_a_malformed_offer_is_refused(server):
    with WebSocket(server.url, "/echo", upgrade_headers(Sec_WebSocket_Extensions="permessage-deflate; a=")) as socket:
        assert socket.handshake.status == 400


def test_socket_io_events_are_compressed(server):
    async def run():
        path = "/socket.io/?EIO=4&transport=websocket"
        sockets = [await client(server, path, **parameters) for parameters in PARAMETERS]
        for socket in sockets:
            assert (await socket.recv()).startswith("0{")
            await socket.send("40")
            assert (await socket.recv()).startswith("40{")
        for round in range(6):
            event = f'"shout","{WORDS * 20}{round}"'
            await sockets[0].send(f'42["relay",{{"self":true}},{event}]')
            assert [await socket.recv() for socket in sockets] == [f"42[{event}]"] * 5
            await sockets[1].send('451-["relay",{},"bytes",{"_placeholder":true,"num":0}]')
            await sockets[1].send(WORDS.encode() * 30)
            for socket in [sockets[0]] + sockets[2:]:
                assert await socket.recv() == '451-["bytes",{"_placeholder":true,"num":0}]'
                assert await socket.recv() == WORDS.encode() * 30
        for socket in sockets:
            await socket.close()

    asyncio.run(run())
