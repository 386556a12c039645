"""Response time of the runs page with many runs, on the server and in Chromium.

`python tasks.py bench runs_list [--runs 5000] [--times 20]`

The benchmark stores finished runs of all presets, each with a few epochs of made-up metrics, in an empty data folder.
It measures the requests of the page without a browser, then the page in Chromium: from the start of the navigation, or
from the input event, to the frame that shows the rows of the result. The first opening has an empty cache. A filter
looks for words in the text of all rows, which contains rounded numbers, so the server formats each row.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from functools import partial

from playwright.sync_api import Page

from benchmarks.measuring.dashboard import dashboard
from benchmarks.measuring.waits import waits_row, waits_table
from tests.support.server_process import ServerProcess
from tests.support.stored_runs import store_runs

PAGE_SIZE = 25
REQUESTS = {
    "the newest runs": "limit=25&sort=started",
    "sorted by accuracy": "limit=25&sort=test_accuracy",
    "sorted by name": "limit=25&sort=name&order=asc",
    "filtered": "limit=25&sort=started&query=modern+adam",
}
# `painted` resolves with the milliseconds since `start` when a frame shows the first row of a wanted page.
WATCH_PAGE = """
for (const kind of ["input", "click"]) {
    addEventListener(kind, (event) => { window.lastInput = event.timeStamp; }, {capture: true});
}
window.painted = (isComplete) => new Promise((resolve) => {
    const checkFrame = () => {
        if (!isComplete()) return requestAnimationFrame(checkFrame);
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - (window.lastInput ?? 0))));
    };
    requestAnimationFrame(checkFrame);
});
window.firstRow = () => document.querySelector("#runs tbody tr .runs-name")?.textContent;
window.opened = window.painted(() => window.firstRow?.() !== undefined);
"""


def request_times(server: ServerProcess, query: str, times: int) -> Iterator[float]:
    """Send the same request several times, and yield the seconds of each response."""
    for _ in range(times):
        start = time.perf_counter()
        server.get(f"/api/runs?{query}")
        yield time.perf_counter() - start


def open_page(page: Page, server: ServerProcess) -> float:
    """Open the runs page, and return the seconds until a frame shows its rows."""
    page.goto("about:blank")
    page.goto(f"{server.base_url}/runs", wait_until="commit")
    milliseconds: float = page.evaluate("window.opened")
    return milliseconds / 1000


def measure_input(page: Page, make_input: Callable[[], object], first_row: str) -> float:
    """Call `make_input`, and return the seconds until a frame shows a first row whose name contains `first_row`."""
    page.evaluate(
        "text => { window.awaited = window.painted(() => window.firstRow()?.includes(text)); }",
        first_row,
    )
    make_input()
    milliseconds: float = page.evaluate("window.awaited")
    return milliseconds / 1000


def filter_and_page(page: Page, server: ServerProcess, times: int) -> Iterator[tuple[float, float]]:
    """Type one filter after another and go to the next page, and yield the seconds of both."""
    box = page.get_by_role("searchbox")
    following = page.get_by_role("button", name="Next")
    for turn in range(times):
        words = ("modern", "nielsen", "quick", "matrices")[turn % 4]
        path = f"/api/runs?limit=1&sort=started&query={words}&offset="
        first, second = (server.get(f"{path}{offset}")["items"][0]["name"] for offset in (0, PAGE_SIZE))
        filtering = measure_input(page, partial(box.fill, words), first)
        yield filtering, measure_input(page, following.click, second)


def table(runs: int = 5000, times: int = 20) -> str:
    """Measure all response times, and return a Markdown table."""
    with dashboard() as (server, browser):
        store_runs(server.data_dir, runs)
        rows = [
            waits_row(f"request, {name}", list(request_times(server, query, times))) for name, query in REQUESTS.items()
        ]
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(WATCH_PAGE)
        rows.append(waits_row("open the page, empty cache", [open_page(page, server)]))
        rows.append(waits_row("open the page", [open_page(page, server) for _ in range(times)]))
        filtering, paging = zip(*filter_and_page(page, server, times), strict=True)
        rows += [waits_row("filter", filtering), waits_row("next page", paging)]
    return waits_table(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5000)
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    print(table(options.runs, options.times))


if __name__ == "__main__":
    main()
