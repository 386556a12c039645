"""Fixtures for browser tests: a check that fails the test if the page has a fault, and a finished run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
)

from tests.browser.support.interception import Interceptor
from tests.support.server_process import ServerProcess

TIMEOUT = 60_000  # milliseconds, long enough for a busy machine; a passing test never waits this long
WINDOW_SIZE: ViewportSize = {"width": 1280, "height": 900}
EMPTY_PAGE = "/static/img/icon.svg"

expect.set_options(timeout=TIMEOUT)


class Faults:
    """Faults of a page: console messages, uncaught errors, failed requests, and requests to other hosts."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        self._allowed: list[str] = []
        self._handlers: dict[Any, Any] = {
            "console": self._on_console,
            "pageerror": self._on_page_error,
            "requestfailed": self._on_request_failed,
            "request": self._on_request,
            "response": self._on_response,
        }
        for event, handler in self._handlers.items():
            page.on(event, handler)

    def stop(self, page: Page) -> None:
        """Stop recording faults."""
        for event, handler in self._handlers.items():
            page.remove_listener(event, handler)

    def allow(self, pattern: str) -> None:
        """Allow the faults that the regular expression `pattern` matches, because the test provokes them."""
        self._allowed.append(pattern)

    def unexpected(self) -> list[str]:
        """Return the faults that no pattern allows."""
        return [text for text in self.found if not any(re.search(pattern, text) for pattern in self._allowed)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.found.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _on_page_error(self, error: Error) -> None:
        self.found.append(f"uncaught: {error}")

    def _on_request_failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a newer request, or leaving the page, aborts a request
            self.found.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _on_request(self, request: Request) -> None:
        if not re.match(r"(https?|wss?)://127\.0\.0\.1:|data:|blob:", request.url):
            self.found.append(f"foreign: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self.found.append(f"{response.status}: {response.request.method} {response.url}")


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a laptop-sized window without animations, so that a page looks the same every time."""
    return browser_context_args | {
        "viewport": WINDOW_SIZE,
        "reduced_motion": "reduce",
        "locale": "en-US",
        "timezone_id": "UTC",
    }


@pytest.fixture(scope="session")
def browser_window(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BrowserContext]:
    """Open one window for all tests, because it caches compiled scripts: plotly.js takes two seconds to compile."""
    profile = tmp_path_factory.mktemp("browser-profile")
    window = browser_type.launch_persistent_context(profile, **browser_type_launch_args, **browser_context_args)
    yield window
    window.close()


@pytest.fixture
def page(browser_window: BrowserContext, shared_server: ServerProcess) -> Iterator[Page]:
    """Yield the same tab to each test, because loading a page in a new tab takes twice as much processor time.

    After the test, undo everything that could affect the next test. A test that adds a script to a page must open its
    own tab.
    """
    page = browser_window.pages[0]
    page.set_default_timeout(TIMEOUT)
    yield page
    for other in browser_window.pages[1:]:
        other.close()
    page.unroute_all(behavior="ignoreErrors")
    page.goto(shared_server.base_url + EMPTY_PAGE)  # on the same site, so that the tab keeps its process
    page.set_viewport_size(WINDOW_SIZE)
    page.emulate_media(color_scheme="light", forced_colors="none")
    devtools = browser_window.new_cdp_session(page)
    devtools.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "cookies,local_storage,indexeddb"})
    devtools.detach()


@pytest.fixture
def interceptor(page: Page) -> Iterator[Interceptor]:
    """Yield the interceptor of the page's requests, and end all interceptions after the test."""
    interceptor = Interceptor(page)
    yield interceptor
    interceptor.close()


@pytest.fixture(autouse=True)
def faults(page: Page) -> Iterator[Faults]:
    """Yield the faults of the page; after the test, fail if it had a fault that the test did not allow."""
    faults = Faults(page)
    yield faults
    faults.stop(page)
    assert faults.unexpected() == []


@pytest.fixture(scope="session")
def finished_run(shared_server: ServerProcess) -> dict[str, Any]:
    """Return a finished run whose misclassified images fill more than one page."""
    run = shared_server.create_run(
        name="Finished", epochs=12, optimizer="sgd", learning_rate=0.05, hidden_sizes=[16], seed=3
    )
    ended: dict[str, Any] = shared_server.wait_for_run(run["id"], "finished")
    return ended
