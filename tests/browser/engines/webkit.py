"""WebKitGTK, driven by WebDriver: https://www.w3.org/TR/webdriver2.

The browser is WebKit's own small one, MiniBrowser. It needs a display, which Xvfb provides.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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

# WebDriver reports no errors, so a script collects them. The storage of the tab keeps them when the next page opens.
# The first command of the test on a page starts this script. Errors before it make a step of the test fail, or stay
# unnoticed.
COLLECT_FAULTS = """
    if (!window.collectsFaults && location.protocol === "http:") {
        window.collectsFaults = true;
        const add = (text) => {
            const faults = JSON.parse(sessionStorage.getItem("faults") ?? "[]");
            sessionStorage.setItem("faults", JSON.stringify([...faults, text]));
        };
        const addError = (event) => add(`uncaught: ${event.message ?? `${event.target.outerHTML} is not loaded`}`);
        addEventListener("error", addError, true);
        addEventListener("unhandledrejection", ({reason}) => add(`unhandled rejection: ${reason}`));
        addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
            add(`content policy: ${violatedDirective} ${blockedURI}`));
        const {error} = console;
        console.error = (...parts) => { add(`console error: ${parts.join(" ")}`); error(...parts); };
    }
"""
READ_FAULTS = "() => JSON.parse(sessionStorage.getItem('faults') ?? '[]')"


class WebKit:
    """Processes of the display, of the driver and of the browser that it starts."""

    def __init__(self, driver: str, browser: str, display: str, folder: Path) -> None:
        number_end, write_end = os.pipe()
        screen = ["-screen", "0", f"{WINDOW_WIDTH}x{WINDOW_HEIGHT + 100}x24", "-nolisten", "tcp"]
        with (folder / "webkit.log").open("wb") as log:
            self._display = subprocess.Popen(
                [display, "-displayfd", str(write_end), *screen], pass_fds=[write_end], stdout=log, stderr=log
            )
            os.close(write_end)
            with os.fdopen(number_end) as numbers:
                number = numbers.readline().strip()
            self._port = free_port()
            env = {**os.environ, "DISPLAY": f":{number}"}
            self._driver = subprocess.Popen([driver, f"--port={self._port}"], env=env, stdout=log, stderr=log)
        self._session = ""
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"browserName": "MiniBrowser", "pageLoadStrategy": "none", "webkitgtk:browserOptions": options}
        try:
            wait_until(self._is_ready, timeout=TIMEOUT, what="WebKitWebDriver is ready")
            session = self._send("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
            self._session = f"/session/{session['sessionId']}"
            self._post("/window/rect", {"x": 0, "y": 0, "width": WINDOW_WIDTH, "height": WINDOW_HEIGHT})
        except BaseException:
            self.close()
            raise

    def _is_ready(self) -> bool:
        try:
            return bool(self._send("GET", "/status")["ready"])
        except OSError:
            return False

    def _send(self, method: str, path: str, body: object = None) -> Any:
        """Send a command and return its result. Raises ScriptError for an error of the driver."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
                return json.loads(response.read())["value"]
        except urllib.error.HTTPError as error:
            with error:
                raise ScriptError(error.read().decode()) from None

    def _post(self, path: str, body: object) -> Any:
        return self._send("POST", self._session + path, body)

    def open(self, url: str) -> None:
        self._post("/url", {"url": url})

    def run_script(self, function: str, *arguments: object) -> Any:
        script = f"{COLLECT_FAULTS} return {call_as_json(function, arguments)};"
        return json.loads(self._post("/execute/sync", {"script": script, "args": []}))

    def drag(self, points: Sequence[Point]) -> None:
        self._post("/actions", {"actions": w3c_drag(points)})

    def press(self, key: str) -> None:
        self._post("/actions", {"actions": w3c_press(key)})

    def print_page(self) -> bytes | None:
        return None

    def screenshot(self) -> bytes:
        return base64.b64decode(self._send("GET", f"{self._session}/screenshot"))

    def faults(self) -> list[str]:
        found: list[str] = self.run_script(READ_FAULTS)
        return found

    def close(self) -> None:
        if self._session:
            self._send("DELETE", self._session)
        for process in (self._driver, self._display):
            process.terminate()
            process.wait()


def free_port() -> int:
    """Return a free port. The driver, unlike the server of Misfit, cannot select one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
