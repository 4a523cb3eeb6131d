"""Clients that namespaces turn away."""

from engine import EngineWebSocket, open_session
from hostile import resident


# socketioxide #627: a client that was refused stayed in the namespace's adapter.
def test_socketioxide_627_who_is_turned_away_leaves_nothing(calls):
    def rounds(count):
        for number in range(count):
            with EngineWebSocket(calls.url) as session:
                session.tell("40/guarded,", f"40/nowhere-{number},")
                refusals = sorted(session.packet().split(",")[0] for _ in range(2))
                assert refusals == ["44/guarded", f"44/nowhere-{number}"]

    rounds(100)
    before = resident(calls)
    rounds(400)
    assert resident(calls) - before < 8
    # Whoever is let in is alone there.
    session = open_session("websocket", calls.url)
    session.tell('40/guarded,{"token":"new"}')
    assert session.packet().startswith('40/guarded,{"sid":')
