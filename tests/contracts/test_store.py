"""What the store promises, on every database that it runs on."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text

from stopship.errors import DatabaseFileError, SettingsError
from stopship.store import Database, audit, matches, portfolios, runs, sqlite_url

NOW = datetime(2026, 11, 26, 8, 30, tzinfo=timezone(timedelta(hours=1)))
LATER = NOW + timedelta(days=1)


def portfolio(**other: Any) -> dict[str, Any]:
    return {
        "name": "north",
        "source_name": "customers.csv",
        "source_sha256": "ab" * 32,
        "enrolled": NOW,
        "customers": 2,
        "rejected": 0,
        "files": "customers-1",
        "state": "state-1",
    } | other


def match(customer: int, **other: Any) -> dict[str, Any]:
    return {
        "customer_id": customer,
        "entity_id": "us.el-1",
        "source": "us_csl",
        "score": 0.91,
        "band": "strong",
        "alert": True,
        "snapshot": "sha256:1",
        "hit": "{}",
    } | other


def customer(key: str) -> dict[str, str]:
    return {"customer": key, "name": "Erika Mustermann", "fields": "{}"}


def test_opening_again_keeps_what_is_there(database_url: str, database: Database) -> None:
    with database.begin() as connection:
        portfolios.put(connection, portfolio())
    again = Database(database_url)
    with again.begin() as connection:
        found = portfolios.find(connection, "north")
    again.close()
    assert found is not None
    assert found.enrolled == NOW.astimezone(UTC)
    assert found.enrolled.tzinfo is UTC
    assert (found.name, found.customers, found.files) == ("north", 2, "customers-1")


def test_a_newer_database_is_refused_in_one_line(database_url: str, database: Database) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseFileError, match=r"newer version of Stopship \(it is at 9999"):
        Database(database_url)
    with database.begin() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.begin() as connection:
        portfolios.put(connection, portfolio())
        raise ZeroDivisionError
    with database.begin() as connection:
        assert portfolios.all_of(connection) == ()


def test_a_moment_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="needs its zone"), database.begin() as connection:
        portfolios.put(connection, portfolio(enrolled=datetime(2026, 11, 26)))  # noqa: DTZ001


def test_putting_a_portfolio_again_replaces_what_is_known_and_keeps_its_number(database: Database) -> None:
    with database.begin() as connection:
        first = portfolios.put(connection, portfolio())
        assert portfolios.put(connection, portfolio(customers=3)) == first
        found = portfolios.find(connection, "north")
        assert found is not None
        assert found.customers == 3


def test_a_match_keeps_when_it_was_first_seen_even_when_it_was_closed_between(database: Database) -> None:
    with database.begin() as connection:
        number = portfolios.put(connection, portfolio())
        ids = portfolios.keep_customers(connection, number, [customer("C1")])
        matches.write(connection, [match(ids["C1"])], NOW)
        held = list(matches.open_matches(connection, number))
        assert [(m.customer, m.entity_id, m.source) for m in held] == [("C1", "us.el-1", "us_csl")]
        matches.close(connection, [held[0].id], LATER)
        assert list(matches.open_matches(connection, number)) == []
        matches.write(connection, [match(ids["C1"], score=0.5, alert=False)], LATER)
        row = connection.execute(select(matches.matches)).one()
        assert (row.first_seen, row.last_seen, row.closed, row.score) == (NOW, LATER, None, 0.5)
        assert matches.counts(connection, number) == (1, 0)


def test_a_customer_has_one_match_with_an_entity_whichever_list_carries_it(database: Database) -> None:
    with database.begin() as connection:
        number = portfolios.put(connection, portfolio())
        ids = portfolios.keep_customers(connection, number, [customer("C1")])
        matches.write(connection, [match(ids["C1"])], NOW)
        matches.write(connection, [match(ids["C1"], source="us_ofac_sdn", snapshot="sha256:2")], LATER)
        row = connection.execute(select(matches.matches)).one()
        assert (row.source, row.snapshot, row.first_seen, row.last_seen) == ("us_ofac_sdn", "sha256:2", NOW, LATER)
        held = list(matches.open_matches(connection, number))
    assert [(m.customer, m.name, m.fields) for m in held] == [("C1", "Erika Mustermann", "{}")]


def test_many_matches_are_written_and_closed_at_once(database: Database) -> None:
    with database.begin() as connection:
        number = portfolios.put(connection, portfolio())
        ids = portfolios.keep_customers(connection, number, [customer(f"C{n}") for n in range(1500)])
        rows = [match(ids[f"C{n}"]) for n in range(1500)]
        matches.write(connection, rows, NOW)
        matches.write(connection, rows, LATER)
        assert matches.counts(connection, number) == (1500, 1500)
        matches.close(connection, [m.id for m in matches.open_matches(connection, number)], LATER)
        assert matches.counts(connection, number) == (0, 0)


def test_runs_are_kept_in_order(database: Database) -> None:
    run = {"index_hash": "sha256:1", "engine": "e", "threshold": 0.8, "complete": True, "changed_entities": 1}
    counts = {"screened": 2, "new": 0, "changed": 0, "gone": 0}
    with database.begin() as connection:
        number = portfolios.put(connection, portfolio())
        assert runs.last(connection, number) is None
        runs.add(connection, number, run | counts | {"finished": LATER})
        runs.add(connection, number, run | counts | {"finished": NOW, "index_hash": "sha256:2"})
        last = runs.last(connection, number)
    assert last is not None
    assert (last.index_hash, last.finished) == ("sha256:2", NOW)


def test_removing_a_portfolio_erases_all_that_hangs_on_it(database: Database) -> None:
    with database.begin() as connection:
        number = portfolios.put(connection, portfolio())
        ids = portfolios.keep_customers(connection, number, [customer("C1")])
        matches.write(connection, [match(ids["C1"])], NOW)
        portfolios.remove(connection, number)
        for table in (portfolios.portfolios, portfolios.customers, matches.matches, runs.runs):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0, table.name


@pytest.mark.parametrize("bad", ["nonsense", "oracle9://x", "postgresql+nodriver://user:secret@host/db"])
def test_a_url_that_names_no_database_is_refused_without_its_password(bad: str) -> None:
    with pytest.raises(SettingsError, match="no database") as refused:
        Database(bad)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stopship.db"
    path.write_bytes(b"no database, but long enough to look like one" * 100)
    with pytest.raises(DatabaseFileError, match="can't be used"):
        Database(sqlite_url(path))


def test_sqlite_writes_ahead_and_overwrites_what_is_erased(tmp_path: Path) -> None:
    path = tmp_path / "stopship.db"
    database = Database(sqlite_url(path))
    with database.begin() as connection:
        number = portfolios.put(connection, portfolio(source_name="erase-me.csv"))
        portfolios.remove(connection, number)
    database.forget_erased()
    for file in tmp_path.iterdir():
        assert b"erase-me" not in file.read_bytes(), file.name
    database.close()
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    plain.close()


def note(connection: Connection, **other: Any) -> audit.Head:
    row = {"actor": "user:1", "action": "case.opened", "subject": "case:1", "content": {}, "now": NOW} | other
    return audit.append(connection, **row)


def test_each_audit_row_holds_the_hash_of_the_one_before(database: Database) -> None:
    with database.write() as connection:
        first = audit.append(
            connection, actor="user:1", action="case.opened", subject="case:1", content={"b": 1, "a": "ü"}, now=NOW
        )
        second = audit.append(
            connection, actor="user:2", action="case.closed", subject="case:1", content={}, now=LATER
        )
    with database.begin() as connection:
        kept = list(audit.rows(connection))
        assert audit.head(connection) == second == audit.Head(2, kept[1].hash)
    assert [row.seq for row in kept] == [1, 2]
    assert kept[0].previous == audit.FIRST and kept[1].previous == kept[0].hash == first.hash
    for row in kept:
        assert row.content is not None and row.salt is not None
        assert row.content_hash == audit.content_digest(row.salt, row.content)
        parts = (row.seq, row.moment, row.actor, row.action, row.subject, row.content_hash, row.previous)
        assert row.hash == audit.row_digest(*parts)
    assert kept[0].content == '{"a":"ü","b":1}'


def test_what_an_audit_row_says_can_be_erased_and_the_row_stays(database: Database) -> None:
    with database.write() as connection:
        audit.append(
            connection, actor="user:1", action="case.opened", subject="case:1", content={"name": "X"}, now=NOW
        )
        audit.erase(connection, 1)
    with database.begin() as connection:
        (row,) = audit.rows(connection)
    assert row.content is None and row.salt is None
    parts = (row.seq, row.moment, row.actor, row.action, row.subject, row.content_hash, row.previous)
    assert row.hash == audit.row_digest(*parts)


def test_audit_rows_of_a_change_that_failed_are_not_there(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as connection:
        note(connection)
        raise RuntimeError
    with database.begin() as connection:
        assert audit.head(connection) == audit.Head(0, audit.FIRST)
        assert not list(audit.rows(connection))


def test_writers_wait_for_each_other_and_number_without_gaps(database: Database) -> None:
    def write(actor: int) -> None:
        for step in range(10):
            with database.write() as connection:
                audit.append(
                    connection, actor=f"user:{actor}", action="x.done", subject=f"x:{step}", content={}, now=NOW
                )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with database.begin() as connection:
        kept = list(audit.rows(connection))
    assert [row.seq for row in kept] == list(range(1, 41))
    assert all(later.previous == before.hash for before, later in pairwise(kept))
