"""Trials as JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, NotRequired

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from nn.diagnosis.finding_json import changes_from_json
from nn.diagnosis.trial_outcome import TrialOutcome
from nn.trials.examples import ScoreName
from nn.trials.trials import Kind, Trials

TrialsStatus = Literal["none", "waiting", "running", "finished", "failed", "stopped"]


class TrialJson(TypedDict):
    """One trial. `codes` are the causes that its changes remove, and `code` is the first of them.

    `costs` is the training cost after every `stride`-th epoch, and `accuracies` the score. `train_cost` and
    `validation_accuracy` are those at the end; `TrialsJson.score` names this score.
    """

    kind: Kind
    code: str | None
    codes: list[str]
    label: str
    changes: dict[str, object]
    train_cost: float | None
    validation_accuracy: float | None
    gap_closed: float | None
    costs: list[float | None]
    accuracies: list[float | None]
    stride: int
    seconds: float


class TrialsJson(TypedDict):
    """The trials of a run. `items` are the candidates, the best first; `error` explains why the trials failed.

    `expected` is about the number of trials, while they are running.
    """

    status: TrialsStatus
    epochs: int | None
    train_size: int | None
    score: ScoreName | None
    expected: NotRequired[int | None]
    twin: TrialJson | None
    control: TrialJson | None
    reference: TrialJson | None
    items: list[TrialJson]
    error: str | None


_ADAPTER: TypeAdapter[TrialsJson] = TypeAdapter(TrialsJson)


def no_trials(status: TrialsStatus = "none", error: str | None = None) -> TrialsJson:
    """Return trials without a result."""
    return {
        "status": status,
        "epochs": None,
        "train_size": None,
        "score": None,
        "expected": None,
        "twin": None,
        "control": None,
        "reference": None,
        "items": [],
        "error": error,
    }


def trials_to_json(trials: Trials, status: TrialsStatus) -> TrialsJson:
    """Return trials as JSON values."""
    single: dict[Kind, TrialJson] = {
        outcome.kind: _trial_to_json(outcome) for outcome in trials.outcomes if outcome.kind != "candidate"
    }
    candidates = [outcome for outcome in trials.outcomes if outcome.kind == "candidate"]
    return {
        "status": status,
        "epochs": trials.epochs,
        "train_size": trials.train_size,
        "score": trials.score,
        "expected": trials.expected,
        "twin": single.get("twin"),
        "control": single.get("control"),
        "reference": single.get("reference"),
        "items": [_trial_to_json(each) for each in sorted(candidates, key=lambda each: -(each.score or 0.0))],
        "error": None,
    }


def decode_trials(content: bytes) -> TrialsJson:
    """Return the trials in JSON text. Raises ValueError if it is something else."""
    return _ADAPTER.validate_json(content)


def encode_trials(trials: TrialsJson) -> bytes:
    """Return trials as JSON text."""
    return _ADAPTER.dump_json(trials)


def outcomes_from_json(trials: TrialsJson) -> tuple[TrialOutcome, ...]:
    """Return the outcomes of trials, for the ranking of findings."""
    found = [trials["twin"], trials["reference"], trials["control"], *trials["items"]]
    return tuple(_trial_from_json(each) for each in found if each is not None)


def _trial_to_json(outcome: TrialOutcome) -> TrialJson:
    return {
        "kind": outcome.kind,
        "code": outcome.codes[0] if outcome.codes else None,
        "codes": list(outcome.codes),
        "label": outcome.label,
        "changes": _plain(outcome.changes),
        "train_cost": outcome.costs[-1] if outcome.costs else None,
        "validation_accuracy": outcome.score,
        "gap_closed": outcome.gap_closed,
        "costs": list(outcome.costs),
        "accuracies": [_finite(value) for value in outcome.accuracies],
        "stride": outcome.stride,
        "seconds": outcome.seconds,
    }


def _trial_from_json(found: TrialJson) -> TrialOutcome:
    return TrialOutcome(
        kind=found["kind"],
        label=found["label"],
        changes=changes_from_json(found["changes"]),
        codes=tuple(found["codes"]),
        costs=tuple(found["costs"]),
        accuracies=tuple(found["accuracies"]),
        gap_closed=found["gap_closed"],
        seconds=found["seconds"],
        stride=found["stride"],
    )


def _plain(changes: Mapping[str, object]) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in changes.items()}


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
