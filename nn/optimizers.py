"""How a gradient becomes a step, over the flat vectors of a network.

Each optimizer walks through the vectors in blocks that stay in the processor's cache, so that the several passes of an
update cost little more than one. The gradient is used up: it holds nothing of use afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar, Protocol

import numpy as np

from nn.hyperparameters import Hyperparameters
from nn.losses import Floats

BLOCK_SIZE = 65_536


class Optimizer(Protocol):
    """Updates the parameters it was made for."""

    state: dict[str, Floats]
    """What it remembers from step to step: arrays of the parameters' shape, by name."""
    steps: int
    """The steps it has taken."""

    def step(self, learning_rate: float) -> None:
        """Move the parameters by the gradient that stands in the network's vector."""


class _Blockwise:
    """Cuts the parameters, their gradient, the remembered vectors and a scratch vector into blocks."""

    remembered: ClassVar[tuple[str, ...]] = ()

    def __init__(self, parameters: Floats, gradient: Floats) -> None:
        self.steps = 0
        self.state = {name: np.zeros_like(parameters) for name in self.remembered}
        scratch = np.empty(min(BLOCK_SIZE, len(parameters)), parameters.dtype)
        vectors = (parameters, gradient, *self.state.values())
        self._blocks = [
            (*(vector[start : start + BLOCK_SIZE] for vector in vectors), scratch[: len(parameters) - start])
            for start in range(0, len(parameters), BLOCK_SIZE)
        ]


class SGD(_Blockwise):
    """θ ← θ − η · g: the plain step down the gradient."""

    def step(self, learning_rate: float) -> None:
        """Take one step."""
        self.steps += 1
        for parameters, gradient, _ in self._blocks:
            gradient *= learning_rate
            parameters -= gradient


class Momentum(_Blockwise):
    """v ← μ · v − η · g, θ ← θ + v; with Nesterov's look ahead θ ← θ + μ · v − η · g.

    Source: I. Sutskever et al., On the importance of initialization and momentum in deep learning, 2013, equations 1 to
    4, in terms of the parameters at the place looked ahead to.
    """

    remembered = ("velocity",)

    def __init__(self, parameters: Floats, gradient: Floats, *, momentum: float, nesterov: bool) -> None:
        super().__init__(parameters, gradient)
        self.momentum, self.nesterov = momentum, nesterov

    def step(self, learning_rate: float) -> None:
        """Take one step."""
        self.steps += 1
        for parameters, gradient, velocity, scratch in self._blocks:
            gradient *= learning_rate
            velocity *= self.momentum
            velocity -= gradient
            if self.nesterov:
                np.multiply(velocity, self.momentum, out=scratch)
                parameters += scratch
                parameters -= gradient
            else:
                parameters += velocity


class RMSProp(_Blockwise):
    """s ← ρ · s + (1 − ρ) · g², θ ← θ − η · g / (√s + ε).

    Source: T. Tieleman and G. Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012.
    """

    remembered = ("mean_square",)

    def __init__(self, parameters: Floats, gradient: Floats, *, rho: float, epsilon: float) -> None:
        super().__init__(parameters, gradient)
        self.rho, self.epsilon = rho, epsilon

    def step(self, learning_rate: float) -> None:
        """Take one step."""
        self.steps += 1
        for parameters, gradient, mean_square, scratch in self._blocks:
            np.multiply(gradient, gradient, out=scratch)
            scratch *= 1 - self.rho
            mean_square *= self.rho
            mean_square += scratch
            np.sqrt(mean_square, out=scratch)
            scratch += self.epsilon
            np.divide(gradient, scratch, out=scratch)
            scratch *= learning_rate
            parameters -= scratch


class Adam(_Blockwise):
    """m ← β₁ · m + (1 − β₁) · g, v ← β₂ · v + (1 − β₂) · g², θ ← θ − η · m̂ / (√v̂ + ε).

    m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) after t steps. Source: D. Kingma and J. Ba, Adam, 2015, algorithm 1.
    """

    remembered = ("mean", "mean_square")

    def __init__(self, parameters: Floats, gradient: Floats, *, beta_1: float, beta_2: float, epsilon: float) -> None:
        super().__init__(parameters, gradient)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def step(self, learning_rate: float) -> None:
        """Take one step."""
        self.steps += 1
        rate = learning_rate / (1 - self.beta_1**self.steps)
        root_correction = 1 / math.sqrt(1 - self.beta_2**self.steps)
        for parameters, gradient, mean, mean_square, scratch in self._blocks:
            np.multiply(gradient, 1 - self.beta_1, out=scratch)
            mean *= self.beta_1
            mean += scratch
            gradient *= gradient
            gradient *= 1 - self.beta_2
            mean_square *= self.beta_2
            mean_square += gradient
            np.sqrt(mean_square, out=scratch)
            scratch *= root_correction
            scratch += self.epsilon
            np.divide(mean, scratch, out=scratch)
            scratch *= rate
            parameters -= scratch


def _sgd(h: Hyperparameters, parameters: Floats, gradient: Floats) -> Optimizer:
    if h.momentum == 0:
        return SGD(parameters, gradient)
    return Momentum(parameters, gradient, momentum=h.momentum, nesterov=h.nesterov)


def _rmsprop(h: Hyperparameters, parameters: Floats, gradient: Floats) -> Optimizer:
    return RMSProp(parameters, gradient, rho=h.rho, epsilon=h.epsilon)


def _adam(h: Hyperparameters, parameters: Floats, gradient: Floats) -> Optimizer:
    return Adam(parameters, gradient, beta_1=h.beta_1, beta_2=h.beta_2, epsilon=h.epsilon)


OPTIMIZERS: dict[str, Callable[[Hyperparameters, Floats, Floats], Optimizer]] = {
    "sgd": _sgd,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
