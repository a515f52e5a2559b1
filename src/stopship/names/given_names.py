"""Given names: whether men or women bear one, and which word of a name is one, as far as that can be told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from stopship.names.families import families_of
from stopship.names.phrases import Kind
from stopship.names.tables import rows
from stopship.names.token import Token, with_part
from stopship.names.traditions import respelled

# Korean and Vietnamese surnames, which stand first; those of Chinese are in `surname_families.tsv`.
_EAST_ASIAN = frozenset((
    "kim", "ri", "lee", "pak", "park", "choe", "choi", "jong", "jung", "kang", "cho", "yun", "yoon", "chang",
    "jang", "han", "sin", "shin", "so", "kwon", "hwang", "an", "ahn", "hong", "chon", "jon", "ryu", "yang",
    "paek", "pae", "ho", "nam", "sim", "no", "ha", "kwak", "cha", "chu", "u", "ku", "min", "ryang", "nguyen",
    "tran", "pham", "huynh", "hoang", "phan", "vu", "vo", "dang", "bui", "do", "ngo", "duong", "ly", "le",
    "dinh", "trinh", "truong", "dao", "luong",
))  # fmt: skip
# Surnames of the countries in which they are often written first.
_ENDS_AS_SURNAME = re.compile(r"(?:[oe]va?|[iy]na?|sk[iy]+|skaya|enk[oa]|chuk|uk|[iy]an|dze|shvili|ich|[aeo]u)$")


@cache
def _table() -> dict[str, str]:
    return {name: sex for sex, _where, names in rows("given_names.tsv") for name in names.split()}


@cache
def _of_families() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for name, sex in _table().items():
        for key in families_of(name):
            if key[0] == "f":
                found.setdefault(key, set()).add(sex)
    return {key: min(sexes) for key, sexes in found.items() if len(sexes) == 1}


@lru_cache(maxsize=16_384)
def given_gender(word: str) -> str:
    """`f` for a plain word that is usually a woman's given name, `m` for a man's, "" for one of both or for none
    that the table holds. A spelling that it lacks counts as its family (`name_families.tsv`) does."""
    if sex := _table().get(word):
        return sex
    spellings = (word, *respelled(word))
    keys = {key for one in spellings for key in families_of(one.lower()) if key[0] == "f"}
    sexes = {_table().get(one, "") for one in spellings} | {_of_families().get(key, "") for key in keys}
    sexes.discard("")
    return min(sexes) if len(sexes) == 1 else ""


@cache
def _surnames_first() -> frozenset[str]:
    return _EAST_ASIAN.union(row[0] for row in rows("surname_families.tsv"))


def with_parts(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens of a name without comma with what each word is: the first word is a given name where it is usual
    as one, and so are those behind it up to the surname; a surname stands first in names of
    East Asia, and where it ends as Slavic ones do and the other word is a usual given name. Words of which nothing
    is known have no part."""
    words = [n for n, token in enumerate(tokens) if token.kind is Kind.WORD and not token.part]
    if len(words) < 2:
        return tuple(tokens)
    first, last = tokens[words[0]].text, tokens[words[-1]].text
    if first in _surnames_first():
        surname = words[0]
    elif given_gender(first):
        surname = words[-1]
    elif given_gender(last) and len(words) == 2 and _ENDS_AS_SURNAME.search(first):
        surname = words[0]
    elif last in _surnames_first():
        surname = words[-1]
    else:
        return tuple(tokens)
    told = list(tokens)
    for n in words:
        told[n] = with_part(tokens[n], "surname" if n == surname else "given")
    return tuple(told)
