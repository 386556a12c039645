"""What training tells whoever is listening, in the order in which it happens."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nn.analysis.predictions import Predictions
    from nn.array_types import FloatArray
    from nn.storage.checkpoint import Checkpoint


class StopReason(StrEnum):
    """Why training ended."""

    COMPLETED = "completed"
    EARLY_STOPPING = "early_stopping"
    CONVERGED = "converged"  # the optimizer found no further step that lowers the cost
    STOPPED = "stopped"
    DIVERGED = "diverged"


@dataclass(frozen=True, slots=True)
class EpochResult:
    """The figures of one epoch.

    Costs include the penalty where they are training costs; accuracies are fractions; `None` means that
    the figure does not apply (no validation split, no classes, a step found by search). `learning_rate` is
    the one used in this epoch, `gradient_evaluations` counts from the start of the run, `elapsed_seconds` is
    training and evaluation time since the start of the run without pauses, `images_per_second` is over this
    epoch's training.
    """

    epoch: int
    train_cost: float | None
    train_accuracy: float | None
    validation_cost: float | None
    validation_accuracy: float | None
    test_cost: float | None
    test_accuracy: float | None
    learning_rate: float | None
    gradient_evaluations: int
    elapsed_seconds: float
    images_per_second: float

    def to_json(self) -> dict[str, Any]:
        """The figures as JSON values: a non-finite one becomes `None` and is named in `non_finite`."""
        # asdict() copies in depth, which takes a tenth of a millisecond: 3 % of a short epoch.
        figures = {field.name: getattr(self, field.name) for field in fields(self)}
        non_finite = [name for name, value in figures.items() if isinstance(value, float) and not math.isfinite(value)]
        return figures | dict.fromkeys(non_finite) | {"non_finite": non_finite}


@dataclass(frozen=True, slots=True)
class TrainingStarted:
    """Training is about to take its first step.

    `train_rows` (train_size,) tells which of the data set's stored training inputs are learned from: those that are
    left when a part is chosen and the validation split is held out.
    """

    epochs: int
    batches_per_epoch: int
    train_size: int
    validation_size: int
    test_size: int
    parameter_count: int
    train_rows: NDArray[np.intp] = field(compare=False)


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """One batch is done. `cost` is this batch's, `images_per_second` this epoch's so far."""

    epoch: int
    batch: int
    batches: int
    cost: float
    images_per_second: float


@dataclass(frozen=True, slots=True)
class EpochCompleted:
    """One epoch is trained and evaluated.

    `predictions` are those of the test images, `None` where there are none; `sketch` (n_places, n_outputs) is what
    the network says at the places of the data set's `OutputGrid`, in the units of the data, `None` where there is none.
    `checkpoint` is the state from which training can go on, valid until the handler returns (its arrays are the live
    ones), `is_best` says whether the validation split likes this epoch best so far.
    """

    result: EpochResult
    predictions: Predictions | None
    sketch: FloatArray | None
    checkpoint: Checkpoint
    is_best: bool


@dataclass(frozen=True, slots=True)
class TrainingFinished:
    """Training has ended. `best_epoch` is `None` without a validation split."""

    stop_reason: StopReason
    epochs_completed: int
    best_epoch: int | None


TrainingEvent = TrainingStarted | BatchProgress | EpochCompleted | TrainingFinished
