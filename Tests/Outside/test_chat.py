"""The chat page, as two people use it."""

import pytest

from chatter import CONNECTED, Chatter
from plain import PlainPeer
from programs import serve


@pytest.fixture
def relay():
    program = serve()
    yield program
    program.stop()


@pytest.fixture
def room(request):
    return request.node.name.replace("[", "-").replace("]", "").replace("_", "-")[-30:]


@pytest.fixture
def people(browser, bongsu, room):
    """Ann over WebSocket and Ben over long polling, in a room of their own."""
    with browser.page(f"{bongsu.url}/#{room}") as one, browser.page(f"{bongsu.url}/#{room}") as two:
        ann, ben = Chatter(one, "Ann"), Chatter(two, "벤")
        ben.force_polling()
        ann.uses("websocket")
        ann.sees_person("벤")
        ben.sees_person("Ann")
        yield ann, ben


def test_two_people_talk_one_of_them_by_long_polling(people):
    ann, ben = people
    ann.say("Is anyone there?")
    ben.sees("Ann", "Is anyone there?")
    ben.say("네, 안녕하세요 🔥")
    ann.sees("벤", "네, 안녕하세요 🔥")
    assert ann.messages() == ben.messages()


def test_enter_sends_and_the_field_is_empty_again(people):
    ann, ben = people
    ann.type("by the key")
    ann.press_enter()
    ben.sees("Ann", "by the key")
    assert ann.page.evaluate("return document.querySelector('#message').value") == ""


def test_markup_stays_text(people):
    ann, ben = people
    nasty = "<img src=x onerror=\"document.title='hurt'\"><b>bold</b> &amp;"
    ann.say(nasty)
    ben.sees("Ann", nasty)
    assert ben.page.evaluate("return document.querySelectorAll('#messages img, #messages b').length") == 0
    assert ben.page.evaluate("return document.title") != "hurt"


def test_a_private_message_reaches_one_person_and_is_marked(browser, bongsu, people, room):
    ann, ben = people
    with browser.page(f"{bongsu.url}/#{room}") as third:
        eve = Chatter(third, "Eve")
        ann.sees_person("Eve")
        ann.choose("벤")
        ann.say("only for you")
        ben.sees("Ann", "only for you", private=True)
        ben.choose("Ann")
        ben.say("thank you")
        ann.sees("벤", "thank you", private=True)
        eve.say("did I miss something?")
        ann.sees("Eve", "did I miss something?")
        assert [text for _, text, _ in eve.messages()] == ["did I miss something?"]


def test_a_typing_hint_shows_and_goes(people):
    ann, ben = people
    ann.type("hm")
    ben.page.until("document.querySelector('#typing').textContent.includes('Ann')")
    ann.say("m")
    ben.sees("Ann", "hmm")
    ben.page.until("document.querySelector('#typing').textContent === ''")


def test_a_new_name_is_announced(people):
    ann, ben = people
    ann.rename("Anna")
    ben.sees_person("Anna")
    ben.sees_nobody_called("Ann")


def test_who_closes_the_page_is_gone(browser, bongsu, people, room):
    ann, ben = people
    with browser.page(f"{bongsu.url}/#{room}") as third:
        Chatter(third, "Eve")
        ann.sees_person("Eve")
        ben.sees_person("Eve")
    ann.sees_nobody_called("Eve")
    ben.sees_nobody_called("Eve")


def test_a_plain_websocket_in_the_room_is_a_guest(bongsu, people, room):
    ann, ben = people
    with PlainPeer(bongsu.url, f"/ws/{room}") as plain:
        plain.tell("hello from a script")
        ann.sees("guest", "hello from a script")
        ben.sees("guest", "hello from a script")


def test_the_switch_to_long_polling_is_remembered(people):
    _, ben = people
    ben.page.evaluate("globalThis.before = true; location.reload()")
    ben.page.until(f"!globalThis.before && {CONNECTED}")
    assert ben.page.evaluate("return document.querySelector('#force-polling').checked") is True
    ben.uses("polling")
    ben.force_polling(False)


def test_both_recover_when_the_server_restarts(browser, relay):
    with browser.page(relay.url + "/#fire") as one, browser.page(relay.url + "/#fire") as two:
        ann, ben = Chatter(one, "Ann"), Chatter(two, "Ben")
        ben.force_polling()
        ann.sees_person("Ben")
        relay.kill()
        for person in (ann, ben):
            person.page.until("document.querySelector('#status').dataset.state !== 'connected'")
        again = serve(port=relay.port)
        try:
            for person in (ann, ben):
                person.page.until(CONNECTED, seconds=20)
            ann.sees_person("Ben")
            ben.sees_person("Ann")
            ann.say("still here?")
            ben.sees("Ann", "still here?")
            ben.say("still here.")
            ann.sees("Ben", "still here.")
        finally:
            again.stop()
