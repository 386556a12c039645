"""Rules about costs that rise or are not finite."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.number_text import change_text
from nn.diagnosis.rules.layer_name import layer_name
from nn.diagnosis.rules.rule import Rule


class NotFinite(Rule):
    """The cost, a gradient or a weight is infinite or not a number.

    Guard: none is needed, because a run without this symptom has only finite numbers.
    Remedy: scale the inputs, lower the learning rate, or use smaller initial weights.
    Source: all tools that watch training, such as Keras' `TerminateOnNaN` and SageMaker Debugger.
    """

    code: ClassVar[Code] = "not_finite"
    is_symptom: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Find the first layer with a number that is not finite."""
        curves = case.evidence.curves
        are_finite = np.isfinite(curves.train_cost)
        if case.evidence.end == "diverged" and case.evidence.hyperparameters.held_out_fraction > 0:
            are_finite &= np.isfinite(curves.validation_cost)
        if are_finite[-1:].all():
            return None
        epoch = 1 + int(np.argmin(are_finite))
        bad = [
            (index + 1, layer_name(index + 1, len(each.layers)))
            for each in case.evidence.telemetry[-1:]
            for index, layer in enumerate(each.layers)
            if not math.isfinite(layer.weight_norm) or not math.isfinite(layer.gradient_norm)
        ]
        layer, name = bad[0] if bad else (None, "")
        where = f", and {name} has weights or gradients that are not finite" if bad else ""
        return case.finding(
            self.code,
            1.0,
            f"The cost of epoch {epoch} is not a finite number{where}",
            "Steps that are too long multiply the weights until a number exceeds the floating-point range. From then "
            "on all costs and gradients are not finite, and the network cannot recover.",
            Evidence("epochs with a finite cost", epoch - 1, place="cost"),
            layer=layer,
            known_by="exact",
        )


class Diverging(Rule):
    """The cost is at least twice its minimum and has risen at least three times since, or it ended the run.

    Guard: one high cost after the first steps of Adam is normal, so a rise of one epoch does not count.
    Remedy: a tenth of the learning rate, scaled inputs or scaled targets.
    Source: TheDeepChecker (Ben Braiek and Khomh 2022): a loss of twice its minimum diverges.
    """

    code: ClassVar[Code] = "diverging"
    is_symptom: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the latest cost with the smallest one."""
        losses = case.losses[np.isfinite(case.losses)]
        if len(losses) < 2 or not math.isfinite(case.loss):
            return None
        lowest, last = float(losses.min()), float(losses[-1])
        since = losses[int(np.argmin(losses)) :]
        rises = int((np.diff(since) > 0).sum())
        has_ended = case.evidence.end == "diverged" and last > 2 * lowest
        if not has_ended and (last < 2 * lowest or rises < 3 or case.train_share > 0.5):
            return None
        return case.finding(
            self.code,
            1.0 if has_ended else 0.8,
            f"The cost has risen {change_text(lowest, last)}",
            "Each step overshoots the minimum by more than the step before, so the cost grows instead of falling. "
            "Divergence does not end by itself: a longer run only makes the cost larger.",
            Evidence("cost divided by its minimum", last / max(lowest, 1e-300), 2.0, "cost"),
            known_by="exact" if has_ended else "observed",
        )
