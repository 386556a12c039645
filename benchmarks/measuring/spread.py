"""Several measurements of one thing, in three figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Self


@dataclass(frozen=True, slots=True)
class Spread:
    """The median, and the quartiles on both sides of it, between which half of all measurements lie."""

    median: float
    lower: float
    upper: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Self:
        """Sum up `figures`, of which there is at least one."""
        if len(figures) == 1:
            return cls(figures[0], figures[0], figures[0])
        lower, _, upper = quantiles(figures, n=4, method="inclusive")
        return cls(median(figures), lower, upper)

    @classmethod
    def of_ratios(cls, figures: Sequence[float], to: Sequence[float]) -> Self:
        """Sum up how many times as large as its partner in `to` each figure is.

        The two of a pair were measured one after the other, so that a machine that is slow for a while is slow to both.
        """
        return cls.of([figure / other for figure, other in zip(figures, to, strict=True)])

    def __format__(self, spec: str) -> str:
        return f"{self.median:{spec}} ({self.lower:{spec}}–{self.upper:{spec}})"


def percentile(figures: Sequence[float], percent: int) -> float:
    """The figure that `percent` of all do not exceed, between two where it falls between them."""
    return figures[0] if len(figures) == 1 else quantiles(figures, n=100, method="inclusive")[percent - 1]
