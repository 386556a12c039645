"""Printed pages: light colors, colors of data, no controls, and whole panels that fit on the paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.charts import expect_epochs
from tests.browser.support.table_runs import XOR
from tests.support.server_process import ServerProcess

# Paper without margins of 12 mm, px
PAPERS = {"A4": 703, "letter": 725}
CONTROLS = """() => [...document.querySelectorAll(
    "header, nav, dialog, input[type=range], a.btn, button.btn:not([aria-pressed=true]), [role=tab]:not(.active)"
)].filter(element => element.checkVisibility()).map(element => element.outerHTML.slice(0, 80))"""
COVERED = """() => [...document.querySelectorAll("main *")]
    .filter(element => element.checkVisibility() && ["fixed", "sticky"].includes(getComputedStyle(element).position))
    .map(element => element.className)"""
# These may be higher than a page, so that only their parts stay whole.
HIGH = ".detail, .runs-panel, .card:has(> .glossary)"
TORN = f"""() => [...document.querySelectorAll(".card:not({HIGH}), .tile, tr, dl > div, .explanation-panel > *")]
    .filter(element => element.checkVisibility() && getComputedStyle(element).breakInside !== "avoid")
    .map(element => element.id || element.className)"""
WIDE = """() => [...document.querySelectorAll("main *")]
    .filter(element => element.checkVisibility() && !element.closest("svg"))
    .filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(element => element.className)"""
PAGES = {
    "train": ("/?run={run}", "#worst .tile"),
    "runs": ("/runs", "#runs tbody tr"),
    "run": ("/runs/{run}", ".matrix-cell"),
    "table run": ("/runs/{gate}", "#outputs .outputs-frame[data-epoch]"),
    "comparison": ("/runs?compare={run},{gate}", "#comparison .js-plotly-plot"),
    "misclassified": ("/runs/{run}/misclassified?trust=true", "#reliability .js-plotly-plot"),
    "open image": ("/runs/{run}/misclassified?image={image}&tab=gap", ".gap-table tbody tr"),
    "pixels": ("/runs/{run}/misclassified?image={image}&tab=pixels", ".shift-map [role=gridcell]"),
    "what if": ("/runs/{run}/misclassified?image={image}&tab=change", "[data-part=what-if-now]"),
    "data": ("/datasets/digits", ".dataset-browser .tile"),
    "table": ("/datasets/xor_gate", "#examples tbody tr"),
    "bug lab": ("/lab?bug=B09", ".lab-results[aria-busy=false] .js-plotly-plot"),
    "glossary": ("/glossary", ".glossary dt"),
}


@pytest.fixture(scope="module")
def addresses(shared_server: ServerProcess, finished_run: dict[str, Any]) -> dict[str, int]:
    """Return the numbers that the addresses of PAGES contain."""
    gate = shared_server.wait_for_run(shared_server.create_run(name="Gate", **XOR)["id"], "finished")
    listed = shared_server.get(f"/api/runs/{finished_run['id']}/misclassified?limit=1")["items"]
    return {"run": finished_run["id"], "gate": gate["id"], "image": listed[0]["index"]}


@pytest.fixture
def screen(page: Page) -> Iterator[Page]:
    yield page
    page.emulate_media(media="screen")


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_on_paper(screen: Page, shared_server: ServerProcess, addresses: dict[str, int], name: str) -> None:
    path, ready = PAGES[name]
    screen.emulate_media(color_scheme="dark")
    screen.goto(shared_server.base_url + path.format(**addresses))
    expect(screen.locator(ready).first).to_be_visible()
    screen.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    screen.emulate_media(media="print", color_scheme="dark")
    for paper, width in PAPERS.items():
        screen.set_viewport_size({"width": width, "height": 1000})
        assert screen.evaluate(CONTROLS) == [], paper
        assert screen.evaluate(COVERED) == [], paper
        assert screen.evaluate(TORN) == [], paper
        assert screen.evaluate(WIDE) == [], paper
    body = screen.evaluate(
        "() => {const {backgroundColor, printColorAdjust} = getComputedStyle(document.body);"
        " return [backgroundColor, printColorAdjust]}"
    )
    assert body == ["rgb(255, 255, 255)", "exact"]
    ink = screen.evaluate("() => getComputedStyle(document.querySelector('h1')).color")
    assert ink == "rgb(26, 31, 36)"


def test_charts_have_the_size_of_the_paper_only_while_they_are_printed(
    page: Page, shared_server: ServerProcess, addresses: dict[str, int]
) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{shared_server.base_url}/runs/{addresses['gate']}")
    expect_epochs(page, "Cost", XOR["epochs"])
    expect(page.locator("#outputs .outputs-frame[data-epoch]")).to_be_visible()
    plots = {"chart": ".chart-frame", "figure": "#outputs .outputs-frame"}
    read = """frame => ({
        width: Number(frame.querySelector(".main-svg").getAttribute("width")),
        frame: frame.clientWidth,
        height: frame.style.height,
        ink: frame.querySelector(".xaxislayer-above text, .xtick text").style.fill,
    })"""
    before = {name: page.locator(selector).first.evaluate(read) for name, selector in plots.items()}
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for name, selector in plots.items():
        printed = page.locator(selector).first.evaluate(read)
        assert printed["width"] <= 560
        assert printed["height"].endswith("px")
        assert printed["ink"] != before[name]["ink"]
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    for name, selector in plots.items():
        frame = page.locator(selector).first
        expect(frame.locator(".main-svg").first).to_have_attribute("width", str(before[name]["width"]))
        assert frame.evaluate(read)["height"] == ""
