"""Optimizers: steps computed by hand, and equal steps in all blocks of the parameter vector."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.array_types import FloatArray
from nn.hyperparameters.schema import Hyperparameters
from nn.training.optimizers import BLOCK, LARGE, make_optimizer

# Two parameters at 1 and −2; their gradient is 0.5 and −1 at the first step, 0.1 and 2 at the second. η = 0.1.
START = [1.0, -2.0]
GRADIENTS = [[0.5, -1.0], [0.1, 2.0]]


def take_steps(values: dict[str, Any], start: Any, gradients: Any) -> list[FloatArray]:
    """Take a step for each gradient at learning rate 0.1, and return the parameters after each step."""
    parameters: FloatArray = np.array(start, np.float64)
    gradient = np.zeros_like(parameters)
    optimizer = make_optimizer(Hyperparameters(**values), parameters, gradient)
    path = []
    for step_gradient in gradients:
        gradient[:] = step_gradient
        optimizer.step(0.1)
        path.append(parameters.copy())
    assert optimizer.steps == len(path)
    return path


@pytest.mark.parametrize(
    ("values", "first", "second"),
    [
        # p − 0.1 g
        ({"optimizer": "sgd"}, [0.95, -1.9], [0.94, -2.1]),
        # v = (0.5, −1), then 0.9 v + g = (0.55, 1.1)
        ({"optimizer": "sgd", "momentum": 0.9}, [0.95, -1.9], [0.895, -2.01]),
        # g + 0.9 v = (0.95, −1.9), then (0.1 + 0.495, 2 + 0.99)
        ({"optimizer": "sgd", "momentum": 0.9, "nesterov": True}, [0.905, -1.81], [0.8455, -2.109]),
        # v = 0.1 g² = (0.025, 0.1), then 0.9 v + 0.1 g² = (0.0235, 0.49); ε = 1 is added to √v
        (
            {"optimizer": "rmsprop", "rho": 0.9, "epsilon": 1.0},
            [1 - 0.05 / 1.15811388300842, -2 + 0.1 / 1.31622776601684],
            [
                1 - 0.05 / 1.15811388300842 - 0.01 / 1.15329709716756,
                -2 + 0.1 / 1.31622776601684 - 0.2 / 1.7,
            ],
        ),
        # m = (0.25, −0.5), v = (0.0625, 0.25): m̂ = g and v̂ = g² at the first step.
        # Then m = (0.175, 0.75), v = (0.049375, 1.1875); m̂ = m / 0.75 and v̂ = v / 0.4375.
        (
            {"optimizer": "adam", "beta_1": 0.5, "beta_2": 0.75, "epsilon": 1.0},
            [1 - 0.05 / 1.5, -2 + 0.1 / 2.0],
            [
                1 - 0.05 / 1.5 - 0.1 * (0.175 / 0.75) / (1 + 0.3359421718944242),
                -2 + 0.05 - 0.1 * 1.0 / (1 + 1.647508942095828),
            ],
        ),
    ],
)
def test_two_steps_computed_by_hand(values: dict[str, Any], first: list[float], second: list[float]) -> None:
    path = take_steps(values, START, GRADIENTS)
    np.testing.assert_allclose(path, [first, second], rtol=1e-13)


def test_the_first_step_of_adam_equals_the_learning_rate() -> None:
    """After the bias corrections, the first step is the learning rate times the sign of the gradient."""
    path = take_steps({"optimizer": "adam", "epsilon": 1e-16}, [0.0, 0.0, 0.0], [[1e-3, -3.0, 1e6]])
    np.testing.assert_allclose(path[0], [-0.1, 0.1, -0.1], rtol=1e-12)


ALL: list[dict[str, Any]] = [
    {"optimizer": "sgd"},
    {"optimizer": "sgd", "momentum": 0.9},
    {"optimizer": "sgd", "momentum": 0.9, "nesterov": True},
    {"optimizer": "rmsprop"},
    {"optimizer": "adam"},
]


@pytest.mark.parametrize("values", ALL)
@pytest.mark.parametrize("size", [1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 3, LARGE + 1])
def test_every_block_takes_the_same_step(values: dict[str, Any], size: int) -> None:
    """Each parameter is updated independently, so equal parameters stay equal."""
    single = take_steps(values, [0.3], [[0.7], [-0.2]])
    repeated = take_steps(values, np.full(size, 0.3), [np.full(size, 0.7), np.full(size, -0.2)])
    for expected, actual in zip(single, repeated, strict=True):
        np.testing.assert_array_equal(actual, np.full(size, expected[0]))


@pytest.mark.parametrize("values", ALL)
def test_steps_converge_to_a_minimum(values: dict[str, Any]) -> None:
    """The cost is ½ |p|², whose gradient is p."""
    parameters: FloatArray = np.array([3.0, -4.0])
    gradient = np.zeros(2)
    optimizer = make_optimizer(Hyperparameters(**values), parameters, gradient)
    for step in range(600):
        gradient[:] = parameters
        optimizer.step(0.1 / (1 + step / 100))
    assert np.abs(parameters).max() < 0.02


@pytest.mark.parametrize("values", ALL)
def test_a_step_depends_only_on_the_state(values: dict[str, Any]) -> None:
    h = Hyperparameters(**values)
    p, g = np.array([1.0, 2.0]), np.array([0.3, -0.4])
    first = make_optimizer(h, p, g)
    first.step(0.1)
    q = p.copy()
    second = make_optimizer(h, q, g)
    second.steps = first.steps
    for name, vector in first.state.items():
        second.state[name][:] = vector
    first.step(0.05)
    second.step(0.05)
    np.testing.assert_array_equal(p, q)
