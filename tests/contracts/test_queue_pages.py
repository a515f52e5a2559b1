"""The queue looked through in a browser, on every database: pages back and forth, why, exports, suppressions."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cases.people import ANNA, NOW, SUE, TOM, keep, match, party, seen

from stopship.app.casework.desk import case_work
from stopship.app.casework.queue_file import COLUMNS, EXAMPLE, export_queue
from stopship.app.workspace import Workspace
from stopship.cases import BulkDesk, Desk, Policy, SuppressionDesk, SuppressionWish, Verdict, Wanted, glance, queue
from stopship.errors import SettingsError
from stopship.store import Database, audit

SURE = {"reason": "name_only", "comment": "another company"}


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, Policy())


def fill(database: Database, count: int = 7) -> None:
    for n in range(count):
        found = match(n % 3 + 1, band="medium" if n % 2 else "exact", score=0.8 + n % 4 / 100)
        keep(database, seen(found, who=party(f"Party {n % 5} {n}")), now=NOW + timedelta(minutes=n))


@pytest.mark.parametrize("sort", queue.SORTS)
def test_pages_lead_forward_and_back_over_the_same_cases(database: Database, sort: str) -> None:
    fill(database)
    with database.begin() as connection:

        def page(**more: Any) -> Any:
            return queue.page(connection, Wanted(), now=NOW, sort=sort, limit=3, **more)

        first = page()
        second = page(cursor=queue.cursor_at(first.lines[-1], sort, backwards=False))
        third = page(cursor=second.next)
        assert first.next == queue.cursor_at(first.lines[-1], sort, backwards=False)
        back = queue.page_before(
            connection,
            Wanted(),
            now=NOW,
            sort=sort,
            limit=3,
            cursor=queue.cursor_at(third.lines[0], sort, backwards=True),
        )
        assert [line.case.id for line in back.lines[::-1]] == [line.case.id for line in second.lines]
        assert back.next is not None and len(third.lines) == 1
        every = list(queue.every(connection, Wanted(), now=NOW, sort=sort))
    assert [line.case.id for line in every] == [
        line.case.id for one in (first, second, third) for line in one.lines
    ]


def test_cases_are_found_by_the_listed_entry(database: Database) -> None:
    fill(database)
    for text, count in (("entity 2", 2), ("e-1", 3), ("ENTITY", 7), ("%", 0), ("party", 0)):
        with database.begin() as connection:
            assert queue.page(connection, Wanted(entity=text), now=NOW).total == count, text
            assert sum(queue.facets(connection, Wanted(entity=text), now=NOW)["state"].values()) == count


def test_a_page_says_why_and_who_works_on_what(database: Database, desk: Desk) -> None:
    fill(database, 2)
    desk.take(2, ANNA, now=NOW)
    with database.begin() as connection:
        lines = queue.page(connection, Wanted(), now=NOW).lines
        why = glance.glances(connection, lines)
        assert why[1] == glance.Glance("decision", "d1", (), ("the names are alike",))
        assert glance.glances(connection, ()) == {}
        (work,) = glance.at_work(connection, now=NOW)
        assert (work.who, work.case, work.name) == ("user:anna", 2, "Party 1 1")
        assert glance.at_work(connection, now=NOW + timedelta(hours=9)) == ()
        assert [line.case.id for line in queue.lines_of(connection, [2, 99, 1])] == [2, 1]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_has_all_cases_no_formula_and_a_row_of_the_record(
    database: Database, tmp_path: Path, form: str
) -> None:
    keep(database, seen(match(), who=party('=HYPERLINK("http://evil")')))
    keep(database, seen(match(2), who=party("Beispiel\r\n@Optik, GmbH")))
    work = case_work(Workspace(tmp_path, today=NOW.date()), database, now=NOW)
    asked = Wanted(states=("open",), entity="entity")
    made = export_queue(work, asked, sort="id", form=form, people={}, actor=ANNA, now=NOW)
    data = made.stream.read()
    made.stream.close()
    assert made.sha256 == hashlib.sha256(data).hexdigest() and made.cases == 2
    if form == "csv":
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        assert rows[1][1] == '\'=HYPERLINK("http://evil")'
    else:
        file = tmp_path / "queue.xlsx"
        file.write_bytes(data)
        rows = sheet(file)
        assert rows[1][1] == '=HYPERLINK("http://evil")'  # a text, not run
        assert b"<f>" not in data
    assert tuple(rows[0]) == COLUMNS and len(rows) == 3
    with database.begin() as connection:
        row = audit.last_about(connection, "queue")
    assert row is not None and (row.action, row.actor) == ("queue.exported", "user:anna")
    assert row.content is not None and '"searched":true' in row.content and "entity" not in row.content
    with pytest.raises(SettingsError):
        export_queue(work, asked, sort="id", form="exe", people={}, actor=ANNA, now=NOW)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("count", [0, 2])
def test_a_table_of_example_data_says_so_in_each_row(
    database: Database, tmp_path: Path, form: str, count: int
) -> None:
    fill(database, count)
    work = case_work(Workspace(tmp_path, today=NOW.date()), database, now=NOW)
    made = export_queue(
        work, Wanted(), sort="id", form=form, people={}, actor=ANNA, now=NOW, notice="Example, data: none real"
    )
    file = tmp_path / f"queue.{form}"
    file.write_bytes(made.stream.read())
    made.stream.close()
    text = file.read_text("utf-8-sig") if form == "csv" else ""
    rows = list(csv.reader(io.StringIO(text, newline=""))) if text else sheet(file)
    assert tuple(rows[0]) == (*COLUMNS, EXAMPLE) and len(rows) == 1 + count
    assert all(row[-1] == "Example, data: none real" for row in rows[1:])


def test_a_bulk_says_which_of_its_cases_were_changed_since(database: Database, desk: Desk) -> None:
    fill(database, 3)
    bulk = BulkDesk(desk)
    row = bulk.propose([1, 2, 3], Verdict.FALSE_MATCH, SUE, count=3, now=NOW, **SURE)
    desk.note(1, "a note changes nothing of what is judged", ANNA, now=NOW)
    desk.take(2, SUE, now=NOW)
    changed = {case.number: case.changed for case in bulk.cases_of(row.id)}
    assert changed[2] and not changed[3]
    assert bulk.lately(5) == ()
    bulk.refuse(row.id, TOM, comment="not all of them", now=NOW)
    assert [one.id for one in bulk.lately(5)] == [row.id]


def test_suppressions_are_looked_through_by_group_text_and_person(database: Database, desk: Desk) -> None:
    silent = SuppressionDesk(desk)
    for n in range(4):
        (case,) = keep(database, seen(match(n + 1), who=party(f"Party {n}"))).opened
        desk.decide(case, Verdict.FALSE_MATCH, ANNA, now=NOW, **SURE)
        days = 5 if n == 0 else 100
        silent.ask(case, SuppressionWish((NOW + timedelta(days=days)).date()), ANNA, now=NOW, **SURE)
    for number in (1, 2):
        silent.approve(number, SUE, now=NOW)

    def numbers(group: str, **more: Any) -> list[int]:
        asked = {"text": "", "person": "", "now": NOW, "limit": 10} | more
        return [held.row.id for held in silent.page(group, **asked).held]

    page = silent.page("waiting", now=NOW, limit=10)
    assert page.counts == {"waiting": 2, "active": 2, "alarms": 1, "over": 0}
    assert (page.held[0].name, page.held[0].case) == ("Party 3", 4)
    assert numbers("active") == [2, 1] and numbers("alarms") == [1]
    assert numbers("active", text="PARTY 1") == numbers("active", text="e-2") == [2]
    assert numbers("active", person="user:sue") == [2, 1] and numbers("waiting", person="user:sue") == []
    first = silent.page("active", now=NOW, limit=1)
    assert (first.above, first.below) == (None, 2)
    last = silent.page("active", now=NOW, limit=1, below=2)
    assert ([held.row.id for held in last.held], last.above, last.below) == ([1], 1, None)
    back = silent.page("active", now=NOW, limit=1, above=1)
    assert ([held.row.id for held in back.held], back.above, back.below) == ([2], None, 2)
    silent.end(2, SUE, comment="they merged", now=NOW)
    assert numbers("over") == [2]
    with pytest.raises(SettingsError):
        numbers("strange")


def sheet(path: Path) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
