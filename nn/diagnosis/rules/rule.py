"""The base class of all rules."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import Code, Finding

TROUBLE: tuple[Code, ...] = (
    "not_finite",
    "diverging",
    "learning_rate_too_high",
    "learning_rate_too_low",
    "exploding_gradient",
    "vanishing_gradient",
    "dead_units",
    "saturated_units",
    "saturated_squared_loss",
    "initial_cost",
    "input_ignored",
    "constant_prediction",
    "oscillating",
    "too_small",
    "too_short",
)
"""The symptoms that badly prepared data can cause."""


class Rule(ABC):
    """A symptom or a cause of a run that does not learn.

    The docstring of a rule has four parts: the definition, then paragraphs that begin with `Guard:`, `Remedy:` and
    `Source:`. docs/diagnosis.md is generated from them.

    A rule states what it observes. `diagnose` decides by the outcome of the run whether this is an alarm.
    """

    code: ClassVar[Code]
    explains: ClassVar[tuple[Code, ...]] = ()
    """Consequences of this cause, which come after it in a diagnosis."""
    is_symptom: ClassVar[bool] = False
    """True for a symptom, which has another cause if any other rule applies."""
    before_learning: ClassVar[bool] = False
    """True if the evidence exists before the first step."""

    @abstractmethod
    def examine(self, case: Case) -> Finding | None:
        """Return a finding if the rule applies to the run."""
