"""The rules of DeepDiagnosis (M. Wardat et al., ICSE 2022), written anew from their published definitions.

At each check, in this order: a tensor whose mean is 0, NaN or infinite; vanishing gradient, if the mean magnitude of a
layer's gradient is below 10⁻⁷; dead nodes, if at least 0.7 of a relu layer's outputs are not positive; saturated
activation, if more than half of the pre-activations of a sigmoid or tanh layer have a magnitude of at least 5; weights
not well initialized, if the variance of a layer's weights is outside 10⁻⁵…10; learning rate out of range, if
η‖g‖/‖w‖ is outside 10⁻⁵…10⁻¹. Over several checks: the cost is unchanged over 5 checks, or the accuracy over 20.

A check takes place before training and after each epoch.
"""

from __future__ import annotations

import numpy as np

from benchmarks.doctor.contenders.signals import Array, LayerSignals, Signals
from benchmarks.doctor.contenders.verdict import Problem

SMALLEST_GRADIENT = 1e-7
DEAD_FRACTION = 0.7
SATURATED_FRACTION = 0.5
VARIANCES = 1e-5, 10.0
UPDATES = 1e-5, 1e-1
COST_CHECKS, ACCURACY_CHECKS = 5, 20

NUMERICAL = Problem("numerical error", ("not_finite", "diverging"))
VANISHING = Problem("vanishing gradient", ("vanishing_gradient",))
DEAD = Problem("dead node", ("dead_units",))
SATURATED = Problem("saturated activation", ("saturated_units",))
INITIALIZATION = Problem("weights not well initialized", ("initial_cost", "exploding_gradient", "identical_units"))
RATE = Problem("learning rate out of range", ("learning_rate_too_high", "learning_rate_too_low"))
COST_UNCHANGED = Problem("the cost does not change", ("too_short", "learning_rate_too_low", "input_ignored"))
ACCURACY_UNCHANGED = Problem("the accuracy does not change")


def deep_diagnosis(signals: Signals) -> list[Problem]:
    """Return the problems that DeepDiagnosis' rules find, in the order in which they first appear."""
    found: dict[Problem, None] = {}
    rates = [signals.hyperparameters.learning_rate, *signals.column("learning_rate")]
    for check, layers in enumerate(signals.layers):
        for layer in layers:
            found |= dict.fromkeys(_problems(layer, rates[min(check, len(rates) - 1)]))
        if _is_constant(signals.column("train_cost")[:check], COST_CHECKS):
            found[COST_UNCHANGED] = None
        if _is_constant(signals.column("train_accuracy")[:check], ACCURACY_CHECKS):
            found[ACCURACY_UNCHANGED] = None
    return list(found)


def _problems(layer: LayerSignals, rate: float) -> list[Problem]:
    found = []
    means = (layer.output_mean, layer.weight_mean, layer.gradient_mean)
    if not np.isfinite(means).all() or 0 in means:
        found.append(NUMERICAL)
    if layer.gradient_magnitude < SMALLEST_GRADIENT:
        found.append(VANISHING)
    if layer.activation == "relu" and layer.not_positive >= DEAD_FRACTION:
        found.append(DEAD)
    if layer.activation in {"sigmoid", "tanh"} and layer.large_sums > SATURATED_FRACTION:
        found.append(SATURATED)
    if not VARIANCES[0] <= layer.weight_variance <= VARIANCES[1]:
        found.append(INITIALIZATION)
    update = rate * layer.gradient_norm / layer.weight_norm if layer.weight_norm > 0 else np.nan
    if np.isfinite(rate) and layer.weight_norm > 0 and not UPDATES[0] <= update <= UPDATES[1]:
        found.append(RATE)
    return found


def _is_constant(values: Array, n_checks: int) -> bool:
    last = values[-n_checks:]
    return len(last) == n_checks and bool((last == last[0]).all())
