"""Everything that the rules of a diagnosis examine: curves, telemetry, the start profile and the trials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from nn.diagnosis.start_profile import StartProfile
from nn.diagnosis.telemetry import Telemetry
from nn.diagnosis.trial_outcome import TrialOutcome
from nn.hyperparameters.schema import Hyperparameters

RunEnd = Literal["running", "finished", "diverged", "stopped"]


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """The metrics of the completed epochs, each float64 (n_epochs,), with NaN where a metric is missing or not finite.

    `learning_rate` is that at the end of each epoch.
    """

    train_cost: NDArray[np.float64]
    train_accuracy: NDArray[np.float64]
    validation_cost: NDArray[np.float64]
    validation_accuracy: NDArray[np.float64]
    test_cost: NDArray[np.float64]
    test_accuracy: NDArray[np.float64]
    learning_rate: NDArray[np.float64]

    @classmethod
    def from_results(cls, results: Iterable[Mapping[str, object]]) -> Self:
        """Return the curves of epoch results in the form of `EpochResultJson`, in the order of their epochs."""
        rows = list(results)

        def column(name: str) -> NDArray[np.float64]:
            return np.array([row[name] for row in rows], dtype=float)  # None becomes NaN

        return cls(**{name: column(name) for name in cls.__slots__})

    @property
    def n_bytes(self) -> int:
        """The size of the arrays in bytes."""
        return sum(getattr(self, name).nbytes for name in self.__slots__)

    def __len__(self) -> int:
        return len(self.train_cost)

    def followed_by(self, other: Self) -> Self:
        """Return these curves with those of the epochs after them."""
        return type(self)(
            **{name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in self.__slots__}
        )

    def until(self, epoch: int) -> Self:
        """Return the curves of the first `epoch` epochs."""
        return type(self)(**{name: getattr(self, name)[:epoch] for name in self.__slots__})


@dataclass(frozen=True, slots=True, eq=False)
class RunEvidence:
    """What is known about a run. `start` is None until the configuration has been examined.

    `confusion` (n_classes, n_classes) counts the test images by true and predicted class after the last epoch; None if
    unknown. `trial_score` names the score of the trials (see `nn.diagnosis.trial_ranking.SCORES`).
    """

    hyperparameters: Hyperparameters
    curves: Curves
    telemetry: tuple[Telemetry, ...] = ()
    start: StartProfile | None = None
    end: RunEnd = "running"
    confusion: NDArray[np.intp] | None = None
    trials: tuple[TrialOutcome, ...] = field(default=())
    trial_score: str = "validation_accuracy"

    @property
    def epoch(self) -> int:
        """The number of completed epochs."""
        return len(self.curves)
