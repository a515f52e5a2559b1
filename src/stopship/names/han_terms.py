"""What is known of Han names: terms with their English renderings, places, brands, surnames, simplified forms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stopship.names.script import Script, script_of
from stopship.names.tables import rows


@dataclass(frozen=True, slots=True)
class Term:
    """A known Han phrase. `kind`: legal, body, word, name, drop, place, brand; `words`: its English renderings,
    the usual one first, () where it says nothing; `pinyin`: its sound joined ("" where the table has none)."""

    kind: str
    han: str
    words: tuple[str, ...]
    pinyin: str = ""


def is_han(char: str) -> bool:
    """Whether a character is a Han character."""
    return script_of(char) is Script.HAN


@cache
def _simplified() -> dict[int, str]:
    return {ord(traditional): simple for traditional, simple in rows("han_simplified.tsv")}


def simplify(text: str) -> str:
    """Traditional characters as simplified ones, where `han_simplified.tsv` knows them."""
    return text.translate(_simplified())


@cache
def terms() -> dict[str, Term]:
    """All known phrases by simplified form; where tables disagree brands win, then `han.tsv`, then places."""
    table: dict[str, Term] = {}
    for _key, _level, _parent, names in rows("places.tsv"):
        spellings = names.split("|")
        latin = next((name for name in spellings if not is_han(name[0])), "")
        for name in spellings:
            if is_han(name[0]):
                han = simplify(name)
                table.setdefault(han, Term("place", han, (latin,) if latin else ()))
    for kind, han, words, pinyin in rows("han.tsv"):
        table[han] = Term(kind, han, _split(words), pinyin)
    for han, words, _fact, pinyin in rows("brands.tsv"):
        simple = simplify(han)
        table[simple] = Term("brand", simple, _split(words), pinyin)
    return table


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split("|")) if words else ()


@cache
def longest_term() -> int:
    """The number of characters of the longest known phrase."""
    return max(len(han) for han in terms())


@cache
def surnames() -> dict[str, str]:
    """Surname -> its pinyin where the usual reading of the characters is another one, else ""."""
    return {simplify(han): pinyin for han, pinyin in ((*row, "")[:2] for row in rows("surnames.tsv"))}


def syllables(text: str) -> list[str]:
    """The usual pinyin of each character, without tones; characters without one are left out."""
    from pypinyin import Style, lazy_pinyin  # 30 ms to import: only names in Han pay for it

    found = lazy_pinyin(text, style=Style.NORMAL, errors="ignore", v_to_u=False)
    if len(found) == len(text):
        # 长 is chang (long) in names of firms; zhang (grow, head) only after these.
        found = [
            "chang" if c == "长" and p not in "家校生成增" else s
            for p, c, s in zip(" " + text[:-1], text, found, strict=True)
        ]
    return [s.replace("ü", "v") for s in found if s.isascii() or "ü" in s]


@cache
def _cantonese() -> dict[str, str]:
    table: dict[str, str] = {}
    for spelling, characters in rows("cantonese.tsv"):
        for char in characters:
            table.setdefault(char, spelling)
    return table


def cantonese(text: str) -> list[str]:
    """The syllables of simplified characters as Hong Kong and Macau spell them; [] where one isn't known."""
    found = [_cantonese().get(char, "") for char in text]
    return found if all(found) else []


@cache
def _korean() -> dict[str, str]:
    return {char: reading for reading, characters in rows("hanja.tsv") for char in characters}


def korean(text: str) -> list[str]:
    """The Korean readings of simplified characters; [] where one isn't known."""
    found = [_korean().get(char, "") for char in text]
    return found if all(found) else []
