"""Forced colors, such as a contrast theme of Windows: data keeps its colors, and controls have those of the system."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.support.charts import chart, expect_epochs, expect_line_count
from tests.browser.support.output_plot import expect_output_plot, output_frame
from tests.browser.support.table_runs import XOR
from tests.support.server_process import ServerProcess

LINES = """frame => [...frame.querySelectorAll(".scatterlayer .js-line")].map(({style}) =>
    [style.stroke, style.strokeDasharray])"""
SWATCHES = """chart => [...chart.querySelectorAll(".chart-swatch")].map(swatch =>
    [getComputedStyle(swatch).stroke, swatch.firstElementChild.getAttribute("stroke-dasharray")])"""


@pytest.fixture(params=["light", "dark"])
def contrast_page(page: Page, request: pytest.FixtureRequest) -> Page:
    page.emulate_media(color_scheme=request.param, forced_colors="active")
    return page


def color_of(locator: Locator, name: str) -> str:
    """Return the used value of a color property."""
    value: str = locator.evaluate("(element, name) => getComputedStyle(element)[name]", name)
    return value


def system_color(page: Page, name: str) -> str:
    """Return the value of a system color such as `Canvas`."""
    value: str = page.evaluate(
        """name => {
            const probe = document.body.appendChild(document.createElement("span"));
            Object.assign(probe.style, {color: name, forcedColorAdjust: "none"});
            const value = getComputedStyle(probe).color;
            probe.remove();
            return value;
        }""",
        name,
    )
    return value


def expect_distinct_lines(page: Page, title: str, count: int) -> None:
    lines = chart(page, title).evaluate(LINES)
    assert len({color for color, _ in lines}) == count
    assert len({dash for _, dash in lines}) == count
    swatches = chart(page, title).locator("xpath=..").evaluate(SWATCHES)
    assert [color for color, _ in swatches] == [color for color, _ in lines]
    assert len({dash for _, dash in swatches}) == count


def test_lines_of_a_run_differ_in_color_and_dash(
    contrast_page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]
) -> None:
    page = contrast_page
    page.goto(f"{shared_server.base_url}/runs/{finished_run['id']}")
    for title in ("Cost", "Accuracy"):
        expect_epochs(page, title, finished_run["epochs_completed"])
        expect_distinct_lines(page, title, 3)
    canvas = system_color(page, "Canvas")
    bar = page.locator("#status-strip .progress-bar").first
    assert color_of(bar, "backgroundColor") not in {canvas, color_of(page.locator("body"), "backgroundColor")}
    assert color_of(page.locator("#status-strip .progress").first, "outlineStyle") == "solid"
    heat = [color_of(page.locator(".matrix-cell").nth(index), "backgroundColor") for index in range(100)]
    assert len(set(heat)) > 3

    grid = chart(page, "Cost").locator(".xaxislayer-above text").first
    assert color_of(grid, "fill") == system_color(page, "CanvasText")
    start = page.get_by_role("link", name="See misclassified images")
    assert color_of(start, "color") == canvas
    assert color_of(start, "backgroundColor") == system_color(page, "LinkText")


@pytest.fixture(scope="module")
def eight_runs(shared_server: ServerProcess) -> list[int]:
    """Return the ids of eight finished runs."""
    values: dict[str, Any] = {**XOR, "epochs": 2}
    ids = [shared_server.create_run(name=f"Seed {seed}", **values, seed=seed)["id"] for seed in range(8)]
    for run_id in ids:
        shared_server.wait_for_run(run_id, "finished")
    return ids


def test_compared_runs_differ_in_color_and_dash(
    contrast_page: Page, shared_server: ServerProcess, eight_runs: list[int]
) -> None:
    contrast_page.goto(f"{shared_server.base_url}/runs?compare={','.join(map(str, eight_runs))}")
    for title in ("Cost", "Accuracy"):
        expect_line_count(contrast_page, title, 8)
        expect_distinct_lines(contrast_page, title, 8)


def test_field_of_a_decision_boundary_keeps_its_colors(
    contrast_page: Page, shared_server: ServerProcess, eight_runs: list[int]
) -> None:
    contrast_page.goto(f"{shared_server.base_url}/runs/{eight_runs[0]}")
    expect_output_plot(contrast_page, "Decision boundary", 2)
    fills = output_frame(contrast_page).locator(".contourfill path")
    expect(fills.first).to_be_attached()
    assert len(set(fills.evaluate_all("paths => paths.map(path => path.style.fill)"))) > 1


def test_charts_follow_a_change_of_the_contrast_theme(
    page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]
) -> None:
    page.goto(f"{shared_server.base_url}/runs/{finished_run['id']}")
    expect_epochs(page, "Cost", finished_run["epochs_completed"])
    swatch = page.locator(".chart-swatch line").nth(1)
    expect(swatch).to_have_attribute("stroke-dasharray", "none")
    page.emulate_media(forced_colors="active")
    expect(swatch).to_have_attribute("stroke-dasharray", "9px,5px")
