"""A small test of the lab: it sees a bug that a gradient check cannot see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from nn.lab.examples import Examples, Splits
from nn.lab.learner import Learner
from nn.lab.setup import LabSetup

Verdict = Literal["passed", "failed", "not_applicable"]


class Subject:
    """The wrong learner of a setup before its first step. `gradient_agrees` is the result of its gradient check."""

    def __init__(self, setup: LabSetup, splits: Splits, *, gradient_agrees: bool) -> None:
        self._setup = setup
        self._splits = splits
        self.gradient_agrees = gradient_agrees

    def new_learner(self) -> Learner:
        """Return a learner that has not taken a step."""
        return self._setup.wrong_learner(self._splits)

    @cached_property
    def learner(self) -> Learner:
        """A learner that no test changes."""
        return self.new_learner()

    def batches(self) -> tuple[Examples, Examples]:
        """Return the first two batches of an epoch, or the only one twice."""
        rows = self.new_learner().batches()
        train = self.learner.splits.train
        return train.take(rows[0]), train.take(rows[min(1, len(rows) - 1)])

    @property
    def has_floats(self) -> bool:
        """True if the weights are floating-point numbers."""
        return all(np.issubdtype(weights.dtype, np.floating) for weights in self.learner.weights)

    @property
    def has_images(self) -> bool:
        """True if the examples are images."""
        return self._setup.hyperparameters.image_shape is not None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict of a test, and the numbers that it has measured, by name."""

    verdict: Verdict
    measured: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, passed: bool, *measured: tuple[str, float]) -> Outcome:
        """Return the outcome of a test that has examined the learner."""
        return cls("passed" if passed else "failed", measured)


NOT_APPLICABLE = Outcome("not_applicable")


@dataclass(frozen=True, slots=True)
class SmallTest:
    """A test with a name, one sentence of explanation, and the ids of the bugs that it names if it fails."""

    name: str
    title: str
    explanation: str
    bugs: tuple[str, ...]
    run: Callable[[Subject], Outcome]
