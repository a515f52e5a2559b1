"""Which headings mean what on each page: `layouts.yml` as records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from stopship.model import Schema
from stopship.sources.drift import layout_changed, quoted


@dataclass(frozen=True, slots=True)
class Layout:
    """Headings (folded) -> field; `names` says how a name is told; `items`: a list of items will do, too."""

    program: str
    schema: Schema
    names: str
    needs: tuple[str, ...]
    items: bool
    headings: Mapping[str, str]

    def fields(self, header: Sequence[str]) -> list[str] | None:
        """The field of each column; None where it is another table, with none of the columns that are needed."""
        found = [self.headings.get(fold(cell), "") for cell in header]
        return found if any(field in found for field in self.needs) else None

    def check(self, header: Sequence[str], where: str) -> list[str]:
        """The field of each column.

        Raises:
            SourceDrift: a heading is not known, is doubled, or one that is needed is missing.
        """
        found = self.fields(header) or []
        new = [cell for cell, field in zip(header, found, strict=True) if cell and not field] if found else []
        missing = [field for field in self.needs if field not in found]
        doubled = sorted({field for field in found if field and found.count(field) > 1})
        kinds = (("new column", new), ("missing column for", missing), ("doubled column", doubled))
        if changes := [f"{kind} {quoted(names)}" for kind, names in kinds if names]:
            hint = "Update Stopship, or import a table of your own with a mapping; nothing was imported"
            raise layout_changed("; ".join(changes), where, hint)
        return found


def fold(heading: str) -> str:
    """A heading for comparing."""
    return " ".join(heading.split()).rstrip("*†: ").casefold()


@cache
def layout(source_id: str) -> Layout:
    text = (resources.files("stopship.sources.us_pages") / "layouts.yml").read_text("utf-8")
    plain: Any = yaml.load(text, Loader=yaml.BaseLoader)[source_id]
    headings = {fold(heading): field for field, names in plain["columns"].items() for heading in names}
    return Layout(
        program=plain["program"],
        schema=Schema(plain["schema"]),
        names=plain["names"],
        needs=tuple(plain["needs"]),
        items=plain.get("items") == "yes",
        headings=headings,
    )
