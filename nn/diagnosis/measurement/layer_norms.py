"""Norms of one layer: of its parameters, its gradient and its steps."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NotRequired

import numpy as np
from typing_extensions import TypedDict

from nn.array_types import FloatArray
from nn.diagnosis.measurement.vector_norm import cosine, float64_blocks, norm
from nn.model.layers import Dense
from nn.model.network import Network


class GradientNorms(TypedDict):
    """The fields of `LayerTelemetry` that come from a gradient."""

    gradient_norm: float
    penalty_ratio: float


class UpdateNorms(TypedDict):
    """The fields of `LayerTelemetry` that come from the parameters and, if it is known, from the last step."""

    weight_norm: float
    update_norm: NotRequired[float]
    update_ratio: NotRequired[float]
    update_cosine: NotRequired[float | None]


class LayerNorms:
    """Measures `layer`, whose parameters begin at `network.parameters[start]`. `l1` and `l2` penalize its weights."""

    def __init__(self, network: Network, layer: Dense, start: int, *, l1: float, l2: float) -> None:
        self.n_units = layer.weights.shape[1]
        self.n_parameters = layer.weights.size + layer.biases.size
        self._layer = slice(start, start + self.n_parameters)
        self._parameters = network.parameters[self._layer]
        self._gradient = network.gradient[self._layer]
        self._weights = self._parameters[: layer.weights.size]
        self._l1, self._l2 = l1, l2

    @classmethod
    def of_layers(cls, network: Network, *, l1: float, l2: float) -> Iterator[LayerNorms]:
        """Yield an object for each layer of `network`, whose weights have the penalty coefficients `l1` and `l2`."""
        start = 0
        for layer in network.layers:
            norms = cls(network, layer, start, l1=l1, l2=l2)
            yield norms
            start += norms.n_parameters

    def weights(self) -> UpdateNorms:
        """Return the norm of the weights and biases, if the last step is not known."""
        return {"weight_norm": norm(self._parameters)}

    def gradient(self) -> GradientNorms:
        """Return the norms for the last gradient, which must belong to the current parameters."""
        return {"gradient_norm": norm(self._gradient), "penalty_ratio": self._penalty_ratio()}

    def update(self, update: FloatArray, earlier: FloatArray | None) -> UpdateNorms:
        """Return the norms after the step `update` (parameter_count,). `earlier` is the step before it, if known."""
        last = update[self._layer]
        weight_norm, update_norm = norm(self._parameters), norm(last)
        before = None if earlier is None else earlier[self._layer]
        return {
            "weight_norm": weight_norm,
            "update_norm": update_norm,
            "update_ratio": _ratio(update_norm, weight_norm),
            "update_cosine": None if before is None else cosine(last, before, update_norm * norm(before)),
        }

    def _penalty_ratio(self) -> float:
        """Return the norm of the penalty's gradient divided by the norm of the loss's gradient."""
        if not (self._l1 or self._l2):
            return 0.0
        n_weights = self._weights.size
        biases_square = norm(self._gradient[n_weights:]) ** 2 if n_weights < self.n_parameters else 0.0
        penalty_square, loss_square = 0.0, biases_square
        gradients = float64_blocks(self._gradient[:n_weights])
        for weights, gradient in zip(float64_blocks(self._weights), gradients, strict=True):
            penalty = self._l2 * weights + self._l1 * np.sign(weights)
            gradient -= penalty
            penalty_square += float(np.dot(penalty, penalty))
            loss_square += float(np.dot(gradient, gradient))
        return _ratio(math.sqrt(penalty_square), math.sqrt(loss_square))


def _ratio(numerator: float, denominator: float) -> float:
    """Return a ratio of norms: 0 if both are 0, and infinity if only the denominator is 0."""
    if denominator:
        return numerator / denominator
    return math.inf if numerator else 0.0
