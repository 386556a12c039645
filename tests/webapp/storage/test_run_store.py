from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, create_engine
from sqlalchemy.exc import IntegrityError

from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import EpochResult, EpochResultJson
from webapp.config import Config
from webapp.storage.database import DatabaseError, open_database
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore
from webapp.storage.tables import Base


def result(epoch: int, **metrics: Any) -> EpochResultJson:
    usual: dict[str, Any] = {
        "train_cost": 0.1,
        "train_accuracy": 0.2,
        "validation_cost": None,
        "validation_accuracy": None,
        "test_cost": 1 / 3,
        "test_accuracy": 0.3,
        "learning_rate": 0.003,
        "gradient_evaluations": 41 * epoch,
        "elapsed_seconds": 0.7 * epoch,
        "images_per_second": 12345.678,
    }
    return EpochResult(epoch=epoch, **(usual | metrics)).to_json()


def add(store: RunStore, name: str = "a") -> RunRecord:
    return store.add_run(name=name, preset=None, hyperparameters=Hyperparameters(dataset="digits"), parameter_count=1)


def test_migrations_create_the_tables_that_the_models_define(config: Config) -> None:
    engine = open_database(config.database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_runs_and_epochs_survive_a_restart(config: Config, store: RunStore) -> None:
    run = add(store, "Zoë's <b>first</b> run")
    store.change_status(run.id, RunStatus.RUNNING)
    store.add_epoch(run.id, result(1), is_best=True)
    store.add_epoch(run.id, result(2), is_best=False)
    before = store.run(run.id)
    store.close()

    again = RunStore(config.database)
    assert again.run(run.id) == before
    assert before is not None
    assert (before.name, before.epochs_completed, before.best_epoch) == ("Zoë's <b>first</b> run", 2, 1)
    assert before.metrics == result(2)
    assert again.epochs(run.id, 0) == [result(1), result(2)]
    again.close()


def test_a_non_finite_metric_is_stored_as_null_and_listed_by_name(store: RunStore) -> None:
    run = add(store)
    store.add_epoch(run.id, result(1, train_cost=float("nan"), test_cost=float("inf")), is_best=False)
    (stored,) = store.epochs(run.id, 0)
    assert stored["train_cost"] is stored["test_cost"] is None
    assert stored["non_finite"] == ["train_cost", "test_cost"]


def test_an_epoch_is_stored_only_once(store: RunStore) -> None:
    run = add(store)
    store.add_epoch(run.id, result(1), is_best=False)
    with pytest.raises(IntegrityError):
        store.add_epoch(run.id, result(1, train_cost=9.0), is_best=True)
    assert store.epochs(run.id, 0) == [result(1)]
    stored = store.run(run.id)
    assert stored is not None
    assert stored.best_epoch is None


def test_epochs_are_loaded_after_a_given_epoch_up_to_a_limit(store: RunStore) -> None:
    run = add(store)
    for epoch in range(1, 6):
        store.add_epoch(run.id, result(epoch), is_best=False)
    assert [epoch["epoch"] for epoch in store.epochs(run.id, 3)] == [4, 5]
    assert [epoch["epoch"] for epoch in store.epochs(run.id, 1, limit=2)] == [2, 3]
    assert store.epochs(run.id, 10**30) == []
    assert len(store.epochs(run.id, -(10**30))) == 5


def test_runs_are_paged_newest_first(store: RunStore) -> None:
    ids = [add(store).id for _ in range(5)]
    page, total = store.runs(1, 2)
    assert ([run.id for run in page], total) == ([ids[3], ids[2]], 5)
    assert store.runs(10**30, 10**30) == ([], 5)


@pytest.mark.parametrize("run_id", [0, -1, 2, 2**63, 10**30])
def test_an_unknown_id_gives_no_run(store: RunStore, run_id: int) -> None:
    add(store)
    assert store.run(run_id) is None


def test_deleting_an_ended_run_deletes_its_epochs_and_never_reuses_its_id(store: RunStore) -> None:
    run = add(store)
    store.add_epoch(run.id, result(1), is_best=False)
    assert not store.delete_run(run.id)
    store.change_status(run.id, RunStatus.STOPPED)
    assert store.delete_run(run.id)
    assert store.run(run.id) is None
    assert store.epochs(run.id, 0) == []
    assert add(store).id == run.id + 1


def test_times_are_in_utc(store: RunStore) -> None:
    run = add(store)
    store.change_status(run.id, RunStatus.RUNNING)
    stored = store.run(run.id)
    assert stored is not None
    assert stored.started_at is not None
    assert timedelta(0) <= datetime.now(UTC) - stored.started_at < timedelta(minutes=1)
    assert stored.to_json()["created_at"].endswith("+00:00")


def test_resuming_does_not_change_the_start_time(store: RunStore) -> None:
    run = add(store)
    store.change_status(run.id, RunStatus.RUNNING)
    started = store.run(run.id)
    store.change_status(run.id, RunStatus.PAUSED)
    store.change_status(run.id, RunStatus.RUNNING)
    resumed = store.run(run.id)
    assert started is not None
    assert resumed is not None
    assert resumed.started_at == started.started_at


def test_the_database_of_a_newer_version_is_rejected_in_one_line(config: Config, store: RunStore) -> None:
    store.close()
    with sqlite3.connect(config.data_dir / "misfit.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(DatabaseError, match="another version of Misfit, perhaps a newer one") as raised:
        RunStore(config.database)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("nonsense", "--database-url"),
        ("nosuchdatabase://localhost/runs", "--database-url"),
        ("sqlite:////nowhere/at/all/misfit.db", "cannot open the database"),
    ],
)
def test_an_unusable_database_url_is_reported_in_one_line(url: str, problem: str) -> None:
    with pytest.raises(DatabaseError, match=problem) as raised:
        RunStore(url)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_a_database_is_rejected_and_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "misfit.db"
    path.write_bytes(b"Dear diary, " * 100)
    with pytest.raises(DatabaseError, match="cannot open the database"):
        RunStore(path)
    assert path.read_bytes() == b"Dear diary, " * 100


def test_a_run_can_be_loaded_while_another_connection_writes(config: Config, store: RunStore) -> None:
    run = add(store)
    other = create_engine(URL.create("sqlite", database=str(config.database)))
    with other.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        assert store.run(run.id) == run
        connection.rollback()
    other.dispose()
