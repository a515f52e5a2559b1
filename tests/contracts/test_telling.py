"""What the audit record says becomes events, once, for those who asked before; and the digest's figures."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.datastructures import QueryParams
from starlette.routing import compile_path
from tests.unit.cases.people import ANNA, NOW, SUE, keep, match, party, seen

from stopship.app.jobs.news import news_of, reminding
from stopship.app.workspace import Workspace
from stopship.cases import Desk, Policy, Verdict
from stopship.jobs import JobFiles, Queue
from stopship.jobs.telling import Teller
from stopship.store import Database, audit, webhooks
from stopship.web.addresses import PAGES
from stopship.web.pages.queue_view import queue_view

SURE = {"reason": "name_only", "comment": "another company"}


def subscribe(database: Database, *events: str, now: datetime = NOW) -> int:
    with database.write() as connection:
        return webhooks.add_endpoint(
            connection, url="https://x.example/", events=events, secret="s", created_by="cli:t", now=now
        )


def told(database: Database) -> list[tuple[str, str, dict[str, Any]]]:
    with database.begin() as connection:
        rows = connection.execute(select(webhooks.messages).order_by(webhooks.messages.c.moment)).all()
    return sorted((row.event, row.subject, json.loads(row.data)) for row in rows)


def test_cases_and_decisions_are_told_without_names(database: Database) -> None:
    subscribe(database)
    desk = Desk(database, Policy())
    (case,) = keep(database, seen(match(), who=party("Beispiel Optik GmbH"))).opened
    desk.decide(case, Verdict.FALSE_MATCH, ANNA, now=NOW, **SURE)
    teller = Teller(database)
    assert teller.tick(NOW) > 0 and teller.tick(NOW) == 0
    found = told(database)
    assert [(event, subject) for event, subject, _ in found] == [
        ("alert.opened", f"case:{case}"),
        ("case.closed", f"case:{case}"),
        ("decision.recorded", "screening:1"),
    ]
    assert found[0][2] == {"case": case, "why": "opened"}
    assert found[1][2] == {"case": case, "disposition": "false_match", "by": ANNA.id}
    assert "Beispiel" not in json.dumps(found)


def test_a_case_that_two_people_close_is_told_once_when_it_is_closed(database: Database) -> None:
    subscribe(database, "case.closed")
    desk, teller = Desk(database, Policy()), Teller(database)
    (case,) = keep(database, seen(match())).opened
    desk.decide(case, Verdict.TRUE_MATCH, ANNA, now=NOW, reason="same_details")
    teller.tick(NOW)
    assert told(database) == []
    desk.approve(case, SUE, now=NOW)
    teller.tick(NOW)
    assert [(event, data["disposition"]) for event, _, data in told(database)] == [("case.closed", "true_match")]


def test_a_list_that_came_in_again_unchanged_is_no_event(database: Database) -> None:
    subscribe(database)
    with database.write() as connection:
        for before, after in ((None, "sha256:1"), ("sha256:1", "sha256:1"), ("sha256:1", "sha256:2")):
            content = {"before": before, "after": after, "dated": "2026-11-26", "entries": 28}
            audit.append(
                connection,
                actor="system:l",
                action="list.taken_in",
                subject="list:us_csl",
                content=content,
                now=NOW,
            )
        seq = audit.head(connection).seq
        audit.erase(connection, seq - 2)
    Teller(database).tick(NOW)
    assert [(event, data["snapshot"]) for event, _, data in told(database)] == [("lists.updated", "sha256:2")]


def test_who_asks_later_hears_of_what_happens_later(database: Database) -> None:
    teller = Teller(database)
    keep(database, seen(match(1)))
    teller.tick(NOW)
    keep(database, seen(match(1), who=party("Second GmbH")))
    subscribe(database, "alert.opened", now=NOW + timedelta(hours=1))
    keep(database, seen(match(1), who=party("Third GmbH")), now=NOW + timedelta(hours=2))
    teller.tick(NOW)
    assert [data["case"] for _, _, data in told(database)] == [3]


def test_two_tellers_tell_once(database: Database) -> None:
    subscribe(database)
    keep(database, seen(match()))
    one, two = Teller(database), Teller(database)
    assert one.tick(NOW) > 0 and two.tick(NOW) == 0
    assert len(told(database)) == 2


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    (tmp_path / "home").mkdir()
    return Workspace(tmp_path / "home", today=NOW.date())


def is_page(place: str) -> bool:
    return any(method == "GET" and compile_path(path)[0].match(place) for method, path, _page, _action in PAGES)


def test_the_digest_counts_leads_to_pages_and_what_is_due_is_reminded_of_once(
    database: Database, space: Workspace
) -> None:
    subscribe(database)
    queue = Queue(database, JobFiles(space.home / "jobs"))
    keep(database, seen(match(1)))
    keep(database, seen(match(1), who=party("Second GmbH")))
    desk = Desk(database, Policy())
    desk.take(1, ANNA, now=NOW)
    due = desk.show(1).case.due
    news = news_of(lambda: space, queue)(NOW - timedelta(days=1), due + timedelta(hours=1))
    figures = {count.label: count.number for count in news.counts}
    assert figures["new alerts"] == figures["open cases"] == figures["overdue"] == 2
    assert figures["without an assignee"] == 1 and figures["due within a day"] == 0
    assert (news.items[0].reference, news.items[0].subject) == ("case 1", "Beispiel Optik GmbH")
    for told_of in (*news.counts, *news.items):
        place, _, asked = told_of.path.partition("?")
        assert not place or is_page(place), place
        assert not asked or queue_view(QueryParams(asked)).query() == f"?{asked}"  # nothing is left out
    remind = reminding(lambda: space, queue)
    assert remind(NOW) == 0
    assert remind(due) == 2 and remind(due) == 0
    assert [(event, data["case"]) for event, _, data in told(database) if event == "case.due"] == [
        ("case.due", 1),
        ("case.due", 2),
    ]
