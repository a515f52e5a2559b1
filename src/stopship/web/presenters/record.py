"""Rows of the audit record as people read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from stopship.store.audit import AuditRow

KINDS_OF_ACTION = (
    "case.", "queue.", "bulk.", "suppression.", "screening.", "orders.", "file.", "decision.", "list.", "lists.",
    "login.", "user.", "key.", "settings.", "job.", "jobs.", "webhook.", "parties.", "portfolio.", "backup.",
    "audit.",
)  # fmt: skip
"""What actions begin with."""
RECORDED = (
    "case.opened",
    "case.taken",
    "case.assigned",
    "case.released",
    "case.noted",
    "case.possible",
    "case.escalated",
    "case.proposed",
    "case.decided",
    "case.decided_in_bulk",
    "case.approved",
    "case.refused",
    "case.withdrawn",
    "case.reopened",
    "case.matches_changed",
    "case.settled",
    "case.exported",
    "queue.exported",
    "bulk.proposed",
    "bulk.approved",
    "bulk.refused",
    "bulk.withdrawn",
    "suppression.proposed",
    "suppression.made",
    "suppression.approved",
    "suppression.refused",
    "suppression.withdrawn",
    "suppression.expired",
    "suppression.ended",
    "suppression.void",
    "suppression.narrowed",
    "screening.recorded",
    "decision.exported",
    "orders.decided",
    "file.screened",
    "list.taken_in",
    "list.pinned",
    "list.unpinned",
    "lists.pruned",
    "login.succeeded",
    "login.failed",
    "login.ended",
    "login.slowed",
    "login.cleared",
    "user.created",
    "user.role_changed",
    "user.password_set",
    "user.password_removed",
    "user.disabled",
    "user.enabled",
    "user.linked",
    "user.sessions_ended",
    "key.created",
    "key.rotated",
    "key.revoked",
    "settings.changed",
    "settings.seen",
    "job.queued",
    "job.queued_again",
    "job.done",
    "job.failed",
    "job.cancelled",
    "jobs.pruned",
    "webhook.added",
    "webhook.removed",
    "webhook.switched_on",
    "webhook.switched_off",
    "webhook.secret_replaced",
    "webhook.redelivered",
    "parties.erased",
    "backup.restored",
    "audit.erased",
)
"""Actions that have words of their own; another one is shown as it is written."""
MOST_PAIRS, MOST_TEXT = 12, 160
_HASH = re.compile(r"[0-9a-f]{64}")
_PAGES = {"case": "/cases/", "user": "/admin/users/"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        pairs: what it says, as field and value.
        more: how many fields are left out.
        erased: what it said was erased after the retention time.
        page: the page of what it is about; empty where there is none.
    """

    seq: int
    moment: datetime
    actor: str
    action: str
    subject: str
    pairs: tuple[tuple[str, str], ...]
    more: int
    erased: bool
    hash: str
    page: str


def record_rows(rows: Iterable[AuditRow]) -> tuple[Row, ...]:
    """Rows of the record, in their order."""
    return tuple(_row(row) for row in rows)


def _row(row: AuditRow) -> Row:
    pairs = tuple(_pairs(_content(row.content)))
    kind, _, number = row.subject.partition(":")
    page = f"{_PAGES[kind]}{number}" if kind in _PAGES and number.isdecimal() else ""
    return Row(
        seq=row.seq,
        moment=row.moment,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        pairs=pairs[:MOST_PAIRS],
        more=max(0, len(pairs) - MOST_PAIRS),
        erased=row.content is None,
        hash=row.hash,
        page=page,
    )


def _content(text: str | None) -> Any:
    try:
        return orjson.loads(text) if text else {}
    except ValueError:
        return {"": text}  # altered: a check says so, and the page still shows it


def _pairs(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and "before" in value and "after" in value:
        yield from _change(value["before"], value["after"], name)
        yield from _pairs({key: one for key, one in value.items() if key not in ("before", "after")}, name)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _pairs(inner, f"{name} › {key}" if name else str(key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        if any(isinstance(one, Mapping) for one in value):
            for number, one in enumerate(value, 1):
                yield from _pairs(one, f"{name} {number}")
        elif value:
            yield name, _short(", ".join(str(one) for one in value))
    elif value is not None and value != "":
        yield name, _scalar(value)


def _change(before: Any, after: Any, name: str) -> Iterator[tuple[str, str]]:
    """What was and what is, as `open → closed`."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*after, *before)):
            yield from _change(before.get(key), after.get(key), f"{name} › {key}" if name else str(key))
    elif isinstance(after, Mapping):
        yield from _pairs(after, name)
    else:
        yield name, f"{_scalar(before)} → {_scalar(after)}"


def _scalar(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _short(", ".join(map(str, value)) if isinstance(value, list) else str(value))


def _short(text: str) -> str:
    if _HASH.fullmatch(text):
        return f"{text[:10]}…"
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"
