"""The results of trials: short training runs that show which change removes a cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, eq=False)
class TrialOutcome:
    """The result of one short training run that changes `changes`.

    `kind` is `twin` for the unchanged run, `control` for a random single change, `reference` for a configuration that
    is known to learn this data set, and `candidate` for a suspected remedy. `codes` are the codes of the findings whose
    cause the changes remove. `gap_closed` is (score − score of the twin) / (score of the reference − score of the
    twin), where the score is the validation accuracy, or R² for a regression; it can be negative, and it is None if the
    twin is as good as the reference. `costs` is the mean training cost after each epoch of the trial, and `accuracies`
    the validation accuracy or R², each (epochs,).
    """

    kind: Literal["twin", "control", "reference", "candidate"]
    label: str
    changes: Mapping[str, object]
    codes: tuple[str, ...]
    costs: tuple[float | None, ...]
    accuracies: tuple[float | None, ...]
    gap_closed: float | None
    seconds: float
