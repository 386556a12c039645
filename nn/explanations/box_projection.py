"""Projection onto linear constraints within the box 0…1."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array, IndexArray

MOST_STEPS = 20
N_CLOSE = 5
"""Limits of a point that are tried first, those closest to being overstepped. Seldom does another one matter."""

TOLERANCE = 1e-13
LEAST_DAMPING = 1e-12
MOST_DAMPING = 1e4
MORE = 10.0
LESS = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Arrays with one row for each of n problems."""

    def at(self, places: IndexArray) -> Self:
        """Return the arrays for a subset of the n problems, whose indices (n_places,) ascend."""
        arrays = [getattr(self, field.name) for field in fields(self)]
        return self if len(places) == len(arrays[0]) else type(self)(*(array[places] for array in arrays))

    def and_others(self, others: Self) -> Self:
        """Return the arrays of both sets of problems, one after the other."""
        names = [field.name for field in fields(self)]
        return type(self)(*(np.concatenate([getattr(self, name), getattr(others, name)]) for name in names))

    def put(self, places: IndexArray, others: Self) -> None:
        """Replace the arrays of a subset of the problems."""
        for field in fields(self):
            getattr(self, field.name)[places] = getattr(others, field.name)


@dataclass(frozen=True, slots=True, eq=False)
class Limits(Columns):
    """Constraints for each of `points` (n, d) within 0…1: values + rows · (x − point) ≤ 0.

    `rows` is (n, m, d) and `values` (n, m). A multiplier is at most `highest` (n, m).
    """

    points: Float64Array
    rows: Float64Array
    values: Float64Array
    highest: Float64Array


@dataclass(frozen=True, slots=True, eq=False)
class Nearest(Columns):
    """The solution for `multipliers` (n, m): `unbounded` (n, d), clipped to 0…1.

    `excess` (n, m) is the violation of each constraint, negative where it is satisfied. `duals` (n,) is a lower bound
    of half the squared distance.
    """

    unbounded: Float64Array
    multipliers: Float64Array
    excess: Float64Array
    duals: Float64Array

    @property
    def points(self) -> Float64Array:
        """The points, (n, d)."""
        return np.clip(self.unbounded, 0.0, 1.0)


def nearest_within(limits: Limits, multipliers: Float64Array) -> Nearest:
    """Return the nearest points within 0…1 that satisfy their constraints, or violate them least if the multipliers
    reach their limits.

    `multipliers` (n, m), none negative, are the initial ones; better ones converge faster.
    """
    if limits.values.shape[1] <= N_CLOSE:
        return _climb(limits, multipliers)
    norms = norms_of(limits.rows)
    closeness = np.where(multipliers > 0, np.inf, limits.values / norms)
    order = np.argsort(-closeness, axis=1, kind="stable")[:, :N_CLOSE]
    chosen = np.arange(len(order))[:, np.newaxis], order
    close = Limits(limits.points, limits.rows[chosen], limits.values[chosen], limits.highest[chosen])
    pulls = _climb(close, multipliers[chosen]).multipliers
    multipliers = np.zeros_like(multipliers)
    multipliers[chosen] = pulls
    whole = _pulled(limits, multipliers)
    others = np.ones(norms.shape, bool)
    others[chosen] = False
    forgotten = np.flatnonzero((others & (whole.excess > TOLERANCE * (norms + np.abs(limits.values)))).any(axis=1))
    if forgotten.size:
        whole.put(forgotten, _climb(limits.at(forgotten), multipliers[forgotten]))
    return whole


def _climb(limits: Limits, multipliers: Float64Array) -> Nearest:
    """Maximize the dual of the problem, which is concave, piecewise quadratic and has few variables.

    Newton's method on the multipliers that no bound blocks (D. Bertsekas, "Projected Newton Methods for Optimization
    Problems with Simple Constraints", 1982), damped until the dual increases (D. Marquardt, "An Algorithm for Least-
    Squares Estimation of Nonlinear Parameters", 1963).
    """
    found = _pulled(limits, np.minimum(multipliers, limits.highest))
    norms = norms_of(limits.rows)
    dampings = np.full(len(norms), LEAST_DAMPING)
    tolerances = TOLERANCE * (norms + np.abs(limits.values))
    moving = np.arange(len(norms))
    for _ in range(MOST_STEPS):
        here = found.at(moving)
        loose = ~_held(here, limits.highest[moving])
        unsettled = np.flatnonzero((loose & (np.abs(here.excess) > tolerances[moving])).any(axis=1))
        if not unsettled.size:
            break
        moving, loose = moving[unsettled], loose[unsettled]
        part, here = limits.at(moving), here.at(unsettled)
        curvature, slopes = _second_order(part, here, loose, norms[moving])
        waiting = np.arange(len(moving))
        while waiting.size:
            steps = _damped_steps(curvature[waiting], slopes[waiting], dampings[moving[waiting]])
            wanted = here.multipliers[waiting] + steps / norms[moving[waiting]]
            tried = _pulled(part.at(waiting), np.clip(wanted, 0.0, part.highest[waiting]))
            duals = here.duals[waiting]
            climbs = tried.duals >= duals - 1e-14 * np.abs(duals)
            found.put(moving[waiting[climbs]], tried.at(np.flatnonzero(climbs)))
            dampings[moving[waiting]] *= np.where(climbs, LESS, MORE)
            waiting = waiting[~climbs]
            waiting = waiting[dampings[moving[waiting]] <= MOST_DAMPING]
        moving = moving[dampings[moving] <= MOST_DAMPING]
        np.maximum(dampings, LEAST_DAMPING, out=dampings)
    return found


def _pulled(limits: Limits, multipliers: Float64Array) -> Nearest:
    unbounded = limits.points - np.matmul(multipliers[:, np.newaxis], limits.rows)[:, 0]
    moves = np.clip(unbounded, 0.0, 1.0)
    moves -= limits.points
    excess = limits.values + np.matmul(limits.rows, moves[:, :, np.newaxis])[:, :, 0]
    duals = 0.5 * np.einsum("nd,nd->n", moves, moves) + np.einsum("nm,nm->n", multipliers, excess)
    return Nearest(unbounded, multipliers, excess, duals)


def _held(here: Nearest, highest: Float64Array) -> NDArray[np.bool_]:
    """Return which multipliers are at a bound that blocks the ascent direction, (n, m)."""
    at_bottom = (here.multipliers <= 0) & (here.excess <= 0)
    return np.asarray(at_bottom | ((here.multipliers >= highest) & (here.excess >= 0)))


def _second_order(
    limits: Limits, here: Nearest, loose: NDArray[np.bool_], norms: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """Return curvature (n, m, m) and slopes (n, m) of the dual along multipliers times `norms` (n, m), 0 where blocked.

    A coordinate at its bound counts as free if violated constraints would move it away.
    """
    norms = np.where(loose, norms, np.inf)
    slopes = here.excess / norms
    rows = limits.rows / norms[:, :, np.newaxis]
    pull = np.matmul(np.maximum(slopes, 0.0)[:, np.newaxis], rows)[:, 0]
    above = (here.unbounded > 0.0) | ((here.unbounded == 0.0) & (pull < 0.0))
    below = (here.unbounded < 1.0) | ((here.unbounded == 1.0) & (pull > 0.0))
    rows *= (above & below)[:, np.newaxis]
    return np.matmul(rows, rows.transpose(0, 2, 1)), slopes


def _damped_steps(curvature: Float64Array, slopes: Float64Array, dampings: Float64Array) -> Float64Array:
    damped = curvature + dampings[:, np.newaxis, np.newaxis] * np.eye(curvature.shape[1])
    return np.asarray(np.linalg.solve(damped, slopes[:, :, np.newaxis])[:, :, 0], np.float64)


def norms_of(rows: Float64Array) -> Float64Array:
    """Return the Euclidean lengths (n, m) of `rows` (n, m, d), with a tiny number instead of 0."""
    return np.asarray(np.maximum(np.linalg.norm(rows, axis=2), 1e-150), np.float64)
