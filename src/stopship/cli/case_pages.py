"""The printed pages of case work: the queue, one case, suppressions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from stopship.cases.queue import Line, Page
from stopship.cases.silencing import Held
from stopship.cases.view import CaseView, case_to_plain, is_locked, is_overdue
from stopship.cli.terminal import counted, field, heading, wrap

WORDS = {
    "true_match": "TRUE MATCH",
    "false_match": "false match",
    "possible": "possible match",
    "escalated": "escalated",
    "mixed": "judged alert by alert",
    "proposed": "waits for a second person",
    "open": "open",
    "closed": "closed",
    "decided": "decided",
    "suppressed": "suppressed",
}
MOST_EVIDENCE = 6
MOST_SCREENINGS = 5


def queue_page(page: Page, now: datetime) -> Iterator[str]:
    """The queue, two lines a case: whom it is about and what it may be, then who has it and until when."""
    if not page.lines:
        yield "there is no such case"
        return
    for line in page.lines:
        yield from _queue_line(line, now)
    shown = len(page.lines)
    yield f"{shown:,} of {counted(page.total, 'case')}" + (f"; more: --cursor {page.next}" if page.next else "")


def _queue_line(line: Line, now: datetime) -> Iterator[str]:
    case = line.case
    plain = case_to_plain(case, now=now)
    others = f" and {line.alerts - 1} more" if line.alerts > 1 else ""
    yield from wrap(
        f"{case.id}  {case.name or '(erased)'} may be {line.best_name}{others} [{', '.join(line.programs)}], "
        f"{case.band} {case.score:.2f}",
        "",
        "      ",
    )
    told = [plain["priority"], WORDS.get(case.disposition or "", "") or WORDS.get(case.state, case.state)]
    if case.closed is None:
        told.append(f"{'OVERDUE since' if is_overdue(case, now) else 'due'} {_day(case.due)}")
        told.append(case.assignee or "nobody has it")
        if is_locked(case, now):
            told.append(f"locked by {case.locked_by} until {_moment(case.locked_until)}")
    else:
        told.append(f"closed {_day(case.closed)}")
    yield "      " + ", ".join(told)


def case_page(view: CaseView, steps: Sequence[str], now: datetime) -> Iterator[str]:
    """One case: who, what it may be and why, what was said, and what can be done next."""
    case = view.case
    said = WORDS.get(case.disposition or "", "") or WORDS.get(case.state, case.state)
    yield heading(f"Case {case.id}: {case.name or '(erased)'}: {said}", _style(view))
    plain = case_to_plain(case, now=now)
    due = f"closed {_moment(case.closed)}" if case.closed else f"due {_moment(case.due)}"
    late = ", OVERDUE" if plain["overdue"] else ""
    yield f"   {plain['priority']} priority, opened {_moment(case.opened)}, {due}{late}"
    if case.assignee:
        lock = f", locked until {_moment(case.locked_until)}" if is_locked(case, now) else ""
        yield f"   assigned to {case.assignee}{lock}"
    yield from _party(view)
    yield ""
    yield "What it may be"
    for alert in view.to_plain(now=now)["alerts"]:
        yield from _alert(alert)
    if view.dispositions:
        yield ""
        yield "What was said"
        for one in view.dispositions:
            yield from _disposition(one)
    if view.suppressions:
        yield ""
        yield "Suppressions"
        for row, entities in view.suppressions:
            names = ", ".join(one.entity_name for one in entities)
            yield from wrap(
                f"{row.id}  is not {names}: {row.state}, until {row.until}, by {row.maker}", "   ", "      "
            )
    for note in view.notes:
        yield from wrap(
            f"note {note.id}, {_moment(note.moment)}, {note.actor}: {note.text or '(erased)'}", "   ", "      "
        )
    for file in view.files:
        yield f"   file {file.id}: {file.name}, {file.media}, {file.size:,} bytes, by {file.actor}"
    yield ""
    yield "What happened (UTC)"
    for event in view.timeline:
        yield f"   {_moment(event.moment)}  {event.action:<26} {event.actor}"
    for screening in view.screenings[:MOST_SCREENINGS]:
        yield f"   {_moment(screening.moment)}  screened ({screening.kind}): {screening.outcome}"
    yield ""
    yield from wrap(f"Possible now: {', '.join(steps)}" if steps else "Nothing can be done with it", "", "   ")
    yield f"version {case.version}"


def suppressions_page(held: Sequence[Held]) -> Iterator[str]:
    """Suppressions, each with what it says and how it stands."""
    if not held:
        yield "there are none"
    for one in held:
        row = one.row
        names = ", ".join(entity.entity_name + (" (void)" if entity.void else "") for entity in one.entities)
        on = f" on {row.program}" if row.program else ""
        yield from wrap(f"{row.id}  {one.name or '(erased)'} is not {names}{on}", "", "      ")
        checked = f", agreed to by {row.checker}" if row.checker else ""
        yield f"      {row.state}, until {row.until}, asked for by {row.maker}{checked}, case {one.case}"
        if row.ended_why:
            yield from wrap(row.ended_why, "      ")


def _party(view: CaseView) -> Iterator[str]:
    plain = view.to_plain(now=view.case.changed)["party"]
    if plain is None:
        yield f"   the party was erased {_moment(view.subject.erased)}"
        return
    for name in ("schema", "country", "address", "birth_date", "registration_date"):
        if name in plain:
            yield from field(name.replace("_", " "), str(plain[name]), label_width=19)
    for one in plain.get("identifiers", ()):
        yield from field(one["type"], one["value"], label_width=19)


def _alert(alert: dict[str, Any]) -> Iterator[str]:
    said = WORDS.get(alert["verdict"] or "", "") or WORDS.get(alert["state"], alert["state"])
    gone = "; NO LONGER LISTED" if alert["gone"] else ""
    yield from wrap(
        f"{alert['id']}  {alert['entity_name']} ({alert['entity_id']}) [{', '.join(alert['programs'])}]: "
        f"{alert['band']} {alert['score']:.2f}, {said}{gone}",
        "   ",
        "      ",
    )
    hit = alert["hit"] or {}
    for line in hit.get("evidence", ())[:MOST_EVIDENCE]:
        yield from wrap(f"- {line}", "      ", "        ")
    for finding in _distinct(hit.get("findings", ())):
        cited = ", ".join(citation["text"] for citation in finding["citations"])
        effect = finding["if_confirmed"] or finding["outcome"]
        yield from wrap(f"if it is: {effect.replace('_', ' ')} ({cited})", "      ", "        ")


def _distinct(findings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One finding a rule and effect: scopes and items would repeat it."""
    return list({(f["rule"], f["if_confirmed"] or f["outcome"]): f for f in findings}.values())


def _disposition(one: Any) -> Iterator[str]:
    waits = {"proposed": ", WAITS FOR A SECOND PERSON", "refused": ", refused", "withdrawn": ", taken back"}
    text = f"{WORDS.get(one.verdict, one.verdict)}, by {one.maker}, {_moment(one.made)}{waits.get(one.state, '')}"
    if one.checker:
        text += (
            f"; {'refused' if one.state == 'refused' else 'agreed to'} by {one.checker}, {_moment(one.checked)}"
        )
    yield from wrap(text, "   ", "      ")
    yield from wrap(f"{one.reason}: {one.comment}" if one.comment else one.reason, "      ")
    if one.check_comment:
        yield from wrap(f"{one.checker}: {one.check_comment}", "      ")


def _style(view: CaseView) -> str:
    if view.case.disposition == "true_match":
        return "prohibited"
    return "clear" if view.case.disposition else "review"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
