"""Rules about regularization that is missing or too strong."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nn.diagnosis.facts.case import LARGE_GAP, Case, standard_error
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.rules.rule import Rule

STRONG_DROPOUT = 0.7
DOMINANT_PENALTY = 5.0  # gradient of the penalty divided by that of the loss


class Overfitting(Rule):
    """The training accuracy is far above the accuracy on examples that are not trained on.

    Guard: two standard errors are granted to a small split. A validation cost that rises while the accuracy does not
    fall is growing confidence, not overfitting. Different preparation of the splits is another fault.
    Remedy: more images, early stopping, dropout or an L2 penalty.
    Source: AUTOTRAINER: gaps of 0.07–0.10; Misfit requires 0.18, or a validation accuracy that has fallen.
    """

    code: ClassVar[Code] = "overfitting"

    def examine(self, case: Case) -> Finding | None:
        """Compare the accuracies of the splits, and the validation accuracy with its best value."""
        h, curves = case.evidence.hyperparameters, case.evidence.curves
        if case.is_regression or case.evidence.epoch < 2 or not math.isfinite(case.gap):
            return None
        known = curves.validation_accuracy[np.isfinite(curves.validation_accuracy)]
        size = case.data.n_validation if case.data else 100
        fallen = float(known.max() - np.median(known[-3:])) if len(known) > 5 else 0.0
        has_fallen = fallen > max(3 * standard_error(float(known.max()), size), 0.03) if len(known) > 5 else False
        if case.gap < LARGE_GAP and not (has_fallen and case.gap > 0.07):
            return None
        held_out = case.train_accuracy - case.gap
        few = f" from {h.images_per_class} images per class" if h.images_per_class else ""
        return case.finding(
            self.code,
            0.85 if case.train_share > 0.9 else 0.6,
            f"The training accuracy is {case.train_accuracy:.1%}, that of other examples at most {held_out:.1%}",
            f"The network has memorized its training examples{few} instead of what distinguishes the classes. "
            "Overfitting grows with the number of weights per example and with the number of epochs.",
            Evidence("training accuracy − accuracy of other examples", case.gap, LARGE_GAP, "accuracy"),
            Evidence("decrease of the validation accuracy", fallen, None, "accuracy"),
        )


class OverRegularized(Rule):
    """The weight penalty or dropout prevents the network from fitting its training examples.

    The gradient of the penalty exceeds half of that of the loss while the weights shrink, or it is more than five times
    as large in a layer. Or dropout leaves a layer fewer units than half of the outputs, or it exceeds 70 %.

    Guard: at any regularized optimum both gradients are equal, so the training accuracy must be low.
    Remedy: no penalty, or a hundredth of it; a dropout of at most 0.2.
    Source: TheDeepChecker compares the gradients of penalty and loss.
    """

    code: ClassVar[Code] = "over_regularized"
    explains: ClassVar[tuple[Code, ...]] = (
        "input_ignored",
        "constant_prediction",
        "vanishing_gradient",
        "learning_rate_too_low",
        "too_small",
        "too_short",
        "dead_units",
        "initial_cost",
        "oscillating",
    )

    def examine(self, case: Case) -> Finding | None:
        """Compare the gradients of penalty and loss, and count the units that dropout leaves."""
        if not case.train_share < 0.95 or case.evidence.epoch == 0 or not case.is_finite:
            return None
        return self._penalty(case) or self._dropout(case)

    def _penalty(self, case: Case) -> Finding | None:
        h = case.evidence.hyperparameters
        if not case.passes or not (h.l1 or h.l2):
            return None
        n_layers = len(case.passes[-1].layers)
        ratio = max(case.median("penalty_ratio", index) for index in range(n_layers))
        first = case.first
        start = math.sqrt(sum(layer.weight_norm**2 for layer in first.layers)) if first else math.nan
        now = math.sqrt(sum(layer.weight_norm**2 for layer in case.passes[-1].layers))
        # Once the weights have almost vanished, so has the gradient of the penalty.
        dominates = ratio > DOMINANT_PENALTY
        if not dominates and not (ratio > 0.5 and now < 0.7 * start) and not now < 0.2 * start:
            return None
        names = " and ".join(f"{name} {value:g}" for name, value in (("L1", h.l1), ("L2", h.l2)) if value)
        title = (
            f"With {names}, the weights have shrunk to {now / start:.0%} of their initial size"
            if now < start
            else f"With {names}, the gradient of the penalty is {ratio:,.0f} times that of the loss"
        )
        return case.finding(
            self.code,
            0.95 if now < 0.3 * start or dominates else 0.8,
            title,
            "The weight decay pulls the weights to 0 more strongly than the loss pulls them to useful values. Small "
            "weights make the outputs nearly the same for every example.",
            Evidence("gradient of the penalty / of the loss", ratio, 0.5, "gradient"),
            *([Evidence("weights / initial weights", now / start, 0.7)] if start > 0 else []),
        )

    def _dropout(self, case: Case) -> Finding | None:
        h = case.evidence.hyperparameters
        if not h.dropout_rate or not h.hidden_sizes:
            return None
        left = min(h.hidden_sizes) * (1 - h.dropout_rate)
        if h.dropout_rate < STRONG_DROPOUT and left >= max(h.dataset_spec.n_outputs / 2, 2):
            return None
        return case.finding(
            self.code,
            0.9,
            f"Dropout of {h.dropout_rate:g} leaves about {left:.1f} of {min(h.hidden_sizes)} units in each step",
            "With so few units in each training step, the network cannot represent the classes, and each step teaches "
            "another small part of it. Lower the dropout or use more units.",
            Evidence("dropout", h.dropout_rate, STRONG_DROPOUT),
            Evidence("units left in the smallest layer", left, h.dataset_spec.n_outputs / 2),
            known_by="exact",
        )
