"""The database connection and the migration of its tables."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from webapp.errors import DatabaseBusyError, DiskFullError
from webapp.storage.sqlite import set_up_sqlite
from webapp.storage.tables import Base
from webapp.threads import retry_while

MIGRATIONS = Path(__file__).parent / "migrations"
LATEST_MIGRATION = "0005"
SQLITE_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
SECONDS_TO_OPEN = 5.0  # an attempt to open a locked database ends after this time


class DatabaseError(Exception):
    """An unusable database. The text is one line with the cause."""


def open_database(database: str | Path) -> Engine:
    """Migrate the tables of the SQLite file or of the database at an SQLAlchemy URL, and return an engine.

    Raises DatabaseError, without an engine that is still open.
    """
    # A path in the text of a URL would end at its first question mark.
    url = URL.create("sqlite", database=str(database)) if isinstance(database, Path) else database
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise DatabaseError(f"--database-url is not a usable database URL: {_first_line(error)}") from error
    try:
        if engine.dialect.name == "sqlite":
            set_up_sqlite(engine)
        retry_while(DatabaseBusyError, lambda: _check_and_migrate(engine), seconds=SECONDS_TO_OPEN)
    except BaseException as error:
        engine.dispose()
        if isinstance(error, (DatabaseBusyError, DiskFullError)):
            raise DatabaseError(f"cannot open the database: {error.message}") from error
        if isinstance(error, SQLAlchemyError):
            raise _cannot_open(error, engine.url.database) from error
        raise
    return engine


def _check_and_migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            _check_sqlite(connection)
        if _last_migration(connection) != LATEST_MIGRATION:
            connection.rollback()
            upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Run the missing migrations in one transaction: if the process ends meanwhile, none of them has run.

    Raises DatabaseError if the last migration that ran on the database is not in MIGRATIONS, or if another program
    created a table of the same name.
    """
    with connection.begin():
        if connection.dialect.name == "sqlite":
            # Otherwise, sqlite3 begins no transaction for CREATE TABLE, and a migration that is cut short would leave
            # tables without the number of the migration.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        if _last_migration(connection) != LATEST_MIGRATION:  # another server may have just migrated the database
            _run_migrations(connection)
        _check_columns(connection)


def _run_migrations(connection: Connection) -> None:
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


def _check_sqlite(connection: Connection) -> None:
    """Raise SQLAlchemyError if the file is not a database, and DatabaseError if a part of it is damaged."""
    problem = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if problem != "ok":
        raise DatabaseError(_damage(connection.engine.url.database, str(problem).splitlines()[-1]))


def _check_columns(connection: Connection) -> None:
    """Raise DatabaseError if a column of a table is missing."""
    inspector = inspect(connection)
    for table in Base.metadata.sorted_tables:
        found = {column["name"] for column in inspector.get_columns(table.name)}
        if missing := [column.name for column in table.columns if column.name not in found]:
            raise DatabaseError(
                f"another program created the table {table.name} in the database, which has no column {missing[0]}; "
                "choose another database"
            )


def _last_migration(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    name: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return name


def _cannot_open(error: SQLAlchemyError, path: str | None) -> DatabaseError:
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0)
    if code & 0xFF in SQLITE_DAMAGED:  # the upper bits of an SQLite error code give details
        return DatabaseError(_damage(path, _first_line(error)))
    return DatabaseError(f"cannot open the database{f' {path}' if path else ''}: {_first_line(error)}")


def _damage(path: str | None, problem: str) -> str:
    folder, name = Path(path or "").parent, Path(path or "").name
    message = (
        f"cannot open the database: {path} is damaged ({problem}). Move {name} out of {folder}, with {name}-wal and "
        f"{name}-shm if they exist, and start again."
    )
    return f"{message} The files of the runs stay in {folder / 'runs'}." if (folder / "runs").is_dir() else message


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]
