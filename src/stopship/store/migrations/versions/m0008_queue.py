"""A case says which programs its alerts are about, and the queue is read from an index."""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

QUEUED = (
    *("state", "disposition", "priority", "band", "assignee", "due"),
    *("programs", "score", "opened", "changed", "closed", "locked_until", "subject_id"),
)
BY_PROGRAM = ("programs", *QUEUED[:6], "opened", "closed", "subject_id")


def upgrade() -> None:
    """Add the column, write it for the cases that are there, make the indexes."""
    op.add_column("cases", sa.Column("programs", sa.Text(), nullable=False, server_default=""))
    _fill(op.get_bind())
    # Where several indexes may do, SQLite takes a worse one now and then: it reads half of the table through it.
    op.drop_index("ix_cases_assignee", "cases")
    op.drop_index("ix_cases_state", "cases")
    op.create_index("ix_cases_queue", "cases", list(QUEUED))
    op.create_index("ix_cases_programs", "cases", list(BY_PROGRAM))
    op.create_index("ix_cases_closed", "cases", ["closed", "disposition", "opened"])
    op.create_index("ix_cases_opened", "cases", ["opened"])
    _names(op.get_bind())
    op.create_index("ix_alerts_state", "alerts", ["state", "first_seen"])
    op.create_index("ix_alerts_origin", "alerts", ["case_id", "origin", "state"])
    op.create_index("ix_alerts_entity", "alerts", ["entity_id", "case_id"])
    op.drop_index("ix_screenings_moment", "screenings")
    op.create_index("ix_screenings_moment", "screenings", ["moment", "parties"])
    op.create_index("ix_dispositions_state", "dispositions", ["state", "checked", "verdict"])
    op.create_index("ix_suppressions_state", "suppressions", ["state", "until", "ended"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_suppressions_state", "suppressions")
    op.drop_index("ix_dispositions_state", "dispositions")
    op.drop_index("ix_screenings_moment", "screenings")
    op.create_index("ix_screenings_moment", "screenings", ["moment"])
    op.drop_index("ix_alerts_entity", "alerts")
    op.drop_table("alert_names")
    op.drop_index("ix_alerts_origin", "alerts")
    op.drop_index("ix_alerts_state", "alerts")
    op.drop_index("ix_cases_opened", "cases")
    op.drop_index("ix_cases_closed", "cases")
    op.drop_index("ix_cases_programs", "cases")
    op.drop_index("ix_cases_queue", "cases")
    op.create_index("ix_cases_state", "cases", ["state", "priority", "due"])
    op.create_index("ix_cases_assignee", "cases", ["assignee"])
    op.drop_column("cases", "programs")


def _names(connection: sa.Connection) -> None:
    names = op.create_table(
        "alert_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.String(200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_names"),
    )
    op.create_index("ix_alert_names_entity_id", "alert_names", ["entity_id"])
    alerts = sa.table("alerts", sa.column("entity_id", sa.String), sa.column("entity_name", sa.Text))
    there = sa.select(alerts.c.entity_id, alerts.c.entity_name).distinct()
    connection.execute(sa.insert(names).from_select(["entity_id", "name"], there))


def _fill(connection: sa.Connection) -> None:
    cases = sa.table("cases", sa.column("id", sa.Integer), sa.column("programs", sa.Text))
    alerts = sa.table("alerts", sa.column("id", sa.Integer), sa.column("case_id", sa.Integer))
    programs = sa.table("alert_programs", sa.column("alert_id", sa.Integer), sa.column("program", sa.String))
    chosen = (
        sa.select(alerts.c.case_id, programs.c.program)
        .join_from(alerts, programs, programs.c.alert_id == alerts.c.id)
        .distinct()
        .order_by(alerts.c.case_id, programs.c.program)
    )
    rows = [
        {"number": case, "text": f" {' '.join(row[1] for row in group)} "}
        for case, group in groupby(connection.execute(chosen).all(), key=lambda row: row[0])
    ]
    if rows:
        connection.execute(
            sa.update(cases).where(cases.c.id == sa.bindparam("number")).values(programs=sa.bindparam("text")),
            rows,
        )
