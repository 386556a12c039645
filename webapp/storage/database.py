"""The database connection and the migration of its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

MIGRATIONS = Path(__file__).parent / "migrations"
LATEST_MIGRATION = "0004"
BUSY_TIMEOUT_SECONDS = 5


class DatabaseError(Exception):
    """An unusable database. The text is one line with the cause."""


def open_database(url: str) -> Engine:
    """Migrate the tables of the database at `url`, and return an engine. Raises DatabaseError."""
    try:
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _set_up_sqlite)
        with engine.begin() as connection:
            if _last_migration(connection) != LATEST_MIGRATION:
                upgrade(connection)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise DatabaseError(f"--database-url is not a usable database URL: {_first_line(error)}") from error
    except SQLAlchemyError as error:
        raise DatabaseError(f"cannot open the database: {_first_line(error)}") from error
    return engine


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


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Set the options of an SQLite connection.

    Write-ahead logging lets requests read while an epoch is written. With `synchronous=NORMAL`, a commit does not wait
    for the disk. Committed data survives a crash of the server. A power loss can undo the last commits but does not
    damage the database.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}")
    cursor.close()


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]
