"""Keeps runs and their epochs in a database.

Every method is one transaction, committed when it returns, and yields to no other greenlet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from nn.training.events import EpochResult
from webapp.storage.database import open_database
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import ENDED, IN_WORKER, RunStatus, sources
from webapp.storage.tables import Epoch, Run

LARGEST_INTEGER = 2**63 - 1

EpochResults = list[dict[str, Any]]

_RUN_ITSELF = frozenset(RunRecord.__slots__) - {"status", "metrics", "best_metrics"}
_FIGURES = (*(field.name for field in fields(EpochResult)), "non_finite")
_Last, _Best = aliased(Epoch), aliased(Epoch)
_WITH_EPOCHS = (
    select(Run, _Last, _Best)
    .outerjoin(_Last, (_Last.run_id == Run.id) & (_Last.epoch == Run.epochs_completed))
    .outerjoin(_Best, (_Best.run_id == Run.id) & (_Best.epoch == Run.best_epoch))
)


class RunStore:
    """The runs in the database at `url`, which is brought up to date first. Raises DatabaseError."""

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)

    @property
    def engine(self) -> Engine:
        """The database, for what else is kept in it."""
        return self._engine

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def add_run(
        self, *, name: str, preset: str | None, hyperparameters: Mapping[str, Any], parameter_count: int
    ) -> RunRecord:
        """Store a queued run."""
        run = Run(
            name=name,
            notes="",
            preset=preset,
            status=RunStatus.QUEUED.value,
            hyperparameters=dict(hyperparameters),
            epochs_completed=0,
            created_at=_now(),
            parameter_count=parameter_count,
        )
        with Session(self._engine) as session:
            session.add(run)
            session.commit()
            return _view(run, None, None)

    def run(self, run_id: int) -> RunRecord | None:
        """The run of that id, if there is one."""
        if not 1 <= run_id <= LARGEST_INTEGER:
            return None
        return next(iter(self._views(_WITH_EPOCHS.where(Run.id == run_id))), None)

    def runs(self, offset: int, limit: int) -> tuple[list[RunRecord], int]:
        """Some runs, newest first, and the number of all."""
        offset, limit = (min(max(number, 0), LARGEST_INTEGER) for number in (offset, limit))
        page = _WITH_EPOCHS.order_by(Run.id.desc()).offset(offset).limit(limit)
        return self._views(page), self._count()

    def queued(self) -> list[int]:
        """The ids of the runs that wait, oldest first."""
        with self._engine.connect() as connection:
            waiting = select(Run.id).where(Run.status == RunStatus.QUEUED.value).order_by(Run.id)
            return list(connection.scalars(waiting))

    def count_queued(self) -> int:
        """How many runs wait."""
        return self._count(Run.status == RunStatus.QUEUED.value)

    def change_status(self, run_id: int, status: RunStatus, **columns: str | int | None) -> bool:
        """Move the run to `status`, noting when, if the table of transitions allows it; else change nothing."""
        return self._change_statuses(Run.id == run_id, status, columns) == 1

    def interrupt_leftovers(self, message: str) -> list[int]:
        """Mark every run that was in a worker as interrupted; the ids of those."""
        values = [status.value for status in IN_WORKER]
        with self._engine.connect() as connection:
            leftovers = list(connection.scalars(select(Run.id).where(Run.status.in_(values)).order_by(Run.id)))
        columns = {"error_code": RunStatus.INTERRUPTED.value, "error_message": message}
        self._change_statuses(Run.id.in_(leftovers), RunStatus.INTERRUPTED, columns)
        return leftovers

    def set_sizes(self, run_id: int, sizes: Mapping[str, int]) -> None:
        """Note what is known once training starts: `train_size` and the other columns of that kind."""
        with self._engine.begin() as connection:
            connection.execute(update(Run).where(Run.id == run_id).values(**sizes))

    def add_epoch(self, run_id: int, result: Mapping[str, Any], *, is_best: bool) -> None:
        """Store an EpochResult in JSON as the run's last epoch. Raises IntegrityError where it is stored already."""
        epoch = result["epoch"]
        last = {"epochs_completed": epoch} | ({"best_epoch": epoch} if is_best else {})
        with self._engine.begin() as connection:
            connection.execute(insert(Epoch), {"run_id": run_id, **result})
            connection.execute(update(Run).where(Run.id == run_id).values(**last))

    def epochs(self, run_id: int, after: int, limit: int | None = None) -> EpochResults:
        """The EpochResult JSON of the epochs greater than `after`, in order, `limit` of them at most."""
        if after >= LARGEST_INTEGER:
            return []
        columns = [getattr(Epoch, name) for name in _FIGURES]
        rows = select(*columns).where(Epoch.run_id == run_id, Epoch.epoch > max(after, 0)).order_by(Epoch.epoch)
        rows = rows.limit(limit)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(rows).mappings()]

    def describe_run(self, run_id: int, **texts: str) -> None:
        """Change the run's `name` or `notes`."""
        with self._engine.begin() as connection:
            connection.execute(update(Run).where(Run.id == run_id).values(**texts))

    def delete_run(self, run_id: int) -> bool:
        """Forget the run and its epochs if it has ended; whether it was so."""
        with self._engine.begin() as connection:
            ended = [status.value for status in ENDED]
            return connection.execute(delete(Run).where(Run.id == run_id, Run.status.in_(ended))).rowcount == 1

    def _change_statuses(
        self, which: ColumnElement[bool], status: RunStatus, columns: Mapping[str, str | int | None]
    ) -> int:
        values: dict[str, Any] = {"status": status.value, **columns}
        if status is RunStatus.RUNNING:
            values["started_at"] = func.coalesce(Run.started_at, _now())
        if status in ENDED:
            values["finished_at"] = _now()
        allowed = [source.value for source in sources(status)]
        with self._engine.begin() as connection:
            return connection.execute(update(Run).where(which, Run.status.in_(allowed)).values(**values)).rowcount

    def _views(self, rows: Select[Run, Epoch, Epoch]) -> list[RunRecord]:
        with Session(self._engine) as session:
            return [_view(run, last, best) for run, last, best in session.execute(rows)]

    def _count(self, *which: ColumnElement[bool]) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(Run).where(*which)).scalar_one()


def _view(run: Run, last: Epoch | None, best: Epoch | None) -> RunRecord:
    itself = {name: getattr(run, name) for name in _RUN_ITSELF}
    return RunRecord(status=RunStatus(run.status), metrics=_figures(last), best_metrics=_figures(best), **itself)


def _figures(epoch: Epoch | None) -> dict[str, Any] | None:
    return {name: getattr(epoch, name) for name in _FIGURES} if epoch else None


def _now() -> datetime:
    return datetime.now(UTC)
