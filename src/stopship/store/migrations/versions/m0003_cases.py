"""Subjects, cases, dispositions, suppressions, screenings; and the audit record refuses to be changed."""

import sqlalchemy as sa
from alembic import op

from stopship.store.tables import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEPT = ("seq", "moment", "actor", "action", "subject", "content_hash", "previous", "hash")
REFUSED = "audit rows are never changed or removed"
HEAD_REFUSED = "the head of the audit record only moves on to the row that was added"


def upgrade() -> None:
    """Make the tables of case work, and the triggers that guard the audit record."""
    op.create_table(
        "bulks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("chosen_by", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("maker", sa.String(length=200), nullable=False),
        sa.Column("made", Moment, nullable=False),
        sa.Column("checker", sa.String(length=200), nullable=True),
        sa.Column("checked", Moment, nullable=True),
        sa.Column("check_comment", sa.Text(), nullable=True),
        sa.CheckConstraint("state <> 'effective' OR checker IS NOT NULL", name="checked"),
        sa.CheckConstraint("state IN ('proposed', 'effective', 'refused', 'withdrawn')", name="state"),
        sa.CheckConstraint("checker IS NULL OR checker <> maker", name="four_eyes"),
        sa.PrimaryKeyConstraint("id", name="pk_bulks"),
    )
    op.create_table(
        "screenings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("moment", Moment, nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("parties", sa.BigInteger(), nullable=False),
        sa.Column("alerts", sa.BigInteger(), nullable=False),
        sa.Column("index_hash", sa.String(length=80), nullable=False),
        sa.Column("engine", sa.String(length=64), nullable=False),
        sa.Column("lists", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('decision', 'names', 'file', 'monitoring')", name="kind"),
        sa.PrimaryKeyConstraint("id", name="pk_screenings"),
    )
    op.create_index("ix_screenings_moment", "screenings", ["moment"], unique=False)
    op.create_table(
        "subjects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("party_hash", sa.String(length=64), nullable=False),
        sa.Column("first_seen", Moment, nullable=False),
        sa.Column("last_seen", Moment, nullable=False),
        sa.Column("erased", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_subjects"),
        sa.UniqueConstraint("key", name="uq_subjects_key"),
    )
    op.create_index("ix_subjects_last_seen", "subjects", ["last_seen"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("disposition", sa.String(length=16), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("opened", Moment, nullable=False),
        sa.Column("changed", Moment, nullable=False),
        sa.Column("due", Moment, nullable=False),
        sa.Column("closed", Moment, nullable=True),
        sa.Column("assignee", sa.String(length=200), nullable=True),
        sa.Column("locked_by", sa.String(length=200), nullable=True),
        sa.Column("locked_until", Moment, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (disposition IS NOT NULL)", name="closed_by_disposition"),
        sa.CheckConstraint(
            "disposition IS NULL OR disposition IN ('true_match', 'false_match')", name="disposition"
        ),
        sa.CheckConstraint("state IN ('open', 'escalated', 'proposed', 'closed')", name="state"),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_cases_subject_id_subjects"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("subject_id", name="uq_cases_subject_id"),
    )
    op.create_index("ix_cases_assignee", "cases", ["assignee"], unique=False)
    op.create_index("ix_cases_state", "cases", ["state", "priority", "due"], unique=False)
    op.create_table(
        "screened_subjects",
        sa.Column("screening_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("alerts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["screening_id"],
            ["screenings.id"],
            name="fk_screened_subjects_screening_id_screenings",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_screened_subjects_subject_id_subjects"),
        sa.PrimaryKeyConstraint("screening_id", "subject_id", name="pk_screened_subjects"),
    )
    op.create_index("ix_screened_subjects_subject_id", "screened_subjects", ["subject_id"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.String(length=200), nullable=False),
        sa.Column("entity_name", sa.Text(), nullable=False),
        sa.Column("entity_hash", sa.String(length=64), nullable=False),
        sa.Column("entity", sa.Text(), nullable=True),
        sa.Column("programs", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("band", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("hit", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("first_seen", Moment, nullable=False),
        sa.Column("last_seen", Moment, nullable=False),
        sa.Column("gone", Moment, nullable=True),
        sa.CheckConstraint("(state = 'decided') = (verdict IS NOT NULL)", name="decided_by_verdict"),
        sa.CheckConstraint("state IN ('open', 'proposed', 'decided', 'suppressed')", name="state"),
        sa.CheckConstraint("verdict IS NULL OR verdict IN ('true_match', 'false_match')", name="verdict"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_alerts_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sa.UniqueConstraint("case_id", "entity_id", name="uq_alerts_case_id"),
    )
    op.create_table(
        "bulk_cases",
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulks.id"], name="fk_bulk_cases_bulk_id_bulks", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_bulk_cases_case_id_cases"),
        sa.PrimaryKeyConstraint("bulk_id", "case_id", name="pk_bulk_cases"),
    )
    op.create_table(
        "case_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("moment", Moment, nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_files_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_case_files"),
    )
    op.create_index("ix_case_files_case_id", "case_files", ["case_id"], unique=False)
    op.create_index("ix_case_files_sha256", "case_files", ["sha256"], unique=False)
    op.create_table(
        "case_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("moment", Moment, nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_notes_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_case_notes"),
    )
    op.create_index("ix_case_notes_case_id", "case_notes", ["case_id"], unique=False)
    op.create_table(
        "dispositions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("maker", sa.String(length=200), nullable=False),
        sa.Column("made", Moment, nullable=False),
        sa.Column("needs_checker", sa.Boolean(), nullable=False),
        sa.Column("checker", sa.String(length=200), nullable=True),
        sa.Column("checked", Moment, nullable=True),
        sa.Column("check_comment", sa.Text(), nullable=True),
        sa.Column("bulk_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state <> 'effective' OR checker IS NOT NULL OR NOT needs_checker", name="checked"),
        sa.CheckConstraint("state IN ('proposed', 'effective', 'refused', 'withdrawn')", name="state"),
        sa.CheckConstraint(
            "verdict IN ('true_match', 'false_match', 'mixed', 'possible', 'escalated')",
            name="verdict",
        ),
        sa.CheckConstraint("checker IS NULL OR checker <> maker", name="four_eyes"),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulks.id"], name="fk_dispositions_bulk_id_bulks"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_dispositions_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_dispositions"),
    )
    op.create_index("ix_dispositions_case_id", "dispositions", ["case_id"], unique=False)
    op.create_table(
        "alert_programs",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name="fk_alert_programs_alert_id_alerts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("alert_id", "program", name="pk_alert_programs"),
    )
    op.create_index("ix_alert_programs_program", "alert_programs", ["program"], unique=False)
    op.create_table(
        "disposition_alerts",
        sa.Column("disposition_id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("entity_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_disposition_alerts_alert_id_alerts"),
        sa.ForeignKeyConstraint(
            ["disposition_id"],
            ["dispositions.id"],
            name="fk_disposition_alerts_disposition_id_dispositions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("disposition_id", "alert_id", name="pk_disposition_alerts"),
    )
    op.create_table(
        "suppressions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("party_hash", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("program", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("maker", sa.String(length=200), nullable=False),
        sa.Column("made", Moment, nullable=False),
        sa.Column("needs_checker", sa.Boolean(), nullable=False),
        sa.Column("checker", sa.String(length=200), nullable=True),
        sa.Column("checked", Moment, nullable=True),
        sa.Column("check_comment", sa.Text(), nullable=True),
        sa.Column("ended", Moment, nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("disposition_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(scope = 'list') = (program IS NOT NULL)", name="list_has_program"),
        sa.CheckConstraint("scope IN ('pair', 'list')", name="scope"),
        sa.CheckConstraint("state <> 'active' OR checker IS NOT NULL OR NOT needs_checker", name="checked"),
        sa.CheckConstraint(
            "state IN ('proposed', 'active', 'refused', 'withdrawn', 'ended', 'expired', 'void')",
            name="state",
        ),
        sa.CheckConstraint("checker IS NULL OR checker <> maker", name="four_eyes"),
        sa.ForeignKeyConstraint(
            ["disposition_id"], ["dispositions.id"], name="fk_suppressions_disposition_id_dispositions"
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_suppressions_subject_id_subjects"),
        sa.PrimaryKeyConstraint("id", name="pk_suppressions"),
    )
    op.create_index("ix_suppressions_subject_id", "suppressions", ["subject_id"], unique=False)
    op.create_table(
        "suppressed_entities",
        sa.Column("suppression_id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.String(length=200), nullable=False),
        sa.Column("entity_name", sa.Text(), nullable=False),
        sa.Column("entity_hash", sa.String(length=64), nullable=False),
        sa.Column("void", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["suppression_id"],
            ["suppressions.id"],
            name="fk_suppressed_entities_suppression_id_suppressions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("suppression_id", "entity_id", name="pk_suppressed_entities"),
    )
    for statement in _triggers(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("audit_log_update", "audit_log_delete", "audit_head_update", "audit_head_delete"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        for table in ("audit_log", "audit_head"):
            op.execute(f"DROP TRIGGER {table}_guard ON {table}")
            op.execute(f"DROP TRIGGER {table}_not_emptied ON {table}")
            op.execute(f"DROP FUNCTION {table}_guard()")
    for table in (
        "suppressed_entities",
        "suppressions",
        "disposition_alerts",
        "alert_programs",
        "dispositions",
        "case_notes",
        "case_files",
        "bulk_cases",
        "alerts",
        "screened_subjects",
        "cases",
        "subjects",
        "screenings",
        "bulks",
    ):
        op.drop_table(table)


def _triggers(dialect: str) -> tuple[str, ...]:
    """Nothing may change a row but its erasure; the head may only follow the last row.

    A later migration that changes one of these tables on SQLite copies it, and must make its triggers again.
    """
    moved = (
        "NEW.id = OLD.id AND NEW.seq = OLD.seq + 1 AND NEW.hash = (SELECT hash FROM audit_log WHERE seq = NEW.seq)"
    )
    if dialect == "sqlite":
        erased = " AND ".join(["NEW.content IS NULL", "NEW.salt IS NULL", *(f"NEW.{c} IS OLD.{c}" for c in KEPT)])
        return (
            f"CREATE TRIGGER audit_log_update BEFORE UPDATE ON audit_log WHEN NOT ({erased}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
            f"CREATE TRIGGER audit_log_delete BEFORE DELETE ON audit_log "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
            f"CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head WHEN NOT coalesce({moved}, 0) "
            f"BEGIN SELECT RAISE(ABORT, '{HEAD_REFUSED}'); END",
            f"CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head "
            f"BEGIN SELECT RAISE(ABORT, '{HEAD_REFUSED}'); END",
        )
    same = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in KEPT)
    erased = f"NEW.content IS NULL AND NEW.salt IS NULL AND {same}"
    return (
        *_guard("audit_log", erased, REFUSED),
        *_guard("audit_head", moved, HEAD_REFUSED),
    )


def _guard(table: str, allowed: str, refused: str) -> tuple[str, ...]:
    """PostgreSQL's triggers of one table: the one kind of change that is allowed, and no other."""
    return (
        f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {allowed} THEN RETURN NEW; END IF; END IF; "
        f"RAISE EXCEPTION '{refused}'; END $$",
        f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_guard()",
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_guard()",
    )
