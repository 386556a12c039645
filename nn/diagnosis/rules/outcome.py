"""Rules about what the network has learned: its outputs, its capacity and its generalization."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nn.diagnosis.facts.case import LARGE_GAP, Case, standard_error
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.rules.rule import Rule
from nn.diagnosis.rules.steps import SHORT_PATH

ONE_CLASS = 0.9  # fraction of the predictions
STRONG_DROPOUT = 0.7
FEW_STEPS = 300


class InputIgnored(Rule):
    """The cost stays at the exact level of a network whose outputs are the same for every input.

    The level is the entropy of the classes for softmax cross-entropy, and the variance of the targets for a squared
    loss. The cost is within 2 % of it for two epochs.

    Guard: the outputs must vary by less than a tenth of their mean, because a network on its way down also passes the
    level.
    Remedy: that of the cause: a vanishing gradient, dead units, small initial weights, steps that are too short.
    Source: Karpathy, A Recipe for Training Neural Networks, 2019: the input-independent baseline; exact.
    """

    code: ClassVar[Code] = "input_ignored"
    explains: ClassVar[tuple[Code, ...]] = ("constant_prediction",)
    is_symptom: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the cost of the last epochs with its level for ignored inputs."""
        if case.evidence.epoch < 2 or not case.is_finite or not case.at_ignored_level:
            return None
        last = case.last
        spread = math.nan
        if last is not None and last.output_std is not None and last.output_mean:
            spread = last.output_std / last.output_mean
            if spread > 0.25:
                return None
        return case.finding(
            self.code,
            0.9,
            f"The cost stayed at {case.loss:.4g}, the level of a network that ignores its input",
            "A network that knows only how frequent each class is has exactly this cost. Its outputs are almost the "
            "same for every example, so nothing about the inputs has been learned yet.",
            Evidence("cost", case.loss, case.ignored_cost, "cost"),
            *([Evidence("spread of the outputs / their mean", spread, 0.25)] if math.isfinite(spread) else []),
            known_by="exact",
        )


class ConstantPrediction(Rule):
    """At least 90 % of the predictions are the same class.

    Guard: a frequent class may deserve it, so its fraction of the examples must be much smaller. The first epoch does
    not count.
    Remedy: that of the cause.
    Source: an exact count; the accuracy equals the fraction of the predicted class.
    """

    code: ClassVar[Code] = "constant_prediction"
    is_symptom: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Count the predictions by class."""
        counts = self._counts(case)
        total = int(counts.sum())
        if case.evidence.epoch < 2 or len(counts) < 2 or total < 4:
            return None
        largest = int(counts.argmax())
        fraction = counts[largest] / total
        deserved = float(case.shares[largest]) if len(case.shares) == len(counts) else 1 / len(counts)
        if fraction < ONE_CLASS or deserved > 0.75 * fraction:
            return None
        name = case.evidence.hyperparameters.dataset_spec.class_names[largest]
        return case.finding(
            self.code,
            0.85,
            f"{fraction:.0%} of the predictions are class {name}, to which {deserved:.1%} of the examples belong",
            "The outputs hardly depend on the input, so the same class always has the largest output. The accuracy is "
            "then the fraction of this class.",
            Evidence("fraction of the most frequent prediction", fraction, ONE_CLASS, "accuracy"),
            Evidence("fraction of this class in the data", deserved, None, "accuracy"),
            known_by="exact",
        )

    def _counts(self, case: Case) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        if case.last is not None and case.last.predicted_counts is not None:
            return np.array(case.last.predicted_counts, float)
        confusion = case.evidence.confusion
        return np.zeros(0) if confusion is None else np.asarray(confusion.sum(axis=0), float)


class TooSmall(Rule):
    """The cost has stopped falling at a high level, although the steps are neither too short nor too long.

    Guard: a plateau can end, as with XOR, so the run must have taken enough steps; other causes come first. The
    nearest neighbors of the examples must agree with the labels, because no network learns random labels quickly.
    Remedy: more units, a hidden layer, or biases.
    Source: Minsky and Papert, Perceptrons, 1969, for networks without a hidden layer.
    """

    code: ClassVar[Code] = "too_small"
    explains: ClassVar[tuple[Code, ...]] = (
        "input_ignored",
        "constant_prediction",
        "too_short",
        "overfitting",
        "dead_units",
        "vanishing_gradient",
        "learning_rate_too_low",
    )

    def examine(self, case: Case) -> Finding | None:
        """Compare the training accuracy with the attainable one, in a run that has settled or is narrow."""
        h = case.evidence.hyperparameters
        if not case.is_finite or not case.train_share < 0.9 or case.evidence.epoch < 2:
            return None
        n_outputs = max(h.dataset_spec.n_outputs, 1)
        narrowest = min(h.hidden_sizes, default=0)
        is_bottleneck = bool(h.hidden_sizes) and narrowest < math.log2(max(h.dataset_spec.n_classes, 2))
        if case.path < SHORT_PATH and not is_bottleneck:
            return None  # the weights have hardly moved
        is_narrow = narrowest <= max(n_outputs // 2, 1) if h.hidden_sizes else True
        has_settled = not case.is_falling or abs(case.recent_drop) < 0.01
        if not is_narrow and not (has_settled and case.is_over):
            return None
        layers = "no hidden layer" if not h.hidden_sizes else f"a layer of only {narrowest} units"
        score = "R²" if case.is_regression else "training accuracy"
        value = case.removed if case.is_regression else case.train_accuracy
        confidence = 0.75 if is_narrow and (has_settled or case.evidence.epoch >= 3) else 0.3
        if is_bottleneck:
            confidence = 0.85  # too few units for a binary code of the classes
        if not h.hidden_sizes and case.at_ignored_level:
            confidence = 0.85
        if not h.use_bias and not h.hidden_sizes:
            layers += " and no biases"
        return case.finding(
            self.code,
            confidence,
            f"The {score} stays at {value:.3g} with {layers if is_narrow else 'this network'}",
            "The network cannot represent what distinguishes the examples, so its cost settles far above what is "
            "possible. More units, or a hidden layer, give it the capacity.",
            Evidence(score, value, case.attainable_accuracy if not case.is_regression else 0.9, "accuracy"),
            Evidence("smallest number of hidden units", narrowest, n_outputs / 2),
        )


class TooShort(Rule):
    """The cost was still falling when the run ended.

    The slope of the last fifth of the epochs is at least 20 % of the mean slope, or the run took fewer than 300 steps.

    Guard: a learning rate far below the limit, or a vanishing gradient, is the cause instead if it is known.
    Remedy: three times the epochs, or a higher learning rate.
    Source: the learning curve; the fraction is Misfit's own.
    """

    code: ClassVar[Code] = "too_short"
    explains: ClassVar[tuple[Code, ...]] = ("input_ignored", "constant_prediction")

    def examine(self, case: Case) -> Finding | None:
        """Compare the recent slope of the cost with its mean slope."""
        h = case.evidence.hyperparameters
        if not case.is_finite or case.evidence.epoch == 0 or not case.train_share < 0.95:
            return None
        planned = case.n_steps_of_epoch * h.epochs
        few_steps = planned < FEW_STEPS and not h.searches
        if not (case.is_falling or few_steps) or not (case.is_over or few_steps):
            return None
        confidence = 0.8 if few_steps and h.batching == "full_batch" else 0.6
        if few_steps and h.epochs <= 5:
            confidence = 0.9
        if case.steadiness > 0.5 and case.recent_drop > 0.01:
            confidence = max(confidence, 0.7)
        if case.outcome == "weak":
            confidence = 0.5  # most has been learned
        return case.finding(
            self.code,
            confidence,
            f"After {case.evidence.epoch:,} epochs with {case.n_steps:,} steps, the cost is {case.loss:.3g}"
            + (" and still falls" if case.is_falling else ""),
            "The network had not finished learning: the cost would fall further with more steps. More epochs, or "
            "smaller batches, give it more steps.",
            Evidence("recent slope / mean slope", case.steadiness, 0.2, "cost"),
            Evidence("steps", planned, FEW_STEPS),
        )


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
            Evidence("gap between the accuracies", case.gap, LARGE_GAP, "accuracy"),
            Evidence("decrease of the validation accuracy", fallen, None, "accuracy"),
        )


class OverRegularized(Rule):
    """The weight penalty or dropout prevents the network from fitting its training examples.

    The gradient of the penalty exceeds that of the loss from the first epoch on, or dropout leaves a layer fewer units
    than there are outputs, or it exceeds 70 %.

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
        if not (ratio > 0.5 and now < 0.7 * start) and not now < 0.2 * start:
            return None
        names = " and ".join(f"{name} {value:g}" for name, value in (("L1", h.l1), ("L2", h.l2)) if value)
        return case.finding(
            "over_regularized",
            0.95 if now < 0.3 * start else 0.8,
            f"With {names}, the weights have shrunk to {now / start:.0%} of their initial size",
            "The weight decay pulls the weights to 0 more strongly than the loss pulls them to useful values. Small "
            "weights make the outputs nearly the same for every example.",
            Evidence("gradient of the penalty / of the loss", ratio, 0.5, "gradient"),
            Evidence("weights / initial weights", now / start, 0.7),
        )

    def _dropout(self, case: Case) -> Finding | None:
        h = case.evidence.hyperparameters
        if not h.dropout_rate or not h.hidden_sizes:
            return None
        left = min(h.hidden_sizes) * (1 - h.dropout_rate)
        if h.dropout_rate < STRONG_DROPOUT and left >= max(h.dataset_spec.n_outputs / 2, 2):
            return None
        return case.finding(
            "over_regularized",
            0.9,
            f"Dropout of {h.dropout_rate:g} leaves about {left:.1f} of {min(h.hidden_sizes)} units in each step",
            "With so few units in each training step, the network cannot represent the classes, and each step teaches "
            "another small part of it. Lower the dropout or use more units.",
            Evidence("dropout", h.dropout_rate, STRONG_DROPOUT),
            Evidence("units left in the smallest layer", left, h.dataset_spec.n_outputs / 2),
            known_by="exact",
        )
