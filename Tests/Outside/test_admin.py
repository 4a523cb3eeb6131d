"""The Admin UI of Socket.IO, played by python-socketio: what the page sends and hears."""

import json
import time

import pytest
import requests
import socketio

from engine import EngineWebSocket, Polling
from peers import PythonPeer
from programs import run_to_end, serve
from waiting import eventually

HASH = "$2b$04$At1l.T4pq1yAOpIkrg2l6Ocj04RQKU1.1fjqvzR5DOIN.e8toSiQO"  # of "secret", with the least cost
LOGIN = {"username": "ops", "password": "secret"}
PAGE = "https://admin.socket.io"
FEATURES = ["EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT", "AGGREGATED_EVENTS"]
SOCKET = {"id", "clientId", "transport", "nsp", "data", "handshake", "rooms"}
HANDSHAKE = {"address", "headers", "query", "issued", "secure", "time", "url", "xdomain"}
ENDINGS = ("client namespace disconnect", "transport close")
STATS = {
    "serverId",
    "hostname",
    "pid",
    "uptime",
    "clientsCount",
    "pollingClientsCount",
    "aggregatedEvents",
    "namespaces",
}


@pytest.fixture(scope="module")
def hash_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("admin") / "hash"
    # As htpasswd prints it.
    file.write_text(f"ops:{HASH}\n\n")
    return file


@pytest.fixture(scope="module")
def relay(hash_file):
    """With every event, for a page of another origin."""
    login = ("--admin-user", "ops", "--admin-password-hash-file", hash_file, "--admin-mode", "development")
    program = serve(*login, "--cors-origin", PAGE, "--cors-credentials")
    yield program
    program.assert_running()
    program.stop()


def log_in(relay, transport="websocket", auth=LOGIN, **options):
    return PythonPeer(relay.url, transport, namespace="/admin", auth=auth, **options)


def first(peer, event, condition=lambda *_: True):
    """The arguments of the first event of this name that is as wanted."""
    return eventually(lambda: [args for args in peer.heard(event) if condition(*args)], 5, event)[0]


def refusal(relay, auth):
    client = socketio.Client(handle_sigint=False, reconnection=False)
    errors = []
    client.on("connect_error", errors.append, namespace="/admin")
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(relay.url, auth=auth, namespaces=["/admin"])
    client.disconnect()
    return errors


class TestLogin:
    @pytest.mark.parametrize("transport", ["polling", "websocket", "upgrade"])
    def test_the_page_logs_in_and_comes_back_without_the_password(self, relay, transport):
        once = log_in(relay, transport)
        (session,) = first(once, "session")
        assert first(once, "config") == [{"supportedFeatures": [*FEATURES, "ALL_EVENTS"]}]
        once.close()
        again = log_in(relay, transport, auth={"sessionId": session})
        assert first(again, "config") and not again.heard("session")
        again.close()

    def test_others_are_told_nothing_else(self, relay):
        for auth in [None, {}, {"username": "ops"}, {"sessionId": "0123456789abcdef"}, {"sessionId": LOGIN}]:
            assert refusal(relay, auth) == [{"message": "invalid credentials"}]
        # Who was wrong has to wait, and is let in then.
        assert refusal(relay, {**LOGIN, "password": "Secret"}) == [{"message": "invalid credentials"}]
        start = time.monotonic()
        log_in(relay).close()
        assert time.monotonic() - start > 0.5

    def test_a_page_of_the_official_origin_may_read_the_answers(self, relay):
        answer = requests.get(relay.url + "/socket.io/?EIO=4&transport=polling", headers={"Origin": PAGE})
        assert answer.headers["access-control-allow-origin"] == PAGE
        assert answer.headers["access-control-allow-credentials"] == "true"


class TestDevelopment:
    def test_clients_rooms_and_events_are_seen(self, relay):
        admin = log_in(relay)
        first(admin, "all_sockets")
        client = PythonPeer(relay.url, "websocket")
        name = client.id
        socket, time = first(admin, "socket_connected", lambda socket, _: socket["id"] == client.id)
        assert set(socket) == SOCKET and set(socket["handshake"]) == HANDSHAKE and time.endswith("Z")
        assert socket["nsp"] == "/" and socket["rooms"] == [client.id] and len(socket["clientId"]) == 12
        client.ask("join", "red")
        assert first(admin, "room_joined", lambda nsp, room, *_: room == "red")[:3] == ["/", "red", client.id]
        assert first(admin, "event_received")[:3] == ["/", client.id, ["join", "red"]]
        client.ask("relay", {"to": "red", "self": True}, "hello", 1, b"\0")
        assert first(admin, "event_sent")[:3] == ["/", client.id, ["hello", 1, {"_placeholder": True, "num": 0}]]
        other = log_in(relay)
        (sockets,) = first(other, "all_sockets")
        found = {socket["id"]: socket for socket in sockets}
        assert found[client.id]["rooms"] == sorted(["red", client.id]) and {admin.id, other.id} < set(found)
        client.close()
        gone = first(admin, "socket_disconnected")
        assert gone[:2] == ["/", name] and gone[2] in ENDINGS and gone[3].endswith("Z")
        assert first(admin, "room_left", lambda nsp, room, *_: room == "red")[0] == "/"
        other.close()
        admin.close()

    def test_an_upgrade_is_seen(self, relay):
        admin, client = log_in(relay), Polling(relay.url)
        client.tell("40")
        name = json.loads(client.packet()[2:])["sid"]
        socket, _ = first(admin, "socket_connected", lambda socket, _: socket["id"] == name)
        assert socket["transport"] == "polling"
        with EngineWebSocket(relay.url, sid=client.sid).upgrade():
            (update,) = first(admin, "socket_updated", lambda update: update["id"] == name)
            assert update == {"id": name, "nsp": "/", "transport": "websocket"}
        admin.close()

    def test_numbers_come_again_and_again(self, relay):
        admin = log_in(relay)
        eventually(lambda: len(admin.heard("server_stats")) > 1, 6, "server_stats")
        for (stats,) in admin.heard("server_stats"):
            assert set(stats) == STATS and stats["pid"] == relay.process.pid and stats["clientsCount"] > 0
        events = {event["type"]: event for event in admin.heard("server_stats")[-1][0]["aggregatedEvents"]}
        assert events["packetsOut"]["count"] > 0 and events["bytesOut"]["timestamp"] % 1000 == 0
        assert {"/", "/admin"} == {each["name"] for each in admin.heard("server_stats")[-1][0]["namespaces"]}
        admin.close()

    def test_the_page_sends_moves_and_disconnects(self, relay):
        admin, one, two = log_in(relay), PythonPeer(relay.url, "websocket"), PythonPeer(relay.url, "polling")
        admin.tell("join", "/", "blue", one.id)
        admin.tell("emit", "/", "blue", "hello", {"a": [1]}, b"\1")
        assert first(one, "hello") == [{"a": [1]}, b"\1"]
        admin.tell("leave", "/", "blue", one.id)
        admin.tell("emit", "/", "blue", "again")
        admin.tell("emit", "/", None, "everyone")
        for client in (one, two):
            first(client, "everyone")
            assert not client.heard("again")
        admin.tell("_disconnect", "/", False, one.id)
        admin.tell("_disconnect", "/", True, two.id)
        for client in (one, two):
            eventually(lambda gone=client.gone: gone, 5, "the end")
        admin.close()


class TestOfficialClient:
    """As the page uses it: from another origin, and its handlers are there only when it is connected."""

    SCRIPT = """
      return new Promise((done, fail) => {
        const socket = io(url + "/admin", {
          forceNew: true, reconnection: false, withCredentials: true, transports, auth,
        });
        const heard = {};
        socket.once("connect", () => {
          for (const event of ["session", "config", "server_stats", "all_sockets"]) {
            socket.on(event, (...args) => {
              heard[event] = args;
              if (heard.config && heard.server_stats && heard.all_sockets) { socket.disconnect(); done(heard); }
            });
          }
        });
        socket.once("connect_error", (error) => fail(error));
      });
    """

    def visit(self, page, url, auth, transports):
        values = {"url": url, "auth": auth, "transports": transports}
        return page.evaluate(
            "".join(f"const {name} = {json.dumps(value)};" for name, value in values.items()) + self.SCRIPT
        )

    @pytest.mark.parametrize("transports", [["polling", "websocket"], ["websocket"]], ids=["polling", "websocket"])
    def test_the_page_hears_everything_from_the_first_event_on(self, page, elsewhere, hash_file, transports):
        login = ("--admin-user", "ops", "--admin-password-hash-file", hash_file, "--admin-mode", "development")
        program = serve(*login, "--cors-origin", elsewhere.rstrip("/"), "--cors-credentials")
        heard = self.visit(page, program.url, LOGIN, transports)
        assert heard["config"] == [{"supportedFeatures": [*FEATURES, "ALL_EVENTS"]}]
        assert set(heard["server_stats"][0]) == STATS and set(heard["all_sockets"][0][0]) == SOCKET
        again = self.visit(page, program.url, {"sessionId": heard["session"][0]}, transports)
        assert "session" not in again and again["config"] == heard["config"]
        program.stop()


class TestOptions:
    def test_production_is_the_default_and_shows_numbers_alone(self, hash_file):
        program = serve("--admin-user", "ops", "--admin-password-hash", HASH, "--admin-read-only")
        admin, client = log_in(program), PythonPeer(program.url, "websocket")
        assert first(admin, "config") == [{"supportedFeatures": ["AGGREGATED_EVENTS"]}]
        admin.tell("emit", "/", None, "hello")
        admin.tell("_disconnect", "/", True)
        client.ask("join", "red")
        eventually(lambda: len(admin.heard("server_stats")) > 1, 6, "server_stats")
        assert {event for event, *_ in admin.heard()} == {"session", "config", "server_stats"}
        assert not client.heard() and not client.gone
        for peer in (admin, client):
            peer.close()
        program.stop()

    def test_without_the_options_there_is_no_such_namespace(self):
        program = serve()
        assert refusal(program, LOGIN) == [{"message": "Invalid namespace"}]
        program.stop()

    def test_no_protection_has_to_be_asked_for(self):
        program = serve("--admin-unprotected", "--admin-namespace", "/ops", "--parser", "msgpack")
        assert "open to everybody" in program.complaints()
        admin = PythonPeer(program.url, "websocket", namespace="/ops", parser="msgpack")
        assert first(admin, "config") and not admin.heard("session")
        assert first(admin, "server_stats")[0]["namespaces"][1] == {"name": "/ops", "socketsCount": 1}
        admin.close()
        program.stop()

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--admin-user", "ops"),
            ("--admin-password-hash", HASH),
            ("--admin-user", "ops", "--admin-password-hash", "secret"),
            ("--admin-user", "ops", "--admin-password-hash", HASH, "--admin-unprotected"),
            ("--admin-unprotected", "--namespace", "/admin"),
        ],
    )
    def test_half_a_protection_is_refused(self, arguments):
        status, _, complaint = run_to_end("bongsu", "serve", "--port", "0", *arguments)
        assert status != 0 and "admin" in complaint or "bcrypt" in complaint
