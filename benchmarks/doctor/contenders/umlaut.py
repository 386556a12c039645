"""The heuristics of UMLAUT (E. Schoop, F. Huang and B. Hartmann, CHI 2021), written anew from their definitions.

Before training: an input outside [−1, 1]; a learning rate above 0.01 or below 10⁻⁷, whatever the optimizer; a dropout
rate above 0.5; hidden layers without a nonlinear activation; a network for classes without softmax. During training: a
cost that is not finite; overfitting, if in one epoch the validation cost rises while the training cost does not; from
the third epoch on, a validation accuracy above 0.95 or 0.05 above the training accuracy, which should be checked.
"""

from __future__ import annotations

import numpy as np

from benchmarks.doctor.contenders.signals import Signals, output_activation
from benchmarks.doctor.contenders.verdict import Problem

HIGH_RATE, LOW_RATE = 0.01, 1e-7
HIGH_DROPOUT = 0.5
HIGH_ACCURACY, HIGH_LEAD = 0.95, 0.05
FIRST_EPOCH = 3

NOT_FINITE = Problem("the loss is NaN", ("not_finite", "diverging"))
INPUT_RANGE = Problem("inputs outside −1…1", ("input_scale",))
RATE_HIGH = Problem("learning rate is high", ("learning_rate_too_high",))
RATE_LOW = Problem("learning rate is low", ("learning_rate_too_low",))
DROPOUT = Problem("high dropout rate", ("over_regularized",))
NO_ACTIVATION = Problem("missing activation functions", ("too_small",))
NO_SOFTMAX = Problem("missing softmax layer", ("saturated_squared_loss",))
OVERFITTING = Problem("possible overfitting", ("overfitting",))
CHECK_ACCURACY = Problem("check the validation accuracy")


def umlaut(signals: Signals) -> list[Problem]:
    """Return the warnings of UMLAUT's heuristics."""
    h = signals.hyperparameters
    costs, validation_costs = signals.column("train_cost"), signals.column("validation_cost")
    accuracies, validation = signals.column("train_accuracy"), signals.column("validation_accuracy")
    late = slice(FIRST_EPOCH - 1, None)
    overfits = (np.diff(validation_costs) > 0) & ~(np.diff(costs) > 0)
    suspicious = (validation[late] > HIGH_ACCURACY) | (validation[late] > accuracies[late] + HIGH_LEAD)
    applies = {
        NOT_FINITE: not np.isfinite(costs).all(),
        INPUT_RANGE: bool((np.abs(signals.first_inputs) > 1.0).any()),
        NO_ACTIVATION: h.activation == "linear" and bool(h.hidden_sizes),
        NO_SOFTMAX: signals.n_outputs > 1 and output_activation(h) != "softmax" and not np.isnan(accuracies).all(),
        RATE_HIGH: not h.searches and h.learning_rate > HIGH_RATE,
        RATE_LOW: not h.searches and h.learning_rate < LOW_RATE,
        DROPOUT: h.dropout_rate > HIGH_DROPOUT,
        OVERFITTING: bool(overfits.any()),
        CHECK_ACCURACY: bool(suspicious.any()),
    }
    return [problem for problem, found in applies.items() if found]
