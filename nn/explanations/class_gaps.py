"""Logit gaps between all classes and a target class, as functions of the pixels, and their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn.analysis.predictions import predicted_classes
from nn.array_types import Float64Array, IndexArray
from nn.datasets.scaling import Scaling
from nn.explanations.forward_pass import Float64Network, ForwardPass

ALWAYS_SATISFIED = -1e300  # the value of a constraint that has no effect


@dataclass(frozen=True, slots=True, eq=False)
class PixelScaling:
    """The scaling of pixels to network inputs: (pixel · pixel_max − offset) · scale.

    Pixels are in 0…1, from black to white.
    """

    scaling: Scaling
    pixel_max: float

    def inputs(self, pixels: Float64Array) -> Float64Array:
        """Return the inputs for pixels (n_images, n_features)."""
        return self.scaling.in_float64(pixels * self.pixel_max)

    @property
    def slopes(self) -> Float64Array:
        """The derivative of each input with respect to its pixel, (n_features,), or (1,) if all are equal."""
        return np.asarray(self.pixel_max * self.scaling.scale, np.float64)


class Gaps:
    """The logit gaps between all other classes and a target class, for pixels in 0…1.

    A gap is the logit of a class minus the target logit. If all gaps are negative, the target class is predicted.
    """

    def __init__(self, network: Float64Network, scaling: PixelScaling) -> None:
        self.n_classes = network.layers[-1].weights.shape[1]
        self._network = network
        self._scaling = scaling

    def at(self, pixels: Float64Array, labels: IndexArray) -> Float64Array:
        """Return the gaps (n_images, n_classes) between all classes and the target classes `labels` (n_images,).

        The gap of the target class itself is ALWAYS_SATISFIED.
        """
        logits = self._logits(pixels)
        rows = np.arange(len(labels))
        gaps = logits - logits[rows, labels][:, np.newaxis]
        gaps[rows, labels] = ALWAYS_SATISFIED
        return gaps

    def predicted(self, pixels: Float64Array) -> IndexArray:
        """Return the predicted class (n_images,) of each image, or −1 if its logits are not finite."""
        logits = self._logits(pixels)
        return np.where(np.isfinite(logits).all(axis=1), predicted_classes(logits), -1)

    def gradients(self, pixels: Float64Array, labels: IndexArray, rivals: Sequence[IndexArray]) -> Float64Array:
        """Return the gradients (n_images, len(rivals), n_features) of the gaps of the classes `rivals`.

        Each item of `rivals`, (n_images,), contains one class for each image. The gradient for the target class is 0.
        """
        gradients = np.empty((len(labels), len(rivals), pixels.shape[1]))
        if not len(labels):
            return gradients
        forward_pass = ForwardPass(self._network, self._scaling.inputs(pixels))
        rows = np.arange(len(labels))
        for number, rival in enumerate(rivals):
            direction = np.zeros_like(forward_pass.logits)
            direction[rows, rival] += 1.0
            direction[rows, labels] -= 1.0
            np.multiply(forward_pass.input_gradient(direction), self._scaling.slopes, out=gradients[:, number])
        return gradients

    def _logits(self, pixels: Float64Array) -> Float64Array:
        return self._network.logits(self._scaling.inputs(pixels)) if len(pixels) else np.empty((0, self.n_classes))
