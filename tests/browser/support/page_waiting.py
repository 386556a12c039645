"""Waiting for what a page's event handlers collect: Playwright calls them only while it waits itself."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page

TIMEOUT = 60.0  # seconds


def wait_for_events(page: Page, condition: Callable[[], object], *, what: str) -> None:
    """Let the handlers of the page's events run until `condition` returns a true value. Fails after a minute."""
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < deadline, f"after {TIMEOUT:g} s still not {what}"
        page.wait_for_timeout(5)
