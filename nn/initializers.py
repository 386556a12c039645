"""How the first weights and biases are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Generator = np.random.Generator
Drawn = NDArray[np.float64]
Initializer = Callable[[Generator, int, int, float], Drawn]


def he(rng: Generator, fan_in: int, fan_out: int, _scale: float) -> Drawn:
    """Draw (fan_in, fan_out) weights from a normal distribution of variance 2 / fan_in.

    Source: K. He et al., Delving Deep into Rectifiers, 2015, equation 10.
    """
    return rng.standard_normal((fan_in, fan_out)) * math.sqrt(2 / fan_in)


def glorot(rng: Generator, fan_in: int, fan_out: int, _scale: float) -> Drawn:
    """Draw (fan_in, fan_out) weights evenly from ±√(6 / (fan_in + fan_out)).

    Source: X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010,
    equation 16.
    """
    return uniform(rng, fan_in, fan_out, math.sqrt(6 / (fan_in + fan_out)))


def normal(rng: Generator, fan_in: int, fan_out: int, scale: float) -> Drawn:
    """Draw (fan_in, fan_out) weights from a normal distribution of standard deviation `scale`."""
    return rng.standard_normal((fan_in, fan_out)) * scale


def uniform(rng: Generator, fan_in: int, fan_out: int, scale: float) -> Drawn:
    """Draw (fan_in, fan_out) weights evenly from ±`scale`."""
    return rng.uniform(-scale, scale, (fan_in, fan_out))


INITIALIZERS: dict[str, Initializer] = {"he": he, "glorot": glorot, "normal": normal, "uniform": uniform}

BIAS_INITIALIZERS: dict[str, Callable[[Generator, int], Drawn]] = {
    "zeros": lambda _rng, n_units: np.zeros(n_units),
    "normal": lambda rng, n_units: rng.standard_normal(n_units),
}
