"""What differs between two decisions, field by field, for a person and for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GONE, ADDED, CHANGED = "gone", "added", "changed"
FINDING_KEY = ("rule", "scope", "party", "owner", "item", "entity_id", "program")
QUESTION_KEY = ("rule", "fact")
_DICTS = ("outcomes_by_scope", "transaction")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs.

    Attributes:
        kind: `gone`, `added` or `changed`.
        where: the field, for a finding with what it is about.
        before, after: the JSON values; None where there is none.
    """

    kind: str
    where: str
    before: Any
    after: Any

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {"kind": self.kind, "where": self.where, "recorded": self.before, "now": self.after}


def differences(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """How two decisions in their JSON form differ, the outcome first.

    Findings are compared by what they are about (rule, scope, party, owner, item, entity, program), questions by
    rule and fact, lists by source, assumptions by their text. Where nothing differs but the order of fields or
    entries, that is one difference of its own, so that other bytes never look the same.
    """
    found = list(_fields(recorded, now))
    if not found and recorded != now:
        found = [Difference(CHANGED, "decision", None, None)]
    elif not found:
        found = [Difference(CHANGED, "order of fields", list(recorded), list(now))]
    yield from found


def _fields(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for field in dict.fromkeys((*now, *recorded)):
        before, after = recorded.get(field), now.get(field)
        if before == after and (field in recorded) is (field in now):
            continue
        if field == "findings":
            yield from _entries("finding", before, after, FINDING_KEY)
        elif field == "questions":
            yield from _entries("question", before, after, QUESTION_KEY)
        elif field == "lists":
            yield from _entries("list", before, after, ("source",))
        elif field == "assumptions":
            yield from _texts("assumption", before, after)
        elif field in _DICTS and isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _values(field, before, after)
        else:
            yield Difference(CHANGED, field, before, after)


def _values(where: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for key in dict.fromkeys((*before, *after)):
        if key not in after:
            yield Difference(GONE, f"{where}.{key}", before[key], None)
        elif key not in before:
            yield Difference(ADDED, f"{where}.{key}", None, after[key])
        elif before[key] != after[key]:
            yield Difference(CHANGED, f"{where}.{key}", before[key], after[key])


def _texts(what: str, before: Any, after: Any) -> Iterator[Difference]:
    earlier, later = list(before or ()), list(after or ())
    yield from (Difference(GONE, what, text, None) for text in earlier if text not in later)
    yield from (Difference(ADDED, what, None, text) for text in later if text not in earlier)
    if earlier != later and sorted(map(str, earlier)) == sorted(map(str, later)):
        yield Difference(CHANGED, f"order of {what}s", earlier, later)


def _entries(what: str, before: Any, after: Any, key: Sequence[str]) -> Iterator[Difference]:
    earlier, later = _keyed(before, key), _keyed(after, key)
    for about in earlier:
        if about not in later:
            yield Difference(GONE, _named(what, about), earlier[about], None)
    for about in later:
        if about not in earlier:
            yield Difference(ADDED, _named(what, about), None, later[about])
        else:
            yield from _values(_named(what, about), earlier[about], later[about])
    if list(earlier) != list(later) and set(earlier) == set(later):
        yield Difference(CHANGED, f"order of {what}s", None, None)


_About = tuple[tuple[tuple[str, Any], ...], int]


def _keyed(entries: Any, key: Sequence[str]) -> dict[_About, Mapping[str, Any]]:
    """Entries by what they are about; those about the same thing are numbered."""
    found: dict[_About, Mapping[str, Any]] = {}
    for entry in entries or ():
        about = tuple((name, entry.get(name)) for name in key)
        number = next(n for n in range(len(found) + 1) if (about, n) not in found)
        found[about, number] = entry
    return found


def _named(what: str, about: _About) -> str:
    words = [f"{name} {value}" if name not in ("rule", "source") else str(value) for name, value in about[0]]
    told = [word for word, (_name, value) in zip(words, about[0], strict=True) if value is not None]
    return f"{what} {', '.join(told)}{f' ({about[1] + 1})' if about[1] else ''}"
