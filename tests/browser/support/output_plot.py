"""Functions that find the plot of a network's outputs on the page and return its values."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

READ_TRACES = """frame => Object.fromEntries(frame.querySelector(".js-plotly-plot").data.map(trace => [
    trace.name,
    {x: [...trace.x], y: [...trace.y], z: trace.z ? [...trace.z].map(row => [...row]) : null},
]))"""


def output_frame(page: Page) -> Locator:
    """Return the frame of the output plot."""
    return page.locator("#outputs .outputs-frame")


def expect_output_plot(page: Page, title: str, epoch: int) -> None:
    """Wait until the plot shows the outputs of this epoch under this heading."""
    expect(page.locator("#outputs h2")).to_have_text(title)
    expect(output_frame(page)).to_have_attribute("data-epoch", str(epoch))


def plotted_epoch(page: Page) -> int:
    """Return the epoch whose outputs the plot shows, or 0 if the plot is empty."""
    return int(output_frame(page).get_attribute("data-epoch") or 0)


def plot_traces(page: Page) -> dict[str, dict[str, Any]]:
    """Return the x, y and z values of the plot's traces by name."""
    traces: dict[str, dict[str, Any]] = output_frame(page).evaluate(READ_TRACES)
    return traces


def output_rows(page: Page) -> list[list[str]]:
    """Return the cells of the table of outputs, without its header."""
    rows: list[list[str]] = page.locator("#outputs tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return rows
