"""The entity cell: name, aliases and addresses in one text.

The publisher's pattern is "NAME, a.k.a., the following two aliases: / —ALIAS; and / —ALIAS. / ADDRESS; and
ADDRESS." with a line break at each "/", and "NAME, ADDRESS; and ADDRESS." where there are no aliases. Aliases lead
with a dash; the addresses follow behind an empty line or behind the last alias.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stopship.model import NameKind
from stopship.sources.printed import printed

_MARKER = re.compile(
    r"""[,;]?\s*(?:\()?(?P<kind>a\.?\s?k\.?\s?a\.?|f\.?\s?k\.?\s?a\.?|also\sknown\sas|formerly\sknown\sas)[,.]*\s+
        (?:and\s+)?(?:the\s+)?following\s+(?P<count>[\w-]+(?:\s[\w-]+)?)\s+alias(?:es)?\s*(?:\([^)]*\)\s*)?[:;.,]?""",
    re.IGNORECASE | re.VERBOSE,
)
_DASH = re.compile(r"[-–—‒―•]+\s*")
_AND = re.compile(r"[;,]?\s+and\Z|[;,]\s*\Z", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\(?\s*See\s+(?:also\s+)?(?:the\s+)?alternat(?:e|ive)\s+address(?:es)?\s+(?:listed\s+)?under\s+(?P<where>[^)]*?)\.?\s*(?:\)|\Z)\.?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:Alt\.?\s)?Address(?:es)?:\s*", re.IGNORECASE)
_BETWEEN = re.compile(r";\s*(?:and\s+)?|,\s+and\s+(?=(?:No\.|Room|Unit|Suite|P\.?O\.?|\d+\s))", re.IGNORECASE)

# What may follow a comma inside of a name: legal forms, and words with which a further part of a name begins.
_FORM = re.compile(
    r"""(?ix)
    (?:co\.?,?\s*ltd|co\.?\s*limited|ltd|limited|l\.?l\.?c|llp|lp|inc|incorporated|corp|corporation|company|co|gmbh
      |s\.?a\.?r\.?l|s\.?r\.?l|s\.?r\.?o|d\.?o\.?o|b\.?v|n\.?v|plc|pte|pvt|private|sdn|bhd|fz[eco]?|fz-?llc|fzco|kft|s\.?p\.?a
      |s\.?a\.?s?|a\.?s|a\.?g|ooo|oao|zao|pao|ao|nao|ojsc|cjsc|pjsc|jsc|p\.?j\.?s\.?c|open|closed|public|joint|jr|sr
      |limited\sliability|anonim|sanayi|ticaret|ve|of|the|and|[ivx]{2,4}|esq|ph\.?d|dr)
    (?![\w'’-])"""
)
_PART = re.compile(
    r"""(?ix)
    (?:["“']?(?:ao|jsc|joint[\s-]stock|public\sjoint|concern|npo|kb|rkb|fsue|branch|pjsc|tsnii|nii)\b
      | \d{1,3}(?:st|nd|rd|th)?\s(?:research|institute)
      | (?:[\w.'’“”"-]+\s){0,6}(?:academy|institute|institut|bureau|laborator(?:y|ies)|university|academies
          |institution|faculty|department|sciences|branch(?!\w)|(?:center|centre)\s(?:for|of)|service\scenter)\b
        (?!\s*(?:road|street|rd|st|avenue|ave|district|building|city)\b))
    """
)


@dataclass(frozen=True, slots=True)
class EntityCell:
    """What a cell says. `doubtful`: name and address could not be told apart for certain.

    `elsewhere` are the countries under which further addresses stand.
    """

    name: str
    aliases: tuple[tuple[str, NameKind], ...] = ()
    addresses: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    doubtful: bool = False


def read_cell(text: str) -> EntityCell:
    """Take a cell apart. Nothing printed is lost: what is neither name nor alias is address."""
    elsewhere = tuple(
        printed(part)
        for match in _ELSEWHERE.finditer(text)
        for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", match["where"])
        if part.strip()
    )
    body = _ELSEWHERE.sub("", text).strip()
    marker = _MARKER.search(body)
    if marker is None:
        name, address, doubtful = _name_and_address(body)
        return EntityCell(name, (), _addresses(address), elsewhere, doubtful)
    name = printed(body[: marker.start()].rstrip(" ,;(")).strip()
    aliases: list[tuple[str, NameKind]] = []
    addresses: list[str] = []
    rest = body[marker.end() :]
    kind = _kind(marker["kind"])
    while True:
        following = _MARKER.search(rest)
        block = rest[: following.start()] if following else rest
        block_aliases, address = _alias_block(block, _count(marker["count"]))
        aliases += [(alias, kind) for alias in block_aliases]
        addresses += _addresses(address)
        if following is None:
            break
        kind, rest, marker = _kind(following["kind"]), rest[following.end() :], following
    return EntityCell(name, tuple(dict.fromkeys(aliases)), tuple(dict.fromkeys(addresses)), elsewhere)


def _alias_block(text: str, count: int) -> tuple[list[str], str]:
    """Aliases and the text behind them. Lines with a dash are aliases; the first one without begins the rest."""
    aliases: list[str] = []
    lines = text.strip("\n ").split("\n")
    if not any(_DASH.match(line) for line in lines):
        return _alias_run(" ".join(lines), count)
    rest: list[str] = []
    for place, raw in enumerate(lines):
        line = raw.strip()
        if not line:
            if aliases and not any(_DASH.match(later.strip()) for later in lines[place:]):
                rest = lines[place:]
                break
            continue
        dash = _DASH.match(line)
        if dash is None:
            if aliases and not aliases[-1].endswith("."):
                aliases[-1] = f"{aliases[-1]} {line}"  # a long alias that was broken
                continue
            rest = lines[place:]
            break
        aliases.append(line[dash.end() :])
    return [alias for alias in (_tidy(alias) for alias in aliases) if alias], "\n".join(rest)


def _alias_run(text: str, count: int) -> tuple[list[str], str]:
    """Aliases without lines, "A; B; and C. ADDRESS": as many as were announced, by their separators."""
    pieces = re.split(r"(;\s*(?:and\s+)?|[—–]\s*|\.\s+(?=[A-Z\d]))", text.lstrip(" —–-"))
    aliases = [_tidy(piece) for piece in pieces[: 2 * count : 2]]
    return [alias for alias in aliases if alias], "".join(pieces[2 * count :])


def _name_and_address(text: str) -> tuple[str, str, bool]:
    """Name, address, and whether the comma between them is doubtful."""
    first, line_break, more = text.partition("\n")
    if line_break and more.strip():
        return _tidy(first), more, False
    doubtful = False
    for comma in re.finditer(r",\s+", text):
        behind = text[comma.end() :]
        if address := _ADDRESS.match(behind):
            return _tidy(text[: comma.start()]), behind[address.end() :], False
        if _inside_brackets(text, comma.start()) or _FORM.match(behind):
            continue
        if _PART.match(behind.partition(",")[0]):
            doubtful = True  # a part of the name, or an institution where the party is found
            continue
        return _tidy(text[: comma.start()]), behind, doubtful
    return _tidy(text), "", doubtful


def shorter_name(name: str) -> str:
    """Of a doubtful name the part before the first comma, unless that is a body of its own; else "".

    "Hamid Sepehrian, Jaber Ibn Hayan Research Institute" may be a person and where he works, while "Chinese
    Academy of Sciences, Institute of Physics" is not the academy.
    """
    head = name.partition(", ")[0]
    return "" if head == name or _PART.match(head) or _FORM.match(head.rpartition(" ")[2]) else head


def _addresses(text: str) -> tuple[str, ...]:
    whole = printed(text).strip()
    parts = (printed(part).strip(" ;,") for part in _BETWEEN.split(whole))
    cleaned = (re.sub(r"^and\s+|\s+and\Z", "", part).strip() for part in parts)
    kept = [part[:-1] if part.endswith(".") and not part.endswith("..") else part for part in cleaned]
    return tuple(dict.fromkeys(part for part in kept if any(c.isalnum() for c in part)))


def _tidy(text: str) -> str:
    whole = printed(text)
    while (shorter := _AND.sub("", whole).strip()) != whole:
        whole = shorter
    if whole.endswith(".") and not re.search(r"(?:\b[A-Za-z]{1,4}|\.[A-Za-z])\.\Z", whole):
        whole = whole[:-1]
    return whole.strip(" ,;")


def _inside_brackets(text: str, place: int) -> bool:
    return text.count("(", 0, place) > text.count(")", 0, place)


def _kind(marker: str) -> NameKind:
    return NameKind.FORMER if marker.lower().startswith("f") else NameKind.ALIAS


_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_NUMBERS = {word: number for number, word in enumerate(_WORDS)}


def _count(word: str) -> int:
    if word.isdigit():
        return int(word)
    tens, _, ones = word.lower().replace(" ", "-").partition("-")
    return _NUMBERS.get(tens, {"thirty": 30, "forty": 40, "fifty": 50}.get(tens, 1)) + _NUMBERS.get(ones, 0)
