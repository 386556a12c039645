"""Response time of the examination of a configuration before its first step.

`python tasks.py bench preflight [--times 20]`

A client sends `POST /api/preflight` with varied configurations to a server that has loaded the data set. In the rows
with another seed, the server has examined neither the data nor the network before, because the seed decides which
images are held out. In the rows with another network, it has examined the data; in those with another learning rate,
also the network. The form first sends a check of the values, which measures the time of an epoch, so the benchmark does
the same. If MNIST is not in MISFIT_DATASETS_DIR, the benchmark uses the 8×8 digits.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measuring.mnist import DATASETS_DIR
from benchmarks.measuring.waits import waits_row, waits_table
from tests.support.server_process import ServerProcess

NETWORKS: dict[str, list[int]] = {
    "64 hidden units": [64],
    "512, 512 hidden units": [512, 512],
    "2,000,000 parameters": [1000, 1000, 210],
}
ACTIVATIONS = ("relu", "tanh", "sigmoid", "leaky_relu", "linear")


def response_times(server: ServerProcess, configurations: Iterable[dict[str, Any]]) -> list[float]:
    """Return the seconds of the examination of each configuration."""
    seconds = []
    for values in configurations:
        server.request("POST", "/api/hyperparameters/check", {"hyperparameters": values})
        start = time.perf_counter()
        status, body = server.request("POST", "/api/preflight", {"hyperparameters": values})
        seconds.append(time.perf_counter() - start)
        if status != 200:
            raise SystemExit(f"The server responded with status {status}: {body}")
    return seconds


def table(*, times: int = 20) -> str:
    """Measure the response times, and return them as a table."""
    dataset = "mnist" if (DATASETS_DIR / "mnist").is_dir() else "digits"
    rows = []
    with TemporaryDirectory() as folder, ServerProcess(Path(folder), datasets_dir=DATASETS_DIR) as server:
        server.request("POST", "/api/preflight", {"hyperparameters": {"dataset": dataset}})
        for title, sizes in NETWORKS.items():
            basis = {"dataset": dataset, "hidden_sizes": sizes, "optimizer": "sgd"}
            scalings = ("unit", "standardize", "none")
            cold = [{**basis, "seed": 1 + turn, "input_scaling": scalings[turn % 3]} for turn in range(times)]
            network = [{**basis, "activation": ACTIVATIONS[turn % 5], "l2": 1e-6 * (1 + turn)} for turn in range(times)]
            rate = [{**basis, "learning_rate": 0.01 * (1 + turn)} for turn in range(times)]
            for change, configurations in (("seed and scaling", cold), ("network", network), ("learning rate", rate)):
                rows.append(waits_row(f"{title}, another {change}", response_times(server, configurations)))
    return waits_table(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    print(table(**vars(parser.parse_args())))
