"""Size and smoothness of the pages: requests, bytes, work of the main thread, memory, layout shift.

`python tasks.py bench pages [--epochs 2000] [--runs 20]`

The benchmark opens each page in Chromium twice: first with an empty cache (cold), then again in a new tab (warm).
Requests that the cache answers are not counted, and bytes are as transferred. A long task occupies the main thread for
more than 50 ms, so that the page does not respond. The layout shift is the sum of all shifts until the page is
complete.

Then the benchmark trains the preset "8×8 quick" for 2,000 epochs with the train page open. The heap at the start and
at the end is measured after a garbage collection; the maximum is not. Finally the benchmark moves the epoch slider of
the misclassified page by 15 steps, one each 33 ms, and counts the epochs whose tiles appeared in a frame. The server
has not read these epochs before.

The last table contains the lines of the sources, and the classes of the style sheets that Bootstrap does not have.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.measuring.dashboard import dashboard
from benchmarks.measuring.mnist import ROOT
from benchmarks.measuring.tables import markdown_table
from tests.support.server_process import ServerProcess

STEPS = 15
STEP_INTERVAL = 33  # ms, as a held key repeats
POLL_INTERVAL = 250  # ms
TIMEOUT = 120_000  # ms
IS_COMPLETE = """() => document.fonts.status === "loaded"
    && [...document.querySelectorAll('[aria-busy="true"]')].every((part) => !part.checkVisibility())"""
OBSERVE = """
window.longTasks = [];
window.layoutShift = 0;
new PerformanceObserver((list) => {
    for (const {duration} of list.getEntries()) window.longTasks.push(duration);
}).observe({type: "longtask", buffered: true});
new PerformanceObserver((list) => {
    for (const {value, hadRecentInput} of list.getEntries()) if (!hadRecentInput) window.layoutShift += value;
}).observe({type: "layout-shift", buffered: true});
"""
READ_TILES = "[...document.querySelectorAll('main a[href*=\"image=\"]')].map((tile) => tile.textContent).join('|')"
RECORD_TILES = f"""
window.drawnTiles = new Set();
const recordFrame = () => {{ window.drawnTiles.add({READ_TILES}); requestAnimationFrame(recordFrame); }};
requestAnimationFrame(recordFrame);
"""


class Traffic:
    """Requests of a page that the cache did not answer, and their bytes."""

    def __init__(self, devtools: CDPSession) -> None:
        self._bytes: dict[str, float] = {}
        self._cached: set[str] = set()
        devtools.send("Network.enable")
        devtools.on("Network.responseReceived", self._on_response)
        devtools.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        devtools.on("Network.loadingFinished", self._on_finished)

    def _on_response(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or not event["response"]["url"].startswith("http"):
            self._cached.add(event["requestId"])

    def _on_finished(self, event: dict[str, Any]) -> None:
        self._bytes[event["requestId"]] = event["encodedDataLength"]

    def totals(self) -> tuple[int, float]:
        """Return the number of requests and the sum of their bytes."""
        sent = [size for request, size in self._bytes.items() if request not in self._cached]
        return len(sent), sum(sent)


def wait_until_complete(page: Page) -> None:
    """Wait until the page requests nothing more, no part is busy, and the fonts are loaded."""
    page.wait_for_load_state("networkidle", timeout=TIMEOUT)
    page.wait_for_function(IS_COMPLETE, timeout=TIMEOUT)


def long_task_cells(page: Page) -> list[str]:
    """Return the number of long tasks and the longest one."""
    durations: list[float] = page.evaluate("window.longTasks")
    return [str(len(durations)), f"{max(durations, default=0):.0f} ms"]


def visit_rows(browser: Browser, name: str, url: str) -> Iterable[list[str]]:
    """Open a page with an empty cache and again, and yield a row for each visit."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(OBSERVE)
    for visit in ("cold", "warm"):
        page = context.new_page()
        traffic = Traffic(context.new_cdp_session(page))
        page.goto(url)
        wait_until_complete(page)
        requests, size = traffic.totals()
        shift: float = page.evaluate("window.layoutShift")
        yield [f"{name}, {visit}", str(requests), f"{size / 1000:,.0f} kB", *long_task_cells(page), f"{shift:.3f}"]
        page.close()
    context.close()


def heap_size(devtools: CDPSession, *, collected: bool) -> float:
    """Return the size of the JavaScript heap in megabytes; if `collected`, after a garbage collection."""
    if collected:
        devtools.send("HeapProfiler.collectGarbage")
    size: float = devtools.send("Runtime.getHeapUsage")["usedSize"]
    return size / 1e6


def training_row(browser: Browser, server: ServerProcess, epochs: int) -> list[str]:
    """Train with the train page open, and return the row with its long tasks and its heap."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(OBSERVE)
    page.goto(f"{server.base_url}/?preset=digits_quick&epochs={epochs}")
    wait_until_complete(page)
    devtools = page.context.new_cdp_session(page)
    start = maximum = heap_size(devtools, collected=True)
    page.evaluate("window.longTasks.length = 0")
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url("**run=*")
    run_id = int(re.findall(r"run=(\d+)", page.url)[0])
    status = page.get_by_role("region", name="Progress")
    while "finished" not in status.inner_text():
        page.wait_for_timeout(POLL_INTERVAL)
        maximum = max(maximum, heap_size(devtools, collected=False))
    seconds = server.get(f"/api/runs/{run_id}/epochs?after={epochs - 1}")["items"][0]["elapsed_seconds"]
    wait_until_complete(page)
    cells = long_task_cells(page)
    end = heap_size(devtools, collected=True)
    page.close()
    return [str(epochs), f"{seconds:.0f} s", *cells, *(f"{size:.0f} MB" for size in (start, maximum, end))]


def open_slider(browser: Browser, url: str) -> Page:
    """Open the misclassified page with an empty cache, and move the focus to its epoch slider."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(url)
    wait_until_complete(page)
    page.get_by_role("slider", name="Epoch").focus()
    return page


def drawn_steps(browser: Browser, server: ServerProcess, epochs: int = 30) -> int:
    """Move the epoch slider quickly, and return the number of steps whose tiles appeared in a frame."""
    # The second run has the same seed, so it has the same tiles, but the server has not read its epochs.
    runs = [server.create_run(preset="digits_quick", epochs=epochs)["id"] for _ in range(2)]
    first, second = [f"{server.base_url}/runs/{run_id}/misclassified" for run_id in runs]
    for run_id in runs:
        server.wait_for_run(run_id, "finished")
    page = open_slider(browser, first)
    expected = []
    for _ in range(STEPS):
        page.keyboard.press("ArrowLeft")
        wait_until_complete(page)
        expected.append(page.evaluate(READ_TILES))
    page.close()
    page = open_slider(browser, second)
    page.evaluate(RECORD_TILES)
    for _ in range(STEPS):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(STEP_INTERVAL)
    wait_until_complete(page)
    drawn = set(page.evaluate("[...window.drawnTiles]"))
    page.close()
    return sum(tiles in drawn for tiles in expected)


def count_lines(folder: str, pattern: str) -> int:
    """Return the number of lines of the matching files below a folder, without libraries of others."""
    paths = (path for path in (ROOT / folder).rglob(pattern) if "vendor" not in path.parts)
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def own_classes() -> set[str]:
    """Return the classes in the style sheets that Bootstrap does not have."""
    bootstrap = (ROOT / "static" / "vendor" / "bootstrap.min.css").read_text(encoding="utf-8")
    sheets = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "static" / "css").rglob("*.css"))
    return classes_of(sheets) - classes_of(bootstrap)


def classes_of(sheet: str) -> set[str]:
    """Return the names of the classes in the selectors of a style sheet."""
    selectors = re.sub(r'/\*.*?\*/|"[^"]*"|url\([^)]*\)|\{[^{}]*\}', "{}", sheet, flags=re.DOTALL)
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", selectors))


def table(epochs: int = 2000, runs: int = 20) -> str:
    """Measure all pages, and return Markdown tables."""
    with dashboard() as (server, browser):
        ids = [server.create_run(preset="digits_quick", name=f"Run {number}")["id"] for number in range(1, runs + 1)]
        for run_id in ids:
            server.wait_for_run(run_id, "finished", timeout=600)
        paths = {
            "train": "/",
            f"runs ({runs})": "/runs",
            "run": f"/runs/{ids[0]}",
            "misclassified": f"/runs/{ids[0]}/misclassified",
            "data set": "/datasets/digits",
            "glossary": "/glossary",
        }
        visits = [row for name, path in paths.items() for row in visit_rows(browser, name, server.base_url + path)]
        training = training_row(browser, server, epochs)
        drawn = drawn_steps(browser, server)
    lines = [
        ("scripts", "static/js", "*.js"),
        ("style sheets", "static/css", "*.css"),
        ("templates", "templates", "*.html"),
    ]
    sources = [[name, str(count_lines(folder, pattern))] for name, folder, pattern in lines]
    return "\n\n".join(
        [
            markdown_table(["page", "requests", "bytes", "long tasks", "longest", "layout shift"], visits),
            markdown_table(
                ["epochs", "time", "long tasks", "longest", "heap at the start", "maximum", "at the end"], [training]
            ),
            f"Of {STEPS} quick steps of the epoch slider, {drawn} were drawn.",
            markdown_table(["source", "lines"], sources),
            f"The style sheets have {len(own_classes())} classes of their own.",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()
    print(table(options.epochs, options.runs))


if __name__ == "__main__":
    main()
