"""Failed first request of a page: the page shows the error and a button that repeats the request."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.browser.support.interception import Interceptor, PausedRequest
from tests.support.server_process import ServerProcess

# The misclassified page makes no first request: it contains the data of its first view.
PAGES = {
    "train": "/",
    "runs": "/runs",
    "run": "/runs/{run}",
    "dataset": "/datasets/digits",
}


def respond_with_error(request: PausedRequest) -> None:
    error = {"error": {"code": "internal_error", "message": "The disk is on fire."}}
    request.respond(json.dumps(error), status=500)


def respond_with_invalid_json(request: PausedRequest) -> None:
    request.respond("<html>")


FAILURES = [
    (PausedRequest.abort, "does not respond"),
    (respond_with_error, "The disk is on fire."),
    (respond_with_invalid_json, "not valid JSON"),
]


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_failed_first_request_shows_an_error_until_a_retry_succeeds(
    page: Page,
    shared_server: ServerProcess,
    finished_run: dict[str, Any],
    faults: Faults,
    interceptor: Interceptor,
    path: str,
) -> None:
    """Fail the first request in three ways, one per click on "Try again", and let the fourth request succeed."""
    faults.allow(r"/api/datasets\b|ERR_FAILED|status of 500")
    interceptor.pass_first("*/api/datasets", [handler for handler, _ in FAILURES])
    page.goto(shared_server.base_url + path.format(run=finished_run["id"]))
    alert = page.locator(".page-failure")
    for _, message in FAILURES:
        expect(alert).to_contain_text(message)
        expect(alert).to_have_attribute("role", "alert")
        alert.get_by_role("button", name="Try again").click()
    expect(alert).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/runs/{run}", "/runs/{run}/misclassified?trust=true"], ids=["in page", "on first use"]
)
def test_charts_are_drawn_although_the_first_download_of_plotly_fails(
    page: Page,
    shared_server: ServerProcess,
    finished_run: dict[str, Any],
    faults: Faults,
    interceptor: Interceptor,
    path: str,
) -> None:
    faults.allow("ERR_FAILED")
    interceptor.pass_first("*/plotly.min.js", [PausedRequest.abort])
    page.goto(shared_server.base_url + path.format(run=finished_run["id"]))
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
