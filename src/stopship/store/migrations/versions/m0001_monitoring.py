"""Portfolios, their customers that matched, the matches, the runs."""

import sqlalchemy as sa
from alembic import op

from stopship.store.tables import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the monitoring."""
    op.create_table(
        "portfolios",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("source_name", sa.Text, nullable=False),
        sa.Column("source_sha256", sa.String(64), nullable=False),
        sa.Column("enrolled", Moment, nullable=False),
        sa.Column("customers", sa.BigInteger, nullable=False),
        sa.Column("rejected", sa.BigInteger, nullable=False),
        sa.Column("files", sa.String(64), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_portfolios"),
        sa.UniqueConstraint("name", name="uq_portfolios_name"),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("portfolio_id", sa.Integer, nullable=False),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.ForeignKeyConstraint(
            ["portfolio_id"], ["portfolios.id"], name="fk_customers_portfolio_id_portfolios", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("portfolio_id", "customer", name="uq_customers_portfolio_id"),
    )
    op.create_table(
        "monitored_matches",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("customer_id", sa.Integer, nullable=False),
        sa.Column("entity_id", sa.Text, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("band", sa.String(16), nullable=False),
        sa.Column("alert", sa.Boolean, nullable=False),
        sa.Column("snapshot", sa.String(80), nullable=False),
        sa.Column("hit", sa.Text, nullable=False),
        sa.Column("first_seen", Moment, nullable=False),
        sa.Column("last_seen", Moment, nullable=False),
        sa.Column("closed", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_monitored_matches"),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name="fk_monitored_matches_customer_id_customers",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("customer_id", "entity_id", name="uq_monitored_matches_customer_id"),
    )
    op.create_table(
        "monitor_runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("portfolio_id", sa.Integer, nullable=False),
        sa.Column("finished", Moment, nullable=False),
        sa.Column("index_hash", sa.String(80), nullable=False),
        sa.Column("engine", sa.String(64), nullable=False),
        sa.Column("threshold", sa.Float, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("changed_entities", sa.BigInteger, nullable=False),
        sa.Column("screened", sa.BigInteger, nullable=False),
        sa.Column("new", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("gone", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_monitor_runs"),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["portfolios.id"],
            name="fk_monitor_runs_portfolio_id_portfolios",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_monitor_runs_portfolio_id", "monitor_runs", ["portfolio_id"])


def downgrade() -> None:
    """Take them away."""
    for table in ("monitor_runs", "monitored_matches", "customers", "portfolios"):
        op.drop_table(table)
