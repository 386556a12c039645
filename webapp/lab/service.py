"""The experiments of the lab. They are in memory only: the same request repeats one bit for bit."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from nn.errors import HyperparameterError
from nn.lab.bugs import BUGS
from nn.lab.experiment import Experiment, run_experiment
from nn.lab.setup import MAX_BUGS, MAX_LAYERS, BugChoice, LabSetup
from webapp.errors import InvalidError, NotFoundError
from webapp.lab.responses import LabBugJson, LabGuess, LabRun
from webapp.lab.results import bug_json, choices_json, describe, run_json
from webapp.threads import BoundedSemaphore, in_thread
from webapp.validation import read_whole_number

MAX_RUNS = 50
MAX_TASKS = 1  # an experiment at a time, so that the server still responds to other requests
ID_BYTES = 9


@dataclass(slots=True)
class LabRunRecord:
    """An experiment and its bugs. `guessed` is True after the first guess."""

    choices: tuple[BugChoice, ...]
    experiment: Experiment
    hidden: bool
    guessed: bool = False


class Lab:
    """Runs experiments and judges guesses. It stores the last `MAX_RUNS` experiments."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, LabRunRecord] = OrderedDict()
        self._tasks = BoundedSemaphore(MAX_TASKS)

    def bugs(self) -> list[LabBugJson]:
        """Return the documented bugs, in the order in which to teach them."""
        return _bugs()

    def create(self, given: Mapping[str, object]) -> LabRun:
        """Run the experiment that `given` describes. Raises InvalidError."""
        hidden = given.get("hidden", False)
        if not isinstance(hidden, bool):
            raise InvalidError({"hidden": "must be true or false"})
        values = _read_hyperparameters(given)
        if hidden and "bug" not in given and "bugs" not in given:
            choices, setup = _choose_at_random(_read_layer(given.get("layer")), values)
        else:
            choices = _read_choices(given)
            setup = _set_up(choices, values)
        with self._tasks:
            experiment = in_thread(run_experiment, setup)
        run_id = secrets.token_urlsafe(ID_BYTES)
        self._runs[run_id] = LabRunRecord(tuple(choices), experiment, hidden)
        while len(self._runs) > MAX_RUNS:
            self._runs.popitem(last=False)
        return self.get(run_id)

    def get(self, run_id: str) -> LabRun:
        """Return an experiment. Raises NotFoundError."""
        record = self._find(run_id)
        return run_json(run_id, record.choices, record.experiment, hidden=record.hidden, guessed=record.guessed)

    def guess(self, run_id: str, given: Mapping[str, object]) -> LabGuess:
        """Compare a guess with the bugs of an experiment. Raises InvalidError and NotFoundError."""
        record = self._find(run_id)
        bug_id = _read_bug("bug", given.get("bug"))
        layer = _read_layer(given.get("layer"))
        counted, record.guessed = not record.guessed, True
        placements = [each for each in record.experiment.setup.placements if each.bug.id == bug_id]
        layers = {number + 1 for placement in placements for number in placement.layers}
        return {
            "correct": bool(placements),
            "layer_correct": layer in layers if layer is not None and layers else None,
            "counted": counted,
            "bugs": choices_json(record.choices),
            "explanation": describe(record.experiment.setup.placements),
        }

    def _find(self, run_id: str) -> LabRunRecord:
        if run_id not in self._runs:
            raise NotFoundError(
                f"There is no experiment {run_id[:40]}: the server stores the last {MAX_RUNS} experiments until it "
                "ends. Run the experiment again."
            )
        return self._runs[run_id]


@cache
def _bugs() -> list[LabBugJson]:
    return [bug_json(bug, number + 1) for number, bug in enumerate(BUGS.values())]


def _set_up(choices: list[BugChoice], values: Mapping[str, object]) -> LabSetup:
    try:
        return LabSetup.parse(choices, values)
    except HyperparameterError as error:
        raise InvalidError(error.fields) from None


def _choose_at_random(layer: int | None, values: Mapping[str, object]) -> tuple[list[BugChoice], LabSetup]:
    """Choose one of the bugs that can be shown with these hyperparameters. Raises InvalidError if there is none."""
    bugs = list(BUGS)
    secrets.SystemRandom().shuffle(bugs)
    for bug in bugs[:-1]:
        choices = [BugChoice(bug, layer)]
        with suppress(InvalidError):
            return choices, _set_up(choices, values)
    choices = [BugChoice(bugs[-1], layer)]
    return choices, _set_up(choices, values)


def _read_choices(given: Mapping[str, object]) -> list[BugChoice]:
    layer = _read_layer(given.get("layer"))
    if "bugs" in given:
        if "bug" in given:
            raise InvalidError({"bug": "must be omitted if bugs is given"})
        if layer is not None:
            raise InvalidError({"layer": 'must be within bugs, such as {"bug": "B03", "layer": 1}'})
        return _read_list(given["bugs"])
    return [BugChoice(_read_bug("bug", given.get("bug")), layer)]


def _read_list(values: object) -> list[BugChoice]:
    if not isinstance(values, list) or not 1 <= len(values) <= MAX_BUGS:
        raise InvalidError({"bugs": f"must be a list of 1 to {MAX_BUGS} bugs"})
    choices = []
    for value in values:
        members = value if isinstance(value, dict) else {"bug": value}
        if unknown := set(members) - {"bug", "layer"}:
            raise InvalidError({"bugs": f"must have only the members bug and layer, not {min(unknown)[:40]}"})
        choices.append(BugChoice(_read_bug("bugs", members.get("bug")), _read_layer(members.get("layer"))))
    return choices


def _read_bug(field: str, value: object) -> str:
    if not isinstance(value, str) or value not in BUGS:
        raise InvalidError({field: f"must be one of {', '.join(BUGS)}"})
    return value


def _read_layer(value: object) -> int | None:
    return None if value is None else read_whole_number("layer", value, first=1, last=MAX_LAYERS + 1)


def _read_hyperparameters(given: Mapping[str, object]) -> dict[str, object]:
    values = given.get("hyperparameters", {})
    if not isinstance(values, dict):
        raise InvalidError({"hyperparameters": "must be an object of names and values"})
    if given.get("seed") is not None:
        values = {**values, "seed": given["seed"]}
    return values
