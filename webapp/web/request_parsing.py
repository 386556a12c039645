"""Parsing and validation of requests: query parameters and the JSON body."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import timedelta
from typing import Annotated, Any, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nn.analysis.learning_dynamics import LearningCategory
from nn.analysis.prediction_filter import Correctness, PredictionFilter, SortKey, SortOrder
from webapp.errors import InvalidError
from webapp.runs.run_list import RunListQuery, RunSortKey
from webapp.validation import LARGEST_INTEGER
from webapp.web.http_errors import HttpError, malformed, too_large
from webapp.web.json_limits import LARGEST_BODY, parse_json

MINUTES_PER_DAY = 1440
Number = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
EpochNumber = Annotated[int, Field(ge=1, le=LARGEST_INTEGER)]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Query(BaseModel):
    """Base class of query parameters. It allows no parameters itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PageQuery(Query):
    """A page of a list."""

    offset: Number = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class RunListParameters(PageQuery):
    """A page of the runs that contain some words, and their order. `utc_offset` is in minutes."""

    query: Annotated[str, Field(max_length=500)] = ""
    sort: RunSortKey | None = None
    order: SortOrder = "desc"
    utc_offset: Annotated[int, Field(ge=-MINUTES_PER_DAY + 1, le=MINUTES_PER_DAY - 1)] = 0

    @property
    def run_list_query(self) -> RunListQuery:
        """The query of the service."""
        values = self.model_dump(exclude={"utc_offset"})
        return RunListQuery(**values, utc_offset=timedelta(minutes=self.utc_offset))


class EpochQuery(Query):
    """An epoch; by default, the run's last epoch. `v` is a version of the response (web/response_versions.py)."""

    epoch: EpochNumber | None = None
    v: str = Field("", exclude=True)


class FilterQuery(EpochQuery):
    """A filter of test images, and their order."""

    true: Number | None = None
    predicted: Number | None = None
    answer: Correctness = "wrong"
    min_confidence: Fraction | None = None
    max_confidence: Fraction | None = None
    max_margin: Fraction | None = None
    history: LearningCategory | None = None
    flagged: bool | None = None
    suspects: bool = False
    sort: SortKey = "confidence"
    order: SortOrder = "desc"

    @property
    def is_versioned(self) -> bool:
        """True if the response depends only on what its version names.

        While a run is in progress, the sizes of changes may depend on weights that are stored later. Label suspects
        depend on other runs.
        """
        return self.sort not in {"change", "label_error"} and not self.suspects

    @property
    def prediction_filter(self) -> PredictionFilter:
        """The filter, without the epoch and the order."""
        return PredictionFilter(**{field.name: getattr(self, field.name) for field in fields(PredictionFilter)})


class FilterPageQuery(PageQuery, FilterQuery):
    """A page of a filtered list of test images."""


Q = TypeVar("Q", bound=Query)


def read_query(kind: type[Q]) -> Q:
    """Return the query parameters of the request. An empty parameter counts as omitted. Raises InvalidError."""
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
    """Return the JSON object in the body of the request, or an empty object if the request has no body.

    Raises InvalidError for a member that is not in `names`, and HttpError with status 400, 413 or 415.
    """
    body = request.get_data()  # cached, because a request can be repeated
    if not body and not request.mimetype:
        return {}
    if request.mimetype != "application/json":
        raise HttpError(415, "The body must be JSON, with Content-Type: application/json.")
    if len(body) > LARGEST_BODY:  # a chunked body has no Content-Length, and Werkzeug truncates it silently
        raise too_large(LARGEST_BODY)
    members = parse_json(body)
    if not isinstance(members, dict):
        raise malformed("The body must be a JSON object, such as {}.")
    if unknown := {name: f"is unknown; use {', '.join(names)}" for name in members if name not in names}:
        raise InvalidError(unknown)
    return members


def _messages(error: ValidationError) -> dict[str, str]:
    """Map each invalid or unknown parameter to one error message."""
    messages: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_input=False):
        if problem["type"] == "extra_forbidden":
            message = "is not a parameter of this address"
        elif problem["type"] == "int_parsing_size":
            message = "is too large"
        elif problem["type"].startswith("int_"):
            message = "must be a whole number"
        elif problem["type"] in {"float_parsing", "finite_number"}:
            message = "must be a number"
        elif problem["type"].startswith("bool_"):
            message = "must be true or false"
        elif problem["type"] == "string_too_long":
            message = f"must be at most {problem['ctx']['max_length']:,} characters long"
        else:
            message = "must be " + problem["msg"].removeprefix("Input should be ")
        messages.setdefault(str(problem["loc"][0]), message)
    return messages
