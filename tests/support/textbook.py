"""Textbook implementation of a network, independent of `nn`, to compare the real network with.

It shares only the hyperparameters with `nn`, and computes everything differently. It processes one image at a time, as
a column vector. The biases are an additional column of the weight matrix. The input of this column is always 1, or
always 0 in a network without biases. Derivatives are computed from pre-activations instead of outputs, and the gradient
of softmax from its full Jacobian. Optimizers have no state, but sum over all past gradients, and schedules are lists.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate, repeat

import numpy as np
from numpy.typing import NDArray

from nn.hyperparameters.schema import Hyperparameters
from nn.model.layers import Dense

Array = NDArray[np.float64]
Function = Callable[[Array], Array]
Loss = Callable[[Array, Array], tuple[float, Array]]

# Each activation function and its derivative, as functions of the pre-activations z.
ACTIVATIONS: dict[str, tuple[Function, Function]] = {
    "linear": (lambda z: z, np.ones_like),
    "relu": (lambda z: np.where(z > 0, z, 0.0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1.0, 0.01)),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (lambda z: np.sinh(z) / np.cosh(z), lambda z: 1 / np.cosh(z) ** 2),
}


def _softmax_cross_entropy(z: Array, y: Array) -> tuple[float, Array]:
    p = np.exp(z) / np.exp(z).sum()
    return -(y * np.log(p)).sum(), (np.diag(p) - np.outer(p, p)) @ (-y / p)


def _binary_cross_entropy(z: Array, y: Array) -> tuple[float, Array]:
    p = 1 / (1 + np.exp(-z))
    value = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum()
    return value, p * (1 - p) * ((1 - y) / (1 - p) - y / p)


# Each function takes the outputs a and the targets y of one image, and returns the loss and its gradient with respect
# to a. Cross-entropies use the logits z instead of a.
LOSSES: dict[str, Loss] = {
    "softmax_cross_entropy": _softmax_cross_entropy,
    "binary_cross_entropy": _binary_cross_entropy,
    "quadratic": lambda a, y: (float((a - y) @ (a - y)) / 2, a - y),
    "squared_error": lambda a, y: (float((a - y) @ (a - y)), 2 * (a - y)),
    "mean_squared_error": lambda a, y: (float((a - y) @ (a - y)) / len(a), 2 * (a - y) / len(a)),
}


def matrices(layers: Sequence[Dense]) -> list[Array]:
    """Return one matrix (n_units, n_inputs + 1) per layer, with the biases in the last column, or 0 without biases."""
    return [
        np.column_stack([layer.weights.T, layer.biases if layer.biases.size else np.zeros(layer.weights.shape[1])])
        for layer in layers
    ]


class Textbook:
    """Network that stores the matrix of each layer, and the gradient of each matrix at every step so far."""

    def __init__(
        self, h: Hyperparameters, layers: Sequence[Dense], dropout_rng: np.random.Generator | None = None
    ) -> None:
        self.h = h
        self.weights = matrices(layers)
        self._bias_input = float(any(layer.biases.size for layer in layers))
        self._slopes: list[list[Array]] = [[] for _ in layers]
        self._dropout_rng = dropout_rng

    def step(self, inputs: Array, targets: Array, rate: float) -> float:
        """Train on a batch, and return its cost before the step: the mean or sum of the losses, plus the penalty."""
        costs, slopes = zip(*map(self._backpropagate, inputs, targets, self._masks(len(inputs))), strict=True)
        divisor = 1 if self.h.reduction == "sum" else len(inputs)
        cost = sum(costs) / divisor
        for layer, weights in enumerate(self.weights):
            penalized = weights[:, :-1]  # without the biases
            cost += self.h.l1 * np.abs(penalized).sum() + self.h.l2 / 2 * (penalized**2).sum()
            slope = sum(image[layer] for image in slopes) / divisor
            slope[:, :-1] += self.h.l1 * np.sign(penalized) + self.h.l2 * penalized
            self._slopes[layer].append(slope)
        for weights, past in zip(self.weights, self._slopes, strict=True):
            weights -= rate * direction(self.h, past)
        return float(cost)

    def _masks(self, n_images: int) -> list[list[Array]]:
        """Draw the dropout masks of each hidden layer for each image, in the same order as the real network."""
        rate, sizes = self.h.dropout_rate, self.h.hidden_sizes
        if self._dropout_rng is None or rate == 0:
            return [[np.ones(size) for size in sizes] for _ in range(n_images)]
        drawn = [self._dropout_rng.random((n_images, size)) for size in sizes]
        return [[np.where(layer[image] < rate, 0.0, 1 / (1 - rate)) for layer in drawn] for image in range(n_images)]

    def _backpropagate(self, x: Array, y: Array, masks: list[Array]) -> tuple[float, list[Array]]:
        """Return the loss of one image and its gradient for the matrix of each layer (D. Rumelhart et al., 1986)."""
        last = self.h.output_activation if self.h.loss in {"quadratic", "squared_error", "mean_squared_error"} else ""
        names = [*repeat(self.h.activation, len(masks)), last or "linear"]
        layer_inputs, pre_activations, a = [], [], x
        masks = [*masks, np.ones_like(y)]
        for weights, name, mask in zip(self.weights, names, masks, strict=True):
            layer_inputs.append(np.append(a, self._bias_input))
            pre_activations.append(weights @ layer_inputs[-1])
            a = ACTIVATIONS[name][0](pre_activations[-1]) * mask
        value, slope = LOSSES[self.h.loss](a, y)
        slopes: list[Array] = []
        for layer in reversed(range(len(self.weights))):
            slope = slope * masks[layer] * ACTIVATIONS[names[layer]][1](pre_activations[layer])
            slopes.insert(0, np.outer(slope, layer_inputs[layer]))
            slope = self.weights[layer][:, :-1].T @ slope
        return value, slopes


def direction(h: Hyperparameters, slopes: list[Array]) -> Array:
    """Return the step divided by the learning rate, computed from the gradients at all steps so far."""

    def decayed_sum(values: list[Array], decay: float) -> Array:
        """Return the sum of the values with weights …, decay², decay, 1."""
        return np.asarray(sum(decay**age * value for age, value in enumerate(reversed(values))))

    latest, squares = slopes[-1], [slope**2 for slope in slopes]
    match h.optimizer:
        case "rmsprop":
            return latest / (np.sqrt((1 - h.rho) * decayed_sum(squares, h.rho)) + h.epsilon)
        case "adam":  # with bias corrections, both sums are weighted averages
            ones = [np.ones_like(latest)] * len(slopes)
            mean = decayed_sum(slopes, h.beta_1) / decayed_sum(ones, h.beta_1)
            mean_square = decayed_sum(squares, h.beta_2) / decayed_sum(ones, h.beta_2)
            return mean / (np.sqrt(mean_square) + h.epsilon)
        case _:
            velocity = decayed_sum(slopes, h.momentum)
            return latest + h.momentum * velocity if h.nesterov else velocity


def rates(h: Hyperparameters) -> list[float]:
    """Return the learning rate of each epoch."""
    first, last = h.learning_rate, h.learning_rate * h.final_learning_rate_fraction
    match h.schedule:
        case "linear":
            return list(np.linspace(first, last, h.epochs))
        case "cosine":  # ½ (1 + cos 2α) is cos² α
            angles = np.linspace(0, math.pi / 2, h.epochs)
            return [last + (first - last) * math.cos(angle) ** 2 for angle in angles]
        case "exponential":
            return list(accumulate(repeat(h.decay_rate, h.epochs - 1), float.__mul__, initial=first))
        case "step":
            decays = [h.decay_rate if epoch % h.decay_every == 0 else 1.0 for epoch in range(1, h.epochs)]
            return list(accumulate(decays, float.__mul__, initial=first))
        case _:
            return [first] * h.epochs
