"""Finding what was kept, on every database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.cases.people import NOW, keep, match, party, seen

from stopship.store import Database, kept, subjects
from stopship.store.kept import Looked

DAY = timedelta(days=1)
HAN = "新疆维吾尔自治区公安厅"


@pytest.fixture
def filled(database: Database) -> Database:
    keep(database, seen(who=party("Beispiel Optik")), reference="a" * 64, now=NOW - 2 * DAY)
    keep(database, seen(match(), who=party(HAN)), seen(who=party("Muster")), reference="b" * 64, now=NOW - DAY)
    keep(database, seen(match(), who=party("BEISPIEL Handel")), kind="names", reference="c.csv", now=NOW - DAY)
    keep(database, seen(who=party("Beispiel Optik")), kind="file", reference="d.csv", now=NOW)
    keep(database, seen(who=party("100% Optik_")), reference="d" * 64, now=NOW)
    return database


def numbers(
    database: Database, words: str = "", behind: int | None = None, most: int = 9, **other: Any
) -> list[int]:
    with database.begin() as connection:
        found = kept.named(connection, words)[0] if words else None
        looked = Looked(subjects=found, **other)
        return [one.id for one in kept.page(connection, looked, behind=behind, most=most)]


def test_the_newest_come_first_without_files_and_monitoring(filled: Database) -> None:
    assert numbers(filled) == [5, 3, 2, 1]
    assert numbers(filled, most=2) == [5, 3]
    assert numbers(filled, behind=3, most=2) == [2, 1]
    assert numbers(filled, behind=99) == []


def test_it_is_found_by_party_day_outcome_kind_and_person(filled: Database) -> None:
    assert numbers(filled, "beispiel") == [3, 1]
    assert numbers(filled, "OPTIK beispiel") == [1]
    assert numbers(filled, "公安厅") == [2]
    assert numbers(filled, "%") == [5] and numbers(filled, "k_") == [5]
    assert numbers(filled, "nobody at all") == []
    assert numbers(filled, first=NOW - DAY, before=NOW) == [3, 2]
    assert numbers(filled, outcome="review") == [2]
    assert numbers(filled, kind="names") == [3]
    assert numbers(filled, actor="key:3") == [5, 3, 2, 1] and numbers(filled, actor="user:1") == []
    assert numbers(filled, "nobody at all", digits="bbbbbbbb") == [2]


def test_parties_come_with_their_cases_those_with_hits_first(filled: Database) -> None:
    with filled.begin() as connection:
        found = kept.parties(connection, [1, 2])
    assert [(one.name, one.alerts, one.case_id) for one in found[2]] == [(HAN, 1, 1), ("Muster", 0, None)]
    assert [one.name for one in found[1]] == ["Beispiel Optik"]


def test_of_too_many_parties_those_seen_last_are_looked_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_PARTIES", 2)
    for number in range(3):
        keep(database, seen(who=party(f"Beispiel {number}")), now=NOW + number * DAY)
    with database.begin() as connection:
        assert kept.named(connection, "beispiel") == ((3, 2), True)
        assert kept.named(connection, "beispiel 1") == ((2,), False)


def test_each_time_that_a_decision_was_kept_also_when_a_party_was_erased(filled: Database) -> None:
    keep(filled, seen(who=party("Beispiel Optik")), reference="a" * 64, now=NOW)
    key = party("Beispiel Optik").key

    def times() -> list[int]:
        with filled.begin() as connection:
            return [one.id for one in kept.of_decision(connection, "a" * 64, [key])]

    assert times() == [1, 6]
    with filled.write() as connection:
        found = subjects.find(connection, key)
        assert found is not None
        subjects.erase(connection, found.id, NOW)
    assert times() == [1, 6]
