"""How long a person waits for a chart, from the end of the epoch that it is to show.

`python tasks.py bench latency [--epochs 30]`

From the moment at which the worker's file of predictions has grown by an epoch, which is nearly the last thing that it
does before it tells the server, to the frame after the one in which Chromium drew the chart with it. Where there is no
MNIST (MISFIT_DATASETS_DIR), only the digits are watched.
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


def chart_latencies(page: Page, server: ServerProcess, **run: Any) -> list[float]:
    """Start a run; seconds from the end of each epoch after the first drawing until it is drawn."""
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
    return [min(when for drawing, when in drawn.items() if drawing >= epoch) - written[epoch] for epoch in seen]


def table(epochs: int = 30) -> str:
    """Watch a run of short epochs and one of long ones; Markdown."""
    runs: dict[str, dict[str, Any]] = {"short epochs (digits)": {"epochs": 5 * epochs, "hidden_sizes": [500, 500]}}
    if is_available("mnist", DATASETS_DIR):
        runs["long epochs (MNIST modern)"] = {"epochs": epochs, "preset": "mnist_modern"}
    rows = []
    with dashboard() as (server, browser):
        for name, run in runs.items():
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            rows.append(waits_row(f"end of an epoch to changed chart, {name}", chart_latencies(page, server, **run)))
            page.close()
    return waits_table(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=30)
    options = parser.parse_args()
    print(table(options.epochs))


if __name__ == "__main__":
    main()
