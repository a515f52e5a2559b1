"""Strong identifiers in ownership data and orders: which numbers say that two records are the same company.

An LEI is unique in the world. A number in a register or of a tax office is unique in its country at most, and in
some countries (German register courts) not even there, so whoever meets by one must also bear a name that isn't
wholly another (see `joining`). Numbers of passports and identity cards are not read at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from stopship.model.entity import Identifier
from stopship.ownership.contract import lei_of

LEI, REGISTER, TAX, IMO = "lei", "register", "tax", "imo"

_TAX = re.compile(r"(^|_)(tax|vat|inn|tin|ein|nip|pib|gst|cuit|ruc)(_|$)")
_REGISTER = re.compile(
    r"regist|company|companies|commercial|enterprise|uscc|unified_social|credit_code|(^|_)(ogrn|okpo|crn|hrb|hra|coh|"
    r"siren|siret|kvk|cvr|krs|edr|uen|acn|abn|nzbn|cin|cnpj|brn|orgnr|ico|kbo|bce|uid|che)(_|$)"
)


@lru_cache(maxsize=4_096)
def family(kind: str) -> str:
    """The family of an identifier type: `lei`, `register`, `tax`, `imo`, or "" for what doesn't identify a
    company."""
    word = re.sub(r"[^a-z0-9]+", "_", kind.lower()).strip("_")
    if word in ("lei", "xi_lei", "lei_code", "leicode") or "legal_entity_identifier" in word:
        return LEI
    if word in ("imo", "imo_number", "imonumber"):
        return IMO
    if _TAX.search(word):
        return TAX
    return REGISTER if _REGISTER.search(word) else ""


def strong_key(identifier: Identifier, country: str | None) -> str | None:
    """What an identifier is looked up by, None where it identifies no one. `country` is its bearer's, for numbers
    that don't say theirs."""
    kind = family(identifier.type)
    value = identifier.value.upper()
    if not (value.isascii() and value.isalnum()):
        value = re.sub(r"[^0-9A-Z]+", "", value)
    if kind == LEI:
        lei = lei_of(value)
        return f"lei {lei}" if lei else None
    if kind == IMO:
        digits = value.removeprefix("IMO")
        return f"imo {digits}" if len(digits) == 7 and digits.isdigit() else None
    where = identifier.country or country
    value = value.removeprefix(where) if where and kind == TAX else value
    value = value.lstrip("0")
    if not kind or not where or len(value) < 4 or not any(c.isdigit() for c in value):
        return None
    return f"{kind} {where} {value}"


def strong_keys(identifiers: Iterable[Identifier], countries: Iterable[str]) -> tuple[str, ...]:
    """All keys of one record, each once. A number without a country is tried in each of the record's."""
    places: list[str | None] = [*countries] or [None]
    found = (strong_key(i, where) for i in identifiers for where in places)
    return tuple(dict.fromkeys(key for key in found if key))


def contradict(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether two sets of keys hold different LEIs or IMO numbers, which nobody has two of. Numbers of registers
    say nothing: one company has several (OGRN and OKPO)."""
    left, right = _single(ours), _single(theirs)
    return any(kind in right and right[kind].isdisjoint(values) for kind, values in left.items())


def _single(keys: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key in keys:
        kind, _, value = key.partition(" ")
        if kind in (LEI, IMO):
            found.setdefault(kind, set()).add(value)
    return found
