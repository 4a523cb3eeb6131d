"""Peers that ask and ask and do not read the answers: what waits for them is bounded."""

import pytest

from frames import BINARY, PING, frame
from hostile import Bystander, NarrowClient, NarrowConnection, NarrowWebSocket, event, flood, resident
from programs import serve
from raw import Connection, head
from waiting import eventually

# Megabytes: some clients' queues and the allocator's slack are within it, what an attack could pile up is not.
ROOM = 100


@pytest.fixture
def relay(request):
    program = serve(*getattr(request, "param", ()), loops=1)
    yield program
    program.assert_running()
    program.stop()


def test_pipelined_requests_without_an_end_do_not_pile_up_answers(relay):
    before = resident(relay)
    requests = head("GET", "/chat.css", "x") * 2_000
    with Bystander(relay), NarrowConnection(relay.url) as deaf:
        _, peak, _ = flood(deaf, requests, 2, relay)
        assert peak - before < ROOM


def test_a_pipelining_peer_that_reads_after_all_gets_every_answer(relay):
    count = 2_000
    with Connection(relay.url) as connection:
        connection.send(head("GET", "/chat.css", "x") * count)
        bodies = {connection.response().body for _ in range(count)}
        assert len(bodies) == 1 and len(bodies.pop()) > 1_000


@pytest.mark.parametrize("relay", [("--max-queue", 65_536)], indirect=True)
@pytest.mark.parametrize("request_", [("join", "r" * 250), ("leave", "r"), ("relay", {})], ids=lambda each: each[0])
def test_acknowledgements_for_a_deaf_client_are_not_kept_for_ever(relay, request_):
    before = resident(relay)
    with Bystander(relay), NarrowClient(relay.url) as deaf:
        # The answers are short, and the kernel takes megabytes of them first; that may be a second's work for the server.
        is_over, peak, _ = flood(deaf, event(*request_, ack=1) * 2_000, 60, relay, stall=5)
        # Either it is dropped, or nothing more is read from it.
        assert peak - before < ROOM
        assert is_over


def test_empty_frames_for_deaf_members_of_a_room_count_as_what_they_cost(relay):
    before = resident(relay)
    members = [NarrowWebSocket(relay.url, "/ws/deaf").opened() for _ in range(30)]
    with Bystander(relay), NarrowWebSocket(relay.url, "/ws/deaf").opened() as sender:
        _, peak, _ = flood(sender, frame(BINARY) * 20_000, 2, relay)
        assert peak - before < 3 * ROOM
    for member in members:
        member.close()


@pytest.mark.parametrize("relay", [("--max-queue", 65_536)], indirect=True)
def test_a_member_that_does_not_read_is_dropped_and_the_others_hear_on(relay):
    with NarrowWebSocket(relay.url, "/ws/deaf").opened() as deaf, Bystander(relay):
        sender, other = (NarrowWebSocket(relay.url, "/ws/deaf").opened() for _ in range(2))
        # How many megabytes the kernel holds for the deaf one depends on what it has seen before.
        for number in range(2_000):
            sender.send_binary(bytes([number % 256]) * 8_192)
            assert other.message() == (BINARY, bytes([number % 256]) * 8_192)
            if number % 100 == 99 and is_reset(deaf):
                break
        eventually(lambda: is_reset(deaf), what="the end of a deaf member")
        sender.close()
        other.close()


def is_reset(connection):
    try:
        connection.send(frame(PING))
    except OSError:
        return True
    return False
