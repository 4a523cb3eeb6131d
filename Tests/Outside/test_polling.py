"""Engine.IO 4, long polling: what a POST and a GET may do, and what ends a session."""

import socket

import pytest

from engine import ENGINE_IO, SEPARATOR, SOCKET_IO, Polling, joined, query
from raw import Connection, head, request
from waiting import eventually

MAX_PAYLOAD = 1_000_000


@pytest.fixture
def session(echo):
    """A session with the bare Engine.IO echo."""
    return Polling(echo.url, ENGINE_IO)


def assert_alive(session):
    session.tell("4still here")
    assert session.packet() == "4still here"


def test_a_post_is_answered_ok(session):
    answer = session.post("4hello")
    assert (answer.status, answer.body) == (200, b"ok")
    assert answer.headers["content-type"] == "text/html"
    assert answer.headers["content-length"] == "2"
    assert answer.headers["cache-control"] == "no-store"


def test_a_message_comes_back(session):
    session.tell("4hello")
    answer = session.get()
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.body == b"4hello"


@pytest.mark.parametrize("text", ["4봉수", "4🔥", "4a\u2028b", "4\u0000", "4" + "가" * 100_000])
def test_text_travels_as_utf8(session, text):
    session.tell(text)
    assert session.get().text == text


@pytest.mark.parametrize(
    "sent, received",
    [
        ("bAQIDBA==", "bAQIDBA=="),
        ("bAQIDBA", "bAQIDBA=="),
        ("b-_8=", "b+/8="),
        ("bAQ\nID BA==", "bAQIDBA=="),
        ("b", "b"),
    ],
)
def test_binary_travels_as_base64_read_leniently(session, sent, received):
    session.tell(sent)
    assert session.get().text == received


def test_a_pending_poll_is_answered_as_soon_as_there_is_something(session):
    with session.pending() as poll:
        assert poll.is_quiet()
        session.tell("4hello")
        assert poll.response().text == "4hello"


@pytest.mark.parametrize("body", ["", "abc", "7", "4a\x1e", "\x1e4a", "4a\x1eabc", "\x1e" * 100_000, "b\x1e9"])
def test_a_malformed_payload_is_answered_ok_and_ends_the_session(session, body):
    answer = session.post(body)
    assert (answer.status, answer.body) == (200, b"ok")
    eventually(session.is_gone, what="the end of the session")


def test_packets_before_the_bad_one_are_handled(session):
    with session.pending() as poll:
        session.post("4first\x1eabc\x1e4after")
        packets = poll.response().text.split(SEPARATOR)
        assert packets[0] == "4first" and "4after" not in packets
    eventually(session.is_gone)


def test_a_clients_ping_ends_the_session(session):
    answer = session.post("2")
    assert (answer.status, answer.body) == (200, b"ok")
    eventually(session.is_gone)


@pytest.mark.parametrize("packet", ["0", "5", "6", "3", '0{"sid":"x"}'])
def test_packets_without_meaning_here_are_ignored(session, packet):
    session.tell(packet)
    assert_alive(session)


def test_a_close_packet_ends_the_session_and_answers_the_poll_with_a_noop(session):
    with session.pending() as poll:
        assert poll.is_quiet()
        session.tell("1")
        assert poll.response().text == "6"
    eventually(session.is_gone)


def test_a_close_packet_ends_the_session_without_a_poll_too(session):
    session.tell("1")
    eventually(session.is_gone)


def test_octet_streams_are_refused_and_end_the_session(session):
    answer = session.post(b"\x00\x01\xff4hello", {"Content-Type": "application/octet-stream"})
    assert (answer.status, answer.body) == (400, b"")
    eventually(session.is_gone)


def test_a_post_of_the_largest_size_is_taken(session):
    text = "4" + "x" * (MAX_PAYLOAD - 1)
    session.tell(text)
    assert session.get().text == text


def test_a_larger_post_is_refused_and_the_session_lives(session):
    answer = session.post("4" + "x" * MAX_PAYLOAD)
    assert (answer.status, answer.body) == (413, b"")
    assert_alive(session)


def test_a_larger_chunked_post_is_refused_and_the_session_lives(session):
    with session.pending() as poll:
        chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
        assert chunked(session, [chunk] * 17).status == 413
        session.tell("4alive")
        assert poll.response().text == "4alive"


def chunked(session, chunks):
    with Connection(session.url) as connection:
        connection.send(head("POST", session.target, connection.authority, {"Transfer-Encoding": "chunked"}))
        try:
            for chunk in chunks:
                connection.send(chunk)
            connection.send(b"0\r\n\r\n")
        except OSError:
            pass
        return connection.response()


def test_a_chunked_post_is_taken(session):
    answer = chunked(session, [b"3\r\n4he\r\n", b"3;x=y\r\nllo\r\n"])
    assert (answer.status, answer.body) == (200, b"ok")
    assert session.get().text == "4hello"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_with_a_session_fail(session, method):
    answer = request(session.url, method, session.target)
    assert (answer.status, answer.body) == (500, b"")


def test_a_second_poll_ends_the_session(session):
    with session.pending() as first:
        assert first.is_quiet()
        second = session.get()
        assert (second.status, second.body) == (400, b"")
        assert first.response().text == "1"
    eventually(session.is_gone)


def test_a_second_post_while_one_is_running_ends_the_session(session):
    with Connection(session.url) as first:
        first.send(head("POST", session.target, first.authority, {"Content-Length": "10"}) + b"4half")
        assert first.is_quiet()
        second = session.post("4whole")
        assert (second.status, second.body) == (400, b"")
    eventually(session.is_gone)


def test_two_posts_one_after_the_other_on_one_connection_are_both_taken(session):
    with Connection(session.url) as connection:
        one = head("POST", session.target, connection.authority, {"Content-Length": "4"})
        connection.send(one + b"4one" + one + b"4two")
        assert [connection.response().body for _ in range(2)] == [b"ok", b"ok"]
    assert session.get().text == "4one\x1e4two"


def test_a_poll_and_a_post_pipelined_on_one_connection_are_both_answered(conformance):
    session = Polling(conformance.url, ENGINE_IO)
    with Connection(session.url) as connection:
        connection.request("GET", session.target)
        connection.request("POST", session.target, body=b"4hello")
        # The first answer is the echo, or the next ping where requests are taken one by one.
        poll = connection.response().text
        assert connection.response().body == b"ok"
    assert "4hello" in poll or session.get().text.endswith("4hello")


def test_a_poll_and_a_post_in_turns_on_one_connection(session):
    with Connection(session.url) as connection:
        for number in range(20):
            connection.request("POST", session.target, body=f"4{number}".encode())
            assert connection.response().body == b"ok"
            connection.request("GET", session.target)
            assert connection.response().text == f"4{number}"


def test_an_abandoned_poll_ends_the_session(session):
    poll = session.pending()
    assert poll.is_quiet()
    poll.close()
    eventually(session.is_gone)


def test_a_poll_that_is_reset_ends_the_session(session):
    poll = session.pending()
    assert poll.is_quiet()
    poll.abort()
    eventually(session.is_gone)


def test_a_post_whose_connection_is_cut_leaves_the_server_well(session):
    with Connection(session.url) as connection:
        connection.send(head("POST", session.target, connection.authority, {"Content-Length": "100"}) + b"4half")
        connection.socket.shutdown(socket.SHUT_RDWR)
    assert Polling(session.url, ENGINE_IO).sid != session.sid


def test_a_server_that_closes_says_so_in_the_next_poll(echo):
    session = Polling(echo.url)
    joined(session)
    session.tell('42{"not":"an array"}')
    assert session.get().text == "6\x1e1"
    assert session.is_gone()


def test_a_server_that_closes_says_so_in_the_pending_poll(echo):
    session = Polling(echo.url)
    joined(session)
    with session.pending() as poll:
        assert poll.is_quiet()
        session.tell('42{"not":"an array"}')
        assert poll.response().text == "1"
    eventually(session.is_gone)


def test_a_flood_of_empty_binary_packets_does_not_hurt_the_server(echo):
    session = Polling(echo.url, ENGINE_IO)
    assert session.post(SEPARATOR.join(["b"] * 400_000)).status in (200, 413)
    assert request(echo.url, "GET", SOCKET_IO + query("polling")).status == 200


def test_bytes_that_are_not_utf8_do_not_hurt_the_server(echo):
    session = Polling(echo.url, ENGINE_IO)
    assert session.post(b"4\xff\xfe\xed\xa0\x80").status in (200, 400)
    assert request(echo.url, "GET", SOCKET_IO + query("polling")).status == 200
