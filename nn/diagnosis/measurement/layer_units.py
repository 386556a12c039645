"""Measurements of the units of one layer on fixed examples."""

from __future__ import annotations

import math

import numpy as np
from typing_extensions import TypedDict

from nn.array_types import FloatArray
from nn.diagnosis.measurement.identical_units import IdenticalUnits
from nn.model.activations import ACTIVATIONS
from nn.model.layers import Dense
from nn.parallel.matrix_product import select_product

SATURATED = 0.1  # a unit is saturated where its derivative is below this fraction of the largest derivative
LARGEST_SLOPE = {"sigmoid": 0.25}  # of all other activation functions, 1


class UnitMeasurements(TypedDict, total=False):
    """The fields of `LayerTelemetry` that need a forward pass."""

    sum_mean: float
    sum_std: float
    activation_mean: float
    activation_std: float
    saturated_fraction: float
    derivative_mean: float
    dead_fraction: float
    identical_fraction: float


class LayerUnits:
    """Measures the units of `layer` with an activation function of ACTIVATIONS.

    `outputs`, `slopes` and `scratch` are flat buffers of at least n_examples × n_units numbers.
    """

    def __init__(
        self, layer: Dense, activation: str, n_examples: int, *, buffers: tuple[FloatArray, FloatArray, FloatArray]
    ) -> None:
        shape = n_examples, layer.weights.shape[1]
        self._layer = layer
        self._name = activation
        self._activation = ACTIVATIONS[activation]
        self._flat, self._flat_slopes, self._flat_scratch = (buffer[: shape[0] * shape[1]] for buffer in buffers)
        self.outputs, self._slopes, self._scratch = (
            flat.reshape(shape) for flat in (self._flat, self._flat_slopes, self._flat_scratch)
        )
        self._product = select_product(n_examples * layer.weights.size)
        self._identical = IdenticalUnits(layer.weights, layer.biases)

    def compute_sums(self, inputs: FloatArray) -> None:
        """Write the pre-activations for `inputs` (n_examples, n_inputs) into `outputs`."""
        self._product(inputs, self._layer.weights, self.outputs)
        if self._layer.biases.size:
            np.add(self.outputs, self._layer.biases, out=self.outputs)

    def measure(self) -> UnitMeasurements:
        """Measure the pre-activations in `outputs`, apply the activation function, and measure the activations."""
        sums = self._mean_and_std()
        if self._name == "linear":
            activations = sums
        else:
            self._activation.forward(self.outputs, self._scratch)
            activations = self._mean_and_std()
        saturated_fraction, derivative_mean = self._measure_slopes()
        return {
            "sum_mean": sums[0],
            "sum_std": sums[1],
            "activation_mean": activations[0],
            "activation_std": activations[1],
            "saturated_fraction": saturated_fraction,
            "derivative_mean": derivative_mean,
            "dead_fraction": self._dead_fraction(),
            "identical_fraction": self._identical.fraction(),
        }

    def _mean_and_std(self) -> tuple[float, float]:
        mean = float(np.add.reduce(self._flat)) / self._flat.size
        np.subtract(self._flat, mean, out=self._flat_scratch)
        return mean, math.sqrt(float(np.dot(self._flat_scratch, self._flat_scratch)) / self._flat.size)

    def _measure_slopes(self) -> tuple[float, float]:
        """Return the fraction of saturated activations, and the mean slope as a fraction of the largest slope."""
        if self._name == "linear":
            return 0.0, 1.0
        if self._name == "relu":  # the slope is 1 or 0
            return 0.0, int(np.count_nonzero(self._flat)) / self._flat.size
        self._flat_slopes.fill(1.0 / LARGEST_SLOPE.get(self._name, 1.0))
        self._activation.backward(self.outputs, self._slopes, self._scratch)
        mean = float(np.add.reduce(self._flat_slopes)) / self._flat.size
        if self._activation.is_piecewise_linear:
            return 0.0, mean
        return int(np.count_nonzero(self._flat_slopes < SATURATED)) / self._flat.size, mean

    def _dead_fraction(self) -> float:
        if self._name != "relu":
            return 0.0
        largest = np.maximum.reduce(self.outputs, axis=0)
        return int(np.count_nonzero(largest == 0.0)) / len(largest)
