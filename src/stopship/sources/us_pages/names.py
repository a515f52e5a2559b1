"""Names that these pages tell in sentences: aliases and subsidiaries of the UFLPA list, companies of the FCC's."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from stopship.model import NameKind
from stopship.sources.printed import names_inside, printed, unquoted

# "(including two aliases: A and B)", "(also known as A; and formerly known as B)".
_BRACKET = re.compile(
    r"\s*\((?:(?:and|including)\s+[\w-]+\s+(?:alias(?:es)?|other names?)\s*:|(?:(?:also|formerly)\s+known\s+as|"
    r"a\.?k\.?a\.?|f\.?k\.?a\.?))",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r",?\s+and\s+(?:its\s+)?(?:subordinate\s+and\s+affiliated\s+entities|subsidiaries)\s*\Z", re.IGNORECASE
)
_SUBSIDIARIES = re.compile(
    r",?\s+and\s+its\s+(?:subsidiary\s+|[\w-]+\s+[\w-]+[- ]based\s+subsidiaries,?\s+which\s+include\s+)",
    re.IGNORECASE,
)
_FORM = r"(?:Co|Company|Corp|Ltd|Limited|Inc|LLC|LP)\b\.?"
_SEPARATOR = re.compile(rf";\s*(?:and\s+)?|,\s+and\s+|,\s+(?!{_FORM})|\s+and\s+(?=[A-Z])")
_FORMER = re.compile(r"^(?:and\s+)?formerly\s+known\s+as\s+", re.IGNORECASE)
_ALSO = re.compile(r"^(?:and\s+)?(?:also\s+known\s+as|including\s+[\w-]+\s+alias(?:es)?\s*:)\s+", re.IGNORECASE)
# "Telecommunications equipment produced by Huawei Technologies Company, including …"
_COVERED = re.compile(
    r"\b(?:produced(?: or provided)?|provided|supplied(?:, directly or indirectly,)?|manufactured)\s+by\s+"
    r"(?P<name>(?:[A-Z0-9(][\w&.'’()-]*,?\s*|(?:and|of|de)\s+(?=[A-Z]))+)"
)
_OWNED = re.compile(
    r"\s*and\s+its\s+(?:wholly[- ]owned\s+)?subsidiar(?:y|ies),?\s+"
    r"(?P<name>(?:[A-Z0-9(][\w&.'’()-]*,?\s*|(?:of|de)\s+(?=[A-Z]))+)"
)
_ACRONYM = re.compile(r"\s*\(([A-Z][A-Za-z&. -]{1,20})\)\s*\Z")


@dataclass(frozen=True, slots=True)
class Told:
    """What a cell tells: the name, other names, subsidiaries that are named, and what else it covers."""

    name: str
    others: tuple[tuple[str, NameKind], ...] = ()
    subsidiaries: tuple[str, ...] = ()
    note: str = ""


def plain_names(text: str) -> Told:
    """A name with the names inside of it; a short name in brackets at its end is one too."""
    others = dict(names_inside(text))
    if short := _ACRONYM.search(text):
        others.setdefault(text[: short.start()].strip(), NameKind.ALIAS)
        others.setdefault(short[1], NameKind.ALIAS)
    return Told(text, tuple((name, kind) for name, kind in others.items() if name != text))


def uflpa_names(text: str) -> Told:
    """A cell of the UFLPA list: "X (including two aliases: A and B) and its subsidiary Y"."""
    rest, note = text, ""
    if found := _OTHERS.search(rest):
        note, rest = printed(found[0]).strip(" ,"), rest[: found.start()]
    subsidiaries: tuple[str, ...] = ()
    if found := _SUBSIDIARIES.search(rest):
        subsidiaries = tuple(_listed(rest[found.end() :]))
        rest = rest[: found.start()]
    others: dict[str, NameKind] = {}
    if found := _BRACKET.search(rest):
        close = _closing(rest, rest.index("(", found.start()))
        inside = rest[found.end() : close]
        kind = NameKind.FORMER if re.search("formerly|f.?k.?a", found[0], re.IGNORECASE) else NameKind.ALIAS
        for part in _listed(inside):
            own = NameKind.FORMER if _FORMER.match(part) else NameKind.ALIAS if _ALSO.match(part) else kind
            others.setdefault(_ALSO.sub("", _FORMER.sub("", part)), own)
        rest = printed(rest[: found.start()] + " " + rest[close + 1 :])
    # The name without its aliases and subsidiaries: the id must not change when one is added.
    main = rest.strip(" ,;") or text
    for name, kind in names_inside(main):
        others.setdefault(name, kind)
    others.pop(main, None)
    return Told(main, tuple(others.items()), subsidiaries, note)


def fcc_names(text: str) -> Told | None:
    """The company that a sentence of the Covered List names; None where it names a class of equipment."""
    found = _COVERED.search(text)
    if not found:
        return None
    name = found["name"].strip(" ,")
    name = re.sub(r"\s+(?:or|and)\Z", "", name)
    if len(name) < 2 or (
        not any(letter.islower() or letter.isdigit() for letter in name) and len(name.split()) > 8
    ):
        return None
    owned = _OWNED.match(text, found.start("name") + len(found["name"].rstrip(" ,")))
    told = plain_names(name)
    return replace(told, subsidiaries=(owned["name"].strip(" ,"),)) if owned else told


def _listed(text: str) -> list[str]:
    parts = (unquoted(printed(part).strip(" ,;").removeprefix("and ")) for part in _SEPARATOR.split(text))
    found: list[str] = []
    for part in parts:
        if part and re.fullmatch(_FORM, part) and found:
            found[-1] = f"{found[-1]}, {part}"
        elif part:
            found.append(part)
    return found


def _closing(text: str, opening: int) -> int:
    """The place of the bracket that closes, or the end of the text."""
    depth = 0
    for place in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return len(text)
