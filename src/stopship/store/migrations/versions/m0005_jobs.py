"""Jobs, schedules, webhooks."""

import sqlalchemy as sa
from alembic import op

from stopship.store.tables import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, empty."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("idempotency_key", sa.String(200)),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("folder", sa.String(64)),
        sa.Column("created", Moment, nullable=False),
        sa.Column("not_before", Moment, nullable=False),
        sa.Column("started", Moment),
        sa.Column("finished", Moment),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("crashes", sa.Integer, nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("leased_until", Moment),
        sa.Column("worker", sa.String(200)),
        sa.Column("cancel_asked", sa.Boolean, nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("asked_by", "idempotency_key", name="uq_jobs_asked_by"),
        sa.UniqueConstraint("folder", name="uq_jobs_folder"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_state_not_before", "jobs", ["state", "not_before"])
    op.create_table(
        "schedules",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("next_due", Moment, nullable=False),
        sa.Column("last_due", Moment),
        sa.Column("last_job", sa.Integer),
        sa.PrimaryKeyConstraint("name", name="pk_schedules"),
    )
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("secret", sa.String(128), nullable=False),
        sa.Column("old_secret", sa.String(128)),
        sa.Column("old_secret_until", Moment),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("last_success", Moment),
        sa.Column("last_failure", Moment),
        sa.Column("last_error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoints"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "webhook_messages",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("moment", Moment, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("once", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_messages"),
        sa.UniqueConstraint("once", name="uq_webhook_messages_once"),
    )
    op.create_index("ix_webhook_messages_moment", "webhook_messages", ["moment"])
    cursor = op.create_table(
        "webhook_cursor",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_cursor"),
    )
    op.bulk_insert(cursor, [{"id": 1, "seq": 0}])


def downgrade() -> None:
    """Take them away."""
    for table in ("webhook_cursor", "webhook_messages", "webhook_endpoints", "schedules", "jobs"):
        op.drop_table(table)
