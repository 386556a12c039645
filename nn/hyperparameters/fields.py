"""Types of hyperparameter fields, and their description for the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from nn.hyperparameters.number_text import NumberTextError, read_number, split_sizes

MAX_LAYERS = 8
MAX_UNITS = 10_000
MAX_EPOCHS = 10_000

GROUPS = {
    "data": "Data",
    "network": "Network",
    "training": "Training",
    "regularization": "Regularization",
}


def _number(value: object, *, whole: bool) -> object:
    """Return the number that a text means, and any other value unchanged.

    Reject booleans, which Python treats as the numbers 0 and 1.
    """
    if isinstance(value, bool):
        raise PydanticCustomError("boolean_number", "a boolean is not a number")
    return _from_text(partial(read_number, whole=whole), value)


def _sizes(value: object) -> object:
    """Split text such as "128, 64", which a form sends, into a list of sizes."""
    return _from_text(split_sizes, value)


def _from_text(read: Callable[[str], object], value: object) -> object:
    try:
        return read(value) if isinstance(value, str) else value
    except NumberTextError as error:
        raise PydanticCustomError("number_text", "{message}", {"message": str(error)}) from None


Integer = Annotated[int, BeforeValidator(partial(_number, whole=True))]
Real = Annotated[float, BeforeValidator(partial(_number, whole=False))]
Sizes = Annotated[
    tuple[Annotated[int, Field(ge=1, le=MAX_UNITS), BeforeValidator(partial(_number, whole=True))], ...],
    BeforeValidator(_sizes),
    Field(max_length=MAX_LAYERS),
]


def shown(
    group: str,
    label: str,
    *,
    unit: str = "",
    when: Mapping[str, list[Any]] | None = None,
    names: Mapping[str, str] | None = None,
    advanced: bool = False,
) -> dict[str, Any]:
    """Describe a field for the form: its group in GROUPS, its label, and the unit of its value.

    `when` maps other fields to the values for which this field applies. `names` are the display names of values whose
    meaning is special. The form hides `advanced` fields at first.
    """
    return {
        "group": group,
        "label": label,
        "unit": unit,
        "choice_names": dict(names or {}),
        "applies_when": dict(when or {}),
        "advanced": advanced,
    }
