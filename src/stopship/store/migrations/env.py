"""Run by Alembic, with the connection that `Database` hands over."""

from alembic import context

from stopship.store import (  # noqa: F401  the tables register themselves
    attempts,
    audit,
    case_papers,
    cases,
    dispositions,
    jobs,
    keys,
    matches,
    portfolios,
    replies,
    runs,
    schedules,
    screenings,
    sessions,
    subjects,
    suppressions,
    users,
    webhooks,
)
from stopship.store.tables import metadata

connection = context.config.attributes["connection"]
# SQLite changes a table by copying it, which Alembic calls a batch.
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite"
)
with context.begin_transaction():
    context.run_migrations()
