"""Events of training, in the order in which they happen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from typing_extensions import TypedDict  # before Python 3.12, pydantic rejects `typing.TypedDict`

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nn.analysis.predictions import Predictions
    from nn.array_types import FloatArray
    from nn.diagnosis.telemetry import Telemetry
    from nn.storage.checkpoint import Checkpoint


class StopReason(StrEnum):
    """Reasons for the end of training."""

    COMPLETED = "completed"
    EARLY_STOPPING = "early_stopping"
    CONVERGED = "converged"  # the optimizer found no further step that lowers the cost
    STOPPED = "stopped"
    DIVERGED = "diverged"


class EpochResultJson(TypedDict):
    """The metrics of one epoch as JSON values.

    A metric that does not apply or is not finite is `null`. `non_finite` names the metrics that are not finite.
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
    images_per_second: float | None
    non_finite: list[str]


@dataclass(frozen=True, slots=True)
class EpochResult:
    """The metrics of one epoch.

    Training costs include the weight penalty, and accuracies are fractions. A metric that does not apply is None, for
    example the validation accuracy of a run without a validation split. `learning_rate` is the learning rate at the end
    of this epoch, or None if a line search chooses the step lengths. `gradient_evaluations` counts from the start of
    the run. `elapsed_seconds` is the time of training and evaluation since the start of the run, without pauses.
    `images_per_second` is the speed of training in this epoch, without evaluation.
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

    def to_json(self) -> EpochResultJson:
        """Return the metrics as JSON values. Metrics that are not finite become None, and `non_finite` names them."""
        # asdict() would copy deeply. This would take a tenth of a millisecond, which is 3 % of a short epoch.
        metrics = {field.name: getattr(self, field.name) for field in fields(self)}
        non_finite = [name for name, value in metrics.items() if isinstance(value, float) and not math.isfinite(value)]
        return cast(EpochResultJson, metrics | dict.fromkeys(non_finite) | {"non_finite": non_finite})


@dataclass(frozen=True, slots=True)
class TrainingStarted:
    """Event before the first step of training.

    `train_rows` (train_size,) are the indices of the stored training examples that belong to the training split. The
    other stored examples are held out for validation or do not belong to the chosen subset.
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
    """Event after a mini-batch.

    `cost` is the cost of this mini-batch, and `images_per_second` is the mean speed in this epoch so far.
    """

    epoch: int
    batch: int
    batches: int
    cost: float
    images_per_second: float


@dataclass(frozen=True, slots=True)
class EpochCompleted:
    """Event after the training and evaluation of an epoch.

    `predictions` are the predictions for the test images, or None without test images. `grid_outputs` (n_points,
    n_outputs) are the network's outputs at the points of the `OutputGrid`, in the units of the data, or None without a
    grid. `checkpoint` is the state from which training can resume. Training continues to change the arrays of the
    checkpoint, so the checkpoint is valid only until the event handler returns. `is_best` is True if this epoch is the
    best so far (see `BestEpoch`). `telemetry` contains the moments since the epoch before, in their order; it is empty
    for many epochs of a run whose epochs are short.
    """

    result: EpochResult
    predictions: Predictions | None
    grid_outputs: FloatArray | None
    checkpoint: Checkpoint
    is_best: bool
    telemetry: tuple[Telemetry, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingFinished:
    """Event at the end of training. `best_epoch` is None without a validation split."""

    stop_reason: StopReason
    epochs_completed: int
    best_epoch: int | None


TrainingEvent = TrainingStarted | BatchProgress | EpochCompleted | TrainingFinished
