"""Interface of a browser engine, as far as the test of the main job needs it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

WINDOW_WIDTH, WINDOW_HEIGHT = 1280, 900
TIMEOUT = 60.0  # seconds, long enough for a busy machine; a passing test never waits this long

Point = tuple[float, float]


class ScriptError(Exception):
    """Error of a script in the page, for example because the page is being replaced by the next one."""


class Engine(Protocol):
    """Browser with one window."""

    def open(self, url: str) -> None:
        """Open a page; it may still be loading when the method returns."""

    def run_script(self, function: str, *arguments: object) -> Any:
        """Call a JavaScript function in the page, and return its JSON value. Raises ScriptError."""

    def drag(self, points: Sequence[Point]) -> None:
        """Press the left button at the first point, move to the other points, and release the button."""

    def press(self, key: str) -> None:
        """Press and release a key, which has a name in `W3C_KEYS`."""

    def print_page(self) -> bytes | None:
        """Return the page as PDF, or None if the engine cannot print without a person."""

    def screenshot(self) -> bytes:
        """Return the window as PNG."""

    def faults(self) -> list[str]:
        """Return errors of all pages so far: uncaught errors, console errors, violations of the content policy."""

    def close(self) -> None:
        """End the browser."""


def call_as_json(function: str, arguments: Sequence[object]) -> str:
    """Return an expression that calls a JavaScript function and converts the result to JSON."""
    return f"JSON.stringify(({function})(...{json.dumps(arguments)}) ?? null)"


W3C_KEYS = {"ArrowLeft": "\ue012", "Enter": "\ue007", "Escape": "\ue00c"}


def w3c_drag(points: Sequence[Point]) -> list[dict[str, Any]]:
    """Return a drag of the mouse as W3C actions, which WebDriver and WebDriver BiDi share."""
    moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0} for x, y in points]
    pressed, released = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
    return [{"type": "pointer", "id": "mouse", "actions": [moves[0], pressed, *moves[1:], released]}]


def w3c_press(key: str) -> list[dict[str, Any]]:
    """Return the press of a key as W3C actions."""
    actions = [{"type": kind, "value": W3C_KEYS[key]} for kind in ("keyDown", "keyUp")]
    return [{"type": "key", "id": "keyboard", "actions": actions}]
