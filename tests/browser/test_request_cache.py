"""Asking the server for what is wanted now: shared questions, cancelled ones, and answers that are remembered."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

from tests.browser.support.page_waiting import wait_for_events
from tests.support.server_process import ServerProcess

# `say` gives what a promise came to; the module is the page's own, so that its memory is empty.
BEGIN = """async () => {
    const {RequestCache, invalidate} = await import("/static/test/js/core/request_cache.js");
    const {isAborted} = await import("/static/test/js/core/api.js");
    const wrong = (error) => (isAborted(error) ? "aborted" : error.message);
    const say = (promise) => promise.then((answer) => answer.n, wrong);
    Object.assign(window, {RequestCache, invalidate, say, one: new RequestCache(), two: new RequestCache()});
}"""


class Questions:
    """A page, and the questions that wait for an answer, which tells how many there were by then."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[Route] = []
        self.asked: list[str] = []
        self.failed: list[str] = []
        page.route("**/api/test/*", self._hold)
        page.on("requestfailed", lambda request: self.failed.append(request.url.rpartition("/")[2]))

    def _hold(self, route: Route) -> None:
        self.held.append(route)
        self.asked.append(route.request.url.rpartition("/")[2])

    def wait(self, count: int) -> None:
        wait_for_events(self.page, lambda: len(self.asked) >= count, what=f"{count} requests")

    def wait_for_failures(self, count: int) -> None:
        wait_for_events(self.page, lambda: len(self.failed) >= count, what=f"{count} failures")

    def answer(self) -> None:
        for route in self.held:
            route.fulfill(json={"n": len(self.asked)})
        self.held.clear()

    def run(self, script: str) -> object:
        return self.page.evaluate(script)


@pytest.fixture
def questions(page: Page, shared_server: ServerProcess) -> Questions:
    page.goto(f"{shared_server.base_url}/datasets/digits")
    page.evaluate(BEGIN)
    return Questions(page)


def test_the_same_question_is_asked_once_and_its_answer_remembered(questions: Questions) -> None:
    questions.run("() => { window.both = [say(one.get('/api/test/a')), say(two.get('/api/test/a'))]; }")
    questions.wait(1)
    questions.answer()
    assert questions.run("() => Promise.all(both)") == [1, 1]
    assert questions.run("() => say(new RequestCache().get('/api/test/a'))") == 1
    assert questions.run("() => one.cached('/api/test/a').n") == 1
    assert questions.asked == ["a"]


def test_a_newer_question_cancels_the_one_before(questions: Questions) -> None:
    questions.run("() => { window.both = [say(one.get('/api/test/a')), say(one.get('/api/test/b'))]; }")
    questions.wait(2)
    assert questions.run("() => both[0]") == "aborted"
    questions.wait_for_failures(1)  # the browser reports an aborted request after the script has gone on
    assert questions.failed == ["a"]
    questions.held = questions.held[1:]
    questions.answer()
    assert questions.run("() => both[1]") == 2


def test_a_question_goes_on_while_somebody_waits(questions: Questions) -> None:
    questions.run("() => { window.both = [say(one.get('/api/test/a')), say(two.get('/api/test/a'))]; one.cancel(); }")
    questions.wait(1)
    assert questions.run("() => both[0]") == "aborted"
    questions.answer()
    assert questions.run("() => both[1]") == 1
    assert questions.failed == []


def test_what_is_stale_is_asked_anew_even_while_it_is_asked(questions: Questions) -> None:
    questions.run("() => { window.before = say(one.get('/api/test/a')); invalidate((path) => path.endsWith('/a')); }")
    questions.run("() => { window.after = say(two.get('/api/test/a')); }")
    questions.wait(2)
    questions.answer()
    assert questions.run("() => Promise.all([before, after])") == [2, 2]
    questions.run("() => { invalidate((path) => path.endsWith('/b')); window.kept = say(one.get('/api/test/a')); }")
    assert questions.run("() => kept") == 2
    questions.run("() => { invalidate((path) => path.endsWith('/a')); window.anew = say(one.get('/api/test/a')); }")
    questions.wait(3)
    questions.answer()
    assert questions.run("() => anew") == 3
