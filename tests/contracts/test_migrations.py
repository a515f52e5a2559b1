"""Every form that the database ever had is brought to the newest, with what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, create_engine, insert, select, types
from sqlalchemy.exc import IntegrityError

from stopship.store import Database
from stopship.store.database import migrations
from stopship.store.tables import metadata

REVISIONS = [one.revision for one in reversed(list(ScriptDirectory.from_config(migrations()).walk_revisions()))]

# One value for each type: so a row's references are to the one row of the other table.
SAMPLES: list[tuple[type[types.TypeEngine[Any]], Any]] = [
    (types.Boolean, True),
    (types.Integer, 1),
    (types.Float, 0.5),
    (types.Numeric, 0.5),
    (types.DateTime, datetime(2026, 11, 26, 8, 30, tzinfo=UTC)),
    (types.Date, datetime(2026, 11, 26, tzinfo=UTC).date()),
    (types.LargeBinary, b"bytes"),
    (types.JSON, {"key": "value"}),
    (types.String, "text"),
]
# Columns whose table takes only certain values: `(table, column): value`.
ALLOWED: dict[tuple[str, str], Any] = {
    ("cases", "state"): "closed",
    ("cases", "disposition"): "true_match",
    ("alerts", "state"): "decided",
    ("alerts", "verdict"): "true_match",
    ("bulks", "state"): "effective",
    ("bulks", "maker"): "somebody else",
    ("dispositions", "state"): "effective",
    ("dispositions", "verdict"): "true_match",
    ("dispositions", "maker"): "somebody else",
    ("screenings", "kind"): "decision",
    ("suppressions", "scope"): "list",
    ("suppressions", "state"): "active",
    ("suppressions", "maker"): "somebody else",
}
# Tables that a migration makes with their row.
FILLED = ("alembic_version", "audit_head", "webhook_cursor")


def value(table: Table, column: Any) -> Any:
    if (table.name, column.name) in ALLOWED:
        return ALLOWED[table.name, column.name]
    for kind, sample in SAMPLES:
        if isinstance(column.type, kind):
            return sample
    raise AssertionError(f"say in SAMPLES what {table.name}.{column.name} may hold: {column.type!r}")


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    made = create_engine(empty_database_url)
    yield made
    made.dispose()


def upgrade(engine: Engine, revision: str) -> None:
    config = migrations()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def reflected(engine: Engine) -> MetaData:
    found = MetaData()
    found.reflect(engine)
    return found


def fill(engine: Engine) -> None:
    """One row in each table."""
    found = reflected(engine)
    with engine.begin() as connection:
        for table in found.sorted_tables:
            if table.name in FILLED or connection.execute(select(table)).first() is not None:
                continue
            try:
                connection.execute(insert(table).values({one.name: value(table, one) for one in table.columns}))
            except IntegrityError as refused:
                pytest.fail(f"{table.name} takes no row of samples: say in ALLOWED what it takes. {refused.orig}")


def rows(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    with engine.connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in reflected(engine).sorted_tables
            if table.name != "alembic_version"
        }


@pytest.mark.parametrize("revision", REVISIONS)
def test_brought_to_the_newest_form_with_what_is_in_it(
    empty_database_url: str, engine: Engine, revision: str
) -> None:
    upgrade(engine, revision)
    fill(engine)
    before = rows(engine)
    Database(empty_database_url).close()
    after = rows(engine)
    assert before
    for table in before.keys() & after.keys():
        (old,), (new,) = before[table], after[table]
        assert {name: old[name] for name in old.keys() & new.keys()} == {
            name: new[name] for name in old.keys() & new.keys()
        }, table


def test_the_migrations_make_the_tables_that_the_code_uses(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_one_line_of_revisions() -> None:
    assert ScriptDirectory.from_config(migrations()).get_heads() == [REVISIONS[-1]]
    assert sorted(REVISIONS) == REVISIONS


def test_cases_that_are_there_get_the_programs_of_their_alerts(empty_database_url: str, engine: Engine) -> None:
    upgrade(engine, "0007")
    fill(engine)
    tables = reflected(engine).tables
    with engine.begin() as connection:
        first = connection.execute(select(tables["alerts"])).one()._mapping
        other = {**first, "id": 2, "entity_id": "another"}
        connection.execute(insert(tables["alerts"]).values(other))
        for program in ("us.sdn", "text", "eu.fsf"):
            connection.execute(insert(tables["alert_programs"]).values(alert_id=2, program=program))
    Database(empty_database_url).close()
    assert [row["programs"] for row in rows(engine)["cases"]] == [" eu.fsf text us.sdn "]


def test_down_and_up_again_leaves_the_tables_as_they_are(empty_database_url: str, engine: Engine) -> None:
    Database(empty_database_url).close()
    config = migrations()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")
    assert "programs" not in reflected(engine).tables["cases"].c
    test_the_migrations_make_the_tables_that_the_code_uses(empty_database_url)
