"""Facts about a run that need no computation: its data, its telemetry and its exact levels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nn.diagnosis.cost_levels import balanced_targets, cost_before_learning, cost_of_ignored_inputs
from nn.diagnosis.evidence import RunEvidence
from nn.diagnosis.start_profile import DataProfile
from nn.diagnosis.telemetry import Telemetry


@dataclass(frozen=True, eq=False)
class RunFacts:
    """The evidence of a run and its parts. An undefined number is NaN."""

    evidence: RunEvidence

    @cached_property
    def is_regression(self) -> bool:
        """True if the network predicts target values, not classes."""
        return self.evidence.hyperparameters.dataset_spec.task == "regression"

    @cached_property
    def data(self) -> DataProfile | None:
        """The facts about the data; None if the configuration has not been examined."""
        return self.evidence.start.data if self.evidence.start else None

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """The fractions of the classes in the training split; equal fractions if unknown."""
        n_classes = self.evidence.hyperparameters.dataset_spec.n_classes
        counts = np.array(self.data.class_counts if self.data else (), float)
        if counts.sum() == 0:
            return np.full(n_classes, 1 / max(n_classes, 1))
        return np.asarray(counts / counts.sum())

    @cached_property
    def chance(self) -> float:
        """The accuracy of the best constant prediction; 0 for a regression."""
        return float(self.shares.max(initial=0.0))

    @cached_property
    def passes(self) -> tuple[Telemetry, ...]:
        """The telemetry of completed epochs that includes a forward pass."""
        return tuple(each for each in self.evidence.telemetry if each.step is None and each.cost is not None)

    @cached_property
    def first(self) -> Telemetry | None:
        """The telemetry before the first step."""
        if self.evidence.start is not None:
            return self.evidence.start.telemetry
        return next((each for each in self.evidence.telemetry if each.step == 0), None)

    @cached_property
    def steps(self) -> tuple[Telemetry, ...]:
        """The telemetry of single steps of the first epoch."""
        return tuple(each for each in self.evidence.telemetry if each.step)

    @cached_property
    def _measured_start(self) -> Telemetry | None:
        """A telemetry with the costs before the first step; all telemetry of a run has the same ones."""
        return self.evidence.telemetry[0] if self.evidence.telemetry else self.first

    @cached_property
    def last(self) -> Telemetry | None:
        """The latest telemetry with a forward pass."""
        return self.passes[-1] if self.passes else None

    @cached_property
    def n_steps_of_epoch(self) -> int:
        """The number of steps in each epoch."""
        h = self.evidence.hyperparameters
        n_train = self.data.n_train if self.data else max(1, round(h.train_size * (1 - h.held_out_fraction)))
        return h.steps_per_epoch(n_train)

    @cached_property
    def n_steps(self) -> int:
        """The number of steps until now."""
        return self.n_steps_of_epoch * self.evidence.epoch

    @cached_property
    def first_cost(self) -> float:
        """The mean loss before the first step, as the run measured it, or else of the examined start."""
        start = self._measured_start
        return start.first_cost if start else math.nan

    @cached_property
    def ignored_cost(self) -> float:
        """The mean loss of a network that ignores its inputs."""
        if self.evidence.start is not None:
            return self.evidence.start.ignored_cost
        h = self.evidence.hyperparameters
        return math.nan if self.is_regression else cost_of_ignored_inputs(h, balanced_targets(h))

    @cached_property
    def expected_first_cost(self) -> float:
        """The mean loss before the first step that small random weights give."""
        if self._measured_start is not None:
            return self._measured_start.expected_first_cost
        h = self.evidence.hyperparameters
        return math.nan if self.is_regression else cost_before_learning(h, balanced_targets(h))

    @cached_property
    def is_over(self) -> bool:
        """True if no epoch follows."""
        return self.evidence.end != "running" or self.evidence.epoch >= self.evidence.hyperparameters.epochs
