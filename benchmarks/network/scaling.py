"""Growth of memory and time with the sizes of the hidden layers, the batch size and the number of training images.

`python tasks.py bench scaling [--epochs 3]`

The benchmark trains on MNIST in a separate process for each problem size. Then it measures the peak memory of the
worker that a real server starts for a run on MNIST with the default hyperparameters.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from benchmarks.measuring.mnist import DATASETS_DIR, MISSING
from benchmarks.measuring.peak import peak_bytes
from benchmarks.measuring.tables import markdown_table
from benchmarks.measuring.training_process import cost_of_training
from nn.datasets import is_available
from tests.support.server_process import ENDED, ServerProcess
from tests.support.waiting import wait_until

BASELINE: dict[str, Any] = {"dataset": "mnist", "hidden_sizes": [128], "batch_size": 128}
HIDDEN_SIZES = ([128], [512], [512, 512, 512])
BATCH_SIZES = (32, 256, 2048)
TRAIN_SIZES = (10_000, 30_000, 60_000)
MAXIMUM_WORKER_PEAK = 350_000_000  # bytes


def sizes() -> Iterator[tuple[str, dict[str, Any], int | None]]:
    """Yield the title of each problem size, its hyperparameters, and its number of training images (None: all)."""
    for hidden_sizes in HIDDEN_SIZES:
        yield f"hidden layers {'-'.join(map(str, hidden_sizes))}", {**BASELINE, "hidden_sizes": hidden_sizes}, None
    for batch_size in BATCH_SIZES:
        yield f"batches of {batch_size:,}", {**BASELINE, "batch_size": batch_size}, None
    for train_size in TRAIN_SIZES:
        yield f"{train_size:,} training images", BASELINE, train_size


def worker_peak(epochs: int) -> int:
    """Return the peak memory in bytes of a worker that trains on MNIST with the default hyperparameters."""
    peaks = [0]
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(Path(folder) / "data", datasets_dir=DATASETS_DIR) as server,
    ):
        run_id = server.create_run(dataset="mnist", epochs=epochs)["id"]
        server_process = psutil.Process(server.process.pid)

        def has_ended() -> bool:
            peaks.extend(peak_bytes(child.pid) for child in server_process.children() if child.is_running())
            return server.get(f"/api/runs/{run_id}")["status"] in ENDED

        wait_until(has_ended, timeout=600, what="finished training")
    return max(peaks)


def table(epochs: int = 3) -> str:
    """Train for `epochs` epochs with each problem size, and return a Markdown table."""
    if not is_available("mnist", DATASETS_DIR):
        return MISSING
    rows = []
    for title, values, train_size in sizes():
        cost = cost_of_training(values, epochs=epochs, train_size=train_size)
        rows.append([title, f"{cost.peak_bytes / 1e6:.0f} MB", f"{cost.epoch_seconds:.2f} s"])
    growth = markdown_table(
        ["change from 784-128-10 on MNIST, batches of 128", "peak memory", "epoch with evaluation"], rows
    )
    peak = worker_peak(epochs)
    return (
        f"{growth}\n\nThe peak memory of a worker that trains on MNIST with the defaults was "
        f"{peak / 1e6:.0f} MB; the limit is {MAXIMUM_WORKER_PEAK / 1e6:.0f} MB."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=3)
    print(table(parser.parse_args().epochs))


if __name__ == "__main__":
    main()
