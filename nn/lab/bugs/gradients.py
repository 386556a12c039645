"""Bugs in the gradient of the weights or biases of a layer."""

from __future__ import annotations

import numpy as np

from nn.array_types import Float64Array
from nn.lab.bug import Bug, Kind, LayerRule, Line
from nn.lab.learner import Learner
from nn.lab.network import Gradient


class WeightsGradientUntransposed(Learner):
    """δᵀ where δ belongs in the gradient of the weights."""

    def weights_gradient(self, layer: int) -> Float64Array:
        """Multiply by δ with images and units exchanged."""
        if not self.is_wrong("B07b", layer):
            return super().weights_gradient(layer)
        return np.asarray(self.inputs[layer].T @ self.errors[layer].T)


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


class SummedGradient(Learner):
    """The sum over the batch, although the cost is a mean."""

    def weights_gradient(self, layer: int) -> Float64Array:
        """Multiply the gradient of the weights by the batch size."""
        return super().weights_gradient(layer) * self._factor(layer)

    def biases_gradient(self, layer: int) -> Float64Array:
        """Multiply the gradient of the biases by the batch size."""
        return super().biases_gradient(layer) * self._factor(layer)

    def _factor(self, layer: int) -> int:
        return len(self.errors[layer]) if self.is_wrong("B09", layer) else 1


class OutputsInsteadOfInputs(Learner):
    """The layer's own outputs where its inputs belong."""

    def weights_gradient(self, layer: int) -> Float64Array:
        """Multiply δ by the outputs of the layer."""
        if not self.is_wrong("B12", layer):
            return super().weights_gradient(layer)
        is_logit = layer == self.last and self.loss.expects_logits
        outputs = self.probabilities(self.outputs[layer]) if is_logit else self.outputs[layer]
        return np.asarray(outputs.T @ self.errors[layer])


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


class MaskNotUsedBackward(Learner):
    """The error passes through units that dropout has dropped."""

    def through_mask(self, layer: int, errors: Float64Array) -> Float64Array:
        """Return the errors unchanged."""
        return errors if self.is_wrong("B18", layer) else super().through_mask(layer, errors)


class AccumulatedGradient(Learner):
    """Each gradient is added to those of all earlier batches."""

    _accumulated: Gradient | None = None

    def backward(self, targets: Float64Array) -> Gradient:
        """Add the gradient of this batch to the sum of the earlier ones."""
        gradient, earlier = super().backward(targets), self._accumulated
        if earlier is not None:
            gradient.weights = [new + old for new, old in zip(gradient.weights, earlier.weights, strict=True)]
            gradient.biases = [new + old for new, old in zip(gradient.biases, earlier.biases, strict=True)]
        self._accumulated = gradient
        return gradient


DW = Line("∇W = aₗ₋₁ᵀ δₗ", "dW = a_before.T @ delta")
MANY_IMAGES = LayerRule(lambda setting, _layer: setting.batch_size > 1, "batch_size", "batches of at least 2 images")
DB = Line("∇b = Σₙ δₙ", "db = delta.sum(axis=0)")


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
        right=DB,
        wrong=wrong,
        symptom=symptom,
        source=source,
        override=override,
        scope="any",
        kind="biases",
        needs={"use_bias": (True,)},
        rule=rule,
    )


GRADIENT_BUGS = (
    Bug(
        id="B07b",
        title="Error not transposed in the gradient of the weights",
        place="hidden layer",
        right=DW,
        wrong=Line("∇W = aₗ₋₁ᵀ δₗᵀ", "dW = a_before.T @ delta.T"),
        symptom="The accuracy stays at 9 to 10 %. The program runs only because a batch has as many images as the "
        "layer has units.",
        source="a question about M. Nielsen's network in matrices (784-30-10, batches of 10 images)",
        override=WeightsGradientUntransposed,
        scope="any",
        kind="weights",
        configuration={"batch_size": 10, "epochs": 6},
        rule=LayerRule(
            lambda setting, layer: setting.n_units(layer) == setting.batch_size,
            "batch_size",
            "a layer with as many units as a batch has images, such as 10 for 10 classes",
        ),
    ),
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
    Bug(
        id="B09",
        title="Sum over the batch instead of the mean",
        place="hidden layer",
        right=Line("∇W = (1/N) aᵀ δ", "dW = a_before.T @ delta / N"),
        wrong=Line("∇W = aᵀ δ", "dW = a_before.T @ delta"),
        symptom="Training diverges unless the learning rate is divided by the batch size.",
        source="stackoverflow.com/q/67482379; github.com/TheIndependentCode, issue 1",
        override=SummedGradient,
        scope="any",
        kind="both",
        needs={"reduction": ("mean",)},
        rule=MANY_IMAGES,
    ),
    Bug(
        id="B12",
        title="Own outputs instead of the inputs",
        place="hidden layer",
        right=DW,
        wrong=Line("∇W = aₗᵀ δₗ", "dW = a.T @ delta"),
        symptom="The cost rises from 0.7 to 29.9, and the predictions are inverted.",
        source="datascience.stackexchange.com/q/25394; stackoverflow.com/q/55858141",
        override=OutputsInsteadOfInputs,
        scope="any",
        kind="weights",
        configuration={"hidden_sizes": (16, 16)},
        rule=LayerRule(
            lambda setting, layer: setting.n_units(layer) == setting.sizes[layer],
            "hidden_sizes",
            "a layer with as many units as inputs",
        ),
    ),
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
    Bug(
        id="B18",
        title="Dropout mask not used backward",
        place="hidden layer",
        right=Line("δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) m σ′(zₗ)", "delta = (delta_next @ W_next.T) * mask * slope"),
        wrong=Line("δₗ = (δₗ₊₁ Wₗ₊₁ᵀ) σ′(zₗ)", "delta = (delta_next @ W_next.T) * slope"),
        symptom="Noisy, and worse than without dropout.",
        source="github.com/PacktPublishing (neural networks in Java), issue 1",
        override=MaskNotUsedBackward,
        scope="hidden",
        kind="both",
        configuration={"dropout_rate": 0.3},
        positive=("dropout_rate",),
    ),
    Bug(
        id="B20",
        title="Gradients accumulate over the batches",
        place="update",
        right=Line("∇ = gradient of this batch", "dW = a_before.T @ delta"),
        wrong=Line("∇ = sum of the gradients of all batches", "dW += a_before.T @ delta  # never set to 0"),
        symptom="Like a large momentum at first, then the cost diverges.",
        source="PyTorch without zero_grad; arrays of NumPy used as templates under two names",
        override=AccumulatedGradient,
    ),
)
