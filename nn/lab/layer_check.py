"""The gradient check of each layer, separately for weights and biases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.lab.bug import Kind
from nn.lab.derivatives import TOLERANCE, Derivatives, smallest_scale
from nn.lab.examples import Examples
from nn.lab.learner import Learner
from nn.lab.network import Gradient
from nn.lab.ratio import Ratio, name_ratio
from nn.model.finite_differences import Evaluation

MAX_COMPARED = 100  # parameters of an array; more would take seconds and find no other bug
NEARBY = 1e-2
AGREEMENT = Ratio("none", 1.0, "The gradient agrees with the finite differences.")


@dataclass(frozen=True, slots=True)
class LayerCheck:
    """The comparison of the weights or biases of one layer, counted from 1."""

    layer: int
    kind: Literal["weights", "biases"]
    relative_error: float
    n_compared: int
    ratio: Ratio

    @property
    def agrees(self) -> bool:
        """True if the gradient is right."""
        return self.relative_error <= TOLERANCE


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The first layer, counted from 1, at which the gradient is wrong on the way from the output to the input."""

    layer: int
    kind: Kind
    text: str


def check_layers(learner: Learner, batch: Examples, max_compared: int = MAX_COMPARED) -> list[LayerCheck]:
    """Compare the gradient of a batch with finite differences, from the output layer to the first one.

    The check examines at most `max_compared` parameters of each array, and leaves out parameters at a kink. If all
    parameters of an array are at a kink, the check moves the parameters of all layers a little and starts again. It
    does not change the parameters of the learner. Integer weights are compared as numbers of type float64.
    """
    checks = _check(_copied(learner), batch, max_compared)
    if all(check.n_compared for check in checks):
        return checks
    moved = _copied(learner)
    move_nearby(moved)
    return _check(moved, batch, max_compared)


def _copied(learner: Learner) -> Learner:
    """Return a copy with its own parameters, of type float64."""
    copied = copy(learner)
    copied.weights = [np.array(weights, np.float64) for weights in learner.weights]
    copied.biases = [biases.copy() for biases in learner.biases]
    return copied


def move_nearby(learner: Learner, seed: int = 0) -> None:
    """Add small random numbers to all parameters, so that no pre-activation is exactly at a kink."""
    rng = np.random.default_rng(seed)
    for array in (*learner.weights, *learner.biases):
        array += NEARBY * rng.standard_normal(array.shape)


def first_disagreement(checks: Sequence[LayerCheck], *, use_bias: bool = True) -> Disagreement | None:
    """Return the first layer whose gradient is wrong, on the way from the output to the input, or None."""
    wrong = [check for check in checks if not check.agrees]
    if not wrong:
        return None
    layer = wrong[0].layer
    kinds = [check.kind for check in wrong if check.layer == layer]
    others = sorted({check.layer for check in wrong} - {layer})
    after = "the layers after it agree" if layer < max(check.layer for check in checks) else "it is the output layer"
    compared = {check.kind for check in checks if check.layer == layer and check.n_compared > 0}
    kind: Kind = "both" if len(kinds) == 2 else kinds[0]
    is_error_right = len(compared) == 2 and kind != "both"
    if is_error_right:
        other = "biases" if kind == "weights" else "weights"
        text = (
            f"Only the {kind} of layer {layer} disagree, not its {other}: its error δ is right, and the formula of the "
            f"{kind} alone is wrong."
        )
    else:
        text = (
            f"Layer {layer} is the first that disagrees, and {after}: its error δ, or a formula that uses it, is wrong."
        )
        if kind != "both" and use_bias:
            text += " One of its gradients cannot be compared, because its units are at a kink."
    if others:
        subject = f"Layer {others[0]} also disagrees" if len(others) == 1 else f"Layers {_listed(others)} also disagree"
        cause = (
            "so the bug is there too" if is_error_right else f"perhaps only because the error comes from layer {layer}"
        )
        text += f" {subject}, {cause}."
    return Disagreement(layer, kind, text)


def _listed(numbers: Sequence[int]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def smooth_cost(learner: Learner, batch: Examples) -> Callable[[], Evaluation]:
    """Return a function that evaluates the cost of a batch, always with the same dropped units."""
    dropout = learner.streams.dropout.bit_generator
    state = dropout.state

    def evaluate() -> Evaluation:
        dropout.state = state
        cost = learner.cost(learner.forward(batch.inputs, training=True), batch.targets)
        signs: list[NDArray[Any]] = [
            np.sign(outputs) for layer, outputs in enumerate(learner.outputs) if learner.activation(layer).has_kink
        ]
        if learner.hyperparameters.l1 > 0:
            signs += [np.sign(weights) for weights in learner.weights]
        return cost, signs

    return evaluate


@np.errstate(all="ignore")
def _check(learner: Learner, batch: Examples, max_compared: int) -> list[LayerCheck]:
    evaluate = smooth_cost(learner, batch)
    cost, _ = evaluate()
    gradient = learner.backward(batch.targets)
    arrays = list(_arrays(learner, gradient))
    derivatives = [Derivatives.compute(values, analytic, evaluate, max_compared) for _, _, values, analytic in arrays]
    smallest = smallest_scale(derivatives, cost)
    checks = []
    for (layer, kind, values, _), compared in zip(arrays, derivatives, strict=True):
        confirmed = compared.confirm(values, evaluate, smallest)
        error = float(confirmed.errors(smallest).max(initial=0.0))
        ratio = AGREEMENT if error <= TOLERANCE else name_ratio(confirmed, len(batch))
        checks.append(LayerCheck(layer + 1, kind, error, len(confirmed.numeric), ratio))
    return checks


def _arrays(
    learner: Learner, gradient: Gradient
) -> Iterator[tuple[int, Literal["weights", "biases"], Float64Array, Float64Array]]:
    """Yield layer, kind, parameters and analytic derivatives of each array, from the output to the input."""
    for layer in reversed(range(learner.n_layers)):
        yield layer, "weights", learner.weights[layer], gradient.weights[layer]
        if learner.biases[layer].size:
            yield layer, "biases", learner.biases[layer], gradient.biases[layer]
