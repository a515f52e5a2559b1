"""Text as publishers print it: white space, packed lists, and names that hold other names.

Lists pack several names into one cell and write "a.k.a." inside of a name in a dozen ways. Nothing printed is
lost: the whole text stays a name, what is found inside of it is added.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from typing import TypeVar

from stopship.model import NameKind

T = TypeVar("T", bound=Hashable)

_OPEN, _CLOSE = "([", ")]"
_QUOTES = (('"', '"'), ("“", "”"), ("'", "'"), ("‘", "’"))

# A marker with dots, slashes or in words counts anywhere. Bare letters (AKA, DBA) are also parts of real names, so
# they count only behind a bracket, a dash or a comma, or in lower case.
_MARKER = re.compile(
    r"""(?<![\w.])(?:
        (?P<aka>(?i:(?:a\.\s?k\.\s?a|a\.?k\.a|a\.k\.?a)\.?s?(?![a-z])|a/k/a|also\ known\ as)
              |(?<=[(\[,;\-])\s*AKA['’]?S?(?=[\s:,.\-])|(?<![A-Z]\s)\bakas?\b)
      | (?P<fka>(?i:f\.\s?k\.\s?a\.?|f\.?k\.a\.?|f/k/a|formerly\ known\ as)
              |(?<=[(\[,;\-])\s*FKA(?=[\s:,.\-])|\bfka\b)
      | (?P<dba>(?i:d\.\s?b\.\s?a\.?|d/b/a|t/a(?=\s)|doing\ business\ as|trading\ as|n\.k\.a\.?|n/k/a)
              |(?<=[(\[,;\-])\s*DBA(?=[\s:,.\-])|\bdba\b)
    )[\s:,;\-]*""",
    re.VERBOSE,
)
_LEADING = re.compile(
    r"(?:(?P<fka>F\.?K\.?A\b\.?|f\.k\.a\.?|(?i:(?:and )?formerly known as))"
    r"|(?P<aka>A\.K\.A\.?|a\.k\.a\.?|DBA\b|D/B/A|dba\b|(?i:(?:and )?also known as)))[\s:,;\-]+"
)
_AFFILIATE = re.compile(
    r"\bAffiliated Entity:\s*|\bSubordinate Institution\s*[-–:]\s*|,?\s+and subordinate entity:?\s+", re.IGNORECASE
)
# What a name says about its bearer rather than calls it: "(a subsidiary of Y)", ", including … wherever located
# …".
_EXPLANATION = re.compile(
    r"\s*\(an?\s(?:subordinate\s(?:institute|entity)|subsidiary|branch|unit)\sof\s[^()]+\)|,\s+including\s.*\Z",
    re.IGNORECASE,
)
_SUCCESSORS = re.compile(
    r"[;,]?\s+and\s+(?:any|its|their)\s+(?:successors?|sub-?\s?units?|subsidiar(?:y|ies))\b.*\Z", re.IGNORECASE
)
_DESCRIPTION = re.compile(
    r"\s*\((?P<what>[A-Z][\w .]{1,30}?\s(?P<kind>individual|national|citizen|entity|company))\)\s*\Z",
    re.IGNORECASE,
)
_OTHER_SPELLING = re.compile(r"\s*\(([A-Z][\w'’-]+(?:\s[\w'’-]+)+)\)\s*\Z")
_LEGAL_FORM_ONLY = re.compile(r"(?:co|ltd|inc|llc|corp|limited|gmbh|s\.?a|b\.?v|lp|llp)\.?\Z", re.IGNORECASE)


def printed(text: str) -> str:
    """The text with every run of white space as one space, and none at the ends. Nothing else is touched."""
    return " ".join(text.split())


def unique(values: Iterable[T]) -> tuple[T, ...]:
    """The values without repetition, in their order."""
    return tuple(dict.fromkeys(values))


def split_packed(text: str) -> list[str]:
    """The values of a cell that are joined with ";", without splitting inside of brackets.

    A leading or final "and", stray separators and brackets without a partner are packing, not name. A ";" inside
    of brackets belongs to its value.
    """
    if not any(bracket in text for bracket in _OPEN):
        return [value for value in map(_unpacked, text.split(";")) if value]
    values, depth, start = [], 0, 0
    closes = _closing_positions(text)
    ends = set(closes.values())
    for position, letter in enumerate(text):
        if position in closes:
            depth += 1
        elif position in ends:
            depth -= 1
        elif letter == ";" and depth == 0:
            values.append(text[start:position])
            start = position + 1
    values.append(text[start:])
    cleaned = (_unpacked(value) for value in values)
    return [value for value in cleaned if value]


def _unpacked(value: str) -> str:
    value = printed(value).strip(";,").strip()
    if value == "and":
        return ""
    value = value.removeprefix("and ").removesuffix(" and").strip()
    return _without_stray_brackets(value)


def unquoted(value: str) -> str:
    """The value without a pair of quotation marks around the whole of it."""
    for left, right in _QUOTES:
        inner = value[1:-1]
        if len(value) > 2 and value[0] == left and value[-1] == right and left not in inner and right not in inner:
            return inner.strip()
    return value


def names_inside(text: str, *, alias: bool = False) -> list[tuple[str, NameKind]]:
    """The names that a printed name holds besides itself, in the order printed.

    "KOLOKOL (AKA: ALDRICH AMES)" gives KOLOKOL and ALDRICH AMES; "X (f.k.a. Y)" gives X and, as former, Y; "P.
    Affiliated Entity: X" and "P. Subordinate Institution - X" give X alone, since P is another party; "X; and any
    successor, sub-unit, or subsidiary thereof" gives X; "X (DPRK individual)" gives X; a bracketed acronym stays
    where it is. With `alias`, a marker may also lead the text ("DBA X").

    Returns:
        Texts that differ from `text` in more than punctuation, without repetition. A single letter is a weak
        alias: it identifies nobody.
    """
    whole = printed(text)
    found: list[tuple[str, NameKind]] = []
    affiliate = _AFFILIATE.search(whole)
    rest = whole[affiliate.end() :] if affiliate else whole
    kind = NameKind.ALIAS
    if alias and (leading := _LEADING.match(rest)):
        kind = NameKind.FORMER if leading["fka"] else NameKind.ALIAS
        rest = rest[leading.end() :]
    rest = _SUCCESSORS.sub("", rest)
    rest = _DESCRIPTION.sub("", _EXPLANATION.sub("", rest))
    base, others = _split_markers(rest)
    base = _DESCRIPTION.sub("", base)
    if described_as_person(whole) and (other := _OTHER_SPELLING.search(base)):
        others.append((other[1], NameKind.ALIAS))
        base = base[: other.start()]
    found.append((base, kind))
    found.extend(others)
    if ";" in base and not others:
        found.extend((part, NameKind.ALIAS) for part in split_packed(base))
    unique: dict[str, NameKind] = {}
    for name, name_kind in found:
        tidy = unquoted(_without_stray_brackets(printed(name).strip(" ,;:–-")))
        letters = _letters(tidy) if tidy != whole else ""
        if letters and letters != _letters(whole):
            single = len(letters) == 1
            unique.setdefault(tidy, NameKind.WEAK_ALIAS if single else name_kind)
    return list(unique.items())


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def described_as_person(text: str) -> bool:
    """Whether the name ends in "(… individual)", "(… national)" or "(… citizen)"."""
    match = _DESCRIPTION.search(_SUCCESSORS.sub("", printed(text)))
    return bool(match) and match is not None and match["kind"].lower() in ("individual", "national", "citizen")


def _split_markers(text: str) -> tuple[str, list[tuple[str, NameKind]]]:
    """The text before the first "a.k.a." (with what follows its bracket), and the names behind each marker."""
    first = next((m for m in _MARKER.finditer(text) if m.start() > 0), None)
    if first is None:
        return text, []
    opener = len(text[: first.start()].rstrip()) - 1
    if opener >= 0 and text[opener] in _OPEN:
        close = _closing_positions(text).get(opener, len(text))
        tail = printed(text[close + 1 :])
        base = printed(f"{text[:opener]} {tail}")
        names = _behind_markers(text, first.start(), close)
        if tail and tail[0].isalpha() and len(tail.split()) <= 2:
            # "PEARL (A.K.A. NEI-CHIEN CHU) LI": the family name behind the bracket may belong to both.
            names += [(f"{n} {tail}", k) for n, k in names if not n.casefold().endswith(tail.casefold())]
        more_base, more = _split_markers(base)
        return more_base, names + more
    return text[: first.start()], _behind_markers(text, first.start(), len(text))


def _behind_markers(text: str, start: int, end: int) -> list[tuple[str, NameKind]]:
    marks = list(_MARKER.finditer(text, start, end))  # with positions, so that a marker sees what is before it
    names: list[tuple[str, NameKind]] = []
    for index, mark in enumerate(marks):
        stop = marks[index + 1].start() if index + 1 < len(marks) else end
        piece = text[mark.end() : stop].strip(" ,;")
        kind = NameKind.FORMER if mark["fka"] else NameKind.ALIAS
        plural = bool(mark["aka"]) and mark["aka"].rstrip(".").lower().endswith("s") and "known" not in mark["aka"]
        names.extend((part, kind) for part in (_listed(piece) if plural else [piece]))
    return names


def _listed(text: str) -> list[str]:
    """The names of an enumeration "A LTD, B, INC., and C"; a legal form alone belongs to the name before it."""
    parts: list[str] = []
    for part in re.split(r",\s+(?:and\s+)?", text):
        if parts and _LEGAL_FORM_ONLY.match(part):
            parts[-1] = f"{parts[-1]}, {part}"
        else:
            parts.append(part)
    return parts


def _closing_positions(text: str) -> dict[int, int]:
    """Position of each opening bracket that is closed -> position of its closing one."""
    stack: list[int] = []
    pairs: dict[int, int] = {}
    for position, letter in enumerate(text):
        if letter in _OPEN:
            stack.append(position)
        elif letter in _CLOSE and stack and _OPEN.index(text[stack[-1]]) == _CLOSE.index(letter):
            pairs[stack.pop()] = position
    return pairs


def _without_stray_brackets(text: str) -> str:
    """The text without brackets that have no partner (and a full stop behind a stray one at the end)."""
    if not any(bracket in text for bracket in _OPEN + _CLOSE):
        return text
    pairs = _closing_positions(text)
    paired = set(pairs) | set(pairs.values())
    strays = [i for i, letter in enumerate(text) if letter in _OPEN + _CLOSE and i not in paired]
    if not strays:
        return text
    gone = set(strays)
    kept = "".join(" " if i in gone else letter for i, letter in enumerate(text))
    return printed(kept).rstrip(" .,;") if strays[-1] >= len(text) - 2 else printed(kept)
