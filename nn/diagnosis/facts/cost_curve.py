"""The curve of the mean loss, and its trend."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nn.diagnosis.facts.run_facts import RunFacts


class CostCurve(RunFacts):
    """Facts about the mean loss of a run, without penalty."""

    @cached_property
    def losses(self) -> NDArray[np.float64]:
        """The mean losses (n_epochs + 1,): before the first step, and after each epoch.

        They come from the forward passes of the telemetry, which exclude dropout and penalty, or else from the curves.
        """
        h, curves = self.evidence.hyperparameters, self.evidence.curves
        n_train = self.data.n_train if self.data else h.train_size
        weight = h.batch_size_for(max(n_train, 1)) if h.reduction == "sum" else 1
        losses = np.concatenate([[self.first_cost], curves.train_cost / weight])
        if self.passes and len(self.passes) >= self.evidence.epoch:
            for each in self.passes:
                if each.epoch < len(losses) and each.cost is not None:
                    losses[each.epoch] = each.cost
        return losses

    @cached_property
    def loss(self) -> float:
        """The latest mean loss."""
        return float(self.losses[-1])

    @cached_property
    def removed(self) -> float:
        """The fraction of the cost of ignored inputs that training has removed; R² for a regression."""
        return 1 - self.loss / self.ignored_cost if self.ignored_cost > 0 else math.nan

    @cached_property
    def is_finite(self) -> bool:
        """True if the latest cost is finite."""
        return self.evidence.end != "diverged" and (self.evidence.epoch == 0 or math.isfinite(self.loss))

    @cached_property
    def at_ignored_level(self) -> bool:
        """True if the cost is that of a network that ignores its inputs, within 2 %, in the last two epochs."""
        recent = self.losses[1:][-2:]
        return bool(len(recent) and np.all(np.abs(recent - self.ignored_cost) <= 0.02 * self.ignored_cost))

    @cached_property
    def is_stuck(self) -> bool:
        """True if the network has removed less than a tenth of the cost of ignored inputs."""
        return not self.is_finite or not self.removed > 0.1

    @cached_property
    def recent_drop(self) -> float:
        """The mean relative decrease of the cost per epoch over the last fifth of the epochs."""
        losses = self.losses[np.isfinite(self.losses)]
        if len(losses) < 2:
            return math.nan
        window = max(1, (len(losses) - 1) // 5)
        return float((losses[-1 - window] - losses[-1]) / window / max(abs(losses[-1 - window]), 1e-300))

    @cached_property
    def steadiness(self) -> float:
        """The decrease of the cost per epoch over the last fifth, relative to that of all; NaN without a fall."""
        losses = self.losses[np.isfinite(self.losses)]
        fallen = losses[0] - losses[-1] if len(losses) > 1 else 0.0
        if fallen <= 1e-4 * abs(losses[0] if len(losses) else 1.0):
            return math.nan
        window = max(1, (len(losses) - 1) // 5)
        return float((losses[-1 - window] - losses[-1]) / window / (fallen / (len(losses) - 1)))

    @cached_property
    def is_falling(self) -> bool:
        """True if the cost still falls: its recent slope is at least a fifth of its mean slope."""
        return self.steadiness >= 0.2 and self.recent_drop > 1e-4

    @cached_property
    def falls_smoothly(self) -> bool:
        """True if the cost has decreased in each of the last five epochs."""
        recent = self.losses[1:][-6:]
        return len(recent) == 6 and bool(np.all(np.diff(recent) < 0))

    @cached_property
    def projected_loss(self) -> float:
        """The mean loss at the end of the run if it decreases by the same factor in each epoch as in the last ones."""
        losses = self.losses[np.isfinite(self.losses)][-3:]
        if len(losses) < 2 or not losses[0] > 0 or not losses[-1] > 0:
            return math.nan
        steps = np.diff(np.log(losses))
        left = self.evidence.hyperparameters.epochs - self.evidence.epoch
        # The first steps are often the largest, so the slower one of two epochs counts.
        return float(losses[-1] * math.exp(min(float(steps.max()), 0.0) * left))
