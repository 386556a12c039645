"""Faults of the store: a database that another connection has locked, and a disk without room."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def locked_database(data_dir: Path, mode: str = "IMMEDIATE") -> Iterator[None]:
    """Hold a write transaction, as another program does, during the `with` block."""
    connection = sqlite3.connect(data_dir / "misfit.db", isolation_level=None, timeout=30)
    connection.execute(f"BEGIN {mode}")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def full_disk() -> Iterator[None]:
    """Let every write of this process and of new child processes to a file fail during the `with` block.

    The system reports a file that is too large; the program treats it like a full disk.
    """
    resource = pytest.importorskip("resource", reason="Windows has no limit of the size of files")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
