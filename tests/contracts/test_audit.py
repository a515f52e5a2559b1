"""The audit record: what can't be done to it, and what `check` finds where somebody did it all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, text, update
from sqlalchemy.exc import DatabaseError
from tests.unit.cases.people import NOW

from stopship.store import Database, audit
from stopship.store.audit import heads, log
from stopship.store.audit_check import Anchor, Checked, check, check_some

ROWS = 8


@pytest.fixture
def kept(database: Database) -> Database:
    with database.write() as connection:
        for number in range(1, ROWS + 1):
            audit.append(
                connection,
                actor=f"user:{number % 3}",
                action="thing.done",
                subject=f"thing:{number}",
                content={"number": number, "name": "Erika"},
                now=NOW + timedelta(minutes=number),
            )
    return database


def checked(database: Database, *anchors: Anchor) -> Checked:
    with database.begin() as connection:
        return check(connection, anchors)


def unguarded(database: Database, change: Callable[[Connection], Any]) -> None:
    """Do what only somebody can do who rules the database: take the triggers away, then change."""
    with database.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("audit_log_update", "audit_log_delete", "audit_head_update", "audit_head_delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        else:
            connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
            connection.execute(text("ALTER TABLE audit_head DISABLE TRIGGER ALL"))
        change(connection)


def found(database: Database, *anchors: Anchor) -> list[tuple[str, int, int]]:
    return [(fault.kind, fault.first, fault.last) for fault in checked(database, *anchors).faults]


@pytest.mark.parametrize(
    "change",
    [
        update(log).where(log.c.seq == 3).values(actor="user:9"),
        update(log).where(log.c.seq == 3).values(content='{"number":4}'),
        update(log).where(log.c.seq == 3).values(content=None),  # the salt would stay
        update(log).where(log.c.seq == 3).values(content=None, salt=None, hash="0" * 64),
        update(log).values(seq=log.c.seq + 100),
        delete(log).where(log.c.seq == 3),
        delete(log),
        update(heads).values(seq=3),
        update(heads).values(hash="1" * 64),
        update(heads).values(seq=ROWS + 1),
        delete(heads),
    ],
)
def test_the_database_refuses_to_change_or_remove_rows(kept: Database, change: Any) -> None:
    with pytest.raises(DatabaseError, match=r"never changed or removed|only moves on"), kept.begin() as connection:
        connection.execute(change)
    assert checked(kept).sound


def test_postgresql_refuses_to_empty_it(kept: Database) -> None:
    if kept.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    for table in ("audit_log", "audit_head"):
        with pytest.raises(DatabaseError, match=r"never|only"), kept.begin() as connection:
            connection.execute(text(f"TRUNCATE {table}"))


def test_what_nobody_touched_verifies(kept: Database) -> None:
    done = checked(kept)
    assert (done.sound, done.rows, done.erased, done.head.seq) == (True, ROWS, 0, ROWS)
    assert checked(
        kept, Anchor(done.head.seq, done.head.hash, "was noted"), Anchor(None, done.head.hash, "x")
    ).sound


@pytest.mark.parametrize(
    ("values", "row"),
    [
        ({"actor": "user:9"}, 3),
        ({"moment": NOW}, 4),
        ({"content": '{"number":0}'}, 5),
        ({"subject": "thing:0"}, 8),
    ],
)
def test_an_altered_row_is_named(kept: Database, values: dict[str, Any], row: int) -> None:
    unguarded(kept, lambda c: c.execute(update(log).where(log.c.seq == row).values(**values)))
    assert found(kept) == [("altered", row, row)]


def test_removed_rows_are_named_wherever_they_were(kept: Database) -> None:
    unguarded(kept, lambda c: c.execute(delete(log).where(log.c.seq.in_([1, 4, 5]))))
    assert found(kept) == [("removed", 1, 1), ("removed", 4, 5)]
    unguarded(kept, lambda c: c.execute(delete(log).where(log.c.seq > 6)))
    assert found(kept) == [("removed", 1, 1), ("removed", 4, 5), ("removed", 7, 8)]


def test_rows_that_changed_places_are_named_with_where_they_were(kept: Database) -> None:
    def swap(connection: Connection) -> None:
        for before, after in ((3, 103), (6, 3), (103, 6)):
            connection.execute(update(log).where(log.c.seq == before).values(seq=after))

    unguarded(kept, swap)
    faults = checked(kept).faults
    assert {f.text for f in faults if "written" in f.text} == {"was written as row 6", "was written as row 3"}
    assert {f.first for f in faults} == {3, 4, 6, 7}  # and those that no longer follow the one before


def test_an_end_that_was_cut_off_together_with_the_head_shows_by_an_anchor(kept: Database) -> None:
    anchor = Anchor(ROWS, checked(kept).head.hash, "was noted at noon")

    def cut(connection: Connection) -> None:
        connection.execute(delete(log).where(log.c.seq > 5))
        last = connection.execute(log.select().where(log.c.seq == 5)).one()
        connection.execute(update(heads).values(seq=5, hash=last.hash))

    unguarded(kept, cut)
    assert found(kept) == []
    assert found(kept, anchor) == [("removed", 6, 8)]
    assert found(kept, Anchor(None, anchor.hash, "was kept elsewhere")) == [("anchor", 0, 0)]


def test_a_record_that_was_written_anew_shows_by_an_anchor(kept: Database) -> None:
    anchor = Anchor(4, next(row.hash for row in rows_of(kept) if row.seq == 4), "was noted at noon")
    old = rows_of(kept)

    def rewrite(connection: Connection) -> None:
        connection.execute(delete(log))
        connection.execute(update(heads).values(seq=0, hash=audit.FIRST))
        for row in old:
            audit.append(
                connection, actor="user:0", action=row.action, subject=row.subject, content={}, now=row.moment
            )

    unguarded(kept, rewrite)
    assert found(kept) == []
    assert found(kept, anchor) == [("anchor", 4, 4)]


def rows_of(database: Database) -> list[audit.AuditRow]:
    with database.begin() as connection:
        return list(audit.rows(connection))


def test_erased_content_verifies_when_a_row_says_who_erased_it(kept: Database) -> None:
    with kept.write() as connection:
        count = audit.erase_about(
            connection, ["thing:2", "thing:3", "thing:7"], actor="user:1", why="retention", now=NOW
        )
    done = checked(kept)
    assert (count, done.sound, done.erased) == (3, True, 3)
    last = rows_of(kept)[-1]
    assert (last.action, last.content) == (audit.ERASED, '{"rows":[[2,3],[7,7]],"why":"retention"}')
    with kept.write() as connection:
        audit.erase(connection, 5)
    assert found(kept) == [("erased", 5, 5)]


def some(database: Database, *seqs: int) -> list[tuple[str, int]]:
    with database.begin() as connection:
        rows = [row for row in audit.rows(connection) if row.seq in seqs]
        return [(fault.kind, fault.first) for fault in check_some(connection, rows)]


def test_some_rows_are_checked_with_their_neighbours_alone(kept: Database) -> None:
    assert some(kept, *range(1, ROWS + 1)) == []
    assert some(kept, 1, 4, ROWS) == []
    unguarded(kept, lambda c: c.execute(update(log).where(log.c.seq == 4).values(actor="user:9")))
    assert some(kept, 3, 5) == []
    assert some(kept, 4) == [("altered", 4)]
    unguarded(kept, lambda c: c.execute(update(log).where(log.c.seq == 6).values(content='{"number":7}')))
    assert some(kept, 6) == [("altered", 6)]
    unguarded(kept, lambda c: c.execute(delete(log).where(log.c.seq == 7)))
    assert ("reordered", ROWS) in some(kept, ROWS)


def test_a_row_whose_content_was_erased_still_holds(kept: Database) -> None:
    with kept.write() as connection:
        audit.erase_about(connection, ["thing:2"], actor="cli:anna", why="retention", now=NOW)
    assert some(kept, 1, 2, 3) == []
