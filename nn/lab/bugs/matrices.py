"""Bugs in the matrix product that passes the error back to a hidden layer."""

from __future__ import annotations

import numpy as np

from nn.array_types import Float64Array
from nn.lab.bug import Bug, LayerRule, Line, Setting
from nn.lab.learner import Learner


class ErrorBeforeSlope(Learner):
    """The error passed back has not been multiplied by the slope of its layer."""

    def pass_back(self, layer: int) -> Float64Array:
        """Use the derivative with respect to the outputs instead of the pre-activations."""
        if not self.is_wrong("B06", layer):
            return super().pass_back(layer)
        return np.asarray(self.output_errors[layer + 1] @ self.weights[layer + 1].T)


class ErrorUntransposed(Learner):
    """W · δ with δ as it is, although its rows are images."""

    def pass_back(self, layer: int) -> Float64Array:
        """Multiply the rows of W by the rows of δᵀ."""
        if not self.is_wrong("B07", layer):
            return super().pass_back(layer)
        return np.asarray((self.weights[layer + 1] @ self.errors[layer + 1]).T)


class WeightsUntransposed(Learner):
    """δ · W instead of δ · Wᵀ."""

    def pass_back(self, layer: int) -> Float64Array:
        """Multiply by the weights without transposing them."""
        if not self.is_wrong("B07c", layer):
            return super().pass_back(layer)
        return np.asarray(self.errors[layer + 1] @ self.weights[layer + 1])


class WeightsAlreadyUpdated(Learner):
    """The weights of the next layer have already taken their step."""

    def pass_back(self, layer: int) -> Float64Array:
        """Use the weights after their step."""
        if not self.is_wrong("B10", layer):
            return super().pass_back(layer)
        step = self.hyperparameters.learning_rate * self.gradient.weights[layer + 1]
        return np.asarray(self.errors[layer + 1] @ (self.weights[layer + 1] - step).T)


class WrongColumnCut(Learner):
    """The weights include the biases as their first row, and the last row is cut instead."""

    def pass_back(self, layer: int) -> Float64Array:
        """Use the biases and all but the last row of the weights."""
        if not self.is_wrong("B28", layer):
            return super().pass_back(layer)
        with_biases = np.vstack([self.biases[layer + 1], self.weights[layer + 1]])
        return np.asarray(self.errors[layer + 1] @ with_biases[:-1].T)


def _next_layer_has_batch_size(setting: Setting, layer: int) -> bool:
    return setting.n_units(layer + 1) == setting.batch_size


def _next_layer_is_square(setting: Setting, layer: int) -> bool:
    return setting.n_units(layer + 1) == setting.n_units(layer)


PASS_BACK = Line("δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) σ′(zₗ)", "delta = (delta_next @ W_next.T) * slope")

MATRIX_BUGS = (
    Bug(
        id="B06",
        title="Error passed back before the slope",
        place="hidden layer",
        right=PASS_BACK,
        wrong=Line("eₗ = eₗ₊₁ Wₗ₊₁ᵀ, δₗ = eₗ σ′(zₗ)", "e = e_next @ W_next.T\ndelta = e * slope"),
        symptom="The network learns, sometimes better than with the right gradient.",
        source="stackoverflow.com/q/53287032",
        override=ErrorBeforeSlope,
        scope="hidden",
        kind="both",
        configuration={"activation": "sigmoid", "learning_rate": 1.0},
        rule=LayerRule(
            lambda setting, layer: setting.is_curved(layer + 1),
            "hidden_sizes",
            "two hidden layers that are not linear, or a squared loss of outputs that are not linear",
        ),
    ),
    Bug(
        id="B07",
        title="Error not transposed",
        place="hidden layer",
        right=PASS_BACK,
        wrong=Line("δₗ = (Wₗ₊₁ δₗ₊₁)ᵀ σ′(zₗ)", "delta = (W_next @ delta_next).T * slope"),
        symptom="The accuracy stays at 9 to 10 %. The program runs only because a batch has as many images as the "
        "next layer has units.",
        source="a question about M. Nielsen's network in matrices (784-30-10, batches of 10 images)",
        override=ErrorUntransposed,
        scope="hidden",
        kind="both",
        configuration={"batch_size": 10, "epochs": 6},
        rule=LayerRule(
            _next_layer_has_batch_size,
            "batch_size",
            "a hidden layer whose next layer has as many units as a batch has images, such as 10 for 10 classes",
        ),
    ),
    Bug(
        id="B07c",
        title="Weights not transposed",
        place="hidden layer",
        right=PASS_BACK,
        wrong=Line("δₗ = (δₗ₊₁ Wₗ₊₁) σ′(zₗ)", "delta = (delta_next @ W_next) * slope"),
        symptom="The accuracy stays at 9 to 10 %. With weights that are not square, it is a shape error.",
        source="questions about M. Nielsen's network in matrices",
        override=WeightsUntransposed,
        scope="hidden",
        kind="both",
        configuration={"hidden_sizes": (16, 16)},
        rule=LayerRule(
            _next_layer_is_square, "hidden_sizes", "a hidden layer whose next layer has the same number of units"
        ),
    ),
    Bug(
        id="B10",
        title="Weights updated before they pass the error back",
        place="hidden layer",
        right=PASS_BACK,
        wrong=Line(
            "δₗ = (δₗ₊₁ (Wₗ₊₁ − η ∇Wₗ₊₁)ᵀ) σ′(zₗ)", "W_next -= eta * dW_next\ndelta = (delta_next @ W_next.T) * slope"
        ),
        symptom="Almost nothing at a small learning rate: the error of the gradient is proportional to it.",
        source="github.com/Bot-Academy/NeuralNetworkFromScratch, pull request 3",
        override=WeightsAlreadyUpdated,
        scope="hidden",
        kind="both",
    ),
    Bug(
        id="B28",
        title="Wrong column cut from weights with biases",
        place="hidden layer",
        right=Line("δₗ = (δₗ₊₁ W̃ᵀ) without its bias column", "delta = (delta_next @ W_and_b[1:].T) * slope"),
        wrong=Line("δₗ = (δₗ₊₁ W̃ᵀ) without its last column", "delta = (delta_next @ W_and_b[:-1].T) * slope"),
        symptom="Invisible in the curves: 91.62 % became 92.6 % after the correction.",
        source="github.com/louisjc, issue 1 (column 200 of 301 was cut instead of 300)",
        override=WrongColumnCut,
        scope="hidden",
        kind="both",
        needs={"use_bias": (True,)},
    ),
)
