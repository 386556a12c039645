"""Initializers: standard deviation and range of the drawn parameters, in both precisions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn.hyperparameters.schema import Hyperparameters
from nn.model.initializers import BIAS_INITIALIZERS, INITIALIZERS

FAN_IN, FAN_OUT = 400, 300


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("name", "scale", "deviation"),
    [
        ("he", 5.0, math.sqrt(2 / FAN_IN)),
        ("glorot", 5.0, math.sqrt(2 / (FAN_IN + FAN_OUT))),
        ("normal", 0.3, 0.3),
        ("uniform", 0.3, 0.3 / math.sqrt(3)),
    ],
)
def test_standard_deviation(name: str, scale: float, deviation: float, dtype: type[np.floating]) -> None:
    weights = np.zeros((FAN_IN, FAN_OUT), dtype)
    INITIALIZERS[name](weights, scale, np.random.default_rng(0))
    # Of 120,000 draws, the mean may differ by 4 standard errors, and the standard deviation by 1 %.
    assert abs(weights.mean()) < 4 * deviation / math.sqrt(weights.size)
    assert weights.std() == pytest.approx(deviation, rel=0.01)


@pytest.mark.parametrize(("name", "half_width"), [("uniform", 0.3), ("glorot", math.sqrt(6 / (FAN_IN + FAN_OUT)))])
def test_uniform_weights_fill_their_interval(name: str, half_width: float) -> None:
    weights = np.zeros((FAN_IN, FAN_OUT))
    INITIALIZERS[name](weights, 0.3, np.random.default_rng(0))
    assert half_width * 0.999 < weights.max() <= half_width
    assert half_width * 0.999 < -weights.min() <= half_width


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_generator_decides_the_weights(name: str) -> None:
    drawn = []
    for seed in (1, 1, 2):
        weights = np.zeros((5, 4), np.float32)
        INITIALIZERS[name](weights, 1.0, np.random.default_rng(seed))
        drawn.append(weights)
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert (drawn[0] != drawn[2]).any() == (name != "constant")


def test_constant_weights_equal_the_scale() -> None:
    weights = np.zeros((2, 3))
    INITIALIZERS["constant"](weights, 0.5, np.random.default_rng(0))
    assert weights.tolist() == [[0.5, 0.5, 0.5]] * 2


@pytest.mark.parametrize(("name", "expected"), [("zeros", 0.0), ("constant", 0.3)])
def test_biases_that_are_not_random(name: str, expected: float) -> None:
    biases = np.zeros(4)
    BIAS_INITIALIZERS[name](biases, 0.3, np.random.default_rng(0))
    assert biases.tolist() == [expected] * 4


def test_normal_biases_have_deviation_1_for_any_scale() -> None:
    biases = np.zeros(100_000)
    BIAS_INITIALIZERS["normal"](biases, 7.0, np.random.default_rng(0))
    assert abs(biases.std() - 1) < 0.02


def test_every_option_of_the_schema_is_implemented() -> None:
    options = Hyperparameters.model_json_schema()["properties"]["bias_initializer"]["enum"]
    assert set(options) == set(BIAS_INITIALIZERS)
    assert set(Hyperparameters.model_json_schema()["properties"]["initializer"]["enum"]) == set(INITIALIZERS)
