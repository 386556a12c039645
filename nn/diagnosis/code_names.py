"""Short names of the codes of findings, as lists and headings show them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from nn.diagnosis.finding import Code

CODE_NAMES: Mapping[Code, str] = MappingProxyType(
    {
        "not_finite": "Not finite",
        "diverging": "Diverging",
        "learning_rate_too_high": "Learning rate too high",
        "learning_rate_too_low": "Learning rate too low",
        "vanishing_gradient": "Vanishing gradient",
        "exploding_gradient": "Exploding gradient",
        "dead_units": "Dead units",
        "saturated_units": "Saturated units",
        "saturated_squared_loss": "Saturated squared loss",
        "initial_cost": "High initial cost",
        "input_ignored": "Inputs ignored",
        "constant_prediction": "Constant prediction",
        "identical_units": "Identical units",
        "input_scale": "Unscaled inputs",
        "target_scale": "Unscaled targets",
        "too_small": "Network too small",
        "overfitting": "Overfitting",
        "over_regularized": "Over-regularized",
        "too_short": "Too few epochs",
        "oscillating": "Oscillating",
        "labels_mismatched": "Mismatched labels",
        "labels_shifted": "Shifted labels",
        "noisy_labels": "Noisy labels",
        "sorted_batches": "Sorted batches",
        "splits_differ": "Splits differ",
        "class_imbalance": "Class imbalance",
        "degenerate_features": "Degenerate features",
        "learning_rate_decayed": "Learning rate decayed",
        "optimizer_constants": "Optimizer constants",
        "summed_cost": "Summed cost",
        "wrong_gradient": "Wrong gradient",
    }
)
