"""Candidates of trials: the remedies of the findings, then remedies for causes that no finding names."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from nn.diagnosis.finding import Code, Diagnosis, Remedy
from nn.diagnosis.remedies import changes_run, remedies_for
from nn.diagnosis.remedy_changes.situation import rounded
from nn.diagnosis.rules.registry import RULES
from nn.diagnosis.rules.trial_causes import CAUSES
from nn.diagnosis.start_profile import DataProfile
from nn.hyperparameters.schema import Hyperparameters

MAX_CANDIDATES = 8
MAX_SUSPECTED = 6  # of these, remedies of findings
MAX_COMBINED = 2

N_REMEDIES = {"learning_rate_too_high": 2, "learning_rate_too_low": 2}  # remedies to try; for the other causes, one


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change of hyperparameters, and the codes of the causes that it would remove, the most specific one first."""

    remedy: Remedy
    codes: tuple[Code, ...]


def find_candidates(
    hyperparameters: Hyperparameters, diagnosis: Diagnosis, data: DataProfile | None = None
) -> tuple[Candidate, ...]:
    """Return at most MAX_CANDIDATES candidates, each with another change, the most suspected one first.

    The first remedy of each finding comes before the second remedies.
    """
    named = [
        [(finding.code, remedy) for remedy in remedies]
        for finding, remedies in zip(diagnosis.findings, _own_remedies(hyperparameters, diagnosis, data), strict=True)
    ]
    suspected = [pair for pair in chain.from_iterable(zip_longest(*named)) if pair is not None]
    generic = [
        (code, remedy)
        for code in CAUSES
        if _may_apply(code, hyperparameters)
        for remedy in remedies_for(code, hyperparameters, data)[: N_REMEDIES.get(code, 1)]
    ]
    candidates, n_suspected = _merged(hyperparameters, [*suspected, *generic]), len(_merged(hyperparameters, suspected))
    return (*candidates[:n_suspected][:MAX_SUSPECTED], *candidates[n_suspected:])[:MAX_CANDIDATES]


def _own_remedies(
    hyperparameters: Hyperparameters, diagnosis: Diagnosis, data: DataProfile | None
) -> Iterator[tuple[Remedy, ...]]:
    """Yield the remedies of each finding, of a consequence its own.

    A diagnosis gives a consequence the remedies of its cause. The trials also try whether it has another cause. A
    symptom has no cause of its own.
    """
    earlier: list[tuple[Remedy, ...]] = []
    for finding in diagnosis.findings:
        is_consequence = finding.remedies in earlier and not RULES[finding.code].is_symptom
        yield remedies_for(finding.code, hyperparameters, data) if is_consequence else finding.remedies
        earlier.append(finding.remedies)


def combine(hyperparameters: Hyperparameters, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield at most MAX_COMBINED candidates that make the changes of the first candidate and of another one."""
    found = 0
    for other in candidates[1:]:
        first, second = candidates[0].remedy, other.remedy
        if set(first.changes) & set(second.changes) or found == MAX_COMBINED:
            continue
        label = f"{first.label}, and {second.label[0].lower()}{second.label[1:]}"
        combined = Remedy(label, {**first.changes, **second.changes})
        if changes_run(hyperparameters, combined.changes):
            found += 1
            yield Candidate(combined, tuple(dict.fromkeys((*candidates[0].codes, *other.codes))))


def refine(hyperparameters: Hyperparameters, candidate: Candidate) -> Candidate | None:
    """Return the candidate with a learning rate between that of the run and its own, their geometric mean.

    None if the candidate does not choose a learning rate.
    """
    changes, label = candidate.remedy.changes, candidate.remedy.label
    rate, other = hyperparameters.learning_rate, hyperparameters.changed(changes).learning_rate
    middle = rounded(math.sqrt(rate * other))
    named = f"learning rate to {other:g}"
    if middle in (rate, other) or named not in label:
        return None
    remedy = Remedy(label.replace(named, f"learning rate to {middle:g}"), {**changes, "learning_rate": middle})
    return Candidate(remedy, candidate.codes)


def _merged(h: Hyperparameters, pairs: Iterable[tuple[Code, Remedy]]) -> list[Candidate]:
    """Return one candidate for each changed configuration, with all codes that lead to it."""
    candidates: dict[Hyperparameters, Candidate] = {}
    for code, remedy in pairs:
        if changes_run(h, remedy.changes):
            known = candidates.setdefault(h.changed(remedy.changes), Candidate(remedy, ()))
            codes = tuple(dict.fromkeys((*known.codes, code)))
            candidates[h.changed(remedy.changes)] = Candidate(known.remedy, codes)
    return list(candidates.values())


def _may_apply(code: Code, h: Hyperparameters) -> bool:
    """Return False if the hyperparameters already rule the cause out."""
    possible: dict[Code, bool] = {
        "input_scale": h.input_scaling == "none" or h.dataset_spec.kind == "table",
        "summed_cost": h.reduction == "sum",
        "identical_units": h.initializer == "constant",
        "vanishing_gradient": bool(h.hidden_sizes) and h.activation in ("sigmoid", "tanh"),
        "optimizer_constants": h.optimizer in ("adam", "rmsprop") or h.momentum > 0.9,
        "learning_rate_decayed": h.schedule in ("exponential", "step"),
    }
    return possible.get(code, True)
