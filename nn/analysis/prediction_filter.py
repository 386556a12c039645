"""Which images of a split to look at, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nn.analysis.learning_dynamics import Kind, Learning
from nn.analysis.predictions import PredictionScores

Answer = Literal["wrong", "right", "any"]
SortKey = Literal["confidence", "loss", "margin", "index", "change", "learned"]
SortOrder = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True)
class PredictionFilter:
    """What an image must be like to be chosen; a part that is `None` does not matter.

    `true` and `predicted` are classes. `min_confidence`, `max_confidence` and `max_margin` include the value itself; an
    image without that figure is not chosen. `suspects` keeps those whose label is suspect, which are all wrong.
    """

    true: int | None = None
    predicted: int | None = None
    answer: Answer = "wrong"
    min_confidence: float | None = None
    max_confidence: float | None = None
    max_margin: float | None = None
    history: Kind | None = None
    flagged: bool | None = None
    suspects: bool = False

    def indices(
        self, figures: PredictionScores, learning: Learning, *, flagged: NDArray[np.bool_], suspects: NDArray[np.bool_]
    ) -> NDArray[np.intp]:
        """The images that are so, in their order; `flagged` and `suspects` are (n_images,)."""
        chosen = np.ones(len(figures), bool)
        if self.suspects:
            chosen &= suspects
        elif self.answer != "any":
            chosen &= figures.is_right == (self.answer == "right")
        if self.true is not None:
            chosen &= figures.true_labels == self.true
        if self.predicted is not None:
            chosen &= figures.predicted == self.predicted
        if self.min_confidence is not None:
            chosen &= figures.confidence >= self.min_confidence
        if self.max_confidence is not None:
            chosen &= figures.confidence <= self.max_confidence
        if self.max_margin is not None:
            chosen &= figures.margin <= self.max_margin
        if self.history is not None:
            chosen &= learning.are(self.history)
        if self.flagged is not None:
            chosen &= flagged == self.flagged
        return np.flatnonzero(chosen)


def sort_indices(indices: NDArray[np.intp], key: NDArray[Any], order: SortOrder) -> NDArray[np.intp]:
    """The same images by their `key` (n_images,). Ties keep the order of the images, NaN comes last either way."""
    keys = key[indices].astype(np.float64)
    return indices[np.argsort(-keys if order == "desc" else keys, kind="stable")]
