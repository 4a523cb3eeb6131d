"""Known attacks on Engine.IO servers, by the names under which they became known."""

import re
import resource

import pytest

import engine
from engine import ENGINE_IO, SOCKET_IO, EngineWebSocket, Polling, query
from engine3 import OCTETS, Polling3
from frames import WebSocket, frame, upgrade_headers
from programs import Program
from raw import Connection, head, request
from waiting import eventually


@pytest.fixture(scope="module")
def both():
    """Serves both versions."""
    program = Program("conformance", "--port", 0, "--allow-eio3", "--loops", 2, "--ping-interval", 25_000)
    yield program
    program.assert_running()
    program.stop()


def kilobytes(program):
    with open(f"/proc/{program.process.pid}/statm") as pages:
        return int(pages.read().split()[1]) * resource.getpagesize() // 1024


def served(program):
    session = Polling(program.url, ENGINE_IO)
    session.tell("4still here")
    assert session.packet() == "4still here"


# CVE-2020-36048, CVE-2026-32689: bodies that are nothing but separators, or headers of packets.
@pytest.mark.parametrize("body", ["\x1e" * 900_000, "b\x1e" * 450_000, "4\x1e" * 450_000, "6\x1e" * 450_000])
def test_cve_2020_36048_cve_2026_32689_a_dense_body_costs_no_more_than_its_size(both, body):
    before = kilobytes(both)
    for _ in range(10):
        assert Polling(both.url, ENGINE_IO).post(body).body == b"ok"
    assert kilobytes(both) - before < 40_000
    served(both)


@pytest.mark.parametrize(
    "body", [b"1:" * 450_000, b"0:" * 450_000, b"1:6" * 300_000, b":" * 900_000, b"\x00\x01\xff6" * 200_000, b"\x01" * 900_000]
)
@pytest.mark.parametrize("kind", ["text/plain", OCTETS])
def test_cve_2020_36048_a_dense_body_of_version_3_costs_no_more_than_its_size(both, body, kind):
    before = kilobytes(both)
    for _ in range(5):
        assert Polling3(both.url).post(body, {"Content-Type": kind}).body == b"ok"
    assert kilobytes(both) - before < 40_000
    served(both)


# socketioxide 0.17.4, Engine.IO 3: lengths in the wrong unit, without an end, without a colon.
@pytest.mark.parametrize("body", ["2:4🔥", "3:4🔥🔥", "1:🔥", "4", "4:", "1:2:", "6:4hello:", "b4AQID", "10:4AQIDBA=="])
def test_socketioxide_0_17_4_lengths_are_utf16_and_nothing_else(both, body):
    session = Polling3(both.url)
    assert session.post(body).body == b"ok"
    eventually(session.is_gone, what="the end of the session")


# CVE-2022-21676: a handshake by WebSocket with a frame that cannot be decoded.
@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("data", [frame(1, b"x"), frame(1, b""), frame(2, b""), frame(1, b"b"), b"\xff\xff\xff", frame(1, b"\xff")])
def test_cve_2022_21676_a_crafted_frame_ends_its_session_alone(both, version, data):
    target = f"{ENGINE_IO}?EIO={version}&transport=websocket"
    with WebSocket(both.url, target) as socket:
        socket.opened()
        socket.send(data)
    served(both)


# CVE-2022-41940: a connection that is reset in the middle of anything.
@pytest.mark.parametrize("version", [3, 4])
def test_cve_2022_41940_a_reset_in_the_middle_is_no_ones_error(both, version):
    polling = f"{ENGINE_IO}?EIO={version}&transport=polling"
    session = Polling(both.url, ENGINE_IO)
    upgrade = head("GET", ENGINE_IO + query("websocket", session.sid), "x", upgrade_headers())
    starts = [
        head("GET", polling, "x"),
        head("GET", polling + "&j=0", "x"),
        head("POST", session.target, "x", {"Content-Length": "10"}) + b"4h",
        head("GET", session.target, "x"),
        upgrade,
        upgrade + frame(1, b"2probe"),
        upgrade + frame(1, b"2probe") + frame(1, b"5"),
    ]
    for start in starts:
        for count in (len(start) // 2, len(start)):
            connection = Connection(both.url)
            connection.send(start[:count])
            connection.abort()
    served(both)


# CVE-2023-31125: a session's id where none is expected, and the other way round.
@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize(
    "rest",
    [
        "&sid=", "&sid=&sid=", "&sid=__proto__", "&sid=constructor", "&sid[]=x", "&sid=%00", "&sid=%ff",
        "&transport=websocket", "&transport=__proto__", "&EIO=", "&EIO=4&EIO=3", "&j=__proto__", "&b64=__proto__",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS", "UPGRADE"])
def test_cve_2023_31125_a_crafted_query_is_answered(both, version, rest, method):
    target = f"{ENGINE_IO}?EIO={version}&transport=polling{rest}"
    if method == "UPGRADE":
        with WebSocket(both.url, target, upgrade_headers()) as socket:
            assert socket.handshake.status in (101, 400)
    else:
        assert request(both.url, method, target).status in (200, 204, 400)
    served(both)


# CVE-2026-59725: a body of a kind that its session does not take must not keep the connection.
def test_cve_2026_59725_an_invalid_binary_body_ends_its_connection(both):
    session = Polling(both.url, ENGINE_IO)
    with Connection(both.url) as connection:
        fields = {"Content-Type": OCTETS, "Content-Length": "1000000"}
        connection.send(head("POST", session.target, connection.authority, fields) + b"x")
        answer = connection.response()
        assert (answer.status, answer.headers["connection"]) == (400, "close")
        connection.socket.settimeout(5)
        assert connection.take_rest() == b""
    eventually(session.is_gone)


# GHSA-r635-g3xr-vw7x: polls that nobody ends.
def test_ghsa_r635_polls_one_after_another_are_not_kept(both):
    session = Polling(both.url, ENGINE_IO)
    polls = [session.pending() for _ in range(50)]
    try:
        # They come by connections of their own: which is first is not for the client to say.
        answers = [poll.response() for poll in polls]
        assert sorted(answer.status for answer in answers) == [200] + 49 * [400]
        assert [answer.text for answer in answers if answer.status == 200] == ["1"]
    finally:
        for poll in polls:
            poll.close()


# socketioxide #731, CVE-2026-48802: what is begun and never finished, or answered without being asked.
def test_socketioxide_731_upgrades_that_are_never_finished_leave_nothing(both):
    def rounds(count):
        for _ in range(count):
            session = Polling(both.url, ENGINE_IO)
            with EngineWebSocket(both.url, ENGINE_IO, session.sid) as probe:
                probe.send_text("2probe")
                assert probe.text() == "3probe"
            session.tell("1")

    rounds(100)
    before = kilobytes(both)
    rounds(300)
    assert kilobytes(both) - before < 8_000


@pytest.mark.parametrize("transport", ["polling", "websocket"])
def test_cve_2026_48802_a_flood_of_pongs_costs_nothing(both, transport):
    before = kilobytes(both)
    session = engine.open_session(transport, both.url, ENGINE_IO)
    for _ in range(20):
        session.tell(*["3"] * 5_000)
    session.tell("4hello")
    assert session.packet() == "4hello"
    assert kilobytes(both) - before < 20_000


# CVE-2017-16031: ids that can be guessed.
def test_cve_2017_16031_ids_have_nothing_in_common(both):
    ids = [Polling(both.url, SOCKET_IO).sid for _ in range(64)]
    assert all(re.fullmatch(r"[\w-]{20}", sid) for sid in ids)
    for place in range(20):
        assert len({sid[place] for sid in ids}) > 12, "each character is different from id to id"
