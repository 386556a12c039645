"""How the learning rate changes from epoch to epoch.

Each schedule gives the factor for one epoch, counted from 1, by which the learning rate is multiplied.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from nn.hyperparameters import Hyperparameters


def _progress(h: Hyperparameters, epoch: int) -> float:
    """How far `epoch` lies between the first (0) and the last (1)."""
    return (epoch - 1) / max(1, h.epochs - 1)


def _constant(_h: Hyperparameters, _epoch: int) -> float:
    return 1.0


def _linear(h: Hyperparameters, epoch: int) -> float:
    return 1 - (1 - h.final_learning_rate_fraction) * _progress(h, epoch)


def _exponential(h: Hyperparameters, epoch: int) -> float:
    return h.decay_rate ** (epoch - 1)


def _step(h: Hyperparameters, epoch: int) -> float:
    return h.decay_rate ** ((epoch - 1) // h.decay_every)


def _cosine(h: Hyperparameters, epoch: int) -> float:
    """I. Loshchilov and F. Hutter, SGDR, 2017, equation 5, with one period and no restart."""
    floor = h.final_learning_rate_fraction
    return floor + (1 - floor) * (1 + math.cos(math.pi * _progress(h, epoch))) / 2


SCHEDULES: dict[str, Callable[[Hyperparameters, int], float]] = {
    "constant": _constant,
    "linear": _linear,
    "exponential": _exponential,
    "step": _step,
    "cosine": _cosine,
}


def learning_rate(hyperparameters: Hyperparameters, epoch: int) -> float:
    """Return the learning rate of `epoch`, from 1 to `hyperparameters.epochs`."""
    return hyperparameters.learning_rate * SCHEDULES[hyperparameters.schedule](hyperparameters, epoch)
