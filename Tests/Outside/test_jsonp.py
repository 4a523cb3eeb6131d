"""Long polling by script elements (`j=`), for clients of either version."""

import pytest

import engine
from engine import ENGINE_IO, SOCKET_IO
from engine3 import form, packets_of, payload, query, script
from programs import Program, serve
from raw import request

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def both():
    program = Program("conformance", "--port", 0, "--allow-eio3", "--loops", 2, "--ping-interval", 25_000)
    yield program
    program.assert_running()
    program.stop()


class JSONP:
    """A session by script elements."""

    def __init__(self, url, version, index=0):
        self.url, self.version, self.index = url, version, index
        self.sid = None
        self.opening = self.get()
        first = self.packets(self.opening)[0]
        self.sid = first.split('"sid":"')[1].split('"')[0]

    @property
    def target(self):
        make = query if self.version == 3 else engine.query
        return ENGINE_IO + make("polling", self.sid) + f"&j={self.index}"

    def get(self, headers=()):
        return request(self.url, "GET", self.target, headers)

    def packets(self, answer):
        text = script(answer.text, self.index)
        return packets_of(text) if self.version == 3 else text.split("\x1e")

    def tell(self, *packets):
        body = payload(*packets) if self.version == 3 else "\x1e".join(packets)
        answer = self.post(form(body))
        assert (answer.status, answer.body) == (200, b"ok"), answer

    def post(self, body):
        return request(self.url, "POST", self.target, FORM, body.encode())


@pytest.fixture(params=[3, 4])
def session(request, both):
    return JSONP(both.url, request.param, 7)


def test_the_handshake_is_a_script(session):
    answer = session.opening
    assert (answer.status, answer.headers["content-type"]) == (200, "text/javascript; charset=UTF-8")
    assert answer.headers["cache-control"] == "no-store"
    assert "x-xss-protection" not in answer.headers
    assert answer.text.startswith("___eio[7](") and session.packets(answer)[0][0] == "0"


TEXTS = [
    "hello",
    "봉수 🔥",
    "a\u2028b\u2029c",
    "</script><script>alert(1)</script>",
    "<!-- x -->",
    'quotes " and \\ slashes /',
    "one\ntwo\\nthree\\\\nfour",
    "\\",
    "\u0000\u001f\u007f",
    "a&d=b+c%20d;e",
    "x" * 50_000,
]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:20]))
def test_every_text_comes_back(session, text):
    if session.version == 4 and "\x1e" in text:
        pytest.skip("a separator")
    session.tell("4" + text)
    answer = session.get()
    assert session.packets(answer) == ["4" + text]
    # Nothing in it ends a script, nor a line of one.
    assert not {"<", "\u2028", "\u2029", "\n", "\x00"} & set(answer.text)


def test_the_answer_is_ascii_digits_and_a_string(session):
    session.tell("4</script>")
    assert session.get().text in ('___eio[7]("4\\u003c/script>");', '___eio[7]("10:4\\u003c/script>");')


def test_bytes_are_base64(session):
    marker = "b4" if session.version == 3 else "b"
    session.tell("4hello", marker + "AQIDBA==")
    assert session.packets(session.get()) == ["4hello", marker + "AQIDBA=="]


@pytest.mark.parametrize(
    "index, digits", [("12", "12"), ("", ""), ("1;alert(1)//", "11"), ("%3Cscript%3E5", "5"), ("0]%28", "0"), ("a", "")]
)
def test_the_callback_is_digits_alone(both, index, digits):
    answer = request(both.url, "GET", ENGINE_IO + engine.query("polling") + f"&j={index}")
    assert answer.status == 200 and answer.text.startswith(f'___eio[{digits}]("0{{')


@pytest.mark.parametrize("body", ["", "x=1", "d", "d=", "d=%zz", "%64=", "&&&", "=" * 1000])
def test_a_form_without_packets_ends_the_session(session, body):
    assert session.post(body).body == b"ok"
    assert session.get().json["code"] == 1


@pytest.mark.parametrize("agent", ["Mozilla/4.0 (compatible;MSIE 8.0)", "Mozilla/5.0 (Trident/7.0; rv:11.0)"])
def test_internet_explorer_is_told_that_this_is_no_attack(both, agent):
    answer = request(both.url, "GET", ENGINE_IO + engine.query("polling"), {"User-Agent": agent})
    assert answer.headers["x-xss-protection"] == "0"


def test_the_answer_may_be_compressed(session):
    session.tell("4" + "a" * 5_000)
    answer = session.get({"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip" and len(answer.body) < 200


def test_it_can_be_refused():
    program = serve("--no-jsonp")
    try:
        answer = request(program.url, "GET", SOCKET_IO + engine.query("polling") + "&j=0")
        assert (answer.status, answer.json["code"]) == (400, 3)
    finally:
        program.stop()


# CVE-2020-28481, by a way around CORS and Origin: a script element.
def test_where_origins_are_restricted_no_script_is_answered():
    program = serve("--cors-origin", "https://example.com")
    try:
        for headers in [{}, {"Origin": "https://example.com"}]:
            answer = request(program.url, "GET", SOCKET_IO + engine.query("polling") + "&j=0", headers)
            assert (answer.status, answer.json["code"]) == (403, 4)
    finally:
        program.stop()
