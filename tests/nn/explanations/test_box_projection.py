"""Nearest points within limits, against a general solver, and by the conditions that only they meet."""

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
def test_they_are_those_of_a_general_solver(n_limits: int, seed: int) -> None:
    limits = limits_of(seed, 12, n_limits, 8)
    found = nearest_within(limits, np.zeros((12, n_limits)))
    n_compared = 0
    for place in range(12):
        reference = solve(limits.points[place], limits.rows[place], limits.values[place])
        if reference.success:
            np.testing.assert_allclose(found.points[place], reference.x, atol=1e-5)
            n_compared += 1
    assert n_compared > 5


@pytest.mark.parametrize("start", [0.0, 0.3, 1e9])
def test_they_meet_the_conditions_of_the_nearest(start: float) -> None:
    """x = clip(point − multipliers · rows), each limit is kept, and one that pulls is just kept."""
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


def test_limits_that_exclude_each_other_pull_as_hard_as_they_may() -> None:
    """One wants the pixel above ¾, one below ¼: the one that may pull harder wins."""
    limits = Limits(
        np.array([[0.5]]), np.array([[[-1.0], [1.0]]]), np.array([[0.25, 0.25]]), highest=np.array([[10.0, 3.0]])
    )
    found = nearest_within(limits, np.zeros((1, 2)))
    assert found.points[0, 0] == pytest.approx(0.75)
    assert found.multipliers[0] == pytest.approx([3.25, 3.0])


def test_points_that_keep_their_limits_stay() -> None:
    limits = Limits(np.array([[0.5, 0.0]]), np.ones((1, 2, 2)), np.full((1, 2), -0.1), np.ones((1, 2)))
    found = nearest_within(limits, np.zeros((1, 2)))
    assert found.points.tolist() == [[0.5, 0.0]]
    assert found.multipliers.tolist() == [[0.0, 0.0]]
