"""Charts: zoom with the pointer and the keyboard, the summary, the table of values, long runs, and printing."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.charts import chart, column, expect_epochs, expect_x_axis, y_values
from tests.browser.support.table_runs import SQUARES
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

X_RANGE = "frame => frame.querySelector('.js-plotly-plot')._fullLayout.xaxis.range.map(Number)"
HAS_LINES = "frame => frame.querySelector('.js-plotly-plot .js-line') !== null"
LONG_RUN_EPOCHS = 1500


def x_range(page: Page, title: str) -> tuple[float, float]:
    """Return the first and the last visible position of a chart, as it is drawn."""
    low, high = chart(page, title).evaluate(X_RANGE)
    return low, high


def select_rectangle(page: Page, title: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag the pointer over the plot. The coordinates are fractions of its width and height."""
    box = chart(page, title).locator(".nsewdrag").bounding_box()
    assert box is not None
    (x0, y0), (x1, y1) = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2)
    page.mouse.move(x1, y1)
    page.mouse.up()


def visible_points(page: Page, title: str) -> int:
    """Return the number of points of the chart in its visible rectangle."""
    count: int = chart(page, title).evaluate(
        """frame => {
            const {data, layout: {xaxis, yaxis}} = frame.querySelector(".js-plotly-plot");
            const within = (value, [low, high]) => value >= low && value <= high;
            const place = value => yaxis.type === "log" ? Math.log10(value) : value;
            return data.flatMap(({x, y}) => [...y].filter((value, index) =>
                within(x[index], xaxis.range) && within(place(value), yaxis.range))).length;
        }"""
    )
    return count


@pytest.fixture
def run_page(page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]) -> Page:
    page.goto(f"{shared_server.base_url}/runs/{finished_run['id']}")
    for title in ("Cost", "Accuracy"):
        expect_epochs(page, title, finished_run["epochs_completed"])
    return page


def test_both_charts_show_the_zoomed_epochs(run_page: Page) -> None:
    everything = x_range(run_page, "Accuracy")
    select_rectangle(run_page, "Cost", (0.5, 0.02), (0.9, 0.98))
    wait_until(lambda: x_range(run_page, "Accuracy") != everything, what="the zoom of the other chart")
    assert x_range(run_page, "Accuracy") == pytest.approx(x_range(run_page, "Cost"))
    assert visible_points(run_page, "Accuracy") > 0

    run_page.get_by_role("button", name="Reset zoom").first.click()
    wait_until(lambda: x_range(run_page, "Cost") == x_range(run_page, "Accuracy") == everything, what="all epochs")
    expect(run_page.get_by_role("button", name="Reset zoom")).to_have_count(0)
    expect(chart(run_page, "Cost")).to_be_focused()


def test_rectangle_without_points_does_not_empty_a_chart(run_page: Page) -> None:
    everything = x_range(run_page, "Cost")
    select_rectangle(run_page, "Cost", (0.6, 0.05), (0.9, 0.3))  # above the lines, which fall
    wait_until(lambda: x_range(run_page, "Cost") != everything, what="the zoom")
    wait_until(lambda: visible_points(run_page, "Cost") > 0, what="points in the chart")


def test_charts_zoom_with_the_keyboard(run_page: Page) -> None:
    everything = x_range(run_page, "Cost")
    frame = chart(run_page, "Accuracy")
    frame.focus()
    run_page.keyboard.press("+")
    wait_until(lambda: x_range(run_page, "Cost") != everything, what="the zoom")
    zoomed = x_range(run_page, "Cost")
    run_page.keyboard.press("ArrowRight")
    wait_until(lambda: x_range(run_page, "Cost") != zoomed, what="the move")
    assert x_range(run_page, "Cost")[0] > zoomed[0]
    run_page.keyboard.press("0")
    wait_until(lambda: x_range(run_page, "Cost") == everything, what="all epochs")


VALUE_LABELS = """frame => {
    const plot = frame.querySelector(".js-plotly-plot");
    const edge = plot.getBoundingClientRect().left;
    return [...plot.querySelectorAll(".yaxislayer-above text")].map(label => ({
        text: label.textContent, whole: label.getBoundingClientRect().left >= edge,
    }));
}"""
POSITION_LABELS = (
    "frame => [...frame.querySelectorAll('.js-plotly-plot .xaxislayer-above text')].map(label => label.textContent)"
)


def assert_axes_are_readable(page: Page, title: str) -> None:
    """Check that a chart contains points, and that its labels are numbers, distinct and not cut."""
    assert visible_points(page, title) >= 1
    labels = chart(page, title).evaluate(VALUE_LABELS)
    texts = [label["text"] for label in labels]
    assert len(texts) >= 2
    assert len(set(texts)) == len(texts)
    assert all(label["whole"] for label in labels)
    numbers = [float(text.replace("−", "-").replace(",", "").rstrip("%")) for text in texts]
    assert numbers == sorted(numbers)
    positions = chart(page, title).evaluate(POSITION_LABELS)
    assert len(set(positions)) == len(positions)
    assert all(re.fullmatch(r"[\d,]+", position) for position in positions)


def zoom_in(page: Page, way: str) -> None:
    if way == "key":
        chart(page, "Cost").press("+")
    else:
        select_rectangle(page, "Cost", (0.48, 0.3), (0.52, 0.7))


def is_zoomed(page: Page, before: tuple[float, float]) -> bool:
    return x_range(page, "Cost") != before


def wait_for_frames(page: Page) -> None:
    """Wait until the page has drawn what it draws without a further event."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))")


def test_zoom_ends_at_two_epochs_with_readable_axes(page: Page, shared_server: ServerProcess) -> None:
    """The cost of this run falls from 1 to 1e-13."""
    values = {**SQUARES, "hidden_sizes": [16], "optimizer": "adam", "learning_rate": 0.02, "epochs": 500}
    run = shared_server.wait_for_run(shared_server.create_run(name="Small costs", **values)["id"], "finished")
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    expect_epochs(page, "Cost", 500)
    page.get_by_label("Log").check()
    everything = x_range(page, "Cost")
    for way in ("key", "pointer"):
        low, high = everything
        while high - low > 1.5:
            zoom_in(page, way)
            wait_until(partial(is_zoomed, page, (low, high)), what="the zoom")
            low, high = x_range(page, "Cost")
            assert_axes_are_readable(page, "Cost")
        zoom_in(page, way)
        wait_for_frames(page)
        assert_axes_are_readable(page, "Cost")
        assert x_range(page, "Cost")[1] - x_range(page, "Cost")[0] >= 1
        chart(page, "Cost").press("0")
        wait_until(lambda: x_range(page, "Cost") == everything, what="all epochs")


def test_axes_stay_when_all_lines_are_hidden(run_page: Page) -> None:
    lines = run_page.locator(".chart").first.get_by_role("group", name="Lines").get_by_role("button")
    before = chart(run_page, "Cost").evaluate(VALUE_LABELS)
    for index in range(lines.count()):
        lines.nth(index).click()
    expect(chart(run_page, "Cost")).to_contain_text("All lines are hidden.")
    wait_until(lambda: not chart(run_page, "Cost").evaluate(HAS_LINES), what="a chart without lines")
    assert chart(run_page, "Cost").evaluate(VALUE_LABELS) == before
    assert x_range(run_page, "Cost") == pytest.approx((1, 12), abs=1)
    chart(run_page, "Cost").press("+")
    assert x_range(run_page, "Cost") == pytest.approx((1, 12), abs=1)
    lines.first.click()
    expect(chart(run_page, "Cost")).not_to_contain_text("hidden")


def test_chart_has_a_name_a_summary_and_a_table(
    run_page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]
) -> None:
    epochs = shared_server.get(f"/api/runs/{finished_run['id']}/epochs")["items"]
    frame = chart(run_page, "Accuracy")
    expect(frame).to_have_accessible_name("Accuracy")
    expect(frame).to_have_accessible_description(re.compile(r"Accuracy over 12 epochs: Train rose from .* to .*%"))
    expect(run_page.get_by_role("table", name="Accuracy by epochs")).to_have_count(0)
    run_page.get_by_text("Accuracy in words and numbers").click()
    rows = run_page.get_by_role("table", name="Accuracy by epochs").locator("tbody tr")
    expect(rows).to_have_count(len(epochs))
    expect(rows.last.locator("td").last).to_have_text(f"{100 * epochs[-1]['test_accuracy']:.2f}%")


def test_long_line_is_thinned_and_keeps_its_extremes(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.create_run(name="Long", epochs=LONG_RUN_EPOCHS, hidden_sizes=[4], batching="full_batch")
    shared_server.wait_for_run(run["id"], "finished")
    epochs = shared_server.get(f"/api/runs/{run['id']}/epochs")["items"]
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    expect_epochs(page, "Cost", LONG_RUN_EPOCHS)
    drawn, stored = y_values(page, "Cost"), column(epochs, "test_cost")
    assert len(drawn["Test"]) < LONG_RUN_EPOCHS
    assert set(drawn["Test"]) <= set(stored)
    assert (min(drawn["Test"]), max(drawn["Test"])) == (min(stored), max(stored))

    everything = x_range(page, "Cost")
    chart(page, "Cost").focus()
    for _ in range(9):
        page.keyboard.press("+")
    wait_until(lambda: len(y_values(page, "Cost")["Test"]) < 10, what="the points of a few epochs")
    page.keyboard.press("0")
    wait_until(lambda: x_range(page, "Cost") == everything, what="all epochs")


def test_zoom_ends_when_the_x_axis_changes(run_page: Page) -> None:
    chart(run_page, "Cost").focus()
    run_page.keyboard.press("+")
    expect(run_page.get_by_role("button", name="Reset zoom").first).to_be_visible()
    run_page.get_by_label("Over").select_option("evaluations")
    expect_x_axis(run_page, "Cost", "evaluations")
    expect(run_page.get_by_role("button", name="Reset zoom")).to_have_count(0)


def test_printed_charts_fit_the_page(run_page: Page) -> None:
    run_page.emulate_media(media="print")
    run_page.set_viewport_size({"width": 700, "height": 900})
    try:
        expect(run_page.get_by_role("button", name="Edit…")).to_be_hidden()
        assert run_page.evaluate("document.documentElement.scrollWidth") <= 700
    finally:
        run_page.emulate_media(media="screen")
