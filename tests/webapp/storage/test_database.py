"""Opening of a database: its path, damage, and run ids that folders of runs already use."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert

from nn.hyperparameters.schema import Hyperparameters
from tests.support.stored_runs import store_runs
from webapp.config import Config
from webapp.storage.database import DatabaseError
from webapp.storage.run_store import RunStore
from webapp.storage.tables import Annotation

# Each name is a folder name that means something else in a URL, in a pattern or in a shell.
FOLDER_NAMES = [
    *("week?1", "week?2", "week", "a%20b", "a b", "a+b", "#1", "a&b=c", "a:b", "user@host", "50%", "%%", "%(here)s"),
    *(
        "it's",
        '"quoted"',
        "back\\slash",
        "*",
        "[ab]",
        "{x}",
        "~",
        "$HOME",
        "été 数据 🧠",
        "two\nlines",
        "file:x?mode=memory",
    ),
    ":memory:",
    *([os.fsdecode(b"latin-\xe9")] if sys.platform == "linux" else []),
]


def add_run(store: RunStore, name: str) -> int:
    return store.add_run(name=name, preset=None, hyperparameters=Hyperparameters(), parameter_count=1).id


def names_in(store: RunStore) -> list[str]:
    return [run.name for run in store.runs(0, 10)[0]]


def test_each_folder_has_its_own_database_whatever_its_name(tmp_path: Path) -> None:
    folders = []
    for name in FOLDER_NAMES:
        try:
            (tmp_path / name).mkdir()
        except (OSError, ValueError):  # the file system does not allow this name
            continue
        folders.append(tmp_path / name)
    for number, folder in enumerate(folders):
        store = RunStore(Config(data_dir=folder, datasets_dir=folder).database)
        assert names_in(store) == []
        add_run(store, f"Run of folder {number}")
        store.close()
    for number, folder in enumerate(folders):
        store = RunStore(Config(data_dir=folder, datasets_dir=folder).database)
        assert names_in(store) == [f"Run of folder {number}"]
        store.close()
        assert (folder / "misfit.db").is_file()
    assert sorted(tmp_path.iterdir()) == sorted(folders)
    assert len(folders) > 10


def test_damage_anywhere_in_the_database_is_reported_with_a_remedy(tmp_path: Path) -> None:
    store_runs(tmp_path, 300)
    (tmp_path / "runs").mkdir()
    path = tmp_path / "misfit.db"
    whole = path.read_bytes()
    page = 4096
    damaged = {
        "another file": b"Dear diary, " * 1000,
        "a damaged header": b"\0" * 100 + whole[100:],
        "a damaged schema": whole[:100] + b"\xff" * 900 + whole[1000:],
        "a damaged page": whole[: 20 * page] + b"\xff" * page + whole[21 * page :],
        "a missing end": whole[: len(whole) // page // 2 * page],
    }
    for kind, content in damaged.items():
        path.write_bytes(content)
        with pytest.raises(DatabaseError) as raised:
            RunStore(path)
        message = str(raised.value)
        assert f"{path} is damaged" in message, (kind, message)
        assert f"Move misfit.db out of {tmp_path}" in message
        assert str(tmp_path / "runs") in message
        assert "\n" not in message
        assert path.read_bytes() == content, kind  # a person may want to repair it


def test_a_table_of_another_program_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE guess (id INTEGER, note TEXT)")
    with pytest.raises(DatabaseError, match="another program created the table guess"):
        RunStore(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("guess",)]


def test_new_runs_never_take_the_id_of_a_run_whose_files_remain(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "misfit.db")
    store.reserve_ids(41)
    assert add_run(store, "after the files of run 41") == 42
    store.reserve_ids(7)
    assert add_run(store, "next") == 43
    with store.engine.begin() as connection:  # other tables are not affected
        connection.execute(
            insert(Annotation), {"dataset": "digits", "split": "test", "image_index": 0, "flagged": True, "note": ""}
        )
    store.close()
