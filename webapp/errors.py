"""The errors that a client is told of, in the one shape of every answer that is not a success.

ApiError
├── MalformedError        400  cannot be read
├── ForbiddenError        403  a page of another site asks
├── NotFoundError         404
├── MethodNotAllowedError 405
├── ConflictError         409  the state of the thing does not allow it
├── TooLargeError         413
├── MediaTypeError        415
└── InvalidError          422  a value cannot be used; names the fields
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class ApiError(Exception):
    """Base of everything that is answered as an error; `fields` maps a field's name to what is wrong with it."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        self.message = message
        self.fields = dict(fields or {})
        super().__init__(message)

    def to_json(self) -> dict[str, Any]:
        """The error as `{"error": {"code", "message", "fields"?}}`."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        return {"error": error | ({"fields": self.fields} if self.fields else {})}


class MalformedError(ApiError):
    """The request cannot be read at all."""

    status = 400
    code = "malformed"


class ForbiddenError(ApiError):
    """The request comes from, or by way of, a place that is not allowed."""

    status = 403
    code = "forbidden"


class NotFoundError(ApiError):
    """There is no such thing."""

    status = 404
    code = "not_found"


class MethodNotAllowedError(ApiError):
    """The address is right, the method is not."""

    status = 405
    code = "method_not_allowed"


class ConflictError(ApiError):
    """The thing is in a state that does not allow this."""

    status = 409
    code = "conflict"


class TooLargeError(ApiError):
    """The request is larger than the server reads."""

    status = 413
    code = "too_large"


class MediaTypeError(ApiError):
    """The body is not of the kind that is understood here."""

    status = 415
    code = "unsupported_media_type"


class InvalidError(ApiError):
    """One or more values cannot be used; `fields` names each of them."""

    status = 422
    code = "invalid"

    def __init__(self, fields: Mapping[str, str], message: str | None = None) -> None:
        super().__init__(message or "; ".join(f"{name} {problem}" for name, problem in fields.items()), fields)
