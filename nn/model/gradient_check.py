"""Comparing the gradient of backpropagation with one that needs no calculus."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nn.array_types import FloatArray
from nn.model.network import Network

STEP = 3e-4


class GradientCheck(NamedTuple):
    """The largest relative error that was found, and how many of the parameters it was looked for in."""

    largest_error: float
    n_compared: int


def gradient_check(
    network: Network,
    inputs: FloatArray,
    targets: FloatArray,
    *,
    dropout_rng: np.random.Generator | None = None,
) -> GradientCheck:
    """Compare `backward` with differences of the cost, parameter by parameter.

    `network` is of float64, `inputs` (batch_size, n_features), `targets` (batch_size, n_outputs). `dropout_rng` is
    the generator that the network draws its dropout from, set back before each pass so that all of them drop the same
    units. All parameters are put back.

    The differences are central ones of fourth order, from the costs one and two steps to either side: B. Fornberg,
    "Generation of Finite Difference Formulas on Arbitrarily Spaced Grids", 1988, table 1. The error of a parameter is
    |a − n| / max(|a| + |n|, 1e-3 · the largest |n|), so that rounding does not count where both vanish; a right
    gradient stays below 1e-7. At a kink (relu and leaky_relu where the sum is 0, L1 where a weight is 0) there is no
    derivative, so a parameter is left out when one of its steps carries a unit with a kink, or a weight, to 0 or over
    it.
    """
    dropout_state = dropout_rng.bit_generator.state if dropout_rng else {}

    def look() -> tuple[float, FloatArray]:
        """The cost at the parameters as they are now, and on which side of 0 everything is that has a kink there."""
        if dropout_rng:
            dropout_rng.bit_generator.state = dropout_state
        cost = network.cost(network.forward(inputs), targets)
        bent = [layer.outputs for layer in network.layers if layer.activation.has_kink]
        weights = [layer.weights for layer in network.layers]
        return cost, np.concatenate([np.sign(values).ravel() for values in (*bent, *weights)])

    _, here = look()
    network.backward(targets)
    analytic = network.gradient.copy()
    numeric = np.zeros_like(analytic)
    is_smooth = np.zeros(analytic.size, bool)
    for index, value in enumerate(network.parameters.copy()):
        costs, sides = [], []
        for n_steps in (-2, -1, 1, 2):
            network.parameters[index] = value + n_steps * STEP
            cost, side = look()
            costs.append(cost)
            sides.append(side)
        network.parameters[index] = value
        numeric[index] = (costs[0] - 8 * costs[1] + 8 * costs[2] - costs[3]) / (12 * STEP)
        is_smooth[index] = all(np.array_equal(side, here) for side in sides)
    scale = np.maximum(np.abs(analytic) + np.abs(numeric), 1e-3 * np.abs(numeric).max())
    errors = np.abs(analytic - numeric) / np.maximum(scale, np.finfo(np.float64).tiny)
    return GradientCheck(float(errors[is_smooth].max(initial=0.0)), int(is_smooth.sum()))
