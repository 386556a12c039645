"""Bugs in the gradient of a layer."""

from __future__ import annotations

import numpy as np

from nn.array_types import Float64Array
from nn.lab.bug import MANY_IMAGES, Bug, LayerRule, Line
from nn.lab.learner import Learner
from nn.lab.network import Gradient


class WeightsGradientUntransposed(Learner):
    """δᵀ where δ belongs in the gradient of the weights."""

    def weights_gradient(self, layer: int) -> Float64Array:
        """Multiply by δ with images and units exchanged."""
        if not self.is_wrong("B07b", layer):
            return super().weights_gradient(layer)
        return np.asarray(self.inputs[layer].T @ self.errors[layer].T)


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
