"""Case work, on every database that it runs on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from tests.unit.cases.people import ANNA, BEN, EVE, NOW, SUE, TOM, entry, keep, match, party, seen

from stopship.cases import BulkDesk, Desk, Policy, SuppressionDesk, SuppressionWish, Verdict, Wanted, queue
from stopship.cases.following import follow_lists
from stopship.errors import (
    CaseChanged,
    CaseError,
    CaseLocked,
    IllegalStep,
    NotFound,
    SettingsError,
    StepNotAllowed,
)
from stopship.store import Database, audit, dispositions, suppressions

LATER = NOW + timedelta(hours=2)
NEXT_YEAR = (NOW + timedelta(days=300)).date()
SURE = {"reason": "name_only", "comment": "another company"}
FALSE, TRUE = Verdict.FALSE_MATCH, Verdict.TRUE_MATCH


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, Policy())


def opened(database: Database, *matches: Any, name: str = "Beispiel Optik GmbH") -> int:
    return keep(database, seen(*(matches or (match(),)), who=party(name))).opened[0]


def states(desk: Desk, case: int) -> list[tuple[str, str | None]]:
    return [(alert.state, alert.verdict) for alert in sorted(desk.show(case).alerts, key=lambda a: a.entity_id)]


# -- what becomes a case -------------------------------------------------------------------------------------


def test_a_match_opens_a_case_and_the_same_match_again_leaves_it(database: Database, desk: Desk) -> None:
    first = keep(database, seen(match(1, band="strong"), match(2)))
    again = keep(database, seen(match(1, band="strong"), match(2)), now=LATER)
    (case,) = first.opened
    assert again.opened == again.changed == [] and again.standing == [case]
    view = desk.show(case)
    assert (view.case.state, view.case.band, view.case.name) == ("open", "strong", "Beispiel Optik GmbH")
    assert view.case.due == NOW + timedelta(days=5)  # three working days from a Thursday
    assert [alert.entity_id for alert in view.alerts] == ["e-1", "e-2"]
    assert len(view.screenings) == 2
    assert [row.action for row in view.timeline] == ["case.opened"]


def test_a_screening_without_hit_is_kept_with_its_party_and_opens_nothing(database: Database) -> None:
    done = keep(database, seen())
    assert done.opened == []
    with database.begin() as connection:
        (row,) = audit.rows(connection)
    assert (row.action, row.subject) == ("screening.recorded", f"screening:{done.screening}")
    assert '"outcome":"clear"' in (row.content or "")


def test_the_same_party_is_told_by_its_name_country_and_numbers(database: Database) -> None:
    (case,) = keep(database, seen(match(), who=party("BEISPIEL  Optik, GmbH."))).opened
    assert keep(database, seen(match(), who=party("Beispiel Optik GmbH", address="Ring 1"))).standing == [case]
    assert keep(database, seen(match(), who=party(country="FR"))).opened != []
    numbered = party(identifiers=[{"type": "lei", "value": "X"}])
    assert keep(database, seen(match(), who=numbered)).opened != []


def test_one_who_is_purchaser_and_end_user_is_one_subject(database: Database, desk: Desk) -> None:
    done = keep(database, seen(match(1), reference="purchaser"), seen(match(1), match(2), reference="end_user"))
    (case,) = done.opened
    assert {alert.reference for alert in desk.show(case).alerts} == {"purchaser, end_user"}


def test_a_closed_case_opens_again_only_for_something_new(database: Database, desk: Desk) -> None:
    case = opened(database, match(1))
    assert desk.decide(case, FALSE, ANNA, now=NOW, **SURE).state == "closed"
    assert keep(database, seen(match(1, score=0.81)), now=LATER).standing == [case]
    assert keep(database, seen(), now=LATER).reopened == []
    assert desk.show(case).case.state == "closed"
    assert keep(database, seen(match(1), match(2)), now=LATER).reopened == [case]
    assert states(desk, case) == [("decided", "false_match"), ("open", None)]
    desk.decide(case, FALSE, ANNA, now=LATER, **SURE)
    assert keep(database, seen(match(1, text="printed otherwise"), match(2)), now=LATER).reopened == [case]
    assert states(desk, case) == [("open", None), ("decided", "false_match")]


def test_who_was_barred_and_is_delisted_is_judged_again(database: Database, desk: Desk) -> None:
    case = opened(database, match(1), match(2))
    one, two = sorted(desk.show(case).alerts, key=lambda a: a.entity_id)
    desk.decide(case, FALSE, ANNA, alerts=(two.id,), now=NOW, **SURE)
    desk.decide(case, TRUE, ANNA, alerts=(one.id,), now=NOW, reason="same_details")
    desk.approve(case, SUE, now=NOW)
    assert desk.show(case).case.disposition == "true_match"
    gone = keep(database, seen(gone=("e-2",)), kind="monitoring", now=LATER)
    assert gone.reopened == []
    assert keep(database, seen(gone=("e-1",)), kind="monitoring", now=LATER).reopened == [case]
    assert [alert.gone for alert in desk.show(case).alerts] == [LATER, LATER]


# -- judging -------------------------------------------------------------------------------------------------


def test_a_strong_false_match_needs_somebody_else(database: Database, desk: Desk) -> None:
    case = opened(database, match(1, band="strong"))
    assert desk.decide(case, FALSE, SUE, now=NOW, **SURE).state == "proposed"
    with pytest.raises(StepNotAllowed, match="user:sue proposed it; the second person must be somebody else"):
        desk.approve(case, SUE, now=NOW)
    with pytest.raises(StepNotAllowed, match="user:anna is analyst; approve needs supervisor"):
        desk.approve(case, ANNA, now=NOW)
    closed = desk.approve(case, TOM, comment="agreed", now=LATER)
    assert (closed.state, closed.disposition, closed.closed) == ("closed", "false_match", LATER)
    actions = [(row.actor, row.action) for row in desk.show(case).timeline]
    assert actions == [
        ("system:cases", "case.opened"),
        ("user:sue", "case.proposed"),
        ("user:tom", "case.approved"),
    ]


def test_the_database_itself_refuses_that_one_person_is_both(database: Database, desk: Desk) -> None:
    case = opened(database, match(1, band="exact"))
    desk.decide(case, TRUE, SUE, now=NOW, reason="same_details")
    rows = dispositions.dispositions
    for values in ({"checker": SUE.id}, {"state": "effective"}):
        with pytest.raises(IntegrityError), database.begin() as connection:
            connection.execute(update(rows).values(**values))
    desk.refuse(case, TOM, comment="no", now=NOW)
    assert desk.show(case).case.state == "open"


def test_alerts_of_one_case_may_be_judged_differently_at_once(database: Database, desk: Desk) -> None:
    case = opened(database, match(1), match(2), match(3))
    true = next(alert.id for alert in desk.show(case).alerts if alert.entity_id == "e-2")
    held = desk.decide(case, FALSE, ANNA, others={true: TRUE}, now=NOW, **SURE)
    assert held.state == "proposed"  # a true match needs a second person
    assert desk.approve(case, SUE, now=NOW).disposition == "true_match"
    assert [verdict for _, verdict in states(desk, case)] == ["false_match", "true_match", "false_match"]
    assert desk.show(case).dispositions[0].verdict == "mixed"


def test_a_case_closes_only_when_no_alert_is_left(database: Database, desk: Desk) -> None:
    case = opened(database, match(1), match(2))
    first, second = (alert.id for alert in desk.show(case).alerts)
    assert desk.decide(case, FALSE, ANNA, alerts=(first,), now=NOW, **SURE).state == "open"
    with pytest.raises(IllegalStep, match="is not open: it is decided"):
        desk.decide(case, FALSE, ANNA, alerts=(first,), now=NOW, **SURE)
    assert desk.decide(case, FALSE, ANNA, alerts=(second,), now=NOW, **SURE).state == "closed"


def test_possible_keeps_the_case_and_escalated_hands_it_up(database: Database, desk: Desk) -> None:
    case = opened(database)
    assert desk.possible(case, ANNA, reason="needs_information", now=NOW).state == "open"
    handed = desk.escalate(case, ANNA, reason="needs_decision", comment="please look", now=NOW)
    assert (handed.state, handed.assignee) == ("escalated", None)
    with pytest.raises(StepNotAllowed, match="decide needs supervisor or above: it was escalated"):
        desk.decide(case, FALSE, ANNA, now=NOW, **SURE)
    with pytest.raises(IllegalStep, match="escalate can't be done: it was escalated"):
        desk.escalate(case, ANNA, reason="needs_decision", comment="again", now=NOW)
    assert desk.decide(case, FALSE, SUE, now=NOW, **SURE).state == "closed"
    assert [one.verdict for one in desk.show(case).dispositions] == ["possible", "escalated", "false_match"]


def test_what_is_proposed_can_be_taken_back_by_its_maker_alone(database: Database, desk: Desk) -> None:
    case = opened(database, match(1, band="exact"))
    desk.decide(case, TRUE, ANNA, now=NOW, reason="same_details")
    with pytest.raises(StepNotAllowed, match="user:anna proposed it and alone may take it back"):
        desk.withdraw(case, BEN, now=NOW)
    assert desk.withdraw(case, ANNA, now=NOW).state == "open"
    assert states(desk, case) == [("open", None)]
    with pytest.raises(IllegalStep, match=r"approve can't be done: it is open.*Possible now: take, "):
        desk.approve(case, SUE, now=NOW)


def test_a_proposal_whose_entry_changes_is_no_longer_waiting(database: Database, desk: Desk) -> None:
    case = opened(database, match(1, band="exact"), match(2))
    desk.decide(case, FALSE, ANNA, now=NOW, suppress=SuppressionWish(NEXT_YEAR), **SURE)
    assert keep(database, seen(match(1, band="exact", text="other"), match(2)), now=LATER).changed == [case]
    assert desk.show(case).case.state == "open"
    assert states(desk, case) == [("open", None), ("open", None)]
    assert [row.state for row, _ in desk.show(case).suppressions] == ["withdrawn", "withdrawn"]


def test_a_reason_is_one_that_is_known_and_other_needs_words(database: Database, desk: Desk) -> None:
    case = opened(database)
    with pytest.raises(SettingsError, match=r"'because' is no reason\. Known: name_only"):
        desk.decide(case, FALSE, ANNA, reason="because", now=NOW)
    with pytest.raises(SettingsError, match="a comment is empty"):
        desk.decide(case, FALSE, ANNA, reason="other", comment=" ", now=NOW)
    with pytest.raises(StepNotAllowed, match="user:eve is viewer"):
        desk.decide(case, FALSE, EVE, now=NOW, **SURE)
    with pytest.raises(NotFound, match="there is no case 99"):
        desk.decide(99, FALSE, ANNA, now=NOW, **SURE)
    assert [row.action for row in desk.show(case).timeline] == ["case.opened"]


# -- who works on it -----------------------------------------------------------------------------------------


def test_who_takes_a_case_has_it_until_the_lock_expires(database: Database, desk: Desk) -> None:
    case = opened(database)
    assert desk.take(case, ANNA, now=NOW).assignee == ANNA.id
    with pytest.raises(CaseLocked, match="user:anna works on it until 2026-11-26 09:00 UTC"):
        desk.decide(case, FALSE, BEN, now=NOW + timedelta(minutes=29), **SURE)
    desk.note(case, "I know them", BEN, now=NOW)
    assert desk.assign(case, BEN.id, SUE, now=NOW).locked_by is None
    assert desk.take(case, BEN, now=NOW + timedelta(minutes=31)).assignee == BEN.id
    with pytest.raises(StepNotAllowed, match="assigned to user:ben"):
        desk.release(case, ANNA, now=NOW + timedelta(hours=3))
    assert desk.release(case, BEN, now=LATER).assignee is None


def test_the_next_case_is_the_most_urgent_that_nobody_has(database: Database, desk: Desk) -> None:
    low = opened(database, name="Low GmbH")
    high = opened(database, match(band="exact"), name="High GmbH")
    handed = opened(database, match(band="exact"), name="Handed GmbH")
    desk.escalate(handed, BEN, reason="needs_decision", comment="x", now=NOW)
    taken = [desk.take_next(ANNA, now=NOW) for _ in range(3)]
    assert [case.id if case else None for case in taken] == [high, low, None]
    supervised = desk.take_next(SUE, now=NOW)
    assert supervised is not None and supervised.id == handed


def test_two_who_decide_at_once_one_wins_and_the_other_is_told(database: Database, desk: Desk) -> None:
    case = opened(database)
    version = desk.show(case).case.version
    told: list[str] = []

    def decide(actor: Any) -> bool:
        try:
            desk.decide(case, FALSE, actor, version=version, now=NOW, **SURE)
        except CaseError as bad:
            told.append(str(bad))
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(decide, (ANNA, BEN)))
    assert sorted(won) == [False, True]
    winner = ANNA if won[0] else BEN
    assert told == [
        f"case {case}: it was changed since you read it: {winner.id}, case.decided at 2026-11-26 08:30 UTC "
        f"(version 2, you had 1). Look at it again"
    ]
    assert len(desk.show(case).dispositions) == 1


def test_many_who_ask_for_the_next_case_never_get_the_same(database: Database, desk: Desk) -> None:
    numbers = {opened(database, name=f"Beispiel {n}") for n in range(6)}
    with ThreadPoolExecutor(3) as pool:
        taken = list(pool.map(lambda n: desk.take_next(ANNA if n % 2 else BEN, now=NOW), range(6)))
    assert {case.id for case in taken if case} == numbers


# -- suppressions --------------------------------------------------------------------------------------------


def suppressed(database: Database, desk: Desk, *matches: Any, **wish: Any) -> tuple[int, int]:
    case = opened(database, *matches)
    desk.decide(case, FALSE, ANNA, now=NOW, suppress=SuppressionWish(NEXT_YEAR, **wish), **SURE)
    number = desk.show(case).suppressions[0][0].id
    held = SuppressionDesk(desk)
    with pytest.raises(StepNotAllowed, match="the second person must be somebody else"):
        held.approve(number, replace(ANNA, role=SUE.role), now=NOW)
    assert held.approve(number, SUE, now=NOW).row.state == "active"
    return case, number


def test_a_suppression_waits_for_somebody_else_and_then_keeps_silent(database: Database, desk: Desk) -> None:
    case, _ = suppressed(database, desk, match(1))
    done = keep(database, seen(match(1), match(2)), now=LATER)
    assert done.reopened == [case]
    assert states(desk, case) == [("decided", "false_match"), ("open", None)]


@pytest.mark.parametrize("what", ["entry", "party", "day", "ended"])
def test_a_suppression_is_void_when_entry_or_party_change_and_ends_by_its_day(
    database: Database, desk: Desk, what: str
) -> None:
    case, number = suppressed(database, desk, match(1))
    held, now = SuppressionDesk(desk), LATER
    if what == "entry":
        done = keep(database, seen(match(1, text="other")), now=now)
    elif what == "party":
        done = keep(database, seen(match(1), who=party(address="Ring 1")), now=now)
    elif what == "day":
        now = NOW + timedelta(days=301)
        assert [one.row.id for one in held.alarms(now=NOW + timedelta(days=290))] == [number]
        assert held.sweep(now=now) == (number,)
    else:
        held.end(number, ANNA, comment="was wrong", now=now)
    if what in ("entry", "party"):
        assert done.reopened == [case]
    row = held.show(number).row
    assert row.state == {"day": "expired", "ended": "ended"}.get(what, "void")
    assert states(desk, case) == [("open", None)]
    assert desk.show(case).case.state == "open"
    if what != "ended":
        assert [one.row.id for one in held.alarms(now=now)] == [number]


def test_a_suppression_of_a_list_covers_what_was_judged_and_no_later_entry(database: Database, desk: Desk) -> None:
    on = {"programs": ("us.sdn",)}
    case, number = suppressed(
        database, desk, match(1, **on), match(2, **on), match(3), scope="list", program="us.sdn"
    )
    assert [one.entity_id for one in SuppressionDesk(desk).show(number).entities] == ["e-1", "e-2"]
    assert keep(database, seen(match(1, **on), match(4, **on)), now=LATER).reopened == [case]
    assert states(desk, case)[3] == ("open", None)
    lists = {"e-1": entry(1, "other", ("us.sdn",)), "e-2": entry(2, programs=("us.sdn",)), "e-3": entry(3)}
    assert follow_lists(desk, (lists | {"e-4": entry(4, programs=("us.sdn",))}).get, now=LATER) == (
        (case,),
        (number,),
    )
    assert SuppressionDesk(desk).show(number).row.state == "active"  # the other entity still is what was judged
    assert states(desk, case)[0] == ("open", None)


def test_what_was_not_judged_false_cannot_be_suppressed(database: Database, desk: Desk) -> None:
    case = opened(database, match(1))
    held = SuppressionDesk(desk)
    with pytest.raises(IllegalStep, match="no alert was judged false"):
        held.ask(case, SuppressionWish(NEXT_YEAR), ANNA, now=NOW, **SURE)
    desk.decide(case, FALSE, ANNA, now=NOW, **SURE)
    for until in (NOW.date(), (NOW + timedelta(days=400)).date()):
        with pytest.raises(SettingsError, match="can't be its end"):
            held.ask(case, SuppressionWish(until), ANNA, now=NOW, **SURE)
    (number,) = held.ask(case, SuppressionWish(NEXT_YEAR), ANNA, now=NOW, **SURE)
    assert held.refuse(number, SUE, comment="no", now=NOW).row.state == "refused"
    with pytest.raises(IllegalStep, match="it is refused"):
        held.approve(number, SUE, now=NOW)
    with database.begin() as connection:
        assert suppressions.chosen(connection, state="active") == ()


# -- many at once --------------------------------------------------------------------------------------------


def test_a_bulk_is_previewed_proposed_and_agreed_to_by_somebody_else(database: Database, desk: Desk) -> None:
    numbers = [opened(database, name=f"Beispiel {n}") for n in range(5)]
    bulk = BulkDesk(desk)
    wanted = Wanted(states=("open",), bands=("medium",))
    assert bulk.preview(wanted, ANNA, now=NOW).chosen == tuple((number, 1) for number in numbers)
    with pytest.raises(CaseChanged, match="5 cases are meant, you saw 4"):
        bulk.propose(wanted, FALSE, ANNA, count=4, now=NOW, **SURE)
    row = bulk.propose(wanted, FALSE, ANNA, count=5, now=NOW, **SURE)
    assert {desk.show(number).case.state for number in numbers} == {"open"}
    with pytest.raises(StepNotAllowed, match="the second person"):
        bulk.approve(row.id, replace(ANNA, role=SUE.role), now=NOW)
    assert bulk.approve(row.id, SUE, now=LATER).state == "effective"
    for number in numbers:
        view = desk.show(number)
        assert (view.case.state, view.case.disposition) == ("closed", "false_match")
        assert (view.dispositions[0].maker, view.dispositions[0].checker) == (ANNA.id, SUE.id)
        assert view.timeline[-1].action == "case.decided_in_bulk"


def test_a_bulk_is_all_or_nothing(database: Database, desk: Desk) -> None:
    numbers = [opened(database, name=f"Beispiel {n}") for n in range(3)]
    bulk = BulkDesk(desk)
    row = bulk.propose(numbers, FALSE, ANNA, count=3, now=NOW, **SURE)
    desk.note(numbers[2], "wait", BEN, now=NOW)
    with pytest.raises(CaseChanged, match=f"case {numbers[2]} was changed since it was proposed"):
        bulk.approve(row.id, SUE, now=NOW)
    assert {desk.show(number).case.state for number in numbers} == {"open"}
    assert bulk.refuse(row.id, SUE, comment="one has changed", now=NOW).state == "refused"
    assert bulk.waiting() == ()


def test_a_bulk_has_a_limit_and_takes_no_case_that_cannot_be_judged(database: Database) -> None:
    desk = Desk(database, Policy(bulk_limit=2))
    numbers = [opened(database, name=f"Beispiel {n}") for n in range(3)]
    bulk = BulkDesk(desk)
    with pytest.raises(SettingsError, match="more than 2 cases are meant"):
        bulk.preview(Wanted(), ANNA, now=NOW)
    desk.take(numbers[0], BEN, now=NOW)
    found = bulk.preview(numbers[:2], ANNA, now=NOW)
    assert (found.chosen, found.refused) == (((numbers[1], 1),), ((numbers[0], "user:ben works on it right now"),))
    with pytest.raises(IllegalStep, match="1 of these cases can't be judged"):
        bulk.propose(numbers[:2], FALSE, ANNA, count=2, now=NOW, **SURE)
    with pytest.raises(SettingsError, match="a comment is empty"):
        bulk.propose(numbers[1:], FALSE, ANNA, count=2, reason="name_only", comment="", now=NOW)


# -- the queue -----------------------------------------------------------------------------------------------


def test_the_queue_is_filtered_sorted_paged_and_counted(database: Database, desk: Desk) -> None:
    bands = ("exact", "strong", "medium", "weak", "medium")
    numbers = [
        opened(
            database, match(band=band, score=1 - n / 10, programs=("us.el", "us.sdn")[: 1 + n % 2]), name=f"N {n}"
        )
        for n, band in enumerate(bands)
    ]
    desk.take(numbers[0], ANNA, now=NOW)
    with database.begin() as connection:
        seen_so_far: list[int] = []
        cursor = None
        while True:
            page = queue.page(connection, Wanted(), now=NOW, sort="score", limit=2, cursor=cursor)
            assert page.total == 5
            seen_so_far += [line.case.id for line in page.lines]
            cursor = page.next
            if cursor is None:
                break
        assert seen_so_far == numbers
        for sort in queue.SORTS:
            for down in (True, False):
                first = queue.page(connection, Wanted(), now=NOW, sort=sort, descending=down, limit=3)
                rest = queue.page(connection, Wanted(), now=NOW, sort=sort, descending=down, cursor=first.next)
                assert len({line.case.id for line in (*first.lines, *rest.lines)}) == 5
        assert [li.case.id for li in queue.page(connection, Wanted(text="n 3"), now=NOW).lines] == [numbers[3]]
        sdn = queue.page(connection, Wanted(programs=("us.sdn",)), now=NOW)
        assert [line.case.id for line in sdn.lines] == [numbers[1], numbers[3]]
        counts = queue.facets(connection, Wanted(bands=("medium",)), now=NOW + timedelta(days=30))
        assert counts["band"] == {"exact": 1, "medium": 2, "strong": 1, "weak": 1}
        assert (counts["state"], counts["overdue"]) == ({"open": 2}, {"yes": 2})
        assert counts["priority"] == {"low": 2}
        assert counts["program"] == {"us.el": 2}
        everyone = queue.facets(connection, Wanted(), now=NOW)
        assert everyone["assignee"] == {"nobody": 4, "user:anna": 1}
        for bad in ("nonsense", "WzFd", page.next or "e30"):
            with pytest.raises(SettingsError, match="no cursor of this order"):
                queue.page(connection, Wanted(), now=NOW, cursor=bad)
    with pytest.raises(SettingsError, match="unknown value 'shut'"):
        Wanted(states=("shut",))


# -- opened again by a person, and the row that is checked ------------------------------------------------------


def test_nobody_agrees_while_a_hit_is_open_and_the_refusal_names_it(database: Database, desk: Desk) -> None:
    case = opened(database, match(1), match(2))
    first, second = (alert.id for alert in desk.show(case).alerts)
    with pytest.raises(IllegalStep, match="1 hit is still open: "):
        desk.decide(case, TRUE, ANNA, alerts=(first,), now=NOW, reason="same_details")
    assert desk.show(case).case.state == "open"
    desk.decide(case, TRUE, ANNA, now=NOW, reason="same_details")
    # A screening that finds more while the proposal waits opens another hit; what was judged is as it was.
    keep(database, seen(match(1), match(2), match(3)), now=LATER)
    assert desk.show(case).case.state == "proposed"
    with pytest.raises(IllegalStep, match="1 hit is still open: "):
        desk.approve(case, SUE, now=LATER)
    desk.refuse(case, SUE, comment="one more came", now=LATER)
    assert {given for given, _ in states(desk, case)} == {"open"}


def test_a_closed_case_is_opened_again_by_a_supervisor_who_says_why(database: Database, desk: Desk) -> None:
    case = opened(database, match(1))
    desk.decide(case, FALSE, ANNA, now=NOW, **SURE)
    with pytest.raises(StepNotAllowed, match="open_again needs supervisor"):
        desk.reopen(case, ANNA, comment="a mistake", now=LATER)
    with pytest.raises(SettingsError, match="the comment is empty"):
        desk.reopen(case, SUE, comment=" ", now=LATER)
    held = desk.reopen(case, SUE, comment="the register says otherwise", now=LATER)
    assert (held.state, held.disposition, held.closed, held.assignee) == ("open", None, None, None)
    assert states(desk, case) == [("open", None)]
    told = desk.show(case).timeline[-1]
    assert (told.action, told.actor) == ("case.reopened", SUE.id)
    assert "the register says otherwise" in str(told.content)
    with pytest.raises(IllegalStep, match="open_again can't be done: it is open"):
        desk.reopen(case, SUE, comment="again", now=LATER)


def test_what_a_suppression_keeps_silent_is_not_opened_again(database: Database, desk: Desk) -> None:
    case, number = suppressed(database, desk, match(1), match(2))
    with pytest.raises(IllegalStep, match="no hit of it can be judged.*End the suppression"):
        for row, _ in desk.show(case).suppressions:
            if row.state == "proposed":
                SuppressionDesk(desk).approve(row.id, SUE, now=NOW)
        desk.reopen(case, SUE, comment="look again", now=LATER)
    SuppressionDesk(desk).end(number, SUE, comment="no longer sure", now=LATER)
    assert [given for given, _ in states(desk, case)].count("open") == 1
    assert {"suppression.approved", "suppression.ended"} <= {row.action for row in desk.show(case).timeline}


def test_the_cases_beside_one_are_those_of_the_view_in_its_order(database: Database, desk: Desk) -> None:
    first, second, third = (opened(database, match(1), name=f"Firma {name}") for name in ("Bach", "Alt", "Zoll"))

    def beside(case: int, sort: str, **wanted: Any) -> tuple[int | None, int | None]:
        with database.begin() as connection:
            return queue.beside(connection, Wanted(**wanted), case, now=NOW, sort=sort)

    assert beside(first, "name") == (second, third)
    assert beside(second, "name") == (None, first)
    assert beside(second, "id") == (first, third)
    assert beside(second, "score") == (third, first)  # the greatest first, and of equals the last number
    assert beside(9999, "id") == (None, None)
    for sort in queue.SORTS:
        with database.begin() as connection:
            order = [line.case.id for line in queue.page(connection, Wanted(), now=NOW, sort=sort).lines]
        assert [beside(case, sort)[1] for case in order] == [*order[1:], None]
        assert [beside(case, sort)[0] for case in order] == [None, *order[:-1]]
    desk.decide(second, FALSE, ANNA, now=NOW, **SURE)
    assert beside(first, "id", states=("open",)) == (None, third)
    assert beside(second, "id", states=("open",)) == (first, third)  # it left the view, and still has a next one


def test_what_counts_as_said_of_an_entry_elsewhere_is_found(database: Database, desk: Desk) -> None:
    here = opened(database, match(1), name="Firma Eins")
    there = opened(database, match(1), match(2), name="Firma Zwei")
    waiting = opened(database, match(1, band="strong"), name="Firma Drei")
    desk.decide(there, FALSE, ANNA, now=NOW, **SURE)
    desk.decide(waiting, FALSE, ANNA, now=NOW, **SURE)  # nobody has agreed: it doesn't count
    with database.begin() as connection:
        found = dispositions.of_entities(connection, ["e-1"], but=here, most=5)
        assert dispositions.of_entities(connection, ["e-1"], but=there, most=5) == ()
    assert [(said.case_id, entity, verdict) for said, entity, verdict in found] == [(there, "e-1", "false_match")]
