"""Where in the printed text the tokens of a name stand, for pages that highlight them.

Analysis works on cleaned, romanized and translated words and keeps no positions, so they are found again: the
printed text is cut into pieces (words; known phrases of Han), each with the Latin that it may have been read as,
and tokens and pieces are laid side by side. Only what is explained pays for it. Where it can't be told there is no
span.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from stopship.names import Kind, Token, clean
from stopship.names.han_segment import segment
from stopship.names.han_terms import cantonese, is_han, simplify, syllables, terms
from stopship.names.native_words import by_meaning
from stopship.names.phrases import legal_phrases
from stopship.names.token import simple
from stopship.names.tokenize import plain_words

Span = tuple[int, int]

_APOSTROPHES = frozenset("'’‘ʼʻ`´ʹʿʾ′׳״")
_SHARED: Span = (-1, -1)  # of a token whose piece another token has
_LONGEST_PHRASE = 5  # words of a general phrase in another script
_MOST_TOGETHER = 9  # pieces of one token, or tokens of one piece
_ROMAN = {
    numeral: f"#{n}" for n, numeral in enumerate(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"], 1)
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the printed text, with the Latin letters that it may have been read as. `sounds` are those of each
    of its characters, where it can be read by sound, in one way or more."""

    start: int
    end: int
    readings: tuple[str, ...]
    sounds: tuple[tuple[str, ...], ...] = ()
    han: str = ""


@lru_cache(maxsize=2048)
def token_spans(text: str, tokens: tuple[Token, ...]) -> tuple[Span | None, ...]:
    """For each token (start, end) in code points of the text, None where it can't be told. Spans don't overlap."""
    pieces = _pieces(text)
    spans: list[Span | None] = [None] * len(tokens)
    free = [True] * len(pieces)
    at = 0
    for number in range(len(tokens)):
        if spans[number] is not None:
            continue
        for begin in (*range(at, len(pieces)), *range(at)):
            met = _lay(tokens, number, pieces, begin, free, spans)
            if met:
                many, more = met
                for one, span in zip(
                    range(number, number + many), _divide(tokens, met, number, pieces, begin), strict=True
                ):
                    spans[one] = span
                free[begin : begin + more] = [False] * more
                at = begin + more
                break
    _by_likeness(tokens, pieces, free, spans)
    _by_order(text, tokens, pieces, free, spans)
    found = (None if span == _SHARED else span for span in spans)
    return _apart_or_none([_with_dot(text, span, token) for span, token in zip(found, tokens, strict=True)])


def _apart_or_none(spans: Sequence[Span | None]) -> tuple[Span | None, ...]:
    """Where two spans overlap (names in scripts of both directions), it can't be told whose the letters are: the
    longer one is dropped."""
    kept: list[Span | None] = list(spans)
    for at, span in enumerate(spans):
        for other in spans:
            if span and other and span is not other and span[0] < other[1] and other[0] < span[1]:
                longer = (span[1] - span[0], span) >= (other[1] - other[0], other)
                kept[at] = None if longer else kept[at]
    return tuple(kept)


def _with_dot(text: str, span: Span | None, token: Token) -> Span | None:
    """The dot behind an abbreviation belongs to it: Ltd., d.o.o., Y."""
    if span is None or text[span[1] : span[1] + 1] != ".":
        return span
    short = token.kind is Kind.LEGAL or span[1] - span[0] == 1 or "." in text[span[0] : span[1]]
    return (span[0], span[1] + 1) if short else span


def _lay(
    tokens: Sequence[Token], number: int, pieces: Sequence[_Piece], begin: int, free: Sequence[bool],
    spans: Sequence[Span | None],
) -> tuple[int, int] | None:  # fmt: skip
    """How many tokens and pieces from here on have the same letters together; None where they haven't."""

    def go(one: int, letters: str, other: int, read: str) -> tuple[int, int] | None:
        if letters == read and letters:
            return one - number, other - begin
        if one - number > _MOST_TOGETHER or other - begin > _MOST_TOGETHER:
            return None
        if len(letters) <= len(read):
            if one == len(tokens) or spans[one] is not None or not tokens[one].text:
                return None
            longer = letters + tokens[one].text
            return go(one + 1, longer, other, read) if longer.startswith(read) or read.startswith(longer) else None
        if other == len(pieces) or not free[other]:
            return None
        for reading in pieces[other].readings:
            longer = read + reading
            if reading and (longer.startswith(letters) or letters.startswith(longer)):
                met = go(one, letters, other + 1, longer)
                if met:
                    return met
        return None

    return go(number + 1, tokens[number].text, begin, "") if tokens[number].text else None


def _divide(
    tokens: Sequence[Token], met: tuple[int, int], number: int, pieces: Sequence[_Piece], begin: int
) -> list[Span | None]:
    """The spans of tokens that lie over pieces: one token has them all; several share one by letters or by sound,
    and where that can't be told the first has it."""
    many, more = met
    whole = (pieces[begin].start, pieces[begin + more - 1].end)
    if many == 1:
        return [whole]
    texts = [tokens[one].text for one in range(number, number + many)]
    ways = [*(pieces[begin].sounds if more == 1 else ()), tuple("x" * (whole[1] - whole[0]))]
    ends = next((found for units in ways if (found := _ends(texts, units, whole))), [])
    if not ends and more == 1 and pieces[begin].han:
        ends = [whole[0] + cut for cut in _cuts(pieces[begin].han, texts)]
    if not ends and more == 1 and pieces[begin].sounds and 2 * many == whole[1] - whole[0]:
        ends = list(range(whole[0] + 2, whole[1] + 1, 2))  # words of Chinese are of two characters, mostly
    if not ends:
        if many == 2 and texts[0] == "al" and whole[1] - whole[0] > 2:  # the article of Arabic is two letters
            return [(whole[0], whole[0] + 2), (whole[0] + 2, whole[1])]
        return [whole, *[_SHARED] * (many - 1)]
    starts = [whole[0], *ends[:-1]]
    return list(zip(starts, ends, strict=True))


def _cuts(han: str, texts: Sequence[str]) -> list[int]:
    """Where a phrase of Han is divided so that its parts are known by these texts; [] where it isn't."""
    if len(texts) < 2:
        return [len(han)] if han else []
    for cut in range(len(han) - 1, 0, -1):
        term = terms().get(han[:cut])
        if term and any("".join(plain_words(words)) == texts[0] for words in term.words):
            rest = _cuts(han[cut:], texts[1:])
            if rest:
                return [cut, *(cut + more for more in rest)]
    return []


def _ends(texts: Sequence[str], units: Sequence[str], whole: Span) -> list[int]:
    """Where each text ends, if each letter or each sound is one printed character; [] where it can't be told."""
    if len(units) != whole[1] - whole[0] or len("".join(texts)) != len("".join(units)):
        return []
    bounds: dict[int, int] = {}
    total = 0
    for place, unit in enumerate(units, 1):
        total += len(unit)
        bounds[total] = whole[0] + place
    ends: list[int] = []
    total = 0
    for text in texts:
        total += len(text)
        if total not in bounds:
            return []
        ends.append(bounds[total])
    return ends


def _by_likeness(
    tokens: Sequence[Token], pieces: Sequence[_Piece], free: list[bool], spans: list[Span | None]
) -> None:
    """Tokens that were mended (a slip in a general word), and numbers in Roman digits."""
    for number, token in enumerate(tokens):
        if spans[number] is not None:
            continue
        windows = (
            (place, many)
            for many in range(1, _MOST_TOGETHER + 1)
            for place in range(len(pieces) - many + 1)
            if all(free[place : place + many])
        )
        for place, many in windows:
            if any(_alike(token, reading) for reading in _joined(pieces[place : place + many])):
                spans[number] = (pieces[place].start, pieces[place + many - 1].end)
                free[place : place + many] = [False] * many
                break


def _joined(pieces: Sequence[_Piece]) -> tuple[str, ...]:
    return pieces[0].readings if len(pieces) == 1 else ("".join(piece.readings[0] for piece in pieces),)


def _by_order(
    text: str, tokens: Sequence[Token], pieces: Sequence[_Piece], free: list[bool], spans: list[Span | None]
) -> None:
    """Words of other scripts that were read in a way that isn't known here. A legal form is the last piece that
    means one; the others go by their order where as many pieces are left as tokens, or where a name is one piece:
    then the surname is its first character, or each character is a token."""
    for number, token in enumerate(tokens):
        if spans[number] is None and token.kind is Kind.LEGAL:
            for place in range(len(pieces) - 1, -1, -1):
                if free[place] and any(reading in _forms() for reading in pieces[place].readings):
                    spans[number], free[place] = (pieces[place].start, pieces[place].end), False
                    break
    left = [number for number, span in enumerate(spans) if span is None]
    open_pieces = [
        piece
        for piece, is_free in zip(pieces, free, strict=True)
        if is_free and not text[piece.start : piece.end].isascii()
    ]
    if left and len(left) == len(open_pieces):
        for number, piece in zip(left, open_pieces, strict=True):
            spans[number] = (piece.start, piece.end)
    elif len(open_pieces) == 1 and len(left) == len(tokens):
        start, end = open_pieces[0].start, open_pieces[0].end
        if len(left) == end - start:
            spans[:] = [(at, at + 1) for at in range(start, end)]
        elif len(left) == 2 and end - start > 2:
            spans[:] = [(start, start + 1), (start + 1, end)]


@cache
def _forms() -> frozenset[str]:
    """Legal forms without their spaces."""
    return frozenset("".join(phrase.words) for phrase in legal_phrases())


def _alike(token: Token, reading: str) -> bool:
    if token.key.startswith("#"):
        return _ROMAN.get(reading) == token.key or simple(reading or "-", roman=True).key == token.key
    most = min(2, len(reading) // 4) if len(reading) < 16 else len(reading) // 6
    return len(reading) >= 4 and OSA.distance(token.text, reading, score_cutoff=most) <= most


def _pieces(text: str) -> list[_Piece]:
    found: list[_Piece] = []
    for start, end, han in _runs(text):
        if han:
            found.extend(_han_pieces(text, start, end))
        else:
            found.append(_Piece(start, end, _read(text[start:end])))
    return _phrases(text, found) if not text.isascii() else found


def _runs(text: str) -> list[tuple[int, int, bool]]:
    """Words and runs of Han: (start, end, whether it is Han)."""
    found: list[tuple[int, int, bool]] = []
    start = -1
    han = False
    for at, char in enumerate(f"{text} "):
        kind = unicodedata.category(char)
        inside = kind[0] in "LN"
        goes_on = start >= 0 and (kind[0] == "M" or kind == "Cf" or (char in _APOSTROPHES and not han))
        of_han = inside and (is_han(char) or char in "々〇")
        if start >= 0 and not goes_on and (not inside or of_han != han):
            found.append((start, at, han))
            start = -1
        if start < 0 and inside:
            start, han = at, of_han
        elif start < 0 and char in "&+":
            found.append((at, at + 1, False))
    return [(start, _trimmed(text, start, end), han) for start, end, han in found]


def _trimmed(text: str, start: int, end: int) -> int:
    """The end without apostrophes and marks of direction behind the word."""
    while end - 1 > start and (text[end - 1] in _APOSTROPHES or unicodedata.category(text[end - 1]) == "Cf"):
        end -= 1
    return end


def _read(printed: str) -> tuple[str, ...]:
    if printed in "&+":
        return ("and",)
    return ("".join(plain_words(printed)),)


def _han_pieces(text: str, start: int, end: int) -> list[_Piece]:
    run = simplify(unicodedata.normalize("NFKC", text[start:end]))
    if len(run) != end - start:
        return [_Piece(start, end, _read(text[start:end]))]
    found: list[_Piece] = []
    for part in segment(run):
        stop = start + len(part.han)
        sounds = (tuple(syllables(part.han)), tuple(cantonese(part.han)))
        spoken = ["".join(way) for way in sounds]
        meant = ["".join(plain_words(words)) for words in part.words]
        readings = tuple(dict.fromkeys(reading for reading in (*meant, *spoken) if reading))
        found.append(_Piece(start, stop, readings or ("",), sounds, part.han))
        start = stop
    return found


def _phrases(text: str, pieces: list[_Piece]) -> list[_Piece]:
    """The pieces, with general words of other scripts joined to the phrases that are read by meaning."""
    found: list[_Piece] = []
    at = 0
    while at < len(pieces):
        for length in range(min(_LONGEST_PHRASE, len(pieces) - at), 0, -1):
            last = pieces[at + length - 1]
            meant = _meaning(text[pieces[at].start : last.end])
            before = _meaning(text[pieces[at].start : pieces[at + length - 2].end]) if length > 1 else ""
            if meant and not (before and meant == before + _meaning(text[last.start : last.end])):
                spoken = "".join(piece.readings[0] for piece in pieces[at : at + length])
                found.append(_Piece(pieces[at].start, last.end, (meant, spoken)))
                at += length
                break
        else:
            found.extend(_apart(text, pieces[at]))
            at += 1
    return found


def _apart(text: str, piece: _Piece) -> list[_Piece]:
    """A word of Hangul or Thai and the general word that is written together with it."""
    printed = clean(text[piece.start : piece.end])
    parts = [] if printed.isascii() else by_meaning(f"Ж {printed}").removeprefix("Ж ").split()
    name = next((part for part in parts if not part.isascii()), "")
    at = text.find(name, piece.start, piece.end) if name else -1
    if len(parts) < 2 or at < 0:
        return [piece]
    end = at + len(name)
    place = parts.index(name)
    found = [
        _Piece(piece.start, at, ("".join(plain_words(" ".join(parts[:place]))),)),
        _Piece(at, end, _read(name)),
        _Piece(end, piece.end, ("".join(plain_words(" ".join(parts[place + 1 :]))),)),
    ]
    return [one for one in found if one.start < one.end]


def _meaning(printed: str) -> str:
    """The Latin of a phrase that is read by meaning as a whole, without spaces; "" for any other."""
    cleaned = clean(printed)
    if cleaned.isascii():
        return ""
    # Alone, general words are read by sound; beside another word they are general.
    changed = by_meaning(f"Ж {cleaned}").removeprefix("Ж ")
    return "".join(plain_words(changed)) if changed.isascii() else ""
