"""Comparing the gradient of backpropagation with one that needs no calculus."""

from __future__ import annotations

import numpy as np

from nn.losses import Floats, Labels
from nn.network import Network

STEP = 1e-5


def gradient_check(network: Network, inputs: Floats, labels: Labels) -> float:
    """Return the largest relative error of `backward()` against central differences of the cost.

    `network` is of float64 and without dropout, `inputs` (batch_size, n_features), `labels` (batch_size,). The error of
    a parameter is |a − n| / max(|a| + |n|, 1e-4 · largest |n|), so that rounding does not count where both vanish.
    Central differences are wrong where a step crosses a kink (relu, leaky relu at 0, L1 at a weight of 0): there the
    two one-sided slopes differ, and the parameter is left out. All parameters are put back.
    """

    def cost() -> float:
        outputs = network.forward(inputs).copy()
        losses = network.loss.backward(outputs, labels, np.empty_like(outputs))
        return float(losses.mean()) + network.penalty()

    network.backward(network.forward(inputs), labels)
    analytic = network.gradient.copy()
    numeric = np.zeros_like(analytic)
    smooth = np.ones(len(analytic), bool)
    middle = cost()
    for index, value in enumerate(network.parameters.copy()):
        network.parameters[index] = value + STEP
        above = cost()
        network.parameters[index] = value - STEP
        below = cost()
        network.parameters[index] = value
        numeric[index] = (above - below) / (2 * STEP)
        bend = abs(above - 2 * middle + below) / STEP
        smooth[index] = bend <= 1e-3 * max(1.0, abs(numeric[index]))
    scale = np.maximum(np.abs(analytic) + np.abs(numeric), 1e-4 * np.abs(numeric).max())
    return float((np.abs(analytic - numeric) / np.maximum(scale, 1e-300))[smooth].max())
