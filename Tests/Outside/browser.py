"""Headless Chromium over the DevTools protocol."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from websockets.sync.client import connect

from waiting import eventually

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--no-first-run",
    "--remote-debugging-port=0",
]
SECONDS = 20


class Browser:
    """One Chromium. Every page has a context (cookies, storage, connections) of its own."""

    def __init__(self, *flags):
        self.folder = tempfile.mkdtemp(prefix="bongsu-chromium-")
        program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
        assert program, "no chromium on this machine"
        self.process = subprocess.Popen(
            [program, *FLAGS, *flags, f"--user-data-dir={self.folder}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.closing = contextlib.ExitStack()
        self.socket = self.closing.enter_context(connect(self._address(), max_size=None, compression=None))
        self.numbers = iter(range(1, 1 << 62))
        self.lock = threading.Lock()

    def _address(self):
        announced = Path(self.folder, "DevToolsActivePort")
        lines = eventually(lambda: announced.exists() and announced.read_text().split(), 2 * SECONDS, "Chromium")
        return f"ws://127.0.0.1:{lines[0]}{lines[1]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.closing.close()
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, session=None, **parameters):
        """One DevTools command and its answer; events in between are not needed."""
        with self.lock:
            number = next(self.numbers)
            message = {"id": number, "method": method, "params": parameters}
            self.socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
            deadline = time.monotonic() + SECONDS
            while True:
                answer = json.loads(self.socket.recv(max(0.01, deadline - time.monotonic())))
                if answer.get("id") == number:
                    break
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def page(self, url="about:blank", width=1200, height=800, scripts=()):
        """A new page in a new context; `scripts` are run in it before the page's own."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, context, session)
        page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        page.call("Page.enable")
        for script in scripts:
            page.call("Page.addScriptToEvaluateOnNewDocument", source=script)
        page.go(url)
        return page


class Page:
    def __init__(self, browser, context, session):
        self.browser, self.context, self.session = browser, context, session

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def close(self):
        self.browser.call("Target.disposeBrowserContext", browserContextId=self.context)

    def go(self, url):
        answer = self.call("Page.navigate", url=url)
        assert not answer.get("errorText"), f"{url}: {answer['errorText']}"
        self.until("document.readyState === 'complete'", what=f"{url} to load")

    def evaluate(self, script):
        """Runs the body of an async function and gives what it returns, by way of JSON."""
        wrapped = "(async () => { const value = await (async () => {" + script
        wrapped += "})(); return JSON.stringify(value === undefined ? null : value); })()"
        answer = self.call("Runtime.evaluate", expression=wrapped, awaitPromise=True, returnByValue=True)
        if details := answer.get("exceptionDetails"):
            thrown = details.get("exception", {})
            raise AssertionError(f"in the page: {thrown.get('description') or thrown.get('value') or details['text']}")
        return json.loads(answer["result"]["value"])

    def run(self, source):
        """Runs a plain script, such as a library, in the page."""
        answer = self.call("Runtime.evaluate", expression=source)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]

    def until(self, expression, seconds=10, what=None):
        """Waits until a JavaScript expression is truthy and gives its value."""

        def value():
            try:
                return self.evaluate(f"return {expression};")
            except AssertionError as error:
                if "context was destroyed" in str(error) or "navigated" in str(error):
                    return None
                raise

        return eventually(value, seconds, what or expression)

    def screenshot(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(data))
