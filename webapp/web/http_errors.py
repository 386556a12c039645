"""HTTP status, code and JSON of every error that a client receives."""

from __future__ import annotations

import os
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import NotRequired

from typing_extensions import TypedDict

from webapp.errors import (
    NO_DESCRIPTORS,
    ConflictError,
    DatabaseBusyError,
    DiskFullError,
    InvalidError,
    NotFoundError,
    ServiceError,
    is_disk_full,
)

STATUSES: dict[type[ServiceError], int] = {
    NotFoundError: 404,
    ConflictError: 409,
    InvalidError: 422,
    DatabaseBusyError: 503,
    DiskFullError: 507,
}
# The `code` in the JSON of an error, by HTTP status. The code of an unlisted status is made from its HTTP phrase.
CODES = {
    400: "malformed",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    412: "other_server",
    413: "too_large",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
    422: "invalid",
    500: "internal_error",
    503: "unavailable",
    507: "disk_full",
}
OTHER_SERVER = "This page belongs to another Misfit server. Reload the page to see the runs of this one."
SERVER_ERROR = "Something went wrong in the server. The server log has the details."


class ErrorJson(TypedDict):
    """The inner part of an error response; `fields` maps each invalid field to its problem."""

    code: str
    message: str
    fields: NotRequired[dict[str, str]]


class ErrorResponse(TypedDict):
    """The response to every request that fails."""

    error: ErrorJson


class HttpError(Exception):
    """An error with its HTTP status, for responses over HTTP and over sockets."""

    def __init__(self, status: int, message: str, fields: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.message = message
        self.fields = dict(fields or {})
        super().__init__(message)

    @classmethod
    def from_service_error(cls, error: ServiceError) -> HttpError:
        """Return the HTTP form of a service's error."""
        return cls(STATUSES[type(error)], error.message, error.fields)

    @property
    def reason(self) -> str:
        """The standard phrase of the status."""
        return HTTPStatus(self.status).phrase

    def to_json(self) -> ErrorResponse:
        """Return the JSON response."""
        code = CODES.get(self.status) or self.reason.lower().replace(" ", "_").replace("-", "_")
        error: ErrorJson = {"code": code, "message": self.message}
        if self.fields:
            error["fields"] = self.fields
        return {"error": error}


def malformed(message: str) -> HttpError:
    """Return the error for a request that cannot be parsed."""
    return HttpError(400, message)


def forbidden(message: str) -> HttpError:
    """Return the error for a request from an origin that is not allowed."""
    return HttpError(403, message)


def other_server() -> HttpError:
    """Return the error for a request about the runs of another database."""
    return HttpError(412, OTHER_SERVER)


def too_large(limit: int) -> HttpError:
    """Return the error for a body of more than `limit` bytes."""
    return HttpError(413, f"The body is larger than {limit:,} bytes.")


def system_error(error: OSError) -> HttpError | None:
    """Return the error for a full disk or for missing file descriptors, and None for any other error."""
    if is_disk_full(error):
        folder = Path(os.fsdecode(error.filename)).parent if error.filename else "its data folder"
        return HttpError.from_service_error(DiskFullError(folder))
    if error.errno in NO_DESCRIPTORS:
        return HttpError(503, "The server has too many open files and connections. Close some pages, and try again.")
    return None
