"""JSON for the train page: the schema of the hyperparameter form, and the presets."""

from __future__ import annotations

from typing import Any

from nn.datasets import DatasetRegistry
from nn.hyperparameters.schema import GROUPS, describe_fields
from nn.presets.preset import Preset
from webapp.web.glossary import term_address

BOUNDS = {
    "minimum": "minimum",
    "exclusive_minimum": "exclusiveMinimum",
    "maximum": "maximum",
    "exclusive_maximum": "exclusiveMaximum",
}

GLOSSARY_TERMS = {  # by field: the term of docs/glossary.md to which the help text links
    "dataset": "data set",
    "input_scaling": "input scaling",
    "validation_fraction": "validation split",
    "hidden_sizes": "hidden layer",
    "activation": "activation",
    "use_bias": "bias",
    "reduction": "cost",
    "output_activation": "softmax",
    "initializer": "initialization",
    "initializer_scale": "initialization",
    "bias_initializer": "initialization",
    "loss": "loss",
    "optimizer": "optimizer",
    "learning_rate": "learning rate",
    "momentum": "momentum",
    "nesterov": "momentum",
    "schedule": "learning-rate schedule",
    "final_learning_rate_fraction": "learning-rate schedule",
    "decay_rate": "learning-rate schedule",
    "decay_every": "learning-rate schedule",
    "batching": "mini-batch",
    "batch_size": "mini-batch",
    "sampling": "mini-batch",
    "epochs": "epoch",
    "divergence_factor": "divergence",
    "seed": "seed",
    "l1": "weight decay",
    "l2": "weight decay",
    "dropout_rate": "dropout",
    "early_stopping": "early stopping",
    "patience": "early stopping",
}


def form_schema(datasets: DatasetRegistry) -> dict[str, Any]:
    """Return the groups and fields of the form, in its order. `datasets` are the choices of the field *Data set*."""
    return {
        "groups": [{"name": name, "title": title} for name, title in GROUPS.items()],
        "fields": [_field(name, schema) for name, schema in describe_fields(datasets).items()],
    }


def _field(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "label": schema["label"],
        "help": schema["description"],
        "glossary_term": _glossary_term(GLOSSARY_TERMS.get(name)),
        "unit": schema["unit"],
        "group": schema["group"],
        "type": _type(schema),
        "default": schema["default"],
        "choices": schema.get("enum"),
        "choice_names": schema["choice_names"],
        **{ours: schema.get("items", schema).get(theirs) for ours, theirs in BOUNDS.items()},
        "applies_when": schema["applies_when"],
        "advanced": schema["advanced"],
    }


def _glossary_term(name: str | None) -> dict[str, str] | None:
    return {"name": name, "address": term_address(name)} if name else None


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
