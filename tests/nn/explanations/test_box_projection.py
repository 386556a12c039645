"""Nearest points within limits, compared with a general solver and tested by the optimality conditions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from nn.explanations.box_projection import Limits, nearest_within


def limits_of(seed: int, n_points: int, n_limits: int, n_pixels: int) -> Limits:
    rng = np.random.default_rng(seed)
    points = rng.random((n_points, n_pixels))
    points[rng.random(points.shape) < 0.3] = 0
    rows = rng.normal(size=(n_points, n_limits, n_pixels))
    values = 0.5 * rng.normal(size=(n_points, n_limits))
    return Limits(points, rows, values, 1e6 / np.linalg.norm(rows, axis=2))


def solve(point: Any, rows: Any, values: Any) -> Any:
    return minimize(
        lambda x: 0.5 * np.square(x - point).sum(),
        point,
        jac=lambda x: x - point,
        bounds=[(0, 1)] * len(point),
        constraints={"type": "ineq", "fun": lambda x: -values - rows @ (x - point), "jac": lambda _: -rows},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 300},
    )


@pytest.mark.parametrize("n_limits", [1, 3, 7])
@pytest.mark.parametrize("seed", range(3))
def test_points_equal_those_of_a_general_solver(n_limits: int, seed: int) -> None:
    limits = limits_of(seed, 12, n_limits, 8)
    found = nearest_within(limits, np.zeros((12, n_limits)))
    n_compared = 0
    for index in range(12):
        reference = solve(limits.points[index], limits.rows[index], limits.values[index])
        if reference.success:
            np.testing.assert_allclose(found.points[index], reference.x, atol=1e-5)
            n_compared += 1
    assert n_compared > 5


@pytest.mark.parametrize("start", [0.0, 0.3, 1e9])
def test_points_meet_the_optimality_conditions(start: float) -> None:
    """x = clip(point − multipliers · rows), and each limit with a positive multiplier holds with equality."""
    limits = limits_of(9, 40, 10, 300)
    found = nearest_within(limits, np.full((40, 10), start))
    pulled = limits.points - np.einsum("nm,nmd->nd", found.multipliers, limits.rows)
    np.testing.assert_allclose(found.points, np.clip(pulled, 0, 1), atol=1e-12)
    excess = limits.values + np.einsum("nmd,nd->nm", limits.rows, found.points - limits.points)
    np.testing.assert_allclose(found.excess, excess, atol=1e-9)
    assert excess.max() < 1e-9
    assert found.multipliers.min() >= 0
    assert np.abs(excess[found.multipliers > 0]).max() < 1e-9
    assert (found.multipliers > 0).sum() > 40


def test_contradictory_limits_use_their_highest_multipliers() -> None:
    """One limit requires a pixel of at least ¾, the other a pixel of at most ¼.

    The limit with the higher multiplier decides.
    """
    limits = Limits(
        np.array([[0.5]]), np.array([[[-1.0], [1.0]]]), np.array([[0.25, 0.25]]), highest=np.array([[10.0, 3.0]])
    )
    found = nearest_within(limits, np.zeros((1, 2)))
    assert found.points[0, 0] == pytest.approx(0.75)
    assert found.multipliers[0] == pytest.approx([3.25, 3.0])


def test_points_within_their_limits_stay() -> None:
    limits = Limits(np.array([[0.5, 0.0]]), np.ones((1, 2, 2)), np.full((1, 2), -0.1), np.ones((1, 2)))
    found = nearest_within(limits, np.zeros((1, 2)))
    assert found.points.tolist() == [[0.5, 0.0]]
    assert found.multipliers.tolist() == [[0.0, 0.0]]
