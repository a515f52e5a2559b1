"""What `stopship items find` prints, and the same as JSON."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import typer

from stopship.cli.terminal import field, heading, wrap
from stopship.rules.ccl import Text
from stopship.rules.item_search import Candidate, Matched, Suggestions
from stopship.rules.item_sheet import (
    CCL_URL,
    entry_url,
    lacks_paragraphs,
)
from stopship.rules.item_terms import Note
from stopship.rules.law import LawOfDay

FORMAT = 1
NOT_A_CLASSIFICATION = "Suggestions of what to read, not a classification: a person classifies the item."
NO_CANDIDATE = (
    "No entry of the Commerce Control List shares words with this. That doesn't make the item EAR99: a person "
    "must decide that, after looking for what it is and does in the list's own words."
)
IF_NONE_FITS = (
    "If none fits: whether the item is EAR99 must be decided by a person (15 CFR 734.3(c)); "
    "it is never suggested here."
)
ONLY_WEAK = "No entry is about this in so many words. These share some words with it:"
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
        yield from wrap(IF_NONE_FITS)
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
    return line if law.confirmed else f"{line} {too_early(law.ccl.issued)}"


def too_early(issued: str) -> str:
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
                "paragraphs": [text_plain(text) for text in each.paragraphs],
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


def text_plain(text: Text) -> dict[str, str]:
    return {"paragraph": text.paragraph, "text": text.text}
