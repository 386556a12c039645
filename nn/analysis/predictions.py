"""Predictions for every image of a split after one epoch, with confidence, margin and loss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """The outputs for every image of one split in one epoch, in compact form.

    `log_probabilities`, float16 (n_images, n_classes), are the logarithms of the outputs, or NaN where an output is not
    finite. Without the logarithm, 16 bits would round 0.9999 to 1 and 1e-9 to 0. `losses` is float32 (n_images,).
    `predicted`, uint8 (n_images,), is the class of the largest output before the rounding to 16 bits.
    """

    log_probabilities: NDArray[np.float16]
    losses: NDArray[np.float32]
    predicted: NDArray[np.uint8]

    @classmethod
    def from_outputs(
        cls, probabilities: ArrayLike, losses: ArrayLike, predicted: NDArray[np.uint8] | None = None
    ) -> Predictions:
        """Return the predictions for outputs (n_images, n_classes) and losses (n_images,) of any float type.

        Outputs outside 0…1, which linear and tanh units produce, are clipped. `predicted` (n_images,) are the classes
        of the largest outputs. By default, this method determines them.
        """
        outputs = np.asarray(probabilities)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            logs = np.log(np.clip(outputs, 0, 1)).astype(np.float16)
            logs[~np.isfinite(outputs)] = np.nan
            stored_losses = np.asarray(losses).astype(np.float32)
        classes = outputs.argmax(axis=1).astype(np.uint8) if predicted is None else predicted
        return cls(logs, stored_losses, classes)

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """The outputs, float32 (n_images, n_classes), or NaN where an output is not finite."""
        return np.exp(self.log_probabilities, dtype=np.float32)

    def __len__(self) -> int:
        return len(self.predicted)


@dataclass(frozen=True, slots=True)
class ImagePrediction:
    """The prediction for one image.

    `confidence` is the output of the predicted class, and `margin` is `confidence` minus the output of the true class.
    A value that is not finite is replaced by None.
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

    `is_correct` is True where the predicted class is the label. `confidence` is the output of the predicted class,
    `true_probability` is the output of the true class, and `margin` is `confidence` minus `true_probability`. These
    three scores are NaN if any output of the image is not finite. `loss` is the loss of the image, or NaN if the loss
    is not finite. All four are float32.
    """

    def __init__(self, predictions: Predictions, true_labels: NDArray[np.uint8]) -> None:
        rows = np.arange(len(predictions))
        logs, losses = predictions.log_probabilities, predictions.losses
        is_known = ~np.isnan(logs).any(axis=1)

        def output_for(classes: NDArray[np.uint8]) -> NDArray[np.float32]:
            return np.where(is_known, np.exp(logs[rows, classes], dtype=np.float32), np.float32(np.nan))

        self.predictions = predictions
        self.true_labels = true_labels
        self.is_correct: NDArray[np.bool_] = predictions.predicted == true_labels
        self.confidence = output_for(predictions.predicted)
        self.true_probability = output_for(true_labels)
        self.margin = self.confidence - self.true_probability
        self.loss = np.where(np.isfinite(losses), losses, np.float32(np.nan))

    def __len__(self) -> int:
        return len(self.true_labels)

    @property
    def predicted(self) -> NDArray[np.uint8]:
        """The class (n_images,) of each image's largest output."""
        return self.predictions.predicted

    def image_predictions(self, indices: Iterable[int]) -> list[ImagePrediction]:
        """Return the predictions for the images at `indices`. Raises IndexError for an index outside the split."""
        selected = list(indices)
        for index in selected:
            if not 0 <= index < len(self):
                raise IndexError(f"there is no image {index}; the last is {len(self) - 1}")
        outputs = np.exp(self.predictions.log_probabilities[selected], dtype=np.float32).tolist()
        return [self._image_prediction(index, tuple(row)) for index, row in zip(selected, outputs, strict=True)]

    def _image_prediction(self, index: int, outputs: tuple[float, ...]) -> ImagePrediction:
        confidence = _finite(self.confidence[index])
        return ImagePrediction(
            index=index,
            true_label=int(self.true_labels[index]),
            predicted_label=int(self.predicted[index]),
            confidence=confidence,
            loss=_finite(self.loss[index]),
            margin=_finite(self.margin[index]),
            probabilities=None if confidence is None else outputs,
        )


def confusion_matrix(true_labels: NDArray[np.uint8], predicted: NDArray[np.uint8], n_classes: int) -> NDArray[np.int64]:
    """Return the number of images for each true class (row) and predicted class (column): (n_classes, n_classes)."""
    pairs = true_labels.astype(np.int64) * n_classes + predicted
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes).astype(np.int64)


def _finite(value: np.float32) -> float | None:
    return float(value) if np.isfinite(value) else None
