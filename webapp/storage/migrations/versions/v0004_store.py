"""Table with the identity of the database."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table `store`, whose only row is a random id of the database."""
    table = op.create_table(
        "store",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_store"),
    )
    op.bulk_insert(table, [{"id": uuid4().hex}])


def downgrade() -> None:
    """Drop the table `store`."""
    op.drop_table("store")
