"""Median and quartiles of repeated measurements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Self


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, lower quartile and upper quartile of measurements."""

    median: float
    lower: float
    upper: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Summarize `values`, which must not be empty."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        lower, _, upper = quantiles(values, n=4, method="inclusive")
        return cls(median(values), lower, upper)

    @classmethod
    def of_ratios(cls, values: Sequence[float], references: Sequence[float]) -> Self:
        """Summarize the ratio of each value to its reference.

        A value and its reference should be measured in succession, so that other load on the machine slows both.
        """
        return cls.of([value / reference for value, reference in zip(values, references, strict=True)])

    def __format__(self, spec: str) -> str:
        return f"{self.median:{spec}} ({self.lower:{spec}}–{self.upper:{spec}})"


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile, with linear interpolation between neighboring values."""
    return values[0] if len(values) == 1 else quantiles(values, n=100, method="inclusive")[percent - 1]
