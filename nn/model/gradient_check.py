"""Comparison of backpropagation with a numeric gradient."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn.array_types import FloatArray
from nn.model.finite_differences import STEP, finite_differences
from nn.model.network import Network


class GradientCheck(NamedTuple):
    """The largest relative error, and the number of parameters compared."""

    largest_error: float
    n_compared: int


def gradient_check(
    network: Network,
    inputs: FloatArray,
    targets: FloatArray,
    *,
    dropout_rng: np.random.Generator | None = None,
) -> GradientCheck:
    """Compare `backward` with finite differences of the cost for each parameter.

    `network` is of type float64, `inputs` are (batch_size, n_features), and `targets` (batch_size, n_outputs).
    `dropout_rng` is the generator of the dropout masks; the check resets it before each pass, so that all passes drop
    the same units. The check restores the parameters at the end.

    With the gradient a of backpropagation and the numeric gradient n, the error of a parameter is
    |a − n| / max(|a| + |n|, 1e-3 · the largest |n| of all parameters). The second argument of max prevents large errors
    from the rounding of tiny gradients. For a correct gradient, the error stays below 1e-7.

    There is no derivative at a kink (relu and leaky_relu at pre-activation 0, L1 at weight 0). The check therefore
    omits a parameter if one of its steps changes the sign (−1, 0 or 1) of an output of a relu or leaky_relu unit. It
    also omits a weight that one of its own steps moves to 0 or across 0.
    """
    dropout_state = dropout_rng.bit_generator.state if dropout_rng else {}

    def evaluate() -> tuple[float, list[FloatArray]]:
        """Return the cost at the current parameters, and the signs of the outputs of all layers with a kink at 0."""
        if dropout_rng:
            dropout_rng.bit_generator.state = dropout_state
        cost = network.cost(network.forward(inputs), targets)
        return cost, [np.sign(layer.outputs) for layer in network.layers if layer.activation.has_kink]

    evaluate()
    network.backward(targets)
    analytic = network.gradient.copy()
    numeric, is_smooth = finite_differences(network.parameters, range(network.parameter_count), evaluate)
    is_smooth &= ~_weights_near_zero(network)
    scale = np.maximum(np.abs(analytic) + np.abs(numeric), 1e-3 * np.abs(numeric).max())
    errors = np.abs(analytic - numeric) / np.maximum(scale, np.finfo(np.float64).tiny)
    return GradientCheck(float(errors[is_smooth].max(initial=0.0)), int(is_smooth.sum()))


def _weights_near_zero(network: Network) -> NDArray[np.bool_]:
    """Return, for each parameter, True if it is a weight that the steps of the check move to 0 or across 0."""
    parameters = network.parameters.copy()
    network.parameters[...] = 0
    for layer in network.layers:
        layer.weights[...] = 1  # the weights are views of the parameters
    near_zero: NDArray[np.bool_] = (network.parameters == 1) & (np.abs(parameters) <= 2 * STEP)
    network.parameters[...] = parameters
    return near_zero
