"""Request cache of the pages: shared requests, canceled requests and cached responses."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

from tests.browser.support.page_waiting import wait_for_events
from tests.support.server_process import ServerProcess

# `settle` returns the number in the response, or the text of the error. The test loads its own copy of the module, so
# that its cache is empty.
IMPORT_CACHE = """async () => {
    const {RequestCache, invalidate} = await import("/static/test/js/core/request_cache.js");
    const {isAborted} = await import("/static/test/js/core/api.js");
    const describeError = (error) => (isAborted(error) ? "aborted" : error.message);
    const settle = (promise) => promise.then((response) => response.number, describeError);
    Object.assign(window, {RequestCache, invalidate, settle, cacheA: new RequestCache(), cacheB: new RequestCache()});
}"""


class HeldRequests:
    """Requests of a page, which get no response until `respond` is called."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[Route] = []
        self.requested: list[str] = []
        self.failed: list[str] = []
        page.route("**/api/test/*", self._hold)
        page.on("requestfailed", lambda request: self.failed.append(request.url.rpartition("/")[2]))

    def _hold(self, route: Route) -> None:
        self.held.append(route)
        self.requested.append(route.request.url.rpartition("/")[2])

    def wait_for_requests(self, count: int) -> None:
        wait_for_events(self.page, lambda: len(self.requested) >= count, what=f"{count} requests")

    def wait_for_failures(self, count: int) -> None:
        wait_for_events(self.page, lambda: len(self.failed) >= count, what=f"{count} failures")

    def respond(self) -> None:
        """Respond to every held request with the number of requests so far."""
        for route in self.held:
            route.fulfill(json={"number": len(self.requested)})
        self.held.clear()

    def evaluate(self, script: str) -> object:
        return self.page.evaluate(script)


@pytest.fixture
def requests(page: Page, shared_server: ServerProcess) -> HeldRequests:
    page.goto(f"{shared_server.base_url}/datasets/digits")
    page.evaluate(IMPORT_CACHE)
    return HeldRequests(page)


def test_same_request_is_sent_once_and_its_response_is_cached(requests: HeldRequests) -> None:
    requests.evaluate("() => { window.both = [settle(cacheA.get('/api/test/a')), settle(cacheB.get('/api/test/a'))]; }")
    requests.wait_for_requests(1)
    requests.respond()
    assert requests.evaluate("() => Promise.all(both)") == [1, 1]
    assert requests.evaluate("() => settle(new RequestCache().get('/api/test/a'))") == 1
    assert requests.evaluate("() => cacheA.cached('/api/test/a').number") == 1
    assert requests.requested == ["a"]


def test_newer_request_cancels_the_previous_one(requests: HeldRequests) -> None:
    requests.evaluate("() => { window.first = settle(cacheA.get('/api/test/a')); }")
    requests.wait_for_requests(1)  # the browser must send this request before it is aborted
    requests.evaluate("() => { window.second = settle(cacheA.get('/api/test/b')); }")
    requests.wait_for_requests(2)
    assert requests.evaluate("() => first") == "aborted"
    requests.wait_for_failures(1)  # the browser reports an aborted request after the promise is rejected
    assert requests.failed == ["a"]
    requests.held = requests.held[1:]
    requests.respond()
    assert requests.evaluate("() => second") == 2


def test_shared_request_continues_while_one_caller_waits(requests: HeldRequests) -> None:
    requests.evaluate(
        "() => { window.both = [settle(cacheA.get('/api/test/a')), settle(cacheB.get('/api/test/a'))];"
        " cacheA.cancel(); }"
    )
    requests.wait_for_requests(1)
    assert requests.evaluate("() => both[0]") == "aborted"
    requests.respond()
    assert requests.evaluate("() => both[1]") == 1
    assert requests.failed == []


def test_invalidation_repeats_even_a_pending_request(requests: HeldRequests) -> None:
    requests.evaluate("() => { window.before = settle(cacheA.get('/api/test/a')); }")
    requests.evaluate("() => { invalidate((path) => path.endsWith('/a')); }")
    requests.evaluate("() => { window.after = settle(cacheB.get('/api/test/a')); }")
    requests.wait_for_requests(2)
    requests.respond()
    assert requests.evaluate("() => Promise.all([before, after])") == [2, 2]
    requests.evaluate(
        "() => { invalidate((path) => path.endsWith('/b')); window.cached = settle(cacheA.get('/api/test/a')); }"
    )
    assert requests.evaluate("() => cached") == 2
    requests.evaluate(
        "() => { invalidate((path) => path.endsWith('/a')); window.reloaded = settle(cacheA.get('/api/test/a')); }"
    )
    requests.wait_for_requests(3)
    requests.respond()
    assert requests.evaluate("() => reloaded") == 3
