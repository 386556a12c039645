"""Findings of a diagnosis: what is observed, why it happens, and which changes may help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NotRequired, get_args

from typing_extensions import TypedDict  # before Python 3.12, pydantic rejects `typing.TypedDict`

Code = Literal[
    "not_finite",
    "diverging",
    "learning_rate_too_high",
    "learning_rate_too_low",
    "vanishing_gradient",
    "exploding_gradient",
    "dead_units",
    "saturated_units",
    "saturated_squared_loss",
    "initial_cost",
    "input_ignored",
    "constant_prediction",
    "identical_units",
    "input_scale",
    "target_scale",
    "too_small",
    "overfitting",
    "over_regularized",
    "too_short",
    "oscillating",
    "labels_mismatched",
    "labels_shifted",
    "noisy_labels",
    "sorted_batches",
    "splits_differ",
    "class_imbalance",
    "degenerate_features",
    "learning_rate_decayed",
    "optimizer_constants",
    "summed_cost",
    "wrong_gradient",
]
CODES: tuple[Code, ...] = get_args(Code)
Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # the worst first
KnownBy = Literal["observed", "exact", "trial"]
Status = Literal["healthy", "ill", "unknown"]


class EvidenceJson(TypedDict):
    """One number that supports a finding. `place` names the chart or strip that shows it."""

    name: str
    value: float | None
    threshold: NotRequired[float | None]
    place: NotRequired[str]


class RemedyJson(TypedDict):
    """A change of hyperparameters that may help. `changes` is empty if the data must change instead."""

    label: str
    changes: dict[str, object]


class FindingJson(TypedDict):
    """A finding as JSON values. `name` is the short name of the code, `title` a sentence."""

    code: Code
    name: str
    severity: Severity
    confidence: float
    known_by: KnownBy
    title: str
    explanation: str
    layer: int | None
    epoch: int
    evidence: list[EvidenceJson]
    remedies: list[RemedyJson]


class DiagnosisJson(TypedDict):
    """The diagnosis of a run until `epoch`, the worst findings first. An observation is not an alarm."""

    epoch: int
    status: Status
    findings: list[FindingJson]
    observations: list[FindingJson]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One number that supports a finding.

    `threshold` is the value beyond which the number is a symptom; an exact level is evidence of its own. Pages show
    numbers with the name `fraction of …` or with `accuracy` in their name as percentages. `place` is the chart or strip
    that shows the number: `cost`, `accuracy`, `gradient`, `update`, `dead`, `saturated`, `trials`, or an empty text.
    """

    name: str
    value: float
    threshold: float | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of hyperparameters that may help.

    `changes` maps hyperparameters to their new values. It is empty if the data must change instead, as `label`
    explains.
    """

    label: str
    changes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A symptom with its cause and remedies, the most promising remedy first.

    `confidence` is in 0…1. `known_by` is `observed` for a comparison with a threshold, `exact` for a count or an
    analytic level, and `trial` if a short training run with a remedy has shown the cause. `layer` counts the layers of
    the network from 1; it is None if the finding concerns no single layer. `epoch` is the epoch of the observation, or
    0 before the first step.
    """

    code: Code
    severity: Severity
    confidence: float
    known_by: KnownBy
    title: str
    explanation: str
    epoch: int
    layer: int | None = None
    evidence: tuple[Evidence, ...] = ()
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The findings and observations about a run until `epoch`, the worst first.

    `status` is `ill` if a finding explains why the run does not learn, `healthy` if the run learns well, and `unknown`
    if it is too early to know. An observation is not an alarm.
    """

    epoch: int
    status: Status
    findings: tuple[Finding, ...] = ()
    observations: tuple[Finding, ...] = ()
