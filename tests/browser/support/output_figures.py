"""Reading the drawing of a network's outputs out of the page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

READ = """frame => Object.fromEntries(frame.querySelector(".js-plotly-plot").data.map(trace => [
    trace.name,
    {x: [...trace.x], y: [...trace.y], z: trace.z ? [...trace.z].map(row => [...row]) : null},
]))"""


def frame(page: Page) -> Locator:
    """The drawing area."""
    return page.locator("#outputs .outputs-frame")


def expect_sketch(page: Page, title: str, epoch: int) -> None:
    """Wait until the outputs after this epoch are drawn, under this heading."""
    expect(page.locator("#outputs h2")).to_have_text(title)
    expect(frame(page)).to_have_attribute("data-epoch", str(epoch))


def drawn_epoch(page: Page) -> int:
    """The epoch whose outputs are drawn; 0 before the first."""
    return int(frame(page).get_attribute("data-epoch") or 0)


def parts(page: Page) -> dict[str, dict[str, Any]]:
    """What is drawn, by the name of its part."""
    found: dict[str, dict[str, Any]] = frame(page).evaluate(READ)
    return found


def rows(page: Page) -> list[list[str]]:
    """The table beside the drawing, without its heading."""
    found: list[list[str]] = page.locator("#outputs tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return found
