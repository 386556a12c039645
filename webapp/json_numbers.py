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
