"""Output to many leaves by io_uring, unless the kernel or the server's owner will not have it."""

import ctypes
import errno
import struct

import pytest

from frames import BINARY, WebSocket
from programs import serve
from secure import Secure, pair, serving

MEMBERS, MESSAGES = 40, 20
NOTE = "io_uring cannot be used"
# The same number on every architecture.
IO_URING_SETUP = 425
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
RETURN_ERRNO, RETURN_ALLOW = 0x0005_0000, 0x7FFF_0000


def without_io_uring(error):
    """What containers do: io_uring_setup fails, everything else is allowed."""
    # Load the call's number; if it is io_uring_setup, fail; else allow.
    lines = [(0x20, 0, 0, 0), (0x15, 0, 1, IO_URING_SETUP), (0x06, 0, 0, RETURN_ERRNO | error), (0x06, 0, 0, RETURN_ALLOW)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    program = struct.pack("HxxxxxxQ", len(lines), ctypes.addressof(code))

    def apply():
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")

    apply.code = code
    return apply


def everyone_hears_everything(program):
    members = [WebSocket(program.url, "/broadcast").opened() for _ in range(MEMBERS)]
    for number in range(MESSAGES):
        payload = bytes([number]) * 10 ** (number % 6)
        members[number].send_binary(payload)
        for member in members:
            assert member.message() == (BINARY, payload)
    for member in members:
        member.close()
    program.assert_running()


@pytest.mark.parametrize("error", [errno.EPERM, errno.ENOSYS], ids=["EPERM", "ENOSYS"])
def test_without_io_uring_it_serves_and_says_so_once(error):
    program = serve(before=without_io_uring(error))
    everyone_hears_everything(program)
    program.stop()
    assert program.complaints().count(NOTE) == 1


def test_whoever_wants_none_is_told_nothing():
    program = serve("--no-io-uring", before=without_io_uring(errno.EPERM))
    everyone_hears_everything(program)
    program.stop()
    assert program.complaints() == ""


def test_with_io_uring_everyone_hears_everything(bongsu):
    everyone_hears_everything(bongsu)


@pytest.mark.parametrize("options", [(), ("--no-io-uring",)], ids=["io_uring", "calls"])
class TestSecureBatches:
    """What many are told in one turn is encrypted for one after the other and leaves together."""

    def test_everyone_hears_everything(self, options):
        with serving(*pair("one"), *options, loops=1) as program:
            members = [Secure(program.url).opened("/broadcast") for _ in range(24)]
            # Short ones leave together; one too long for that, and one of several portions, leave alone.
            for size in [0, 1, 100, 5_000, 70_000, 300_000] * 3:
                members[size % 24].tell(b"x" * size, BINARY)
                for member in members:
                    assert member.hear().payload == b"x" * size

    def test_everyone_is_answered(self, options):
        with serving(*pair("one"), *options, loops=1) as program:
            members = [Secure(program.url).opened("/echo") for _ in range(24)]
            for number in range(60):
                payload = bytes([number]) * (number * 97 % 6_000)
                for member in members:
                    member.tell(payload, BINARY)
                for member in members:
                    assert member.hear().payload == payload

    def test_who_does_not_read_or_is_gone_keeps_nothing_from_the_others(self, options):
        with serving(*pair("one"), *options, "--max-queue", "100000000", loops=1) as program:
            members = [Secure(program.url).opened("/broadcast") for _ in range(16)]
            late, gone = members[3], members.pop(5)
            payload, count = b"x" * 30_000, 200
            reading = [member for member in members if member is not late]
            for number in range(count):
                members[0].tell(payload + b"%d" % number, BINARY)
                if number == count // 2:
                    gone.socket.close()
                for member in reading:
                    assert member.hear().payload == payload + b"%d" % number
            for number in range(count):
                assert late.hear().payload == payload + b"%d" % number
