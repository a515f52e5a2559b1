"""A printed name to readings of tagged tokens: what is compared, and what each part of it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from stopship.names import han
from stopship.names.normalize import clean
from stopship.names.phrases import Kind, organization_book, person_book
from stopship.names.repair import repair
from stopship.names.script import Script, scripts
from stopship.names.tokenize import Word, words

_PERSON = "Person"
_THINGS = ("Vessel", "Airplane")
_OPEN_KINDS = ("", "LegalEntity")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_HAN_RUN = re.compile(r"[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_ROMAN = re.compile(r"(?=[ivx]{3,}\Z)x{0,3}(ix|iv|v?i{0,3})\Z")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
# A form of one to three letters ("AG", "SA", "AO") is only one at the beginning or the end of a name.
_SHORT_FORM = 3
_LETTERS_TO_JOIN = 6  # "7-28" is not 728


@dataclass(frozen=True, slots=True)
class Token:
    """One comparable part of a name. `text` is how it is written, `key` what it is: spellings of one thing
    share it."""

    text: str
    kind: Kind
    key: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name. `role`: `full`, `bracketed` (the whole of a name with brackets), `short`
    (the brackets left out), `acronym` (the brackets alone), `initials` (dotted letters taken apart), `sound`
    (Han by sound or gloss)."""

    role: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class AnalyzedName:
    """A name ready to compare.

    `exact_keys` are what "the same tokens in any order" is decided by: two names are, when they share one.
    `joined` is the whole name without spaces ("" where it has few letters): names that share it differ only in
    where words are joined or split.
    `readings[0]` is the full one. Nothing in here depends on any list.
    """

    text: str
    readings: tuple[Reading, ...]
    exact_keys: tuple[str, ...]
    joined: str

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the full reading."""
        return self.readings[0].tokens


@lru_cache(maxsize=4096)
def analyze(text: str, schema: str | None = None) -> AnalyzedName:
    """Read one printed name.

    Args:
        text: the name as printed, any script; may not be blank.
        schema: what it is the name of (`Person`, `Company`, `Vessel` ... as in `stopship.model.values.Schema`).
            None and `LegalEntity` mean that it may be an organization or a person.

    Raises:
        ValueError: the text holds no printable character.
    """
    cleaned = clean(text)
    if not cleaned:
        raise ValueError("a name must hold at least one printable character")
    mode = schema or ""
    plain = words(cleaned)
    readings: list[Reading] = []
    if Script.HAN in scripts(cleaned):
        together = _HAN_GAP.sub("", cleaned)  # a space may stand between surname and given name
        surfaces = [_han_surface(cleaned), _han_surface(together)]
        for latin in _han_readings(together, mode):
            readings.append(Reading("sound", _tag(words(clean(latin)), mode)))
    else:
        surfaces = [plain]
        inner = _bracket_readings(cleaned, mode)
        readings.append(Reading("bracketed" if inner else "full", _tag(plain, mode)))
        readings.extend(inner)
        if mode in _OPEN_KINDS and _may_be_initials(plain, readings[0].tokens):
            readings.append(Reading("initials", _tag(plain, _PERSON)))
    unique = tuple({reading.tokens: reading for reading in reversed(readings)}.values())[::-1]
    keys = dict.fromkeys(key for surface in surfaces for key in _exact_keys(surface, mode))
    joined = "".join(word.text for word in surfaces[0])
    told_apart = sum(c.isalpha() for c in joined) >= _LETTERS_TO_JOIN
    return AnalyzedName(text, unique, tuple(keys), joined if told_apart else "")


def _tag(plain: Sequence[Word], mode: str) -> tuple[Token, ...]:
    if mode == _PERSON:
        return _tag_person(plain)
    if mode in _THINGS:
        return tuple(_simple(word.text, roman=False) for word in plain)
    return _tag_organization(plain)


def _tag_organization(plain: Sequence[Word]) -> tuple[Token, ...]:
    book = organization_book()
    texts = repair([word.text for word in plain])
    tokens: list[Token] = []
    at = 0
    while at < len(texts):
        phrase = book.at(texts, at)
        if phrase and phrase.kind is Kind.LEGAL and not _form_may_stand(phrase.words, texts, at):
            phrase = None
        if phrase is None:
            tokens.append(_simple(texts[at], roman=True))
            at += 1
            continue
        length = len(phrase.words)
        if phrase.key == "particle:number" and not (at + 1 < len(texts) and texts[at + 1][0].isdigit()):
            tokens.append(Token(texts[at], Kind.WORD, texts[at]))  # "No" is a name unless a number follows
        else:
            tokens.append(Token("".join(phrase.words), phrase.kind, phrase.key))
        at += length
    return _once(tokens)


def _form_may_stand(form: tuple[str, ...], texts: Sequence[str], at: int) -> bool:
    if len(texts) == len(form):
        return False  # nothing but the form: then it is the name
    if len(form) > 1 or len(form[0]) > _SHORT_FORM or form[0] in ("co", "inc", "ltd", "llc", "ooo", "jsc", "plc"):
        return True
    book = organization_book()
    if at == 0:
        return True
    rest = at + 1
    while rest < len(texts):  # only other forms may follow
        following = book.at(texts, rest)
        if not following or following.kind is not Kind.LEGAL:
            return False
        rest += len(following.words)
    return True


def _tag_person(plain: Sequence[Word]) -> tuple[Token, ...]:
    book = person_book()
    texts: list[str] = []
    for word in plain:
        if word.letters and len(word.text) <= 4:
            texts.extend(word.text)
        else:
            texts.append(word.text)
    tokens: list[Token] = []
    at = 0
    while at < len(texts):
        if len(texts[at]) == 1 and texts[at].isalpha():
            tokens.append(Token(texts[at], Kind.INITIAL, texts[at]))
            at += 1
            continue
        phrase = book.at(texts, at)
        if phrase is None:
            tokens.append(_simple(texts[at], roman=False))
            at += 1
            continue
        tokens.append(Token("".join(phrase.words), phrase.kind, phrase.key))
        at += len(phrase.words)
    if tokens and all(t.kind in (Kind.TITLE, Kind.PARTICLE) for t in tokens):
        return tuple(Token(t.text, Kind.WORD, t.text) for t in tokens)
    return tuple(tokens)


def _simple(text: str, *, roman: bool) -> Token:
    if text[0].isdigit() and text.isdigit():
        return Token(text, Kind.NUMBER, f"#{text.lstrip('0') or '0'}")
    if roman and _ROMAN.match(text):
        return Token(text, Kind.NUMBER, f"#{_roman_value(text)}")
    return Token(text, Kind.WORD, text)


def _roman_value(text: str) -> int:
    total = 0
    for letter, following in zip(text, [*text[1:], ""], strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if following and _ROMAN_VALUES[following] > value else value
    return total


def _once(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """A place said twice ("Xinjiang Uyghur Autonomous Region (XUAR)") is one place."""
    seen: set[str] = set()
    kept: list[Token] = []
    for token in tokens:
        if token.kind is Kind.PLACE:
            if token.key in seen:
                continue
            seen.add(token.key)
        kept.append(token)
    return tuple(kept)


def _bracket_readings(cleaned: str, mode: str) -> list[Reading]:
    inner = [(a or b).strip() for a, b in _BRACKETS.findall(cleaned)]
    inner = [text for text in inner if text]
    if not inner:
        return []
    found: list[Reading] = []
    outside = _BRACKETS.sub(" ", cleaned).strip(" ,;.-")
    if outside and any(c.isalnum() for c in outside):
        tokens = _tag(words(clean(outside)), mode)
        known = {token.key for token in tokens}
        within = _tag(words(clean(" ".join(inner))), mode)
        if any(token.kind is Kind.PLACE and token.key not in known for token in within):
            return []  # Huawei Device (Dongguan) without its place is another company
        found.append(Reading("short", tokens))
    if mode not in (_PERSON, *_THINGS):
        for text in inner:
            if len(text) >= 3 and text.isalnum() and text.isupper() and _is_acronym(text, outside):
                tokens = _tag(words(clean(text)), mode)
                if any(token.kind is Kind.WORD for token in tokens):
                    found.append(Reading("acronym", tokens))
    return found


def _may_be_initials(plain: Sequence[Word], tokens: Sequence[Token]) -> bool:
    """Whether loose letters may be a person's initials: short ones in a name without words of organizations."""
    loose = any(w.letters and len(w.text) <= 3 for w in plain)
    return loose and all(t.kind in (Kind.WORD, Kind.PARTICLE) for t in tokens)


def _is_acronym(short: str, long: str) -> bool:
    """Whether the letters of `short` begin words of `long` in order, one word for each letter but the first
    two."""
    letters = iter(word[0].lower() for word in re.findall(r"[^\W_]+", long))
    return sum(1 for letter in short.lower() if letter in letters) >= max(2, len(short) - 1)


def _han_readings(cleaned: str, mode: str) -> list[str]:
    runs = _HAN_RUN.findall(cleaned)
    if len(runs) == 1 and runs[0] == cleaned:
        persons = han.read_person(cleaned) if mode in (_PERSON, *_OPEN_KINDS) else []
        if persons and (mode == _PERSON or han.looks_like_person(cleaned)):
            return persons if mode == _PERSON else [*persons, *han.read_organization(cleaned)]
        if mode == _PERSON:
            return [" ".join(han.syllables(cleaned)) or cleaned]
    first = _HAN_RUN.sub(lambda m: f" {han.read_organization(m[0])[0]} ", cleaned)
    last = _HAN_RUN.sub(lambda m: f" {han.read_organization(m[0])[-1]} ", cleaned)
    outside = _BRACKETS.sub(" ", cleaned)
    found = [first, last]
    if outside.strip() and outside != cleaned:
        found.append(_HAN_RUN.sub(lambda m: f" {han.read_organization(m[0])[0]} ", outside))
    return list(dict.fromkeys(text for text in found if text.strip()))


def _han_surface(cleaned: str) -> list[Word]:
    """Words of a name in Han for the exact comparison: runs of simplified characters as they stand."""
    found: list[Word] = []
    last = 0
    for match in _HAN_RUN.finditer(cleaned):
        before = cleaned[last : match.start()]
        if any(c.isalnum() for c in before):
            found.extend(words(before))
        found.append(Word(han.simplify(match[0])))
        last = match.end()
    if any(c.isalnum() for c in cleaned[last:]):
        found.extend(words(cleaned[last:]))
    return found


def _exact_keys(surface: Sequence[Word], mode: str) -> tuple[str, ...]:
    """Sorted words three ways: letters apart, letters joined, and joined with legal forms by their key."""
    apart = sorted(part for w in surface for part in (w.text if w.letters else (w.text,)))
    joined = sorted(w.text for w in surface)
    keys = [" ".join(apart), " ".join(joined)]
    if mode != _PERSON and mode not in _THINGS:
        forms = sorted(t.key if t.kind is Kind.LEGAL else t.text for t in _tag_surface([w.text for w in surface]))
        keys.append(" ".join(forms))
    return tuple(dict.fromkeys(keys))


def _tag_surface(texts: Sequence[str]) -> list[Token]:
    """Words with only the legal forms recognized, for the exact comparison."""
    book = organization_book()
    found: list[Token] = []
    at = 0
    while at < len(texts):
        phrase = book.at(texts, at)
        if phrase and phrase.kind is Kind.LEGAL and _form_may_stand(phrase.words, texts, at):
            found.append(Token("", Kind.LEGAL, phrase.key))
            at += len(phrase.words)
        else:
            found.append(Token(texts[at], Kind.WORD, texts[at]))
            at += 1
    return found
