"""Parties erased by policy: no word of theirs is left in any table, and the audit record verifies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.cases.people import ANNA, NOW, SUE, keep, match, party, seen

from stopship.cases import Actor, BulkDesk, Desk, Policy, Role, SuppressionDesk, SuppressionWish, Verdict, Wanted
from stopship.cases.erasure import erasable, erase, erased_decisions
from stopship.cases.papers import Papers
from stopship.errors import StepNotAllowed
from stopship.store import Database
from stopship.store.audit_check import check
from stopship.store.tables import metadata

ADMIN = Actor("user:root", Role.ADMIN)
LATER = NOW + timedelta(days=400)
NAME = "Erika Mustermann"


def words(database: Database) -> str:
    with database.begin() as connection:
        return "\n".join(
            str(row) for table in metadata.sorted_tables for row in connection.execute(table.select())
        )


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    """One party with all that a case may hold, closed; another one that was screened lately."""
    desk = Desk(database, Policy())
    keep(database, seen(match(1), match(2), who=party(NAME, birth_date="1965-10")), reference="aa")
    keep(database, seen(match(1), who=party("Beispiel GmbH")), now=LATER, reference="bb")
    first = desk.show(1).alerts[0].id
    said = {"reason": "name_only", "comment": f"{NAME} is somebody else"}
    desk.note(1, f"called {NAME}", ANNA, now=NOW)
    Papers(desk, tmp_path / "files").add(1, f"{NAME}.txt", NAME.encode(), ANNA, now=NOW)
    until = SuppressionWish((NOW + timedelta(days=30)).date())
    desk.decide(1, Verdict.FALSE_MATCH, ANNA, alerts=(first,), suppress=until, now=NOW, **said)
    held = SuppressionDesk(desk)
    held.approve(1, SUE, comment=NAME, now=NOW)
    held.end(1, ANNA, comment=f"{NAME} moved", now=NOW)
    bulk = BulkDesk(desk)
    row = bulk.propose(Wanted(text="erika"), Verdict.FALSE_MATCH, ANNA, count=1, now=NOW, **said)
    bulk.approve(row.id, SUE, comment=f"{NAME}, yes", now=NOW)
    return desk


def test_no_word_of_the_party_is_left_and_the_record_verifies(
    database: Database, desk: Desk, tmp_path: Path
) -> None:
    assert NAME in words(database)
    done = erase(desk, NOW + timedelta(days=1), ADMIN, now=LATER)
    assert (done.subjects, done.cases, done.decisions) == ((1,), (1,), ("aa",))
    left = words(database)
    for word in (NAME, "erika", "Mustermann", "1965-10"):
        assert word not in left
    with database.begin() as connection:
        checked = check(connection)
        assert erased_decisions(connection) == ("aa",)
    assert checked.sound and checked.erased == done.audit_rows > 8
    assert Papers(desk, tmp_path / "files").sweep() == 1
    view = desk.show(1)
    assert (view.case.name, view.case.state, view.case.disposition) == ("", "closed", "false_match")
    assert [row.actor for row in view.timeline][:2] == ["system:cases", "user:anna"]
    assert [one.maker for one in view.dispositions] == ["user:anna", "user:anna"]
    assert desk.show(2).case.name == "Beispiel GmbH"
    # Who comes again is somebody new.
    assert keep(database, seen(match(1), who=party(NAME)), now=LATER).opened == [3]


def test_open_cases_and_suppressions_that_hold_keep_a_party(database: Database, desk: Desk) -> None:
    keep(database, seen(match(3), who=party(NAME)), now=NOW)
    assert erasable(desk, NOW + timedelta(days=1)).kept_open == (1,)
    desk.decide(
        1,
        Verdict.FALSE_MATCH,
        ANNA,
        reason="name_only",
        suppress=SuppressionWish((NOW + timedelta(days=30)).date()),
        now=NOW,
    )
    SuppressionDesk(desk).approve(2, SUE, now=NOW)
    found = erasable(desk, NOW + timedelta(days=1))
    assert (found.subjects, found.kept_suppressed) == ((), (1,))
    SuppressionDesk(desk).sweep(now=NOW + timedelta(days=31))
    assert erasable(desk, NOW + timedelta(days=1)).kept_open == (1,)  # what was silent must be judged again


def test_erasing_takes_an_admin_and_is_itself_on_record(database: Database, desk: Desk) -> None:
    with pytest.raises(StepNotAllowed, match="erasing needs admin"):
        erase(desk, LATER, SUE, now=LATER)
    assert NAME in words(database)
    erase(desk, NOW + timedelta(days=1), Actor.system("retention"), now=LATER)
    assert "parties.erased" in words(database)
    before = words(database)
    assert erase(desk, NOW + timedelta(days=1), ADMIN, now=LATER).subjects == ()
    assert words(database) == before
