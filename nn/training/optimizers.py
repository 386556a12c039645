"""Optimizers: update rules that turn a gradient into a step.

Every optimizer updates the parameter vector block by block, so that a block stays in the processor's cache during all
passes over it.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from nn.array_types import FloatArray
from nn.hyperparameters.schema import Hyperparameters
from nn.parallel.second_thread import Task

BLOCK = 65_536
LARGE = 400_000  # number of parameters above which a second thread saves time

Blocks = list[list[FloatArray]]


class Optimizer(ABC):
    """An update rule that changes `parameters` according to `gradient`. Both are flat vectors of the same length.

    `hyperparameters` contain the coefficients of the rule. `steps` is the number of steps so far. `state` contains the
    vectors on which the next step depends, by name.
    """

    state_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, hyperparameters: Hyperparameters, parameters: FloatArray, gradient: FloatArray) -> None:
        self._h = hyperparameters
        self.steps = 0
        self.state: dict[str, FloatArray] = {name: np.zeros_like(parameters) for name in self.state_names}
        vectors = [parameters, gradient, *self.state.values()]
        n_threads = 2 if parameters.size >= LARGE else 1
        halves = (np.array_split(vector, n_threads) for vector in vectors)
        self._parts = [_blocks(part) for part in zip(*halves, strict=True)]

    def step(self, learning_rate: float) -> None:
        """Update the parameters in place."""
        self.steps += 1
        first, *others = self._parts
        tasks = [Task(self._update, other, learning_rate) for other in others]
        self._update(first, learning_rate)
        for task in tasks:
            task.finish()

    @abstractmethod
    def _update(self, blocks: Blocks, learning_rate: float) -> None:
        """Update the parameters and the state vectors in these blocks.

        Each block is a list: a slice of the parameters, the same slice of the gradient and of each state vector, and a
        scratch array.
        """


class SGD(Optimizer):
    """Stochastic gradient descent: p ← p − η g (H. Robbins and S. Monro, 1951)."""

    def _update(self, blocks: Blocks, learning_rate: float) -> None:
        for p, g, s in blocks:
            np.multiply(g, learning_rate, out=s)
            np.subtract(p, s, out=p)


class Momentum(Optimizer):
    """Momentum: v ← μ v + g, then p ← p − η v. With Nesterov's lookahead, the step is p ← p − η (g + μ v).

    The rule comes from I. Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013.
    Here, the learning rate is outside the velocity, so that a new rate applies to the whole next step.
    """

    state_names = ("velocity",)

    def _update(self, blocks: Blocks, learning_rate: float) -> None:
        momentum, nesterov = self._h.momentum, self._h.nesterov
        for p, g, v, s in blocks:
            np.multiply(v, momentum, out=v)
            np.add(v, g, out=v)
            if nesterov:
                np.multiply(v, momentum, out=s)
                np.add(s, g, out=s)
                np.multiply(s, learning_rate, out=s)
            else:
                np.multiply(v, learning_rate, out=s)
            np.subtract(p, s, out=p)


class RMSProp(Optimizer):
    """RMSProp: v ← ρ v + (1 − ρ) g², then p ← p − η g / (√v + ε).

    T. Tieleman and G. Hinton, "Lecture 6.5 – RMSProp", Neural Networks for Machine Learning, 2012. The state stores v /
    (1 − ρ) instead of v. This saves one pass over the vector and gives the same step.
    """

    state_names = ("square_sum",)

    def _update(self, blocks: Blocks, learning_rate: float) -> None:
        rho = self._h.rho
        root = math.sqrt(1.0 - rho)
        rate, epsilon = learning_rate / root, self._h.epsilon / root
        for p, g, v, s in blocks:
            np.multiply(v, rho, out=v)
            np.multiply(g, g, out=s)
            np.add(v, s, out=v)
            np.sqrt(v, out=s)
            np.add(s, epsilon, out=s)
            np.divide(g, s, out=s)
            np.multiply(s, rate, out=s)
            np.subtract(p, s, out=p)


class Adam(Optimizer):
    """Adam: p ← p − η m̂ / (√v̂ + ε) with averages m of the gradients and v of the squared gradients.

    First, m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g². Then, m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) at step t.

    D. Kingma and J. Ba, "Adam", 2015, algorithm 1. The state stores m / (1 − β₁) and v / (1 − β₂) instead of m and v.
    This saves two passes over the vector and gives the same step.
    """

    state_names = ("gradient_sum", "square_sum")

    def _update(self, blocks: Blocks, learning_rate: float) -> None:
        beta_1, beta_2 = self._h.beta_1, self._h.beta_2
        mean = (1.0 - beta_1) / (1.0 - beta_1**self.steps)
        root = math.sqrt((1.0 - beta_2) / (1.0 - beta_2**self.steps))
        rate, epsilon = learning_rate * mean / root, self._h.epsilon / root
        for p, g, m, v, s in blocks:
            np.multiply(m, beta_1, out=m)
            np.add(m, g, out=m)
            np.multiply(v, beta_2, out=v)
            np.multiply(g, g, out=s)
            np.add(v, s, out=v)
            np.sqrt(v, out=s)
            np.add(s, epsilon, out=s)
            np.divide(m, s, out=s)
            np.multiply(s, rate, out=s)
            np.subtract(p, s, out=p)


def _blocks(vectors: Sequence[FloatArray]) -> Blocks:
    """Divide vectors of the same length into blocks. All blocks use the same scratch array."""
    size = vectors[0].size
    scratch = np.empty(min(BLOCK, size), vectors[0].dtype)
    return [
        [*(vector[start : start + BLOCK] for vector in vectors), scratch[: size - start]]
        for start in range(0, size, BLOCK)
    ]


def optimizer_class(hyperparameters: Hyperparameters) -> type[Optimizer]:
    """Return the class of the optimizer that `hyperparameters` select."""
    if hyperparameters.optimizer == "sgd":
        return Momentum if hyperparameters.momentum else SGD
    return {"adam": Adam, "rmsprop": RMSProp}[hyperparameters.optimizer]


def make_optimizer(hyperparameters: Hyperparameters, parameters: FloatArray, gradient: FloatArray) -> Optimizer:
    """Return the optimizer that `hyperparameters` select.

    `parameters` and `gradient` are flat vectors of the same length.
    """
    return optimizer_class(hyperparameters)(hyperparameters, parameters, gradient)
