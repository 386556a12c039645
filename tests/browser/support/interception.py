"""Interception of a page's requests that, unlike `Page.route`, leaves the browser's cache on.

Without the cache, each page compiles its scripts again, which takes seconds for plotly.js.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from typing import Any

from playwright.sync_api import CDPSession, Page


class PausedRequest:
    """A request that waits for a call of `abort`, `respond` or `proceed`."""

    def __init__(self, send: Callable[[str, dict[str, Any]], Any], event: dict[str, Any]) -> None:
        self._send = send
        self._id = event["requestId"]
        self.url: str = event["request"]["url"]

    def abort(self) -> None:
        self._send("Fetch.failRequest", {"requestId": self._id, "errorReason": "Failed"})

    def respond(self, body: str, *, status: int = 200) -> None:
        """Respond with `body` as JSON, without the server."""
        headers = [{"name": "Content-Type", "value": "application/json"}]
        content = base64.b64encode(body.encode()).decode()
        response = {"requestId": self._id, "responseCode": status, "responseHeaders": headers, "body": content}
        self._send("Fetch.fulfillRequest", response)

    def proceed(self) -> None:
        self._send("Fetch.continueRequest", {"requestId": self._id})


class Interceptor:
    """Interceptions of the requests of a page.

    In a pattern, * stands for any characters, and ? for one character.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._sessions: list[CDPSession] = []

    def pass_all(self, pattern: str, handle: Callable[[PausedRequest], None]) -> None:
        """Pass each request whose URL matches `pattern` to `handle`."""
        devtools = self._page.context.new_cdp_session(self._page)
        self._sessions.append(devtools)
        devtools.on("Fetch.requestPaused", lambda event: handle(PausedRequest(devtools.send, event)))
        devtools.send("Fetch.enable", {"patterns": [{"urlPattern": pattern}]})

    def pass_first(self, pattern: str, handlers: Iterable[Callable[[PausedRequest], None]]) -> None:
        """Pass the first matching requests to `handlers`, one to each. Later requests reach the server."""
        remaining = iter(handlers)

        def handle(request: PausedRequest) -> None:
            next(remaining, PausedRequest.proceed)(request)

        self.pass_all(pattern, handle)

    def close(self) -> None:
        """End all interceptions. Requests that still wait reach the server."""
        for devtools in self._sessions:
            devtools.detach()
