"""The order of findings after trials: the cause whose removal raises the score most comes first.

A change counts as a remedy only if it beats the unchanged run and a random change clearly. A few remedies help many
runs, for example Adam, another loss, or more epochs. Therefore a cause that a rule has found precedes a cause that only
a trial suggests, and also too few epochs, unless the effect of that remedy is twice as large.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from nn.diagnosis.finding import Code, Diagnosis, Evidence, Finding, Remedy
from nn.diagnosis.rules.registry import RULES
from nn.diagnosis.rules.trial_causes import CAUSES
from nn.diagnosis.trial_outcome import TrialOutcome

HELPS = 0.3  # fraction of the gap between twin and reference that a remedy must close
LEAD = 0.25  # fraction of the gap by which it must also beat the random change
SMALLEST_LEAD = 0.05  # and the least difference of scores
GENERAL = 0.5  # weight of an effect whose cause no rule has found, and of more epochs, which help most runs
LONGER = frozenset({"epochs", "early_stopping"})
TIED = 0.8  # fraction of the largest effect from which an effect counts as equal
NO_EFFECT = 0.1  # fraction of the gap
CONFIDENCE_SHOWN = 0.95
DOUBT = 0.5  # factor of the confidence in a cause whose removal has no effect
SEVERE_GAP = 0.3  # a difference of scores

SCORES = {
    "validation_accuracy": "Validation accuracy",
    "held_out_accuracy": "Accuracy on held-out examples",
    "train_accuracy": "Training accuracy",
    "train_r2": "R²",
}


def with_trials(diagnosis: Diagnosis, trials: Iterable[TrialOutcome], score: str = "validation_accuracy") -> Diagnosis:
    """Return the diagnosis with the cause that the trials have shown as its first finding, known by trial.

    Nothing changes if the diagnosis is healthy, or if no change helps clearly. Causes whose removal has no effect lose
    half of their confidence and follow the others. Findings without a change of hyperparameters, such as faults of the
    data, keep their positions. `score` is a key of SCORES.
    """
    outcomes = _Outcomes.of(trials)
    if diagnosis.status == "healthy" or outcomes is None:
        return diagnosis
    best = _best(diagnosis.findings, outcomes)
    if best is None:
        return diagnosis
    code = _cause(best, diagnosis.findings)
    known = next((finding for finding in diagnosis.findings if finding.code == code), None)
    shown = _shown(known or _new_finding(code, diagnosis, outcomes), best, outcomes, score)
    others = [_doubted(finding, outcomes) for finding in diagnosis.findings if finding is not known]
    return replace(diagnosis, status="ill", findings=_ordered(shown, others, diagnosis.findings, outcomes))


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """Trials that can be compared: the scores of the twin, the reference and the random change, and the candidates."""

    twin: float
    gap: float
    control: TrialOutcome | None
    candidates: tuple[TrialOutcome, ...]

    @classmethod
    def of(cls, trials: Iterable[TrialOutcome]) -> Self | None:
        """Return None if the twin or the reference is missing, or if the twin is as good as the reference."""
        outcomes = tuple(trials)
        by_kind = {outcome.kind: outcome for outcome in outcomes}
        twin, reference = (by_kind[kind].score if kind in by_kind else None for kind in ("twin", "reference"))
        candidates = tuple(each for each in outcomes if each.kind == "candidate" and each.gap_closed is not None)
        if twin is None or reference is None or not candidates or reference <= twin:
            return None
        return cls(twin, reference - twin, by_kind.get("control"), candidates)

    def helps(self, outcome: TrialOutcome) -> bool:
        """Return True if a change beats the twin and the random change clearly."""
        control = self.twin if self.control is None or self.control.score is None else self.control.score
        lead = (outcome.score or 0.0) - max(self.twin, control)
        return (outcome.gap_closed or 0.0) >= HELPS and lead >= max(SMALLEST_LEAD, LEAD * self.gap)

    def effect(self, finding: Finding) -> float | None:
        """Return the largest fraction of the gap that a single remedy closes, or None if none was tried."""
        changes = [remedy.changes for remedy in finding.remedies]
        closed = [each.gap_closed for each in self.candidates if each.changes in changes or finding.code in each.codes]
        return max((fraction for fraction in closed if fraction is not None), default=None)


def _best(findings: Sequence[Finding], outcomes: _Outcomes) -> TrialOutcome | None:
    """Return the candidate with the largest effect; among equal ones, that of the finding that comes first."""
    positions = {finding.code: position for position, finding in reversed(list(enumerate(findings)))}

    def position(outcome: TrialOutcome) -> int:
        return min((positions[code] for code in outcome.codes if code in positions), default=len(findings))

    def weight(outcome: TrialOutcome) -> float:
        effect = min(outcome.gap_closed or 0.0, 1.0)
        is_general = position(outcome) == len(findings) or set(outcome.changes) <= LONGER
        return effect * GENERAL if is_general else effect

    helpful = [outcome for outcome in outcomes.candidates if outcomes.helps(outcome)]
    largest = max(map(weight, helpful), default=0.0)
    return min((each for each in helpful if weight(each) >= TIED * largest), key=position, default=None)


def _cause(outcome: TrialOutcome, findings: Sequence[Finding]) -> Code:
    """Return the code of the cause that the changes of a trial remove, rather than that of a symptom."""
    known = [finding.code for finding in findings if finding.code in outcome.codes]
    possible = [*known, *(code for code in CAUSES if code in outcome.codes)]
    return next((code for code in possible if code not in RULES or not RULES[code].is_symptom), possible[0])


def _new_finding(code: Code, diagnosis: Diagnosis, outcomes: _Outcomes) -> Finding:
    title, explanation = CAUSES[code]
    return Finding(
        code=code,
        severity="critical" if outcomes.gap >= SEVERE_GAP else "warning",
        confidence=CONFIDENCE_SHOWN,
        known_by="trial",
        title=title,
        explanation=explanation,
        epoch=diagnosis.epoch,
    )


def _shown(finding: Finding, best: TrialOutcome, outcomes: _Outcomes, score: str) -> Finding:
    """Return the finding with the numbers of the trials, and with the remedy that has helped first."""
    name, first = SCORES[score], best.score or 0.0
    epochs = f"{best.epochs} {'epoch' if best.epochs == 1 else 'epochs'}"
    sentence = f"{best.label}: {_text(outcomes.twin, score)} → {_text(first, score)} after {epochs}."
    evidence = [
        Evidence(f"{name} with this change after {epochs}", first, place="trials"),
        Evidence(f"{name} without it", outcomes.twin, place="trials"),
    ]
    if outcomes.control is not None and outcomes.control.score is not None:
        sentence += f" A random change: {_text(outcomes.control.score, score)}."
        label = outcomes.control.label
        evidence.append(Evidence(f"{name} with a random change ({label})", outcomes.control.score, place="trials"))
    remedies = [Remedy(best.label, best.changes), *(each for each in finding.remedies if each.changes != best.changes)]
    return replace(
        finding,
        known_by="trial",
        confidence=max(finding.confidence, CONFIDENCE_SHOWN),
        explanation=f"{finding.explanation} {sentence}",
        evidence=(*evidence, *finding.evidence),
        remedies=tuple(remedies),
    )


def _doubted(finding: Finding, outcomes: _Outcomes) -> Finding:
    """Return the finding with less confidence if the trials tried its remedies without effect."""
    return replace(finding, confidence=finding.confidence * DOUBT) if _is_refuted(finding, outcomes) else finding


def _is_refuted(finding: Finding, outcomes: _Outcomes) -> bool:
    effect = outcomes.effect(finding)
    return effect is not None and effect < NO_EFFECT


def _ordered(
    first: Finding, others: Sequence[Finding], before: Sequence[Finding], outcomes: _Outcomes
) -> tuple[Finding, ...]:
    """Put the findings into their order; those without a change of hyperparameters keep their positions."""
    fixed: Mapping[int, Finding] = {
        position: finding
        for position, finding in enumerate(before)
        if not any(remedy.changes for remedy in finding.remedies) and finding.code != first.code
    }
    movable = [finding for finding in others if finding.code not in {each.code for each in fixed.values()}]
    movable.sort(key=lambda finding: _is_refuted(finding, outcomes))
    ordered = [first, *movable]
    for position in sorted(fixed):
        ordered.insert(position, fixed[position])
    return tuple(ordered)


def _text(value: float, score: str) -> str:
    return f"{value:.2f}" if score == "train_r2" else f"{value:.0%}"
