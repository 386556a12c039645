"""Learning-rate schedules."""

from __future__ import annotations

import math
from collections.abc import Callable

from nn.hyperparameters.schema import Hyperparameters


def learning_rate(hyperparameters: Hyperparameters, epoch: int) -> float:
    """Return the learning rate of `epoch`, which is between 1 and `hyperparameters.epochs`."""
    return hyperparameters.learning_rate * SCHEDULES[hyperparameters.schedule](hyperparameters, epoch)


def _progress(h: Hyperparameters, epoch: int) -> float:
    """Return the progress of the run: 0 in the first epoch, 1 in the last. In a run of one epoch, it is 0."""
    return (epoch - 1) / (h.epochs - 1) if h.epochs > 1 else 0.0


def _constant(_h: Hyperparameters, _epoch: int) -> float:
    return 1.0


def _linear(h: Hyperparameters, epoch: int) -> float:
    return 1.0 + (h.final_learning_rate_fraction - 1.0) * _progress(h, epoch)


def _exponential(h: Hyperparameters, epoch: int) -> float:
    return float(h.decay_rate ** (epoch - 1))


def _step(h: Hyperparameters, epoch: int) -> float:
    return float(h.decay_rate ** ((epoch - 1) // h.decay_every))


def _cosine(h: Hyperparameters, epoch: int) -> float:
    """Return half a cosine wave (I. Loshchilov and F. Hutter, "SGDR", 2017, equation 5, without restarts)."""
    last = h.final_learning_rate_fraction
    return last + (1.0 - last) * 0.5 * (1.0 + math.cos(math.pi * _progress(h, epoch)))


# Functions that return the learning rate of an epoch as a fraction of the initial learning rate.
SCHEDULES: dict[str, Callable[[Hyperparameters, int], float]] = {
    "constant": _constant,
    "linear": _linear,
    "exponential": _exponential,
    "step": _step,
    "cosine": _cosine,
}
