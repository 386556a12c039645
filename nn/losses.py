"""What the cost measures: how far the outputs are from the labels, image by image, and the gradient of the mean.

The target of an image is one-hot: 1 at the output of its class, 0 at the others. The cross-entropies take logits,
so that neither an exponential nor a logarithm can overflow.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Labels = NDArray[np.intp]


class Loss(Protocol):
    """A measure of error over the outputs of a network."""

    takes_logits: bool
    """Whether the last layer is left linear, because the loss brings its own output function."""

    def backward(self, outputs: Floats, labels: Labels, gradient: Floats) -> Floats:
        """Return the loss of each image (batch_size,) and write the gradient of their mean.

        `outputs` and `gradient` are (batch_size, n_classes), `labels` is (batch_size,). `outputs` may be overwritten.
        """

    def probabilities(self, outputs: Floats) -> None:
        """Turn outputs (batch_size, n_classes) into what the network says of each class, in place."""


def _subtract_targets(values: Floats, labels: Labels) -> None:
    """Subtract 1 at the output of each image's class: `values` becomes values − one-hot targets."""
    values[np.arange(len(labels)), labels] -= 1


class SoftmaxCrossEntropy:
    """−log of the softmax output of the image's class; the gradient by the logits is softmax − target."""

    takes_logits = True

    def backward(self, outputs: Floats, labels: Labels, gradient: Floats) -> Floats:
        """Shift by the largest logit, so that no exponential exceeds 1 and no sum is below 1."""
        outputs -= outputs.max(axis=1, keepdims=True)
        np.exp(outputs, out=gradient)
        sums = gradient.sum(axis=1, keepdims=True)
        losses: Floats = np.log(sums[:, 0]) - outputs[np.arange(len(labels)), labels]
        gradient /= sums
        _subtract_targets(gradient, labels)
        gradient /= len(labels)
        return losses

    def probabilities(self, outputs: Floats) -> None:
        """Compute the softmax, which sums to 1 over the classes."""
        outputs -= outputs.max(axis=1, keepdims=True)
        np.exp(outputs, out=outputs)
        outputs /= outputs.sum(axis=1, keepdims=True)


class BinaryCrossEntropy:
    """−t · log σ(z) − (1 − t) · log(1 − σ(z)), summed over the outputs; the gradient by the logits is σ(z) − t."""

    takes_logits = True

    def backward(self, outputs: Floats, labels: Labels, gradient: Floats) -> Floats:
        """Use log(1 + exp(z)) − t · z, with log(1 + exp(z)) = max(z, 0) + log1p(exp(−|z|))."""
        at_labels = outputs[np.arange(len(labels)), labels]
        np.abs(outputs, out=gradient)
        np.negative(gradient, out=gradient)
        np.exp(gradient, out=gradient)
        np.log1p(gradient, out=gradient)
        gradient += np.maximum(outputs, 0)
        losses: Floats = gradient.sum(axis=1) - at_labels
        np.copyto(gradient, outputs)
        self.probabilities(gradient)
        _subtract_targets(gradient, labels)
        gradient /= len(labels)
        return losses

    def probabilities(self, outputs: Floats) -> None:
        """Compute the sigmoid of each output on its own; they need not sum to 1."""
        outputs *= 0.5
        np.tanh(outputs, out=outputs)
        outputs *= 0.5
        outputs += 0.5


class Quadratic:
    """½ · Σ (output − target)² over the outputs; the gradient by the outputs is output − target.

    Source: M. Nielsen, Neural Networks and Deep Learning, 2015, chapter 1, equation 6.
    """

    takes_logits = False

    def backward(self, outputs: Floats, labels: Labels, gradient: Floats) -> Floats:
        """Write the differences, then scale them."""
        np.copyto(gradient, outputs)
        _subtract_targets(gradient, labels)
        losses: Floats = np.einsum("ij,ij->i", gradient, gradient)
        losses *= 0.5
        gradient /= len(labels)
        return losses

    def probabilities(self, outputs: Floats) -> None:
        """Clip to 0…1: least squares on one-hot targets estimates the probability of each class."""
        np.clip(outputs, 0, 1, out=outputs)


class MeanSquaredError(Quadratic):
    """The mean of (output − target)² over the outputs: the quadratic loss times 2 / n_classes."""

    def backward(self, outputs: Floats, labels: Labels, gradient: Floats) -> Floats:
        """Scale the quadratic loss and its gradient."""
        factor = 2 / outputs.shape[1]
        losses = super().backward(outputs, labels, gradient)
        losses *= factor
        gradient *= factor
        return losses


LOSSES: dict[str, Loss] = {
    "softmax_cross_entropy": SoftmaxCrossEntropy(),
    "binary_cross_entropy": BinaryCrossEntropy(),
    "quadratic": Quadratic(),
    "mean_squared_error": MeanSquaredError(),
}
