"""A run under examination: the facts that several rules derive from its evidence, and its outcome."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn.diagnosis.cost_levels import balanced_targets, cost_before_learning, cost_of_ignored_inputs
from nn.diagnosis.evidence import RunEvidence
from nn.diagnosis.finding import Code, Evidence, Finding, KnownBy
from nn.diagnosis.remedies import remedies_for
from nn.diagnosis.start_profile import DataProfile
from nn.diagnosis.telemetry import LayerTelemetry, Telemetry

Outcome = Literal["good", "weak", "poor"]

GOOD_SHARE = 0.9  # fraction of the attainable accuracy above chance that a run that learns well reaches
POOR_SHARE = 0.7
USUAL_ACCURACY = 0.9  # attainable accuracy if the nearest neighbors do not reveal it
LARGE_GAP = 0.15  # gap between the accuracies of two splits that no healthy run had


@dataclass(frozen=True, eq=False)
class Case:
    """The evidence of a run, with facts that rules share. An undefined number is NaN."""

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
    def last(self) -> Telemetry | None:
        """The latest telemetry with a forward pass."""
        return self.passes[-1] if self.passes else None

    @cached_property
    def n_steps_of_epoch(self) -> int:
        """The number of steps in each epoch."""
        h = self.evidence.hyperparameters
        n_train = self.data.n_train if self.data else max(1, round(h.train_size * (1 - h.held_out_fraction)))
        if h.takes_windows:
            return n_train
        return max(1, math.ceil(n_train / h.batch_size_for(n_train)))

    @cached_property
    def n_steps(self) -> int:
        """The number of steps until now."""
        return self.n_steps_of_epoch * self.evidence.epoch

    @cached_property
    def first_cost(self) -> float:
        """The mean loss before the first step."""
        return self.first.first_cost if self.first else (self.last.first_cost if self.last else math.nan)

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
        if self.first is not None:
            return self.first.expected_first_cost
        h = self.evidence.hyperparameters
        return math.nan if self.is_regression else cost_before_learning(h, balanced_targets(h))

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
    def train_accuracy(self) -> float:
        """The latest accuracy on training examples, without dropout if known; NaN for a regression."""
        if self.last is not None and self.last.accuracy is not None:
            return self.last.accuracy
        return _latest(self.evidence.curves.train_accuracy)

    @cached_property
    def held_out_accuracy(self) -> float:
        """The latest accuracy on examples that are not trained on, the lower of two splits; NaN without any.

        Two standard errors are added, so that a small split does not seem worse than it is.
        """
        curves, data = self.evidence.curves, self.data
        sizes = (data.n_validation, data.n_test) if data else (100, 300)
        found = []
        for accuracies, size in zip((curves.validation_accuracy, curves.test_accuracy), sizes, strict=True):
            accuracy = _latest(accuracies)
            if not math.isnan(accuracy):
                found.append(min(1.0, accuracy + 2 * standard_error(accuracy, size)))
        return min(found, default=math.nan)

    @cached_property
    def attainable_accuracy(self) -> float:
        """The accuracy that the nearest neighbors reach, as an estimate of what a network can reach."""
        data = self.data
        agreements = [data.neighbor_agreement, data.test_neighbor_agreement] if data else []
        best = max((each for each in agreements if each is not None), default=math.nan)
        if math.isnan(best):
            is_table = self.evidence.hyperparameters.dataset_spec.kind == "table"
            return 1.0 if is_table else USUAL_ACCURACY
        return max(best, USUAL_ACCURACY) if best < self.chance + 0.1 else best

    def share_of(self, accuracy: float) -> float:
        """Return the fraction of the attainable accuracy above chance that `accuracy` is."""
        chance = min(self.chance, 0.5)
        return (accuracy - chance) / max(self.attainable_accuracy - chance, 1e-9)

    @cached_property
    def train_share(self) -> float:
        """The success on the training examples: 0 for a constant prediction, 1 for what is attainable."""
        return self.removed if self.is_regression else self.share_of(self.train_accuracy)

    @cached_property
    def share(self) -> float:
        """The success on examples that are not trained on; on the training examples if there are no others."""
        if self.is_regression:
            return self.removed
        accuracy = self.held_out_accuracy
        return self.share_of(self.train_accuracy if math.isnan(accuracy) else accuracy)

    @cached_property
    def is_below_neighbors(self) -> bool:
        """True if the network predicts held-out examples worse than the nearest neighbors do."""
        curves = self.evidence.curves
        accuracies = (_latest(curves.test_accuracy), _latest(curves.validation_accuracy), self.train_accuracy)
        accuracy = next((each for each in accuracies if not math.isnan(each)), math.nan)
        margin = standard_error(accuracy, self.data.n_test or self.data.n_train) if self.data else 0.0
        return not self.is_regression and accuracy + margin < self.attainable_accuracy

    @cached_property
    def gap(self) -> float:
        """The training accuracy minus the accuracy on held-out examples; NaN if unknown."""
        return self.train_accuracy - self.held_out_accuracy

    @cached_property
    def is_finite(self) -> bool:
        """True if the latest cost is finite."""
        return self.evidence.end != "diverged" and (self.evidence.epoch == 0 or math.isfinite(self.loss))

    @cached_property
    def outcome(self) -> Outcome:
        """The success of the run so far.

        It is `good` if the network comes near what the data permit, `weak` if it learns but remains below that, and
        `poor` if it hardly learns.
        """
        if not self.is_finite or not self.share >= POOR_SHARE:
            return "poor"
        if self.gap > LARGE_GAP:
            return "weak"
        if self.is_regression or self.share >= 0.98:
            return "good" if self.share >= GOOD_SHARE else "weak"
        accuracy = self.train_accuracy if math.isnan(self.held_out_accuracy) else self.held_out_accuracy
        many_errors = 1 - accuracy > 3 * (1 - self.attainable_accuracy) + 0.03
        return "weak" if many_errors or self.share < GOOD_SHARE else "good"

    @cached_property
    def is_over(self) -> bool:
        """True if no epoch follows."""
        return self.evidence.end != "running" or self.evidence.epoch >= self.evidence.hyperparameters.epochs

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
        """The relative decrease of the cost in each of the last epochs, a fifth of all."""
        losses = self.losses[np.isfinite(self.losses)]
        if len(losses) < 2:
            return math.nan
        window = max(1, (len(losses) - 1) // 5)
        return float((losses[-1 - window] - losses[-1]) / window / max(abs(losses[-1 - window]), 1e-300))

    @cached_property
    def steadiness(self) -> float:
        """The recent decrease of the cost per epoch divided by its mean decrease per epoch; NaN if it has not fallen."""
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

    @cached_property
    def path(self) -> tuple[float, ...]:
        """For each layer, the sum of all update norms so far, divided by the norm of the weights; empty if unknown."""
        if not self.passes:
            return ()
        n_layers = len(self.passes[-1].layers)
        ratios = [[each.layers[index].update_ratio or 0.0 for each in self.passes] for index in range(n_layers)]
        return tuple(float(np.mean(each)) * self.n_steps for each in ratios)

    @cached_property
    def early_layers(self) -> tuple[tuple[LayerTelemetry, ...], ...]:
        """The layers at the measured steps of the first epoch, or after it."""
        return tuple(each.layers for each in self.steps) or tuple(each.layers for each in self.passes[:1])

    def median(self, name: str, layer: int, *, early: bool = False) -> float:
        """Return the median of a measurement of one layer, by index: in the first epoch, or in the last three."""
        source = self.early_layers if early else tuple(each.layers for each in self.passes[-3:])
        values = [getattr(each[layer], name) for each in source]
        known = [value for value in values if value is not None]
        return float(np.median(known)) if known else math.nan

    def relative_updates(self, *, early: bool = False) -> NDArray[np.float64]:
        """Return the size of a step of each layer, relative to its weights or to Glorot's initial weights.

        The larger of both counts, because steps away from tiny initial weights must be large.
        """
        layers = (self.last or self.first or Telemetry(0, (), math.nan, math.nan)).layers
        sizes = [self.evidence.hyperparameters.n_features, *(each.n_units for each in layers)]
        ratios = []
        for index, layer in enumerate(layers):
            usual = math.sqrt(2 * layer.n_parameters / (sizes[index] + layer.n_units))
            size = max(self.median("weight_norm", index, early=early), usual)
            ratios.append(self.median("update_norm", index, early=early) / size)
        return np.array(ratios)

    def gradient_rms(self, *, early: bool = False) -> NDArray[np.float64]:
        """Return the root mean square of the gradient of each layer, over parameters whose inputs vary."""
        layers = (self.last or self.first or Telemetry(0, (), math.nan, math.nan)).layers
        norms = np.array([self.median("gradient_norm", index, early=early) for index in range(len(layers))])
        if np.isnan(norms).any() and self.first:
            norms = np.array([each.gradient_norm for each in self.first.layers])
        counts = np.array([each.n_parameters for each in layers], float)
        if self.data and len(counts):
            counts[0] *= max(1 - self.data.n_constant_inputs / max(self.data.n_inputs, 1), 1e-3)
        return np.asarray(norms / np.sqrt(np.maximum(counts, 1)))

    def finding(
        self,
        code: Code,
        confidence: float,
        title: str,
        explanation: str,
        *evidence: Evidence,
        layer: int | None = None,
        known_by: KnownBy = "observed",
    ) -> Finding:
        """Return a finding about the latest epoch, with its remedies."""
        start = self.evidence.start
        remedies = remedies_for(
            code, self.evidence.hyperparameters, self.data, start.step_length if start is not None else None
        )
        return Finding(
            code=code,
            severity="warning",
            confidence=round(min(max(confidence, 0.0), 1.0), 3),
            known_by=known_by,
            title=title,
            explanation=explanation,
            epoch=self.evidence.epoch,
            layer=layer,
            evidence=tuple(replace(each, value=float(each.value)) for each in evidence),
            remedies=remedies,
        )


def standard_error(accuracy: float, n_examples: int) -> float:
    """Return the standard error of an accuracy on `n_examples`, at least that of half an example."""
    return math.sqrt(max(accuracy * (1 - accuracy), 0.25 / max(n_examples, 1)) / max(n_examples, 1))


def _latest(values: NDArray[np.float64]) -> float:
    """Return the median of the last three values; NaN if unknown."""
    known = values[-3:][np.isfinite(values[-3:])]
    return float(np.median(known)) if len(known) else math.nan
