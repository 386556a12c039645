"""The rules of DeepLocalize (M. Wardat, W. Le and H. Rajan, ICSE 2021), written anew from their published definitions.

The callback monitors the values that pass between layers, forward and backward, and reports the first of these
symptoms with its layer: an output, a weight or a gradient of a layer that is NaN or infinite, or a tensor that is 0
everywhere; a layer whose mean output is the same in five batches; a cost that is NaN or infinite; a cost or an accuracy
that does not change from one check to the next. The mean output of a softmax layer is 1/K for every batch, so this
rule applies to every network with softmax.

The published callback runs after each batch. Here, a check takes place before training and after each epoch, on five
batches.
"""

from __future__ import annotations

import numpy as np

from benchmarks.doctor.contenders.signals import LayerSignals, Signals
from benchmarks.doctor.contenders.verdict import Problem

SAME = 1e-6  # relative difference of equal means, in single precision

FORWARD = Problem("error in the forward pass", ("not_finite", "diverging", "dead_units", "identical_units"))
BACKWARD = Problem("error in the backward pass", ("not_finite", "diverging", "vanishing_gradient"))
NOT_CHANGING = Problem("the outputs of a layer do not change", ("saturated_units", "input_ignored"))
COST = Problem("error in the cost", ("not_finite", "diverging"))
NOT_LEARNING = Problem("the model does not learn", ("learning_rate_too_low", "learning_rate_too_high"))


def deep_localize(signals: Signals) -> list[Problem]:
    """Return the problems that DeepLocalize's rules find, in the order in which they first appear."""
    found: dict[Problem, None] = {}
    costs, accuracies = signals.column("train_cost"), signals.column("train_accuracy")
    for check, layers in enumerate(signals.layers):
        for layer in layers:
            found |= dict.fromkeys(_problems(layer))
        if 0 < check <= len(costs) and not np.isfinite(costs[check - 1]):
            found[COST] = None
        same = 1 < check <= len(costs) and costs[check - 1] == costs[check - 2]
        if same and accuracies[check - 1] == accuracies[check - 2]:
            found[NOT_LEARNING] = None
    return list(found)


def _problems(layer: LayerSignals) -> list[Problem]:
    found = []
    if not layer.outputs_finite or layer.output_magnitude == 0:
        found.append(FORWARD)
    if not (layer.weights_finite and layer.gradient_finite) or layer.gradient_magnitude == 0:
        found.append(BACKWARD)
    means = layer.batch_means
    if np.isfinite(means).all() and np.ptp(means) <= SAME * max(abs(means[0]), 1e-12):
        found.append(NOT_CHANGING)
    return found
