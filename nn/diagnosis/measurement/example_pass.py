"""A forward pass over fixed training examples, which measures the units of each layer and the outputs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from typing_extensions import TypedDict

from nn.array_types import FloatArray
from nn.diagnosis.measurement.fixed_examples import FixedExamples
from nn.diagnosis.measurement.layer_units import LayerUnits, UnitMeasurements
from nn.hyperparameters.schema import Hyperparameters
from nn.model.losses import LOSSES
from nn.model.network import Network


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
        first, second, scratch = (np.empty(len(examples) * widest, network.dtype) for _ in range(3))
        # Two buffers suffice, because the outputs of a layer are needed only until the next layer has its outputs.
        self._layers: list[LayerUnits] = []
        for layer, name in zip(network.layers, names, strict=True):
            self._layers.append(LayerUnits(layer, name, len(examples), buffers=(first, second, scratch)))
            first, second = second, first

    def measure(self) -> PassMeasurements:
        """Return the measurements of the current network."""
        inputs, layers = self._examples.inputs, list[UnitMeasurements]()
        *hidden, last = self._layers
        for units in hidden:
            units.compute_sums(inputs)
            layers.append(units.measure())
            inputs = units.outputs
        last.compute_sums(inputs)
        outputs = self._measure_outputs(last.outputs)
        return PassMeasurements([*layers, last.measure()], outputs)

    def _measure_outputs(self, logits: FloatArray) -> OutputMeasurements:
        examples, loss = self._examples, self._network.loss
        outputs = loss.outputs(logits) if self._is_squared else loss.probabilities(logits)
        n_examples = len(examples)
        deviations = outputs - np.add.reduce(outputs, axis=0) / n_examples
        variances = np.add.reduce(np.square(deviations, out=deviations), axis=0) / n_examples
        accuracy = lost_gradient = predicted_counts = None
        if examples.labels is not None:
            classes = loss.classes(logits)
            is_correct = classes == examples.labels
            accuracy = int(np.count_nonzero(is_correct)) / n_examples
            predicted_counts = tuple(np.bincount(classes, minlength=examples.n_classes).tolist())
            if self._can_lose_gradient:
                lost_gradient = _lost_gradient(outputs[~is_correct], examples.targets[~is_correct])
        return {
            "cost": float(np.add.reduce(loss.values(logits, examples.targets), dtype=np.float64)) / n_examples,
            "accuracy": accuracy,
            "predicted_counts": predicted_counts,
            "output_mean": float(np.add.reduce(np.abs(outputs), axis=None)) / outputs.size,
            "output_std": float(np.add.reduce(np.sqrt(variances))) / variances.size,
            "lost_gradient": lost_gradient,
        }


def _lost_gradient(outputs: FloatArray, targets: FloatArray) -> float | None:
    """Return 1 − ‖(a − y) σ′‖ / ‖a − y‖ with σ′ = a (1 − a), or None without examples."""
    errors = np.asarray(outputs - targets, np.float64)
    whole = float(np.linalg.norm(errors))
    return 1.0 - float(np.linalg.norm(errors * outputs * (1.0 - outputs))) / whole if whole else None
