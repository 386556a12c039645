"""The schema of the form: hyperparameters in groups, each with its bounds and help. Presets as JSON."""

from __future__ import annotations

from typing import Any

from nn.datasets import DatasetRegistry
from nn.hyperparameters.schema import GROUPS, describe_fields
from nn.presets.preset import Preset

BOUNDS = {
    "minimum": "minimum",
    "exclusive_minimum": "exclusiveMinimum",
    "maximum": "maximum",
    "exclusive_maximum": "exclusiveMaximum",
}

GLOSSARY_TERMS = {  # the term of docs/glossary.md that the help of a field links to
    "dataset": "Data set",
    "input_scaling": "Input scaling",
    "validation_fraction": "Validation split",
    "hidden_sizes": "Hidden layer",
    "activation": "Activation",
    "use_bias": "Bias",
    "reduction": "Cost",
    "output_activation": "Softmax",
    "initializer": "Initialization",
    "initializer_scale": "Initialization",
    "bias_initializer": "Initialization",
    "loss": "Loss",
    "optimizer": "Optimizer",
    "learning_rate": "Learning rate",
    "momentum": "Momentum",
    "nesterov": "Momentum",
    "schedule": "Learning-rate schedule",
    "final_learning_rate_fraction": "Learning-rate schedule",
    "decay_rate": "Learning-rate schedule",
    "decay_every": "Learning-rate schedule",
    "batching": "Mini-batch",
    "batch_size": "Mini-batch",
    "sampling": "Mini-batch",
    "epochs": "Epoch",
    "divergence_factor": "Divergence",
    "seed": "Seed",
    "l1": "Weight decay",
    "l2": "Weight decay",
    "dropout_rate": "Dropout",
    "early_stopping": "Early stopping",
    "patience": "Early stopping",
}


def form_schema(datasets: DatasetRegistry) -> dict[str, Any]:
    """Return groups and fields in the order of the form, with the data sets to choose from."""
    return {
        "groups": [{"name": name, "title": title} for name, title in GROUPS.items()],
        "fields": [_field(name, schema) for name, schema in describe_fields(datasets).items()],
    }


def _field(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "label": schema["label"],
        "help": schema["description"],
        "glossary_term": GLOSSARY_TERMS.get(name),
        "unit": schema["unit"],
        "group": schema["group"],
        "type": _type(schema),
        "default": schema["default"],
        "choices": schema.get("enum"),
        "choice_names": schema.get("choice_names", {}),
        **{ours: schema.get(theirs) for ours, theirs in BOUNDS.items()},
        "applies_when": schema["applies_when"],
        "advanced": schema["advanced"],
    }


def _type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "choice"
    return "sizes" if schema["type"] == "array" else str(schema["type"])


def preset_json(preset: Preset) -> dict[str, Any]:
    """Return a preset as JSON values."""
    return {
        "id": preset.id,
        "group": preset.group,
        "title": preset.title,
        "note": preset.note,
        "source": preset.source,
        "published": preset.published,
        "checked": preset.checked,
        "reached": preset.reached,
        "hyperparameters": preset.hyperparameters.model_dump(mode="json"),
    }
