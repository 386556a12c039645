"""How long a person waits: from the end of an epoch to the changed chart, and for the misclassified page.

`python tasks.py bench latency [--epochs 30] [--openings 20]`

The first figure is from the moment at which the worker's file of predictions has grown by an epoch, which is the last
thing that it does before it tells the server, to the frame after the one in which Chromium drew the chart with it. The
others are from the request, or the choice in the filter, until every tile with its image is there; each opening is in a
new browser context, so that nothing is cached. Where there is no MNIST (MISFIT_DATASETS_DIR), the digits stand in.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.measuring.dashboard import dashboard
from benchmarks.measuring.mnist import DATASETS_DIR
from benchmarks.measuring.tables import markdown_table
from nn.datasets import is_available
from tests.server_process import ServerProcess

# Notes when each epoch is first to be seen, in milliseconds of the system's clock.
WATCH_CHART = """() => {
    window.drawn = {};
    new MutationObserver(() => {
        const {epochs} = document.querySelector(".chart-frame").dataset;
        requestAnimationFrame(() => setTimeout(() => {
            window.drawn[epochs] ??= performance.timeOrigin + performance.now();
        }));
    }).observe(document.body, {subtree: true, attributeFilter: ["data-epochs"]});
}"""
TILES_ARE_THERE = """expected => {
    const tiles = document.getElementById("tiles");
    if (!tiles) return false;
    const images = [...tiles.querySelectorAll("img")];
    return tiles.getAttribute("aria-busy") === "false" && images.length > 0 && images.every(one => one.complete)
        && (!expected || document.getElementById("total").textContent.includes(expected));
}"""


def row(what: str, seconds: Sequence[float]) -> list[str]:
    """The median, the 95th percentile and how many there are."""
    p95 = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    return [what, f"{1000 * statistics.median(seconds):.0f} ms", f"{1000 * p95:.0f} ms", str(len(seconds))]


class GrowthWatch(threading.Thread):
    """Notes when a file of predictions grows; `sizes` maps its size to the system's time in seconds."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.path = path
        self.sizes: dict[int, float] = {}
        self.ended = threading.Event()

    def run(self) -> None:
        last = 0
        while not self.ended.wait(0.001):
            size = self.path.stat().st_size if self.path.exists() else 0
            if size != last:
                self.sizes[size] = time.time()
                last = size


def chart_latencies(page: Page, server: ServerProcess, **run: Any) -> tuple[int, list[float]]:
    """Start a run; its id, and seconds from the end of each epoch after the first drawing until it is drawn."""
    created = server.create_run(**run)
    run_id, epochs = created["id"], created["hyperparameters"]["epochs"]
    growth = GrowthWatch(server.data_dir / "runs" / str(run_id) / "predictions.bin")
    growth.start()
    page.goto(f"{server.base_url}/runs/{run_id}")
    page.evaluate(WATCH_CHART)
    server.wait_for_run(run_id, "finished", timeout=600)
    page.wait_for_function("epochs => epochs in window.drawn", arg=epochs)
    growth.ended.set()
    drawn = {int(epoch): when / 1000 for epoch, when in page.evaluate("window.drawn").items()}
    sizes = sorted(growth.sizes)
    record = sizes[-1] - sizes[-2]
    written = {epochs - (sizes[-1] - size) // record: when for size, when in growth.sizes.items()}
    seen = [epoch for epoch in written if epoch > min(drawn)]  # of two that came within a millisecond, the second
    return run_id, [min(when for drawing, when in drawn.items() if drawing >= epoch) - written[epoch] for epoch in seen]


def page_latencies(
    browser: Browser, server: ServerProcess, path: str, openings: int
) -> tuple[list[float], list[float]]:
    """Seconds to open the misclassified page, and to change its filter."""
    opened: list[float] = []
    filtered: list[float] = []
    totals = {label: server.get(f"/api{path}?true={label}&limit=1")["total"] for label in range(10)}
    for opening in range(openings):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        started = time.perf_counter()
        page.goto(server.base_url + path, wait_until="commit")
        page.wait_for_function(TILES_ARE_THERE, arg="")
        opened.append(time.perf_counter() - started)
        label = [label for label, total in totals.items() if total][opening % sum(map(bool, totals.values()))]
        started = time.perf_counter()
        page.locator('select[name="true"]').select_option(str(label))
        page.wait_for_function(TILES_ARE_THERE, arg=f" of {label} read wrong")
        filtered.append(time.perf_counter() - started)
        page.close()
    return opened, filtered


def table(epochs: int = 30, openings: int = 20) -> str:
    """Watch a run of short epochs and one of long ones, then open the page of the last; Markdown."""
    runs: dict[str, dict[str, Any]] = {"short epochs (digits)": {"epochs": 5 * epochs, "hidden_sizes": [500, 500]}}
    if is_available("mnist", DATASETS_DIR):
        runs["long epochs (MNIST modern)"] = {"epochs": epochs, "preset": "mnist_modern"}
    rows = []
    with dashboard() as (server, browser):
        for name, run in runs.items():
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            run_id, waits = chart_latencies(page, server, **run)
            page.close()
            rows.append(row(f"end of an epoch to changed chart, {name}", waits))
        opened, filtered = page_latencies(browser, server, f"/runs/{run_id}/misclassified", openings)
        rows += [row(f"opening the misclassified page, {name}", opened), row("changing its filter", filtered)]
    return markdown_table(["wait", "median", "95th percentile", "times"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--openings", type=int, default=20)
    options = parser.parse_args()
    print(table(options.epochs, options.openings))


if __name__ == "__main__":
    main()
