"""Versions of responses about completed epochs.

The response at an address that names its version never changes, so browsers cache it: docs/decisions/0030.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Response, request

from webapp.web.services import services

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent
CODE_FOLDERS = ("nn", "webapp")
CACHED = "private, max-age=31536000, immutable"


def response_version(run_id: int) -> str:
    """Return twelve characters that change if a response about a completed epoch of the run can change."""
    return _digest(services().misclassified.version(run_id))


def diagnosis_version(run_id: int) -> str | None:
    """Return twelve characters that change if the diagnosis until an epoch can change; None for a live run."""
    version = services().diagnoses.version(run_id)
    return version and _digest(version)


def versioned(response: Response, version: str) -> Response:
    """Put the version into the ETag, and let the browser cache the response if the address names this version."""
    response.set_etag(version)
    if request.args.get("v") == version and request.args.get("epoch"):
        response.headers["Cache-Control"] = CACHED
    return response


def _digest(version: str) -> str:
    return hashlib.sha256(f"{_code_version()} {version}".encode()).hexdigest()[:12]


@cache
def _code_version() -> str:
    """Return a digest of the server's source files as they were at the first call."""
    files = sorted(path for folder in CODE_FOLDERS for path in (PROJECT_ROOT / folder).rglob("*.py"))
    states = ((path.relative_to(PROJECT_ROOT), path.stat()) for path in files)
    listing = "\n".join(f"{name} {state.st_size} {state.st_mtime_ns}" for name, state in states)
    return hashlib.sha256(listing.encode()).hexdigest()
