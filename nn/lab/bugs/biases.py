"""Bugs in the gradient of the biases of a layer."""

from __future__ import annotations

import numpy as np

from nn.array_types import Float64Array
from nn.lab.bug import MANY_IMAGES, Bug, LayerRule, Line
from nn.lab.learner import Learner


class ScalarBiasesGradient(Learner):
    """The sum of δ over images and units."""

    def biases_gradient(self, layer: int) -> Float64Array:
        """Return the same number for all units."""
        right = super().biases_gradient(layer)
        return np.full_like(right, right.sum()) if self.is_wrong("B08", layer) else right


class MeanBiasesGradient(Learner):
    """The mean of δ, which is already divided by the batch size."""

    def biases_gradient(self, layer: int) -> Float64Array:
        """Divide by the batch size again."""
        right = super().biases_gradient(layer)
        return right / len(self.errors[layer]) if self.is_wrong("B08b", layer) else right


class LastImageBiasesGradient(Learner):
    """δ of the last image of the batch."""

    def biases_gradient(self, layer: int) -> Float64Array:
        """Return the error of the last image."""
        return self.errors[layer][-1].copy() if self.is_wrong("B08c", layer) else super().biases_gradient(layer)


def _biases_bug(
    number: str,
    title: str,
    *,
    wrong: Line,
    symptom: str,
    source: str,
    override: type[Learner],
    rule: LayerRule | None = None,
) -> Bug:
    return Bug(
        id=number,
        title=title,
        place="hidden layer",
        right=Line("∇b = Σₙ δₙ", "db = delta.sum(axis=0)"),
        wrong=wrong,
        symptom=symptom,
        source=source,
        override=override,
        scope="any",
        kind="biases",
        needs={"use_bias": (True,)},
        rule=rule,
    )


BIASES_BUGS = (
    _biases_bug(
        "B08",
        "One number for all biases",
        wrong=Line("∇b = Σₙ Σₖ δₙₖ", "db = delta.sum()"),
        symptom="Hardly visible: the number is broadcast to all biases.",
        source="at least ten public networks for MNIST",
        override=ScalarBiasesGradient,
        rule=LayerRule(
            lambda setting, layer: setting.n_units(layer) > 1, "hidden_sizes", "a layer of at least 2 units"
        ),
    ),
    _biases_bug(
        "B08b",
        "Gradient of the biases divided twice",
        wrong=Line("∇b = (1/N) Σₙ δₙ, δ already ÷ N", "db = delta.mean(axis=0)  # delta is already divided by N"),
        symptom="Hardly visible: the biases move too slowly.",
        source="datascience.stackexchange.com/q/20139",
        override=MeanBiasesGradient,
        rule=MANY_IMAGES,
    ),
    _biases_bug(
        "B08c",
        "Biases learn from the last image only",
        wrong=Line("∇b = δ of the last image", "for n in range(N): db = delta[n]"),
        symptom="Hardly visible: the biases jump.",
        source="pytroubles.com, question 1785",
        override=LastImageBiasesGradient,
        rule=MANY_IMAGES,
    ),
)
