"""Facts about the layers of the network during the run."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nn.diagnosis.facts.run_facts import RunFacts
from nn.diagnosis.telemetry import LayerTelemetry, Telemetry

NOTHING = Telemetry(0, (), math.nan, math.nan)


class LayerFacts(RunFacts):
    """Facts about the gradients, weights and steps of each layer."""

    @cached_property
    def usual_norms(self) -> NDArray[np.float64]:
        """The norm that the parameters of each layer have with Glorot's initialization."""
        layers = (self.last or self.first or NOTHING).layers
        sizes = [self.evidence.hyperparameters.n_features, *(each.n_units for each in layers)]
        norms = [
            math.sqrt(2 * layer.n_parameters / (fan_in + layer.n_units))
            for fan_in, layer in zip(sizes, layers, strict=False)
        ]
        return np.array(norms)

    @cached_property
    def path(self) -> float:
        """The length of all steps so far, relative to Glorot's initial weights, in the layer that has moved most.

        It is NaN if unknown.
        """
        if not self.passes:
            return math.nan
        norms = np.array([[layer.update_norm or 0.0 for layer in each.layers] for each in self.passes])
        return float(np.max(norms.mean(axis=0) * self.n_steps / self.usual_norms))

    @cached_property
    def early_layers(self) -> tuple[tuple[LayerTelemetry, ...], ...]:
        """The layers at the measured steps of the first epoch, or after it."""
        return tuple(each.layers for each in self.steps) or tuple(each.layers for each in self.passes[:1])

    def median(self, name: str, layer: int, *, early: bool = False) -> float:
        """Return the median of a measurement of one layer, by index: in the first epoch, or in the last three."""
        source = self.early_layers if early else tuple(each.layers for each in self.passes[-3:])
        values = [getattr(each[layer], name) for each in source]
        known = [value for value in values if value is not None]
        return float(np.median(known)) if known else math.nan

    def relative_updates(self, *, early: bool = False) -> NDArray[np.float64]:
        """Return the size of a step of each layer, relative to its weights or to Glorot's initial weights.

        The larger of both counts, because steps away from tiny initial weights must be large.
        """
        layers = range(len(self.usual_norms))
        updates = np.array([self.median("update_norm", index, early=early) for index in layers])
        weights = np.array([self.median("weight_norm", index, early=early) for index in layers])
        return np.asarray(updates / np.fmax(weights, self.usual_norms))

    def gradient_rms(self, *, early: bool = False) -> NDArray[np.float64]:
        """Return the root mean square of the gradient of each layer, over parameters whose inputs vary."""
        layers = (self.last or self.first or NOTHING).layers
        norms = np.array([self.median("gradient_norm", index, early=early) for index in range(len(layers))])
        if np.isnan(norms).any() and self.first:
            norms = np.array([each.gradient_norm for each in self.first.layers])
        counts = np.array([each.n_parameters for each in layers], float)
        if self.data and len(counts):
            counts[0] *= max(1 - self.data.n_constant_inputs / max(self.data.n_inputs, 1), 1e-3)
        return np.asarray(norms / np.sqrt(np.maximum(counts, 1)))
