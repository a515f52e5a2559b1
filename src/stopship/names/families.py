"""Names whose spellings no rule unites, and short forms of given names: tables of facts."""

from __future__ import annotations

from functools import cache

from stopship.names.tables import rows


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    return {words[0]: words for words in (tuple(row[0].split()) for row in rows("name_families.tsv"))}


@cache
def _families() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for spellings in rows("name_families.tsv"):
        words = spellings[0].split()
        for word in words:
            found.setdefault(word, []).append(f"f:{words[0]}")
    for full, short in rows("nicknames.tsv"):
        # A nickname is one for all spellings of the full name: Misha for Mikhail and Mykhailo.
        family = next((key[2:] for key in found.get(full, ()) if key.startswith("f:")), "")
        spellings = _spellings().get(family, ())
        key = f"n:{family or full}"
        for word in (full, *spellings, *short.split()):
            if key not in found.setdefault(word, []):
                found[word].append(key)
    return {word: tuple(keys) for word, keys in found.items()}


def families_of(word: str) -> tuple[str, ...]:
    """The families that a plain word belongs to: `f:` and the first spelling for spellings of one name, `n:` and
    the full name for short forms. Sasha is short for Aleksandr and for Aleksandra, who are not one."""
    return _families().get(word, ())
