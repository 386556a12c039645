"""Duration of trials: python tasks.py bench trials [folder of the data sets; default: MISFIT_DATASETS_DIR]

Each run is examined as when it ends ill: its findings come from the rules, and the trials from `nn/trials`. The seconds
are those of the trials in a process that has already loaded its data. A process that starts for them takes another
second. Processor seconds count both threads, and do not count the time in which other programs used the processor.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measuring.mnist import DATASETS_DIR
from benchmarks.measuring.tables import markdown_table
from nn.datasets import load_dataset
from nn.diagnosis.diagnose import examine_preflight
from nn.diagnosis.start_examination import examine_start
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS
from nn.trials.trials import run_trials

UNSCALED_MNIST = {"dataset": "mnist", "input_scaling": "none", "optimizer": "sgd", "learning_rate": 0.1}
RUNS: dict[str, dict[str, Any]] = {
    "8×8 digits, too deep": PRESETS["deep_sigmoid"].hyperparameters.model_dump(),
    "8×8 digits, all the same": PRESETS["all_the_same"].hyperparameters.model_dump(),
    "8×8 digits, too hot": PRESETS["too_hot"].hyperparameters.model_dump(),
    "8×8 digits, batches of 1": {"optimizer": "sgd", "learning_rate": 0.1, "batch_size": 1},
    "8×8 digits, 512-512 units": {"hidden_sizes": [512, 512], "optimizer": "sgd", "learning_rate": 3},
    "XOR without a hidden layer": {
        "dataset": "xor_gate", "hidden_sizes": [], "loss": "binary_cross_entropy", "optimizer": "sgd",
        "learning_rate": 0.5, "batching": "full_batch", "epochs": 500,
    },
    "squares, unscaled": PRESETS["squares_unscaled"].hyperparameters.model_dump(),
    "MNIST, unscaled": UNSCALED_MNIST,
    "MNIST, whole batch": PRESETS["pitt_whole_batch"].hyperparameters.model_dump(),
    "MNIST, unscaled, 512-512 units": {**UNSCALED_MNIST, "hidden_sizes": [512, 512], "optimizer": "rmsprop"},
    "MNIST, 3 × 200 sigmoid units, batches of 1": {
        "dataset": "mnist", "hidden_sizes": [200, 200, 200], "activation": "sigmoid", "loss": "quadratic",
        "optimizer": "sgd", "learning_rate": 0.1, "batch_size": 1, "images_per_class": 100,
    },
}  # fmt: skip


def table(datasets_dir: Path = DATASETS_DIR) -> str:
    """Run the trials of each run once, and return a Markdown table."""
    rows: list[list[str]] = []
    with TemporaryDirectory(ignore_cleanup_errors=True) as cache_dir:
        for name, values in RUNS.items():
            h = Hyperparameters.parse(values)
            dataset = load_dataset(h.dataset, datasets_dir=datasets_dir, cache_dir=Path(cache_dir))
            start = examine_start(h, dataset)
            diagnosis = examine_preflight(h, start)
            started, busy = time.perf_counter(), time.process_time()
            trials = run_trials(h, dataset, diagnosis, data=start.data)
            seconds, busy = time.perf_counter() - started, time.process_time() - busy
            longest = max(outcome.seconds for outcome in trials.outcomes)
            cells = [len(trials.outcomes), trials.epochs, f"{trials.train_size:,}", f"{seconds:.1f}", f"{busy:.1f}"]
            rows.append([name, *map(str, cells), f"{longest:.2f}"])
    return markdown_table(["run", "trials", "epochs", "examples", "seconds", "processor seconds", "longest"], rows)


def main() -> None:
    print(table(Path(sys.argv[1]) if len(sys.argv) > 1 else DATASETS_DIR))


if __name__ == "__main__":
    main()
