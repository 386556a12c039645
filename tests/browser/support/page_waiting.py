"""Waiting for page events: Playwright calls event handlers only while one of its own methods waits."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page

TIMEOUT = 60.0  # seconds


def wait_for_events(page: Page, condition: Callable[[], object], *, what: str) -> None:
    """Call the event handlers until `condition` returns a true value; raise AssertionError after a minute."""
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not occur within {TIMEOUT:g} s"
        page.wait_for_timeout(5)
