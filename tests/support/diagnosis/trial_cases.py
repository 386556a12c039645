"""Diagnoses and trial outcomes for tests of trials."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from nn.datasets import Dataset, load_dataset
from nn.diagnosis.finding import Code, Diagnosis, Finding, Remedy, Status
from nn.diagnosis.trial_outcome import TrialOutcome
from nn.hyperparameters.schema import Hyperparameters

UNSCALED = Hyperparameters(input_scaling="none", learning_rate=0.1, optimizer="sgd", initializer="normal")
"""A run on the 8×8 digits that stays at chance because its pixels are not scaled."""


@cache
def built_in(name: str) -> Dataset:
    """Return a data set that comes with the program."""
    return load_dataset(name, datasets_dir=Path("none"), cache_dir=Path("none"))


def finding(code: Code, *changes: dict[str, object], confidence: float = 0.7, **values: Any) -> Finding:
    """Return a finding with one remedy for each of `changes`; without changes, with a remedy for the data."""
    remedies = [Remedy(f"{code} {number}", each) for number, each in enumerate(changes)] or [Remedy("Change the data")]
    facts = {"severity": "critical", "known_by": "observed", "title": code, "explanation": "Why.", "epoch": 3}
    return Finding(code=code, confidence=confidence, remedies=tuple(remedies), **{**facts, **values})


def ill(*findings: Finding, status: Status = "ill") -> Diagnosis:
    """Return a diagnosis after three epochs."""
    return Diagnosis(3, status, findings)


def outcome(kind: Any, score: float, *codes: str, **changes: object) -> TrialOutcome:
    """Return the outcome of a trial of two epochs. Twin and reference have the scores 0.1 and 0.9."""
    return TrialOutcome(
        kind=kind,
        label=" ".join(changes) or kind,
        changes=changes,
        codes=codes,
        costs=(2.0, 1.0),
        accuracies=(0.1, score),
        gap_closed=(score - 0.1) / 0.8,
        seconds=0.1,
    )


def compared(*candidates: TrialOutcome, control: float = 0.12) -> tuple[TrialOutcome, ...]:
    """Return the candidates after a twin, a reference and a random change."""
    others = outcome("twin", 0.1), outcome("reference", 0.9), outcome("control", control, batch_size=64)
    return (*others, *candidates)
