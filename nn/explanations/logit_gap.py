"""What decided between two classes: how much each unit of the last hidden layer spoke for one and against the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import starmap
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.explanations.forward_pass import Float64Network, ForwardPass

Pictures = Literal["weights", "gradients"]


@dataclass(frozen=True, slots=True, eq=False)
class UnitContribution:
    """What a unit of the last hidden layer adds to the gap: contribution = weight_difference × activation.

    `picture` (n_features,) is what the unit looks for, in the inputs as the network takes them.
    """

    unit: int
    activation: float
    weight_difference: float
    contribution: float
    picture: Float64Array


@dataclass(frozen=True, slots=True, eq=False)
class LogitGap:
    """value = Σ contributions of `units` + other_units + biases + error, where `error` is rounding alone.

    `units` are the most decisive of the `n_units` in the last hidden layer. Their pictures are weights of the first
    layer or gradients, as `pictures` says. Without a hidden layer there are none, and `other_units` is what the inputs
    add, which meet the classes directly.
    """

    value: float
    units: tuple[UnitContribution, ...]
    n_units: int
    other_units: float
    biases: float
    error: float
    pictures: Pictures | None


@np.errstate(all="ignore")
def logit_gap(
    network: Float64Network, inputs: Float64Array, predicted: int, rival: int, *, n_largest: int = 12
) -> LogitGap:
    """Take z_predicted − z_rival of an image, scaled `inputs` (n_features,), apart into what each unit adds to it.

    z_p − z_r = Σⱼ (w_jp − w_jr) aⱼ + (b_p − b_r), over the units j of the last hidden layer with their outputs aⱼ: an
    identity, since a weighted sum is linear in what it sums. The `n_largest` by magnitude are told one by one, equals
    by unit. A unit's picture is, in a network with one hidden layer, the weights from each input to it, the same for
    every image; in a deeper one, the gradient ∂aⱼ/∂x of its output at this image.
    """
    passage = ForwardPass(network, inputs[np.newaxis])
    direction = network.logit_difference(predicted, rival)
    last = network.layers[-1]
    activations = passage.activations[-1][0]
    differences = last.weights @ direction
    contributions = differences * activations
    order = np.argsort(-np.abs(contributions), kind="stable")
    n_shown = n_largest if network.n_hidden_layers else 0
    shown, others = order[:n_shown], order[n_shown:]
    kind, pictures = _pictures(passage, shown)
    members = (shown.tolist(), *(values[shown].tolist() for values in (activations, differences, contributions)))
    value = float(passage.sums[0] @ direction)
    other_units, biases = float(contributions[others].sum()), float(last.biases @ direction)
    return LogitGap(
        value=value,
        units=tuple(starmap(UnitContribution, zip(*members, pictures, strict=True))),
        n_units=len(order) if network.n_hidden_layers else 0,
        other_units=other_units,
        biases=biases,
        error=value - (float(contributions[shown].sum()) + other_units + biases),
        pictures=kind,
    )


def _pictures(passage: ForwardPass, units: NDArray[np.intp]) -> tuple[Pictures | None, Float64Array]:
    """What some units of the last hidden layer look for, (n_units, n_features)."""
    network = passage.network
    if not network.n_hidden_layers:
        return None, np.empty((0, passage.activations[0].shape[1]))
    if network.n_hidden_layers == 1:
        return "weights", network.layers[0].weights.T[units]
    return "gradients", passage.unit_gradients(units)
