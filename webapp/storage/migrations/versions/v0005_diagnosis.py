"""Columns for the verdict about a run, and for the run whose initial weights it repeats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. They are null for earlier runs: a run gets its verdict when its diagnosis is requested."""
    op.add_column("run", sa.Column("diagnosis", sa.JSON(), nullable=True))
    op.add_column("run", sa.Column("same_start_as", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("run", "same_start_as")
    op.drop_column("run", "diagnosis")
