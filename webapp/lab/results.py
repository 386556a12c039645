"""Conversion of bugs and experiments to JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import SupportsFloat

from nn.lab.bug import Bug, Line, Placement
from nn.lab.experiment import Curves, Experiment, LayerTelemetry
from nn.lab.setup import BugChoice, LabSetup
from webapp.json_numbers import json_number, six_digits
from webapp.lab.responses import (
    LabBugChoice,
    LabBugJson,
    LabCurves,
    LabLayerCheck,
    LabLayerTelemetry,
    LabLineJson,
    LabMatch,
    LabRun,
    LabTest,
)


def bug_json(bug: Bug, order: int) -> LabBugJson:
    """Return the JSON of a bug, with the hyperparameters that suit it."""
    setup = LabSetup.parse([BugChoice(bug.id)], {})
    return {
        "id": bug.id,
        "title": bug.title,
        "place": bug.place,
        "right": _line_json(bug.right),
        "wrong": _line_json(bug.wrong),
        "symptom": bug.symptom,
        "source": bug.source,
        "visible": bug.is_visible,
        "kind": bug.kind,
        "layers": [layer + 1 for layer in bug.layers(setup.setting)],
        "needs": bug.rule.text if bug.rule else None,
        "order": order,
        "hyperparameters": setup.hyperparameters.model_dump(mode="json"),
    }


def choices_json(choices: Iterable[BugChoice]) -> list[LabBugChoice]:
    """Return the JSON of the bugs of an experiment."""
    return [{"bug": choice.bug_id, "layer": choice.layer} for choice in choices]


def run_json(
    run_id: str, choices: Iterable[BugChoice], experiment: Experiment, *, hidden: bool, guessed: bool
) -> LabRun:
    """Return the JSON of an experiment. Until a guess, that of a hidden one does not contain its bugs."""
    is_secret = hidden and not guessed
    disagreement = experiment.first_disagreement
    return {
        "id": run_id,
        "hidden": hidden,
        "guessed": guessed,
        "bugs": None if is_secret else choices_json(choices),
        "hyperparameters": experiment.setup.hyperparameters.model_dump(mode="json"),
        "right": _curves_json(experiment.right.curves),
        "wrong": _curves_json(experiment.wrong.curves),
        "telemetry": {
            "right": [_telemetry_json(layer) for layer in experiment.right.telemetry],
            "wrong": [_telemetry_json(layer) for layer in experiment.wrong.telemetry],
        },
        "gradient_check": _checks_json(experiment),
        "first_disagreement": None
        if disagreement is None
        else {"layer": disagreement.layer, "kind": disagreement.kind, "text": disagreement.text},
        "match": None if is_secret else _matches_json(experiment),
        "tests": _tests_json(experiment, is_secret=is_secret),
    }


def describe(placements: Iterable[Placement]) -> str:
    """Return an explanation of the bugs of an experiment."""
    texts = []
    for placement in placements:
        bug = placement.bug
        layers = ", ".join(str(layer + 1) for layer in placement.layers)
        where = f" in layer {layers}" if layers else ""
        name = f"{bug.id}, {bug.title[0].lower()}{bug.title[1:]}{where}"
        texts.append(f"{name}: {bug.wrong.formula} instead of {bug.right.formula}. {bug.symptom}")
    return " ".join(texts)


def _line_json(line: Line) -> LabLineJson:
    return {"formula": line.formula, "numpy": line.numpy}


def _curves_json(curves: Curves) -> LabCurves:
    return {
        "epochs": curves.epochs,
        "train_cost": _numbers(curves.train_cost),
        "test_cost": _numbers(curves.test_cost),
        "train_accuracy": _numbers(curves.train_accuracy),
        "test_accuracy": _numbers(curves.test_accuracy),
    }


def _telemetry_json(layer: LayerTelemetry) -> LabLayerTelemetry:
    return {
        "layer": layer.layer,
        "gradient_norm": _numbers(layer.gradient_norm),
        "update_ratio": _numbers(layer.update_ratio),
        "saturated_fraction": _numbers(layer.saturated_fraction),
        "dead_fraction": _numbers(layer.dead_fraction),
    }


def _checks_json(experiment: Experiment) -> list[LabLayerCheck]:
    return [
        {
            "layer": check.layer,
            "kind": check.kind,
            "relative_error": check.relative_error,
            "agrees": check.agrees,
            "n_compared": check.n_compared,
            "ratio": check.ratio.kind,
            "ratio_value": None if check.ratio.value is None else six_digits(check.ratio.value),
            "ratio_text": check.ratio.text,
        }
        for check in experiment.gradient_check
    ]


def _matches_json(experiment: Experiment) -> list[LabMatch]:
    return [
        {"bug": match.bug.id, "title": match.bug.title, "layer": match.layer, "difference": match.difference}
        for match in experiment.matches
    ]


def _tests_json(experiment: Experiment, *, is_secret: bool) -> list[LabTest]:
    return [
        {
            "name": test.name,
            "title": test.title,
            "explanation": test.explanation,
            "measured": [{"name": name, "value": json_number(value)} for name, value in outcome.measured],
            "verdict": None if is_secret else outcome.verdict,
            "bugs": [] if is_secret else list(test.bugs),
        }
        for test, outcome in experiment.tests
    ]


def _numbers(values: Iterable[SupportsFloat | None]) -> list[float | None]:
    return [None if value is None else six_digits(value) for value in values]
