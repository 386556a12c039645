"""Connections to SQLite, and the errors of SQLite that are not errors of this program."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from sqlalchemy import Dialect, Engine, ExceptionContext, event
from sqlalchemy.exc import DisconnectionError

from webapp.errors import DatabaseBusyError, DiskFullError

EXCLUSIVE = "exclusive"  # marks connections in exclusive mode
ROOM_FOR_SHARED_FILE = 2**16  # bytes
# SQLite reports a full disk as one of these errors, and a used-up quota or a limited file size as any but the first.
DISK_FULL_CODES = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_TRUNCATE,
}
BUSY_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def set_up_sqlite(engine: Engine) -> None:
    """Set the options of all connections of an SQLite engine.

    Operations of the engine raise DatabaseBusyError if another program has locked the database, and DiskFullError if
    the disk is full. They do not wait for the lock, because all requests would wait with them.
    """
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "checkout", _end_exclusive_mode)
    event.listen(engine, "handle_error", _translate_error)


def _connect(dialect: Dialect, record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
    """Return a new connection.

    Write-ahead logging needs a file of 32 kB that all connections share. If the disk has no room for this file, the
    connection uses the database exclusively, because it then needs no such file.
    """
    connection: Any = dialect.connect(*arguments, **options)
    try:
        _set_options(connection)
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode not in DISK_FULL_CODES:
            raise
        connection = dialect.connect(*arguments, **options)
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        _set_options(connection)
        record.info[EXCLUSIVE] = True
    return connection


def _set_options(connection: Any) -> None:
    """Set the options of an SQLite connection.

    Write-ahead logging lets requests read while an epoch is written. With `synchronous=NORMAL`, a commit does not wait
    for the disk. Committed data survives a crash of the server. A power loss can undo the last commits but does not
    damage the database.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=0")  # the server's only thread would wait with SQLite
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _end_exclusive_mode(connection: Any, record: Any, _proxy: object) -> None:
    """Replace a connection in exclusive mode by a normal one if the disk has room again."""
    if record.info.get(EXCLUSIVE):
        path = connection.execute("PRAGMA database_list").fetchone()[2]
        with suppress(OSError), TemporaryFile(dir=Path(path).parent, buffering=0) as file:
            file.write(bytes(ROOM_FOR_SHARED_FILE))
            raise DisconnectionError  # the pool then connects again


def _translate_error(context: ExceptionContext) -> Exception | None:
    """Return the error of this program for a locked database or a full disk, and None for any other error."""
    code = getattr(context.original_exception, "sqlite_errorcode", None)
    database = str(context.engine.url.database if context.engine else None)
    if code in DISK_FULL_CODES:
        return DiskFullError(Path(database).parent)
    return DatabaseBusyError(database) if code is not None and code & 0xFF in BUSY_CODES else None
