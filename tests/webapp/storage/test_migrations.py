"""Migration of a database of an earlier version, also if it is cut short."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config as Settings
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine, event

from webapp.storage.annotation_store import Annotation, AnnotationStore
from webapp.storage.database import LATEST_MIGRATION, MIGRATIONS
from webapp.storage.run_store import RunStore
from webapp.storage.verdict_store import VerdictJson, VerdictStore

INSERT_RUN_0001 = """
    INSERT INTO run (id, name, notes, status, hyperparameters, epochs_completed, best_epoch, created_at)
    VALUES (7, 'Old', 'a note', 'finished', '{"dataset": "digits"}', 2, 1, '2026-01-02 03:04:05.000000')
"""
INSERT_EPOCH_0001 = (
    "INSERT INTO epoch (run_id, epoch, test_accuracy, gradient_evaluations, non_finite) VALUES (7,?,?,0,'[]')"
)
INSERT_ANNOTATION_0002 = "INSERT INTO annotation VALUES ('digits', 'test', 3, 1, NULL, 'a note')"
VERDICT: VerdictJson = {
    "status": "ill",
    "code": "diverging",
    "title": "Diverging",
    "severity": "critical",
    "known_by": "observed",
    "epoch": 2,
}
EMPTY = "empty"
LAST_WITHOUT_TRANSACTION = "0002"
VERSIONS = [revision.revision for revision in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
BEFORE_THE_LATEST = [EMPTY, *VERSIONS[:-1]]


def make_database(folder: Path, version: str) -> Path:
    """Write a database of this version with a run and an annotation, and return its folder.

    An empty database is no file.
    """
    folder.mkdir(exist_ok=True)
    if version == EMPTY:
        return folder
    migrate_without_transaction(folder, version)
    with closing(sqlite3.connect(folder / "misfit.db")) as connection, connection:
        connection.execute(INSERT_RUN_0001)
        connection.executemany(INSERT_EPOCH_0001, [(1, 0.5), (2, 0.25)])
        if version >= "0002":
            connection.execute(INSERT_ANNOTATION_0002)
    return folder


def migrate_without_transaction(folder: Path, version: str) -> None:
    """Migrate the database as the versions of Misfit did that used no transaction."""
    settings = Settings()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = create_engine(URL.create("sqlite", database=str(folder / "misfit.db")))
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, version)
    engine.dispose()


def assert_complete(folder: Path, version: str) -> None:
    """Assert that the database opens, that it has the data of `make_database`, and that it can store more."""
    store = RunStore(folder / "misfit.db")
    annotations = AnnotationStore(store.engine)
    if version != EMPTY:
        run = store.run(7)
        assert run is not None
        assert (run.name, run.notes, run.status, run.best_epoch) == ("Old", "a note", "finished", 1)
        assert [epoch["test_accuracy"] for epoch in store.epochs(7, 0)] == [0.5, 0.25]
        assert run.train_fingerprint is run.test_fingerprint is None
        assert (run.diagnosis, run.same_start_as) == (None, None)
        VerdictStore(store.engine).write(7, VERDICT)
        assert store.runs(0, 10, "diagnosis")[0][0].diagnosis == VERDICT
        assert store.delete_run(7)
    kept = {3: Annotation(flagged=True, note="a note")} if version not in {EMPTY, "0001"} else {}
    assert annotations.read("digits", "test") == kept
    annotations.write("digits", "test", {4: Annotation(flagged=True)})
    assert annotations.read("digits", "test") == {**kept, 4: Annotation(flagged=True)}
    store.close()
    with closing(sqlite3.connect(folder / "misfit.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(LATEST_MIGRATION,)]


def assert_all_complete(folders: list[Path], version: str) -> None:
    for folder in folders:
        assert_complete(folder, version)


class CutError(Exception):
    """An error in the middle of a migration."""


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Callable[[Path], list[Path]]]:
    """A function that copies a folder before and after each statement which any engine executes.

    A copy contains what would remain if the process were killed at that moment. The function returns the list of the
    copies, which grows with each statement that changes a file.
    """
    listeners = []

    def start(folder: Path) -> list[Path]:
        found: list[Path] = []
        seen = []

        def copy(*_arguments: object) -> None:
            content = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}
            if content not in seen:
                seen.append(content)
                found.append(tmp_path / f"copy-{len(found)}")
                shutil.copytree(folder, found[-1])

        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(Engine, name, copy)
            listeners.append((name, copy))
        return found

    yield start
    for name, listener in listeners:
        event.remove(Engine, name, listener)


@pytest.mark.parametrize("version", BEFORE_THE_LATEST)
def test_a_server_that_is_killed_at_any_statement_of_a_migration_starts_again(
    version: str, tmp_path: Path, copies: Callable[[Path], list[Path]]
) -> None:
    folder = make_database(tmp_path / "data", version)
    killed = copies(folder)
    RunStore(folder / "misfit.db").close()
    assert killed
    assert_all_complete([*killed, folder], version)


@pytest.mark.parametrize("version", [EMPTY, "0001"])
def test_a_migration_without_transaction_that_was_cut_short_is_completed(
    version: str, tmp_path: Path, copies: Callable[[Path], list[Path]]
) -> None:
    folder = make_database(tmp_path / "data", version)
    killed = copies(folder)
    migrate_without_transaction(folder, LAST_WITHOUT_TRANSACTION)
    assert len(killed) >= 3
    assert_all_complete([*killed, folder], version)


@pytest.mark.parametrize("version", BEFORE_THE_LATEST)
def test_an_error_at_any_statement_of_a_migration_undoes_the_whole_migration(version: str, tmp_path: Path) -> None:
    make_database(tmp_path, version)
    schema = schema_of(tmp_path)
    n_statements = 0
    fails_at = 0

    def fail(*_arguments: object) -> None:
        nonlocal n_statements
        n_statements += 1
        if n_statements == fails_at:
            raise CutError

    event.listen(Engine, "after_cursor_execute", fail)
    try:
        while True:
            n_statements, fails_at = 0, fails_at + 1
            try:
                RunStore(tmp_path / "misfit.db").close()
                break
            except CutError:
                assert schema_of(tmp_path) == schema
    finally:
        event.remove(Engine, "after_cursor_execute", fail)
    assert fails_at > 5
    assert_complete(tmp_path, version)


def schema_of(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "misfit.db")) as connection:
        return [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master ORDER BY name")]


def test_the_latest_migration_is_the_last_one_in_the_folder() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [LATEST_MIGRATION]
