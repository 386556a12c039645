"""The database connection and the migration of its tables."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, ExceptionContext, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError, SQLAlchemyError

from webapp.errors import DatabaseBusyError, DiskFullError
from webapp.threads import retry_while

MIGRATIONS = Path(__file__).parent / "migrations"
LATEST_MIGRATION = "0002"
EXCLUSIVE = "exclusive"  # marks connections in exclusive mode
ROOM_FOR_SHARED_MODE = 2**20  # bytes
SECONDS_TO_OPEN = 5.0  # an attempt to open a locked database ends after this time
# SQLite reports a full disk as one of these errors. The last three also mean a used-up quota or a limited file size.
DISK_FULL_CODES = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_TRUNCATE,
}
BUSY_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class DatabaseError(Exception):
    """An unusable database. The text is one line with the cause."""


def open_database(url: str) -> Engine:
    """Migrate the tables of the database at `url`, and return an engine. Raises DatabaseError.

    Operations of the engine raise DatabaseBusyError if another program has locked the database, and DiskFullError if
    the disk is full. They do not wait for the lock, because all requests would wait with them.
    """
    try:
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "do_connect", _connect_to_sqlite)
            event.listen(engine, "checkout", _end_exclusive_mode)
            event.listen(engine, "handle_error", _translate_sqlite_error)
        retry_while(DatabaseBusyError, lambda: _migrate(engine), seconds=SECONDS_TO_OPEN)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise DatabaseError(f"--database-url is not a usable database URL: {_first_line(error)}") from error
    except SQLAlchemyError as error:
        raise DatabaseError(f"cannot open the database: {_first_line(error)}") from error
    except (DatabaseBusyError, DiskFullError) as error:
        raise DatabaseError(f"cannot open the database: {error.message}") from error
    return engine


def _migrate(engine: Engine) -> None:
    with engine.begin() as connection:
        if _last_migration(connection) != LATEST_MIGRATION:
            upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Run the missing migrations.

    Raises DatabaseError if the last migration that ran on the database is not in MIGRATIONS.
    """
    # Alembic takes a third of a second to import, and most starts have nothing to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    try:
        command.upgrade(settings, "head")
    except CommandError as error:
        raise DatabaseError(
            "another version of Misfit, perhaps a newer one, created the database; update this one, or choose another "
            f"--data-dir ({_first_line(error)})"
        ) from error


def _last_migration(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    name: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return name


def _connect_to_sqlite(dialect: Dialect, record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
    """Return a new connection.

    Write-ahead logging needs a file of 32 kB that all connections share. If the disk has no room for this file, the
    connection uses the database exclusively, because it then needs no such file.
    """
    connection: Any = dialect.connect(*arguments, **options)
    try:
        _set_up_sqlite(connection)
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode not in DISK_FULL_CODES:
            raise
        connection = dialect.connect(*arguments, **options)
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        _set_up_sqlite(connection)
        record.info[EXCLUSIVE] = True
    return connection


def _set_up_sqlite(connection: Any) -> None:
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
        if shutil.disk_usage(Path(path).parent).free > ROOM_FOR_SHARED_MODE:
            raise DisconnectionError


def _translate_sqlite_error(context: ExceptionContext) -> Exception | None:
    """Return the error of this program for a locked database or a full disk, and None for any other error."""
    code = getattr(context.original_exception, "sqlite_errorcode", None)
    database = str(context.engine.url.database if context.engine else None)
    if code in DISK_FULL_CODES:
        return DiskFullError(Path(database).parent)
    return DatabaseBusyError(database) if code is not None and code & 0xFF in BUSY_CODES else None


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]
