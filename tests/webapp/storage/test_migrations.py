"""Migration of a database of an earlier version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config as Settings
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from webapp.config import Config
from webapp.storage.annotation_store import Annotation, AnnotationStore
from webapp.storage.database import LATEST_MIGRATION, MIGRATIONS
from webapp.storage.run_store import RunStore

INSERT_RUN_0001 = """
    INSERT INTO run (id, name, notes, status, hyperparameters, epochs_completed, best_epoch, created_at)
    VALUES (7, 'Old', 'a note', 'finished', '{"dataset": "digits"}', 2, 1, '2026-01-02 03:04:05.000000')
"""
INSERT_EPOCH_0001 = (
    "INSERT INTO epoch (run_id, epoch, test_accuracy, gradient_evaluations, non_finite) VALUES (7,?,?,0,'[]')"
)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings without a database."""
    config = Config(data_dir=tmp_path, datasets_dir=tmp_path / "datasets")
    config.make_folders()
    return config


def make_database(config: Config, version: str) -> None:
    settings = Settings()
    settings.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(config.store_url)
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, version)
    engine.dispose()


def test_migrating_from_the_first_version_preserves_the_runs(config: Config) -> None:
    make_database(config, "0001")
    with closing(sqlite3.connect(config.data_dir / "misfit.db")) as connection, connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert "annotation" not in tables
        connection.execute(INSERT_RUN_0001)
        connection.executemany(INSERT_EPOCH_0001, [(1, 0.5), (2, 0.25)])

    store = RunStore(config.store_url)
    run = store.run(7)
    assert run is not None
    assert (run.name, run.notes, run.status, run.best_epoch) == ("Old", "a note", "finished", 1)
    assert [epoch["test_accuracy"] for epoch in store.epochs(7, 0)] == [0.5, 0.25]
    annotations = AnnotationStore(store.engine)
    assert annotations.read("digits", "test") == {}
    annotations.write("digits", "test", {3: Annotation(flagged=True)})
    assert annotations.read("digits", "test") == {3: Annotation(flagged=True)}
    assert store.delete_run(7)
    store.close()


def test_the_latest_migration_is_the_last_one_in_the_folder() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [LATEST_MIGRATION]
