"""Alembic environment: runs the migrations on the connection of `webapp.storage.database`."""

from __future__ import annotations

from alembic import context

from webapp.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite can change a table only by recreating it
)
with context.begin_transaction():
    context.run_migrations()
