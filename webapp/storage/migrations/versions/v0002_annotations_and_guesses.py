"""Tables of annotations and guesses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables `annotation` and `guess`, unless a migration that was cut short has created them."""
    op.create_table(
        "annotation",
        sa.Column("dataset", sa.String(length=100), nullable=False),
        sa.Column("split", sa.String(length=16), nullable=False),
        sa.Column("image_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("label", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dataset", "split", "image_index", name="pk_annotation"),
        if_not_exists=True,
    )
    op.create_table(
        "guess",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("image_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("label", sa.Integer(), nullable=False),
        sa.Column("true_label", sa.Integer(), nullable=False),
        sa.Column("predicted_label", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_guess_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "image_index", name="pk_guess"),
        if_not_exists=True,
    )


def downgrade() -> None:
    """Drop the tables `annotation` and `guess`."""
    op.drop_table("guess")
    op.drop_table("annotation")
