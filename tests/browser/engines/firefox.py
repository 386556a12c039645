"""Firefox, driven by WebDriver BiDi: https://www.w3.org/TR/webdriver-bidi.

Firefox has this protocol built in, so it needs neither geckodriver nor a package that downloads a browser.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from simple_websocket import Client, ConnectionClosed

from tests.browser.engines.engine import (
    TIMEOUT,
    WINDOW_HEIGHT,
    WINDOW_WIDTH,
    Point,
    ScriptError,
    call_as_json,
    w3c_drag,
    w3c_press,
)
from tests.support.waiting import wait_until

# Firefox sends no requests of its own, and animations are off.
PREFERENCES = """
user_pref("app.update.enabled", false);
user_pref("browser.safebrowsing.downloads.remote.enabled", false);
user_pref("browser.safebrowsing.update.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,#");
user_pref("ui.prefersReducedMotion", 1);
"""
READY = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
# Firefox reports violations of the content policy only to the page.
REPORT_VIOLATIONS = """() => addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
    console.error(`content policy: ${violatedDirective} ${blockedURI}`))"""


class BidiSocket(Client):  # type: ignore[misc] # the package has no types
    """Connection whose request contains the port of the server, without which Firefox rejects it."""

    host: str
    port: int

    def handshake(self) -> None:
        self.host = f"{self.host}:{self.port}"
        super().handshake()


class Firefox:
    """Process of Firefox without a visible window, and the connection to it."""

    def __init__(self, program: str, folder: Path) -> None:
        profile = folder / "profile"
        profile.mkdir()
        (profile / "user.js").write_text(PREFERENCES, encoding="utf-8")
        self._log_path = folder / "firefox.log"
        with self._log_path.open("wb") as log:
            self._process = subprocess.Popen(
                [program, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(profile)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._socket: BidiSocket | None = None
        self._ids = itertools.count(1)
        self._entries: list[dict[str, Any]] = []
        try:
            address = wait_until(self._address, timeout=TIMEOUT, what="Firefox listens")
            self._socket = BidiSocket(f"{address}/session")
            self._send("session.new", capabilities={})
            self._context = self._send("browsingContext.getTree")["contexts"][0]["context"]
            viewport = {"width": WINDOW_WIDTH, "height": WINDOW_HEIGHT}
            self._send("browsingContext.setViewport", context=self._context, viewport=viewport)
            self._send("session.subscribe", events=["log.entryAdded"])
            self._send("script.addPreloadScript", functionDeclaration=REPORT_VIOLATIONS)
        except BaseException:
            self.close()
            raise

    def _address(self) -> str | None:
        ready = READY.search(self._log_path.read_text(encoding="utf-8", errors="replace"))
        return ready[1] if ready else None

    def _send(self, method: str, **parameters: object) -> Any:
        """Send a command and return its result. Raises ScriptError for an error of Firefox."""
        assert self._socket
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            text = self._socket.receive(timeout=TIMEOUT)
            assert text is not None, f"Firefox did not respond to {method}"
            message = json.loads(text)
            if message["type"] == "event":
                self._entries.append(message["params"])
            elif message.get("id") == number:
                if message["type"] == "error":
                    raise ScriptError(f"{method}: {message['error']}: {message['message']}")
                return message["result"]

    def open(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self._context, url=url, wait="none")

    def run_script(self, function: str, *arguments: object) -> Any:
        expression = call_as_json(function, arguments)
        target = {"context": self._context}
        answer = self._send("script.evaluate", expression=expression, target=target, awaitPromise=False)
        if answer["type"] == "exception":
            raise ScriptError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def drag(self, points: Sequence[Point]) -> None:
        self._send("input.performActions", context=self._context, actions=w3c_drag(points))

    def press(self, key: str) -> None:
        self._send("input.performActions", context=self._context, actions=w3c_press(key))

    def print_page(self) -> bytes | None:
        return base64.b64decode(self._send("browsingContext.print", context=self._context)["data"])

    def screenshot(self) -> bytes:
        return base64.b64decode(self._send("browsingContext.captureScreenshot", context=self._context)["data"])

    def faults(self) -> list[str]:
        self._send("session.status")  # receives the remaining events
        return [f"{entry['type']}: {entry['text']}" for entry in self._entries if entry["level"] == "error"]

    def close(self) -> None:
        if self._socket:
            with suppress(ScriptError, AssertionError, ConnectionClosed):
                self._send("browser.close")
            self._socket.sock.close()
        else:
            self._process.kill()
        try:
            self._process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
