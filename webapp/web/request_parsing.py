"""What a request brings: its query and its body, checked before anyone uses them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Annotated, Any, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nn.analysis.learning_dynamics import Kind
from nn.analysis.prediction_filter import Answer, PredictionFilter, SortKey, SortOrder
from webapp.errors import InvalidError, MalformedError, MediaTypeError, TooLargeError
from webapp.web.json_limits import LARGEST_BODY, parse_json

LARGEST_NUMBER = 2**63 - 1  # what SQLite can hold

Number = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
EpochNumber = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
Label = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Query(BaseModel):
    """The parameters that an address takes; this one takes none."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Query):
    """Which part of a list."""

    offset: Number = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class EpochQuery(Query):
    """Which epoch; the last one where none is given."""

    epoch: EpochNumber | None = None


class Choice(EpochQuery):
    """Which test images, and in which order."""

    true: Label | None = None
    predicted: Label | None = None
    answer: Answer = "wrong"
    min_confidence: Share | None = None
    max_confidence: Share | None = None
    max_margin: Share | None = None
    history: Kind | None = None
    flagged: bool | None = None
    suspects: bool = False
    sort: SortKey = "confidence"
    order: SortOrder = "desc"

    @property
    def selection(self) -> PredictionFilter:
        """The part of it that says which."""
        return PredictionFilter(**{field.name: getattr(self, field.name) for field in fields(PredictionFilter)})


Q = TypeVar("Q", bound=Query)


def read_query(kind: type[Q]) -> Q:
    """The parameters of the request; an empty one counts as left out. Raises InvalidError."""
    given = request.args.to_dict(flat=False)
    if repeated := {name: "must be given once" for name, values in given.items() if len(values) > 1}:
        raise InvalidError(repeated)
    try:
        return kind.model_validate(
            {name: value for name, (value,) in given.items() if value or name not in kind.model_fields}
        )
    except ValidationError as error:
        raise InvalidError(_messages(error)) from None


def read_object(names: Collection[str]) -> dict[str, Any]:
    """The JSON object in the body, with members of these names only; no body at all is an empty object.

    Raises MediaTypeError, TooLargeError, MalformedError, InvalidError.
    """
    body = request.get_data(cache=False)
    if not body and not request.mimetype:
        return {}
    if request.mimetype != "application/json":
        raise MediaTypeError("The body must be JSON, with Content-Type: application/json.")
    if len(body) > LARGEST_BODY:  # it came in chunks, whose sum is told by nobody; Werkzeug cuts it off without a word
        raise TooLargeError(f"The body is larger than {LARGEST_BODY:,} bytes.")
    members = parse_json(body)
    if not isinstance(members, dict):
        raise MalformedError("The body must be a JSON object, such as {}.")
    if unknown := {name: f"is not known; there are {', '.join(names)}" for name in members if name not in names}:
        raise InvalidError(unknown)
    return members


def _messages(error: ValidationError) -> dict[str, str]:
    """One message a parameter, in the words of the page."""
    messages: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_input=False):
        if problem["type"] == "extra_forbidden":
            message = "is not a parameter of this address"
        elif problem["type"].startswith("int_"):
            message = "must be a whole number"
        elif problem["type"] in {"float_parsing", "finite_number"}:
            message = "must be a number"
        elif problem["type"].startswith("bool_"):
            message = "must be true or false"
        else:
            message = "must be " + problem["msg"].removeprefix("Input should be ")
        messages.setdefault(str(problem["loc"][0]), message)
    return messages
