"""Functions that find a chart on the page and return the values of its lines."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.waiting import wait_until

READ_Y_VALUES = """frame => {
    const traces = frame.querySelector(".js-plotly-plot").data.filter(trace => trace.hoverinfo !== "skip");
    return Object.fromEntries(traces.map(trace => [trace.name, [...trace.y]]));
}"""

READ_X_VALUES = READ_Y_VALUES.replace("...trace.y", "...trace.x")


def chart(page: Page, title: str) -> Locator:
    """Return the frame of the chart with this title."""
    return page.locator(".chart", has=page.get_by_role("heading", name=title, exact=True)).locator(".chart-frame")


def expect_epochs(page: Page, title: str, epochs: int) -> None:
    """Wait until the chart shows this number of epochs."""
    expect(chart(page, title)).to_have_attribute("data-epochs", str(epochs))


def y_values(page: Page, title: str) -> dict[str, list[Any]]:
    """Return the y values of the chart's lines by name."""
    values: dict[str, list[Any]] = chart(page, title).evaluate(READ_Y_VALUES)
    return values


def expect_lines(page: Page, title: str, names: set[str]) -> None:
    """Wait until the chart shows these lines and no others. Each line is drawn when its run is loaded."""
    is_drawn = "frame => frame.querySelector('.js-plotly-plot') !== null"
    wait_until(
        lambda: chart(page, title).evaluate(is_drawn) and set(y_values(page, title)) == names,
        what=f"the lines {names} of {title}",
    )


def expect_line_count(page: Page, title: str, count: int) -> None:
    """Wait until the chart shows this number of lines, which may have the same name."""
    is_drawn = "(frame, count) => frame.querySelector('.js-plotly-plot')?.data?.length === count"
    wait_until(lambda: chart(page, title).evaluate(is_drawn, count), what=f"{count} lines of {title}")


def expect_x_axis(page: Page, title: str, x_axis: str) -> None:
    """Wait until the x axis of the chart is `epochs`, `evaluations` or `seconds`."""
    expect(chart(page, title)).to_have_attribute("data-x-axis", x_axis)


def x_values(page: Page, title: str) -> dict[str, list[Any]]:
    """Return the x values of the chart's lines by name."""
    values: dict[str, list[Any]] = chart(page, title).evaluate(READ_X_VALUES)
    return values


def column(epochs: list[dict[str, Any]], name: str) -> list[Any]:
    """Return the values of one metric, one per epoch."""
    return [epoch[name] for epoch in epochs]
