"""Projection of points onto linear constraints within the box 0…1."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array, IndexArray

MAX_STEPS = 12
N_CLOSE = 5
"""Number of constraints that are considered first for each point. The others rarely matter.

Constraints with a positive multiplier come first, then those that are most violated or closest to a violation.
"""

TOLERANCE = 1e-13
MIN_DAMPING = 1e-12
MIN_RAISED_DAMPING = 1e-2  # damping after the first failure of a step
MAX_DAMPING = 1e4
DAMPING_INCREASE = 10.0
DAMPING_DECREASE = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class ProblemArrays:
    """Arrays with one row for each of n problems."""

    def select(self, selected: IndexArray) -> Self:
        """Return the arrays of the problems at the indices `selected` (n_selected,), which are in ascending order."""
        arrays = [getattr(self, field.name) for field in fields(self)]
        return self if len(selected) == len(arrays[0]) else type(self)(*(array[selected] for array in arrays))

    def append(self, others: Self) -> Self:
        """Return the arrays of these problems, followed by the arrays of `others`."""
        names = [field.name for field in fields(self)]
        return type(self)(*(np.concatenate([getattr(self, name), getattr(others, name)]) for name in names))

    def replace(self, selected: IndexArray, others: Self) -> None:
        """Replace the rows of the problems at `selected` (n_selected,) by the rows of `others`."""
        for field in fields(self):
            getattr(self, field.name)[selected] = getattr(others, field.name)


@dataclass(frozen=True, slots=True, eq=False)
class Limits(ProblemArrays):
    """Linear constraints on the projection x of each of `points` (n, d): values + rows · (x − point) ≤ 0.

    `rows` is (n, m, d) and `values` is (n, m). The multiplier of a constraint is at most `highest` (n, m).
    """

    points: Float64Array
    rows: Float64Array
    values: Float64Array
    highest: Float64Array


@dataclass(frozen=True, slots=True, eq=False)
class Nearest(ProblemArrays):
    """The points that minimize the Lagrangian for `multipliers` (n, m).

    The points are `unbounded` (n, d), clipped to 0…1.

    `excess` (n, m) is the left side of each constraint, which is positive if the constraint is violated. `duals` (n,)
    are the values of the dual function, which are lower bounds of half the squared distance.
    """

    unbounded: Float64Array
    multipliers: Float64Array
    excess: Float64Array
    duals: Float64Array

    @property
    def points(self) -> Float64Array:
        """The points (n, d)."""
        return np.clip(self.unbounded, 0.0, 1.0)


def nearest_within(limits: Limits, multipliers: Float64Array) -> Nearest:
    """Return the nearest points within 0…1 that satisfy the constraints.

    A point may violate a constraint whose multiplier reaches its limit. `multipliers` (n, m) are the initial
    multipliers, which must not be negative. The search is faster if they are close to the solution.
    """
    if limits.values.shape[1] <= N_CLOSE:
        return _maximize_dual(limits, multipliers)
    norms = row_norms(limits.rows)
    closeness = np.where(multipliers > 0, np.inf, limits.values / norms)
    order = np.argsort(-closeness, axis=1, kind="stable")[:, :N_CLOSE]
    chosen = np.arange(len(order))[:, np.newaxis], order
    close = Limits(limits.points, limits.rows[chosen], limits.values[chosen], limits.highest[chosen])
    solved = _maximize_dual(close, multipliers[chosen]).multipliers
    multipliers = np.zeros_like(multipliers)
    multipliers[chosen] = solved
    nearest = _minimize_lagrangian(limits, multipliers)
    others = np.ones(norms.shape, bool)
    others[chosen] = False
    tolerances = TOLERANCE * (norms + np.abs(limits.values))
    violated = np.flatnonzero((others & (nearest.excess > tolerances)).any(axis=1))
    if violated.size:
        nearest.replace(violated, _maximize_dual(limits.select(violated), multipliers[violated]))
    return nearest


def _maximize_dual(limits: Limits, multipliers: Float64Array) -> Nearest:
    """Maximize the dual function, which is concave and piecewise quadratic and has few variables.

    The function applies Newton's method to the multipliers that are not blocked by a bound (D. Bertsekas, "Projected
    Newton Methods for Optimization Problems with Simple Constraints", 1982). It increases the damping of a step until
    the dual increases (D. Marquardt, "An Algorithm for Least-Squares Estimation of Nonlinear Parameters", 1963).
    """
    found = _minimize_lagrangian(limits, np.minimum(multipliers, limits.highest))
    norms = row_norms(limits.rows)
    dampings = np.full(len(norms), MIN_DAMPING)
    tolerances = TOLERANCE * (norms + np.abs(limits.values))
    active = np.arange(len(norms))
    for _ in range(MAX_STEPS):
        current = found.select(active)
        is_free = ~_is_blocked(current, limits.highest[active])
        unsolved = np.flatnonzero((is_free & (np.abs(current.excess) > tolerances[active])).any(axis=1))
        if not unsolved.size:
            break
        active, is_free = active[unsolved], is_free[unsolved]
        part, current = limits.select(active), current.select(unsolved)
        curvature, slopes = _second_order(part, current, is_free, norms[active])
        lowest = -current.multipliers * norms[active]
        highest = (part.highest - current.multipliers) * norms[active]
        pending = np.arange(len(active))
        while pending.size:
            steps = _damped_steps(
                curvature[pending], slopes[pending], dampings[active[pending]], lowest[pending], highest[pending]
            )
            unclipped = current.multipliers[pending] + steps / norms[active[pending]]
            tried = _minimize_lagrangian(part.select(pending), np.clip(unclipped, 0.0, part.highest[pending]))
            duals = current.duals[pending]
            increases = tried.duals >= duals - 1e-14 * np.abs(duals)
            found.replace(active[pending[increases]], tried.select(np.flatnonzero(increases)))
            raised = np.maximum(dampings[active[pending]] * DAMPING_INCREASE, MIN_RAISED_DAMPING)
            lowered = np.maximum(dampings[active[pending]] * DAMPING_DECREASE, MIN_DAMPING)
            dampings[active[pending]] = np.where(increases, lowered, raised)
            pending = pending[~increases]
            pending = pending[dampings[active[pending]] <= MAX_DAMPING]
        active = active[dampings[active] <= MAX_DAMPING]
    return found


def _minimize_lagrangian(limits: Limits, multipliers: Float64Array) -> Nearest:
    unbounded = limits.points - np.matmul(multipliers[:, np.newaxis], limits.rows)[:, 0]
    moves = np.clip(unbounded, 0.0, 1.0)
    moves -= limits.points
    excess = limits.values + np.matmul(limits.rows, moves[:, :, np.newaxis])[:, :, 0]
    duals = 0.5 * np.einsum("nd,nd->n", moves, moves) + np.einsum("nm,nm->n", multipliers, excess)
    return Nearest(unbounded, multipliers, excess, duals)


def _is_blocked(current: Nearest, highest: Float64Array) -> NDArray[np.bool_]:
    """Return a mask (n, m) of the multipliers that cannot increase the dual because they are at a bound."""
    at_zero = (current.multipliers <= 0) & (current.excess <= 0)
    return np.asarray(at_zero | ((current.multipliers >= highest) & (current.excess >= 0)))


def _second_order(
    limits: Limits, current: Nearest, is_free: NDArray[np.bool_], norms: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """Return the curvature (n, m, m) and slopes (n, m) of the dual with respect to normalized multipliers.

    A normalized multiplier is a multiplier times the norm of its row. `norms` (n, m) are these norms. The results are 0
    for blocked multipliers. The curvature depends only on the coordinates of `unbounded` between 0 and 1. A coordinate
    of exactly 0 or 1 counts only if larger multipliers of violated constraints would move it inward.
    """
    norms = np.where(is_free, norms, np.inf)
    slopes = current.excess / norms
    rows = limits.rows / norms[:, :, np.newaxis]
    descent = np.matmul(np.maximum(slopes, 0.0)[:, np.newaxis], rows)[:, 0]
    above = (current.unbounded > 0.0) | ((current.unbounded == 0.0) & (descent < 0.0))
    below = (current.unbounded < 1.0) | ((current.unbounded == 1.0) & (descent > 0.0))
    rows *= (above & below)[:, np.newaxis]
    return np.matmul(rows, rows.transpose(0, 2, 1)), slopes


def _damped_steps(
    curvature: Float64Array, slopes: Float64Array, dampings: Float64Array, lowest: Float64Array, highest: Float64Array
) -> Float64Array:
    """Return the damped Newton steps (n, m) within `lowest`…`highest` (n, m).

    A step that would leave this range ends at its bound, and the other steps are computed again for this value. Without
    this, two nearly parallel constraints would block each other.
    """
    identity = np.eye(curvature.shape[1])
    damped = curvature + dampings[:, np.newaxis, np.newaxis] * identity
    steps, is_fixed = np.zeros_like(slopes), np.zeros(slopes.shape, bool)
    active = np.arange(len(slopes))
    for _ in range(slopes.shape[1]):
        fixed = is_fixed[active]
        fixed_steps = np.where(fixed, steps[active], 0.0)
        remaining = slopes[active] - np.matmul(damped[active], fixed_steps[:, :, np.newaxis])[:, :, 0]
        involves_fixed = fixed[:, :, np.newaxis] | fixed[:, np.newaxis]
        matrices = np.where(involves_fixed, identity, damped[active])
        unbounded = np.linalg.solve(matrices, np.where(fixed, fixed_steps, remaining)[:, :, np.newaxis])[:, :, 0]
        steps[active] = np.clip(unbounded, lowest[active], highest[active])
        leaves = ~fixed & (steps[active] != unbounded)
        is_fixed[active] = fixed | leaves
        active = active[leaves.any(axis=1)]
        if not active.size:
            break
    return steps


def row_norms(rows: Float64Array) -> Float64Array:
    """Return the Euclidean norms (n, m) of `rows` (n, m, d). A tiny number replaces 0, to permit division."""
    return np.asarray(np.maximum(np.linalg.norm(rows, axis=2), 1e-150), np.float64)
