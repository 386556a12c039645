"""Errors that services raise for their callers. `webapp.web.http_errors` maps them to HTTP.

ServiceError
├── NotFoundError   a run, image or data set that does not exist
├── ConflictError   a state that does not allow the request
└── InvalidError    invalid values; `fields` names them
"""

from __future__ import annotations

from collections.abc import Mapping


class ServiceError(Exception):
    """Base class of errors that a caller can handle. `fields` maps the name of each invalid field to its problem."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        self.message = message
        self.fields = dict(fields or {})
        super().__init__(message)


class NotFoundError(ServiceError):
    """A run, image or data set that does not exist."""


class ConflictError(ServiceError):
    """A state of a run or data set that does not allow the request."""


class InvalidError(ServiceError):
    """One or more invalid values; `fields` names each of them."""

    def __init__(self, fields: Mapping[str, str], message: str | None = None) -> None:
        super().__init__(message or "; ".join(f"{name} {problem}" for name, problem in fields.items()), fields)
