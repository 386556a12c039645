"""How memory and time grow with the layers, the batches and the data: python tasks.py bench scaling [--epochs 3]

MNIST in a process of its own for each size. Then one run of a real server with MNIST and otherwise the defaults: the
most memory that the worker which it spawned ever held.
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

USUAL: dict[str, Any] = {"dataset": "mnist", "hidden_sizes": [128], "batch_size": 128}
HIDDEN_SIZES = ([128], [512], [512, 512, 512])
BATCH_SIZES = (32, 256, 2048)
TRAIN_SIZES = (10_000, 30_000, 60_000)
WORKER_BAR = 350_000_000  # bytes


def sizes() -> Iterator[tuple[str, dict[str, Any], int | None]]:
    """What is changed, the hyperparameters, the number of training images."""
    for hidden_sizes in HIDDEN_SIZES:
        yield f"hidden layers {'-'.join(map(str, hidden_sizes))}", {**USUAL, "hidden_sizes": hidden_sizes}, None
    for batch_size in BATCH_SIZES:
        yield f"batches of {batch_size:,}", {**USUAL, "batch_size": batch_size}, None
    for train_size in TRAIN_SIZES:
        yield f"{train_size:,} training images", USUAL, train_size


def worker_peak(epochs: int) -> int:
    """The most bytes that a worker which trains MNIST with the defaults ever held."""
    peaks = [0]
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(Path(folder) / "data", datasets_dir=DATASETS_DIR) as server,
    ):
        run_id = server.create_run(dataset="mnist", epochs=epochs)["id"]
        processes = psutil.Process(server.process.pid)

        def has_ended() -> bool:
            peaks.extend(peak_bytes(child.pid) for child in processes.children() if child.is_running())
            return server.get(f"/api/runs/{run_id}")["status"] in ENDED

        wait_until(has_ended, timeout=600, what="trained")
    return max(peaks)


def table(epochs: int = 3) -> str:
    """Train for `epochs` with every size; Markdown."""
    if not is_available("mnist", DATASETS_DIR):
        return MISSING
    rows = []
    for title, values, train_size in sizes():
        cost = cost_of_training(values, epochs=epochs, train_size=train_size)
        rows.append([title, f"{cost.peak_bytes / 1e6:.0f} MB", f"{cost.epoch_seconds:.2f} s"])
    grown = markdown_table(
        ["MNIST, 784-128-10 with batches of 128, but", "peak memory", "epoch with its evaluation"], rows
    )
    peak = worker_peak(epochs)
    return (
        f"{grown}\n\nA dashboard's worker that trains MNIST with the defaults held {peak / 1e6:.0f} MB at its peak; "
        f"it is to be at most {WORKER_BAR / 1e6:.0f} MB."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=3)
    print(table(parser.parse_args().epochs))


if __name__ == "__main__":
    main()
