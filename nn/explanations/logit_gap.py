"""The logit gap between two classes, divided among the units of the last hidden layer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import starmap
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.explanations.forward_pass import ForwardPass

ImageKind = Literal["weights", "gradients"]


@dataclass(frozen=True, slots=True, eq=False)
class UnitContribution:
    """The contribution of a unit of the last hidden layer: weight_difference × activation.

    `image` (n_features,) shows which scaled inputs activate the unit.
    """

    unit: int
    activation: float
    weight_difference: float
    contribution: float
    image: Float64Array


@dataclass(frozen=True, slots=True, eq=False)
class LogitGap:
    """A logit gap as a sum: value = Σ contributions of `units` + other_units + biases + error.

    `error` is the rounding error. `units` are the units with the largest contributions among the `n_units` of the last
    hidden layer. Each has an image of gradients or of first-layer weights, as `image_kind` specifies. Without a hidden
    layer there are no units, and `other_units` is the contribution of the inputs.
    """

    value: float
    units: tuple[UnitContribution, ...]
    n_units: int
    other_units: float
    biases: float
    error: float
    image_kind: ImageKind | None


@np.errstate(all="ignore")
def logit_gap(forward_pass: ForwardPass, predicted: int, rival: int, *, n_largest: int = 12) -> LogitGap:
    """Divide z_predicted − z_rival of one image among the units of the last hidden layer.

    z_p − z_r = Σⱼ (w_jp − w_jr) aⱼ + (b_p − b_r) over the units j with outputs aⱼ. This is exact, because logits are
    linear in these outputs. The result lists the `n_largest` contributions with the largest magnitudes, and orders ties
    by unit.

    In a network with one hidden layer, the image of a unit shows its weights, which are the same for every input image.
    In a deeper network, it shows the gradient ∂aⱼ/∂x of the unit's output at this input image.
    """
    network = forward_pass.network
    direction = network.logit_difference(predicted, rival)
    last = network.layers[-1]
    activations = forward_pass.activations[-1][0]
    differences = last.weights @ direction
    contributions = differences * activations
    order = np.argsort(-np.abs(contributions), kind="stable")
    n_shown = n_largest if network.n_hidden_layers else 0
    shown, others = order[:n_shown], order[n_shown:]
    kind, images = _unit_images(forward_pass, shown)
    members = (shown.tolist(), *(values[shown].tolist() for values in (activations, differences, contributions)))
    value = float(forward_pass.logits[0] @ direction)
    other_units, biases = float(contributions[others].sum()), float(last.biases @ direction)
    return LogitGap(
        value=value,
        units=tuple(starmap(UnitContribution, zip(*members, images, strict=True))),
        n_units=len(order) if network.n_hidden_layers else 0,
        other_units=other_units,
        biases=biases,
        error=value - (float(contributions[shown].sum()) + other_units + biases),
        image_kind=kind,
    )


def _unit_images(forward_pass: ForwardPass, units: NDArray[np.intp]) -> tuple[ImageKind | None, Float64Array]:
    """Return the images (n_units, n_features) of some units of the last hidden layer."""
    network = forward_pass.network
    if not network.n_hidden_layers:
        return None, np.empty((0, forward_pass.activations[0].shape[1]))
    if network.n_hidden_layers == 1:
        return "weights", network.layers[0].weights.T[units]
    return "gradients", forward_pass.unit_gradients(units)
