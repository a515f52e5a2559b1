"""Names out of their parts: roles, order, and spelling variants of each part in several languages and scripts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice, product

from stopship.model import Name, NameKind
from stopship.sources.scripts import language_code, script_of
from stopship.sources.xml_stream import Element, attribute, children, text, text_of

MAX_SPELLINGS = 60
"""Whole names made of the variants of one name. A part rarely has more than three."""

_KINDS = {"primary-name": NameKind.PRIMARY, "alias": NameKind.ALIAS, "formerly-known-as": NameKind.FORMER}
# Roles of the parts. A title is no name. A tribal name is printed as a part of the name; nothing else is made of
# it.
_ROLES = {
    "family-name": "family",
    "father-name": "father",
    "further-given-name": "middle",
    "given-name": "given",
    "grand-father-name": "grandfather",
    "maiden-name": "maiden",
    "other": "other",
    "suffix": "suffix",
    "tribal-name": "other",
    "whole-name": "whole",
}
_TITLE = "title"

Culture = tuple[str, str]
"""Language and script of a spelling variant, as printed."""


@dataclass(frozen=True, slots=True)
class _Part:
    role: str
    value: str
    variants: tuple[tuple[Culture, str], ...]


def identity_names(identity: Element, main: bool, doubts: list[str]) -> list[Name]:
    """The names of an identity in the order printed; only the main identity has a primary one."""
    found: list[Name] = []
    for element in children(identity, "name"):
        printed_type = attribute(element, "name-type")
        kind = _KINDS.get(printed_type)
        if kind is None:
            doubts.append(f"the name type {printed_type[:40]!r} is not known")
            kind = NameKind.ALIAS
        if kind is NameKind.PRIMARY and not main:
            kind = NameKind.ALIAS
        if attribute(element, "quality").lower() == "low" and kind is not NameKind.PRIMARY:
            kind = NameKind.WEAK_ALIAS
        found += _spellings(_parts(element, doubts), kind, attribute(element, "lang"))
    return found


def _parts(element: Element, doubts: list[str]) -> list[_Part]:
    parts: list[tuple[int, _Part]] = []
    for place, part in enumerate(children(element, "name-part")):
        printed_role = attribute(part, "name-part-type")
        if printed_role == _TITLE:
            continue
        role = _ROLES.get(printed_role)
        if role is None:
            doubts.append(f"the name part {printed_role[:40]!r} is not known")
            role = "other"
        order = attribute(part, "order")
        variants = tuple(
            ((attribute(one, "lang"), attribute(one, "script")), spelling)
            for one in children(part, "spelling-variant")
            if (spelling := text_of(one))
        )
        value = text(part, "value") or text_of(part)
        if value or variants:
            parts.append(
                (int(order) if order.isdecimal() and len(order) < 10 else place, _Part(role, value, variants))
            )
    return [part for _, part in sorted(parts, key=lambda pair: pair[0])]


def _spellings(parts: list[_Part], kind: NameKind, language: str) -> list[Name]:
    """The name as printed, with each maiden name in place of the family name, and in each language and script."""
    own = [(part.role, part.value) for part in parts if part.value]
    if not own:
        return []
    names = [_name(own, kind, language)]
    if maiden := [value for role, value in own if role == "maiden"]:
        rest = [(role, value) for role, value in own if role not in ("maiden", "family")]
        former = NameKind.WEAK_ALIAS if kind is NameKind.WEAK_ALIAS else NameKind.FORMER
        names += [_name([("family", value), *rest], former, language) for value in maiden]
    other = NameKind.ALIAS if kind is NameKind.PRIMARY else kind
    for culture, by_part in _by_culture(parts).items():
        foreign = any(script_of(spelling) for choices in by_part.values() for spelling in choices)
        choices = [
            (part.role, by_part.get(place) or ([] if foreign or not part.value else [part.value]))
            for place, part in enumerate(parts)
            if part.role != "maiden"
        ]
        filled = [(role, spellings) for role, spellings in choices if spellings]
        # A family name alone in Cyrillic letters is no whole name: it would hit everybody who bears it.
        whole = len(filled) == len([role for role, _ in choices])
        sort = other if whole else NameKind.WEAK_ALIAS
        roles = [role for role, _ in filled]
        for spelled in islice(product(*(spellings for _, spellings in filled)), MAX_SPELLINGS):
            names.append(_name(list(zip(roles, spelled, strict=True)), sort, culture[0], culture[1]))
    return names


def _by_culture(parts: list[_Part]) -> dict[Culture, dict[int, list[str]]]:
    found: dict[Culture, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for place, part in enumerate(parts):
        for culture, spelling in part.variants:
            found[culture][place].append(spelling)
    return found


def _name(parts: list[tuple[str, str]], kind: NameKind, language: str, script: str = "") -> Name:
    """The whole name: "family, others in their order" where there is a family name and others, else in order."""
    shown = [(role, value) for role, value in parts if role != "maiden"] or parts
    family = " ".join(value for role, value in shown if role == "family")
    others = " ".join(value for role, value in shown if role != "family")
    text = f"{family}, {others}" if family and others else family or others
    printed_script = script.title() if len(script) == 4 and script.upper() != "LATN" else None
    return Name(
        text,
        kind,
        language_code(language),
        script_of(text) or printed_script,
        tuple(parts) if len(parts) > 1 else (),
    )
