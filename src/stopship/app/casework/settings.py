"""What a home says about case work: `cases` in `settings.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stopship.app.documents import read_document
from stopship.app.settings import FILE, read_fields
from stopship.cases.policy import BANDS, REASONS, SUPPRESSION, Policy, Priority
from stopship.cases.states import Verdict
from stopship.errors import SettingsError
from stopship.model.values import Program

SECTION = "cases"
NUMBERS = {
    "lock_minutes": 1,
    "bulk_limit": 1,
    "suppression_days": 1,
    "alarm_days": 0,
    "file_bytes": 1,
    "files": 0,
    "retention_days": 1,
}
"""Fields that are whole numbers, each with its least value."""
FIELDS = ("due_days", "band_priority", "program_priority", "needs_checker", "reasons", *NUMBERS)
MOST = 1_000_000_000


def read_policy(home: Path) -> Policy:
    """The policy from `cases` of `settings.yaml` in the home; the defaults where there is none.

    Raises:
        SettingsError: an unknown field or a value out of range, with the field's name.
    """
    path = home / FILE
    if not path.exists():
        return Policy()
    plain = read_document(path, error=SettingsError) or {}
    section = plain.get(SECTION) if isinstance(plain, dict) else None
    return parse_policy(section or {}, f"{path}, {SECTION}")


def parse_policy(plain: Any, where: str) -> Policy:
    """The policy from plain values; see `read_policy`."""
    given = read_fields(plain, FIELDS, where)
    usual = Policy()
    values: dict[str, Any] = {
        name: _number(given[name], least, f"{where}, {name}") for name, least in NUMBERS.items() if name in given
    }
    if "due_days" in given:
        days = read_fields(given["due_days"], tuple(p.word for p in Priority), f"{where}, due_days")
        read = {
            Priority[word.upper()]: _number(text, 0, f"{where}, due_days.{word}") for word, text in days.items()
        }
        values["due_days"] = MappingProxyType({**usual.due_days, **read})
    if "band_priority" in given:
        words = read_fields(given["band_priority"], BANDS, f"{where}, band_priority")
        values["band_priority"] = MappingProxyType({**usual.band_priority, **_priorities(words, where)})
    if "program_priority" in given:
        words = read_fields(given["program_priority"], None, f"{where}, program_priority")
        for program in words:
            if program not in set(Program) and not program.startswith("custom."):
                raise SettingsError(f"unknown program {program!r}", where=f"{where}, program_priority")
        values["program_priority"] = MappingProxyType(_priorities(words, where))
    if "needs_checker" in given:
        known = (Verdict.TRUE_MATCH.value, Verdict.FALSE_MATCH.value, SUPPRESSION)
        asked = read_fields(given["needs_checker"], known, f"{where}, needs_checker")
        bands = {what: _bands(listed, f"{where}, needs_checker.{what}") for what, listed in asked.items()}
        values["needs_checker"] = MappingProxyType({**usual.needs_checker, **bands})
    if "reasons" in given:
        own = read_fields(given["reasons"], None, f"{where}, reasons")
        for code, text in own.items():
            if not code.replace("_", "").isalnum() or len(code) > 64 or not isinstance(text, str) or not text:
                raise SettingsError(
                    f"{code[:80]!r} can't be a reason",
                    where=f"{where}, reasons",
                    hint="Give word_word: what it means",
                )
        values["reasons"] = MappingProxyType({**REASONS, **own})
    return Policy(**values)


def _number(value: Any, least: int, where: str) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if not least <= number <= MOST:
        raise SettingsError(
            f"{str(value)[:80]!r} is out of range", where=where, hint=f"Give a number from {least} on"
        )
    return number


def _priorities(words: Mapping[str, Any], where: str) -> dict[str, Priority]:
    found = {}
    for name, word in words.items():
        if word not in {priority.word for priority in Priority}:
            raise SettingsError(
                f"{word!r} is no priority", where=f"{where}, {name}", hint="Give high, medium or low"
            )
        found[name] = Priority[str(word).upper()]
    return found


def _bands(listed: Any, where: str) -> frozenset[str]:
    if not isinstance(listed, list) or any(band not in BANDS for band in listed):
        raise SettingsError(
            "expected a list of bands", where=where, hint=f"Known: {', '.join(BANDS)}; [] for none"
        )
    return frozenset(listed)
