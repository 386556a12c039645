"""Lists of test images after one epoch, with their predictions, learning dynamics and annotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from nn.analysis.learning_dynamics import LEARNING_CATEGORIES, LearningCategory, LearningSnapshot
from nn.analysis.predictions import ImagePrediction, PredictionScores
from webapp.annotations.service import Annotation
from webapp.json_numbers import probability_number, six_digits
from webapp.misclassified.label_suspects import LabelErrorJson, LabelSuspects
from webapp.runs.results import EpochImages


class AnnotationJson(TypedDict):
    """The annotation of an image: a flag, the label that a person would give, and a note."""

    flagged: bool
    label: int | None
    note: str


class ListedImage(TypedDict):
    """A test image with its prediction after one epoch.

    `label_error` is None unless the list is filtered or sorted by label errors and the image is misclassified.
    """

    index: int
    true_label: int
    predicted_label: int
    confidence: float | None
    loss: float | None
    margin: float | None
    probabilities: list[float] | None
    history: LearningCategory
    learned_epoch: int | None
    change: float | None
    annotation: AnnotationJson | None
    label_error: LabelErrorJson | None


@dataclass(frozen=True, slots=True, eq=False)
class ClassifiedEpoch:
    """The scores and learning dynamics of all test images after one epoch."""

    epoch: int
    scores: PredictionScores
    learning: LearningSnapshot

    @property
    def n_bytes(self) -> int:
        """The size of all arrays."""
        scores, predictions = self.scores, self.scores.predictions
        arrays: list[NDArray[Any]] = [
            *(predictions.log_odds, predictions.losses, predictions.predicted),
            *(scores.is_correct, scores.confidence, scores.true_probability, scores.margin, scores.loss),
            *(self.learning.categories, self.learning.learned_epochs),
        ]
        return sum(array.nbytes for array in arrays)


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """The images that match a filter, in order: `indices` (n,).

    `annotations` are the annotations of the whole split. `counterfactual_sizes` is (n_images,); a size is NaN if it has
    not been computed.
    """

    images: EpochImages
    classified: ClassifiedEpoch
    indices: NDArray[np.intp]
    annotations: Mapping[int, Annotation]
    counterfactual_sizes: NDArray[np.floating[Any]] | None
    label_suspects: LabelSuspects | None = None

    @property
    def total(self) -> int:
        """The number of images in the whole list."""
        return len(self.indices)

    @property
    def flagged(self) -> int:
        """The number of flagged images in the whole list."""
        return int(np.isin(self.indices, flagged_indices(self.annotations)).sum())

    def items(self, start: int = 0, stop: int | None = None) -> list[ListedImage]:
        """Return the slice `start:stop` of the list as JSON values."""
        return [
            self._item(found) for found in self.classified.scores.image_predictions(self.indices[start:stop].tolist())
        ]

    def _item(self, found: ImagePrediction) -> ListedImage:
        learning, annotation = self.classified.learning, self.annotations.get(found.index)
        size = np.nan if self.counterfactual_sizes is None else float(self.counterfactual_sizes[found.index])
        return {
            "index": found.index,
            "true_label": found.true_label,
            "predicted_label": found.predicted_label,
            "confidence": _number(found.confidence),
            "loss": None if found.loss is None else six_digits(found.loss),
            "margin": _number(found.margin),
            "probabilities": _probabilities(found),
            "history": LEARNING_CATEGORIES[learning.categories[found.index]],
            "learned_epoch": int(learning.learned_epochs[found.index]) or None,
            "change": six_digits(size),
            "annotation": None if annotation is None else annotation_json(annotation),
            "label_error": None if self.label_suspects is None else self.label_suspects.evidence(found.index),
        }


def annotation_json(annotation: Annotation) -> AnnotationJson:
    """Return an annotation as JSON values."""
    return {"flagged": annotation.flagged, "label": annotation.label, "note": annotation.note}


def flagged_indices(annotations: Mapping[int, Annotation]) -> NDArray[np.intp]:
    """Return the indices of flagged images."""
    return np.array([index for index, annotation in annotations.items() if annotation.flagged], np.intp)


def _probabilities(found: ImagePrediction) -> list[float] | None:
    return None if found.probabilities is None else [probability_number(each) or 0.0 for each in found.probabilities]


def _number(probability: float | None) -> float | None:
    return None if probability is None else probability_number(probability)
