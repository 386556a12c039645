"""Diagnosis of a run: the outcome first, then the causes, each before its consequences."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nn.diagnosis.evidence import Curves, RunEvidence
from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import Code, Diagnosis, Finding, Severity, Status
from nn.diagnosis.rules.registry import RULES
from nn.diagnosis.trial_ranking import with_trials

if TYPE_CHECKING:
    from nn.diagnosis.start_profile import StartProfile
    from nn.hyperparameters.schema import Hyperparameters

LIKELY = 0.5  # confidence from which a cause explains its consequences
SURE = 0.7  # confidence from which a finding about a run that learns, but not well, is an alarm
CERTAIN = 0.8  # confidence from which a finding before the end of a run is an alarm
CERTAIN_FAULT = 0.95  # confidence from which a fault of the configuration is an alarm even if the network learns
CERTAIN_EARLY = 0.9  # confidence from which an exact fault counts as such
HOPE = 0.5  # fraction of the cost of ignored inputs that a run may still reach at its end
HOPE_OF_FAULTY = 0.1  # the same for a run with an exact fault
EARLY_EPOCHS = 2
EARLY_FRACTION = 0.1
# Faults of the data that concern the value of all results, however well the network seems to learn.
ALWAYS: frozenset[Code] = frozenset(
    {"labels_shifted", "splits_differ", "labels_mismatched", "noisy_labels", "degenerate_features"}
)
# Causes that can explain why a network that fits its training examples fails on others.
GENERALIZATION: frozenset[Code] = ALWAYS | {
    "overfitting",
    "class_imbalance",
    "sorted_batches",
    "input_scale",
    "too_small",
}
# Symptoms from which a run can still recover. Without another cause, they are no alarm before its end.
RECOVERABLE = frozenset(code for code, rule in RULES.items() if rule.is_symptom) - {"diverging"}
# Faults of the data that training longer cannot remove.
OTHER_DATA: frozenset[Code] = frozenset({"class_imbalance", "sorted_batches"})
# Causes whose effect does not become weaker in later epochs.
HOPELESS: frozenset[Code] = frozenset({"over_regularized", "identical_units", "optimizer_constants"})
NOTHING_LEARNED = 0.15  # success on the training examples
FITTED = 0.95  # success on the training examples
# Findings that are certain before the first step, if their confidence reaches SURE_BEFORE.
CERTAIN_BEFORE: frozenset[Code] = frozenset(
    {
        "labels_mismatched",
        "labels_shifted",
        "splits_differ",
        "sorted_batches",
        "identical_units",
        "degenerate_features",
        "too_small",
    }
)
SURE_BEFORE = 0.9


def diagnose(evidence: RunEvidence) -> Diagnosis:
    """Return the diagnosis of a run after its latest epoch.

    The outcome decides first: a run that learns well is healthy, and what the rules find are observations. A run that
    learns badly is ill as soon as a cause is known, at the latest when it ends. Trials then show which cause it is.
    """
    case = Case(evidence)
    found = [finding for rule in RULES.values() if (finding := rule.examine(case)) is not None]
    alarms = _order([finding for finding in found if _is_alarm(case, finding)])
    status = _status(case, alarms)
    if status != "ill":
        alarms = []
    codes = {finding.code for finding in alarms}
    observed = Diagnosis(
        evidence.epoch,
        status,
        tuple(replace(finding, severity=_severity(case, finding, alarms)) for finding in alarms),
        tuple(replace(finding, severity="info") for finding in found if finding.code not in codes),
    )
    ranked = with_trials(observed, evidence.trials, evidence.trial_score)
    return replace(ranked, findings=_with_remedies_of_causes(ranked.findings))


def examine_preflight(hyperparameters: Hyperparameters, start: StartProfile) -> Diagnosis:
    """Return the diagnosis of a configuration before its first step.

    Its findings are only what is certainly wrong; everything else is an observation, because many networks with an
    unusual start learn well.
    """
    nothing = Curves(*(np.empty(0) for _ in range(len(Curves.__slots__))))
    case = Case(RunEvidence(hyperparameters, nothing, start=start))
    found = [finding for rule in RULES.values() if rule.before_learning and (finding := rule.examine(case)) is not None]
    alarms = [
        replace(finding, severity="warning")
        for finding in found
        if finding.code in CERTAIN_BEFORE and finding.confidence >= SURE_BEFORE
    ]
    codes = {finding.code for finding in alarms}
    others = tuple(replace(finding, severity="info") for finding in found if finding.code not in codes)
    return Diagnosis(0, "ill" if alarms else "unknown", tuple(alarms), others)


def _with_remedies_of_causes(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in their order, each consequence with the remedies of its cause instead of its own."""
    shown: list[Finding] = []
    for finding in findings:
        cause = next((earlier for earlier in shown if _explains(earlier, finding)), finding)
        shown.append(replace(finding, remedies=cause.remedies))
    return tuple(shown)


def _explains(cause: Finding, finding: Finding) -> bool:
    """Return True if `cause` explains `finding`. Any cause explains a symptom."""
    rule = RULES[cause.code]
    if RULES[finding.code].is_symptom and not rule.is_symptom:
        return True
    return finding.code in rule.explains and cause.confidence >= LIKELY


def _severity(case: Case, finding: Finding, alarms: list[Finding]) -> Severity:
    """Return the severity of a finding, which follows the outcome. An unlikely further cause is only a warning."""
    is_unlikely = finding is not alarms[0] and finding.confidence < LIKELY
    return "critical" if case.outcome == "poor" and not is_unlikely else "warning"


def _is_early(case: Case) -> bool:
    """Return True until there is enough evidence to judge the outcome."""
    h, epoch = case.evidence.hyperparameters, case.evidence.epoch
    return not case.is_over and case.is_finite and epoch < max(EARLY_EPOCHS, math.ceil(EARLY_FRACTION * h.epochs))


def _is_alarm(case: Case, finding: Finding) -> bool:
    """Return True if a finding explains the outcome of the run."""
    if finding.code in ALWAYS:
        return finding.confidence >= SURE
    if case.outcome == "good":
        return finding.confidence >= CERTAIN_FAULT and case.is_below_neighbors
    if case.train_share >= FITTED and finding.code not in GENERALIZATION:
        return False
    return case.outcome == "poor" or finding.confidence >= SURE


def _status(case: Case, alarms: list[Finding]) -> Status:
    if case.evidence.epoch == 0 or _is_early(case):
        return "unknown"
    if any(finding.code in ALWAYS for finding in alarms) or not case.is_finite:
        return "ill"
    if case.outcome == "good":
        return "ill" if alarms and case.is_over else "healthy"
    if case.is_over:
        return "ill" if alarms else ("healthy" if case.outcome == "weak" else "unknown")
    return "ill" if _is_lost(case, alarms) else "unknown"


def _is_lost(case: Case, alarms: list[Finding]) -> bool:
    """Return True if a cause is known before the end of the run, and the cost will remain high."""
    causes = [each for each in alarms if each.confidence >= CERTAIN and each.code not in RECOVERABLE]
    if not causes:
        return False
    faults = {each.code for each in causes if each.confidence >= CERTAIN_EARLY and each.known_by == "exact"}
    if case.outcome == "poor" and faults & OTHER_DATA:
        return True
    if any(each.code == "too_small" and each.confidence >= CERTAIN_FAULT for each in causes):
        return True  # no weights of this network have a lower cost than ignored inputs
    hope = HOPE_OF_FAULTY if faults and case.outcome == "poor" else HOPE
    # A fall from a large first cost to the level of ignored inputs is no progress.
    learns_nothing = case.train_share < NOTHING_LEARNED and case.removed < 0.05 and not case.is_regression
    if learns_nothing and any(each.confidence >= CERTAIN_EARLY and each.code in HOPELESS for each in causes):
        return True
    return not (case.train_share < FITTED and case.projected_loss < hope * case.ignored_cost)


def _order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with causes before symptoms, each cause before its consequences, and the surest first."""
    findings = list(findings)
    explained = {code for finding in findings if finding.confidence >= LIKELY for code in RULES[finding.code].explains}

    def rank(finding: Finding) -> tuple[bool, bool, float]:
        return RULES[finding.code].is_symptom, finding.code in explained, -finding.confidence

    return sorted(findings, key=rank)
