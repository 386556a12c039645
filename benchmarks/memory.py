"""Compare the memory that is estimated for a run with what a process that trains it takes at its peak.

    python tasks.py bench memory [data-sets folder, else MISFIT_DATASETS_DIR]

Every run is trained for three epochs in a process of its own, which keeps checkpoints as a worker does: the last and
the best. Works where the `resource` module does (Linux and macOS).
"""

from __future__ import annotations

import copy
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from nn.checkpoints import Checkpoint
from nn.datasets import load_dataset
from nn.events import EpochCompleted, TrainingEvent
from nn.hyperparameters import Hyperparameters
from nn.memory import estimate_memory
from nn.training import train

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


def main(datasets_dir: str) -> None:
    """Print estimate and measurement of every run."""
    print(f"{'estimate':>10} {'measured':>10} {'ratio':>6}")
    for values in RUNS:
        estimate = estimate_memory(Hyperparameters.parse(values)).total_bytes
        command = [sys.executable, "-m", "benchmarks.memory", "train", json.dumps(values), datasets_dir]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        if finished.returncode:
            print(f"{json.dumps(values)} could not be trained: {finished.stderr.strip().splitlines()[-1]}")
            continue
        measured = int(finished.stdout)
        print(f"{estimate / 1e6:7.0f} MB {measured / 1e6:7.0f} MB {estimate / measured:6.2f}  {json.dumps(values)}")


def peak_of_training(values: dict[str, Any], datasets_dir: Path) -> int:
    """Train in this process; the most bytes that it ever held in memory."""
    kept: dict[str, Checkpoint] = {}

    def keep(event: TrainingEvent) -> None:
        if isinstance(event, EpochCompleted):
            kept["last"] = copy.deepcopy(event.checkpoint)
            kept.setdefault("best", kept["last"])  # as if the first epoch were the best: the most that is ever held

    h = Hyperparameters.parse({"epochs": 3, **values})
    with tempfile.TemporaryDirectory() as cache:
        train(h, load_dataset(h.dataset, datasets_dir=datasets_dir, cache_dir=Path(cache)), on_event=keep)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # Linux counts in kibibytes


if __name__ == "__main__":
    if sys.argv[1:2] == ["train"]:
        print(peak_of_training(json.loads(sys.argv[2]), Path(sys.argv[3])))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MISFIT_DATASETS_DIR", "datasets"))
