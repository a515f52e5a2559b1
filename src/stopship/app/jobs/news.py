"""What a home has to tell: the figures of the digest, and the events that time alone brings about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from stopship.app.casework.settings import read_policy
from stopship.app.workspace import Workspace
from stopship.jobs import Queue
from stopship.jobs.digest import Count, Item, News
from stopship.store import matches, suppressions, webhooks
from stopship.store.cases import JOINED, WITH_NAME, CaseRow, alerts, cases

SOON = timedelta(days=1)
MOST_ITEMS = 200
Tell = Callable[[datetime, datetime], News]
Remind = Callable[[datetime], int]


def news_of(space: Callable[[], Workspace], queue: Queue) -> Tell:
    """What the digest says: new alerts, cases by what they wait for, what is due, what went wrong."""

    def tell(since: datetime, now: datetime) -> News:
        open_cases = cases.c.state != "closed"
        with queue.database.begin() as connection:

            def count(*conditions: object) -> int:
                chosen = select(func.count()).select_from(cases).where(open_cases, *conditions)  # type: ignore[arg-type]
                return int(connection.execute(chosen).scalar_one())

            fresh = select(func.count()).select_from(alerts)
            fresh = fresh.where(alerts.c.first_seen >= since, alerts.c.state.in_(("open", "proposed")))
            counts = (
                Count("new alerts", int(connection.execute(fresh).scalar_one()), "/cases?sort=opened"),
                Count("open cases", count(), "/cases"),
                Count("without an assignee", count(cases.c.assignee.is_(None)), "/cases?who=nobody"),
                Count(
                    "wait for a second pair of eyes", count(cases.c.state == "proposed"), "/cases?state=proposed"
                ),
                Count("overdue", count(cases.c.due < now), "/cases?overdue=1"),
                Count("due within a day", count(cases.c.due >= now, cases.c.due < now + SOON), "/cases?sort=due"),
                Count("new alerts of enrolled customers", matches.alerts_since(connection, since)),
                Count("lists beyond their age limit", len(stale_lists(space())), "/lists"),
                Count("jobs that failed", len(_failed(queue, since)), "/jobs?state=failed"),
            )
            due = _due(connection, now + SOON)
        items = tuple(Item(f"case {c.id}", c.name, c.due.date(), f"/cases/{c.id}") for c in due)
        return News(counts, items)

    return tell


def reminding(space: Callable[[], Workspace], queue: Queue) -> Remind:
    """Tells of cases that are due within a day and of suppressions that end soon, each once; how many were
    told."""

    def remind(now: datetime) -> int:
        alarm = timedelta(days=read_policy(space().home).alarm_days)
        told = 0
        with queue.database.write() as connection:
            for case in _due(connection, now + SOON):
                data = {"case": case.id, "due": case.due.isoformat(), "assignee": case.assignee}
                once = f"case.due {case.id} {case.due.isoformat()}"
                told += _emit(connection, "case.due", f"case:{case.id}", data, now, once)
            for one in suppressions.chosen(connection, state="active", until=(now + alarm).date()):
                data = {"suppression": one.id, "until": one.until.isoformat()}
                once = f"suppression.expiring {one.id} {one.until.isoformat()}"
                told += _emit(connection, "suppression.expiring", f"suppression:{one.id}", data, now, once)
            for state in stale_lists(space()):
                data = {name: state[name] for name in ("source", "snapshot", "age_days", "limit_days")}
                once = f"lists.stale {state['source']} {state['snapshot']}"
                told += _emit(connection, "lists.stale", f"list:{state['source']}", data, now, once)
        return told

    return remind


def stale_lists(space: Workspace) -> list[dict[str, object]]:
    """The lists that are beyond their age limit, as `lists status` tells them."""
    from stopship.app.indexes import STARTER
    from stopship.app.status import list_status

    return [state for state in list_status(space) if state["stale"] and state["source"] != STARTER]


def _due(connection: Connection, before: datetime) -> list[CaseRow]:
    chosen = select(*WITH_NAME).select_from(JOINED).where(cases.c.state != "closed", cases.c.due < before)
    rows = connection.execute(chosen.order_by(cases.c.due, cases.c.id).limit(MOST_ITEMS))
    return [CaseRow(**row._mapping) for row in rows]


def _failed(queue: Queue, since: datetime) -> list[int]:
    newest = queue.page(states=("failed",), most=200).jobs
    return [job.id for job in newest if job.finished is not None and job.finished >= since]


def _emit(
    connection: Connection, event: str, subject: str, data: dict[str, object], now: datetime, once: str
) -> bool:
    return webhooks.emit(connection, event=event, subject=subject, data=data, now=now, once=once) is not None
