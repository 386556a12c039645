"""Every page in light and dark, on a laptop and on a telephone: no axe violation, no sideways scrolling."""

from __future__ import annotations

from typing import Any

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


@pytest.fixture(scope="module")
def other_run(shared_server: ServerProcess) -> dict[str, Any]:
    run = shared_server.create_run(name="Another", epochs=2, optimizer="sgd", learning_rate=1e6)
    ended: dict[str, Any] = shared_server.wait_for_run(run["id"], "diverged")
    return ended


@pytest.fixture(scope="module")
def gate_run(shared_server: ServerProcess) -> dict[str, Any]:
    run: dict[str, Any] = shared_server.wait_for_run(shared_server.create_run(name="Gate", **XOR)["id"], "finished")
    return run


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest, page: Page) -> str:
    name: str = request.param
    page.set_viewport_size(SIZES[name])
    return name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages(
    page: Page,
    shared_server: ServerProcess,
    finished_run: dict[str, Any],
    other_run: dict[str, Any],
    gate_run: dict[str, Any],
    faults: Faults,
    size: str,
    scheme: str,
) -> None:
    faults.allow("404")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    run, other, gate = finished_run["id"], other_run["id"], gate_run["id"]
    mistake = shared_server.get(f"/api/runs/{run}/misclassified?limit=1")["items"][0]["index"]

    def check(name: str) -> None:
        assert_accessible(page, f"{name}, {size}, {scheme}")
        assert_no_wider_than_screen(page, f"{name}, {size}, {scheme}")

    def visit(path: str, ready: str) -> None:
        page.goto(shared_server.base_url + path)
        expect(page.locator(ready).first).to_be_visible()

    visit("/", "#fields .field")
    page.locator("#field-epochs").fill("0")
    page.locator("#start").click()
    expect(page.locator("#form-problems")).to_be_visible()
    check("train page with an error")

    visit(f"/?run={run}", "#worst .tile")
    expect_epochs(page, "Cost", finished_run["epochs_completed"])
    page.get_by_role("button", name="Help for Learning rate").click()
    check("train page with a run")

    visit(f"/runs/{other}", "#outcome")
    check("page of a diverged run")

    visit(f"/runs/{run}", "#weights img")
    expect_epochs(page, "Cost", finished_run["epochs_completed"])
    check("run page")

    visit(f"/runs/{run}/misclassified?image={mistake}", "#detail .outputs li")
    expect(page.locator("#tiles .tile").first).to_be_visible()
    check("misclassified page")

    visit(f"/runs?compare={run},{other}", "#comparison tbody tr")
    expect_epochs(page, "Cost", finished_run["epochs_completed"])
    check("runs page")

    visit("/datasets/digits", "#tiles .tile")
    check("data page")

    visit(f"/runs/{gate}", "#outputs .outputs-frame[data-epoch]")
    expect_epochs(page, "Cost", XOR["epochs"])
    check("page of a run on a table")

    visit(f"/?run={gate}&x=seconds", "#outputs .outputs-frame[data-epoch]")
    expect_epochs(page, "Cost", XOR["epochs"])
    check("train page with a run on a table")

    visit(f"/runs?compare={run},{gate}", "#comparison tbody tr")
    expect_epochs(page, "Cost", finished_run["epochs_completed"])
    check("runs page with a run on a table")

    visit("/datasets/random_regression", "#rows tbody tr")
    check("data page of a table")

    visit("/datasets/fashion_mnist", "#missing")
    check("data page without its data")

    visit("/runs/999999", "h1")
    check("error page")


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
