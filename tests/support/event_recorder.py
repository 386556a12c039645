"""Recording of the events of short runs on a small data set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from nn.array_types import FloatArray
from nn.datasets import Dataset
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS
from nn.model.initializers import INITIALIZERS
from nn.model.losses import LOSSES
from nn.storage.checkpoint import Checkpoint
from nn.training.control import Control
from nn.training.events import EpochCompleted, EpochResult, TrainingEvent
from nn.training.schedules import SCHEDULES
from nn.training.trainer import TrainingResult, train
from tests.support.datasets.small_dataset import small_dataset

SMALL = small_dataset()


@dataclass
class Recording:
    """The events of a run, with a copy of the weights and the losses after each epoch."""

    events: list[TrainingEvent] = field(default_factory=list)
    weights: list[FloatArray] = field(default_factory=list)
    losses: list[FloatArray] = field(default_factory=list)

    def __call__(self, event: TrainingEvent) -> None:
        self.events.append(event)
        if isinstance(event, EpochCompleted):
            self.weights.append(event.checkpoint.parameters.copy())
            if event.predictions:
                self.losses.append(event.predictions.losses)

    @property
    def epochs(self) -> list[EpochCompleted]:
        return [event for event in self.events if isinstance(event, EpochCompleted)]


def record(
    dataset: Dataset = SMALL, *, control: Control | None = None, resume_from: Checkpoint | None = None, **values: Any
) -> tuple[TrainingResult, Recording]:
    """Train for three epochs with mini-batches of 16, or with the given hyperparameters, and record the events."""
    h = Hyperparameters.parse({"hidden_sizes": (8,), "epochs": 3, "batch_size": 16} | values)
    recording = Recording()
    return train(h, dataset, on_event=recording, control=control, resume_from=resume_from), recording


class BatchControl:
    """Control that calls `before_batch(n)` before the n-th mini-batch, and ends training if the result is False."""

    def __init__(self, before_batch: Callable[[int], bool]) -> None:
        self.n_batches = 0
        self._before_batch = before_batch

    def proceed(self) -> bool:
        self.n_batches += 1
        return self._before_batch(self.n_batches)

    def changes(self) -> Mapping[str, float]:
        return {}


def without_times(history: list[EpochResult]) -> list[EpochResult]:
    return [replace(result, elapsed_seconds=0.0, images_per_second=0.0) for result in history]


def assert_same_bits(actual: list[FloatArray], expected: list[FloatArray]) -> None:
    assert [array.tobytes() for array in actual] == [array.tobytes() for array in expected]
    assert all(np.isfinite(array).all() for array in actual)


def choices() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for the hyperparameters of runs that do not diverge.

    The strategy covers every optimizer and random generator whose state a checkpoint stores.
    """
    return st.fixed_dictionaries(
        {
            "hidden_sizes": st.sampled_from([(), (6,), (5, 4)]),
            "activation": st.sampled_from(sorted(ACTIVATIONS)),
            "loss": st.sampled_from(sorted(LOSSES)),
            "initializer": st.sampled_from(sorted(INITIALIZERS)),
            "initializer_scale": st.just(0.3),
            "bias_initializer": st.sampled_from(["zeros", "normal"]),
            "input_scaling": st.sampled_from(["unit", "standardize"]),
            "dtype": st.sampled_from(["float32", "float64"]),
            "optimizer": st.sampled_from(["sgd", "rmsprop", "adam"]),
            "momentum": st.sampled_from([0.0, 0.9]),
            "schedule": st.sampled_from(sorted(SCHEDULES)),
            "batching": st.sampled_from(["mini_batch", "full_batch"]),
            "batch_size": st.sampled_from([7, 36, 108]),
            "sampling": st.sampled_from(["without_replacement", "with_replacement"]),
            "use_bias": st.booleans(),
            "validation_fraction": st.sampled_from([0.0, 0.1]),
            "l1": st.sampled_from([0.0, 1e-3]),
            "l2": st.sampled_from([0.0, 1e-3]),
            "dropout_rate": st.sampled_from([0.0, 0.3]),
            "seed": st.integers(0, 2**32 - 1),
        }
    )
