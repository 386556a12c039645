"""A run under examination: the facts that several rules derive from its evidence, and its outcome."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn.diagnosis.facts.cost_curve import CostCurve
from nn.diagnosis.facts.layer_facts import LayerFacts
from nn.diagnosis.finding import Code, Evidence, Finding, KnownBy
from nn.diagnosis.remedies import remedies_for

Outcome = Literal["good", "weak", "poor"]

GOOD_SHARE = 0.9  # fraction of the attainable accuracy above chance that a run that learns well reaches
POOR_SHARE = 0.8
USUAL_ACCURACY = 0.9  # attainable accuracy if the nearest neighbors do not reveal it
FEW_EPOCHS = 5
LARGE_GAP = 0.18  # gap between the accuracies of two splits that no healthy run had


class Case(CostCurve, LayerFacts):
    """The evidence of a run, with facts that rules share. An undefined number is NaN."""

    @cached_property
    def train_accuracy(self) -> float:
        """The latest accuracy on training examples, without dropout if known; NaN for a regression."""
        latest = _latest(self.evidence.curves.train_accuracy)
        if self.last is None or self.last.accuracy is None:
            return latest
        # The telemetry of a long run does not measure every epoch.
        return (
            self.last.accuracy if self.last.epoch == self.evidence.epoch else float(np.fmax(self.last.accuracy, latest))
        )

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
    """Return the median of the last three values, of a short run the last value; NaN if unknown."""
    recent = values[-3:] if len(values) > FEW_EPOCHS else values[-1:]
    known = recent[np.isfinite(recent)]
    return float(np.median(known)) if len(known) else math.nan
