"""Rules about the steps of the optimizer: too long, too short, or back and forth."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.number_text import change_text
from nn.diagnosis.rules.layer_name import layer_name
from nn.diagnosis.rules.rule import Rule

LARGE_UPDATE = 0.3  # update divided by weights, in one step
SHORT_PATH = 0.5  # length of all steps, relative to usual initial weights
SLOW_STEP = 0.05  # learning rate times curvature of a step that could be ten times longer


class LearningRateTooHigh(Rule):
    """A step is longer than the curvature of the cost permits, and the cost does not fall.

    For plain gradient descent, the learning rate times the largest curvature before the first step exceeds
    2 (1 + momentum), which is exact for a quadratic cost. For Adam and RMSProp, which rescale their steps, the updates
    of single steps exceed 30 % of the weights.

    Guard: good runs hover at the limit while their cost falls (edge of stability), so a run that learns well is no
    concern.
    Remedy: a learning rate that fits the curvature, or a third to a tenth of the present one.
    Source: LeCun et al., Efficient BackProp, 1998; Cohen et al., Gradient Descent on Neural Networks Typically Occurs
    at the Edge of Stability, 2021.
    """

    code: ClassVar[Code] = "learning_rate_too_high"
    explains: ClassVar[tuple[Code, ...]] = (
        "not_finite",
        "diverging",
        "oscillating",
        "constant_prediction",
        "input_ignored",
        "too_small",
        "too_short",
        "saturated_units",
        "saturated_squared_loss",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the step length with its limit, and the first updates with the weights."""
        h, start = case.evidence.hyperparameters, case.evidence.start
        if h.searches:
            return None
        length, limit = (start.step_length, start.step_limit) if start is not None else (None, None)
        if length is not None and limit is not None and length > limit:
            return self._too_long(case, length, limit)
        return self._large_updates(case) or self._large_first_update(case)

    def _too_long(self, case: Case, length: float, limit: float) -> Finding:
        excess = length / limit
        confidence = 0.9 if excess > 1.5 or case.evidence.hyperparameters.batching == "full_batch" else 0.7
        if case.falls_smoothly or (case.removed > 0.3 and case.recent_drop > -0.02):
            confidence = 0.4  # the curvature has become smaller
        return case.finding(
            self.code,
            confidence,
            f"The learning rate times the curvature is {length:.3g}; steps overshoot above {limit:.3g}",
            "A gradient step reaches the minimum of a parabola if its step length, the learning rate times the "
            f"curvature, is 1. Above {limit:.3g} it overshoots so far that the cost rises.",
            Evidence("learning rate × curvature", length, limit, "update"),
            known_by="exact",
        )

    def _large_updates(self, case: Case) -> Finding | None:
        early, late = case.relative_updates(early=True), case.relative_updates()
        ratios = np.fmax(early, late) if len(early) == len(late) else early
        if not len(ratios) or not np.nanmax(ratios, initial=0.0) > LARGE_UPDATE:
            return None
        index = int(np.nanargmax(ratios))
        ratio, start = float(ratios[index]), case.evidence.start
        was_short = (
            start is not None and start.step_limit and start.step_length and start.step_length < start.step_limit
        )
        return case.finding(
            self.code,
            0.5 if was_short else 0.85 if ratio > 1 else 0.7,
            f"One step changes the weights of {layer_name(index + 1, len(ratios))} by {ratio:,.0%}",
            "A good step changes the weights by about a thousandth of their size. With an update ratio this large, "
            "each step destroys what the steps before it have learned.",
            Evidence("update / weights", ratio, LARGE_UPDATE, "update"),
            layer=index + 1,
        )

    def _large_first_update(self, case: Case) -> Finding | None:
        start = case.evidence.start
        ratio = start.first_update_ratio if start is not None else None
        if ratio is None or ratio <= (LARGE_UPDATE if case.evidence.epoch == 0 else 1.0):
            return None
        return case.finding(
            self.code,
            0.85 if ratio > 1 else 0.7,
            f"The first step changes the weights of a layer by {ratio:,.0%}",
            "A good step changes the weights by about a thousandth of their size. With an update ratio this large, the "
            "first steps destroy the initialization.",
            Evidence("first update / weights", ratio, LARGE_UPDATE, "update"),
            known_by="exact",
        )


class LearningRateTooLow(Rule):
    """The weights hardly move: all updates of the run together are small, while the cost falls slowly and steadily.

    All steps together are shorter than half of the weights that Glorot's initialization gives, in every layer. Or the
    learning rate times the curvature is below a twentieth, and the cost would not fall far in the remaining epochs.

    Guard: the updates are also small after convergence and at the end of a schedule, so the cost must still be high.
    In a vanishing gradient the last layer moves.
    Remedy: a learning rate that fits the curvature, ten times the present one, or Adam.
    Source: CS231n: updates of about a thousandth of the weights; TheDeepChecker: at least 10⁻⁴.
    """

    code: ClassVar[Code] = "learning_rate_too_low"
    explains: ClassVar[tuple[Code, ...]] = ("input_ignored", "constant_prediction", "too_short")

    def examine(self, case: Case) -> Finding | None:
        """Compare the path of the weights with their size, and the step length with its limit."""
        h, start = case.evidence.hyperparameters, case.evidence.start
        if h.searches or not case.is_finite or not case.train_share < 0.9 or case.evidence.epoch == 0:
            return None
        path = case.path * h.epochs / case.evidence.epoch
        length = start.step_length if start is not None and h.optimizer == "sgd" else None
        length = math.nan if length is None else length / (1 - h.momentum)
        barely_moved = path < SHORT_PATH
        is_slow = length < SLOW_STEP and (case.is_falling or case.is_stuck)
        reach = length * case.n_steps * h.epochs / case.evidence.epoch  # the sharpest direction decays as e^−reach
        if not (barely_moved or (is_slow and (reach < 10 or case.evidence.epoch >= 5))):
            return None
        if not (case.is_falling or case.is_stuck):
            return None
        confidence = 0.9 if barely_moved or reach < 3 else 0.7
        return case.finding(
            self.code,
            confidence if not barely_moved or path < SHORT_PATH / 2 else 0.75,
            f"In {case.n_steps:,} steps, the cost has fallen only {change_text(case.first_cost, case.loss)}",
            "The steps are so short that the weights hardly leave their initial values. The cost decreases steadily, "
            "but at this learning rate it would take many times more epochs.",
            *([Evidence("length of all steps / usual weights", path, SHORT_PATH, "update")] if barely_moved else []),
            *([Evidence("learning rate × curvature", length, SLOW_STEP, "update")] if is_slow else []),
        )


class Oscillating(Rule):
    """The cost goes up and down: it changes direction in most epochs, by more than a tenth.

    Guard: a small validation split and dropout make curves noisy, so the rule uses the cost of fixed training examples.
    Remedy: larger batches, a third of the learning rate, less momentum, or a schedule.
    Source: TheDeepChecker: a change of direction in half of the steps; AUTOTRAINER: 0.03 of accuracy.
    """

    code: ClassVar[Code] = "oscillating"
    explains: ClassVar[tuple[Code, ...]] = ("too_small", "too_short")

    def examine(self, case: Case) -> Finding | None:
        """Count the changes of direction of the cost, and compare its amplitude with its level."""
        losses = case.losses[1:][-20:]
        if len(losses) < 4 or not np.isfinite(losses).all() or case.loss < 0.02 * abs(case.ignored_cost):
            return None
        changes = np.diff(losses)
        turns = float(np.mean(np.sign(changes[1:]) != np.sign(changes[:-1])))
        amplitude = float(np.median(np.abs(changes)) / max(np.median(losses), 1e-300))
        if turns < 0.4 or amplitude < 0.1:
            return None
        return case.finding(
            self.code,
            0.8 if amplitude > 0.2 else 0.65,
            f"The cost changes by {amplitude:.0%} from epoch to epoch, and its direction in {turns:.0%} of the epochs",
            "The steps are too long or too noisy to settle: each one jumps across the minimum. Small batches, heavy "
            "momentum and a high learning rate cause this.",
            Evidence("fraction of epochs with a change of direction", turns, 0.4, "cost"),
            Evidence("median change of the cost / its median", amplitude, 0.1, "cost"),
        )
