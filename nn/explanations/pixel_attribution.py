"""What each pixel of an image says for one class and against another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from nn.array_types import Float64Array
from nn.explanations.forward_pass import Float64Layer, Float64Network, ForwardPass

FIRST_STEPS = 32
"""On MNIST, scaled to 0…1 or standardized, five networks of sigmoid or tanh were complete to 4e-5 of the difference."""

MOST_STEPS = 512
"""On pixels of 0…255, where units switch within a hundredth of the way, 256 were enough."""

TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class PixelAttribution:
    """gap = Σ contributions + rest + error, with the contribution of each input, (n_features,).

    By the method linear, `rest` is what the biases add and `error` is rounding. By integrated gradients, `rest` is the
    gap of the black image, `error` the completeness error, and `steps` tells at how many images on the way from black
    the gradient was taken.
    """

    method: Literal["linear", "integrated_gradients"]
    contributions: Float64Array
    rest: float
    error: float
    steps: int | None

    @property
    def pixels(self) -> float:
        """What all inputs add together."""
        return float(self.contributions.sum())


def pixel_attribution(
    network: Float64Network, inputs: Float64Array, black: Float64Array, predicted: int, rival: int
) -> PixelAttribution:
    """Share z_predicted − z_rival of an image out among its inputs.

    `inputs` and `black`, the image that is black all over, are (n_features,), scaled as the network takes them. Where
    the hidden units are piecewise linear, the method is linear, else integrated gradients. Not finite where the
    network has diverged.
    """
    direction = network.logit_difference(predicted, rival)
    if network.is_piecewise_linear:
        return _linear_evidence(network, inputs, direction)
    return _integrated_gradients(network, inputs, black, direction)


@np.errstate(all="ignore")
def _linear_evidence(network: Float64Network, inputs: Float64Array, direction: Float64Array) -> PixelAttribution:
    """Inputs × effective template, and the biases apart.

    With the units' slopes at this image the network is z = W₁D₁W₂D₂… x + c, without approximation: for a ReLU, a = D z
    with D = 0 or 1. The gradient is that product of matrices, the template.
    """
    passage = ForwardPass(network, inputs[np.newaxis])
    contributions = inputs * passage.input_gradient(direction)[0]
    rest = float(_carried_biases(passage) @ direction)
    gap = float(passage.sums[0] @ direction)
    return PixelAttribution("linear", contributions, rest, gap - (float(contributions.sum()) + rest), None)


def _carried_biases(passage: ForwardPass) -> Float64Array:
    """What the biases of all layers add to each sum, (n_outputs,), with the slopes that the units have at this image.

    Carried forward through the network, not what the inputs leave over, so that the error tests both.
    """
    first, *later = passage.network.layers
    carried = first.biases[np.newaxis].copy()
    for place, layer in enumerate(later, start=1):
        passage.multiply_by_slopes(place, carried)
        carried = carried @ layer.weights + layer.biases
    return np.asarray(carried[0])


@np.errstate(all="ignore")
def _integrated_gradients(
    network: Float64Network, inputs: Float64Array, black: Float64Array, direction: Float64Array
) -> PixelAttribution:
    """(xᵢ − bᵢ) ∫₀¹ ∂gap/∂xᵢ (b + t (x − b)) dt for each input xᵢ, from the black image b.

    M. Sundararajan, A. Taly and Q. Yan, "Axiomatic Attribution for Deep Networks", 2017, equation 1. They add up to
    gap(x) − gap(b): completeness, the paper's proposition 1. The integral is a sum over Gauss–Legendre nodes, whose
    number is doubled until that holds to a thousandth of the difference.
    """
    gap, black_gap = (float(value) for value in network.sums(np.stack([inputs, black])) @ direction)
    tolerance = TOLERANCE * max(1.0, abs(gap - black_gap))
    change = inputs - black
    path = _path(network, black, change)
    first_weights = network.layers[0].weights
    steps = FIRST_STEPS
    while True:
        places, shares = _gauss_legendre(steps)
        deltas = shares @ ForwardPass(path, places[:, np.newaxis]).deltas(direction)[0]
        contributions = change * (first_weights @ deltas)
        error = gap - (float(contributions.sum()) + black_gap)
        if abs(error) < tolerance or steps >= MOST_STEPS or not np.isfinite(error):
            return PixelAttribution("integrated_gradients", contributions, black_gap, error, steps)
        steps *= 2


def _path(network: Float64Network, start: Float64Array, change: Float64Array) -> Float64Network:
    """A network of one input, t, that does what `network` does with start + t · change.

    The sums of its first layer are linear in t, so that the many images on the way cost no product with all pixels.
    """
    first, *later = network.layers
    weights, biases = change @ first.weights, start @ first.weights + first.biases
    return Float64Network([Float64Layer(weights[np.newaxis], biases, first.activation), *later])


@lru_cache
def _gauss_legendre(n_nodes: int) -> tuple[Float64Array, Float64Array]:
    """Where in 0…1 to look at a function, and what each place counts for in its integral: (n_nodes,) each."""
    nodes, weights = np.polynomial.legendre.leggauss(n_nodes)
    return (nodes + 1.0) / 2.0, weights / 2.0
