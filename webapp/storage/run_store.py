"""Runs and their epochs in the database.

Each method commits its changes before it returns, and no other greenlet runs during the method. A method raises
DatabaseBusyError if another program has locked the database, and DiskFullError if the disk is full; it then has changed
nothing. There is one exception: a full disk prevents neither the end nor the deletion of a run. The store holds these
changes in memory, includes them in every result, and writes them when the disk has room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

from sqlalchemy import ColumnElement, Engine, Select, delete, func, insert, select, text, true, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from nn.datasets import BUILT_IN_DATASETS, DatasetRegistry
from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import EpochResult, EpochResultJson
from webapp.errors import DatabaseBusyError, DiskFullError
from webapp.storage.database import open_database
from webapp.storage.run_queries import ROWS, WITH_EPOCHS, RunRow, StoredSortKey, sort_order
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import ENDED, IN_WORKER, RunStatus, sources
from webapp.storage.status_columns import now, status_columns
from webapp.storage.tables import Epoch, Run, Store
from webapp.validation import LARGEST_INTEGER

EpochResults = list[EpochResultJson]

_COLUMNS = {field.name for field in fields(RunRecord)} - {"status", "hyperparameters", "metrics", "best_metrics"}
METRICS = tuple(field.name for field in fields(EpochResult))
_EPOCH_COLUMNS = (*METRICS, "non_finite")


class RunStore:
    """The runs in a database: the SQLite file at a path, or the database at an SQLAlchemy URL.

    The constructor runs missing migrations, and raises DatabaseError if it cannot open the database.
    """

    def __init__(self, database: str | Path, datasets: DatasetRegistry = BUILT_IN_DATASETS) -> None:
        self._datasets = datasets
        self._hyperparameters: dict[int, Hyperparameters] = {}  # by run id; parsed only once, because they never change
        self._unstored_ends: dict[int, dict[str, Any]] = {}  # by run id: the columns that the end of the run changes
        self._unstored_deletions: set[int] = set()
        self._last_reserved_id = 0
        self._engine = open_database(database)

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
        self,
        *,
        name: str,
        preset: str | None,
        hyperparameters: Hyperparameters,
        parameter_count: int,
        same_start_as: int | None = None,
    ) -> RunRecord:
        """Store a queued run."""
        run = Run(
            name=name,
            notes="",
            preset=preset,
            status=RunStatus.QUEUED.value,
            hyperparameters=hyperparameters.model_dump(mode="json"),
            epochs_completed=0,
            created_at=now(),
            parameter_count=parameter_count,
            same_start_as=same_start_as,
        )
        with Session(self._engine) as session:
            if self._engine.dialect.name == "sqlite":
                self._write_reserved_ids(session)
            session.add(run)
            session.commit()
            return self._record(run, None, None)

    def reserve_ids(self, last: int) -> None:
        """Give new runs ids greater than `last`, if the database is an SQLite file.

        The files of run `last` remain if somebody moved a damaged database away. A new run must not replace them.
        """
        self._last_reserved_id = last

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
        ids = WITH_EPOCHS.with_only_columns(Run.id).where(self._is_visible())
        sorted_ids = ids.order_by(*sort_order(sort, descending=descending))
        with self._engine.connect() as connection:
            run_ids = list(connection.scalars(sorted_ids.offset(offset).limit(limit)))
        return self.runs_of(run_ids), self._count(self._is_visible())

    def rows(self, sort: StoredSortKey | None = None, *, descending: bool = True) -> list[RunRow]:
        """Return the listed columns of all runs, sorted like `runs`."""
        with self._engine.connect() as connection:
            rows = ROWS.where(self._is_visible()).order_by(*sort_order(sort, descending=descending))
            return [self._with_unstored_end(RunRow(*row)) for row in connection.execute(rows)]

    def runs_of(self, run_ids: Sequence[int]) -> list[RunRecord]:
        """Return the runs with these ids, in the order of the ids. Unknown ids are left out."""
        found = {run.id: run for run in self._records(WITH_EPOCHS.where(Run.id.in_(run_ids)))}
        return [found[run_id] for run_id in run_ids if run_id in found]

    def most_accurate(self, dataset: str, limit: int) -> list[RunRecord]:
        """Return the runs on a data set with the highest test accuracy in their last epoch, the best one first."""
        of_dataset = Run.hyperparameters["dataset"].as_string() == dataset
        order = sort_order("test_accuracy", descending=True)
        return self._records(WITH_EPOCHS.where(of_dataset, Run.epochs_completed > 0).order_by(*order).limit(limit))

    def queued(self) -> list[int]:
        """Return the ids of queued runs, oldest first."""
        with self._engine.connect() as connection:
            return list(connection.scalars(select(Run.id).where(self._is_queued()).order_by(Run.id)))

    def count_queued(self) -> int:
        """Return the number of queued runs."""
        return self._count(self._is_queued())

    def change_status(self, run_id: int, status: RunStatus, **columns: str | int | None) -> bool:
        """Change the status and store the time of the change; return False if TRANSITIONS does not allow the change.

        If the database cannot store the end of a run, `write_unstored` writes it later.
        """
        values = status_columns(status) | columns
        if run_id in self._unstored_ends:
            return False
        try:
            return self._change_statuses(Run.id == run_id, status, values) == 1
        except (DiskFullError, SQLAlchemyError):
            run = self.run(run_id)
            if status not in ENDED or run is None or run.status not in sources(status):
                raise
            self._unstored_ends[run_id] = values
            return True

    def interrupt_leftovers(self, message: str) -> list[int]:
        """Mark as interrupted all runs that had started but not ended, and return their ids.

        If the database cannot store this now, `write_unstored` writes it later.
        """
        in_worker = Run.status.in_([status.value for status in IN_WORKER])
        waiting_to_resume = (Run.status == RunStatus.QUEUED.value) & Run.started_at.is_not(None)
        with self._engine.connect() as connection:
            leftovers = list(connection.scalars(select(Run.id).where(in_worker | waiting_to_resume).order_by(Run.id)))
        columns = {"error_code": RunStatus.INTERRUPTED.value, "error_message": message}
        values = status_columns(RunStatus.INTERRUPTED) | columns
        try:
            self._change_statuses(Run.id.in_(leftovers), RunStatus.INTERRUPTED, values)
        except (DatabaseBusyError, DiskFullError, SQLAlchemyError):
            self._unstored_ends |= dict.fromkeys(leftovers, values)
        return leftovers

    def set_sizes(self, run_id: int, sizes: Mapping[str, int | str]) -> None:
        """Store the sizes and fingerprints that are known when training starts.

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
        if not _can_be_id(run_id) or run_id in self._unstored_deletions or after >= LARGEST_INTEGER:
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

    def delete_run(self, run_id: int, delete_files: Callable[[], None] = lambda: None) -> bool:
        """Delete an ended run with its epochs. Return False and delete nothing if the run has not ended.

        `delete_files` is called when the database is not locked. If it raises an error, the database is not changed.
        If the disk is full, `write_unstored` deletes the run later.
        """
        run = self.run(run_id)
        if run is None or not run.has_ended:
            return False
        try:
            with self._engine.begin() as connection:
                connection.execute(delete(Run).where(Run.id == run_id))
                delete_files()
        except DiskFullError:
            delete_files()
            self._unstored_deletions.add(run_id)
        self._unstored_ends.pop(run_id, None)
        self._hyperparameters.pop(run_id, None)
        return True

    def write_unstored(self) -> None:
        """Write the ends and deletions of runs for which the disk had no room. Do nothing if it still has none."""
        if not self._unstored_ends and not self._unstored_deletions:
            return
        with suppress(DatabaseBusyError, DiskFullError, SQLAlchemyError):
            with self._engine.begin() as connection:
                connection.execute(delete(Run).where(Run.id.in_(list(self._unstored_deletions))))
                for run_id, values in self._unstored_ends.items():
                    connection.execute(update(Run).where(Run.id == run_id).values(**values))
            self._unstored_deletions.clear()
            self._unstored_ends.clear()

    def _write_reserved_ids(self, session: Session) -> None:
        used = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'run'"))
        if (used or 0) < self._last_reserved_id:
            session.execute(text("DELETE FROM sqlite_sequence WHERE name = 'run'"))
            session.execute(text("INSERT INTO sqlite_sequence VALUES ('run', :last)"), {"last": self._last_reserved_id})

    def _change_statuses(self, where: ColumnElement[bool], status: RunStatus, values: Mapping[str, Any]) -> int:
        allowed = [source.value for source in sources(status)]
        with self._engine.begin() as connection:
            return connection.execute(update(Run).where(where, Run.status.in_(allowed)).values(**values)).rowcount

    def _records(self, rows: Select[Run, Epoch, Epoch]) -> list[RunRecord]:
        with Session(self._engine) as session:
            found = session.execute(rows.where(self._is_visible()))
            return [self._record(run, last, best) for run, last, best in found]

    def _record(self, run: Run, last: Epoch | None, best: Epoch | None) -> RunRecord:
        if run.id not in self._hyperparameters:
            self._hyperparameters[run.id] = Hyperparameters.restore(run.hyperparameters, self._datasets)
        columns = {name: getattr(run, name) for name in _COLUMNS | {"status"}} | self._unstored_ends.get(run.id, {})
        return RunRecord(
            status=RunStatus(columns.pop("status")),
            hyperparameters=self._hyperparameters[run.id],
            metrics=_metrics(last),
            best_metrics=_metrics(best),
            **columns,
        )

    def _with_unstored_end(self, row: RunRow) -> RunRow:
        end = self._unstored_ends.get(row.id)
        return row._replace(status=end["status"]) if end else row

    def _is_visible(self) -> ColumnElement[bool]:
        return Run.id.not_in(list(self._unstored_deletions)) if self._unstored_deletions else true()

    def _is_queued(self) -> ColumnElement[bool]:
        return (Run.status == RunStatus.QUEUED.value) & Run.id.not_in(list(self._unstored_ends))

    def _count(self, *where: ColumnElement[bool]) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(Run).where(*where)).scalar_one()


def _can_be_id(number: int) -> bool:
    return 1 <= number <= LARGEST_INTEGER


def _metrics(epoch: Epoch | None) -> EpochResultJson | None:
    return cast(EpochResultJson, {name: getattr(epoch, name) for name in _EPOCH_COLUMNS}) if epoch else None
