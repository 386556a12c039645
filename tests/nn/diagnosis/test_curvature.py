"""The largest curvature, compared with the eigenvalues of known Hessians."""

from __future__ import annotations

import numpy as np
import pytest

from nn.array_types import Float64Array
from nn.diagnosis.examination.curvature import largest_curvature


def hessian(eigenvalues: list[float], seed: int = 0) -> Float64Array:
    """Return a symmetric matrix with these eigenvalues in random directions."""
    random = np.random.default_rng(seed).standard_normal((len(eigenvalues), len(eigenvalues)))
    directions, _ = np.linalg.qr(random)
    return np.asarray(directions @ np.diag(eigenvalues) @ directions.T)


@pytest.mark.parametrize(
    "eigenvalues",
    [
        [8.0, 3.0, 1.0, 0.1, 0.0],
        [1e-4, 1e-5, 0.0],
        [1e6, 10.0, 1.0],
        [7.0],
        [2.0, 2.0, 2.0],
    ],
)
def test_the_result_is_exact_for_a_quadratic_cost(eigenvalues: list[float]) -> None:
    matrix = hessian(eigenvalues)
    offset = np.arange(len(eigenvalues), dtype=float)
    found = largest_curvature(lambda parameters: matrix @ (parameters - offset), np.ones(len(eigenvalues)))
    assert found == pytest.approx(eigenvalues[0], rel=2e-2)


def test_eigenvalues_close_to_each_other_give_one_of_them() -> None:
    matrix = hessian([5.0, 4.9, 4.8, 1.0, 0.0])
    found = largest_curvature(lambda parameters: matrix @ parameters, np.ones(5))
    assert found is not None
    assert 4.75 <= found <= 5.001


def test_a_large_negative_eigenvalue_does_not_hide_the_largest_one() -> None:
    """Power iterations alone would converge to −30, the eigenvalue that is largest in magnitude."""
    matrix = hessian([4.0, 1.0, 0.5, -30.0])
    found = largest_curvature(lambda parameters: matrix @ parameters, np.ones(4))
    assert found == pytest.approx(4.0, rel=2e-2)


def test_a_gradient_in_the_direction_of_a_small_eigenvalue_does_not_hide_the_largest_one() -> None:
    """The first vector is then close to this direction, and seems to have converged."""
    diagonal = np.array([0.5, *np.linspace(0.0, 0.4, 997), 3.0, 2.0])
    start = np.zeros(1000)
    start[0] = 1.0
    assert largest_curvature(lambda parameters: diagonal * parameters, start) == pytest.approx(3.0, rel=2e-2)


def test_a_minimum_has_a_curvature_although_its_gradient_is_zero() -> None:
    matrix = hessian([3.0, 1.0])
    assert largest_curvature(lambda parameters: matrix @ parameters, np.zeros(2)) == pytest.approx(3.0, rel=2e-2)


def test_a_flat_cost_has_no_curvature() -> None:
    assert largest_curvature(np.zeros_like, np.ones(5)) == 0.0


def test_the_iterations_stop_when_the_result_has_converged() -> None:
    """A dominant eigenvalue among 2,000 takes a few gradients, not 2,000."""
    diagonal = np.linspace(0.0, 1.0, 2000)
    diagonal[7] = 50.0
    n_gradients = 0

    def gradient(parameters: Float64Array) -> Float64Array:
        nonlocal n_gradients
        n_gradients += 1
        return np.asarray(diagonal * parameters)

    assert largest_curvature(gradient, np.zeros(2000)) == pytest.approx(50.0, rel=2e-2)
    assert n_gradients < 12


def test_the_number_of_gradients_is_limited_and_the_result_is_then_a_lower_bound() -> None:
    diagonal = np.linspace(0.0, 1.0, 3000)
    n_gradients = 0

    def gradient(parameters: Float64Array) -> Float64Array:
        nonlocal n_gradients
        n_gradients += 1
        return np.asarray(diagonal * parameters)

    found = largest_curvature(gradient, np.zeros(3000), max_gradients=5)
    assert n_gradients == 6  # one at the parameters, and one for each product
    assert found is not None
    assert 0.8 < found < 1.0


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite_gives_no_result(value: float) -> None:
    assert largest_curvature(lambda parameters: np.full_like(parameters, value), np.ones(3)) is None
