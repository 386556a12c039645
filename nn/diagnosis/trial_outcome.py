"""The results of trials: short training runs that show which change removes a cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Literal


@dataclass(frozen=True, slots=True, eq=False)
class TrialOutcome:
    """The result of one short training run that changes `changes`.

    `kind` is `twin` for the unchanged run, `control` for a random single change, `reference` for a configuration that
    is known to learn this data set, and `candidate` for a suspected remedy. `codes` are the codes of the findings whose
    cause the changes remove. `gap_closed` is (score − score of the twin) / (score of the reference − score of the
    twin); it can be negative, and it is None if the twin is as good as the reference. `costs` is the mean training cost
    after each epoch of the trial, and `accuracies` the validation accuracy, or R² for a regression, each (n_points,).
    Long trials list only every `stride`-th epoch.
    """

    kind: Literal["twin", "control", "reference", "candidate"]
    label: str
    changes: Mapping[str, object]
    codes: tuple[str, ...]
    costs: tuple[float | None, ...]
    accuracies: tuple[float | None, ...]
    gap_closed: float | None
    seconds: float
    stride: int = 1

    @property
    def epochs(self) -> int:
        """The number of epochs that the curves cover."""
        return self.stride * len(self.accuracies)

    @property
    def score(self) -> float | None:
        """The mean accuracy or R² over the last quarter of the epochs, so that an oscillation hardly matters.

        R² counts as 0 if it is negative: the network then predicts worse than the mean of the targets does. None
        before the first epoch.
        """
        last = self.accuracies[-ceil(len(self.accuracies) / 4) :]
        scores = [max(accuracy or 0.0, 0.0) for accuracy in last]
        return sum(scores) / len(scores) if scores else None
