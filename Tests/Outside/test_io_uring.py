"""Output to many leaves by io_uring, unless the kernel or the server's owner will not have it."""

import ctypes
import errno
import struct

import pytest

from frames import BINARY, WebSocket
from programs import serve

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
