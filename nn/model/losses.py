"""Loss functions of the outputs of one image, and their gradients.

Targets have the same shape as outputs; for a classifier, `encode` writes them. The cross-entropies expect logits as
outputs: they apply the sigmoid or softmax themselves and never exponentiate a large number. Their targets must be 0
or 1, and they never subtract a probability from 1. Therefore small losses and gradients have small relative errors.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

import numpy as np

from nn.array_types import FloatArray, LabelArray
from nn.model.activations import sigmoid


class Loss(Protocol):
    """A loss function for the images of a batch. `outputs` and `targets` have the shape (batch_size, n_outputs)."""

    expects_logits: ClassVar[bool]

    def values(self, outputs: FloatArray, targets: FloatArray) -> FloatArray:
        """Return the loss (batch_size,) of each image."""

    def gradient(self, outputs: FloatArray, targets: FloatArray, out: FloatArray) -> None:
        """Write into `out` the derivative of each image's loss with respect to its outputs."""

    def probabilities(self, outputs: FloatArray) -> FloatArray:
        """Return the probability (batch_size, n_outputs) of each class, in 0…1."""


class _Squared:
    """Base class of the squared losses.

    Least squares on one-hot targets estimates the probability of each class, so `probabilities` returns the outputs
    clipped to 0…1. These probabilities need not sum to 1.
    """

    expects_logits: ClassVar[bool] = False

    def probabilities(self, outputs: FloatArray) -> FloatArray:
        """Return the clipped outputs."""
        return np.clip(outputs, 0.0, 1.0)


class Quadratic(_Squared):
    """½ Σ (a − y)² over the outputs a (M. Nielsen, "Neural Networks and Deep Learning", 2015, equation 6)."""

    def values(self, outputs: FloatArray, targets: FloatArray) -> FloatArray:
        """Return half the squared distance of each row of outputs from its targets."""
        return np.asarray(0.5 * np.square(outputs - targets).sum(axis=1))

    def gradient(self, outputs: FloatArray, targets: FloatArray, out: FloatArray) -> None:
        """Write the derivative a − y."""
        np.subtract(outputs, targets, out=out)


class SquaredError(_Squared):
    """Σ (a − y)² over the outputs a."""

    def values(self, outputs: FloatArray, targets: FloatArray) -> FloatArray:
        """Return the squared distance of each row of outputs from its targets."""
        return np.asarray(np.square(outputs - targets).sum(axis=1))

    def gradient(self, outputs: FloatArray, targets: FloatArray, out: FloatArray) -> None:
        """Write the derivative 2 (a − y)."""
        np.subtract(outputs, targets, out=out)
        np.multiply(out, 2.0, out=out)


class MeanSquaredError(_Squared):
    """The mean of (a − y)² over the outputs a."""

    def values(self, outputs: FloatArray, targets: FloatArray) -> FloatArray:
        """Return the mean squared difference of each row of outputs from its targets."""
        return np.asarray(np.square(outputs - targets).mean(axis=1))

    def gradient(self, outputs: FloatArray, targets: FloatArray, out: FloatArray) -> None:
        """Write the derivative 2 (a − y) / n_outputs."""
        np.subtract(outputs, targets, out=out)
        np.multiply(out, 2.0 / outputs.shape[1], out=out)


class BinaryCrossEntropy:
    """−Σ [y ln σ(z) + (1 − y) ln(1 − σ(z))] from logits z, summed over the outputs.

    The code computes max(z, 0) − z y + ln(1 + e^−|z|), which is equal and cannot overflow.
    """

    expects_logits: ClassVar[bool] = True

    def values(self, outputs: FloatArray, targets: FloatArray) -> FloatArray:
        """Return the cross-entropy of each row, at least 0."""
        values = np.maximum(outputs, 0.0) - outputs * targets + np.log1p(np.exp(-np.abs(outputs)))
        return np.asarray(values.sum(axis=1))

    def gradient(self, outputs: FloatArray, targets: FloatArray, out: FloatArray) -> None:
        """Write the derivative σ(z) − y, which is σ(z) for the target 0 and −σ(−z) for the target 1."""
        signs = 1.0 - 2.0 * targets
        np.multiply(outputs, signs, out=out)
        sigmoid(out, out)
        np.multiply(out, signs, out=out)

    def probabilities(self, outputs: FloatArray) -> FloatArray:
        """Return σ(z), an independent probability for each class. A row need not sum to 1."""
        probabilities = np.empty_like(outputs)
        sigmoid(outputs, probabilities)
        return probabilities


class SoftmaxCrossEntropy:
    """−Σ y ln softmax(z) from logits z. Subtracting the largest logit first prevents overflow."""

    expects_logits: ClassVar[bool] = True

    def values(self, outputs: FloatArray, targets: FloatArray) -> FloatArray:
        """Return the cross-entropy of each row, at least 0."""
        largest = outputs.argmax(axis=1)[:, np.newaxis]
        shifted = outputs - np.take_along_axis(outputs, largest, axis=1)
        others = np.exp(shifted)
        np.put_along_axis(others, largest, 0.0, axis=1)
        return np.asarray(np.log1p(others.sum(axis=1)) - (shifted * targets).sum(axis=1))

    def gradient(self, outputs: FloatArray, targets: FloatArray, out: FloatArray) -> None:
        """Write the derivative softmax(z) − y. For the label, this is minus the sum of the other probabilities."""
        _softmax(outputs, out)
        np.multiply(out, 1.0 - targets, out=out)
        np.subtract(out, targets * np.add.reduce(out, axis=1, keepdims=True), out=out)

    def probabilities(self, outputs: FloatArray) -> FloatArray:
        """Return softmax(z); each row sums to 1."""
        probabilities = np.empty_like(outputs)
        _softmax(outputs, probabilities)
        return probabilities


def encode(labels: LabelArray, codes: FloatArray, out: FloatArray) -> None:
    """Write the target outputs of each label into `out` (n_examples, n_outputs).

    `codes` (n_classes, n_outputs) are the target outputs of each class.
    """
    np.take(codes, labels, axis=0, out=out, mode="clip")


def _softmax(logits: FloatArray, out: FloatArray) -> None:
    np.subtract(logits, np.maximum.reduce(logits, axis=1, keepdims=True), out=out)
    np.exp(out, out=out)
    np.divide(out, np.add.reduce(out, axis=1, keepdims=True), out=out)


LOSSES: dict[str, Loss] = {
    "softmax_cross_entropy": SoftmaxCrossEntropy(),
    "binary_cross_entropy": BinaryCrossEntropy(),
    "quadratic": Quadratic(),
    "squared_error": SquaredError(),
    "mean_squared_error": MeanSquaredError(),
}
