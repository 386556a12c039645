"""Overhead of the dashboard: epochs of a run that a browser displays, compared with epochs of a bare training loop.

`python tasks.py bench overhead [--pairs 5] [--scale 1]`

The run trains in the worker of a real server, while Chromium displays its run page. The bare loop is
`nn.training.trainer.train` in its own process, with an event handler that does nothing. Each pair of measurements
consists of a displayed run and a bare loop, and their order alternates. The duration of an epoch is the difference
between the `elapsed_seconds` of consecutive results. It includes the time in which the worker stores and sends a
result. The run is paused while the page opens, so the browser displays every epoch that is measured.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from benchmarks.measuring.dashboard import dashboard
from benchmarks.measuring.mnist import DATASETS_DIR, ROOT
from benchmarks.measuring.spread import Spread
from benchmarks.measuring.tables import markdown_table
from nn.datasets import is_available, load_dataset
from nn.presets.catalog import PRESETS
from nn.training.trainer import train
from tests.support.server_process import ServerProcess

MAXIMUM_RATIO = 1.03
EPOCHS = {"digits_quick": 300, "mnist_modern": 10}


def epoch_durations(elapsed: Sequence[float]) -> list[float]:
    """Return the seconds of each epoch after the first.

    `elapsed` contains the training time at the end of each epoch.
    """
    return [end - start for start, end in pairwise(elapsed)]


def displayed_epochs(server: ServerProcess, browser: Browser, preset: str, epochs: int) -> list[float]:
    """Return the seconds of each epoch of a run that a browser displays."""
    run_id = server.create_run(preset=preset, epochs=epochs)["id"]
    server.wait_for_run(run_id, "running")
    server.request("POST", f"/api/runs/{run_id}/pause")
    n_before = server.wait_for_run(run_id, "paused")["epochs_completed"]
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{server.base_url}/runs/{run_id}")
    page.wait_for_selector(".chart-frame")
    server.request("POST", f"/api/runs/{run_id}/resume")
    page.wait_for_selector(f'.chart-frame[data-epochs="{epochs}"]', timeout=600_000)
    page.close()
    items = server.get(f"/api/runs/{run_id}/epochs?after={n_before}")["items"]
    return epoch_durations([item["elapsed_seconds"] for item in items])


def bare_epochs(preset: str, epochs: int) -> list[float]:
    """Return the seconds of each epoch that a separate process trains without a dashboard."""
    command = [sys.executable, "-m", "benchmarks.dashboard.overhead", "bare", preset, str(epochs)]
    finished = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return epoch_durations(json.loads(finished.stdout))


def print_bare(preset: str, epochs: int) -> None:
    """Train without a dashboard and print the elapsed seconds as JSON, in the process that `bare_epochs` starts."""
    chosen = PRESETS[preset].hyperparameters.model_copy(update={"epochs": epochs})
    with tempfile.TemporaryDirectory() as cache_dir:
        dataset = load_dataset(chosen.dataset, datasets_dir=DATASETS_DIR, cache_dir=Path(cache_dir))
        result = train(chosen, dataset, on_event=lambda _event: None)
    print(json.dumps([each.elapsed_seconds for each in result.history]))


def table(pairs: int = 5, scale: float = 1.0) -> str:
    """Measure `pairs` pairs of runs for each preset in EPOCHS, and return a Markdown table.

    Each run has `scale` times the number of epochs that EPOCHS contains.
    """
    rows = []
    with dashboard() as (server, browser):
        for preset, default_epochs in EPOCHS.items():
            epochs = max(4, round(scale * default_epochs))
            if not is_available(PRESETS[preset].hyperparameters.dataset, DATASETS_DIR):
                rows.append([PRESETS[preset].title, "no data", "no data", ""])
                continue
            displayed, bare = [], []
            for pair in range(pairs):
                if pair % 2:
                    bare.append(median(bare_epochs(preset, epochs)))
                displayed.append(median(displayed_epochs(server, browser, preset, epochs)))
                if not pair % 2:
                    bare.append(median(bare_epochs(preset, epochs)))
            ratio = Spread.of_ratios(displayed, bare)
            rows.append([PRESETS[preset].title, f"{median(displayed):.4f}", f"{median(bare):.4f}", f"{ratio:.3f}"])
    header = ["preset", "seconds per epoch, displayed", "bare loop", "ratio (quartiles)"]
    return f"{markdown_table(header, rows)}\n\nThe ratio should be at most {MAXIMUM_RATIO}."


def main() -> None:
    if sys.argv[1:2] == ["bare"]:
        print_bare(sys.argv[2], int(sys.argv[3]))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0, help="factor for the number of epochs")
    options = parser.parse_args()
    print(table(options.pairs, options.scale))


if __name__ == "__main__":
    main()
