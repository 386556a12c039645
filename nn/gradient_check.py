"""Comparing the gradient of backpropagation with one that needs no calculus."""

from __future__ import annotations

import numpy as np

from nn.arrays import Floats, Labels
from nn.network import Network

STEP = 1e-5
BEND = 1e-3


def gradient_check(network: Network, inputs: Floats, labels: Labels) -> float:
    """The largest relative error of `backward` against central differences of the cost.

    `network` is of float64 and without dropout, `inputs` (batch_size, n_features), `labels` (batch_size,). The error of
    a parameter is |a − n| / max(|a| + |n|, 1e-4 · the largest |n|), so that rounding does not count where both vanish.
    Where a step crosses a kink (relu and leaky_relu at 0, L1 at a weight of 0) there is no gradient to compare with:
    such a parameter is recognized by one-sided slopes that differ, and left out. All parameters are put back.
    """
    targets = network.targets(labels).copy()

    def cost() -> float:
        return float(network.loss.values(network.forward(inputs), targets).mean()) + network.penalty()

    network.forward(inputs)
    network.backward(targets)
    analytic = network.gradient.copy()
    numeric = np.zeros_like(analytic)
    is_smooth = np.ones(analytic.size, bool)
    middle = cost()
    for index, value in enumerate(network.parameters.copy()):
        network.parameters[index] = value + STEP
        above = cost()
        network.parameters[index] = value - STEP
        below = cost()
        network.parameters[index] = value
        numeric[index] = (above - below) / (2 * STEP)
        is_smooth[index] = abs(above - 2 * middle + below) / STEP <= BEND * max(1.0, abs(numeric[index]))
    scale = np.maximum(np.abs(analytic) + np.abs(numeric), 1e-4 * np.abs(numeric).max())
    errors = np.abs(analytic - numeric) / np.maximum(scale, np.finfo(np.float64).tiny)
    return float(errors[is_smooth].max())
