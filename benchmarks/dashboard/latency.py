"""Delay from the end of an epoch to the frame in which the chart shows it.

`python tasks.py bench latency [--epochs 30]`

The delay starts when the worker has appended the epoch to its file of predictions, shortly before it reports the epoch
to the server. It ends one frame after Chromium has drawn the chart with that epoch. If MNIST is not in
MISFIT_DATASETS_DIR, the benchmark measures only the run on the 8×8 digits.
"""

from __future__ import annotations

import argparse
import threading
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from benchmarks.measuring.dashboard import dashboard
from benchmarks.measuring.mnist import DATASETS_DIR
from benchmarks.measuring.waits import waits_row, waits_table
from nn.datasets import is_available
from tests.support.server_process import ServerProcess

# Store the time at which the chart first shows each epoch, in milliseconds since the Unix epoch.
WATCH_CHART = """() => {
    window.drawn = {};
    new MutationObserver(() => {
        const {epochs} = document.querySelector(".chart-frame").dataset;
        requestAnimationFrame(() => setTimeout(() => {
            window.drawn[epochs] ??= performance.timeOrigin + performance.now();
        }));
    }).observe(document.body, {subtree: true, attributeFilter: ["data-epochs"]});
}"""


class GrowthWatch(threading.Thread):
    """Thread that watches a file grow. `sizes` maps each size to the time when it was reached, in Unix seconds."""

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


def chart_latencies(page: Page, server: ServerProcess, **run: Any) -> list[float]:
    """Start a run, and return the delay in seconds of each epoch that ended after the chart had appeared."""
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
    record_size = sizes[-1] - sizes[-2]
    written_at = {epochs - (sizes[-1] - size) // record_size: when for size, when in growth.sizes.items()}
    measured = [epoch for epoch in written_at if epoch > min(drawn)]  # of epochs that end within 1 ms, only the last
    return [min(when for drawing, when in drawn.items() if drawing >= epoch) - written_at[epoch] for epoch in measured]


def table(epochs: int = 30) -> str:
    """Measure a run with short epochs and one with long epochs, and return a Markdown table."""
    runs: dict[str, dict[str, Any]] = {"short epochs (digits)": {"epochs": 5 * epochs, "hidden_sizes": [500, 500]}}
    if is_available("mnist", DATASETS_DIR):
        runs["long epochs (MNIST modern)"] = {"epochs": epochs, "preset": "mnist_modern"}
    rows = []
    with dashboard() as (server, browser):
        for name, run in runs.items():
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            rows.append(waits_row(f"end of epoch to updated chart, {name}", chart_latencies(page, server, **run)))
            page.close()
    return waits_table(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=30)
    options = parser.parse_args()
    print(table(options.epochs))


if __name__ == "__main__":
    main()
