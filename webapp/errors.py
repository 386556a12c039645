"""Errors that services raise for their callers. `webapp.web.http_errors` maps them to HTTP.

ServiceError
├── NotFoundError   no such thing
├── ConflictError   its state does not allow the request
└── InvalidError    invalid values; `fields` names them
"""

from __future__ import annotations

from collections.abc import Mapping


class ServiceError(Exception):
    """Base of all errors that a caller can do something about. `fields` maps field names to what is wrong."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        self.message = message
        self.fields = dict(fields or {})
        super().__init__(message)


class NotFoundError(ServiceError):
    """The requested run, image or data set does not exist."""


class ConflictError(ServiceError):
    """The current state of a run or data set does not allow the request."""


class InvalidError(ServiceError):
    """One or more values are invalid; `fields` names each of them."""

    def __init__(self, fields: Mapping[str, str], message: str | None = None) -> None:
        super().__init__(message or "; ".join(f"{name} {problem}" for name, problem in fields.items()), fields)
