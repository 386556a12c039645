"""Numeric derivatives of a cost by finite differences of fourth order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array, FloatArray

STEP = 3e-4

Evaluation = tuple[float, list[NDArray[Any]]]
"""A cost, and the signs of all values at which the cost has a kink where they are 0."""


def finite_differences(
    parameters: FloatArray, indices: Iterable[int], evaluate: Callable[[], Evaluation], step: float = STEP
) -> tuple[Float64Array, NDArray[np.bool_]]:
    """Return the numeric derivatives (n,) of the cost for the parameters at `indices`, and which of them are smooth.

    `parameters` is a flat view; the function changes one parameter at a time and restores it. `evaluate` returns the
    cost at the current parameters. A derivative is not smooth if one of the steps changes a sign.

    The differences are central and of fourth order: B. Fornberg,
    "Generation of Finite Difference Formulas on Arbitrarily Spaced Grids", 1988, table 1.
    """
    _, signs = evaluate()
    derivatives: list[float] = []
    is_smooth: list[bool] = []
    for index in indices:
        value, costs, crosses = parameters[index], [], False
        for n_steps in (-2, -1, 1, 2):
            parameters[index] = value + n_steps * step
            cost, signs_after_step = evaluate()
            costs.append(cost)
            crosses |= not all(map(np.array_equal, signs_after_step, signs))
        parameters[index] = value
        derivatives.append((costs[0] - 8 * costs[1] + 8 * costs[2] - costs[3]) / (12 * step))
        is_smooth.append(not crosses)
    return np.array(derivatives), np.array(is_smooth, bool)
