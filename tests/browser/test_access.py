"""Every page in light and dark, on a laptop and on a telephone: no axe violation, no sideways scrolling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import Faults
from tests.browser.support.accessibility import assert_accessible, assert_no_wider_than_screen
from tests.browser.support.charts import expect_epochs
from tests.browser.support.table_runs import XOR
from tests.support.server_process import ServerProcess

SIZES: dict[str, ViewportSize] = {
    "laptop": {"width": 1280, "height": 900},
    "telephone": {"width": 400, "height": 800},
}
SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]


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
class Visit:
    """A page, what it shows once it is ready, and what to do there before the check."""

    path: str
    ready: str
    cost_of: str | None = None  # the run whose epochs are the last in the chart of the cost
    prepare: Callable[[Page], None] | None = None


def submit_invalid_form(page: Page) -> None:
    page.locator("#field-epochs").fill("0")
    page.locator("#start").click()
    expect(page.locator("#form-problems")).to_be_visible()


def open_help(page: Page) -> None:
    page.get_by_role("button", name="Help for Learning rate").click()


def wait_for_tiles(page: Page) -> None:
    expect(page.locator("#tiles .tile").first).to_be_visible()


OUTPUTS = "#outputs .outputs-frame[data-epoch]"
COMPARISON = "#comparison tbody tr"
VISITS = {
    "train page with an error": Visit("/", "#fields .field", prepare=submit_invalid_form),
    "train page with a run": Visit("/?run={run}", "#worst .tile", cost_of="run", prepare=open_help),
    "page of a diverged run": Visit("/runs/{other}", "#outcome"),
    "run page": Visit("/runs/{run}", "#weights img", cost_of="run"),
    "misclassified page": Visit(
        "/runs/{run}/misclassified?image={image}", "#detail .outputs li", prepare=wait_for_tiles
    ),
    "runs page": Visit("/runs?compare={run},{other}", COMPARISON, cost_of="run"),
    "data page": Visit("/datasets/digits", "#tiles .tile"),
    "page of a run on a table": Visit("/runs/{gate}", OUTPUTS, cost_of="gate"),
    "train page with a run on a table": Visit("/?run={gate}&x=seconds", OUTPUTS, cost_of="gate"),
    "runs page with a run on a table": Visit("/runs?compare={run},{gate}", COMPARISON, cost_of="run"),
    "data page of a table": Visit("/datasets/random_regression", "#rows tbody tr"),
    "data page without its data": Visit("/datasets/fashion_mnist", "#missing"),
    "error page": Visit("/runs/999999", "h1"),
}


@pytest.fixture(scope="module")
def runs(finished_run: dict[str, Any], other_run: dict[str, Any], gate_run: dict[str, Any]) -> dict[str, Any]:
    """The runs in the paths, by name."""
    return {"run": finished_run, "other": other_run, "gate": gate_run}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", VISITS)
def test_pages(
    page: Page, shared_server: ServerProcess, runs: dict[str, Any], faults: Faults, name: str, size: str
) -> None:
    faults.allow("404")
    visit = VISITS[name]
    ids = {key: run["id"] for key, run in runs.items()}
    image = shared_server.get(f"/api/runs/{ids['run']}/misclassified?limit=1")["items"][0]["index"]
    page.set_viewport_size(SIZES[size])
    page.emulate_media(color_scheme="light")
    page.goto(shared_server.base_url + visit.path.format(**ids, image=image))
    expect(page.locator(visit.ready).first).to_be_visible()
    if visit.cost_of:
        expect_epochs(page, "Cost", runs[visit.cost_of]["epochs_completed"])
    if visit.prepare:
        visit.prepare(page)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert_accessible(page, f"{name}, {size}, {scheme}")
        assert_no_wider_than_screen(page, f"{name}, {size}, {scheme}")


def test_a_run_is_started_by_keyboard_alone(page: Page, shared_server: ServerProcess) -> None:
    page.goto(f"{shared_server.base_url}/?preset=none&epochs=1")
    expect(page.locator("#start")).to_be_enabled()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "start":
            break
    expect(page.locator("#start")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('#status-strip [data-part="status"]')).to_have_text("finished")
