"""The elementwise ratio of an analytic to a numeric gradient, and the kind of bug that it indicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nn.array_types import Float64Array
from nn.lab.derivatives import Derivatives

RatioKind = Literal[
    "none", "constant", "sign", "batch_size", "transposed", "per_unit", "weights", "zero", "sum_over_units", "other"
]
CLOSE = 1e-5  # relative error up to which two numbers are equal, given the errors of finite differences
TINY = 1e-3  # derivatives below this fraction of the largest one do not decide about a ratio


@dataclass(frozen=True, slots=True)
class Ratio:
    """The kind of the ratio, its number if it is a constant, and a sentence about it."""

    kind: RatioKind
    value: float | None
    text: str


def name_ratio(derivatives: Derivatives, batch_size: int | None = None) -> Ratio:
    """Name the relation of analytic derivatives that are wrong to the numeric ones.

    `batch_size` is the number of images, if it is known. The simplest relation that holds for all elements is named.
    """
    analytic, numeric = derivatives.compared, derivatives.numeric
    largest = float(np.abs(numeric).max(initial=0.0))
    if not np.isfinite(analytic).all():
        return Ratio("other", None, "The gradient has values that are not finite.")
    if np.abs(analytic).max(initial=0.0) <= CLOSE * largest:
        return Ratio("zero", 0.0, "The gradient is 0, but the cost changes with these parameters.")
    constant = _constant(analytic, numeric, largest)
    if constant is not None:
        return _name_constant(constant, batch_size)
    for relation in (_transposed, _of_weights, _sum_over_units, _per_unit):
        ratio = relation(derivatives, largest)
        if ratio:
            return ratio
    return Ratio("other", None, "The ratio differs from element to element.")


def _equal(first: Float64Array, second: Float64Array, largest: float) -> bool:
    return bool(np.all(np.abs(first - second) <= CLOSE * np.maximum(np.abs(first) + np.abs(second), TINY * largest)))


def _constant(analytic: Float64Array, numeric: Float64Array, largest: float) -> float | None:
    """Return the constant c with analytic = c · numeric, or None."""
    total = float(numeric @ numeric)
    if len(numeric) < 2 or total == 0 or largest == 0:
        return None
    constant = float(analytic @ numeric) / total
    return constant if _equal(analytic, constant * numeric, max(abs(constant), 1.0) * largest) else None


def _name_constant(constant: float, batch_size: int | None) -> Ratio:
    def is_close(value: float) -> bool:
        return abs(constant - value) <= CLOSE * abs(value)

    if is_close(-1.0):
        return Ratio("sign", -1.0, "Each element has the wrong sign: the difference or the step is reversed.")
    if batch_size and batch_size > 2:
        if is_close(batch_size):
            text = f"Each element is {batch_size} times too large, the batch size: a sum stands for a mean."
            return Ratio("batch_size", float(batch_size), text)
        if is_close(1 / batch_size):
            text = f"Each element is {batch_size} times too small, the batch size: it is divided twice."
            return Ratio("batch_size", 1 / batch_size, text)
    if is_close(2.0) or is_close(0.5):
        factor = 2.0 if is_close(2.0) else 0.5
        text = f"Each element is {factor:g} times the right one: a factor of the loss is missing or too much."
        return Ratio("constant", factor, text)
    return Ratio("constant", constant, f"Each element is {constant:.6g} times the right one.")


def _transposed(derivatives: Derivatives, largest: float) -> Ratio | None:
    shape = derivatives.analytic.shape
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] < 2:
        return None
    transposed = derivatives.analytic.T.reshape(-1)[derivatives.indices]
    if not _equal(transposed, derivatives.numeric, largest):
        return None
    return Ratio("transposed", None, "The gradient is right after transposing: two factors of a product are exchanged.")


def _of_weights(derivatives: Derivatives, largest: float) -> Ratio | None:
    """Return a ratio if the difference is a multiple of the parameters themselves."""
    difference = derivatives.compared - derivatives.numeric
    values = derivatives.values.reshape(-1)[derivatives.indices]
    total = float(values @ values)
    if len(values) < 3 or total == 0:
        return None
    factor = float(difference @ values) / total
    noise = 1e-9 * largest  # of the numeric derivatives
    if factor == 0 or np.abs(difference - factor * values).max() > noise + 1e-4 * np.abs(difference).max():
        return None
    text = f"The difference is {factor:.4g} times the parameters: the penalty is missing, doubled or misplaced."
    return Ratio("weights", factor, text)


def _sum_over_units(derivatives: Derivatives, largest: float) -> Ratio | None:
    analytic = derivatives.compared
    n_compared = len(derivatives.numeric)
    if derivatives.analytic.ndim != 1 or n_compared != derivatives.analytic.size or n_compared < 2:
        return None
    total = derivatives.numeric.sum()
    if not _equal(analytic, np.full(n_compared, total), largest):
        return None
    return Ratio("sum_over_units", None, "Each element is the sum over all units: the sum has no axis.")


def _per_unit(derivatives: Derivatives, largest: float) -> Ratio | None:
    """Return a ratio if it is the same for all weights of a unit, but differs between units."""
    if derivatives.analytic.ndim != 2:
        return None
    units = derivatives.indices % derivatives.analytic.shape[1]
    found = np.unique(units)
    counts = [int((units == unit).sum()) for unit in found]
    if len(found) < 2 or min(counts) < 2:
        return None
    for unit in found:
        analytic, numeric = derivatives.compared[units == unit], derivatives.numeric[units == unit]
        if np.abs(numeric).max() > TINY * largest and _constant(analytic, numeric, largest) is None:
            return None
    return Ratio("per_unit", None, "The ratio is constant for each unit: the derivative of its activation is wrong.")
