"""The settings that can be changed while Stopship runs: what each is called, what it may be, what it is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stopship.app.casework.settings import MOST, parse_policy
from stopship.app.lists.settings import parse_list_settings
from stopship.app.settings import READ_ELSEWHERE, parse_settings
from stopship.cases.policy import BANDS, SUPPRESSION, Policy, Priority
from stopship.cases.states import Verdict
from stopship.errors import SettingsError
from stopship.matching.score import DEFAULT_THRESHOLD
from stopship.model.values import country_names

Kind = Literal["score", "number", "bands", "country", "yes_no"]
Held = Literal["reload", "next_step", "next_job"]


@dataclass(frozen=True, slots=True)
class Field:
    """One setting.

    Attributes:
        name: where it stands in `settings.yaml`: `cases.lock_minutes`.
        kind: what it may be.
        group: what it belongs to, for people.
        held: from when on a change holds: when the servers have read the file again (`reload`), with the next step
            on any case, with the next job.
        least, most: of a number.
    """

    name: str
    kind: Kind
    group: str
    held: Held
    least: int = 0
    most: int = 36_500

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.name.split("."))


CHECKED = (Verdict.FALSE_MATCH.value, Verdict.TRUE_MATCH.value, SUPPRESSION)
FIELDS: tuple[Field, ...] = (
    Field("threshold", "score", "matching", "reload"),
    Field("exporter.country", "country", "exporter", "reload"),
    Field("exporter.us_person", "yes_no", "exporter", "reload"),
    *(Field(f"cases.needs_checker.{one}", "bands", "four_eyes", "next_step") for one in CHECKED),
    *(Field(f"cases.due_days.{one.word}", "number", "due", "next_step", 0, 366) for one in Priority),
    Field("cases.lock_minutes", "number", "work", "next_step", 1, 10_080),
    Field("cases.bulk_limit", "number", "work", "next_step", 1, 100_000),
    Field("cases.suppression_days", "number", "work", "next_step", 1),
    Field("cases.alarm_days", "number", "work", "next_step"),
    Field("cases.retention_days", "number", "keeping", "next_job", 1),
    Field("lists.keep_days", "number", "keeping", "next_job", 1),
)
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}


def values_of(plain: Mapping[str, Any], where: str) -> dict[str, str]:
    """What every field is now, as its text; empty where there is no value (kept for ever).

    Raises:
        SettingsError: the settings are wrong.
    """
    settings = parse_settings({name: value for name, value in plain.items() if name not in READ_ELSEWHERE}, where)
    policy = parse_policy(plain.get("cases") or {}, f"{where}, cases")
    lists = parse_list_settings(plain.get("lists") or {}, f"{where}, lists")
    threshold = DEFAULT_THRESHOLD if settings.threshold is None else settings.threshold
    keep = {"cases.retention_days": policy.retention_days, "lists.keep_days": lists.keep_days}
    return {
        "threshold": f"{threshold:.2f}" if round(threshold, 2) == threshold else f"{threshold:g}",
        "exporter.country": settings.exporter.country,
        "exporter.us_person": "yes" if settings.exporter.us_person else "no",
        **_of_policy(policy),
        **{name: "" if value is None else str(value) for name, value in keep.items()},
    }


def _of_policy(policy: Policy) -> dict[str, str]:
    asked = {one: [band for band in BANDS if policy.asks_checker(one, band)] for one in CHECKED}
    return {
        **{f"cases.needs_checker.{one}": " ".join(bands) for one, bands in asked.items()},
        **{f"cases.due_days.{one.word}": str(policy.due_days[one]) for one in Priority},
        "cases.lock_minutes": str(policy.lock_minutes),
        "cases.bulk_limit": str(policy.bulk_limit),
        "cases.suppression_days": str(policy.suppression_days),
        "cases.alarm_days": str(policy.alarm_days),
    }


def usual_values() -> dict[str, str]:
    """What every field is where the file says nothing."""
    return values_of({}, "")


def parse_value(field: Field, text: str) -> str:
    """A value as a person gave it, in the one way that it is written.

    Raises:
        SettingsError: it may not be that; the line says what it may be.
    """
    text = text.strip()
    if field.kind == "bands":
        words = text.split()
        if unknown := [word for word in words if word not in BANDS]:
            raise SettingsError(
                f"{unknown[0][:40]!r} is no band", where=field.name, hint=f"Known: {', '.join(BANDS)}"
            )
        return " ".join(band for band in BANDS if band in words)
    if field.kind == "yes_no":
        if text not in ("yes", "no"):
            raise SettingsError(f"{text[:40]!r} is neither yes nor no", where=field.name)
        return text
    if field.kind == "country":
        if text not in country_names():
            raise SettingsError(f"{text[:40]!r} is no country", where=field.name, hint="Give two letters, e.g. DE")
        return text
    if field.kind == "score":
        return _score(field, text)
    is_number = text.isascii() and text.isdecimal() and len(text) <= 10
    if not is_number or not field.least <= int(text) <= min(field.most, MOST):
        raise SettingsError(
            f"{text[:40]!r} is out of range",
            where=field.name,
            hint=f"Give a number from {field.least} to {field.most:,}",
        )
    return str(int(text))


def _score(field: Field, text: str) -> str:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0.5 <= value <= 1.0:
        # Lower ones are for measuring, with a file of one's own: nearly everybody would alert.
        raise SettingsError(
            f"{text[:40]!r} is out of range", where=field.name, hint="Give a score from 0.50 to 1.00"
        )
    return f"{value:.2f}" if round(value, 2) == value else f"{value:.4f}".rstrip("0")
