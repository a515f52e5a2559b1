"""Settings in the groups that people think of them in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from stopship.app.administration.fields import Field
from stopship.app.administration.fixed import Fixed
from stopship.app.administration.settings_desk import Sheet


@dataclass(frozen=True, slots=True)
class Line:
    """One setting on the form. `now` is what holds, `value` what stands in the field: what was given before an
    error, else the same."""

    field: Field
    now: str
    value: str
    usual: str
    line: int | None

    @property
    def id(self) -> str:
        return self.field.name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together."""

    name: str
    lines: tuple[Line, ...]


def setting_groups(sheet: Sheet, given: Mapping[str, str]) -> tuple[Group, ...]:
    """The settings that can be changed, in groups, with what a form gave before an error."""
    lines = [
        Line(one.field, one.value, given.get(one.field.name, one.value), one.usual, one.line)
        for one in sheet.shown
    ]
    return tuple(
        Group(name, tuple(members)) for name, members in groupby(lines, key=lambda line: line.field.group)
    )


def fixed_groups(fixed: Iterable[Fixed]) -> tuple[tuple[str, tuple[Fixed, ...]], ...]:
    """The settings that are read at the start, in groups."""
    return tuple((name, tuple(members)) for name, members in groupby(fixed, key=lambda one: one.group))
