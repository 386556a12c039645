"""Requests of the pages: canceled requests, and responses that the page stores."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

from tests.browser.support.page_waiting import wait_for_events
from tests.support.server_process import ServerProcess

# `settle` returns the number in the response, or the text of the error. The test loads its own copy of the module.
IMPORT_CACHE = """async () => {
    const {RequestCache, invalidate, setVersion} = await import("/static/test/js/core/request_cache.js");
    const {isAborted} = await import("/static/test/js/core/api.js");
    const describeError = (error) => (isAborted(error) ? "aborted" : error.message);
    const settle = (promise) => promise.then((response) => response.number, describeError);
    Object.assign(window, {RequestCache, invalidate, setVersion, settle});
    Object.assign(window, {cacheA: new RequestCache(), cacheB: new RequestCache()});
}"""


class HeldRequests:
    """Requests of a page, which get no response until `respond` is called."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[Route] = []
        self.requested: list[str] = []
        self.failed: list[str] = []
        page.route("**/api/runs/1/*", self._hold)
        page.on("requestfailed", lambda request: self.failed.append(request.url.rpartition("/")[2]))

    def _hold(self, route: Route) -> None:
        self.held.append(route)
        self.requested.append(route.request.url.rpartition("/")[2])

    def wait_for_requests(self, count: int) -> None:
        wait_for_events(self.page, lambda: len(self.requested) >= count, what=f"{count} requests")

    def wait_for_failures(self, count: int) -> None:
        wait_for_events(self.page, lambda: len(self.failed) >= count, what=f"{count} failures")

    def respond(self, version: str = "") -> None:
        """Respond to every held request with the number of requests so far, and with a version."""
        for route in self.held:
            headers = {"ETag": f'"{version}"'} if version else {}
            route.fulfill(json={"number": len(self.requested)}, headers=headers)
        self.held.clear()

    def evaluate(self, script: str) -> object:
        return self.page.evaluate(script)


@pytest.fixture
def requests(page: Page, shared_server: ServerProcess) -> HeldRequests:
    page.goto(f"{shared_server.base_url}/datasets/digits")
    page.evaluate(IMPORT_CACHE)
    return HeldRequests(page)


def test_a_response_is_stored(requests: HeldRequests) -> None:
    requests.evaluate("() => { window.both = [1, 2].map(() => settle(cacheA.get('/api/runs/1/a'))); }")
    requests.wait_for_requests(1)
    requests.respond()
    assert requests.evaluate("() => Promise.all(both)") == [1, 1]
    assert requests.evaluate("() => settle(cacheA.get('/api/runs/1/a'))") == 1
    assert requests.evaluate("() => settle(cacheB.get('/api/runs/1/a'))") == 1
    assert requests.evaluate("() => cacheB.cached('/api/runs/1/a').number") == 1
    assert requests.evaluate("() => cacheA.cached('/api/runs/1/b') ?? null") is None
    assert requests.requested == ["a"]


def test_newer_request_cancels_the_previous_one(requests: HeldRequests) -> None:
    requests.evaluate("() => { window.first = settle(cacheA.get('/api/runs/1/a')); }")
    requests.wait_for_requests(1)  # the browser must send this request before it is aborted
    requests.evaluate("() => { window.second = settle(cacheA.get('/api/runs/1/b')); }")
    requests.wait_for_requests(2)
    assert requests.evaluate("() => first") == "aborted"
    requests.wait_for_failures(1)  # the browser reports an aborted request after the promise is rejected
    assert requests.failed == ["a"]
    requests.held = requests.held[1:]
    requests.respond()
    assert requests.evaluate("() => second") == 2


def test_the_address_of_a_response_about_an_epoch_contains_the_version(requests: HeldRequests) -> None:
    requests.evaluate("() => { window.first = settle(cacheA.get('/api/runs/1/a?epoch=2')); }")
    requests.wait_for_requests(1)
    requests.respond(version="abc")
    assert requests.evaluate("() => first") == 1
    requests.evaluate("() => { for (const name of ['b?epoch=2', 'c']) new RequestCache().get(`/api/runs/1/${name}`); }")
    requests.wait_for_requests(3)
    assert requests.requested == ["a?epoch=2", "b?epoch=2&v=abc", "c"]
    requests.respond(version="abc")


def test_after_a_change_a_response_that_was_on_its_way_is_not_stored(requests: HeldRequests) -> None:
    requests.evaluate("() => { setVersion('abc'); window.before = settle(cacheA.get('/api/runs/1/a?epoch=2')); }")
    requests.wait_for_requests(1)
    requests.evaluate("() => setVersion('')")
    requests.respond(version="abc")
    assert requests.evaluate("() => before") == 1
    requests.evaluate("() => { window.after = settle(cacheA.get('/api/runs/1/a?epoch=2')); }")
    requests.wait_for_requests(2)
    assert requests.requested == ["a?epoch=2&v=abc", "a?epoch=2"]
    requests.respond(version="def")
    assert requests.evaluate("() => after") == 2


def test_invalidation_forgets_a_response(requests: HeldRequests) -> None:
    requests.evaluate("() => cacheA.remember('/api/runs/1/a', {number: 0})")
    requests.evaluate("() => invalidate((path) => path.endsWith('/b'))")
    assert requests.evaluate("() => settle(cacheA.get('/api/runs/1/a'))") == 0
    requests.evaluate(
        "() => { invalidate((path) => path.endsWith('/a')); window.reloaded = settle(cacheA.get('/api/runs/1/a')); }"
    )
    requests.wait_for_requests(1)
    requests.respond()
    assert requests.evaluate("() => reloaded") == 1
