"""Errors that services raise for their callers. `webapp.web.http_errors` maps them to HTTP.

ServiceError
├── NotFoundError       a run, image or data set that does not exist
├── ConflictError       a state that does not allow the request
├── InvalidError        invalid values; `fields` names them
├── DiskFullError       a write for which the disk has no room
└── DatabaseBusyError   a database that another program has locked
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path

# The disk is full, the quota of the user is used up, or the file would exceed the size limit of the process.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NO_DESCRIPTORS = frozenset({errno.EMFILE, errno.ENFILE})


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


class DiskFullError(ServiceError):
    """A write to `folder` for which the disk has no room."""

    def __init__(self, folder: Path | str) -> None:
        super().__init__(
            f"The disk is full: Misfit cannot write to {folder}. Delete runs that you no longer need, or free space on "
            "this disk, and try again."
        )


class DatabaseBusyError(ServiceError):
    """A database that another program has locked. Nothing was changed."""

    def __init__(self, database: str) -> None:
        super().__init__(
            f"Another program has locked the database {database}, so nothing was changed. Try again when that program, "
            "perhaps a backup or a database browser, has finished."
        )


def is_disk_full(error: BaseException | None) -> bool:
    """Return True if the error, or the error that it reports, means that the disk has no room for a file."""
    causes = (error, error and error.__cause__)
    return any(isinstance(cause, OSError) and cause.errno in NO_ROOM for cause in causes)
