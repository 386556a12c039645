"""What the network said of every image of a split, epoch by epoch, and which of them it got wrong."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

SortKey = Literal["confidence", "loss", "margin", "index"]
SortOrder = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """The outputs for every image of one split in one epoch, kept small.

    `log_probabilities` is float16 (n_images, n_classes): in 16 bits, the logarithm tells both 0.9999 from 1
    and 1e-9 from 0. It is NaN where an output was not finite. `losses` is float32 (n_images,), `predicted` is
    uint8 (n_images,), the class of the largest output in full precision.
    """

    log_probabilities: NDArray[np.float16]
    losses: NDArray[np.float32]
    predicted: NDArray[np.uint8]

    @classmethod
    def from_outputs(cls, probabilities: ArrayLike, losses: ArrayLike) -> Predictions:
        """Keep outputs (n_images, n_classes) and losses (n_images,) of any float type; neither is changed.

        Outputs beyond 0…1, which linear and tanh units give, are kept as 0 or 1.
        """
        outputs = np.asarray(probabilities)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            logs = np.log(np.clip(outputs, 0, 1)).astype(np.float16)
            logs[~np.isfinite(outputs)] = np.nan
            return cls(logs, np.asarray(losses).astype(np.float32), outputs.argmax(axis=1).astype(np.uint8))

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """The outputs as float32 (n_images, n_classes), NaN where they were not finite."""
        return np.exp(self.log_probabilities, dtype=np.float32)

    def __len__(self) -> int:
        return len(self.predicted)


@dataclass(frozen=True, slots=True)
class ImagePrediction:
    """What the network said of one image. `margin` is how far the predicted class was ahead of the true one.

    `confidence` is the output of the predicted class. `None` stands for a figure that was not finite.
    """

    index: int
    true_label: int
    predicted_label: int
    confidence: float | None
    loss: float | None
    margin: float | None
    probabilities: tuple[float, ...] | None

    def to_json(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return asdict(self)


def prediction(predictions: Predictions, true_labels: NDArray[np.uint8], index: int) -> ImagePrediction:
    """Tell what was said of the image at `index`. Raises IndexError where there is no such image."""
    if not 0 <= index < len(predictions):
        raise IndexError(f"there is no image {index}; the last is {len(predictions) - 1}")
    return _Figures(predictions, true_labels, np.array([index])).of(0)


def misclassified(
    predictions: Predictions,
    true_labels: NDArray[np.uint8],
    *,
    true: int | None = None,
    predicted: int | None = None,
    sort: SortKey = "confidence",
    order: SortOrder = "desc",
    offset: int = 0,
    limit: int = 50,
) -> tuple[int, list[ImagePrediction]]:
    """List the images that were got wrong: how many there are, and those from `offset` on, `limit` at most.

    `true` and `predicted` keep those of one class. Ties are in the order of the images, and figures that are
    not finite come last, in either order.
    """
    wrong = predictions.predicted != true_labels
    if true is not None:
        wrong &= true_labels == true
    if predicted is not None:
        wrong &= predictions.predicted == predicted
    figures = _Figures(predictions, true_labels, np.flatnonzero(wrong))
    key = figures.sort_key(sort)
    rows = np.argsort(-key if order == "desc" else key, kind="stable")
    return len(rows), [figures.of(row) for row in rows[offset : offset + limit].tolist()]


def confusion_matrix(true_labels: NDArray[np.uint8], predicted: NDArray[np.uint8], n_classes: int) -> NDArray[np.int64]:
    """Count each pair of true class (row) and predicted class (column): (n_classes, n_classes)."""
    pairs = true_labels.astype(np.int64) * n_classes + predicted
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes).astype(np.int64)


class _Figures:
    """The figures of some images, computed for all of them at once; NaN where one is not finite."""

    def __init__(self, predictions: Predictions, true_labels: NDArray[np.uint8], indices: NDArray[np.intp]) -> None:
        rows = np.arange(len(indices))
        self.indices = indices
        self.true_labels = true_labels[indices]
        self.predicted = predictions.predicted[indices]
        self.probabilities = np.exp(predictions.log_probabilities[indices], dtype=np.float32)
        self.probabilities[np.isnan(self.probabilities).any(axis=1)] = np.nan
        self.confidence = self.probabilities[rows, self.predicted]
        self.margin = self.confidence - self.probabilities[rows, self.true_labels]
        losses = predictions.losses[indices]
        self.loss = np.where(np.isfinite(losses), losses, np.float32(np.nan))

    def sort_key(self, sort: SortKey) -> NDArray[Any]:
        keys: dict[SortKey, NDArray[Any]] = {
            "confidence": self.confidence,
            "loss": self.loss,
            "margin": self.margin,
            "index": self.indices,
        }
        return keys[sort]

    def of(self, row: int) -> ImagePrediction:
        confidence = _finite(self.confidence[row])
        return ImagePrediction(
            index=int(self.indices[row]),
            true_label=int(self.true_labels[row]),
            predicted_label=int(self.predicted[row]),
            confidence=confidence,
            loss=_finite(self.loss[row]),
            margin=_finite(self.margin[row]),
            probabilities=None if confidence is None else tuple(self.probabilities[row].tolist()),
        )


def _finite(value: np.float32) -> float | None:
    return float(value) if np.isfinite(value) else None
