"""Types of hyperparameter fields, and their description for the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

MAX_LAYERS = 8
MAX_UNITS = 10_000
MAX_EPOCHS = 10_000

GROUPS = {
    "data": "Data",
    "network": "Network",
    "training": "Training",
    "regularization": "Regularization",
}


def _not_boolean(value: object) -> object:
    """Reject booleans, which Python treats as the numbers 0 and 1."""
    if isinstance(value, bool):
        raise PydanticCustomError("boolean_number", "a boolean is not a number")
    return value


def _split_sizes(value: object) -> object:
    """Split text such as "128, 64", which a form sends, into a list of sizes."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


Integer = Annotated[int, BeforeValidator(_not_boolean)]
Real = Annotated[float, BeforeValidator(_not_boolean)]
Sizes = Annotated[
    tuple[Annotated[Integer, Field(ge=1, le=MAX_UNITS)], ...],
    BeforeValidator(_split_sizes),
    Field(max_length=MAX_LAYERS),
]


def shown(
    group: str,
    label: str,
    *,
    unit: str = "",
    when: Mapping[str, list[Any]] | None = None,
    advanced: bool = False,
) -> dict[str, Any]:
    """Describe a field for the form: its group in GROUPS, its label, and the unit of its value.

    `when` maps other fields to the values for which this field applies. The form hides `advanced` fields at first.
    """
    return {
        "group": group,
        "label": label,
        "unit": unit,
        "applies_when": dict(when or {}),
        "advanced": advanced,
    }
