"""Users, keys, sessions, and attempts to sign in."""

import sqlalchemy as sa
from alembic import op

from stopship.store.tables import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, empty."""
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("created", Moment, nullable=False),
        sa.Column("password_set", Moment),
        sa.Column("last_login", Moment),
        sa.Column("disabled", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )
    op.create_table(
        "user_identities",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user_identities"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_user_identities_user_id_users", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("issuer", "subject", name="uq_user_identities_issuer"),
    )
    op.create_index("ix_user_identities_user_id", "user_identities", ["user_id"])
    op.create_table(
        "access_keys",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("public", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("a_minute", sa.Integer),
        sa.Column("created", Moment, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("expires", Moment),
        sa.Column("last_used", Moment),
        sa.Column("revoked", Moment),
        sa.Column("replaces", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_access_keys"),
        sa.UniqueConstraint("public", name="uq_access_keys_public"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("seen", Moment, nullable=False),
        sa.Column("expires", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id_users", ondelete="CASCADE"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "pending_logins",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("state_hash", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("expires", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pending_logins"),
        sa.UniqueConstraint("state_hash", name="uq_pending_logins_state_hash"),
    )
    op.create_index("ix_pending_logins_expires", "pending_logins", ["expires"])
    op.create_table(
        "login_attempts",
        sa.Column("bucket", sa.String(80), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last", Moment, nullable=False),
        sa.Column("free_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("bucket", name="pk_login_attempts"),
    )
    op.create_index("ix_login_attempts_last", "login_attempts", ["last"])
    op.create_table(
        "login_places",
        sa.Column("bucket", sa.String(80), nullable=False),
        sa.Column("last", Moment, nullable=False),
        sa.PrimaryKeyConstraint("bucket", name="pk_login_places"),
    )
    op.create_index("ix_login_places_last", "login_places", ["last"])
