"""Columns of a run that change with its status."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func

from webapp.storage.run_status import ENDED, RunStatus
from webapp.storage.tables import Run


def status_columns(status: RunStatus) -> dict[str, Any]:
    """Return the columns of a new status and of the time of the change."""
    values: dict[str, Any] = {"status": status.value}
    if status is RunStatus.RUNNING:
        values["started_at"] = func.coalesce(Run.started_at, now())
    if status in ENDED:
        values["finished_at"] = now()
    return values


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)
