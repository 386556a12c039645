"""Runs and their epochs in the database.

Each method commits its changes before it returns, and no other greenlet runs during the method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Engine, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from nn.datasets import BUILT_IN_DATASETS, DatasetRegistry
from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import EpochResult, EpochResultJson
from webapp.storage.database import open_database
from webapp.storage.run_queries import ROWS, WITH_EPOCHS, RunRow, StoredSortKey, sort_order
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import ENDED, IN_WORKER, RunStatus, sources
from webapp.storage.tables import Epoch, Run, Store
from webapp.validation import LARGEST_INTEGER

EpochResults = list[EpochResultJson]

_COLUMNS = {field.name for field in fields(RunRecord)} - {"status", "hyperparameters", "metrics", "best_metrics"}
METRICS = tuple(field.name for field in fields(EpochResult))
_EPOCH_COLUMNS = (*METRICS, "non_finite")


class RunStore:
    """The runs in the database at `url`.

    The constructor runs missing migrations, and raises DatabaseError if it cannot open the database.
    """

    def __init__(self, url: str, datasets: DatasetRegistry = BUILT_IN_DATASETS) -> None:
        self._datasets = datasets
        self._hyperparameters: dict[int, Hyperparameters] = {}  # by run id; parsed only once, because they never change
        self._engine = open_database(url)

    @property
    def engine(self) -> Engine:
        """The database engine, which the stores of other tables use too."""
        return self._engine

    def identity(self) -> str:
        """Return the random id that the database received when its tables were created."""
        with self._engine.connect() as connection:
            return connection.execute(select(Store.id)).scalar_one()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def add_run(
        self, *, name: str, preset: str | None, hyperparameters: Hyperparameters, parameter_count: int
    ) -> RunRecord:
        """Store a queued run."""
        run = Run(
            name=name,
            notes="",
            preset=preset,
            status=RunStatus.QUEUED.value,
            hyperparameters=hyperparameters.model_dump(mode="json"),
            epochs_completed=0,
            created_at=_now(),
            parameter_count=parameter_count,
        )
        with Session(self._engine) as session:
            session.add(run)
            session.commit()
            return self._record(run, None, None)

    def run(self, run_id: int) -> RunRecord | None:
        """Return the run with this id, or None."""
        if not _can_be_id(run_id):
            return None
        return next(iter(self._records(WITH_EPOCHS.where(Run.id == run_id))), None)

    def runs(
        self, offset: int, limit: int, sort: StoredSortKey | None = None, *, descending: bool = True
    ) -> tuple[list[RunRecord], int]:
        """Return a page of sorted runs, and the number of all runs. By default, the newest run comes first."""
        offset, limit = (min(max(number, 0), LARGEST_INTEGER) for number in (offset, limit))
        # Sort only the ids, because the database would copy whole rows to sort them.
        sorted_ids = WITH_EPOCHS.with_only_columns(Run.id).order_by(*sort_order(sort, descending=descending))
        with self._engine.connect() as connection:
            run_ids = list(connection.scalars(sorted_ids.offset(offset).limit(limit)))
        return self.runs_of(run_ids), self._count()

    def rows(self, sort: StoredSortKey | None = None, *, descending: bool = True) -> list[RunRow]:
        """Return the listed columns of all runs, sorted like `runs`."""
        with self._engine.connect() as connection:
            found = connection.execute(ROWS.order_by(*sort_order(sort, descending=descending)))
            return [RunRow(*row) for row in found]

    def runs_of(self, run_ids: Sequence[int]) -> list[RunRecord]:
        """Return the runs with these ids, in the order of the ids. Unknown ids are left out."""
        found = {run.id: run for run in self._records(WITH_EPOCHS.where(Run.id.in_(run_ids)))}
        return [found[run_id] for run_id in run_ids if run_id in found]

    def queued(self) -> list[int]:
        """Return the ids of queued runs, oldest first."""
        with self._engine.connect() as connection:
            waiting = select(Run.id).where(Run.status == RunStatus.QUEUED.value).order_by(Run.id)
            return list(connection.scalars(waiting))

    def count_queued(self) -> int:
        """Return the number of queued runs."""
        return self._count(Run.status == RunStatus.QUEUED.value)

    def change_status(self, run_id: int, status: RunStatus, **columns: str | int | None) -> bool:
        """Change the status and store the time of the change; return False if TRANSITIONS does not allow the change."""
        return self._change_statuses(Run.id == run_id, status, columns) == 1

    def interrupt_leftovers(self, message: str) -> list[int]:
        """Mark all running and paused runs as interrupted and return their ids."""
        values = [status.value for status in IN_WORKER]
        with self._engine.connect() as connection:
            leftovers = list(connection.scalars(select(Run.id).where(Run.status.in_(values)).order_by(Run.id)))
        columns = {"error_code": RunStatus.INTERRUPTED.value, "error_message": message}
        self._change_statuses(Run.id.in_(leftovers), RunStatus.INTERRUPTED, columns)
        return leftovers

    def set_sizes(self, run_id: int, sizes: Mapping[str, int]) -> None:
        """Store sizes that are known when training starts.

        A key of `sizes` is the name of a column, such as `train_size`.
        """
        with self._engine.begin() as connection:
            connection.execute(update(Run).where(Run.id == run_id).values(**sizes))

    def add_epoch(self, run_id: int, result: EpochResultJson, *, is_best: bool) -> None:
        """Store the metrics of the run's last epoch. Raises IntegrityError if the epoch is already stored."""
        epoch = result["epoch"]
        last = {"epochs_completed": epoch} | ({"best_epoch": epoch} if is_best else {})
        with self._engine.begin() as connection:
            connection.execute(insert(Epoch), {"run_id": run_id, **result})
            connection.execute(update(Run).where(Run.id == run_id).values(**last))

    def epochs(self, run_id: int, after: int, limit: int | None = None) -> EpochResults:
        """Return the metrics of the epochs that follow epoch `after`, in order. Return at most `limit` epochs."""
        if not _can_be_id(run_id) or after >= LARGEST_INTEGER:
            return []
        columns = [getattr(Epoch, name) for name in _EPOCH_COLUMNS]
        rows = select(*columns).where(Epoch.run_id == run_id, Epoch.epoch > max(after, 0)).order_by(Epoch.epoch)
        rows = rows.limit(limit)
        with self._engine.connect() as connection:
            return [cast(EpochResultJson, dict(row)) for row in connection.execute(rows).mappings()]

    def describe_run(self, run_id: int, **texts: str) -> None:
        """Change the `name` or `notes` of a run."""
        with self._engine.begin() as connection:
            connection.execute(update(Run).where(Run.id == run_id).values(**texts))

    def delete_run(self, run_id: int) -> bool:
        """Delete an ended run with its epochs. Return False and delete nothing if the run has not ended."""
        with self._engine.begin() as connection:
            ended = [status.value for status in ENDED]
            deleted = connection.execute(delete(Run).where(Run.id == run_id, Run.status.in_(ended))).rowcount == 1
        if deleted:
            self._hyperparameters.pop(run_id, None)
        return deleted

    def _change_statuses(
        self, where: ColumnElement[bool], status: RunStatus, columns: Mapping[str, str | int | None]
    ) -> int:
        values: dict[str, Any] = {"status": status.value, **columns}
        if status is RunStatus.RUNNING:
            values["started_at"] = func.coalesce(Run.started_at, _now())
        if status in ENDED:
            values["finished_at"] = _now()
        allowed = [source.value for source in sources(status)]
        with self._engine.begin() as connection:
            return connection.execute(update(Run).where(where, Run.status.in_(allowed)).values(**values)).rowcount

    def _records(self, rows: Select[Run, Epoch, Epoch]) -> list[RunRecord]:
        with Session(self._engine) as session:
            return [self._record(run, last, best) for run, last, best in session.execute(rows)]

    def _record(self, run: Run, last: Epoch | None, best: Epoch | None) -> RunRecord:
        if run.id not in self._hyperparameters:
            self._hyperparameters[run.id] = Hyperparameters.restore(run.hyperparameters, self._datasets)
        columns = {name: getattr(run, name) for name in _COLUMNS}
        return RunRecord(
            status=RunStatus(run.status),
            hyperparameters=self._hyperparameters[run.id],
            metrics=_metrics(last),
            best_metrics=_metrics(best),
            **columns,
        )

    def _count(self, *where: ColumnElement[bool]) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(Run).where(*where)).scalar_one()


def _can_be_id(number: int) -> bool:
    return 1 <= number <= LARGEST_INTEGER


def _metrics(epoch: Epoch | None) -> EpochResultJson | None:
    return cast(EpochResultJson, {name: getattr(epoch, name) for name in _EPOCH_COLUMNS}) if epoch else None


def _now() -> datetime:
    return datetime.now(UTC)
