"""The problems that a contender reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.doctor.contenders.signals import Signals
from nn.diagnosis.finding import Code


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem that a contender reports, with the codes of Misfit that mean the same cause.

    A problem without codes, such as a remark about accuracy, names no cause.
    """

    label: str
    codes: tuple[Code, ...] = ()


Contender = Callable[[Signals], list[Problem]]
"""A function that returns the problems in the signals of a run, the first-reported first."""
