"""A forward pass over fixed training examples, which measures the units of each layer and the outputs."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
from typing_extensions import TypedDict

from nn.array_types import FloatArray, LabelArray
from nn.diagnosis.measurement.identical_units import IdenticalUnits
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS, Activation
from nn.model.layers import Dense
from nn.model.losses import LOSSES
from nn.model.network import Network
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


class OutputMeasurements(TypedDict, total=False):
    """The fields of `Telemetry` that need a forward pass."""

    cost: float
    accuracy: float | None
    predicted_counts: tuple[int, ...] | None
    output_mean: float
    output_std: float
    lost_gradient: float | None


class PassMeasurements(NamedTuple):
    """The measurements of each layer, from input to output, and of the outputs."""

    layers: list[UnitMeasurements]
    outputs: OutputMeasurements


@dataclass(frozen=True, slots=True, eq=False)
class FixedExamples:
    """The examples of all passes, scaled as the network expects them.

    `inputs` are (n_examples, n_features), `targets` (n_examples, n_outputs), and `labels` (n_examples,), or None for a
    regression. `n_classes` is 0 for a regression.
    """

    inputs: FloatArray
    targets: FloatArray
    labels: LabelArray | None
    n_classes: int

    def __len__(self) -> int:
        return len(self.inputs)

    def first(self, n: int) -> Self:
        """Return the first `n` examples."""
        labels = None if self.labels is None else self.labels[:n]
        return replace(self, inputs=self.inputs[:n], targets=self.targets[:n], labels=labels)


class ExamplePass:
    """Measures `network` on `examples` without dropout.

    The pass has buffers of its own, so it changes nothing in the network.
    """

    def __init__(self, hyperparameters: Hyperparameters, network: Network, examples: FixedExamples) -> None:
        h = hyperparameters
        self._network, self._examples = network, examples
        self._is_squared = not LOSSES[h.loss].expects_logits
        output_activation = h.output_activation if self._is_squared else "linear"
        self._can_lose_gradient = output_activation == "sigmoid"
        names = [h.activation] * len(h.hidden_sizes) + [output_activation]
        widest = max(layer.weights.shape[1] for layer in network.layers)
        self._buffers = [np.empty(len(examples) * widest, network.dtype) for _ in range(4)]
        self._layers = [
            (layer, name, ACTIVATIONS[name], IdenticalUnits(layer.weights, layer.biases))
            for layer, name in zip(network.layers, names, strict=True)
        ]

    def measure(self) -> PassMeasurements:
        """Return the measurements of the current network."""
        n_examples = len(self._examples)
        outputs, free, slopes, scratch = self._buffers
        inputs, layers, logits = self._examples.inputs, list[UnitMeasurements](), self._examples.inputs
        for layer, name, activation, identical in self._layers:
            shape = n_examples, layer.weights.shape[1]
            size = n_examples * shape[1]
            sums = outputs[:size].reshape(shape)
            _compute_sums(layer, inputs, sums)
            if layer is self._network.layers[-1]:
                logits = sums.copy()
            sum_mean, sum_std = _mean_and_std(outputs[:size], scratch[:size])
            if activation is ACTIVATIONS["linear"]:
                activation_mean, activation_std = sum_mean, sum_std
            else:
                activation.forward(sums, scratch[:size].reshape(shape))
                activation_mean, activation_std = _mean_and_std(outputs[:size], scratch[:size])
            saturated_fraction, derivative_mean = _slopes(
                name, activation, sums, slopes[:size].reshape(shape), scratch[:size].reshape(shape)
            )
            dead = np.maximum.reduce(sums, axis=0) <= 0.0 if name == "relu" else None
            layers.append(
                {
                    "sum_mean": sum_mean,
                    "sum_std": sum_std,
                    "activation_mean": activation_mean,
                    "activation_std": activation_std,
                    "saturated_fraction": saturated_fraction,
                    "derivative_mean": derivative_mean,
                    "dead_fraction": 0.0 if dead is None else int(np.count_nonzero(dead)) / dead.size,
                    "identical_fraction": identical.fraction(),
                }
            )
            inputs, outputs, free = sums, free, outputs
        return PassMeasurements(layers, self._measure_outputs(logits))

    def _measure_outputs(self, logits: FloatArray) -> OutputMeasurements:
        examples, loss = self._examples, self._network.loss
        outputs = loss.outputs(logits) if self._is_squared else loss.probabilities(logits)
        deviations = outputs - outputs.mean(axis=0)
        n_examples = len(examples)
        variances = np.square(deviations, out=deviations).sum(axis=0) / n_examples
        accuracy = lost_gradient = predicted_counts = None
        if examples.labels is not None:
            classes = loss.classes(logits)
            is_correct = classes == examples.labels
            accuracy = int(np.count_nonzero(is_correct)) / n_examples
            predicted_counts = tuple(np.bincount(classes, minlength=examples.n_classes).tolist())
            if self._can_lose_gradient:
                lost_gradient = _lost_gradient(outputs[~is_correct], examples.targets[~is_correct])
        return {
            "cost": float(loss.values(logits, examples.targets).mean(dtype=np.float64)),
            "accuracy": accuracy,
            "predicted_counts": predicted_counts,
            "output_mean": float(np.abs(outputs).mean()),
            "output_std": float(np.sqrt(variances).mean()),
            "lost_gradient": lost_gradient,
        }


def _compute_sums(layer: Dense, inputs: FloatArray, out: FloatArray) -> None:
    select_product(len(inputs) * layer.weights.size)(inputs, layer.weights, out)
    if layer.biases.size:
        np.add(out, layer.biases, out=out)


def _mean_and_std(values: FloatArray, scratch: FloatArray) -> tuple[float, float]:
    mean = float(np.add.reduce(values)) / values.size
    np.subtract(values, mean, out=scratch)
    return mean, math.sqrt(float(np.dot(scratch, scratch)) / values.size)


def _slopes(
    name: str, activation: Activation, outputs: FloatArray, slopes: FloatArray, scratch: FloatArray
) -> tuple[float, float]:
    """Return the fraction of saturated activations, and the mean slope as a fraction of the largest slope."""
    if name == "linear":
        return 0.0, 1.0
    slopes.fill(1.0 / LARGEST_SLOPE.get(name, 1.0))
    activation.backward(outputs, slopes, scratch)
    mean = float(np.add.reduce(slopes, axis=None)) / slopes.size
    if activation.is_piecewise_linear:
        return 0.0, mean
    return int(np.count_nonzero(slopes < SATURATED)) / slopes.size, mean


def _lost_gradient(outputs: FloatArray, targets: FloatArray) -> float | None:
    """Return 1 − ‖(a − y) σ′‖ / ‖a − y‖ with σ′ = a (1 − a), or None without examples."""
    errors = np.asarray(outputs - targets, np.float64)
    whole = float(np.linalg.norm(errors))
    return 1.0 - float(np.linalg.norm(errors * outputs * (1.0 - outputs))) / whole if whole else None
