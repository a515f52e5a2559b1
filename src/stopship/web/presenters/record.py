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
BRIEF, REST = 140, 900
"""Characters of what a row says at first sight, about two lines, and of what is folded: fifty rows of them
make a page of less than 150 KB."""
MOST_TEXT, WHOLE_TEXT = 160, 400
"""Characters of one value, at first sight and folded."""
DIGITS = 12
"""Of a hash, where it is told in short."""
_HASH = re.compile(r"(?<![0-9a-f])(?:sha256:)?([0-9a-f]{64})(?![0-9a-f])")
_PAGES = {"case": "/cases/", "user": "/admin/users/", "job": "/jobs/", "bulk": "/bulk/"}


Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        brief: what it says at first sight, as field and value; hashes are told in short.
        rest: what else it says, with hashes whole.
        more: how many fields are left out.
        erased: what it said was erased after the retention time.
        page: the page of what it is about; empty where there is none.
    """

    seq: int
    moment: datetime
    actor: str
    action: str
    subject: str
    brief: Pairs
    rest: Pairs
    more: int
    erased: bool
    hash: str
    page: str


def record_rows(rows: Iterable[AuditRow]) -> tuple[Row, ...]:
    """Rows of the record, in their order."""
    return tuple(_row(row) for row in rows)


def _row(row: AuditRow) -> Row:
    brief, rest, more = _apart(tuple(_pairs(_content(row.content))))
    kind, _, number = row.subject.partition(":")
    page = f"{_PAGES[kind]}{number}" if kind in _PAGES and number.isdecimal() else ""
    return Row(
        seq=row.seq,
        moment=row.moment,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        brief=brief,
        rest=rest,
        more=more,
        erased=row.content is None,
        hash=row.hash,
        page=page,
    )


def _apart(pairs: Pairs) -> tuple[Pairs, Pairs, int]:
    """What is told at first sight, what is folded, and how many fields are left out. At first sight: the fields in
    their order as far as there is room, those with a hash last; one in any case."""
    brief: dict[int, tuple[str, str]] = {}
    cut: set[int] = set()
    room = BRIEF
    for number, (name, value) in sorted(enumerate(pairs), key=lambda one: bool(_HASH.search(one[1][1]))):
        short = _short(_HASH.sub(lambda found: f"{found[1][:DIGITS]}…", value))
        room -= len(name) + len(short) + 2
        if room < 0 and brief:
            break
        brief[number] = (name, short)
        if short != value:
            cut.add(number)
    left = [pair for number, pair in enumerate(pairs) if number not in brief or number in cut]
    rest: list[tuple[str, str]] = []
    room = REST
    for name, value in left:
        whole = _short(value, WHOLE_TEXT)
        room -= len(name) + len(whole) + 2
        if room < 0:
            break
        rest.append((name, whole))
    return tuple(pair for _number, pair in sorted(brief.items())), tuple(rest), len(left) - len(rest)


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
            yield name, ", ".join(str(one) for one in value)
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
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _short(text: str, most: int = MOST_TEXT) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
