"""Names of a record: surname and given name apart, names in two languages, aliases packed in many ways."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stopship.model import Name, NameKind
from stopship.sources.printed import names_inside, split_packed
from stopship.sources.scripts import names_by_script, script_of

_BRACKETED = re.compile(r"\s*\(([^()]+)\)")
_LANGUAGE = re.compile(
    r"\A(?:in\s+)?(?P<language>Arabic|Belarusian|Farsi|Hebrew|Persian|Russian|Spanish|Ukrainian)\s*:\s*",
    re.IGNORECASE,
)
_CODES = {
    "arabic": "ar",
    "belarusian": "be",
    "farsi": "fa",
    "hebrew": "he",
    "persian": "fa",
    "russian": "ru",
    "spanish": "es",
    "ukrainian": "uk",
}
_OR = re.compile(r"\s+(?:or|and)\s+")
_SLASH = re.compile(r"\s*/\s*")
_NAME_LETTERS = 4  # "24/7", "A/S" and "к/ф" are no two names


def person_names(surname: str, given: str, aliases: str) -> tuple[Name, ...]:
    """Names of an individual. "DIKIY (DIKY)" as a surname gives both spellings."""
    surname, given = " ".join(surname.split()), " ".join(given.split())
    text = f"{surname}, {given}" if surname and given else surname or given
    parts = (("given", given), ("family", surname)) if surname and given else ()
    names = {text: Name(text, NameKind.PRIMARY, None, script_of(text), parts)} if text else {}
    if other := _BRACKETED.search(surname):
        for spelling in (_BRACKETED.sub("", surname), other[1].strip()):
            _add(names, f"{spelling}, {given}" if given else spelling)
    for alias in _aliases(aliases, persons=True):
        _add(names, *alias)
    return tuple(names.values())


def thing_names(name: str, aliases: str) -> tuple[Name, ...]:
    """Names of an entity or a ship. "X/Y" stays whole and gives X and Y: the list prints both languages so."""
    text = " ".join(name.split())
    names = {text: Name(text, NameKind.PRIMARY, None, script_of(text))} if text else {}
    for piece in _halves(text):
        _add(names, piece)
    for piece, kind in names_inside(text):
        _add(names, piece, None, kind)
    for alias in _aliases(aliases, persons=False):
        _add(names, *alias)
    return tuple(names.values())


def _add(names: dict[str, Name], text: str, language: str | None = None, kind: NameKind = NameKind.ALIAS) -> None:
    text = text.strip(" ,;")
    if any(letter.isalnum() for letter in text):
        names.setdefault(text, Name(text, kind, language, script_of(text)))


def _aliases(cell: str, *, persons: bool) -> Iterator[tuple[str, str | None, NameKind]]:
    for packed in split_packed(" ".join(cell.split())):
        for piece in _pieces(packed, persons=persons):
            label = _LANGUAGE.match(piece)
            text = piece[label.end() :] if label else piece
            language = _CODES[label["language"].lower()] if label else None
            yield text, language, NameKind.ALIAS
            for inner in names_by_script(text):
                yield inner, None, NameKind.ALIAS
            for inner, kind in names_inside(text, alias=True):
                yield inner, None, kind


def _pieces(text: str, *, persons: bool) -> list[str]:
    """The names of an alias cell that are joined by ",", "/" or "or"; the text alone where that isn't certain.

    A comma joins names of persons where every piece has two words or more; in names of companies it belongs to the
    name. Whatever is split keeps the whole beside it, unless it is plainly a list.
    """
    if persons:
        commas = [piece.strip() for piece in text.split(",") if piece.strip()]
        if len(commas) > 1 and all(len(_LANGUAGE.sub("", piece).split()) > 1 for piece in commas):
            return [half for piece in commas for half in _or_halves(piece)]
    return _or_halves(text)


def _or_halves(text: str) -> list[str]:
    found = [text, *_halves(text)]
    joined = [piece.strip(" ,") for piece in _OR.split(text)]
    if len(joined) > 1 and all(_letters(piece) >= _NAME_LETTERS for piece in joined) and _told_apart(joined, text):
        found += joined
    return found


def _told_apart(pieces: list[str], text: str) -> bool:
    """ "A or B" are two names; "A and B" only where their scripts differ: "Oil and Gas Company" is one."""
    return bool(re.search(r"\s+or\s+", text)) or len({script_of(piece) for piece in pieces}) > 1


def _halves(text: str) -> list[str]:
    pieces = [piece for piece in _SLASH.split(text) if piece]
    enough = 2 if len({script_of(piece) for piece in pieces}) > 1 else _NAME_LETTERS  # "TsKB/ЦКБ"
    return pieces if len(pieces) > 1 and all(_letters(piece) >= enough for piece in pieces) else []


def _letters(text: str) -> int:
    return sum(letter.isalpha() for letter in text)
