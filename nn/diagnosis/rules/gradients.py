"""Rules about the gradients in the network."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.rules.rule import Rule
from nn.diagnosis.rules.units import HIGH_COST

VANISHED = 1e-2  # gradient of the first layer, relative to that of the last, per parameter
EXPLODED_GROWTH = 2.0  # growth of the gradient from layer to layer
LOST = 0.95  # fraction of the gradient that the output activation removes


class VanishingGradient(Rule):
    """The gradient shrinks on its way back, and the cost stays at the level of a network that ignores its inputs.

    The rule compares the root mean squares of the gradients of the first and the last layer.

    Guard: in a converged network the gradients of all layers are small, and a run whose cost falls is no concern.
    Inputs that do not vary, such as the margins of images, do not count as parameters of the first layer.
    Remedy: ReLU with He initialization, fewer layers, or tanh with Glorot initialization.
    Source: Glorot and Bengio 2010; AUTOTRAINER (Zhang et al. 2021) compares the first and the last layer, too.
    """

    code: ClassVar[Code] = "vanishing_gradient"
    explains: ClassVar[tuple[Code, ...]] = (
        "input_ignored",
        "constant_prediction",
        "learning_rate_too_low",
        "too_short",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the gradients of the first and the last layer."""
        h = case.evidence.hyperparameters
        if len(h.hidden_sizes) < 2 or not case.is_finite or not case.train_share < 0.5:
            return None
        rms = case.gradient_rms()
        if len(rms) < 2 or not rms[-1] > 0:
            return None
        ratio, confidence = float(rms[0] / rms[-1]), 0.85
        if not ratio < VANISHED:
            ratio, confidence = self._first_ratio(case), 0.8
            if not ratio < VANISHED:
                return None
        factor = ratio ** (1 / (len(rms) - 1))
        return case.finding(
            self.code,
            confidence + 0.1 * (ratio < 1e-3),
            _vanishing_title(ratio),
            f"Each layer multiplies the gradient by about {factor:.2g} on its way back, because the derivative of "
            f"{h.activation} units or the weights are small. The first layers therefore hardly learn, and the "
            "vanishing gradient leaves the outputs the same for all inputs.",
            Evidence("gradient of the first layer / last layer", ratio, VANISHED, "gradient"),
            Evidence("factor per layer", factor, None, "gradient"),
            layer=1,
        )

    def _first_ratio(self, case: Case) -> float:
        """Return the ratio before the first step; optimizers that scale the gradients can hide it later."""
        layers = case.first.layers if case.first else ()
        rms = [layer.gradient_norm / math.sqrt(layer.n_parameters) for layer in layers]
        return rms[0] / rms[-1] if rms and rms[-1] > 0 else math.nan


class ExplodingGradient(Rule):
    """The gradient before the first step more than doubles with each layer that it is propagated back through.

    Or the activations more than double with each layer, and the cost before the first step is ten times its exact level
    for small random weights.

    Guard: a large gradient alone is normal with large random weights; the growth from layer to layer must be large,
    and the network must have at least two hidden layers.
    Remedy: He or Glorot initialization, or a tenth of the learning rate.
    Source: Glorot and Bengio 2010; AUTOTRAINER uses a ratio of 70 between the first and the last layer.
    """

    code: ClassVar[Code] = "exploding_gradient"
    explains: ClassVar[tuple[Code, ...]] = (
        "not_finite",
        "diverging",
        "initial_cost",
        "learning_rate_too_high",
        "dead_units",
        "saturated_units",
        "input_ignored",
        "constant_prediction",
        "oscillating",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the gradients of the layers before the first step."""
        first = case.first
        if first is None or len(first.layers) < 3 or case.evidence.hyperparameters.searches:
            return None
        rms = np.array([each.gradient_norm / math.sqrt(each.n_parameters) for each in first.layers])
        if not np.isfinite(rms).all() or not rms[-1] > 0:
            return None
        growth = float((rms[0] / rms[-1]) ** (1 / (len(rms) - 1)))
        cost_ratio = first.first_cost / first.expected_first_cost if first.expected_first_cost > 0 else 1.0
        # The gradient of a weight is also proportional to the activation before it. Where the activations grow from
        # layer to layer, this hides the growth of the gradient on its way back.
        gain = _gain(case)
        if growth < EXPLODED_GROWTH and not (cost_ratio > 10 and gain > EXPLODED_GROWTH):
            return None
        title = f"The gradient grows {growth:.2g} times with each layer on its way back"
        if gain > growth:
            growth, title = gain, f"The activations grow {gain:.2g} times with each layer"
        return case.finding(
            self.code,
            0.85 if cost_ratio > HIGH_COST else 0.6,
            title,
            "The initial weights are so large that each layer multiplies the signal and its gradient. The first steps "
            "are then far too long for some layers, and the network loses what it could learn.",
            Evidence("growth per layer", growth, EXPLODED_GROWTH, "gradient"),
            layer=1,
        )


def _gain(case: Case) -> float:
    """Return the mean factor by which each hidden layer multiplies the size of its activations before learning."""
    layers = case.first.layers if case.first else ()
    spreads = [each.sum_std for each in layers if each.sum_std is not None]
    if len(spreads) < 2 or not spreads[0] > 0 or not math.isfinite(spreads[-1]):
        return math.nan
    return float((spreads[-1] / spreads[0]) ** (1 / (len(spreads) - 1)))


class SaturatedSquaredLoss(Rule):
    """Misclassified examples lose most of their gradient in saturated sigmoid outputs, with a squared loss.

    Guard: only misclassified examples count, because saturated outputs of correctly classified examples do no harm.
    Outputs at the fractions of ten classes, 0.1, lose 91 % of the gradient and are not saturated, so 95 % must be lost.
    Remedy: a cross-entropy, whose gradient does not contain the derivative of the output.
    Source: Nielsen, Neural Networks and Deep Learning, chapter 3.
    """

    code: ClassVar[Code] = "saturated_squared_loss"
    explains: ClassVar[tuple[Code, ...]] = (
        "input_ignored",
        "constant_prediction",
        "learning_rate_too_low",
        "too_short",
        "initial_cost",
    )

    def examine(self, case: Case) -> Finding | None:
        """Compare the gradients before and after the output activation, over the misclassified examples."""
        recent = [each.lost_gradient for each in (case.first, *case.passes) if each and each.lost_gradient is not None]
        if not recent or not case.train_accuracy < 0.8:
            return None
        lost = float(np.median(recent[-2:]))
        if lost <= LOST:
            return None
        return case.finding(
            self.code,
            0.9,
            f"The output units remove {lost:.0%} of the gradient of the misclassified examples",
            "The gradient of a squared loss contains the derivative of the output activation, which is almost 0 where "
            "an output is near 0 or 1. Examples that are clearly wrong therefore teach the network least; saturation "
            "does not reduce the gradient of a cross-entropy.",
            Evidence("fraction of the gradient that the outputs remove", lost, LOST, "saturated"),
            Evidence("training accuracy", case.train_accuracy, 0.8, "accuracy"),
        )


def _vanishing_title(ratio: float) -> str:
    """Return the title for a ratio of the gradients of the first and the last layer, which can underflow to 0."""
    if ratio == 0:
        return "The gradient of hidden layer 1 is 0: no gradient arrives there"
    factor = f"{1 / ratio:,.0f}" if ratio > 1e-9 else f"{1 / ratio:.0e}".replace("e+", "e")
    return f"The gradient of hidden layer 1 is {factor} times smaller than that of the output layer"
