"""Chromium, driven by Playwright in the window that all browser tests share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Error, Page

from tests.browser.conftest import Faults
from tests.browser.engines.engine import Point, ScriptError, call_as_json


class Chromium:
    """Tab of the shared window."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._faults = Faults(page)

    def open(self, url: str) -> None:
        self.page.goto(url, wait_until="commit")

    def run_script(self, function: str, *arguments: object) -> Any:
        try:
            return json.loads(self.page.evaluate(call_as_json(function, arguments)))
        except Error as error:
            raise ScriptError(str(error)) from None

    def drag(self, points: Sequence[Point]) -> None:
        mouse = self.page.mouse
        mouse.move(*points[0])
        mouse.down()
        for point in points[1:]:
            mouse.move(*point)
        mouse.up()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def print_page(self) -> bytes | None:
        return self.page.pdf()

    def screenshot(self) -> bytes:
        return self.page.screenshot()

    def faults(self) -> list[str]:
        self.page.evaluate("null")  # receives the remaining events
        return self._faults.unexpected()

    def close(self) -> None:
        self._faults.stop(self.page)
