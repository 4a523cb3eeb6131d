"""RFC 6455 by hand, against the plain echo of both programs."""

import time

import pytest

from engine import ENGINE_IO, EngineWebSocket
from frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    WebSocket,
    accept_key,
    frame,
    length_bytes,
    upgrade_headers,
)


@pytest.fixture(params=["bongsu", "conformance"])
def socket(request):
    with WebSocket(request.getfixturevalue(request.param).url, "/echo") as opened:
        yield opened.opened()


@pytest.fixture
def plain(conformance):
    with WebSocket(conformance.url, "/echo") as opened:
        yield opened.opened()


def test_the_handshake_is_answered_with_the_accept_key(socket):
    assert socket.handshake.headers["sec-websocket-accept"] == accept_key()


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 300_000])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_every_size_comes_back(socket, opcode, size):
    socket.send(frame(opcode, b"x" * size))
    assert socket.message() == (opcode, b"x" * size)


def test_text_is_any_unicode(socket):
    for text in ["봉수", "🔥", "\u0000", "\uffff", "\U0010ffff", "\u2028", "é" * 1000]:
        socket.send_text(text)
        assert socket.message() == (TEXT, text.encode())


def test_many_frames_in_one_write_come_back_in_order(socket):
    socket.send(b"".join(frame(TEXT, b"%d" % number) for number in range(1000)))
    assert [socket.text() for _ in range(1000)] == [str(number) for number in range(1000)]


def test_a_frame_may_arrive_byte_by_byte(socket):
    for byte in frame(TEXT, "봉수대".encode()) + frame(BINARY, b"\x00" * 200):
        socket.send(bytes([byte]))
    assert socket.text() == "봉수대"
    assert socket.message() == (BINARY, b"\x00" * 200)


def test_fragments_are_put_together(socket):
    parts = [b"", "가".encode()[:1], "가".encode()[1:], b"", b"end"]
    socket.send(frame(TEXT, parts[0], fin=False))
    for part in parts[1:-1]:
        socket.send(frame(CONTINUATION, part, fin=False))
    socket.send(frame(CONTINUATION, parts[-1]))
    assert socket.message() == (TEXT, "가end".encode())


def test_a_ping_between_fragments_is_answered_at_once(socket):
    socket.send(frame(BINARY, b"\x01", fin=False) + frame(PING, b"now"))
    pong = socket.frame()
    assert (pong.opcode, pong.payload) == (PONG, b"now")
    socket.send(frame(CONTINUATION, b"\x02"))
    assert socket.message() == (BINARY, b"\x01\x02")


@pytest.mark.parametrize("payload", [b"", b"hello", bytes(range(125))])
def test_a_ping_is_answered_with_its_payload(socket, payload):
    socket.send(frame(PING, payload))
    pong = socket.frame()
    assert (pong.fin, pong.opcode, pong.payload) == (True, PONG, payload)


def test_a_pong_nobody_asked_for_is_ignored(socket):
    socket.send(frame(PONG, b"hello") + frame(TEXT, b"x"))
    assert socket.text() == "x"


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, 1007, 1011, 3000, 3999, 4000, 4999])
def test_a_close_is_answered_with_its_code(socket, code):
    socket.send_close(code, "안녕".encode())
    assert socket.close_code() == code
    socket.expect_closed()


def test_an_empty_close_is_answered_with_an_empty_close(socket):
    socket.send_close()
    assert socket.close_code() is None
    socket.expect_closed()


@pytest.mark.parametrize("count", [1, 2, 121, 122, 123])
def test_the_answer_to_a_close_holds_nothing_but_what_was_sent(socket, count):
    reason = ("y" * count).encode()
    socket.send_close(1000, reason)
    answer = socket.frame()
    assert answer.opcode == CLOSE and answer.payload in (b"\x03\xe8", b"\x03\xe8" + reason)


def test_nothing_is_heard_after_a_close(socket):
    socket.send(frame(CLOSE) + frame(TEXT, b"late") + frame(PING))
    assert socket.ends() == []


PROTOCOL_ERRORS = {
    "an unmasked frame": frame(TEXT, b"x", mask=False),
    "an unmasked empty frame": frame(TEXT, mask=False),
    "an unmasked ping": frame(PING, mask=False),
    "RSV1": frame(TEXT, b"x", rsv=4),
    "RSV2": frame(TEXT, b"x", rsv=2),
    "RSV3": frame(TEXT, b"x", rsv=1),
    "RSV1 on a ping": frame(PING, b"x", rsv=4),
    "opcode 3": frame(3, b"x"),
    "opcode 7": frame(7),
    "opcode 11": frame(11, b"x"),
    "opcode 15": frame(15),
    "a fragmented ping": frame(PING, b"x", fin=False),
    "a fragmented close": frame(CLOSE, fin=False),
    "a ping of 126 bytes": frame(PING, b"x" * 126),
    "a close of 126 bytes": frame(CLOSE, b"\x03\xe8" + b"x" * 124),
    "a continuation of nothing": frame(CONTINUATION, b"x"),
    "a final continuation of nothing": frame(CONTINUATION),
    "text inside a message": frame(TEXT, b"x", fin=False) + frame(TEXT, b"y"),
    "binary inside a message": frame(TEXT, b"x", fin=False) + frame(BINARY, b"y"),
    "a 16-bit length that was not needed": b"\x82\xfe\x00\x7d" + b"\0" * 4 + b"x" * 125,
    "a 64-bit length that was not needed": b"\x82\xff" + (65_535).to_bytes(8, "big") + b"\0" * 4,
    "a close of one byte": frame(CLOSE, b"\x03"),
}
PROTOCOL_ERRORS |= {
    f"close code {code}": frame(CLOSE, code.to_bytes(2, "big"))
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]
}


@pytest.mark.parametrize("data", PROTOCOL_ERRORS.values(), ids=PROTOCOL_ERRORS.keys())
def test_a_protocol_error_is_1002(socket, data):
    socket.send(data)
    assert socket.close_code() == 1002
    socket.expect_closed()


@pytest.mark.parametrize("length", [1 << 63, (1 << 63) + 1, (1 << 64) - 1, (1 << 63) - 1, 1 << 40])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_an_absurd_length_is_refused_from_the_header_alone(socket, opcode, length):
    socket.send(bytes([0x80 | opcode, 0xFF]) + length.to_bytes(8, "big") + b"mask")
    assert socket.close_code() in (1002, 1009)


INVALID_UTF8 = {
    "a lone continuation": b"\x80",
    "a surrogate": b"\xed\xa0\x80",
    "an overlong slash": b"\xc0\xaf",
    "beyond U+10FFFF": b"\xf4\x90\x80\x80",
    "a byte that never occurs": b"x\xff",
    "an unfinished sequence": b"x\xe2\x82",
    "Latin-1": "é".encode("latin-1"),
}


@pytest.mark.parametrize("data", INVALID_UTF8.values(), ids=INVALID_UTF8.keys())
def test_text_that_is_not_utf8_is_1007(socket, data):
    socket.send(frame(TEXT, data))
    assert socket.close_code() == 1007


@pytest.mark.parametrize("data", [b"\xed\xa0", b"\xc0", b"\xf4\x90", b"\xff"])
def test_impossible_text_is_refused_before_the_message_ends(socket, data):
    socket.send(frame(TEXT, "봉수".encode() + data, fin=False))
    assert socket.close_code() == 1007


def test_a_close_reason_that_is_not_utf8_is_1007(socket):
    socket.send_close(1000, b"\xff")
    assert socket.close_code() == 1007


def test_a_message_over_the_limit_is_1009(echo):
    with EngineWebSocket(echo.url, ENGINE_IO) as session:
        session.send_text("4" + "x" * 999_999)
        assert session.packet() == "4" + "x" * 999_999
        session.send_text("4" + "x" * 1_000_000)
        assert session.close_code() == 1009


def test_a_message_over_the_limit_is_refused_from_the_header_alone(echo):
    with EngineWebSocket(echo.url, ENGINE_IO) as session:
        session.send(b"\x81" + length_bytes(1_000_001, 0x80) + b"mask")
        assert session.close_code() == 1009


def test_fragments_are_added_up_against_the_limit(echo):
    with EngineWebSocket(echo.url, ENGINE_IO) as session:
        session.send(frame(BINARY, b"x" * 600_000, fin=False))
        session.send(frame(CONTINUATION, b"x" * 600_000, fin=False))
        assert session.close_code() == 1009


def test_the_conformance_echo_takes_64_mebibytes(plain):
    payload = bytes(range(256)) * (64 * 4096)
    plain.send(frame(BINARY, payload))
    assert plain.message() == (BINARY, payload)


def test_the_conformance_echo_takes_65536_fragments(plain):
    plain.send(frame(TEXT, b"a", fin=False))
    plain.send(frame(CONTINUATION, b"b", fin=False) * 65_534)
    plain.send(frame(CONTINUATION, b"c"))
    assert plain.message() == (TEXT, b"a" + b"b" * 65_534 + b"c")


def test_endless_empty_fragments_are_refused(socket):
    socket.send(frame(TEXT, b"", fin=False))
    try:
        for _ in range(40):
            socket.send(frame(CONTINUATION, b"", fin=False) * 50_000)
    except OSError:
        return
    assert socket.ends() == []


def test_a_flood_of_pings_by_a_peer_that_does_not_read_is_bounded(bongsu):
    with WebSocket(bongsu.url, "/echo") as rude:
        rude.opened().socket.settimeout(1)
        started = time.monotonic()
        try:
            while time.monotonic() - started < 3:
                rude.send(frame(PING, b"x" * 125) * 5000)
        except OSError:
            pass
    with WebSocket(bongsu.url, "/echo") as polite:
        polite.opened().send_text("well?")
        assert polite.text() == "well?"
