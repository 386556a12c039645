"""One trial: a short training run whose network is scored after each epoch."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nn.array_types import FloatArray
from nn.datasets.dataset import Dataset
from nn.hyperparameters.schema import Hyperparameters
from nn.training.control import Control
from nn.training.events import EpochCompleted, TrainingEvent
from nn.training.trainer import train

MAX_POINTS = 100  # of a curve


@dataclass
class TrialCurves:
    """The training cost and the score after every `stride`-th epoch; a cost that is not finite is None."""

    stride: int = 1
    costs: list[float | None] = field(default_factory=list)
    scores: list[float | None] = field(default_factory=list)


def run_trial(
    hyperparameters: Hyperparameters,
    dataset: Dataset,
    epochs: int,
    *,
    targets: NDArray[np.float64] | None,
    control: Control,
    on_epoch: Callable[[TrialCurves], None],
) -> TrialCurves:
    """Train for the first `epochs` epochs of a run, or until it diverges, and return its curves.

    `dataset` is that of `TrialExamples`. The score is the accuracy on its test split, or R² at its output grid if
    `targets` are given. `on_epoch` gets the curves so far. If `control` asks to stop, the curves end early.
    """
    curves = TrialCurves(stride=math.ceil(epochs / MAX_POINTS))
    limit = _EpochLimit(control, epochs)

    def record(event: TrainingEvent) -> None:
        if not isinstance(event, EpochCompleted):
            return
        limit.completed = event.result.epoch
        if limit.completed % curves.stride and limit.completed < epochs:
            return
        cost = event.result.train_cost
        curves.costs.append(cost if cost is not None and math.isfinite(cost) else None)
        if targets is None:
            curves.scores.append(event.result.test_accuracy)
        elif event.grid_outputs is not None:
            curves.scores.append(r_squared(event.grid_outputs, targets))
        on_epoch(curves)

    alone = hyperparameters.model_copy(  # the examples are already selected
        update={
            "validation_fraction": 0.0,
            "images_per_class": 0,
            "early_stopping": False,
            "batch_size": min(hyperparameters.batch_size, len(dataset.train)),
        }
    )
    train(alone, dataset, on_event=record, control=limit)
    return curves


@np.errstate(all="ignore")
def r_squared(outputs: FloatArray, targets: NDArray[np.float64]) -> float | None:
    """Return R², averaged over the targets, for `outputs` and `targets` (n_examples, n_targets).

    A target that does not vary is left out. None if R² is not finite.
    """
    spread = np.square(targets - targets.mean(axis=0)).sum(axis=0)
    errors = np.square(outputs.astype(np.float64) - targets).sum(axis=0)
    score = float((1 - errors[spread > 0] / spread[spread > 0]).mean())
    return score if math.isfinite(score) else None


class _EpochLimit:
    """A control that stops training after `limit` epochs, without a change of the learning-rate schedule."""

    def __init__(self, control: Control, limit: int) -> None:
        self._control = control
        self._limit = limit
        self.completed = 0

    def proceed(self) -> bool:
        return self.completed < self._limit and self._control.proceed()

    def changes(self) -> Mapping[str, float]:
        return {}
