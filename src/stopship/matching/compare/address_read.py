"""Takes a free-text address apart: streets with numbers, blocks, floor, units, PO boxes, places, postcode."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from stopship.matching.compare import address_words as w
from stopship.matching.compare.address_street import (
    Street,
    fold,
    numbers_beside,
    place_key,
    read_numbers,
    read_street,
)
from stopship.names import clean
from stopship.names.han import HAN_RUN
from stopship.names.places import country_of, level
from stopship.names.transliterate import romanize

if TYPE_CHECKING:
    from stopship.matching.compare.address_han import HanAddress

_LEAST_HAN = 4
_DASH_OF_PARTS = re.compile(r"(?<=\w)\s*—\s*(?=[^\W\d])")
_STROKE_OF_PARTS = re.compile(r"(?<=[a-z]{4})/(?=[a-z]{4})")  # Sisli/Istanbul
_ARABIC_WORDS = {
    r"ص\s*\.?\s*ب\.?": " po box ", "صندوق بريد": " po box ", "شارع": " street ", "مكتب": " office ",
    "الطابق": " floor ", "برج": " tower ", "مبنى": " building ", "شقة": " flat ", "دبي": " dubai ",
    "الشارقة": " sharjah ", r"أبو ?ظبي|ابو ?ظبي": " abu dhabi ", "عجمان": " ajman ", "الفجيرة": " fujairah ",
    "رأس الخيمة": " ras al khaimah ", "طهران": " tehran ", "تهران": " tehran ", "دمشق": " damascus ",
    "بيروت": " beirut ", "بغداد": " baghdad ",
}  # fmt: skip
_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """What could be read from one address. `units`, `blocks` and `boxes` are codes without zeros in front;
    `cities` are keys of known places, `localities` words of other ones; `countries` ISO codes."""

    text: str
    streets: tuple[Street, ...] = ()
    units: frozenset[str] = frozenset()
    floor: str = ""
    blocks: frozenset[str] = frozenset()
    boxes: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    localities: frozenset[str] = frozenset()
    postcode: str = ""
    countries: frozenset[str] = frozenset()

    def within(self, countries: tuple[str, ...]) -> ParsedAddress:
        """The address with these countries where it names none itself."""
        return self if self.countries or not countries else replace(self, countries=frozenset(countries))


@lru_cache(maxsize=8192)
def parse_address(text: str) -> ParsedAddress:
    """Take a free-text address apart; what isn't found stays empty."""
    cleaned = clean(_DASH_OF_PARTS.sub(", ", text))
    if not cleaned.isascii():
        cleaned = cleaned.translate(_ARABIC_DIGITS)
    han = sum(map(len, HAN_RUN.findall(cleaned))) if not cleaned.isascii() else 0
    if han < _LEAST_HAN and not any(c.isdigit() for c in cleaned):
        return ParsedAddress(text)  # without any number it is no building
    if han >= _LEAST_HAN:
        from stopship.matching.compare.address_han import read_han_address  # many patterns, seldom needed

        return _from_han(text, read_han_address(cleaned))
    for arabic, english in _ARABIC_WORDS.items() if not cleaned.isascii() else ():
        cleaned = re.sub(arabic, english, cleaned)
    plain = _STROKE_OF_PARTS.sub(", ", romanize(cleaned).lower().replace("'", ""))
    if _has(plain, "c/o", "c /o", "c/ o", "care"):
        plain = w.CARE_OF.sub(" , ", plain)
    plain, boxes = _take(w.BOX, w.CALLE.sub("calle ", plain) if "c. " in plain else plain)
    postcode, plain = _postcode(plain)
    return _from_latin(text, plain, boxes, postcode)


# What must stand in a text for a pattern to find anything: most addresses have none of it.
_HINTS = {
    w.BOX: (
        "box",
        "p.o",
        "post",
        "po b",
        "pob",
        "apartado",
        "boite",
        "b.p",
        "casella",
        "caixa",
        "a/ya",
        "kutusu",
        "p.k",
    ),
    w.KORPUS: ("korp", " k", ",k", *(f"{digit}k" for digit in "0123456789")),
    w.STROENIE: ("str.", "str ", "stro"),
}


def _has(text: str, *hints: str) -> bool:
    return any(hint in text for hint in hints)


def _from_latin(text: str, plain: str, boxes: set[str], postcode: str) -> ParsedAddress:
    floor, units, blocks = "", set[str](), set[str]()
    colombian = w.COLOMBIAN.search(plain) if _has(plain, "c", "k", "t", "d", "av") and "-" in plain else None
    if colombian:
        plain = plain[: colombian.start()] + " , " + plain[colombian.end() :]
    if _has(plain, "#", "-0"):
        for joined in w.HASH_UNIT.finditer(plain):
            floor = floor or (joined[1] or joined[3]).lstrip("0")
            units |= _unit_codes(joined[2] or joined[4])
        plain = w.HASH_UNIT.sub(" , ", plain)
    if match := w.FLOOR.search(plain):
        found = next(group for group in match.groups() if group)
        floor = floor or w.FLOOR_WORDS.get(found, found.lstrip("0"))
    plain = w.FLOOR.sub(" , ", plain)
    for kind, pattern in (("k", w.KORPUS), ("s", w.STROENIE), ("", w.BLOCK)):
        plain, codes = _take(pattern, plain)
        blocks |= {kind + code.lstrip("0") for code in codes}
    plain = w.GLUED_UNIT.sub("room ", plain)
    for match in w.UNIT.finditer(plain):
        at_floor = re.fullmatch(r"(\d{1,2})-(\d{2,3})", match[1])
        if (at_floor and int(at_floor[2]) < int(at_floor[1])) or (at_floor and at_floor[2][0] == "0"):
            floor, units = floor or at_floor[1].lstrip("0"), units | {at_floor[2].lstrip("0")}
        else:
            units |= _unit_codes(match[1])
    rest = w.UNIT.sub(" , ", plain)
    parts = [part.split() for part in re.split(r"[,;()\[\]\"]", rest.replace(".", " ").replace("#", " "))]
    # What stood first and was taken out keeps its place: there the building stands, not the town.
    parts = [parts[0] or ["-"], *(part for part in parts[1:] if part)]
    streets, used = ([_colombian(colombian)], set[int]()) if colombian else _streets(rest, parts)
    if not units and streets and used:  # 20K, West Building, 668 Beijing East Road
        lone = (part[0] for part in parts[: min(used)] if len(part) == 1 and w.LONE_CODE.fullmatch(part[0]))
        own = any(any(word[0].isdigit() for word in parts[n]) for n in used)
        units |= {code.lstrip("0") for code in lone if own}
    cities, countries, localities = _places(parts, used, zipped=len(postcode) == 5 and postcode.isdigit())
    return ParsedAddress(
        text, tuple(streets), frozenset(units), floor, frozenset(blocks), frozenset(boxes), cities, localities,
        postcode, countries,
    )  # fmt: skip


def _from_han(text: str, han: HanAddress) -> ParsedAddress:
    streets: list[Street] = []
    for name, direction, kind, numbers in han.streets:
        if kind:
            streets.append(Street(fold(name), frozenset([direction] if direction else []), numbers, kind))
        elif street := read_street(name.lower().replace("'", "").split()):
            streets.append(replace(street, numbers=numbers))
    units = {code for unit in han.unit_codes for code in _unit_codes(unit)}
    keys = {key for place in han.places if (key := place_key(place))}
    countries = {country_of(key) for key in keys}
    return ParsedAddress(
        text, tuple(dict.fromkeys(streets)), frozenset(units), han.floor,
        frozenset(code.lstrip("0") for code in han.blocks), frozenset(han.boxes),
        frozenset(key for key in keys if key != f"place:{country_of(key)}"), frozenset(map(fold, han.words)),
        han.postcode, frozenset(countries),
    )  # fmt: skip


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, set[str]]:
    """The text without what the pattern finds, and the codes that it found."""
    if not _has(text, *_HINTS.get(pattern, ("",))):
        return text, set()
    codes: set[str] = set()
    for match in pattern.finditer(text):
        code = re.sub(r"[^a-z0-9]", "", next(group for group in match.groups() if group))
        codes.add(code.lstrip("0") or "0")
    return (pattern.sub(" , ", text) if codes else text), codes


def _postcode(plain: str) -> tuple[str, str]:
    """The last postcode, without its space, and the text without it."""
    everything = list(w.POSTCODE.finditer(plain))
    if not everything:
        return "", plain
    found = everything[-1]
    code = re.sub(r"\W", "", next(group for group in found.groups() if group))
    return code, plain[: found.start()] + " , " + plain[found.end() :]


def _unit_codes(code: str) -> set[str]:
    """`1318-19` is 1318 and 1319; `d` is d; `04` is 4."""
    codes: set[str] = set()
    for part in re.split(r"\s*(?:and|&|,|/)\s*", code.strip(".-/& ")):
        ranged = re.fullmatch(r"(\d+)-(\d+)", part)
        if ranged:
            low, tail = ranged[1], ranged[2]
            high = low[: len(low) - len(tail)] + tail if len(tail) < len(low) else tail
            if 0 <= int(high) - int(low) <= 20:
                codes |= {str(n) for n in range(int(low), int(high) + 1)}
                continue
        if part:
            codes.add(part.replace("-", "").lstrip("0") or "0")
    return codes


def _streets(rest: str, parts: list[list[str]]) -> tuple[list[Street], set[int]]:
    """The streets, and the numbers of the parts that they stand in."""
    if w.JAPANESE.search(rest) and (street := _japanese(rest)):
        return [street], {n for n, part in enumerate(parts) if any(re.match(r"\d+-\d", word) for word in part)}
    found = [(number, street) for number, part in enumerate(parts) if (street := read_street(part))]
    if any(street.numbers for _number, street in found):
        found = [(number, street) for number, street in found if street.numbers]
    else:  # no number beside a street: then the one behind or before it (Chevalier House 45-51, Chatham Road)
        found = [(n, replace(s, numbers=numbers_beside(parts, n))) for n, s in found]
    if not any(street.numbers for _number, street in found):
        loose = next((m[1] for part in parts if (m := w.BUILDING_NUMBER.fullmatch(" ".join(part)))), "")
        found = [(n, replace(street, numbers=read_numbers(loose.split())[:1])) for n, street in found]
    streets = [street for _number, street in found]
    for street in [s for s in streets if s.more]:
        streets.append(replace(street, name=street.more, more=""))
    return streets, {number for number, _street in found}


def _colombian(match: re.Match[str]) -> Street:
    """Carrera 34 #35-51: the plate 51 on the stretch of Carrera 34 that begins at Calle 35."""
    kind = w.COLOMBIAN_TYPE.get(match[1], match[1])
    name = f"{kind}{match[2]}x{match[4]}".replace(" ", "")
    side = frozenset([w.DIRECTIONS[match[3]]] if match[3] in w.DIRECTIONS else [])
    return Street(name, side, ((int(match[5]), int(match[5]), ""),))


def _japanese(rest: str) -> Street | None:
    """The town and its block and house: 10-2 Nihombashi, 2-chome is 2-10-2 of Nihombashi."""
    chome = w.JAPANESE_CHOME.search(rest)
    plain = w.JAPANESE_CHOME.sub(" ", rest)
    number = next((m for m in w.JAPANESE_NUMBER.finditer(plain) if m[2]), None) or (
        w.JAPANESE_NUMBER.search(plain) if chome else None
    )
    if number is None:
        return None
    digits = [group for group in (chome[1] if chome else "", *number.groups()) if group]
    around = [plain[number.end() :].strip(" ,").split(","), plain[: number.start()].strip(" ,").split(",")[::-1]]
    for side in around:
        town = side[0].split() if side else []
        words = [word for word in town if not re.search(r"-(?:ku|shi|ken|gun)\Z|ward|building|bldg|\d", word)]
        if words:
            name = fold("".join(words))
            return Street(f"{name} {'-'.join(digits[:-1])}", frozenset(), ((int(digits[-1]),) * 2 + ("",),))
    return None


def _places(
    parts: list[list[str]], used: set[int], *, zipped: bool
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    cities: set[str] = set()
    countries: set[str] = set()
    localities: set[str] = set()
    for number, part in enumerate(parts):
        words = [word for word in part if word.isalpha()]
        if number == 0 and len(parts) > 1 and number not in used:
            named = place_key(" ".join(word for word in words if word not in w.PLACE_FILLERS)) if words else None
            words = words if named else []
        elif number in used:  # only what stands behind the street itself
            at = max((i for i, word in enumerate(part) if word in w.TYPES or word[0].isdigit()), default=-1)
            words = [word for word in part[at + 1 :] if word.isalpha()] if at > 0 else []
        keys = _known_places([word for word in words if word not in w.TOWN_WORDS])
        for key in keys:
            country = country_of(key)
            countries.add(country)
            if key != f"place:{country}":
                cities.add(key)
        if keys or number in used or not words or set(words) & (w.DISTRICT_WORDS | w.BUILDING_WORDS):
            continue
        said = [fold(word) for word in words if word not in w.PLACE_FILLERS | w.STOP and len(word) > 2]
        localities.update(said)
    last = parts[-1] if parts else []
    if len(last) == 1 and len(last[0]) == 2 and last[0].isalpha():
        code = last[0].upper()
        if last[0] in w.US_STATES:  # CA is California or Canada
            code = "US" if zipped else ""
        if level(f"place:{code}") == "country":
            countries.add(code)
    return frozenset(cities), frozenset(countries), frozenset(localities)


def _known_places(words: list[str]) -> set[str]:
    """The places that a part names: as a whole, or at its beginning and end, in two words or one."""
    if whole := place_key(" ".join(words)) if words else None:
        return {whole}
    found: set[str] = set()
    for two, one in ((words[:2], words[:1]), (words[-2:], words[-1:])):
        keys = (place_key(" ".join(span)) for span in (two, one) if len("".join(span)) > 2)
        found.update(key for key in [next(filter(None, keys), None)] if key)
    return found


@lru_cache(maxsize=8192)
def address_keys(text: str) -> tuple[str, ...]:
    """What an address is looked up by: its streets and PO boxes; empty for one without street and number."""
    parsed = parse_address(text)
    streets = {street.name for street in parsed.streets if street.numbers}
    return tuple(sorted(streets | {f"box:{box}" for box in parsed.boxes}))


def care_of(text: str) -> tuple[str, ...]:
    """The names after "c/o" in an address: parties of their own."""
    found = (match[1].strip(" .:-") for match in w.CARE_OF.finditer(clean(text)))
    return tuple(dict.fromkeys(name for name in found if sum(c.isalpha() for c in name) > 2))
