"""One training run with everything that a diagnosis or a contender examines."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring.mnist import DATASETS_DIR
from nn.datasets import Dataset, is_available, load_dataset
from nn.datasets.subset import first_of_each_class
from nn.diagnosis.evidence import Curves, RunEnd, RunEvidence
from nn.diagnosis.start_profile import StartProfile
from nn.diagnosis.telemetry import Telemetry
from nn.examples.prepared_data import PreparedData
from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import EpochCompleted, EpochResultJson, StopReason, TrainingEvent
from nn.training.trainer import TrainingResult, train

IMAGES_PER_CLASS, N_TEST_IMAGES = 1_000, 2_000
Observer = Callable[[TrainingEvent], None]
ENDS: dict[StopReason, RunEnd] = {StopReason.DIVERGED: "diverged", StopReason.STOPPED: "stopped"}


@cache
def load(name: str) -> Dataset:
    """Load a data set, of a large one only the first images. Instead of a missing Fashion-MNIST, load MNIST."""
    available = is_available(name, DATASETS_DIR)
    with TemporaryDirectory(ignore_cleanup_errors=True) as cache_dir:
        dataset = load_dataset(name if available else "mnist", datasets_dir=DATASETS_DIR, cache_dir=Path(cache_dir))
    return first_images(dataset) if len(dataset.test) > N_TEST_IMAGES else dataset


def first_images(dataset: Dataset) -> Dataset:
    """Return the data set with the first IMAGES_PER_CLASS training images of each class and N_TEST_IMAGES test images.

    A run can then train on "all" images in seconds.
    """
    smaller = first_of_each_class(dataset, IMAGES_PER_CLASS)
    return replace(smaller, test=dataset.test.part(np.arange(N_TEST_IMAGES)))


@dataclass(slots=True, eq=False)
class RecordedRun:
    """A run, its results epoch by epoch, and its telemetry.

    `confusions` contains for each epoch the confusion matrix (n_classes, n_classes) of the test images; it is empty
    without test images. `score` is the accuracy of the final network on the test images, or on the training examples
    of a table; for a regression, it is R² on the training examples, at least 0.
    """

    hyperparameters: Hyperparameters
    dataset: Dataset
    results: list[EpochResultJson] = field(default_factory=list)
    telemetry: list[Telemetry] = field(default_factory=list)
    confusions: list[NDArray[np.intp]] = field(default_factory=list)
    end: RunEnd = "running"
    score: float = math.nan

    @property
    def n_epochs(self) -> int:
        """The number of completed epochs."""
        return len(self.results)

    def evidence(self, start: StartProfile | None, epoch: int | None = None) -> RunEvidence:
        """Return what is known after `epoch`, by default after the end of the run."""
        last = self.n_epochs if epoch is None else min(epoch, self.n_epochs)
        ended = last == self.n_epochs
        return RunEvidence(
            hyperparameters=self.hyperparameters,
            curves=Curves.from_results(self.results[:last]),
            telemetry=tuple(each for each in self.telemetry if each.epoch <= last),
            start=start,
            end=self.end if ended else "running",
            confusion=self.confusions[last - 1] if 0 < last <= len(self.confusions) else None,
        )


def record(hyperparameters: Hyperparameters, dataset: Dataset, observer: Observer | None = None) -> RecordedRun:
    """Train, and record the run. `observer` gets all events of the training."""
    run = RecordedRun(hyperparameters, dataset)
    n_classes = dataset.n_classes

    def on_event(event: TrainingEvent) -> None:
        if isinstance(event, EpochCompleted):
            run.results.append(event.result.to_json())
            run.telemetry.extend(event.telemetry)
            if event.predictions is not None and n_classes:
                counts = np.zeros((n_classes, n_classes), np.intp)
                np.add.at(counts, (dataset.test.labels, event.predictions.predicted), 1)
                run.confusions.append(counts)
        if observer is not None:
            observer(event)

    result = train(hyperparameters, dataset, on_event=on_event)
    run.end = ENDS.get(result.stop_reason, "finished")
    run.score = score_of(hyperparameters, dataset, result)
    return run


def score_of(hyperparameters: Hyperparameters, dataset: Dataset, result: TrainingResult) -> float:
    """Return the score of a trained network, as RecordedRun defines it."""
    prepared = PreparedData.of_run(hyperparameters, dataset)
    data = prepared.dataset
    split = data.test if len(data.test) else data.train
    rows = np.arange(len(split))
    inputs = prepared.inputs(split, rows)
    network = result.network
    if split.targets is None:
        with np.errstate(all="ignore"):
            logits: NDArray[Any] = network.predict_logits(inputs)
            return float(np.mean(network.loss.classes(logits) == split.labels))
    outputs = prepared.target_scaling.undo(network.predict_outputs(inputs)).astype(np.float64)
    with np.errstate(all="ignore"):
        unexplained = float(np.square(outputs - split.targets).sum())
    total = float(np.square(split.targets - split.targets.mean(axis=0)).sum())
    return max(0.0, 1.0 - unexplained / total) if math.isfinite(unexplained) else 0.0
