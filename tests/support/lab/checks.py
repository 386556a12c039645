"""Checks of the learners of the lab, without their training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.hyperparameters.schema import Hyperparameters
from nn.lab.examples import Examples, Splits, load_splits
from nn.lab.layer_check import Disagreement, LayerCheck, check_layers, first_disagreement
from nn.lab.matching import matching_bugs
from nn.lab.setup import DEFAULTS, TABLE_DEFAULTS, BugChoice, LabSetup, setting_of
from nn.lab.small_tests import SMALL_TESTS
from nn.lab.small_tests.small_test import Subject

TABLES = {"or_gate", "and_gate", "xor_gate"}


@dataclass(frozen=True, slots=True)
class Checked:
    """The results of all checks of one learner."""

    checks: list[LayerCheck]
    disagreement: Disagreement | None
    matches: list[tuple[str, int | None]]
    failed: list[str]

    @property
    def found(self) -> tuple[int, str] | None:
        """Layer and kind of the first disagreement."""
        return None if self.disagreement is None else (self.disagreement.layer, self.disagreement.kind)

    @property
    def named(self) -> list[str]:
        """The bugs that the failed small tests name."""
        return [bug for test in SMALL_TESTS if test.name in self.failed for bug in test.bugs]


def set_up(*bugs: str | tuple[str, int], **values: Any) -> LabSetup:
    """Return a setup with bugs, each with or without a layer, counted from 1."""
    return LabSetup.parse([BugChoice(*([bug] if isinstance(bug, str) else bug)) for bug in bugs], values)


def right_setup(**values: Any) -> LabSetup:
    """Return a setup without a bug."""
    defaults = DEFAULTS | (TABLE_DEFAULTS if values.get("dataset") in TABLES else {})
    hyperparameters = Hyperparameters.parse({**defaults, **values})
    return LabSetup(hyperparameters, setting_of(hyperparameters), ())


def first_batch(setup: LabSetup, splits: Splits) -> Examples:
    learner = setup.wrong_learner(splits)
    return learner.splits.train.take(learner.batches()[0])


@np.errstate(all="ignore")
def check(setup: LabSetup, *, tests: bool = True, max_compared: int = 25) -> Checked:
    """Return the results of the gradient check, the matcher and, if `tests`, the small tests."""
    splits = load_splits(setup.hyperparameters)
    batch = first_batch(setup, splits)
    checks = check_layers(setup.wrong_learner(splits), batch, max_compared)
    disagreement = first_disagreement(checks, use_bias=setup.hyperparameters.use_bias)
    subject = Subject(setup, splits, gradient_agrees=disagreement is None)
    outcomes = {test.name: test.run(subject) for test in SMALL_TESTS} if tests else {}
    failed = [name for name, outcome in outcomes.items() if outcome.verdict == "failed"]
    matches = [(match.bug.id, match.layer) for match in matching_bugs(setup, splits, batch)]
    return Checked(checks, disagreement, matches, failed)


def wrong_arrays(checks: Sequence[LayerCheck]) -> list[tuple[int, str]]:
    """Return layer and kind of each array whose gradient is wrong."""
    return [(each.layer, each.kind) for each in checks if not each.agrees]
