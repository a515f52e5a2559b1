"""Keys that belong to a person."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add whose a key is."""
    # In words, because Alembic would add the constraint by itself, which SQLite can't.
    op.execute(
        "ALTER TABLE access_keys ADD COLUMN user_id INTEGER "
        "CONSTRAINT fk_access_keys_user_id_users REFERENCES users (id)"
    )
    op.create_index("ix_access_keys_user_id", "access_keys", ["user_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_access_keys_user_id", "access_keys")
    op.drop_column("access_keys", "user_id")
