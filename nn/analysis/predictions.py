"""Predictions for every image of a split after one epoch, with confidence, margin and loss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

LARGEST_FLOAT16 = 65_504.0
LARGEST_BELOW_1 = float(np.nextafter(1.0, 0.0))


def predicted_classes(logits: NDArray[np.floating[Any]]) -> NDArray[np.intp]:
    """Return the predicted class (n_images,) for logits (n_images, n_classes), of which there are at least two.

    The class is that of the largest logit. In a tie, it is the first of the tied classes. Training, evaluation and
    explanations all use this rule. The outputs would not be suitable, because different logits can have equal outputs.
    """
    return np.asarray(logits.argmax(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """The predictions for every image of one split in one epoch, in compact form.

    `log_odds`, float16 (n_images, n_classes), are ln(p / (1 − p)) of the probability p of each class, or NaN where a
    logit is not finite. They keep the relative errors of both p and 1 − p small. In contrast, 16 bits would round the
    probability 0.9999 to 1 and 1e-9 to 0. `losses` is float32 (n_images,). `predicted`, uint8 (n_images,), is the
    predicted class, computed before the rounding to 16 bits.
    """

    log_odds: NDArray[np.floating[Any]]
    losses: NDArray[np.float32]
    predicted: NDArray[np.uint8]

    @classmethod
    def from_log_odds(cls, log_odds: ArrayLike, losses: ArrayLike, predicted: NDArray[np.uint8]) -> Predictions:
        """Return the predictions for log odds (n_images, n_classes) and losses (n_images,) of any float type.

        Only infinite log odds, of a probability of exactly 0 or 1, become infinite.
        """
        values = np.asarray(log_odds)
        clipped = np.where(np.isinf(values), values, np.clip(values, -LARGEST_FLOAT16, LARGEST_FLOAT16))
        with np.errstate(over="ignore"):
            return cls(clipped.astype(np.float16), np.asarray(losses).astype(np.float32), predicted)

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """The probabilities, float64 (n_images, n_classes), or NaN where a logit is not finite."""
        return probabilities_of(self.log_odds)

    def __len__(self) -> int:
        return len(self.predicted)


def probabilities_of(log_odds: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return the float64 probabilities for log odds. Only infinite log odds give a probability of 1."""
    values = log_odds.astype(np.float64)
    with np.errstate(over="ignore"):
        probabilities = 1.0 / (1.0 + np.exp(-values))
    return np.where(np.isposinf(values), 1.0, np.minimum(probabilities, LARGEST_BELOW_1))


@dataclass(frozen=True, slots=True)
class ImagePrediction:
    """The prediction for one image.

    `confidence` is the probability of the predicted class, and `margin` is `confidence` minus the probability of the
    true class. A value that is not finite is replaced by None.
    """

    index: int
    true_label: int
    predicted_label: int
    confidence: float | None
    loss: float | None
    margin: float | None
    probabilities: tuple[float, ...] | None


class PredictionScores:
    """The scores by which images are filtered and sorted. Each score is an array (n_images,).

    `is_correct` is True where the predicted class is the label. `confidence` is the probability of the predicted class,
    `true_probability` is the probability of the true class, and `margin` is `confidence` minus `true_probability`.
    These three scores are float64. They are NaN if any logit of the image is not finite. `loss`, float32, is the loss
    of the image, or NaN if the loss is not finite.
    """

    def __init__(self, predictions: Predictions, true_labels: NDArray[np.uint8]) -> None:
        rows = np.arange(len(predictions))
        log_odds, losses = predictions.log_odds, predictions.losses
        is_known = ~np.isnan(log_odds).any(axis=1)

        def probability_of(classes: NDArray[np.uint8]) -> NDArray[np.float64]:
            return np.where(is_known, probabilities_of(log_odds[rows, classes]), np.nan)

        self.predictions = predictions
        self.true_labels = true_labels
        self.is_correct: NDArray[np.bool_] = predictions.predicted == true_labels
        self.confidence = probability_of(predictions.predicted)
        self.true_probability = probability_of(true_labels)
        self.margin = self.confidence - self.true_probability
        self.loss = np.where(np.isfinite(losses), losses, np.float32(np.nan))

    def __len__(self) -> int:
        return len(self.true_labels)

    @property
    def predicted(self) -> NDArray[np.uint8]:
        """The predicted class (n_images,) of each image."""
        return self.predictions.predicted

    def image_predictions(self, indices: Iterable[int]) -> list[ImagePrediction]:
        """Return the predictions for the images at `indices`. Raises IndexError for an index outside the split."""
        selected = list(indices)
        for index in selected:
            if not 0 <= index < len(self):
                raise IndexError(f"there is no image {index}; the last is {len(self) - 1}")
        probabilities = probabilities_of(self.predictions.log_odds[selected]).tolist()
        return [self._image_prediction(index, tuple(row)) for index, row in zip(selected, probabilities, strict=True)]

    def _image_prediction(self, index: int, probabilities: tuple[float, ...]) -> ImagePrediction:
        confidence = _finite(self.confidence[index])
        return ImagePrediction(
            index=index,
            true_label=int(self.true_labels[index]),
            predicted_label=int(self.predicted[index]),
            confidence=confidence,
            loss=_finite(self.loss[index]),
            margin=_finite(self.margin[index]),
            probabilities=None if confidence is None else probabilities,
        )


def confusion_matrix(true_labels: NDArray[np.uint8], predicted: NDArray[np.uint8], n_classes: int) -> NDArray[np.int64]:
    """Return the number of images for each true class (row) and predicted class (column): (n_classes, n_classes)."""
    pairs = true_labels.astype(np.int64) * n_classes + predicted
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes).astype(np.int64)


def _finite(value: np.floating[Any]) -> float | None:
    return float(value) if np.isfinite(value) else None
