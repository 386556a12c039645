"""How long a person waits: from the end of an epoch to the changed chart, and for the misclassified page.

`python tasks.py bench latency [--epochs 60] [--openings 20]`

The first figure is from the moment at which the worker's file of predictions has grown by an epoch, which is the last
thing that it does before it tells the server, to the frame after the one in which Chromium drew the chart with it. The
others are from the request, or the choice in the filter, until every tile with its image is there; each opening is in a
new browser context, so that nothing is cached. Where there is no MNIST (MISFIT_DATASETS_DIR), the digits stand in.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import CHROMIUM_ARGUMENTS
from tests.server_process import ROOT, ServerProcess

UNWATCHED = 5  # epochs in which the page gets ready

# Notes when each epoch is first to be seen, in milliseconds of the system's clock.
WATCH_CHART = """() => {
    const frame = document.querySelector(".chart-frame");
    window.drawn = {};
    new MutationObserver(() => {
        const epochs = Number(frame.dataset.epochs);
        requestAnimationFrame(() => setTimeout(() => {
            window.drawn[epochs] ??= performance.timeOrigin + performance.now();
        }));
    }).observe(frame, {attributes: true, attributeFilter: ["data-epochs"]});
}"""
TILES_ARE_THERE = """expected => {
    const tiles = document.getElementById("tiles");
    const images = [...tiles.querySelectorAll("img")];
    return tiles.getAttribute("aria-busy") === "false" && images.length > 0 && images.every(one => one.complete)
        && (!expected || document.getElementById("total").textContent.includes(expected));
}"""


def report(what: str, seconds: Sequence[float]) -> None:
    """Print the median and the 95th percentile in milliseconds."""
    p95 = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    print(f"{what}: median {1000 * statistics.median(seconds):.0f} ms, p95 {1000 * p95:.0f} ms, n = {len(seconds)}")


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


def chart_latencies(page: Page, server: ServerProcess, epochs: int) -> list[float]:
    """Seconds from the end of each epoch, after the first few, until it is drawn."""
    run_id = server.create_run(epochs=epochs + UNWATCHED, hidden_sizes=[500, 500])["id"]
    growth = GrowthWatch(server.data_dir / "runs" / str(run_id) / "predictions.bin")
    growth.start()
    page.goto(f"{server.base_url}/runs/{run_id}")
    expect(page.locator(".chart-frame").first).to_have_attribute("data-epochs", "1", timeout=60_000)
    page.evaluate(WATCH_CHART)
    server.wait_for_run(run_id, "finished", timeout=600)
    expect(page.locator(".chart-frame").first).to_have_attribute("data-epochs", str(epochs + UNWATCHED), timeout=60_000)
    page.wait_for_function(f"window.drawn[{epochs + UNWATCHED}]")
    growth.ended.set()
    drawn = {int(epoch): when / 1000 for epoch, when in page.evaluate("window.drawn").items()}
    sizes = sorted(growth.sizes)
    record = sizes[-1] - sizes[-2]
    written = {round((size - sizes[-1]) / record) + epochs + UNWATCHED: when for size, when in growth.sizes.items()}
    seen = [epoch for epoch in written if epoch > UNWATCHED]  # two that came within a millisecond are seen as one
    return [min(when for drawing, when in drawn.items() if drawing >= epoch) - written[epoch] for epoch in seen]


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--openings", type=int, default=20)
    options = parser.parse_args()
    datasets = Path(os.environ.get("MISFIT_DATASETS_DIR", ROOT.parent / "shared" / "data"))
    wanted: dict[str, Any] = {"preset": "mnist_modern"} if (datasets / "mnist").is_dir() else {}

    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(Path(folder) / "data", datasets_dir=datasets) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS)
        report("end of an epoch to changed chart", chart_latencies(browser.new_page(), server, options.epochs))
        run = server.wait_for_run(server.create_run(epochs=2, **wanted)["id"], "finished", timeout=600)
        opened, filtered = page_latencies(browser, server, f"/runs/{run['id']}/misclassified", options.openings)
        name = run["hyperparameters"]["dataset"]
        report(f"opening the misclassified page of a run on {name}", opened)
        report("changing its filter", filtered)


if __name__ == "__main__":
    main()
