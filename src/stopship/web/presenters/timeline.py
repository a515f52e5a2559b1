"""What happened to a case, as a person reads it: who, when, what, and what it was before and after.

Each kind of row of the audit record is known here, and told by texts of the catalogue: a line is a key with the
values that its text names. Names stand apart from the writing direction around them (Unicode's isolates).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Plain = Mapping[str, Any]
MOST_MATCHES = 12
SHOWN = ("state", "disposition", "assignee", "priority", "band", "due")
"""Fields of a case whose change is told; locks are told as a line, score and number aside."""
PRIORITIES = ("high", "medium", "low")
WHYS: Mapping[str, str] = {
    "new match": "new",
    "the listed entry changed": "entry_changed",
    "its suppression no longer holds": "suppression_void",
    "the match is back": "back",
    "the lists no longer match it": "no_match",
    "no list has the entry any more": "entry_gone",
    "its suppression was ended": "suppression_ended",
    "its suppression ended": "suppression_over",
    "its day has come": "day_came",
    "the party is no longer what was judged": "party_changed",
    "a listed entry is no longer what was judged": "entry_changed",
}
"""Reasons that the record gives, by the keys of their texts."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: the key of its text after `told.`, and what it names. `counted` is a number of things."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a case before and after; empty where it had none."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Matched:
    """A listed entry that a row is about: a match that came or went, or one that was judged."""

    name: str
    programs: tuple[str, ...]
    score: float | None
    verdict: str
    why: str
    said: str


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the record. `wrong`: it doesn't carry its own hash, or its place in the chain.

    Attributes:
        disposition: the number of the one that it wrote or changed.
        verdict, reason: what was said, where something was; `quote` is what a person wrote.
        matched: entries that it is about, at most so many; `more` is how many others.
        lists, engine, index: of the screening that it came from.
        erased: what it says was erased after the retention time.
    """

    seq: int
    moment: str
    actor: str
    action: str
    hash: str
    disposition: int | None = None
    verdict: str = ""
    reason: str = ""
    quote: str = ""
    lines: tuple[Line, ...] = ()
    changes: tuple[Change, ...] = ()
    matched: tuple[Matched, ...] = ()
    more: int = 0
    lists: tuple[tuple[str, str], ...] = ()
    engine: str = ""
    index: str = ""
    erased: bool = False
    wrong: str = ""


def timeline(plain: Plain, people: Mapping[str, str], wrong: Mapping[int, str] | None = None) -> tuple[Event, ...]:
    """The events of a case, the last one first.

    Args:
        plain: the case as JSON.
        people: what to call those who act.
        wrong: what a check found, by row.
    """
    alerts = {alert["id"]: alert for alert in plain["alerts"]}
    by_entity = {alert["entity_id"]: alert for alert in plain["alerts"]}
    screenings = {one["id"]: one for one in plain["screenings"]}
    found = wrong or {}
    told = (
        _event(row, people, alerts, by_entity, screenings, found.get(row["seq"], "")) for row in plain["timeline"]
    )
    return tuple(told)[::-1]


def isolated(text: str) -> str:
    """A text that doesn't turn the sentence around it, whatever script it is in."""
    return f"\u2068{text}\u2069"


def _event(
    row: Plain,
    people: Mapping[str, str],
    alerts: Mapping[int, Plain],
    by_entity: Mapping[str, Plain],
    screenings: Mapping[int, Plain],
    wrong: str,
) -> Event:
    head = {name: row[name] for name in ("seq", "moment", "actor", "action", "hash")}
    content = row["content"]
    if not isinstance(content, Mapping):
        return Event(**head, erased=True, wrong=wrong)
    teller = _TOLD.get(row["action"])
    lines = list(teller(content, people) if teller is not None else ())
    screening = screenings.get(content.get("screening") or 0)
    if screening is not None:
        lines.append(Line(f"by.{screening['kind']}", {"outcome": screening["outcome"].replace("_", " ")}))
    matched = [*_matches(content, by_entity), *_judged(content, alerts)]
    return Event(
        **head,
        disposition=content.get("disposition"),
        verdict=str(content.get("verdict") or ""),
        reason=str(content.get("reason") or ""),
        quote=str(content.get("comment") or content.get("text") or ""),
        lines=tuple(lines),
        changes=tuple(_changes(content, people)) if row["subject"].startswith("case:") else (),
        matched=tuple(matched[:MOST_MATCHES]),
        more=max(0, len(matched) - MOST_MATCHES),
        lists=tuple(screening["lists"].items()) if screening is not None else (),
        engine=screening["engine"] if screening is not None else "",
        index=screening["index"] if screening is not None else "",
        wrong=wrong,
    )


def _changes(content: Plain, people: Mapping[str, str]) -> Iterable[Change]:
    before, after = content.get("before") or {}, content.get("after") or {}
    for name in SHOWN:
        old, new = _value(name, before.get(name), people), _value(name, after.get(name), people)
        if name in after and old != new:
            yield Change(name, old, new)


def _value(name: str, value: Any, people: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if name == "assignee":
        return people.get(value, str(value))
    if name == "priority" and isinstance(value, int) and 0 <= value < len(PRIORITIES):
        return PRIORITIES[value]
    return str(value)[:10] if name == "due" else str(value)


def _matches(content: Plain, by_entity: Mapping[str, Plain]) -> Iterable[Matched]:
    for one in content.get("matches") or ():
        known = by_entity.get(one.get("entity"), {})
        yield Matched(
            name=str(one.get("entity_name") or known.get("entity_name") or one.get("entity") or ""),
            programs=tuple(one.get("programs") or known.get("programs") or ()),
            score=one.get("score"),
            verdict=str(one.get("was") or ""),
            why=WHYS.get(str(one.get("why")), ""),
            said=str(one.get("why") or "") if str(one.get("why")) not in WHYS else "",
        )


def _judged(content: Plain, alerts: Mapping[int, Plain]) -> Iterable[Matched]:
    for one in content.get("alerts") or ():
        known = alerts.get(one.get("alert"), {})
        name = str(known.get("entity_name") or one.get("entity") or "")
        yield Matched(name, tuple(known.get("programs") or ()), None, str(one.get("verdict") or ""), "", "")


# -- what each kind of row tells beside what all have in common ---------------------------------------------------


def _called(people: Mapping[str, str], actor: Any) -> str:
    return isolated(people.get(str(actor), str(actor)))


def _locked(content: Plain, _people: Mapping[str, str]) -> Iterable[Line]:
    until = (content.get("after") or {}).get("locked_until")
    if until:
        yield Line("locked", {"until": str(until)[:16].replace("T", " ")})


def _second(content: Plain, people: Mapping[str, str]) -> Iterable[Line]:
    if content.get("maker"):
        yield Line("proposed_by", {"who": _called(people, content["maker"])})


def _bulk(content: Plain, people: Mapping[str, str]) -> Iterable[Line]:
    yield from _second(content, people)
    if content.get("bulk") is not None:
        yield Line("bulk", {"n": content["bulk"]})


def _file(content: Plain, _people: Mapping[str, str]) -> Iterable[Line]:
    yield Line("file", {"name": isolated(str(content.get("name"))), "size": f"{content.get('size') or 0:,}"})
    yield Line("hash", {"hash": str(content.get("sha256"))[:16]})


def _exported(content: Plain, _people: Mapping[str, str]) -> Iterable[Line]:
    form = str(content.get("form"))
    yield Line(f"exported.{form}" if form in ("pdf", "zip", "json") else "exported.other")
    yield Line("hash", {"hash": str(content.get("sha256"))[:16]})


def _suppression(content: Plain, people: Mapping[str, str]) -> Iterable[Line]:
    if content.get("entities"):
        yield Line("entities", counted=len(content["entities"]))
    if content.get("until"):
        yield Line("until", {"until": content["until"]})
    if content.get("scope") == "list":
        yield Line("on_list", {"program": content.get("program")})
    if content.get("why"):
        why = str(content["why"])
        yield Line(f"why.{WHYS[why]}") if why in WHYS else Line("why", {"why": why})
    yield from _second(content, people)


def _reopened(content: Plain, _people: Mapping[str, str]) -> Iterable[Line]:
    if content.get("suppression"):
        yield Line("suppression", {"n": content["suppression"]})


_TOLD: Mapping[str, Callable[[Plain, Mapping[str, str]], Iterable[Line]]] = {
    "case.taken": _locked,
    "case.possible": _locked,
    "case.approved": _second,
    "case.refused": _second,
    "case.decided_in_bulk": _bulk,
    "case.file_added": _file,
    "case.exported": _exported,
    "case.reopened": _reopened,
    "case.matches_changed": _reopened,
    **{
        f"suppression.{what}": _suppression
        for what in (
            "proposed",
            "made",
            "approved",
            "refused",
            "withdrawn",
            "ended",
            "expired",
            "void",
            "narrowed",
        )
    },
}
ACTIONS: Sequence[str] = (
    "case.opened", "case.taken", "case.assigned", "case.released", "case.noted", "case.possible", "case.escalated",
    "case.proposed", "case.decided", "case.approved", "case.refused", "case.withdrawn", "case.reopened",
    "case.matches_changed", "case.decided_in_bulk", "case.file_added", "case.exported", "case.suppression_asked",
    "suppression.proposed", "suppression.made", "suppression.approved", "suppression.refused",
    "suppression.withdrawn", "suppression.ended", "suppression.expired", "suppression.void",
    "suppression.narrowed",
)  # fmt: skip
"""Every kind of row that a case's timeline can hold."""
LINES: Sequence[str] = (
    "locked", "proposed_by", "bulk", "file", "hash", "exported.pdf", "exported.zip", "exported.json",
    "exported.other", "until", "on_list", "why", "suppression", "by.decision", "by.names", "by.file",
    "by.monitoring", *(f"why.{key}" for key in dict.fromkeys(WHYS.values())),
)  # fmt: skip
"""Keys of lines that aren't counted."""
