"""Reading charts out of the page as a person would read them off it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

READ = """frame => {
    const traces = frame.querySelector(".js-plotly-plot").data.filter(trace => trace.hoverinfo !== "skip");
    return Object.fromEntries(traces.map(trace => [trace.name, [...trace.y]]));
}"""


READ_HORIZONTALS = READ.replace("...trace.y", "...trace.x")


def chart(page: Page, title: str) -> Locator:
    """The drawing area of the chart with this title."""
    return page.locator(".chart", has=page.get_by_role("heading", name=title, exact=True)).locator(".chart-frame")


def expect_epochs(page: Page, title: str, epochs: int) -> None:
    """Wait until the chart has drawn this many epochs."""
    expect(chart(page, title)).to_have_attribute("data-epochs", str(epochs))


def lines(page: Page, title: str) -> dict[str, list[Any]]:
    """What the chart's lines hold, by name."""
    found: dict[str, list[Any]] = chart(page, title).evaluate(READ)
    return found


def expect_x_axis(page: Page, title: str, x_axis: str) -> None:
    """Wait until the chart is drawn over this: `epochs`, `evaluations` or `seconds`."""
    expect(chart(page, title)).to_have_attribute("data-x-axis", x_axis)


def x_values(page: Page, title: str) -> dict[str, list[Any]]:
    """Where along the horizontal axis the chart's lines have their values, by name."""
    found: dict[str, list[Any]] = chart(page, title).evaluate(READ_HORIZONTALS)
    return found


def column(epochs: list[dict[str, Any]], name: str) -> list[Any]:
    """One figure of every epoch."""
    return [epoch[name] for epoch in epochs]
