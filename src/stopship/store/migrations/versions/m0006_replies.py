"""Replies kept for idempotency keys."""

import sqlalchemy as sa
from alembic import op

from stopship.store.tables import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of replies."""
    op.create_table(
        "replies",
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("claimed", Moment, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("location", sa.String(500)),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("owner", "key", name="pk_replies"),
    )
    op.create_index("ix_replies_claimed", "replies", ["claimed"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("replies")
