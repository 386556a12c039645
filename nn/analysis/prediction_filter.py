"""Filtering and sorting the images of a split by their predictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nn.analysis.learning_dynamics import LearningCategory, LearningSnapshot
from nn.analysis.predictions import PredictionScores

Correctness = Literal["wrong", "right", "any"]
SortKey = Literal["confidence", "loss", "margin", "index", "change", "learned", "label_error"]
SortOrder = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True)
class PredictionFilter:
    """Conditions that an image must meet. A condition that is `None` does not apply.

    `true` and `predicted` are classes. `min_confidence`, `max_confidence` and `max_margin` are inclusive bounds; an
    image whose confidence and margin are NaN meets none of them. `suspects` selects only probable label errors. All of
    these are misclassified, so `answer` then has no effect.
    """

    true: int | None = None
    predicted: int | None = None
    answer: Correctness = "wrong"
    min_confidence: float | None = None
    max_confidence: float | None = None
    max_margin: float | None = None
    history: LearningCategory | None = None
    flagged: bool | None = None
    suspects: bool = False

    def indices(
        self,
        scores: PredictionScores,
        learning: LearningSnapshot,
        *,
        flagged: NDArray[np.bool_],
        suspects: NDArray[np.bool_],
    ) -> NDArray[np.intp]:
        """Return the indices of the images that meet all conditions, in ascending order.

        `flagged` and `suspects` are masks (n_images,).
        """
        selected = np.ones(len(scores), bool)
        if self.suspects:
            selected &= suspects
        elif self.answer != "any":
            selected &= scores.is_correct == (self.answer == "right")
        if self.true is not None:
            selected &= scores.true_labels == self.true
        if self.predicted is not None:
            selected &= scores.predicted == self.predicted
        if self.min_confidence is not None:
            selected &= scores.confidence >= self.min_confidence
        if self.max_confidence is not None:
            selected &= scores.confidence <= self.max_confidence
        if self.max_margin is not None:
            selected &= scores.margin <= self.max_margin
        if self.history is not None:
            selected &= learning.in_category(self.history)
        if self.flagged is not None:
            selected &= flagged == self.flagged
        return np.flatnonzero(selected)


def sort_indices(indices: NDArray[np.intp], key: NDArray[Any], order: SortOrder) -> NDArray[np.intp]:
    """Return `indices` sorted by `key` (n_images,).

    Equal values keep their order. NaN comes last in ascending and in descending order.
    """
    keys = key[indices].astype(np.float64)
    return indices[np.argsort(-keys if order == "desc" else keys, kind="stable")]
