"""Estimated memory of a run, compared with the peak memory of a process that trains it.

    python tasks.py bench memory [folder of the data sets; default: MISFIT_DATASETS_DIR]

Each run trains for three epochs in its own process. As in a worker, the last and the best checkpoint stay in memory.
The benchmark needs the `resource` module (Linux and macOS).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.measuring.mnist import DATASETS_DIR
from benchmarks.measuring.tables import markdown_table
from benchmarks.measuring.training_process import cost_of_training
from nn.hyperparameters.schema import Hyperparameters
from nn.training.memory_estimate import estimate_memory

RUNS: tuple[dict[str, Any], ...] = (
    {},
    {"hidden_sizes": [1000, 1000]},
    {"hidden_sizes": [3000, 3000]},
    {"hidden_sizes": [3000, 3000], "optimizer": "sgd", "batch_size": 256},
    {"hidden_sizes": [3000, 3000], "optimizer": "sgd", "dtype": "float64", "batch_size": 256},
    {"hidden_sizes": [3000, 3000], "batching": "full_batch", "l2": 1e-4, "dropout_rate": 0.5},
    {"hidden_sizes": [3000, 3000], "batching": "full_batch", "activation": "leaky_relu", "optimizer": "rmsprop"},
    {"dataset": "mnist", "batch_size": 128},
    {"dataset": "mnist", "batch_size": 128, "validation_fraction": 0, "input_scaling": "standardize"},
    {"dataset": "mnist", "batch_size": 4096, "hidden_sizes": [1000]},
)


def table(datasets_dir: Path = DATASETS_DIR) -> str:
    """Estimate and measure the memory of each run, and return a Markdown table."""
    rows = []
    for values in RUNS:
        estimate = estimate_memory(Hyperparameters.parse(values)).total_bytes
        try:
            measured = cost_of_training(values, datasets_dir=datasets_dir).peak_bytes
        except RuntimeError as error:
            rows.append([str(error), f"{estimate / 1e6:.0f} MB", "", ""])
            continue
        changed = ", ".join(f"{name} {json.dumps(value)}" for name, value in values.items())
        cells = [f"{estimate / 1e6:.0f} MB", f"{measured / 1e6:.0f} MB", f"{estimate / measured:.2f}"]
        rows.append([changed or "the defaults", *cells])
    return markdown_table(["changed from the defaults", "estimate", "measured", "ratio"], rows)


def main() -> None:
    print(table(Path(sys.argv[1]) if len(sys.argv) > 1 else DATASETS_DIR))


if __name__ == "__main__":
    main()
