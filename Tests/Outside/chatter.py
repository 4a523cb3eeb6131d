"""Somebody at the chat page: finds things by the ids the page promises, types and clicks as a person does."""

import json

PEOPLE = "[...document.querySelectorAll('#people li')].map((row) => row.dataset.name)"
CONNECTED = "document.querySelector('#status')?.dataset.state === 'connected'"


class Chatter:
    def __init__(self, page, name):
        self.page, self.name = page, name
        page.until(CONNECTED, what="the chat page to connect")
        self.rename(name)

    def rename(self, name):
        self.name = name
        self.page.evaluate(f"""
            const field = document.querySelector("#name");
            field.value = {json.dumps(name)};
            field.dispatchEvent(new Event("input", {{ bubbles: true }}));
            field.dispatchEvent(new Event("change", {{ bubbles: true }}));
        """)

    def type(self, text):
        """Puts text into the message field key by key, as far as the page can tell."""
        self.page.evaluate("document.querySelector('#message').focus()")
        self.page.call("Input.insertText", text=text)

    def say(self, text):
        self.type(text)
        self.page.evaluate("document.querySelector('#send').click()")

    def press_enter(self):
        for kind in ("keyDown", "keyUp"):
            self.page.call(
                "Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r", windowsVirtualKeyCode=13
            )

    def sees_person(self, name):
        self.page.until(f"{PEOPLE}.includes({json.dumps(name)})", what=f"{name} to be here")

    def sees_nobody_called(self, name):
        self.page.until(f"!{PEOPLE}.includes({json.dumps(name)})", what=f"{name} to be gone")

    def choose(self, name):
        self.sees_person(name)
        self.page.evaluate(f"""
            [...document.querySelectorAll("#people li")].find((row) => row.dataset.name === {json.dumps(name)})
              .querySelector("button").click();
        """)

    def messages(self):
        """What stands in the log: [from, text, private] of every message."""
        return self.page.evaluate("""
            return [...document.querySelectorAll("#messages li[data-kind=message]")].map(
              (row) => [row.dataset.from, row.querySelector(".text").textContent, row.dataset.private === "true"]);
        """)

    def sees(self, sender, text, private=False):
        self.page.until(
            f"""[...document.querySelectorAll("#messages li[data-kind=message]")].some((row) =>
            row.dataset.from === {json.dumps(sender)} && row.dataset.private === "{str(private).lower()}"
            && row.querySelector(".text").textContent === {json.dumps(text)})""",
            what=f"{text!r} from {sender}",
        )

    def force_polling(self, on=True):
        self.page.evaluate(f"""
            const box = document.querySelector("#force-polling");
            if (box.checked !== {str(on).lower()}) box.click();
        """)
        self.uses("polling" if on else "websocket")

    def uses(self, transport):
        self.page.until(f"document.querySelector('#status').dataset.transport === '{transport}'", what=transport)

    @property
    def state(self):
        return self.page.evaluate("return document.querySelector('#status').dataset.state")
