"""The pages of `stopship items`, and the same as JSON."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import typer

from stopship.cli.terminal import field, heading, wrap
from stopship.rules.ccl import Text
from stopship.rules.country_chart import REASONS, column_label
from stopship.rules.item_search import Candidate, Matched, Suggestions
from stopship.rules.item_sheet import (
    CCL_URL,
    Destination,
    DestinationRule,
    ItemSheet,
    Requirement,
    entry_url,
    lacks_paragraphs,
)
from stopship.rules.item_terms import Note
from stopship.rules.law import LawOfDay
from stopship.rules.verdict import Truth

FORMAT = 1
NOT_A_CLASSIFICATION = "Suggestions of what to read, not a classification: a person classifies the item."
NO_CANDIDATE = (
    "No entry of the Commerce Control List shares words with this. That doesn't make the item EAR99: a person "
    "must decide that, after looking for what it is and does in the list's own words."
)
ONLY_WEAK = "No entry is about this in so many words. These share some words with it:"
NOT_ALL = (
    "The chart is one part of the answer: embargoes, end uses, the parties and their owners come on top. "
    "`stopship check` asks for all of them."
)
_PRINTED = {"heading": "in its heading", "item": "in a paragraph", "note": "in a note", "reason": "in its reasons"}
_LONGEST = 260


def found_page(found: Suggestions, law: LawOfDay, day: date) -> Iterator[str]:
    """What a search found, for reading."""
    yield from wrap(NOT_A_CLASSIFICATION)
    yield from wrap(_table_line(law, day))
    if not found.candidates or not found.candidates[0].strong:
        yield ""
    if not found.candidates:
        yield from wrap(NO_CANDIDATE)
    elif not found.candidates[0].strong:
        yield from wrap(ONLY_WEAK)
    for number, candidate in enumerate(found.candidates, start=1):
        yield from _candidate(number, candidate)
    if found.more:
        entries = "1 more entry" if found.more == 1 else f"{found.more} more entries"
        yield from wrap(f"{entries} with fewer or weaker words: --limit shows them.")
    yield ""
    if found.parameters:
        yield from field(
            "Compare", f"{', '.join(p.text for p in found.parameters)}: parameters to hold against the text", 0
        )
    if found.unknown:
        yield from field(
            "Not found", f"{', '.join(found.unknown)}: no entry and no word of the trade has these", 0
        )
    for note in found.notes:
        yield from field("Mind", f"{note.text} ({_source(note)})", 0)
    if found.candidates:
        yield from field(
            "If none", "fits, EAR99 must be decided by a person (15 CFR 734.3(c)); it is never suggested here.", 0
        )
        held = [candidate.eccn for candidate in found.candidates if candidate.entry is not None]
        yield from field("Next", f"stopship items show {held[0]} --to CC" if held else "read the address above", 0)


def _candidate(number: int, candidate: Candidate) -> Iterator[str]:
    weak = "" if candidate.strong else "  (only some words)"
    yield ""
    yield heading(f"{number}. {candidate.eccn}{weak}")
    entry = candidate.entry
    if entry is None:
        text = "The table doesn't hold this entry. Read it at the address, and see whether it is still in force."
        yield from field("Heading", text)
    else:
        yield from _marked(field("Heading", entry.heading), candidate.matched)
        yield from field("Reasons", entry.reasons or "none printed")
    for line in _matched_lines(candidate.matched):
        yield from field("Matched", line)
    for paragraph in candidate.paragraphs:
        lines = field("Paragraph", f".{paragraph.paragraph} {_shortened(paragraph.text)}")
        yield from _marked(lines, candidate.matched)
    missing = [
        name for name in candidate.named_paragraphs if name not in {t.paragraph for t in candidate.paragraphs}
    ]
    if missing:
        yield from field("Look at", ", ".join(f".{name}" for name in missing))
    if entry is not None and lacks_paragraphs(entry):
        yield from field("", "Its paragraphs are not in the table: read them at the address.")
    yield f"   {'Read':<12}{entry_url(entry)}"


def _matched_lines(matched: tuple[Matched, ...]) -> Iterator[str]:
    """Terms of the trade first, each on a line; then all words of the entry on one."""
    for each in matched:
        if each.where == "trade":
            said = "" if set(each.words) == set(each.found.split()) else f" (from {', '.join(each.words)})"
            yield f"“{each.found}”{said}: word of the trade for {each.named}"
    plain = [_word(each) for each in matched if each.where != "trade"]
    if plain:
        yield ", ".join(plain)


def _word(each: Matched) -> str:
    said = each.words[0]
    read = "" if said == each.found else f" as “{each.found}”"
    return f"{said}{read} {_PRINTED[each.where]}"


def _marked(lines: list[str], matched: tuple[Matched, ...]) -> list[str]:
    """Lines with the matched words set off, where stdout is a terminal."""
    words = sorted({each.found for each in matched if each.where != "trade"}, key=len, reverse=True)
    if not words or not sys.stdout.isatty():
        return lines
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
    return [pattern.sub(lambda match: typer.style(match[0], bold=True, underline=True), line) for line in lines]


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"


def _source(note: Note) -> str:
    checked = "" if note.verified_on else "; unconfirmed"
    return f"{note.source}{checked}: {note.url}"


def _table_line(law: LawOfDay, day: date) -> str:
    line = f"Commerce Control List of {law.ccl.issued}, as of {day.isoformat()}, {len(law.ccl)} entries."
    return line if law.confirmed else f"{line} {_too_early(law.ccl.issued)}"


def _too_early(issued: str) -> str:
    return (
        f"The day lies before the earliest table that is held: the list may have read otherwise before {issued}."
    )


def found_plain(found: Suggestions, law: LawOfDay, day: date) -> dict[str, Any]:
    """What a search found, as JSON."""
    return {
        "format": FORMAT,
        "notice": NOT_A_CLASSIFICATION if found.candidates else NO_CANDIDATE,
        "text": found.text,
        "as_of": day.isoformat(),
        "list": {"issued": law.ccl.issued, "entries": len(law.ccl), "confirmed": law.confirmed, "url": CCL_URL},
        "candidates": [
            {
                "rank": rank,
                "eccn": each.eccn,
                "strength": "strong" if each.strong else "weak",
                "score": each.score,
                "heading": each.entry.heading if each.entry else None,
                "reasons": each.entry.reasons if each.entry else None,
                "matched": [
                    {"words": list(m.words), "found": m.found, "where": m.where, "named": m.named or None}
                    for m in each.matched
                ],
                "paragraphs": [_text_plain(text) for text in each.paragraphs],
                "look_at": list(each.named_paragraphs),
                "paragraphs_held": each.entry is not None and not lacks_paragraphs(each.entry),
                "url": entry_url(each.entry),
            }
            for rank, each in enumerate(found.candidates, start=1)
        ],
        "more": found.more,
        "parameters": [parameter.text for parameter in found.parameters],
        "not_found": list(found.unknown),
        "notes": [
            {"text": n.text, "source": n.source, "url": n.url, "verified_on": n.verified_on or None}
            for n in found.notes
        ],
    }


def _text_plain(text: Text) -> dict[str, str]:
    return {"paragraph": text.paragraph, "text": text.text}


# -- one entry ------------------------------------------------------------------------


def sheet_page(sheet: ItemSheet, rules: tuple[DestinationRule, ...], day: date) -> Iterator[str]:
    """All that is known of an entry, for reading."""
    yield heading(sheet.eccn)
    yield from wrap(f"Commerce Control List of {sheet.issued}, as of {day.isoformat()}.")
    if not sheet.confirmed:
        yield from wrap(_too_early(sheet.issued))
    yield ""
    yield from field("Heading", sheet.entry.heading, 0)
    yield from field("Reasons", sheet.entry.reasons or "none printed", 0)
    yield ""
    place = f" and whether it holds for {sheet.destination.country}" if sheet.destination else ""
    yield f"License requirements, as printed{place}"
    for requirement in sheet.requirements:
        yield from wrap(_requirement(requirement, sheet.destination), "   ", "      ")
    if not sheet.requirements:
        yield from wrap("none that concerns this paragraph", "   ")
    yield ""
    if sheet.destination is not None:
        yield from _destination_lines(sheet, sheet.destination, rules)
        yield ""
    if sheet.entry.exceptions:
        yield "License exceptions and special conditions, as printed (their own conditions are in 15 CFR Part 740)"
        for symbol, text in sheet.entry.exceptions:
            yield from field(symbol, text)
        yield ""
    if sheet.paragraphs:
        yield "Paragraphs that the table holds (notes that begin with a letter may stand among them)"
        for paragraph in sheet.paragraphs:
            label, depth = f".{paragraph.paragraph}", paragraph.paragraph.count(".")
            yield from field(label, paragraph.text, 3 + 2 * depth, max(5, len(label) + 1))
        yield ""
    for text in sheet.related:
        yield from field("Related", text, 0)
    for line in sheet.not_held:
        yield from field("Not held", f"{line}.", 0)
    yield f"{'Read':<12}{sheet.url}"


def _requirement(requirement: Requirement, destination: Destination | None) -> str:
    control = requirement.control
    reason = (
        f"{control.reason} ({REASONS.get(control.reason, control.reason)})"
        if control.reason
        else "no reason printed"
    )
    columns = f" [{', '.join(map(column_label, control.columns))}]" if control.columns else ""
    text = f"- {reason}: {control.quoted}{columns}"
    if requirement.concerns is None:
        text += " (covers a part of it, or its text must be read)"
    if destination is not None:
        held = {True: "holds", False: "does not hold", None: "open: read it"}[requirement.reached]
        text += f" -> {held}"
    return f"{text} ({control.note})" if control.note and control.note not in text else text


_ANSWERS = {
    Truth.YES: "a license is required by the entry, before any license exception",
    Truth.NO: "none is required by the entry and the Country Chart alone",
}


def _destination_lines(
    sheet: ItemSheet, destination: Destination, rules: tuple[DestinationRule, ...]
) -> Iterator[str]:
    answer = destination.answer
    also = f"; other rules name {destination.country}, see below" if rules else ""
    said = _ANSWERS.get(sheet.required, "open, a person must read on")
    yield heading(f"To {destination.country}: {said}{also}")
    if answer.text:
        yield from field("Why", answer.text)
    for note in answer.notes:
        yield from field("Why", note)
    if answer.missing:
        yield from field("Waits for", " and ".join(_WAITS.get(fact, fact) for fact in answer.missing))
    row = destination.row
    if row is None:
        yield from field("Chart", "the Country Chart has no row for it")
    elif row.pointer:
        yield from field("Chart", f"its row is empty, which is no permission: {row.pointer}")
    if destination.groups:
        yield from field("Groups", ", ".join(sorted(destination.groups)))
    for bar in destination.bars:
        yield from field("Exceptions", bar)
    for rule in rules:
        yield from field("Also", f"{rule.title}: {rule.outcome.replace('_', ' ')} where it applies [{rule.id}]")
    yield from field("Mind", NOT_ALL)


_WAITS = {"eccn": "the item's paragraph", "country_chart": "a person's reading of the text quoted"}


def sheet_plain(sheet: ItemSheet, rules: tuple[DestinationRule, ...], day: date) -> dict[str, Any]:
    """All that is known of an entry, as JSON."""
    return {
        "format": FORMAT,
        "eccn": sheet.eccn,
        "as_of": day.isoformat(),
        "list": {"issued": sheet.issued, "confirmed": sheet.confirmed, "url": CCL_URL},
        "heading": sheet.entry.heading,
        "reasons": sheet.entry.reasons,
        "requirements": [_requirement_plain(each, sheet.destination) for each in sheet.requirements],
        "destination": _destination_plain(sheet, sheet.destination, rules) if sheet.destination else None,
        "license_exceptions": [{"symbol": symbol, "text": text} for symbol, text in sheet.entry.exceptions],
        "paragraphs": [_text_plain(text) for text in sheet.paragraphs],
        "related": list(sheet.related),
        "not_held": list(sheet.not_held),
        "url": sheet.url,
    }


def _requirement_plain(requirement: Requirement, destination: Destination | None) -> dict[str, Any]:
    control = requirement.control
    plain = {
        "reason": control.reason,
        "control": control.control,
        "chart": control.chart,
        "columns": list(control.columns),
        "kind": control.kind.value,
        "concerns": _three(requirement.concerns, ("all", "none", "part_or_open")),
        "note": control.note or None,
    }
    return plain | ({"holds": _three(requirement.reached, ("yes", "no", "open"))} if destination else {})


def _three(value: bool | None, words: tuple[str, str, str]) -> str:
    return words[2] if value is None else words[0] if value else words[1]


def _destination_plain(
    sheet: ItemSheet, destination: Destination, rules: tuple[DestinationRule, ...]
) -> dict[str, Any]:
    answer, row = destination.answer, destination.row
    required = {Truth.YES: "yes", Truth.NO: "no"}.get(sheet.required, "open")
    return {
        "country": destination.country,
        "license_required_by_entry_and_chart": required,
        "why": [text for text in (answer.text, *answer.notes) if text],
        "missing": list(answer.missing),
        "evidence": list(answer.evidence),
        "row": row.printed if row else None,
        "row_points_to": (row.pointer or None) if row else None,
        "groups": sorted(destination.groups),
        "restrictions_on_exceptions": list(destination.bars),
        "other_rules": [{"rule": rule.id, "title": rule.title, "outcome": rule.outcome} for rule in rules],
        "notice": NOT_ALL,
    }
