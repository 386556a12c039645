"""Accessibility of every page on a laptop and a phone: no axe violation, no horizontal scrolling, no small target.

axe checks the colors of each page in light, dark and forced colors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from tests.browser.conftest import Faults
from tests.browser.support.accessibility import (
    assert_accessible,
    assert_accessible_in_forced_colors,
    assert_no_wider_than_screen,
    assert_targets_large_enough,
)
from tests.browser.support.charts import expect_epochs
from tests.browser.support.table_runs import XOR
from tests.support.server_process import ServerProcess

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 400, "height": 800},
    "laptop": {"width": 1280, "height": 900},
}


@pytest.fixture(scope="module")
def other_run(shared_server: ServerProcess) -> dict[str, Any]:
    run = shared_server.create_run(name="Another", epochs=2, optimizer="sgd", learning_rate=1e6)
    ended: dict[str, Any] = shared_server.wait_for_run(run["id"], "diverged")
    return ended


@pytest.fixture(scope="module")
def gate_run(shared_server: ServerProcess) -> dict[str, Any]:
    run: dict[str, Any] = shared_server.wait_for_run(shared_server.create_run(name="Gate", **XOR)["id"], "finished")
    return run


@dataclass(frozen=True)
class CheckedPage:
    """Page to check, a selector that matches when the page is ready, and an action before the check."""

    path: str
    ready: str
    cost_run: str | None = None  # name of the run whose cost chart must be complete before the check
    prepare: Callable[[Page], None] | None = None
    repeated: str | None = None  # selector of elements that axe skips, because axe checks others like them


def submit_invalid_form(page: Page) -> None:
    page.locator("#field-epochs").fill("0")
    page.locator("#start").click()
    expect(page.locator("#form-problems")).to_be_visible()


def open_help(page: Page) -> None:
    page.get_by_role("button", name="Help for Learning rate").click()


def wait_for_tiles(page: Page) -> None:
    expect(page.locator("#tiles .tile").first).to_be_visible()


def show_in_browser(route: Route) -> None:
    """Answer like a stored file: without the headers that the server sends with it."""
    route.fulfill(body=route.fetch().body(), content_type="text/html; charset=utf-8")


def open_passed_tests(page: Page) -> None:
    page.locator("[data-section=tests] summary").click()


def show_clues(page: Page) -> None:
    for clue in ("telemetry", "check", "tests"):
        page.locator(f"[data-clue={clue}]").click()
        expect(page.locator(f"[data-section={clue}]")).to_be_visible()


DRAWN_EXPERIMENT = ".lab-results[aria-busy=false] .js-plotly-plot"
OUTPUTS = "#outputs .outputs-frame[data-epoch]"
COMPARISON = "#comparison tbody tr"
PAGES = {
    "train page with an error": CheckedPage("/", "#fields .field", prepare=submit_invalid_form),
    "train page with notes": CheckedPage(
        "/?preset=none&optimizer=sgd&learning_rate=0.1&initializer=constant&reduction=sum", "#field-initializer-note"
    ),
    "train page with a run": CheckedPage("/?run={run}", "#worst .tile", cost_run="run", prepare=open_help),
    "page of a diverged run": CheckedPage("/runs/{other}", "#outcome"),
    "run page": CheckedPage("/runs/{run}", "#weights img", cost_run="run"),
    "misclassified page": CheckedPage(
        "/runs/{run}/misclassified?image={image}", "#detail .outputs li", prepare=wait_for_tiles
    ),
    "runs page": CheckedPage("/runs?compare={run},{other}", COMPARISON, cost_run="run"),
    "data page": CheckedPage("/datasets/digits", "#tiles .tile"),
    "page of a run on a table": CheckedPage("/runs/{gate}", OUTPUTS, cost_run="gate"),
    "train page with a run on a table": CheckedPage("/?run={gate}&x=seconds", OUTPUTS, cost_run="gate"),
    "runs page with a run on a table": CheckedPage("/runs?compare={run},{gate}", COMPARISON, cost_run="run"),
    "data page of a table": CheckedPage(
        "/datasets/random_regression", "#rows tbody tr", repeated="#rows tbody tr:nth-child(n + 6)"
    ),
    "data page of a missing data set": CheckedPage("/datasets/fashion_mnist", "#missing"),
    "bug lab": CheckedPage("/lab?bug=B03&layer=2&second=B19", DRAWN_EXPERIMENT, prepare=open_passed_tests),
    "bug lab with a hidden bug": CheckedPage("/lab?mode=guess", DRAWN_EXPERIMENT, prepare=show_clues),
    "glossary": CheckedPage("/glossary", "dl"),
    "downloaded explanation": CheckedPage("/api/runs/{run}/explanations/{image}.html", "h1"),
    "error page": CheckedPage("/runs/999999", "h1"),
}


@pytest.fixture(scope="module")
def runs(finished_run: dict[str, Any], other_run: dict[str, Any], gate_run: dict[str, Any]) -> dict[str, Any]:
    """Return the runs. Their keys are the placeholders for their ids in the paths of PAGES."""
    return {"run": finished_run, "other": other_run, "gate": gate_run}


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_fits_every_screen(
    page: Page, shared_server: ServerProcess, runs: dict[str, Any], faults: Faults, name: str
) -> None:
    faults.allow("404")
    checked = PAGES[name]
    ids = {key: run["id"] for key, run in runs.items()}
    image = shared_server.get(f"/api/runs/{ids['run']}/misclassified?limit=1")["items"][0]["index"]
    page.set_viewport_size(SIZES["phone"])
    page.route("**/explanations/*.html", show_in_browser)
    page.goto(shared_server.base_url + checked.path.format(**ids, image=image))
    expect(page.locator(checked.ready).first).to_be_visible()
    if checked.cost_run:
        expect_epochs(page, "Cost", runs[checked.cost_run]["epochs_completed"])
    if checked.prepare:
        checked.prepare(page)
    assert_targets_large_enough(page, name)
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        assert_accessible(page, f"{name}, {size}", without=checked.repeated)
        assert_no_wider_than_screen(page, f"{name}, {size}")
    assert_accessible_in_forced_colors(page, name, without=checked.repeated)
