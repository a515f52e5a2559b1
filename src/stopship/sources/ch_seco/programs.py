"""Sanctions programs: what a target's set of sanctions is called, and on which ordinance it rests."""

from __future__ import annotations

from dataclasses import dataclass

from stopship.sources.xml_stream import Element, attribute, children, text_of

_ENGLISH = "eng"


@dataclass(frozen=True, slots=True)
class SanctionsSet:
    """`key`: the short name ("Belarus"). `ordinance`: the title. `measures`: the article and what it orders."""

    key: str
    ordinance: str
    measures: str


class Programs:
    """Sets of sanctions by their number."""

    def __init__(self) -> None:
        self._sets: dict[str, SanctionsSet] = {}

    def add(self, element: Element) -> None:
        """Take in a `sanctions-program`."""
        key, ordinance = _english(element, "program-key"), _english(element, "program-name")
        for one in children(element, "sanctions-set"):
            number = attribute(one, "ssid")
            if number not in self._sets or attribute(one, "lang") in ("", _ENGLISH):
                self._sets[number] = SanctionsSet(key, ordinance, text_of(one))

    def get(self, number: str) -> SanctionsSet | None:
        """The set of this number, None for one that the file doesn't explain."""
        return self._sets.get(number)


def _english(element: Element, name: str) -> str:
    found = list(children(element, name))
    chosen = next((one for one in found if attribute(one, "lang") == _ENGLISH), found[0] if found else None)
    return text_of(chosen)
