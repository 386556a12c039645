"""Plain error messages for invalid hyperparameters."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from nn.hyperparameters.number_text import write_limit

# Messages for pydantic's types of errors. They replace pydantic's own messages, which are written for programmers.
MESSAGES = {
    "boolean_number": "must be a number, not true or false",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "finite_number": "must be a finite number",
    "float_type": "must be a number",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "invalid_key": "must have text as its name",
    "less_than": "is too large: it must be less than {lt}",
    "less_than_equal": "is too large: it must be at most {le}",
    "model_type": "must be an object of names and values",
    "string_unicode": "must be well-formed text",
    "too_long": "must have at most {max_length} layers",
    "tuple_type": "must be a list of layer sizes, such as 128, 64",
}


def field_messages(error: ValidationError, names: Collection[str]) -> dict[str, str]:
    """Return a message for the first error of each invalid field.

    `names` are all valid field names. An error that concerns the whole object has the key `hyperparameters`.
    """
    messages: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_input=False):
        field, *position = problem["loc"] or ("hyperparameters",)
        messages.setdefault(str(field), _message(problem, str(field), position, names))
    return messages


def _message(problem: ErrorDetails, field: str, position: list[int | str], names: Collection[str]) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "extra_forbidden":
        near = get_close_matches(field, names, n=1)
        return "is not a hyperparameter" + (f"; did you mean {near[0]}?" if near else "")
    if kind == "unknown_dataset":
        return problem["msg"]
    if kind == "literal_error":
        return "must be one of " + str(context["expected"]).replace("'", "").replace(" or ", ", ")
    bounds = {name: write_limit(value) for name, value in context.items() if isinstance(value, int | float)}
    if kind == "number_text":
        message = problem["msg"]
    else:
        message = MESSAGES[kind].format_map(bounds) if kind in MESSAGES else f"is invalid: {problem['msg']}"
    return f"layer {int(position[0]) + 1} {message}" if position else message
