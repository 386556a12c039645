"""SQLite on a full disk, and with a lock of another program."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from nn.hyperparameters.schema import Hyperparameters
from tests.support.faults.store import full_disk, locked_database
from webapp.config import Config
from webapp.errors import DatabaseBusyError, DiskFullError
from webapp.storage.database import DatabaseError, open_database
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore

# Store a run, and end without closing the database: the write-ahead log then contains the run.
CRASH = """
import os, sys
from pathlib import Path

from nn.hyperparameters.schema import Hyperparameters
from webapp.storage.run_store import RunStore

store = RunStore(Path(sys.argv[1]))
store.add_run(name="a", preset=None, hyperparameters=Hyperparameters(dataset="digits"), parameter_count=1)
os._exit(0)
"""


def add_run(store: RunStore) -> int:
    hyperparameters = Hyperparameters(dataset="digits")
    return store.add_run(name="b", preset=None, hyperparameters=hyperparameters, parameter_count=1).id


def can_read(config: Config) -> bool:
    """Return True if another program can read the database."""
    connection = sqlite3.connect(config.data_dir / "misfit.db", timeout=0)
    try:
        return len(connection.execute("SELECT id FROM run").fetchall()) > 0
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()


def test_a_database_opens_without_room_for_its_shared_file_and_shares_it_again_later(config: Config) -> None:
    subprocess.run([sys.executable, "-c", CRASH, config.database], check=True)
    (config.data_dir / "misfit.db-shm").unlink()
    with full_disk():
        store = RunStore(config.database)
        assert [run.name for run in store.runs(0, 10)[0]] == ["a"]
        with pytest.raises(DiskFullError):
            add_run(store)
        assert not can_read(config)
    assert add_run(store) == 2
    assert can_read(config)
    store.close()


def test_a_new_database_needs_room(tmp_path: Path) -> None:
    with full_disk(), pytest.raises(DatabaseError, match="cannot open the database: The disk is full"):
        open_database(f"sqlite:///{tmp_path / 'new.db'}")


def test_a_lock_that_lasts_prevents_only_the_first_migration(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.storage.database.SECONDS_TO_OPEN", 0.1)
    with locked_database(config.data_dir):
        open_database(config.database).dispose()
    with locked_database(tmp_path), pytest.raises(DatabaseError, match="Another program has locked the database"):
        open_database(f"sqlite:///{tmp_path / 'misfit.db'}")


def test_a_run_is_deleted_together_with_its_files_or_not_at_all(config: Config, store: RunStore) -> None:
    run_id = add_run(store)
    files = ["predictions.bin"]
    assert not store.delete_run(run_id, files.clear)  # it has not ended
    store.change_status(run_id, RunStatus.STOPPED)
    with locked_database(config.data_dir), pytest.raises(DatabaseBusyError):
        store.delete_run(run_id, files.clear)

    def fail() -> None:
        raise PermissionError

    with pytest.raises(PermissionError):
        store.delete_run(run_id, fail)
    assert store.run(run_id)
    assert files
    assert store.delete_run(run_id, files.clear)
    assert store.run(run_id) is None
    assert not files
