"""The moments of a run's telemetry, chosen so that the measurements take little time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import takewhile

from nn.diagnosis.measurement.cost_model import RunCosts

MAX_MOMENTS = 1000  # of a run, roughly
NORMS_FRACTION = 0.004  # of the time of training
PASSES_FRACTION = 0.005  # of the time of training, without the passes that every run takes
FIRST_EPOCH_FRACTION = 0.002  # of the time of training, each for the norms and the passes of the steps

Steps = frozenset[int]


@dataclass(frozen=True, slots=True)
class EpochSteps:
    """The steps of an epoch, from 1: those to measure, and those to watch because this or the next step is measured."""

    measured: Steps
    watched: Steps


NO_STEPS = EpochSteps(frozenset(), frozenset())


class TelemetrySchedule:
    """Decides which steps and epochs of a run of `epochs` epochs are measured, and which with a pass.

    The decisions depend only on the configuration, never on measured times, so that the moments are the same on every
    machine. Epochs 1 and 2 and the last epoch are always measured with a pass. `n_steps` is the number of steps in an
    epoch.
    """

    def __init__(self, epochs: int, costs: RunCosts) -> None:
        self._epochs = epochs
        self.n_steps = n_steps = costs.steps
        self._stride = max(math.ceil(costs.norms / (NORMS_FRACTION * costs.epoch)), math.ceil(epochs / MAX_MOMENTS))
        self._pass_stride = self._stride * math.ceil(costs.examples / (PASSES_FRACTION * costs.epoch * self._stride))
        budget = FIRST_EPOCH_FRACTION * costs.epoch * epochs
        powers = takewhile(lambda step: step < n_steps, (2**exponent for exponent in range(64)))
        # The most important first: the middle of the epoch, then its start.
        candidates = list(dict.fromkeys([*([n_steps // 2] if n_steps > 1 else []), *powers]))
        self._moments = frozenset(candidates[: int(budget / costs.norms)])
        self._moments_with_pass = frozenset(candidates[: int(budget / costs.examples)]) & self._moments

    def measures(self, epoch: int) -> bool:
        """Return True if the norms are measured after `epoch`."""
        return epoch <= 2 or epoch == self._epochs or epoch % self._stride == 0

    def takes_pass(self, epoch: int) -> bool:
        """Return True if the fixed examples pass through the network after `epoch`."""
        return epoch <= 2 or epoch == self._epochs or epoch % self._pass_stride == 0

    def is_moment(self, step: int) -> bool:
        """Return True if `step` of the first epoch is measured as a moment of its own."""
        return step in self._moments

    def takes_pass_at(self, step: int) -> bool:
        """Return True if the fixed examples pass through the network after `step` of the first epoch."""
        return step in self._moments_with_pass

    def steps(self, epoch: int) -> EpochSteps:
        """Return the steps of `epoch` to measure and to watch. The cosine of a step needs the step before it."""
        last = self.n_steps
        if not self.measures(epoch) and not (last == 1 and self.measures(epoch + 1)):
            return NO_STEPS
        measured: Steps = frozenset({last} if self.measures(epoch) else ())
        if epoch == 1:
            measured |= {1, *self._moments}
        watched = measured | {step - 1 for step in measured if step > 1}
        if last == 1 and self.measures(epoch + 1):
            watched |= {1}
        return EpochSteps(measured, watched)
