"""A copy of an empty database, which is faster than the migrations: they wait for the disk."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from webapp.storage.run_store import RunStore


def add_empty_database(data_dir: Path) -> None:
    """Write a database without runs into the folder unless it has a database."""
    path = data_dir / "misfit.db"
    if not path.exists():
        path.write_bytes(_empty_database())


@cache
def _empty_database() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "misfit.db"
        RunStore(f"sqlite:///{path}").close()
        return path.read_bytes()
