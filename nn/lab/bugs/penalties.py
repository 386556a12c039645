"""Bugs in the gradient of the penalty of a layer."""

from __future__ import annotations

import numpy as np

from nn.array_types import Float64Array
from nn.lab.bug import Bug, Kind, Line
from nn.lab.learner import Learner


class PenaltyMissing(Learner):
    """The gradient of the cost without its penalty."""

    def penalty_gradient(self, layer: int) -> Float64Array:
        """Return 0."""
        return np.zeros_like(self.weights[layer]) if self.is_wrong("B17", layer) else super().penalty_gradient(layer)


class PenaltyDoubled(Learner):
    """2λW, although the penalty has the factor ½."""

    def penalty_gradient(self, layer: int) -> Float64Array:
        """Return twice the gradient of the penalty."""
        return super().penalty_gradient(layer) * (2.0 if self.is_wrong("B17b", layer) else 1.0)


class PenaltyOnBiases(Learner):
    """λb in the gradient of the biases, which the cost does not penalize."""

    def biases_gradient(self, layer: int) -> Float64Array:
        """Add the gradient of a penalty."""
        penalized = self.hyperparameters.l2 * self.biases[layer] * self.is_wrong("B17c", layer)
        return np.asarray(super().biases_gradient(layer) + penalized)


def _penalty_bug(number: str, title: str, *, kind: Kind, right: Line, wrong: Line, override: type[Learner]) -> Bug:
    return Bug(
        id=number,
        title=title,
        place="hidden layer",
        right=right,
        wrong=wrong,
        symptom="Little in the curves; the weights become too large or too small.",
        source="questions about the course CS231n (penalty with or without the factor ½)",
        override=override,
        scope="any",
        kind=kind,
        configuration={"l2": 0.01} if kind == "weights" else {"l2": 0.01, "bias_initializer": "normal"},
        positive=("l2", "l1") if number == "B17" else ("l2",),
        needs={} if kind == "weights" else {"use_bias": (True,), "bias_initializer": ("normal", "constant")},
    )


DW = Line("∇W = aₗ₋₁ᵀ δₗ", "dW = a_before.T @ delta")
DB = Line("∇b = Σₙ δₙ", "db = delta.sum(axis=0)")
PENALTY_BUGS = (
    _penalty_bug(
        "B17",
        "Penalty missing in the gradient",
        kind="weights",
        right=Line("∇W = aᵀ δ + λW", "dW = a_before.T @ delta + l2 * W"),
        wrong=Line("∇W = aᵀ δ", "dW = a_before.T @ delta"),
        override=PenaltyMissing,
    ),
    _penalty_bug(
        "B17b",
        "Penalty twice in the gradient",
        kind="weights",
        right=Line("C = … + ½λΣw², ∇W = aᵀ δ + λW", "dW = a_before.T @ delta + l2 * W"),
        wrong=Line("∇W = aᵀ δ + 2λW", "dW = a_before.T @ delta + 2 * l2 * W"),
        override=PenaltyDoubled,
    ),
    _penalty_bug(
        "B17c",
        "Penalty on the biases",
        kind="biases",
        right=DB,
        wrong=Line("∇b = Σₙ δₙ + λb", "db = delta.sum(axis=0) + l2 * b"),
        override=PenaltyOnBiases,
    ),
)
