"""Free-text addresses: the same place, another unit of one building, another number of one street, or nothing.

Two addresses are one building when street and number agree and nothing else puts them into different towns; city
and country alone never are.
"""

from __future__ import annotations

from rapidfuzz.distance import OSA

from stopship.matching.compare.address_read import ParsedAddress, address_keys, care_of, parse_address
from stopship.matching.compare.address_street import Street, fold
from stopship.names.places import lies_in

__all__ = [
    "ParsedAddress",
    "Street",
    "address_keys",
    "care_of",
    "compare_addresses",
    "is_whole",
    "lies_within",
    "parse_address",
]

# Cities that are a country of their own: every street there is known by its name.
_ONE_CITY = frozenset(["HK", "MO", "SG"])
_LEAST_BOX_DIGITS = 4  # a box of fewer digits is one only together with its city


def compare_addresses(ours: ParsedAddress, theirs: ParsedAddress) -> str:
    """How two addresses relate. Symmetric; what only one side says never makes one building two.

    `same`: one building, and one unit where they name any. `part`: one building, and one of them names a unit or
    floor in it that the other doesn't. `building`: one building, and another unit, floor or block. `box`: the same
    PO box. `street`: one street, another number, which is no match. "": nothing.
    """
    if not _compatible(ours.countries, theirs.countries) or _elsewhere(ours, theirs):
        return ""
    pairs = [(a, b) for a in ours.streets for b in theirs.streets if a.is_street(b)]
    if not any(a.shares_number(b) for a, b in pairs):
        if ours.boxes & theirs.boxes and _one_box(ours, theirs):
            return "box"
        return "street" if any(a.numbers and b.numbers for a, b in pairs) else ""
    return _units(ours, theirs)


def _units(ours: ParsedAddress, theirs: ParsedAddress) -> str:
    left, right = _floor(ours), _floor(theirs)
    if _differ(ours.blocks, theirs.blocks) or (left and right and left != right):
        return "building"
    if ours.units and theirs.units:
        return "same" if _codes(ours) & _codes(theirs) else "building"
    whole = not ours.units and not theirs.units and bool(ours.floor) == bool(theirs.floor)
    return "same" if whole else "part"


def lies_within(ours: ParsedAddress, theirs: ParsedAddress) -> bool:
    """Whether of two addresses of one building the other one is the whole building, or the whole of our floor."""
    return not theirs.units and (not theirs.floor or _floor(ours) == theirs.floor)


def is_whole(ours: ParsedAddress, theirs: ParsedAddress) -> bool:
    """Whether two addresses that are the same name exactly the same units: a range of rooms is more than one."""
    if ours.units == theirs.units:
        return ours.floor == theirs.floor or bool(ours.units)
    return len(ours.units) == len(theirs.units) == 1


def _codes(address: ParsedAddress) -> set[str]:
    """Unit codes, also with their floor before them: unit 5 on floor 16 is room 1605, unit D is 16D."""
    codes = set(address.units)
    if address.floor.isdigit():
        for unit in address.units:
            if unit.isdigit() and len(unit) < 3:
                codes.add(address.floor + unit.zfill(2))
            elif unit.isalpha():
                codes.add(address.floor + unit)
    return codes


def _floor(address: ParsedAddress) -> str:
    """The floor, or the one that a room number tells: 1605 is on the 16th."""
    rooms = (unit[:-2] for unit in sorted(address.units) if unit.isdigit() and 3 <= len(unit) <= 4)
    return address.floor or next(rooms, "")


def _differ(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether blocks of one kind differ: korpus 1 and stroenie 2 say nothing of each other."""
    for kind in ("k", "s", ""):
        one = {code for code in ours if _block_kind(code) == kind}
        other = {code for code in theirs if _block_kind(code) == kind}
        if one and other and not one & other:
            return True
    return False


def _block_kind(code: str) -> str:
    return code[0] if code[0] in "ks" and len(code) > 1 else ""


def _one_box(ours: ParsedAddress, theirs: ParsedAddress) -> bool:
    """A PO box is one within a city; where a side names no city, within a country if its number is long."""
    if not _far(ours, theirs) and (_related(ours.cities, theirs.cities) or ours.localities & theirs.localities):
        return True
    if (ours.cities or ours.localities) and (theirs.cities or theirs.localities):
        return False
    longest = max(len(box) for box in ours.boxes & theirs.boxes)
    return bool(ours.countries & theirs.countries) and longest >= _LEAST_BOX_DIGITS


def _compatible(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    left = {"CN" if c in ("HK", "MO") else c for c in ours}
    right = {"CN" if c in ("HK", "MO") else c for c in theirs}
    return not left or not right or bool(left & right)


def _elsewhere(ours: ParsedAddress, theirs: ParsedAddress) -> bool:
    """Whether the two are in different towns, as far as both say where they are."""
    if _ONE_CITY & ours.countries & theirs.countries:
        return False
    one, other = ours.postcode, theirs.postcode
    if set(_smallest(ours.cities)) & set(_smallest(theirs.cities)) or (one and one == other):
        return False
    if _far(ours, theirs):
        return True
    if _related(ours.cities, theirs.cities) or ours.localities & theirs.localities:
        return False
    if ours.cities and theirs.cities:
        return True
    return bool((ours.cities | ours.localities) and (theirs.cities | theirs.localities)) and not _alike(
        ours, theirs
    )


def _far(ours: ParsedAddress, theirs: ParsedAddress) -> bool:
    """Whether postcodes of one kind begin differently: another region of a country."""
    one, other = ours.postcode, theirs.postcode
    return bool(one and other) and len(one) == len(other) and one[:2] != other[:2]


def _related(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether places may be one: the smallest of each side the same, or one in the other. A province that both
    name says nothing where they name two of its towns."""
    return any(a == b or lies_in(a, b) or lies_in(b, a) for a in _smallest(ours) for b in _smallest(theirs))


def _smallest(places: frozenset[str]) -> list[str]:
    return [place for place in places if not any(lies_in(other, place) for other in places if other != place)]


def _alike(ours: ParsedAddress, theirs: ParsedAddress) -> bool:
    """Whether two words of places are one letter apart, or a known city is the word of the other side."""
    left = ours.localities | {fold(key.removeprefix("place:").replace("_", "")) for key in ours.cities}
    right = theirs.localities | {fold(key.removeprefix("place:").replace("_", "")) for key in theirs.cities}
    return any(
        a == b or (min(len(a), len(b)) >= 5 and OSA.distance(a, b, score_cutoff=1) <= 1)
        for a in left
        for b in right
    )
