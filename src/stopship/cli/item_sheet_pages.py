"""What `stopship items show` prints, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from stopship.cli.item_pages import FORMAT, text_plain, too_early
from stopship.cli.terminal import field, heading, wrap
from stopship.rules.country_chart import REASONS, column_label
from stopship.rules.item_sheet import CCL_URL, Destination, DestinationRule, ItemSheet, Requirement
from stopship.rules.verdict import Truth

NOT_ALL = (
    "The chart is one part of the answer: embargoes, end uses, the parties and their owners come on top. "
    "`stopship check` asks for all of them."
)


def sheet_page(sheet: ItemSheet, rules: tuple[DestinationRule, ...], day: date) -> Iterator[str]:
    """All that is known of an entry, for reading."""
    yield heading(sheet.eccn)
    yield from wrap(f"Commerce Control List of {sheet.issued}, as of {day.isoformat()}.")
    if not sheet.confirmed:
        yield from wrap(too_early(sheet.issued))
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
    also = f"; other rules name {destination.country} too" if rules else ""
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
        "paragraphs": [text_plain(text) for text in sheet.paragraphs],
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
