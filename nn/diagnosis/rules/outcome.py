"""Rules about what the network has learned: its outputs, its capacity and its duration."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nn.diagnosis.facts.case import GOOD_SHARE, Case
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.remedy_changes.training import FEW_STEPS
from nn.diagnosis.rules.rule import Rule
from nn.diagnosis.rules.steps import SHORT_PATH
from nn.hyperparameters.schema import Hyperparameters

EQUAL_OUTPUTS = 0.25  # spread of the outputs over the examples, relative to their mean
ONE_CLASS = 0.9  # fraction of the predictions
NO_CORRELATION = 1e-6  # rounding errors of float32


class InputIgnored(Rule):
    """The cost stays at the exact level of a network whose outputs are the same for every input.

    The level is the entropy of the classes for softmax cross-entropy, and the variance of the targets for a squared
    loss. The cost is within 2 % of it for two epochs.

    Guard: the outputs must vary by less than a quarter of their mean, because a network on its way down also passes the
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
            if spread > EQUAL_OUTPUTS:
                return None
        return case.finding(
            self.code,
            0.9,
            f"The cost stayed at {case.loss:.4g}, the level of a network that ignores its input",
            "A network that knows only how frequent each class is has exactly this cost. Its outputs are almost the "
            "same for every example, so nothing about the inputs has been learned yet.",
            Evidence("cost", case.loss, place="cost"),
            Evidence("cost of a network that ignores its input", case.ignored_cost, place="cost"),
            *([Evidence("spread of the outputs / their mean", spread, EQUAL_OUTPUTS)] if math.isfinite(spread) else []),
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

    A layer with fewer units than a binary code of the classes needs is certainly too small. A network with linear
    hidden units is no more powerful than one without a hidden layer. Neither can learn targets with which no single
    input is correlated, such as the exclusive or: the outputs that ignore the inputs then have the smallest cost.

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
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the training accuracy with the attainable one, in a run that has settled or is narrow."""
        return self._uncorrelated(case) or self._settled(case)

    def _uncorrelated(self, case: Case) -> Finding | None:
        h, correlation = case.evidence.hyperparameters, case.data.largest_correlation if case.data else None
        if correlation is None or correlation > NO_CORRELATION or not _is_linear(h):
            return None
        network = "linear hidden units" if h.hidden_sizes else "no hidden layer"
        return case.finding(
            self.code,
            0.98,
            f"No input is correlated with the targets, so a network with {network} cannot learn them",
            "Such a network adds up the effects of single inputs, and here no single input has one. Its smallest cost "
            "is that of a network that ignores its input. A hidden layer of nonlinear units can combine the inputs.",
            Evidence("largest correlation of an input with a target", correlation),
            known_by="exact",
        )

    def _settled(self, case: Case) -> Finding | None:
        h = case.evidence.hyperparameters
        if not case.is_finite or case.evidence.epoch < 2:
            return None
        n_outputs = max(h.dataset_spec.n_outputs, 1)
        narrowest = min(h.hidden_sizes, default=0)
        is_bottleneck = bool(h.hidden_sizes) and narrowest < math.log2(max(h.dataset_spec.n_classes, 2))
        if not case.train_share < (0.98 if is_bottleneck else 0.9):
            return None
        if case.path < SHORT_PATH and not is_bottleneck:
            return None  # the weights have hardly moved
        is_linear = _is_linear(h)
        is_narrow = is_linear or narrowest <= max(n_outputs // 2, 1)
        has_settled = not case.is_falling or abs(case.recent_drop) < 0.01
        if not is_narrow and not (has_settled and case.is_over):
            return None
        layers = f"a layer of only {narrowest} unit{'s' if narrowest > 1 else ''}" if is_narrow else "this network"
        if is_linear and not is_bottleneck:
            layers = "linear hidden units" if h.hidden_sizes else "no hidden layer"
        score, value = ("R²", case.removed) if case.is_regression else ("training accuracy", case.train_accuracy)
        shown = f"{value:.2f}" if case.is_regression else f"{value:.1%}"
        level = [] if case.is_regression else [Evidence("attainable accuracy", case.attainable_accuracy)]
        confidence = 0.75 if is_narrow and (has_settled or case.evidence.epoch >= 3) else 0.3
        if is_bottleneck:
            confidence = 0.9
        elif is_linear and case.at_ignored_level:
            confidence = 0.85
        if not h.use_bias and not h.hidden_sizes:
            layers += " and no biases"
        return case.finding(
            self.code,
            confidence,
            f"The {score} stays at {shown} with {layers}",
            "The network cannot represent what distinguishes the examples, so its cost settles far above what is "
            "possible. More units, or a hidden layer, give it the capacity.",
            Evidence(score, value, GOOD_SHARE if case.is_regression else None, "accuracy"),
            *level,
            Evidence("smallest number of hidden units", narrowest, n_outputs / 2),
            known_by="exact" if is_bottleneck else "observed",
        )


def _is_linear(h: Hyperparameters) -> bool:
    """Return True if the logits are a linear function of the inputs."""
    return not h.hidden_sizes or h.activation == "linear"


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
            *([Evidence("recent slope / mean slope", case.steadiness, 0.2, "cost")] if case.is_falling else []),
            Evidence("steps of the whole run", planned, FEW_STEPS),
        )
