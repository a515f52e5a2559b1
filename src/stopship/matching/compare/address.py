"""Free-text addresses: the same place, the same building, or nothing.

An address is taken apart into street, building number, unit and floor. Two addresses are one building when street
and number agree; city and country alone never are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from stopship.names import clean
from stopship.names.places import country_of, place_key
from stopship.names.transliterate import romanize


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TYPES_AFTER = _set(  # "Luard Road"
    "road rd street st str avenue ave av lane ln boulevard blvd bulvar drive dr highway hwy way strand terrace "
    "path square sq place pl crescent court row parkway expressway jie lu dadao dajie sokak sk sokagi cadde "
    "caddesi cad cd bulvari blv prospekt prospect pr ulitsa ul pereulok per shosse naberezhnaya nab proezd "
    "strasse straat gata vej plein quai embankment circle close gardens bypass"
)
_TYPES_BEFORE = _set(  # "ulitsa Lenina", "rue de Lyon"
    "ulitsa ul rue calle via avenida avda av prospekt pr pereulok per shosse sh avenue boulevard naberezhnaya "
    "nab proezd rua carrera cra cr jalan jl ulica vul vulitsa straat bld plaza viale corso boul"
)
_TYPES = _TYPES_AFTER | _TYPES_BEFORE
_DIRECTIONS = {"n": "north", "s": "south", "e": "east", "w": "west", "nth": "north", "sth": "south"}
_DIRECTION_WORDS = _set("north south east west middle central upper lower")
_BUILDING_WORDS = _set(
    "tower towers centre center building bldg bld plaza mansion house block court complex park arcade mall wing "
    "phase estate floor fl"
)
_STOP = _set("no number nr near opposite opp of the at and zone area district city shi qu")
_UNIT = re.compile(
    r"\b(?:units?|flats?(?:/rm)?|rooms?|rms?|offices?|suites?|ste|apartments?|apts?|appt|shops?|workshops?|"
    r"pomeshch\w*|pom|komn\w*|kvartira|kv|kom|ofis|of(?=\.)|daire|oficina|bureau|buro|"
    r"stall|booth|shi(?=\s\d)|ic kapi no)\b[.:#\s]*(?:no\b[.:\s]*)?((?:[a-z]{0,2}\d[\w/&-]*|[a-z]{1,2}\b)"
    r"(?:\s*(?:and|&)\s*\d\w*)?)"
)
_FLOOR = re.compile(
    r"\b(\d{1,3}|g|ug|lg|ground)\s*/\s*f\b|\b(\d{1,3})\s?f(?:l|loor)?\b|\b(\d{1,3})(?:st|nd|rd|th)?\s+(?:floor|etazh|fl)\b"
    r"|\b(?:floor|level|fl|et|etazh)\.?\s*(\d{1,3})\b|\b(ground)\s+floor\b"
)
_NUMBER = re.compile(r"\b(\d{1,4})([a-z]?)(?:\s*[-–/]\s*(\d{1,4})([a-z]?))?\b")
_LONGEST_STREET = 4


@dataclass(frozen=True, slots=True)
class Street:
    """A street with the building numbers that stand beside it. `name` is its words without type and direction,
    joined; `direction` tells North Road from South Road."""

    name: str
    direction: frozenset[str]
    numbers: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """What could be read from one address. `units` are codes without zeros in front; `countries` ISO codes."""

    text: str
    streets: tuple[Street, ...]
    units: frozenset[str]
    floor: str
    cities: frozenset[str]
    countries: frozenset[str]


@lru_cache(maxsize=8192)
def parse_address(text: str) -> ParsedAddress:
    """Take a free-text address apart; what isn't found stays empty."""
    plain = romanize(clean(text)).lower().replace("'", "")
    floor, units = "", set[str]()
    if match := _FLOOR.search(plain):
        floor = next(group for group in match.groups() if group).lstrip("0")[:2].replace("gr", "g")
    plain = _FLOOR.sub(" , ", plain)
    for found in _UNIT.finditer(plain):
        units |= _unit_codes(found[1])
    rest = _UNIT.sub(" , ", plain)
    parts = [part.split() for part in re.split(r"[,;()\[\]]", rest.replace(".", " ").replace("#", " "))]
    streets = [street for part in parts if (street := _street(part, [], [])) and street.numbers]
    if (
        not streets
    ):  # no number beside a street: then the one before or after it ("Chevalier House 45-51, Chatham Road")
        around = zip([[], *parts], parts, [*parts[1:], []], strict=False)
        streets = [street for before, part, after in around if (street := _street(part, before, after))]
    cities, countries = _places(parts)
    return ParsedAddress(text, tuple(streets), frozenset(units), floor, cities, countries)


def _unit_codes(code: str) -> set[str]:
    """`1318-19` is 1318 and 1319; `d` is d; `04` is 4."""
    codes: set[str] = set()
    for part in re.split(r"\s*(?:and|&|,|/)\s*", code):
        ranged = re.fullmatch(r"(\d+)-(\d+)", part)
        if ranged:
            low, tail = ranged[1], ranged[2]
            high = low[: len(low) - len(tail)] + tail if len(tail) < len(low) else tail
            if 0 <= int(high) - int(low) <= 20:
                codes |= {str(n) for n in range(int(low), int(high) + 1)}
                continue
        if part:
            codes.add(part.lstrip("0") or "0")
    return codes


def _street(part: list[str], before: list[str], after: list[str]) -> Street | None:
    """The street of one comma-separated part, with numbers of the part itself or right beside it."""
    words = [_DIRECTIONS.get(w, w) for w in part]
    at = next((i for i in range(len(words) - 1, -1, -1) if words[i] in _TYPES_AFTER and i > 0), None)
    name: list[str] = []
    if at is not None:
        i = at - 1
        while (
            i >= 0
            and not words[i][0].isdigit()
            and words[i] not in _BUILDING_WORDS
            and len(name) < _LONGEST_STREET
        ):
            name.insert(0, words[i])
            i -= 1
        if at + 1 < len(words) and words[at + 1] in _DIRECTION_WORDS:
            name.append(words[at + 1])
    if not [w for w in name if w not in _STOP and w not in _DIRECTION_WORDS and w not in _TYPES]:
        at = next((i for i, w in enumerate(words[:-1]) if w in _TYPES_BEFORE), None)
        if at is not None:
            name = []
            for w in words[at + 1 : at + 1 + _LONGEST_STREET]:
                if w[0].isdigit() or w in ("d", "dom", "no", "korp", "str", "bld"):
                    break
                name.append(w)
    if not name and at is None:
        name = _untyped(words)
    significant = [w for w in name if w not in _STOP and w not in _DIRECTION_WORDS and w not in _TYPES]
    if not significant or len("".join(significant)) < 3:
        return None
    numbers = _numbers(part) or _numbers(after[:3], first=True) or _numbers(before[-3:])
    direction = frozenset(w for w in name if w in _DIRECTION_WORDS)
    return Street(re.sub(r"[^a-z0-9]", "", "".join(significant)), direction, numbers)


def _untyped(words: list[str]) -> list[str]:
    """A street without its type: a number before one or two words ("89 Queensway", "135 Bonham Strand")."""
    if not 2 <= len(words) <= 3 or not re.fullmatch(r"\d{1,4}[a-z]?(?:-\d{1,4})?", words[0]):
        return []
    rest = words[1:]
    if any(w in _BUILDING_WORDS or not w.isalpha() for w in rest) or place_key(" ".join(rest)):
        return []
    return rest


def _numbers(words: list[str], *, first: bool = False) -> tuple[tuple[int, int, str], ...]:
    found: list[tuple[int, int, str]] = []
    for match in _NUMBER.finditer(" ".join(words)):
        low, high = int(match[1]), int(match[3] or match[1])
        if match[3] and high < low:  # "165-71"
            high = int(match[1][: len(match[1]) - len(match[3])] + match[3])
        if high < low or high - low > 100:
            high = low
        found.append((low, high, match[2] or ""))
    return tuple(found[:1] if first else found)


def _places(parts: list[list[str]]) -> tuple[frozenset[str], frozenset[str]]:
    cities: set[str] = set()
    countries: set[str] = set()
    for part in parts[1:]:
        words = [w for w in part if w.isalpha()]
        for text in {" ".join(words), " ".join(words[:1]), " ".join(words[-1:])}:
            key = place_key(text) if text and len(text) > 2 else None
            if key:
                country = country_of(key)
                countries.add(country)
                if key != f"place:{country}":
                    cities.add(key)
    last = parts[-1] if parts else []
    if len(last) == 1 and len(last[0]) == 2 and last[0].isalpha():
        countries.add(last[0].upper())
    return frozenset(cities), frozenset(countries)


def street_keys(text: str) -> tuple[str, ...]:
    """What an address is looked up by: its street names; empty for one without street and number."""
    return tuple(sorted({street.name for street in parse_address(text).streets if street.numbers}))


def compare_addresses(ours: ParsedAddress, theirs: ParsedAddress) -> str:
    """`same` (all that both say agrees, or the list names no unit), `building`, or "" for no match.

    Countries and cities that both sides name must not differ; Hong Kong counts as China.
    """
    if not _compatible(ours.countries, theirs.countries):
        return ""
    if not any(_same_street(a, b) for a in ours.streets for b in theirs.streets):
        return ""
    listed_unit = bool(theirs.units or theirs.floor)
    if not listed_unit:
        return "same"
    if theirs.units:
        if not ours.units & theirs.units:
            return "building"
        floors_differ = ours.floor and theirs.floor and ours.floor != theirs.floor
        return "building" if floors_differ else "same"
    return "same" if ours.floor == theirs.floor else "building"


def _compatible(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    left = {"CN" if c in ("HK", "MO") else c for c in ours}
    right = {"CN" if c in ("HK", "MO") else c for c in theirs}
    return not left or not right or bool(left & right)


def _same_street(ours: Street, theirs: Street) -> bool:
    if ours.name != theirs.name and (
        min(len(ours.name), len(theirs.name)) < 6 or OSA.distance(ours.name, theirs.name, score_cutoff=1) > 1
    ):
        return False
    if ours.direction and theirs.direction and ours.direction != theirs.direction:
        return False
    return any(
        a_low <= b_high and b_low <= a_high and (a_letter == b_letter or not a_letter or not b_letter)
        for a_low, a_high, a_letter in ours.numbers
        for b_low, b_high, b_letter in theirs.numbers
    )
