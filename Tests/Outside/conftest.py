"""The programs under test and the browser, started once for all tests that can share them."""

import pytest

from programs import Program, serve

# Calm: a heartbeat that never comes in the way of a test about something else.
CALM = ("--ping-interval", 25_000, "--ping-timeout", 20_000, "--connect-timeout", 20_000)


def shared(*arguments, start=Program):
    """A session-wide program; every test that used it fails when the program died meanwhile."""
    program = start(*arguments)
    yield program
    alive = program.is_running
    program.stop()
    assert alive, f"{program.name} died with {program.process.returncode}\n{program.complaints()}"


@pytest.fixture(scope="session")
def bongsu():
    yield from shared(start=serve)


@pytest.fixture(scope="session")
def conformance():
    """As the public protocol suites want it: ping every 300 ms, 200 ms to answer, 1000 ms to CONNECT."""
    yield from shared("conformance", "--port", 0)


@pytest.fixture(scope="session")
def echo():
    """The conformance program with a calm heartbeat."""
    yield from shared("conformance", "--port", 0, *CALM)


@pytest.fixture(scope="session")
def packed_echo():
    """The echo program for clients that speak MessagePack."""
    yield from shared("conformance", "--port", 0, "--msgpack", *CALM)


@pytest.fixture(scope="session")
def packed_relay():
    """The relay for clients that speak MessagePack."""
    yield from shared("--parser", "msgpack", start=serve)


@pytest.fixture(scope="session")
def calls():
    yield from shared("calls", "--port", 0, "--loops", 2)


@pytest.fixture(scope="session")
def packed_calls():
    """The same calls for clients that speak MessagePack."""
    yield from shared("calls", "--port", 0, "--loops", 2, "--msgpack")


@pytest.fixture(autouse=True)
def servers_survive(request):
    """Whatever a test sends, the servers it used are still running afterwards."""
    yield
    for name in ("bongsu", "conformance", "echo", "packed_echo", "packed_relay", "calls", "packed_calls"):
        if name in request.fixturenames:
            request.getfixturevalue(name).assert_running()


@pytest.fixture(scope="session")
def browser():
    from browser import Browser

    with Browser() as running:
        yield running


@pytest.fixture(scope="session")
def bundle():
    from bundle import official_client

    return official_client()


@pytest.fixture(scope="session")
def elsewhere():
    """The address of a page that no program under test serves."""
    from elsewhere import Elsewhere

    with Elsewhere() as server:
        yield server.url


@pytest.fixture(scope="session")
def page(browser, bundle, elsewhere):
    """A page with the official client in it, on a foreign origin."""
    from peers import prepare

    with browser.page(elsewhere) as opened:
        yield prepare(opened, bundle)
