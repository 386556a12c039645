"""Columns for the fingerprints of the data that a run used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. They are null for earlier runs, because the data of these runs may have changed."""
    op.add_column("run", sa.Column("train_fingerprint", sa.String(length=32), nullable=True))
    op.add_column("run", sa.Column("test_fingerprint", sa.String(length=32), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("run", "test_fingerprint")
    op.drop_column("run", "train_fingerprint")
