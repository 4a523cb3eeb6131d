"""What clients say in the records of TLS 1.3 once the handshake is over (RFC 8446 §4.6.3, §5, §6)."""

import shutil
import subprocess
import time

import pytest
from frames import TEXT, frame, upgrade_headers
from raw import Closed, head
from secure import file, pair, serving
from tls13 import (
    ALERT,
    APPLICATION_DATA,
    CHANGE_CIPHER_SPEC,
    HANDSHAKE,
    RECORD_MAX,
    Direction,
    Records,
    key_update,
)

UNEXPECTED_MESSAGE, BAD_RECORD_MAC, RECORD_OVERFLOW, ILLEGAL_PARAMETER, DECODE_ERROR = 10, 20, 22, 47, 50
CLOSE_NOTIFY, USER_CANCELED = 0, 90
SILENT_MAX = 32


@pytest.fixture(scope="module")
def server():
    with serving(*pair("one"), loops=1) as program:
        yield program


@pytest.fixture(autouse=True)
def server_survives(server):
    yield
    server.assert_running()


@pytest.fixture
def opened(server):
    """A WebSocket whose messages come back."""
    with Records(server.url) as connection:
        connection.say(head("GET", "/echo", connection.authority, upgrade_headers()))
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            kind, data = connection.hear()
            assert kind == APPLICATION_DATA
            answer += data
        yield connection


def message(text):
    return frame(TEXT, text)


def expect(opened, *texts):
    wanted = b"".join(frame(TEXT, text, mask=False) for text in texts)
    assert opened.hear_data(len(wanted)) == wanted


class TestVectors:
    """RFC 8448 §3: this client's own arithmetic, against which the server's is measured."""

    SECRET = bytes.fromhex("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5")
    RECORD = bytes.fromhex(
        "1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8"
        "a5b46b395bd54a9a20441e2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4"
    )

    def test_keys(self):
        direction = Direction(self.SECRET)
        assert direction.key.hex() == "17422dda596ed5d9acd890e3c63f5051"
        assert direction.iv.hex() == "5b78923dee08579033e523d9"

    def test_records(self):
        assert Direction(self.SECRET).seal(bytes(range(50)) + b"\x17") == self.RECORD
        assert Direction(self.SECRET).unseal(self.RECORD) == (APPLICATION_DATA, bytes(range(50)))


class TestGoodRecords:
    def test_padding_is_taken_off(self, opened):
        for padding in (0, 1, 255, RECORD_MAX - len(message(b"hello"))):
            opened.say(message(b"hello"), padding=padding)
            expect(opened, b"hello")

    def test_the_longest_record_is_understood(self, opened):
        data = message(b"x" * 20_000)
        opened.say(data[:RECORD_MAX])
        opened.say(data[RECORD_MAX:])
        expect(opened, b"x" * 20_000)

    def test_a_record_may_be_cut_anywhere(self, opened):
        for position in range(1, 5 + len(message(b"cut")) + 17):
            record = opened.sealed(message(b"cut"))
            opened.send(record[:position])
            time.sleep(0.002)
            opened.send(record[position:])
            expect(opened, b"cut")

    def test_a_record_may_be_cut_behind_others(self, opened):
        for position in range(0, 30, 3):
            first, second, third = (opened.sealed(message(text)) for text in (b"1", b"2" * 500, b"3"))
            opened.send(first + second[:position])
            time.sleep(0.002)
            opened.send(second[position:] + third)
            expect(opened, b"1", b"2" * 500, b"3")

    def test_many_records_come_at_once(self, opened):
        texts = [b"%d" % number for number in range(3_000)]
        opened.send(b"".join(opened.sealed(message(text)) for text in texts))
        expect(opened, *texts)

    def test_a_message_in_many_records(self, opened):
        data = message(b"0123456789" * 30)
        opened.send(b"".join(opened.sealed(data[start : start + 1]) for start in range(len(data))))
        expect(opened, b"0123456789" * 30)

    def test_empty_records_are_passed_over(self, opened):
        for _ in range(3):
            opened.send(b"".join(opened.sealed(b"") for _ in range(SILENT_MAX)) + opened.sealed(message(b"here")))
            expect(opened, b"here")


class TestKeyUpdates:
    def test_a_new_key_is_followed(self, opened):
        for number in range(100):
            opened.send(opened.update_key(False))
            opened.say(message(b"%d" % number))
            expect(opened, b"%d" % number)

    def test_a_request_is_answered_with_a_new_key(self, opened):
        for _ in range(3):
            opened.send(opened.update_key(True))
            assert opened.hear() == (HANDSHAKE, key_update(False))
            opened.say(message(b"new"))
            expect(opened, b"new")

    def test_several_requests_are_answered_once(self, opened):
        opened.send(b"".join(opened.update_key(True) for _ in range(5)) + opened.sealed(message(b"new")))
        assert opened.hear() == (HANDSHAKE, key_update(False))
        expect(opened, b"new")

    def test_a_key_update_may_be_cut_into_records(self, opened):
        parts = [bytes([byte]) for byte in key_update(False)]
        opened.send(b"".join(opened.sealed(part, HANDSHAKE) for part in parts))
        opened.mouth = opened.mouth.updated()
        opened.say(message(b"new"))
        expect(opened, b"new")

    @pytest.mark.skipif(not shutil.which("openssl"), reason="Python cannot update keys")
    @pytest.mark.parametrize(
        "suite", ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]
    )
    def test_openssl_updates_keys_with_every_suite(self, server, suite):
        address = server.url.split("//")[1]
        command = ["openssl", "s_client", "-connect", address, "-CAfile", file("authority.pem"), "-ciphersuites", suite]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            output = b""

            def say(line, answer):
                nonlocal output
                process.stdin.write(line)
                process.stdin.flush()
                while answer not in output:
                    assert (data := process.stdout.read1()), output
                    output += data
                output = output[output.index(answer) + len(answer) :]

            say(b"", f"Cipher is {suite}".encode())
            for command in (b"", b"k\n", b"K\n", b"K\n", b"k\n"):
                if command:
                    say(command, b"KEYUPDATE")
                # One line at a time: s_client sends what follows a command's line along with it.
                say(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"\r\n\r\nok")
            process.stdin.close()
            process.kill()


def forged(client):
    record = bytearray(client.sealed(message(b"x")))
    record[-1] ^= 1
    return record


def replayed(client):
    record = client.sealed(b"")
    return record + record


def missing(client):
    client.sealed(b"")
    return client.sealed(message(b"x"))


def inside(*parts):
    """Records of these kinds and contents."""
    return lambda client: b"".join(client.sealed(data, kind) for kind, data in parts)


def inner(data):
    return lambda client: client.mouth.seal(data)


def relabelled(client):
    record = bytearray(client.sealed(message(b"x")))
    record[2] = 1
    return record


def outside(data):
    return lambda client: data


def handshake(kind, data=b""):
    return HANDSHAKE, bytes([kind]) + len(data).to_bytes(3, "big") + data


WRONG = {
    "a forged tag": (forged, BAD_RECORD_MAC),
    "a record that came before": (replayed, BAD_RECORD_MAC),
    "a record that follows one that did not come": (missing, BAD_RECORD_MAC),
    "another version in the header": (relabelled, BAD_RECORD_MAC),
    "a record shorter than a tag": (outside(bytes([23, 3, 3, 0, 15]) + b"x" * 15), BAD_RECORD_MAC),
    "a record without bytes": (outside(bytes([23, 3, 3, 0, 0])), BAD_RECORD_MAC),
    "a record that is too long, by its header": (outside(bytes([23, 3, 3, 0x41, 1])), RECORD_OVERFLOW),
    "a record of the greatest length": (outside(bytes([23, 3, 3, 0xFF, 0xFF])), RECORD_OVERFLOW),
    "too much data": (inner(b"x" * (RECORD_MAX + 1) + b"\x17"), RECORD_OVERFLOW),
    "too much padding": (inner(b"\x17" + bytes(RECORD_MAX + 1)), RECORD_OVERFLOW),
    "nothing but zeros": (inner(bytes(100)), UNEXPECTED_MESSAGE),
    "nothing but a tag": (inner(b""), UNEXPECTED_MESSAGE),
    "change_cipher_spec": (outside(bytes([20, 3, 3, 0, 1, 1])), UNEXPECTED_MESSAGE),
    "change_cipher_spec inside": (inside((CHANGE_CIPHER_SPEC, b"\x01")), UNEXPECTED_MESSAGE),
    "an alert in the clear": (outside(bytes([21, 3, 3, 0, 2, 1, 0])), UNEXPECTED_MESSAGE),
    "a hello in the clear": (outside(bytes([22, 3, 1, 0, 4, 1, 0, 0, 0])), UNEXPECTED_MESSAGE),
    "a heartbeat": (outside(bytes([24, 3, 3, 0, 3, 1, 0x40, 0])), UNEXPECTED_MESSAGE),
    "a heartbeat inside": (inside((24, b"\x01\x40\x00")), UNEXPECTED_MESSAGE),
    "a kind of record that nobody knows": (inside((255, b"x")), UNEXPECTED_MESSAGE),
    "another hello": (inside(handshake(1, bytes(40))), UNEXPECTED_MESSAGE),
    "a session ticket": (inside(handshake(4, bytes(20))), UNEXPECTED_MESSAGE),
    "a certificate nobody asked for": (inside(handshake(11, bytes(4))), UNEXPECTED_MESSAGE),
    "another Finished": (inside(handshake(20, bytes(32))), UNEXPECTED_MESSAGE),
    "the beginning of another message": (inside((HANDSHAKE, b"\x14")), UNEXPECTED_MESSAGE),
    "a handshake record without bytes": (inside((HANDSHAKE, b"")), UNEXPECTED_MESSAGE),
    "a key update that asks for something else": (inside(handshake(24, b"\x02")), ILLEGAL_PARAMETER),
    "a key update that is too long": (inside(handshake(24, bytes(2))), UNEXPECTED_MESSAGE),
    "a key update that is empty": (inside(handshake(24)), UNEXPECTED_MESSAGE),
    "a key update with something behind it": (inside((HANDSHAKE, key_update(False) + b"\x18")), UNEXPECTED_MESSAGE),
    "two key updates in a record": (inside((HANDSHAKE, key_update(False) * 2)), UNEXPECTED_MESSAGE),
    "data in the middle of a key update": (
        inside((HANDSHAKE, b"\x18\0"), (APPLICATION_DATA, message(b"x"))),
        UNEXPECTED_MESSAGE,
    ),
    "an old key after a key update": (inside(handshake(24, b"\0"), (APPLICATION_DATA, b"x")), BAD_RECORD_MAC),
    "half an alert": (inside((ALERT, b"\x01")), DECODE_ERROR),
    "two alerts in a record": (inside((ALERT, b"\x01\x5a\x01\x5a")), DECODE_ERROR),
    "empty records without end": (inside(*[(APPLICATION_DATA, b"")] * (SILENT_MAX + 1)), UNEXPECTED_MESSAGE),
    "warnings without end": (inside(*[(ALERT, bytes([1, USER_CANCELED]))] * (SILENT_MAX + 1)), UNEXPECTED_MESSAGE),
    "key updates without end": (
        lambda client: b"".join(client.update_key(False) for _ in range(SILENT_MAX + 1)),
        UNEXPECTED_MESSAGE,
    ),
}


class TestWrongRecords:
    @pytest.mark.parametrize(("make", "alert"), WRONG.values(), ids=WRONG.keys())
    def test_it_is_answered_with_an_alert_and_the_end(self, opened, make, alert):
        opened.send(opened.sealed(message(b"before")) + make(opened))
        while (heard := opened.hear())[0] == APPLICATION_DATA:
            assert heard[1] == frame(TEXT, b"before", mask=False)
        assert heard == (ALERT, bytes([2, alert]))
        with pytest.raises(Closed):
            opened.hear()

    @pytest.mark.parametrize("count", [0, 1, 100, RECORD_MAX + 256])
    def test_bits_that_flip_anywhere_are_noticed(self, server, count):
        with Records(server.url) as connection:
            record = bytearray(connection.sealed(b"x" * min(count, RECORD_MAX)))
            record[5 + count * 7 % (len(record) - 5)] ^= 0x10
            connection.send(record)
            assert connection.hear() == (ALERT, bytes([2, BAD_RECORD_MAC]))


class TestAlerts:
    @pytest.mark.parametrize("rest", [b"", b"x" * 100], ids=["nothing", "garbage"])
    def test_close_notify_is_answered_and_what_follows_it_ignored(self, server, rest):
        with Records(server.url) as connection:
            request = connection.sealed(head("GET", "/healthz", connection.authority))
            connection.send(request + connection.sealed(bytes([1, CLOSE_NOTIFY]), ALERT) + rest)
            kind, text = connection.hear()
            while kind == APPLICATION_DATA and not text.endswith(b"\r\n\r\nok"):
                text += connection.hear()[1]
            assert connection.hear() == (ALERT, bytes([1, CLOSE_NOTIFY]))

    def test_user_canceled_alone_changes_nothing(self, opened):
        opened.say(bytes([1, USER_CANCELED]), ALERT)
        opened.say(message(b"still here"))
        expect(opened, b"still here")

    @pytest.mark.parametrize("level", [1, 2])
    @pytest.mark.parametrize("description", [10, 20, 80, 100, 255])
    def test_any_other_alert_ends_the_connection_without_an_answer(self, opened, level, description):
        opened.say(bytes([level, description]), ALERT)
        with pytest.raises(Closed):
            opened.hear()


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize("options", [["--tlsv1.3"], ["--tlsv1.2", "--tls-max", "1.2"]], ids=["1.3", "1.2"])
def test_curl_is_served(server, options):
    port = server.url.rsplit(":", 1)[1]
    command = ["curl", "--silent", "--show-error", "--cacert", file("authority.pem"), *options]
    command += ["--resolve", f"one.example:{port}:127.0.0.1", *[f"https://one.example:{port}/healthz"] * 3]
    done = subprocess.run(command, capture_output=True, timeout=20)
    assert (done.returncode, done.stdout) == (0, b"ok" * 3), done.stderr
