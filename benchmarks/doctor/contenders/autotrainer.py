"""The rules of AUTOTRAINER (X. Zhang et al., ICSE 2021), written anew from their published definitions.

A run is examined from 30 % of its epochs on, and only if it does badly: training and validation accuracy are both below
Θ = 0.7, or no epoch has raised the accuracy by more than δ = 0.01. It then has

- exploding gradient, if the cost is not finite or at least 1000, or ‖g₁‖/‖g_L‖ > 70, where g₁ and g_L are the
  gradients of the first and the last layer, or a weight is not finite or exceeds 5 in magnitude,
- vanishing gradient, if ‖g₁‖/‖g_L‖ < 10⁻³ and ‖g₁‖ < 10⁻⁴,
- dying ReLU, if at least 70 % of all gradient entries are exactly 0 in a network with relu units,
- oscillating loss, if the accuracy rises and falls by at least 0.03 in at least 20 % of the epochs,
- slow convergence, if the accuracy is below Θ and none of the other problems explains it.

Overfitting is switched off in the published judge. The input is abnormal if the mean magnitude of a layer's outputs is
at least 10.
"""

from __future__ import annotations

import math

import numpy as np

from benchmarks.doctor.contenders.signals import Array, LayerSignals, Signals
from benchmarks.doctor.contenders.verdict import Problem

THETA, DELTA = 0.7, 0.01
FIRST_FRACTION = 0.3
LARGEST_COST, LARGEST_RATIO, LARGEST_WEIGHT, LARGEST_OUTPUT = 1e3, 70.0, 5.0, 10.0
SMALLEST_RATIO, SMALLEST_GRADIENT = 1e-3, 1e-4
ZERO_FRACTION = 0.7
SWING, SWING_FRACTION = 0.03, 0.2

EXPLODING = Problem("exploding gradient", ("exploding_gradient", "not_finite", "diverging"))
VANISHING = Problem("vanishing gradient", ("vanishing_gradient",))
DYING_RELU = Problem("dying ReLU", ("dead_units",))
OSCILLATING = Problem("oscillating loss", ("oscillating", "learning_rate_too_high"))
SLOW = Problem("slow convergence", ("learning_rate_too_low", "too_short"))
ABNORMAL_INPUT = Problem("abnormal input", ("input_scale",))


def autotrainer(signals: Signals) -> list[Problem]:
    """Return the problems that AUTOTRAINER's rules find."""
    n_epochs = len(signals.results)
    first = max(1, math.ceil(FIRST_FRACTION * signals.hyperparameters.epochs))
    accuracies = signals.column("train_accuracy")
    is_early = n_epochs < first and not signals.is_over
    if is_early or not _does_badly(accuracies, signals.column("validation_accuracy")):
        return []
    examined = signals.layers[min(first, n_epochs) :]
    found = []
    if any(_is_abnormal_input(layers) for layers in examined):
        found.append(ABNORMAL_INPUT)
    if _explodes(signals, examined):
        found.append(EXPLODING)
    if any(_vanishes(layers) for layers in examined):
        found.append(VANISHING)
    if "relu" in signals.hyperparameters.activation and any(_is_dying(layers) for layers in examined):
        found.append(DYING_RELU)
    if _oscillates(accuracies):
        found.append(OSCILLATING)
    return found or [SLOW]


def _does_badly(accuracies: Array, validation: Array) -> bool:
    if np.isnan(accuracies).all():  # a regression has no accuracy
        return False
    best, best_validation = np.nanmax(accuracies), np.nan_to_num(validation, nan=-1.0).max()
    no_gain = len(accuracies) > 1 and float(np.nan_to_num(np.diff(accuracies), nan=0.0).max()) <= DELTA
    return bool((best < THETA and best_validation < THETA) or (no_gain and best < THETA))


def _explodes(signals: Signals, examined: list[tuple[LayerSignals, ...]]) -> bool:
    costs = signals.column("train_cost")
    if not np.isfinite(costs).all() or costs.max(initial=0.0) >= LARGEST_COST:
        return True
    for layers in examined:
        if not all(layer.weights_finite and layer.gradient_finite for layer in layers):
            return True
        if max(layer.largest_weight for layer in layers) > LARGEST_WEIGHT:
            return True
        if layers[0].gradient_norm > LARGEST_RATIO * layers[-1].gradient_norm > 0:
            return True
    return False


def _vanishes(layers: tuple[LayerSignals, ...]) -> bool:
    first, last = layers[0].gradient_norm, layers[-1].gradient_norm
    return len(layers) > 1 and first < SMALLEST_GRADIENT and first < SMALLEST_RATIO * last


def _is_dying(layers: tuple[LayerSignals, ...]) -> bool:
    zeros = sum(layer.zero_gradients for layer in layers)
    return zeros >= ZERO_FRACTION * sum(layer.n_weights for layer in layers)


def _oscillates(accuracies: Array) -> bool:
    changes = np.diff(accuracies)
    turns = (changes[:-1] * changes[1:] < 0) & (np.abs(changes[:-1]) >= SWING) & (np.abs(changes[1:]) >= SWING)
    return len(accuracies) > 2 and int(turns.sum()) >= SWING_FRACTION * len(accuracies)


def _is_abnormal_input(layers: tuple[LayerSignals, ...]) -> bool:
    return any(layer.output_magnitude >= LARGEST_OUTPUT for layer in layers)
