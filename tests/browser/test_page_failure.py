"""A page whose first request fails says so and offers a way on, instead of leaving an empty frame."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Faults
from tests.support.server_process import ServerProcess

PAGES = {
    "train": "/",
    "runs": "/runs",
    "run": "/runs/{run}",
    "misclassified": "/runs/{run}/misclassified",
    "dataset": "/datasets/digits",
}


def refuse(route: Route) -> None:
    route.abort()


def break_server(route: Route) -> None:
    route.fulfill(status=500, json={"error": {"code": "internal_error", "message": "The disk is on fire."}})


def send_nonsense(route: Route) -> None:
    route.fulfill(status=200, content_type="application/json", body="<html>")


ANSWERS = [(refuse, "does not respond"), (break_server, "The disk is on fire."), (send_nonsense, "not valid JSON")]


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_failed_first_request_leaves_an_error_with_a_way_on(
    page: Page, shared_server: ServerProcess, finished_run: dict[str, Any], faults: Faults, path: str
) -> None:
    """Each click on "Try again" meets the next failure, and the last one finds the server well."""
    faults.allow(r"/api/datasets\b|ERR_FAILED|status of 500")
    answers = [answer for answer, _ in ANSWERS]
    page.route("**/api/datasets", lambda route: answers.pop(0)(route) if answers else route.continue_())
    page.goto(shared_server.base_url + path.format(run=finished_run["id"]))
    alert = page.locator(".page-failure")
    for _, message in ANSWERS:
        expect(alert).to_contain_text(message)
        expect(alert).to_have_attribute("role", "alert")
        alert.get_by_role("button", name="Try again").click()
    expect(alert).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
