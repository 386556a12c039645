"""What the page needs to draw the form: the hyperparameters in groups, each with its bounds and its help."""

from __future__ import annotations

from functools import cache
from typing import Any

from nn.hyperparameters.schema import GROUPS, describe_fields

BOUNDS = {
    "minimum": "minimum",
    "exclusive_minimum": "exclusiveMinimum",
    "maximum": "maximum",
    "exclusive_maximum": "exclusiveMaximum",
}


@cache
def form() -> dict[str, Any]:
    """Groups and fields, in the order in which they are drawn."""
    properties: dict[str, dict[str, Any]] = describe_fields()
    return {
        "groups": [{"name": name, "title": title} for name, title in GROUPS.items()],
        "fields": [_field(name, schema) for name, schema in properties.items()],
    }


def _field(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "label": schema["label"],
        "help": schema["description"],
        "unit": schema["unit"],
        "group": schema["group"],
        "type": _type(schema),
        "default": schema["default"],
        "choices": schema.get("enum"),
        **{ours: schema.get(theirs) for ours, theirs in BOUNDS.items()},
        "applies_when": schema["applies_when"],
        "advanced": schema["advanced"],
    }


def _type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "choice"
    return "sizes" if schema["type"] == "array" else str(schema["type"])
