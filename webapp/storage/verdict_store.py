"""Storage of verdicts: the status of a run's diagnosis and its first finding."""

from __future__ import annotations

from sqlalchemy import Engine, update
from typing_extensions import TypedDict

from nn.diagnosis.finding import Code, KnownBy, Severity, Status
from webapp.storage.tables import Run


class VerdictJson(TypedDict):
    """The status of a diagnosis until `epoch`, and its first finding.

    Without a finding, `code`, `severity` and `known_by` are null. `title` is the short name of the code, or that the
    run learns well.
    """

    status: Status
    code: Code | None
    title: str
    severity: Severity | None
    known_by: KnownBy | None
    epoch: int


class VerdictStore:
    """Stores verdicts in the rows of their runs. The tables of `engine` must be up to date."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(self, run_id: int, verdict: VerdictJson | None) -> None:
        """Replace the verdict of a run; None removes it. Raises DatabaseBusyError and DiskFullError."""
        with self._engine.begin() as connection:
            connection.execute(update(Run).where(Run.id == run_id).values(diagnosis=verdict))
