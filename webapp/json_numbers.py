"""Conversion of numbers to JSON, which has no NaN and no infinity."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import SupportsFloat


def json_number(value: SupportsFloat) -> float | None:
    """Return a float, or None if the value is not finite."""
    number = float(value)
    return number if math.isfinite(number) else None


def json_numbers(values: Iterable[SupportsFloat]) -> list[float | None]:
    """Return floats, with None for each value that is not finite."""
    return [json_number(value) for value in values]


def six_digits(value: SupportsFloat) -> float | None:
    """Return a float of six significant digits, or None if the value is not finite."""
    number = json_number(value)
    return None if number is None else float(f"{number:.6g}")


def probability_number(value: SupportsFloat) -> float | None:
    """Return a probability p, or None if it is not finite. Both p and 1 − p have at least six significant digits.

    Therefore no probability below 1 becomes 1.
    """
    number = json_number(value)
    if number is None or not 0.5 < number < 1.0:
        return six_digits(value)
    return round(number, 5 - math.floor(math.log10(1.0 - number)))
