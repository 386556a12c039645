"""Initializers: functions that write the initial weights and biases into their arrays."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nn.array_types import FloatArray


def draw_normal(values: FloatArray, standard_deviation: float, rng: np.random.Generator) -> None:
    """Fill `values` from the normal distribution with mean 0."""
    rng.standard_normal(out=values, dtype=values.dtype.type)
    values *= standard_deviation


def draw_uniform(values: FloatArray, half_width: float, rng: np.random.Generator) -> None:
    """Fill `values` from the uniform distribution between −half_width and half_width."""
    rng.random(out=values, dtype=values.dtype.type)
    values -= 0.5
    values *= 2.0 * half_width


def _he(weights: FloatArray, _scale: float, rng: np.random.Generator) -> None:
    draw_normal(weights, math.sqrt(2.0 / weights.shape[0]), rng)


def _glorot(weights: FloatArray, _scale: float, rng: np.random.Generator) -> None:
    draw_uniform(weights, math.sqrt(6.0 / sum(weights.shape)), rng)


def fill(values: FloatArray, constant: float, _rng: np.random.Generator) -> None:
    """Set all `values` to `constant`."""
    values.fill(constant)


# Each function fills weights (fan_in, fan_out) in place; he and glorot ignore the scale.
# he: K. He et al., "Delving Deep into Rectifiers", 2015, equation 10: variance 2 / fan_in.
# glorot: X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks",
# 2010, equation 16: uniform with variance 2 / (fan_in + fan_out).
INITIALIZERS: dict[str, Callable[[FloatArray, float, np.random.Generator], None]] = {
    "he": _he,
    "glorot": _glorot,
    "normal": draw_normal,
    "uniform": draw_uniform,
    "constant": fill,
}


def _zeros(_biases: FloatArray, _scale: float, _rng: np.random.Generator) -> None:
    """Leave the biases at 0."""


# Each function fills biases (n_units,) in place. Only "constant" uses the scale. It is the scale of the weights,
# `initializer_scale`.
BIAS_INITIALIZERS: dict[str, Callable[[FloatArray, float, np.random.Generator], None]] = {
    "zeros": _zeros,
    "normal": lambda biases, _scale, rng: draw_normal(biases, 1.0, rng),
    "constant": fill,
}
