#!/usr/bin/env python3
"""Makes the README's picture: two people chat, side by side.

    Tests/Outside/screenshot.py PICTURE.png

Wants the same Python packages as the tests, and the built `bongsu` (BONGSU_BIN_DIR, or .build/debug).
"""

import sys
import tempfile
from pathlib import Path

from browser import Browser
from chatter import Chatter
from programs import serve

WIDTH, HEIGHT = 900, 720
FRAME = """
<style>
  body {{ margin: 0; display: flex; gap: 12px; padding: 12px; background: #3b3340; width: max-content; }}
  img {{ display: block; border-radius: 10px; width: {width}px; }}
</style>
<img src="{left}"><img src="{right}">
"""


def converse(ann, jun):
    ann.sees_person("지훈")
    jun.sees_person("Ann")
    for speaker, listener, text in [
        (ann, jun, "The beacon on the south hill is lit. Do you see it?"),
        (jun, ann, "네, 보여요. 우리 쪽도 불을 올렸습니다 🔥"),
        (ann, jun, "Then the news is in the capital before breakfast."),
        (jun, ann, "옛날에는 하룻밤이 걸렸대요. 지금은 1밀리초."),
    ]:
        speaker.say(text)
        listener.sees(speaker.name, text)
    ann.choose("지훈")
    ann.say("Between us: mine is only long polling and you can't even tell.")
    jun.sees("Ann", "Between us: mine is only long polling and you can't even tell.", private=True)
    jun.type("ㅎㅎ")
    ann.page.until("document.querySelector('#typing').textContent !== ''")


def picture(path):
    relay = serve()
    try:
        with Browser() as browser, tempfile.TemporaryDirectory() as folder:
            address = relay.url + "/#signal-fire"
            with browser.page(address, WIDTH, HEIGHT) as one, browser.page(address, WIDTH, HEIGHT) as two:
                ann, jun = Chatter(one, "Ann"), Chatter(two, "지훈")
                ann.force_polling()
                converse(ann, jun)
                shots = [Path(folder, name) for name in ("left.png", "right.png")]
                for person, shot in zip((ann, jun), shots, strict=True):
                    person.page.screenshot(shot)
            side_by_side(browser, shots, folder, path)
    finally:
        relay.stop()


def side_by_side(browser, shots, folder, path):
    frame = Path(folder, "frame.html")
    frame.write_text(FRAME.format(width=WIDTH, left=shots[0].name, right=shots[1].name))
    with browser.page(frame.as_uri(), WIDTH * 2 + 36, HEIGHT + 24) as page:
        page.screenshot(path)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: screenshot.py PICTURE.png")
    picture(Path(sys.argv[1]).resolve())
    print(sys.argv[1])
