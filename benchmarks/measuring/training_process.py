"""Training in a separate process, to measure its memory and time."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.measuring.mnist import DATASETS_DIR, ROOT
from benchmarks.measuring.peak import peak_bytes
from nn.datasets import Dataset, load_dataset
from nn.hyperparameters.schema import Hyperparameters
from nn.storage.checkpoint import Checkpoint
from nn.training.events import EpochCompleted, TrainingEvent
from nn.training.trainer import train


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of training: the peak memory of the process, and the median seconds of the epochs after the first."""

    peak_bytes: int
    epoch_seconds: float


def cost_of_training(
    values: dict[str, Any], *, epochs: int = 3, train_size: int | None = None, datasets_dir: Path = DATASETS_DIR
) -> Cost:
    """Train with these hyperparameters in a new process, on the first `train_size` images, or on all if it is None.

    Raises RuntimeError with the last line of the error output if the process fails.
    """
    arguments = [json.dumps({**values, "epochs": epochs}), str(train_size or 0), str(datasets_dir)]
    command = [sys.executable, "-m", "benchmarks.measuring.training_process", *arguments]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise RuntimeError(f"{json.dumps(values)} failed: {finished.stderr.strip().splitlines()[-1]}")
    return Cost(**json.loads(finished.stdout))


def train_here(values: dict[str, Any], train_size: int, datasets_dir: Path) -> Cost:
    """Train in this process. As in a worker, the last and the best checkpoint stay in memory."""
    checkpoints: dict[str, Checkpoint] = {}

    def store_checkpoint(event: TrainingEvent) -> None:
        if isinstance(event, EpochCompleted):
            checkpoints["last"] = copy.deepcopy(event.checkpoint)
            checkpoints.setdefault("best", checkpoints["last"])  # a worker holds at most two checkpoints

    h = Hyperparameters.parse(values)
    with tempfile.TemporaryDirectory() as cache:
        dataset = load_dataset(h.dataset, datasets_dir=datasets_dir, cache_dir=Path(cache))
        history = train(h, shorten(dataset, train_size or len(dataset.train)), on_event=store_checkpoint).history
    seconds = median(after.elapsed_seconds - before.elapsed_seconds for before, after in pairwise(history))
    return Cost(peak_bytes(), seconds)


def shorten(dataset: Dataset, train_size: int) -> Dataset:
    """Return the data set with only the first `train_size` training images."""
    return replace(dataset, train=dataset.train.part(np.arange(train_size)))


if __name__ == "__main__":
    print(json.dumps(asdict(train_here(json.loads(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))))
