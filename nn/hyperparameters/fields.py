"""How the fields of the hyperparameters read what people send, and how the form shows them."""

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
    """Python counts `True` as the number 1; a person who sent it did not mean that."""
    if isinstance(value, bool):
        raise PydanticCustomError("boolean_number", "a boolean is not a number")
    return value


def _split_sizes(value: object) -> object:
    """Read "128, 64", as a form sends it, as a list of sizes."""
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
    """How the form draws a field: in one of GROUPS, under `label`, its value in `unit`.

    `when` names the values of other fields under which this one applies; `advanced` ones are folded away at first.
    """
    return {
        "group": group,
        "label": label,
        "unit": unit,
        "applies_when": dict(when or {}),
        "advanced": advanced,
    }
