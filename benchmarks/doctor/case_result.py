"""The result of one run of a case: what each contender named, and what the first remedy achieved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from benchmarks.doctor.cases.case import Group
from benchmarks.doctor.proof import Proof


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a contender reports about a run.

    `named` contains for each reported cause its codes, the first-named cause first; codes of one cause are equivalent.
    `labels` are the same causes for people. `is_critical` is True if one of them is critical.
    """

    named: tuple[tuple[str, ...], ...] = ()
    labels: tuple[str, ...] = ()
    is_critical: bool = False

    @property
    def is_alarm(self) -> bool:
        """True if anything is reported."""
        return bool(self.labels)

    def names(self, accepted: Collection[str], first: int) -> bool:
        """Return True if one of the first causes has an accepted code."""
        return any(code in accepted for codes in self.named[:first] for code in codes)


@dataclass(frozen=True, slots=True)
class RemedyEffect:
    """The first remedy of a diagnosis, and the fraction of the gap that it closes.

    `is_data` is True if the data must change, and not the hyperparameters.
    """

    label: str
    closed: float
    is_data: bool


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The result of one run of a case.

    `verdicts` maps the contenders to their verdicts at the end of the run, and `early` to those after two epochs or a
    tenth of the epochs. `remedies` contains the effect of the first remedy of Misfit's diagnoses without and with
    trials. `random_closed` are the fractions of the gap that random single changes close. `known_after` is the
    fraction of the epochs after which Misfit first names a right cause; None if it never does. `is_valid` is False for
    an ill case that is not proven ill, and for a healthy one that has not learned.
    """

    name: str
    seed: int
    group: Group
    codes: tuple[str, ...]
    score: float
    is_valid: bool
    is_large: bool
    has_defect: bool
    proof: Proof | None = None
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    early: dict[str, Verdict] = field(default_factory=dict)
    remedies: dict[str, RemedyEffect] = field(default_factory=dict)
    random_closed: tuple[float, ...] = ()
    known_after: float | None = None
    diagnosis_seconds: float = 0.0
    trial_seconds: float = 0.0
