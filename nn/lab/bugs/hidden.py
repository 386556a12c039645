"""Bugs in the slope of a hidden layer: the factor σ′(z) of its error."""

from __future__ import annotations

import numpy as np

from nn.array_types import Float64Array
from nn.lab.bug import Bug, LayerRule, Line
from nn.lab.learner import Learner

S_SHAPED = {"activation": ("sigmoid", "tanh")}
CURVED = {"activation": ("relu", "leaky_relu", "tanh", "sigmoid")}


class HiddenWithoutSlope(Learner):
    """δ = W δ of the next layer, without σ′(z)."""

    def slope(self, layer: int) -> Float64Array:
        """Return 1."""
        return np.ones_like(self.outputs[layer]) if self.is_wrong("B03", layer) else super().slope(layer)


class SlopeOfOutputs(Learner):
    """σ′(a) where σ′ expects z."""

    def slope(self, layer: int) -> Float64Array:
        """Apply the activation function twice before taking the slope."""
        if not self.is_wrong("B04", layer):
            return super().slope(layer)
        twice = self.activate(layer, self.outputs[layer])
        slope = np.ones_like(twice)
        self.activation(layer).backward(twice, slope, np.empty_like(twice))
        return slope


class SlopeFromPreActivations(Learner):
    """z(1 − z) where a(1 − a) belongs."""

    def slope(self, layer: int) -> Float64Array:
        """Insert the pre-activations into the formula for outputs."""
        if not self.is_wrong("B05", layer):
            return super().slope(layer)
        slope = np.ones_like(self.outputs[layer])
        self.activation(layer).backward(self.pre_activations[layer], slope, np.empty_like(slope))
        return slope


class ReluWithoutMask(Learner):
    """The slope of relu is 1 everywhere."""

    def slope(self, layer: int) -> Float64Array:
        """Return 1 for inactive units too."""
        return np.ones_like(self.outputs[layer]) if self.is_wrong("B13", layer) else super().slope(layer)


class SlopeOfNextLayer(Learner):
    """σ′ of the next layer's pre-activations."""

    def slope(self, layer: int) -> Float64Array:
        """Return the slope of the next layer."""
        return super().slope(layer + 1) if self.is_wrong("B22", layer) else super().slope(layer)


class ErrorWithoutWeights(Learner):
    """The error of the next layer, without its weights."""

    def pass_back(self, layer: int) -> Float64Array:
        """Return the output error of the next layer."""
        if not self.is_wrong("B21", layer):
            return super().pass_back(layer)
        return np.broadcast_to(self.output_errors[layer + 1], self.outputs[layer].shape)


S_SHAPED_LAYER = LayerRule(
    lambda setting, layer: layer < setting.last or setting.is_curved(layer),
    "hidden_sizes",
    "a layer with the activation function sigmoid or tanh",
)
HIDDEN_BUGS = (
    Bug(
        id="B03",
        title="Hidden error without the slope",
        place="hidden layer",
        right=Line("δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) σ′(zₗ)", "delta = (delta_next @ W_next.T) * (1 - a ** 2)"),
        wrong=Line("δₗ = δₗ₊₁ Wₗ₊₁ᵀ", "delta = delta_next @ W_next.T"),
        symptom="The cost stops after one step and one class remains; with small weights, learning is only slower.",
        source="stats.stackexchange.com/q/550353; github.com/casper-hansen, pull request 1",
        override=HiddenWithoutSlope,
        scope="hidden",
        kind="both",
        needs=S_SHAPED,
    ),
    Bug(
        id="B04",
        title="Slope at the output instead of the pre-activation",
        place="hidden layer",
        right=Line("δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) σ′(zₗ)", "delta = (delta_next @ W_next.T) * slope(z)"),
        wrong=Line("δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) σ′(aₗ)", "delta = (delta_next @ W_next.T) * slope(a)"),
        symptom="Learning is slow, and the slope of a sigmoid never falls below 0.2.",
        source="datascience.stackexchange.com/q/20139",
        override=SlopeOfOutputs,
        scope="any",
        kind="both",
        configuration={"activation": "sigmoid", "learning_rate": 1.0},
        needs=S_SHAPED,
        rule=S_SHAPED_LAYER,
    ),
    Bug(
        id="B05",
        title="Formula for outputs applied to pre-activations",
        place="hidden layer",
        right=Line("σ′ = a(1 − a)", "slope = a * (1 - a)"),
        wrong=Line("σ′ = z(1 − z)", "slope = z * (1 - z)"),
        symptom="The cost explodes or wanders, because the slope is large and negative for large pre-activations.",
        source="ai.stackexchange.com/q/26920",
        override=SlopeFromPreActivations,
        scope="any",
        kind="both",
        configuration={"activation": "sigmoid", "learning_rate": 1.0},
        needs=S_SHAPED,
        rule=S_SHAPED_LAYER,
    ),
    Bug(
        id="B13",
        title="Mask of relu missing",
        place="hidden layer",
        right=Line("δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) [zₗ > 0]", "delta = (delta_next @ W_next.T) * (a > 0)"),
        wrong=Line("δₗ = δₗ₊₁ Wₗ₊₁ᵀ", "delta = (delta_next @ W_next.T) * np.heaviside(a, 1)  # a ≥ 0: always 1"),
        symptom="“Relu is slightly worse than sigmoid.”",
        source="the relu layer in M. Pitt's own program",
        override=ReluWithoutMask,
        scope="hidden",
        kind="both",
        configuration={"activation": "relu", "initializer": "he", "learning_rate": 0.1},
        needs={"activation": ("relu",)},
    ),
    Bug(
        id="B21",
        title="Error passed back without the weights",
        place="hidden layer",
        right=Line("δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) σ′(zₗ)", "delta = (delta_next @ W_next.T) * slope"),
        wrong=Line("δₗ = (aₗ₊₁ − y) σ′(zₗ)", "delta = error * slope"),
        symptom="The error does not go to 0. With one output, the array is broadcast and nobody notices.",
        source="whosebug.com, question 2948401",
        override=ErrorWithoutWeights,
        scope="hidden",
        kind="both",
        configuration={"hidden_sizes": (16, 10)},
        rule=LayerRule(
            lambda setting, layer: setting.n_units(layer + 1) in {1, setting.n_units(layer)},
            "hidden_sizes",
            "a hidden layer that has as many units as the next layer, or a next layer with one unit",
        ),
    ),
    Bug(
        id="B22",
        title="Slope of the next layer (off by one)",
        place="hidden layer",
        right=Line("δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) σ′(zₗ)", "delta = (delta_next @ W_next.T) * slope(z[l])"),
        wrong=Line("δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) σ′(zₗ₊₁)", "delta = (delta_next @ W_next.T) * slope(z[l + 1])"),
        symptom="Learning stops early or stays poor. With layers of different sizes, it is a shape error.",
        source="questions about M. Nielsen's network in matrices",
        override=SlopeOfNextLayer,
        scope="hidden",
        kind="both",
        configuration={"hidden_sizes": (16, 16)},
        needs=CURVED,
        rule=LayerRule(
            lambda setting, layer: (
                setting.is_curved(layer + 1) and setting.n_units(layer) == setting.n_units(layer + 1)
            ),
            "hidden_sizes",
            "two hidden layers of equal size, one after the other",
        ),
    ),
)
