"""Bugs in the error of the output layer and in the softmax."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.hyperparameters.network import SQUARED_LOSSES
from nn.lab.bug import Bug, Line
from nn.lab.learner import Learner

SOFTMAX = {"loss": ("softmax_cross_entropy",)}
QUADRATIC = {
    "loss": "quadratic",
    "output_activation": "sigmoid",
    "activation": "sigmoid",
    "hidden_sizes": (16,),
    "learning_rate": 5.0,
}


class ReversedDifference(Learner):
    """y − a instead of a − y."""

    def output_error(self, targets: Float64Array) -> Float64Array:
        """Return the negative error."""
        return -super().output_error(targets)


class OutputWithoutSlope(Learner):
    """δ = a − y, although the loss is a squared one."""

    def slope(self, layer: int) -> Float64Array:
        """Return 1 for the output layer."""
        return np.ones_like(self.outputs[layer]) if self.is_wrong("B02", layer) else super().slope(layer)


class CostAsGradient(Learner):
    """½(a − y)² where its derivative a − y belongs."""

    def loss_gradient(self, outputs: Float64Array, targets: Float64Array) -> Float64Array:
        """Return the squared differences instead of their derivative."""
        return np.asarray(0.5 * np.square(outputs - targets))


class _OwnSoftmax(Learner):
    """Base class of the learners with another softmax."""

    def log_probabilities(self, outputs: Float64Array) -> Float64Array:
        """Return ln p (batch_size, n_outputs)."""
        shifted = outputs - outputs.max(axis=1, keepdims=True)
        return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))

    def probabilities(self, outputs: Float64Array) -> Float64Array:
        """Return p."""
        return np.asarray(np.exp(self.log_probabilities(outputs)))

    def losses(self, outputs: Float64Array, targets: Float64Array) -> Float64Array:
        """Return −Σ y ln p."""
        return np.asarray(-(targets * self.log_probabilities(outputs)).sum(axis=1))

    def loss_gradient(self, outputs: Float64Array, targets: Float64Array) -> Float64Array:
        """Return p − y."""
        return self.probabilities(outputs) - targets

    def classify(self, outputs: Float64Array) -> NDArray[np.intp]:
        """Return the class with the largest probability."""
        return np.asarray(self.probabilities(outputs).argmax(axis=1))


class SoftmaxOverBatch(_OwnSoftmax):
    """A softmax that is normalized over the images of the batch."""

    def log_probabilities(self, outputs: Float64Array) -> Float64Array:
        """Subtract the logarithm of the sum of each column."""
        shifted = outputs - outputs.max(axis=0, keepdims=True)
        return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True)))


class SoftmaxOverAll(_OwnSoftmax):
    """A softmax that is normalized over the whole array."""

    def log_probabilities(self, outputs: Float64Array) -> Float64Array:
        """Subtract the logarithm of the sum of all exponentials."""
        shifted = outputs - outputs.max()
        return np.asarray(shifted - np.log(np.exp(shifted).sum()))


class SoftmaxWithoutShift(_OwnSoftmax):
    """A softmax that exponentiates the logits as they are."""

    def log_probabilities(self, outputs: Float64Array) -> Float64Array:
        """Return z − ln Σ e^z, which is −∞ if e^z overflows."""
        return np.asarray(outputs - np.log(np.exp(outputs).sum(axis=1, keepdims=True)))

    def probabilities(self, outputs: Float64Array) -> Float64Array:
        """Return e^z / Σ e^z, which is NaN if e^z overflows."""
        exponentials = np.exp(outputs)
        return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))


class LogOfZero(Learner):
    """A cross-entropy that takes the logarithm of probabilities that can be 0."""

    def losses(self, outputs: Float64Array, targets: Float64Array) -> Float64Array:
        """Return −Σ y ln p, which is NaN or infinite if a probability is 0."""
        return np.asarray(-(targets * np.log(self.probabilities(outputs))).sum(axis=1))


SHIFTED = "p = np.exp(z - z.max(axis=1, keepdims=True))\np /= p.sum(axis=1, keepdims=True)"
OVERFLOWING = {"hidden_sizes": (), "input_scaling": "none", "learning_rate": 3.0}

OUTPUT_BUGS = (
    Bug(
        id="B01b",
        title="Difference reversed",
        place="output",
        right=Line("δ = a − y", "delta = a - y"),
        wrong=Line("δ = y − a", "delta = y - a"),
        symptom="The cost climbs until all outputs are 1 (quadratic cost 4.5), or without end (cross-entropy).",
        source="pythoner.space, “cost function failing to minimize”; the program of M. Pitt, version 1",
        override=ReversedDifference,
        scope="output",
        kind="both",
    ),
    Bug(
        id="B02",
        title="Output error without the slope",
        place="output",
        right=Line("δ = (a − y) σ′(z)", "delta = (a - y) * a * (1 - a)"),
        wrong=Line("δ = a − y", "delta = a - y"),
        symptom="The network learns, often faster: this is the gradient of the cross-entropy, not of the squared loss.",
        source="github.com/Bot-Academy/NeuralNetworkFromScratch, pull request 3",
        override=OutputWithoutSlope,
        scope="output",
        kind="both",
        configuration=QUADRATIC,
        needs={"loss": tuple(SQUARED_LOSSES), "output_activation": ("sigmoid", "tanh")},
    ),
    Bug(
        id="B11",
        title="Cost used as its gradient",
        place="output",
        right=Line("δ = (a − y) σ′(z)", "delta = (a - y) * a * (1 - a)"),
        wrong=Line("δ = ½(a − y)² σ′(z)", "delta = 0.5 * (a - y) ** 2 * a * (1 - a)"),
        symptom="All weights fall steadily, because the error is never negative. For some epochs, the OR gate is right "
        "by luck.",
        source="a question about the OR gate with half a squared error as its error",
        override=CostAsGradient,
        scope="output",
        kind="both",
        configuration=QUADRATIC,
        needs={"loss": tuple(SQUARED_LOSSES)},
    ),
    Bug(
        id="B14",
        title="Softmax over the batch",
        place="output",
        right=Line("pₙₖ = e^zₙₖ / Σⱼ e^zₙⱼ", "p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)"),
        wrong=Line("pₙₖ = e^zₙₖ / Σₘ e^zₘₖ", "p = np.exp(z) / np.exp(z).sum(axis=0)"),
        symptom="The accuracy falls from 17 %, all images get one class, and exp overflows.",
        source="stackoverflow.com/q/76450489; stats.stackexchange.com/q/550353",
        override=SoftmaxOverBatch,
        scope="output",
        kind="both",
        needs=SOFTMAX,
    ),
    Bug(
        id="B14b",
        title="Softmax over the whole array",
        place="output",
        right=Line("pₙₖ = e^zₙₖ / Σⱼ e^zₙⱼ", "p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)"),
        wrong=Line("pₙₖ = e^zₙₖ / Σₘⱼ e^zₘⱼ", "p = np.exp(z) / np.exp(z).sum()"),
        symptom="The probabilities of an image sum to about 1 / batch size, and the cost starts too high.",
        source="stackoverflow.com/q/76450489",
        override=SoftmaxOverAll,
        scope="output",
        kind="both",
        needs=SOFTMAX,
    ),
    Bug(
        id="B15",
        title="Softmax without a shift",
        place="output",
        right=Line("pₖ = e^(zₖ − max z) / Σⱼ e^(zⱼ − max z)", SHIFTED),
        wrong=Line("pₖ = e^zₖ / Σⱼ e^zⱼ", "p = np.exp(z)\np /= p.sum(axis=1, keepdims=True)"),
        symptom="The cost is NaN after a while, and the accuracy stays at 9.80 %: the class of NaN is 0.",
        source="stackoverflow.com/q/76450489",
        override=SoftmaxWithoutShift,
        configuration=OVERFLOWING,
        needs=SOFTMAX,
    ),
    Bug(
        id="B16",
        title="Logarithm of 0 in the cost",
        place="loss",
        right=Line("−Σ y ln p = ln Σⱼ e^(zⱼ − zᵧ)", "cost = np.log(np.exp(z - z_label).sum(axis=1)).mean()"),
        wrong=Line("−Σ y ln p", "cost = -(y * np.log(p)).sum(axis=1).mean()"),
        symptom="The cost is NaN or infinite while the accuracy still rises.",
        source="many questions",
        override=LogOfZero,
        configuration=OVERFLOWING,
        needs=SOFTMAX,
    ),
)
