"""Opens the database and brings its tables up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_SECONDS = 5


class DatabaseError(Exception):
    """The database cannot be used; the text is one line that says why."""


def open_database(url: str) -> Engine:
    """An engine for the database at `url`, whose tables are those of `webapp.storage.tables`. Raises DatabaseError."""
    try:
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _set_up_sqlite)
        upgrade(engine)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise DatabaseError(f"the address of the database cannot be used: {_first_line(error)}") from error
    except CommandError as error:
        raise DatabaseError(
            "the database is of another, perhaps newer, version of Misfit; update this one, or give it its own "
            f"--data-dir ({_first_line(error)})"
        ) from error
    except SQLAlchemyError as error:
        raise DatabaseError(f"the database cannot be opened: {_first_line(error)}") from error
    return engine


def upgrade(engine: Engine) -> None:
    """Run the migrations that the database has not had. Raises CommandError for one that is not known here."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Write-ahead logging lets pages be read while an epoch is written.

    With `synchronous=NORMAL` a commit costs no disk flush: what is committed outlives the death of the server, and
    after a loss of power the last moments may be missing, but nothing is damaged.
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
