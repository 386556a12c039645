"""The reference of trials: a configuration that is known to learn, on the same data and images."""

from __future__ import annotations

from typing import Any

from nn.hyperparameters.schema import Hyperparameters

DATA_FIELDS = ("dataset", "crop", "images_per_class", "validation_fraction", "seed")
IMAGES: dict[str, Any] = {"hidden_sizes": (128,)}
TABLE: dict[str, Any] = {"batching": "full_batch", "learning_rate": 0.05, "epochs": 300}
CLASSES: dict[str, Any] = {"hidden_sizes": (8,), "activation": "tanh", "initializer": "glorot"}
REGRESSION: dict[str, Any] = {
    "loss": "quadratic",
    "output_activation": "linear",
    "input_scaling": "standardize",
    "target_scaling": "standardize",
}


def reference_hyperparameters(h: Hyperparameters) -> Hyperparameters:
    """Return the default configuration for the data of `h`: what a run can reach there."""
    spec = h.dataset_spec
    changes = {name: field.default for name, field in Hyperparameters.model_fields.items() if name not in DATA_FIELDS}
    changes |= IMAGES if spec.kind == "images" else TABLE
    if spec.task == "regression":
        changes |= REGRESSION
    elif spec.kind == "table":
        changes |= CLASSES
    if spec.n_outputs == 1 and spec.n_classes:
        changes["loss"] = "binary_cross_entropy"
    n_left = h.train_size - round(h.train_size * h.held_out_fraction)
    changes["batch_size"] = min(32, n_left)
    return h.changed(changes)
