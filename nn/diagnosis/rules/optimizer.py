"""Rules about the settings of the optimizer."""

from __future__ import annotations

import math
from typing import ClassVar

from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.rules.rule import Rule

LONGEST_STEP = 2.0  # learning rate times curvature at which a plain gradient step overshoots
STALE_RATE = 0.01  # fraction of the initial learning rate
LARGE_EPSILON = 1e-2
HEAVY_MOMENTUM = 0.97


class LearningRateDecayed(Rule):
    """The schedule has lowered the learning rate to less than 1 % of its initial value too early.

    More than a third of the epochs have, or will have, such a rate, and the cost is still high.

    Guard: a schedule that reaches a low rate at the end of the run is intended.
    Remedy: a constant learning rate or a slower decay.
    Source: the learning rates of the epochs; exact.
    """

    code: ClassVar[Code] = "learning_rate_decayed"
    explains: ClassVar[tuple[Code, ...]] = ("learning_rate_too_low", "too_short", "too_small", "input_ignored")
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compute the number of epochs until the learning rate is below 1 % of its initial value."""
        h = case.evidence.hyperparameters
        if h.searches or h.schedule not in ("exponential", "step") or h.decay_rate >= 1:
            return None
        n_decays = math.log(STALE_RATE) / math.log(h.decay_rate)
        epoch = math.ceil(n_decays) * (h.decay_every if h.schedule == "step" else 1)
        if epoch > 2 * h.epochs / 3:
            return None
        return case.finding(
            self.code,
            0.9,
            f"The learning rate is below 1 % of its initial value after {epoch} of {h.epochs} epochs",
            "The learning-rate schedule multiplies the rate again and again, so the steps soon become too short to "
            "change anything. The remaining epochs are wasted.",
            Evidence("epochs until 1 % of the learning rate", epoch, 2 * h.epochs / 3, "cost"),
            known_by="exact",
        )


class OptimizerConstants(Rule):
    """A constant of the optimizer has a value that changes its nature.

    A large epsilon makes Adam and RMSProp plain, slow gradient descent. A decay rate of 0 turns each step into the sign
    of the gradient. A momentum near 1 lets the weights swing for hundreds of steps.

    Guard: a run that learns well is no concern.
    Remedy: the default constants.
    Source: Kingma and Ba, Adam, 2015; the values are exact.
    """

    code: ClassVar[Code] = "optimizer_constants"
    explains: ClassVar[tuple[Code, ...]] = (
        "learning_rate_too_low",
        "learning_rate_too_high",
        "oscillating",
        "too_short",
        "input_ignored",
        "constant_prediction",
        "too_small",
        "diverging",
        "dead_units",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the constants of the optimizer with values at which it behaves differently."""
        h = case.evidence.hyperparameters
        adapts = h.optimizer in ("adam", "rmsprop")
        decay = {"adam": ("β₂", h.beta_2), "rmsprop": ("ρ", h.rho)}.get(h.optimizer)
        if adapts and h.epsilon >= LARGE_EPSILON:
            name, value, threshold = "ε", h.epsilon, LARGE_EPSILON
            effect = "ε exceeds the typical gradient, so dividing by it makes the steps far too short"
        elif decay and decay[1] < 0.5:
            name, value, threshold = *decay, 0.5
            effect = "without an average of squared gradients, each step is the sign of one noisy gradient"
        elif h.optimizer == "adam" and h.beta_1 > HEAVY_MOMENTUM:
            name, value, threshold = "β₁", h.beta_1, HEAVY_MOMENTUM
            effect = "old gradients determine the step, so the weights swing past the minimum"
        elif h.optimizer == "sgd" and h.momentum > HEAVY_MOMENTUM:
            name, value, threshold = "Momentum", h.momentum, HEAVY_MOMENTUM
            effect = (
                f"each gradient acts for about {1 / (1 - h.momentum):,.0f} steps, so the weights swing past the minimum"
            )
        else:
            return None
        return case.finding(
            self.code,
            0.85,
            f"{name} is {value:g}",
            f"The optimizer needs other constants: {effect}. The defaults work for nearly all networks.",
            Evidence(name, value, threshold),
            known_by="exact",
        )


class SummedCost(Rule):
    """The losses of a batch are summed, and the learning rate fits their mean instead.

    The learning rate times the curvature exceeds its limit, and divided by the batch size it would not.

    Guard: a sum with a small learning rate is the same as a mean with a larger one.
    Remedy: the mean, or the learning rate divided by the batch size.
    Source: LeCun et al., Efficient BackProp, 1998; exact for a quadratic cost.
    """

    code: ClassVar[Code] = "summed_cost"
    explains: ClassVar[tuple[Code, ...]] = (
        "learning_rate_too_high",
        "not_finite",
        "diverging",
        "oscillating",
        "dead_units",
        "constant_prediction",
        "input_ignored",
        "saturated_units",
        "saturated_squared_loss",
        "too_small",
        "exploding_gradient",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the step lengths of the sum and of the mean with the limit."""
        h, start = case.evidence.hyperparameters, case.evidence.start
        if h.reduction != "sum" or h.optimizer != "sgd" or start is None:
            return None
        size = h.batch_size_for(start.data.n_train)
        length = math.inf if start.step_length is None else start.step_length
        limit = start.step_limit or LONGEST_STEP
        if length <= limit or size < 2:
            return None
        fits_mean = length / size <= limit
        return case.finding(
            self.code,
            0.93 if fits_mean else 0.6,
            f"The sum over {size:,} examples makes each step {size:,} times longer than their mean would",
            f"The gradient of a sum grows with the batch size, here to a step length of {length:.3g}, while steps "
            f"overshoot above {limit:.3g}. The mean gives a step length of {length / size:.3g}.",
            Evidence("learning rate × curvature", length, limit, "update"),
            Evidence("the same for the mean", length / size, limit, "update"),
            known_by="exact",
        )
