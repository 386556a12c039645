"""A network as the first pages of a textbook write it, to hold the real one against.

Nothing is shared with `nn` but the hyperparameters, and whatever can be written another way is: one image at a time, as
a column; biases as one more column of the weights, for an input that is always 1 (0 in a network without biases);
slopes from the sums of the units instead of their outputs; the whole Jacobian of softmax; optimizers as sums over all
gradients that there ever were, with no state; schedules as lists.
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

# Of each activation, the outputs and the slopes at the sums z.
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


# Of each loss, the value and the slope for the outputs a (the cross-entropies: logits) and targets y of one image.
LOSSES: dict[str, Loss] = {
    "softmax_cross_entropy": _softmax_cross_entropy,
    "binary_cross_entropy": _binary_cross_entropy,
    "quadratic": lambda a, y: (float((a - y) @ (a - y)) / 2, a - y),
    "squared_error": lambda a, y: (float((a - y) @ (a - y)), 2 * (a - y)),
    "mean_squared_error": lambda a, y: (float((a - y) @ (a - y)) / len(a), 2 * (a - y) / len(a)),
}


def matrices(layers: Sequence[Dense]) -> list[Array]:
    """The weights and, in the last column, the biases of every layer: (n_units, n_inputs + 1); 0 where it has none."""
    return [
        np.column_stack([layer.weights.T, layer.biases if layer.biases.size else np.zeros(layer.weights.shape[1])])
        for layer in layers
    ]


class Textbook:
    """The `matrices` of every layer, and every slope of them that was ever found."""

    def __init__(
        self, h: Hyperparameters, layers: Sequence[Dense], dropout_rng: np.random.Generator | None = None
    ) -> None:
        self.h = h
        self.weights = matrices(layers)
        self._bias_input = float(any(layer.biases.size for layer in layers))
        self._slopes: list[list[Array]] = [[] for _ in layers]
        self._dropout_rng = dropout_rng

    def step(self, inputs: Array, targets: Array, rate: float) -> float:
        """Learn from a batch; returns its cost before that, the mean or summed loss plus the penalty."""
        costs, slopes = zip(*map(self._backpropagate, inputs, targets, self._masks(len(inputs))), strict=True)
        n_shares = 1 if self.h.reduction == "sum" else len(inputs)
        cost = sum(costs) / n_shares
        for place, weights in enumerate(self.weights):
            free = weights[:, :-1]  # of the biases, which cost nothing
            cost += self.h.l1 * np.abs(free).sum() + self.h.l2 / 2 * (free**2).sum()
            slope = sum(image[place] for image in slopes) / n_shares
            slope[:, :-1] += self.h.l1 * np.sign(free) + self.h.l2 * free
            self._slopes[place].append(slope)
        for weights, past in zip(self.weights, self._slopes, strict=True):
            weights -= rate * direction(self.h, past)
        return float(cost)

    def _masks(self, n_images: int) -> list[list[Array]]:
        """What each hidden layer of each image is multiplied by, drawn as the real network draws it."""
        rate, sizes = self.h.dropout_rate, self.h.hidden_sizes
        if self._dropout_rng is None or rate == 0:
            return [[np.ones(size) for size in sizes] for _ in range(n_images)]
        drawn = [self._dropout_rng.random((n_images, size)) for size in sizes]
        return [[np.where(layer[image] < rate, 0.0, 1 / (1 - rate)) for layer in drawn] for image in range(n_images)]

    def _backpropagate(self, x: Array, y: Array, masks: list[Array]) -> tuple[float, list[Array]]:
        """The loss of one image, and its slope for each layer's weights: D. Rumelhart et al., 1986."""
        last = self.h.output_activation if self.h.loss in {"quadratic", "squared_error", "mean_squared_error"} else ""
        names = [*repeat(self.h.activation, len(masks)), last or "linear"]
        read, sums, a = [], [], x
        masks = [*masks, np.ones_like(y)]
        for weights, name, mask in zip(self.weights, names, masks, strict=True):
            read.append(np.append(a, self._bias_input))
            sums.append(weights @ read[-1])
            a = ACTIVATIONS[name][0](sums[-1]) * mask
        value, slope = LOSSES[self.h.loss](a, y)
        slopes: list[Array] = []
        for place in reversed(range(len(self.weights))):
            slope = slope * masks[place] * ACTIVATIONS[names[place]][1](sums[place])
            slopes.insert(0, np.outer(slope, read[place]))
            slope = self.weights[place][:, :-1].T @ slope
        return value, slopes


def direction(h: Hyperparameters, slopes: list[Array]) -> Array:
    """What is multiplied by the learning rate and taken off, from all the slopes so far."""

    def fading(values: list[Array], share: float) -> Array:
        """The sum of the values, each weighing `share` of what the next one does."""
        return np.asarray(sum(share**age * value for age, value in enumerate(reversed(values))))

    now, squares = slopes[-1], [slope**2 for slope in slopes]
    match h.optimizer:
        case "rmsprop":
            return now / (np.sqrt((1 - h.rho) * fading(squares, h.rho)) + h.epsilon)
        case "adam":  # the bias correction makes both sums true averages: their weights sum to 1
            ones = [np.ones_like(now)] * len(slopes)
            mean = fading(slopes, h.beta_1) / fading(ones, h.beta_1)
            mean_square = fading(squares, h.beta_2) / fading(ones, h.beta_2)
            return mean / (np.sqrt(mean_square) + h.epsilon)
        case _:
            velocity = fading(slopes, h.momentum)
            return now + h.momentum * velocity if h.nesterov else velocity


def rates(h: Hyperparameters) -> list[float]:
    """The learning rate of each epoch."""
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
