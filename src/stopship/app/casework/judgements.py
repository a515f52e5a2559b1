"""What people have decided about the matches of a decision, as judgements for the screener.

Two things count in later decisions: that a match was judged true, and a suppression that a second person has
agreed to. That a case was closed as a false match answers its alerts and nothing else. Either counts only while
the party and the listed entry are what was judged.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from stopship.app.casework.screenings import Entries, Place, places_of
from stopship.cases.suppressed import holds
from stopship.ownership import OwnershipGraph
from stopship.screening import Decision, Judgement
from stopship.store import Database, cases, subjects, suppressions


def judgements_for(
    database: Database, decision: Decision, entries: Entries, graph: OwnershipGraph | None, *, today: date
) -> tuple[Judgement, ...]:
    """The judgements on the matches of a decision that was made without any; empty where nothing was decided.

    Args:
        entries: of the index that it was made with.
        graph: the ownership data that it was made with.
        today: the day on which suppressions must hold.
    """
    found: list[Judgement] = []
    with database.begin() as connection:
        for (party, owner), place in places_of(decision, graph).items():
            if place.matches:
                found += _of_place(connection, party, owner, place, entries, today)
    return tuple(found)


def _of_place(
    connection: Connection, party: int, owner: str | None, place: Place, entries: Entries, today: date
) -> list[Judgement]:
    subject = subjects.find(connection, place.party.key)
    if subject is None:
        return []
    found: list[Judgement] = []
    for row in suppressions.chosen(connection, subject=subject.id, state="active"):
        if not holds(row, place.party.party_hash, today):
            continue
        for one in suppressions.entities(connection, row.id):
            judged = one.void is None and one.entity_hash == entries.hash_of(one.entity_id)
            if judged and one.entity_id in place.matches:
                by = f"suppression:{row.id}"
                found.append(Judgement(party, one.entity_id, "false", by, until=row.until, owner=owner))
    case = cases.of_subject(connection, subject.id)
    if case is not None and subject.party_hash == place.party.party_hash:
        for alert in cases.alerts_of(connection, case.id):
            same = alert.entity_hash == entries.hash_of(alert.entity_id)
            if alert.verdict == "true_match" and same and alert.entity_id in place.matches:
                # The last judgement on a pair counts: that it is the entity outweighs that it isn't.
                found.append(Judgement(party, alert.entity_id, "true", f"case:{case.id}", owner=owner))
    return found
