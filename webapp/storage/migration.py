"""The migration of the database's tables with Alembic."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from webapp.storage.database import MIGRATIONS, DatabaseError


def upgrade(connection: Connection) -> None:
    """Run the migrations that the database lacks. Raises DatabaseError if it names an unknown migration."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    try:
        command.upgrade(settings, "head")
    except CommandError as error:
        raise DatabaseError(
            "another version of Misfit, perhaps a newer one, created the database; update this one, or choose another "
            f"--data-dir ({str(error).splitlines()[0]})"
        ) from error
