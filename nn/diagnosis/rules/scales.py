"""Rules about the scale of inputs and targets."""

from __future__ import annotations

import math
from typing import ClassVar

from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.number_text import number_text
from nn.diagnosis.rules.rule import TROUBLE, Rule
from nn.diagnosis.start_profile import LARGE_MEAN_SQUARE

SMALL_MEAN_SQUARE = 0.01
LARGEST_TARGET = 10.0


class InputScale(Rule):
    """The mean square of the inputs that vary is above 10 or below 0.01.

    The curvature of the cost grows with it, so a learning rate that suits scaled inputs is too high or too low.

    Guard: the mean over all inputs counts, not the largest one: standardized pixels that are rarely bright reach values
    above 10. Networks can learn from raw values with a small learning rate, so a run that learns well is no concern.
    Remedy: scale the inputs to 0…1 or standardize them.
    Source: LeCun et al., Efficient BackProp, 1998, section 4.3.
    """

    code: ClassVar[Code] = "input_scale"
    explains: ClassVar[tuple[Code, ...]] = TROUBLE
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the mean square of the inputs with its bounds."""
        data, start = case.data, case.evidence.start
        if data is None or start is None:
            return None
        square = data.input_mean_square
        if SMALL_MEAN_SQUARE <= square <= LARGE_MEAN_SQUARE:
            return None
        is_large = data.has_large_inputs
        length, limit = start.step_length or 0.0, start.step_limit or math.inf
        would_fit = length > limit and length / square <= limit
        confidence = 0.95 if square > 100 or square < 1e-4 else 0.9 if would_fit else 0.75
        size = f"up to {number_text(data.largest_input)}" if is_large else f"at most {number_text(data.largest_input)}"
        consequence = (
            "Large inputs make large pre-activations and a cost with a large curvature, so steps of a usual learning "
            "rate overshoot, units saturate or die."
            if is_large
            else "Small inputs make small pre-activations and a flat cost, so steps of a usual learning rate are too "
            "short."
        )
        return case.finding(
            self.code,
            confidence,
            f"The inputs are {size}, and their mean square is {number_text(square)}",
            f"{consequence} Input scaling brings all inputs near 1.",
            Evidence("mean square of the inputs", square, LARGE_MEAN_SQUARE if is_large else SMALL_MEAN_SQUARE),
            *([Evidence("learning rate × curvature", length, limit, "update")] if would_fit else []),
            known_by="exact",
        )


class TargetScale(Rule):
    """The mean or the standard deviation of the targets of a regression exceeds 10.

    Guard: a line search chooses its own step lengths, and a run that learns well is no concern.
    Remedy: standardize the targets.
    Source: Bishop, Neural Networks for Pattern Recognition, 1995, section 8.2.
    """

    code: ClassVar[Code] = "target_scale"
    explains: ClassVar[tuple[Code, ...]] = TROUBLE
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the targets with their bound."""
        data = case.data
        if data is None or data.target_std is None or case.evidence.hyperparameters.searches:
            return None
        largest = max(data.target_mean or 0.0, data.target_std)
        if largest <= LARGEST_TARGET:
            return None
        return case.finding(
            self.code,
            0.85,
            f"The targets have a mean of up to {number_text(data.target_mean or 0)} and a deviation of "
            f"{number_text(data.target_std)}",
            "The outputs must grow from about 0 to large values, so the first errors and gradients are large. Target "
            "scaling brings the targets to mean 0 and deviation 1.",
            Evidence("largest mean or deviation of the targets", largest, LARGEST_TARGET),
            known_by="exact",
        )
