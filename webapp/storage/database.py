"""The database connection and the migration of its tables."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from webapp.errors import DatabaseBusyError, DiskFullError
from webapp.storage.sqlite import set_up_sqlite
from webapp.threads import retry_while

MIGRATIONS = Path(__file__).parent / "migrations"
LATEST_MIGRATION = "0002"
SECONDS_TO_OPEN = 5.0  # an attempt to open a locked database ends after this time


class DatabaseError(Exception):
    """An unusable database. The text is one line with the cause."""


def open_database(url: str) -> Engine:
    """Migrate the tables of the database at `url`, and return an engine. Raises DatabaseError."""
    try:
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            set_up_sqlite(engine)
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


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0]
