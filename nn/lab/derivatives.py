"""Analytic derivatives of one array of parameters beside the numeric ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.model.finite_differences import STEP, Evaluation, finite_differences

TOLERANCE = 1e-6
OTHER_STEPS = (STEP / 10, STEP * 10)
TINY_STEP = 1e-6
ROUNDINGS = 32  # by which the computed cost may differ from the exact one
LARGEST_JUMP = 1e-3  # of a slope over a tiny step; a larger one is a kink
TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, slots=True, eq=False)
class Derivatives:
    """Derivatives of one array of parameters, or of some of its elements.

    `analytic` has the shape of the array. `indices` (n,) are the flat positions of the compared elements, and `numeric`
    (n,) are their numeric derivatives. `values` are the parameters.
    """

    analytic: Float64Array
    values: Float64Array
    indices: NDArray[np.intp]
    numeric: Float64Array

    @classmethod
    def compute(
        cls, values: Float64Array, analytic: Float64Array, evaluate: Callable[[], Evaluation], max_compared: int
    ) -> Derivatives:
        """Compute up to `max_compared` numeric derivatives of randomly chosen elements.

        `values` is the contiguous array that `evaluate` uses. The method leaves out elements at a kink, and elements
        with a cost that is not finite.
        """
        indices = np.random.default_rng(0).choice(values.size, min(values.size, max_compared), replace=False)
        numeric, is_smooth = finite_differences(values.reshape(-1), indices.tolist(), evaluate)
        is_smooth &= np.isfinite(numeric)
        return cls(analytic, values.copy(), indices[is_smooth], numeric[is_smooth])

    @property
    def compared(self) -> Float64Array:
        """The analytic derivatives (n,) of the compared elements."""
        return self.analytic.reshape(-1)[self.indices]

    def errors(self, smallest: float) -> Float64Array:
        """Return the relative error (n,) of each derivative a, which is |a − n| / max(|a| + |n|, smallest).

        It is 1 if a derivative is not finite.
        """
        analytic = self.compared
        errors = np.abs(analytic - self.numeric) / np.maximum(np.abs(analytic) + np.abs(self.numeric), smallest)
        return np.asarray(np.nan_to_num(errors, nan=1.0, posinf=1.0))

    def confirm(self, values: Float64Array, evaluate: Callable[[], Evaluation], smallest: float) -> Derivatives:
        """Repeat numeric derivatives that disagree with other steps, and store those closest to the analytic ones.

        A large curvature needs a shorter step, and a large cost a longer one: a right derivative agrees at one of the
        steps, a wrong one at none. Elements at a kink are left out. The method stops at the first wrong derivative.
        """
        current, flat = self, values.reshape(-1)
        for index in self.indices[np.argsort(-self.errors(smallest))]:
            position = int(np.flatnonzero(current.indices == index)[0])
            if current.errors(smallest)[position] <= TOLERANCE:
                break
            current = current._with_other_steps(flat, position, evaluate)
            if current.errors(smallest)[position] > TOLERANCE:
                if not _is_kink(flat, int(index), evaluate):
                    break
                is_left = current.indices != index
                current = replace(current, indices=current.indices[is_left], numeric=current.numeric[is_left])
        return current

    def _with_other_steps(self, flat: Float64Array, position: int, evaluate: Callable[[], Evaluation]) -> Derivatives:
        numeric, analytic = self.numeric.copy(), self.compared[position]
        for step in OTHER_STEPS:
            (found,), (is_smooth,) = finite_differences(flat, [int(self.indices[position])], evaluate, step)
            if is_smooth and abs(found - analytic) < abs(numeric[position] - analytic):
                numeric[position] = found
        return replace(self, numeric=numeric)


def smallest_scale(derivatives: Sequence[Derivatives], cost: float) -> float:
    """Return the size below which derivatives are not compared relative to themselves.

    It is 1e-3 of the largest derivative, or larger if the rounding of the cost limits the numeric derivatives.
    """
    largest = max((float(np.abs(each.numeric).max(initial=0.0)) for each in derivatives), default=0.0)
    noise = ROUNDINGS * np.finfo(np.float64).eps * abs(cost) / STEP
    return max(1e-3 * largest, float(np.nan_to_num(noise, nan=0.0, posinf=0.0)) / TOLERANCE, TINY)


def _is_kink(flat: Float64Array, index: int, evaluate: Callable[[], Evaluation]) -> bool:
    """Return True if the slopes on both sides of an element differ by more than a curvature explains."""
    value, costs = flat[index], []
    for step in (-TINY_STEP, 0.0, TINY_STEP):
        flat[index] = value + step
        costs.append(evaluate()[0])
    flat[index] = value
    left, right = (costs[1] - costs[0]) / TINY_STEP, (costs[2] - costs[1]) / TINY_STEP
    rounding = ROUNDINGS * np.finfo(np.float64).eps * abs(costs[1]) / TINY_STEP
    return bool(abs(right - left) > LARGEST_JUMP * max(abs(left), abs(right)) + rounding)
