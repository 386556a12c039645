"""L1 and L2 penalties on weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn.array_types import FloatArray


class WeightPenalty:
    """The penalty l1 · Σ|w| + l2 · ½ Σ w² over the weights w of all layers, without biases.

    `weights` and `gradients` contain one array for each layer: a view of the network's parameter or gradient vector.
    The slope of |w| at 0 is defined as 0.
    """

    def __init__(self, l1: float, l2: float, weights: Sequence[FloatArray], gradients: Sequence[FloatArray]) -> None:
        self._l1 = l1
        self._l2 = l2
        self._layers: list[tuple[FloatArray, FloatArray, FloatArray]] = []
        if l1 or l2:
            scratch = np.empty(max(layer.size for layer in weights), weights[0].dtype)
            self._layers = [
                (layer, gradient, scratch[: layer.size].reshape(layer.shape))
                for layer, gradient in zip(weights, gradients, strict=True)
            ]

    def value(self) -> float:
        """Return the penalty of the current weights."""
        total = 0.0
        for weights, _, scratch in self._layers:
            if self._l1:
                total += self._l1 * float(np.abs(weights, out=scratch).sum(dtype=np.float64))
            if self._l2:
                total += self._l2 * 0.5 * float(np.vdot(weights, weights))
        return total

    def add_gradient(self) -> None:
        """Add the gradient of the penalty to `gradients`."""
        for weights, gradient, scratch in self._layers:
            if self._l1:
                np.sign(weights, out=scratch)
                np.multiply(scratch, self._l1, out=scratch)
                np.add(gradient, scratch, out=gradient)
            if self._l2:
                np.multiply(weights, self._l2, out=scratch)
                np.add(gradient, scratch, out=gradient)
