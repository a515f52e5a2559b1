"""A printed name to readings of tagged tokens: what is compared, and what each part of it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from stopship.names import han, hangul
from stopship.names.abbreviations import other_meanings
from stopship.names.acronyms import capitals_of, initials_of, spelled_out
from stopship.names.brackets import bracket_readings
from stopship.names.foreign import foreign_readings
from stopship.names.gloss import glosses
from stopship.names.han_foreign import foreign_tokens
from stopship.names.han_terms import syllables
from stopship.names.marks import marked_spellings, with_marks
from stopship.names.native_words import by_meaning
from stopship.names.normalize import clean
from stopship.names.organization import tag_organization, with_form_keys, without_forms
from stopship.names.palladius import pinyin_reading
from stopship.names.parts import inner_names
from stopship.names.person import FATHER_OF, holds_joined_name, tag_person, with_surname
from stopship.names.phrases import Kind
from stopship.names.pinyin_names import chinese_readings
from stopship.names.script import Script, scripts
from stopship.names.things import tag_thing
from stopship.names.token import Token, simple, without_vowels
from stopship.names.tokenize import Word, words
from stopship.names.wade_giles import pinyin_persons

_PERSON = "Person"
_THINGS = ("Vessel", "Airplane")
_OPEN_KINDS = ("", "LegalEntity")
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_QUOTED = re.compile(r"(?:(?<=\s)|^)[\"']([^\"']{2,})[\"'](?=\s|,|$)")  # Viktor "Vitya" Bout
_FATHERS = re.compile(r"(?i:\w{2,}(?:вич|[оеё]вна|ична|вич[аеу]|івна|ўна))\b|\bبن\b")  # in names of persons only
_LETTERS_TO_JOIN = 6  # "7-28" is not 728


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name. `role`: `full`, `bracketed` (the whole of a name with brackets), `short` (the
    brackets left out), `acronym` (the brackets alone), `letters` (the initials of a name of four words or more)
    and `capitals` (a word that may be such initials: the two meet each other only), `initials` (a party of unknown
    kind read as a person: dotted letters taken apart, Abd al-Rahman joined), `sound` (Han, Hangul or kana by sound
    or gloss), `part` (one of the names that it consists of, as in "X formerly Y")."""

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
    cleaned = printed = clean(text)
    if not cleaned:
        raise ValueError("a name must hold at least one printable character")
    mode = schema or ""
    if mode not in (_PERSON, *_THINGS):
        cleaned = by_meaning(cleaned)
    plain = words(cleaned)
    readings: list[Reading] = []
    plain_ascii = cleaned.isascii()
    if not plain_ascii and Script.HAN in scripts(cleaned):
        # A space may stand between surname and given name, and the surname behind it.
        together = _HAN_GAP.sub("", han.surname_first(cleaned) if mode == _PERSON else cleaned)
        surfaces = [_han_surface(cleaned), _han_surface(together)]
        latins = _han_readings(together, mode)
        # A character without any known sound (鴔) is read as its code point.
        spoken = [words(clean(latin)) for latin in latins] or [words(cleaned)]
        if mode not in (_PERSON, *_THINGS):  # a brand may be an acronym: 中电科 is CETC
            full = (
                spelled_out(latin, [w.text for w in plain]) for latin, plain in zip(latins, spoken, strict=False)
            )
            spoken.extend([Word(text) for text in reading] for found in islice(full, 2) for reading in found)
        readings.extend(Reading("sound", _tag(found, mode)) for found in spoken)
        plain = spoken[0]
    else:
        surfaces = [plain]
        inner = [
            Reading(role, tokens)
            for role, tokens in bracket_readings(
                _QUOTED.sub(r"(\1)", cleaned)
                if mode == _PERSON and ('"' in cleaned or "'" in cleaned)
                else cleaned,
                lambda found: _tag(found, mode),
                acronyms=mode not in (_PERSON, *_THINGS),
            )
        ]
        readings.append(Reading("bracketed" if inner else "full", _tag(plain, mode)))
        readings.extend(inner)
        if mode == _PERSON and "," in cleaned:
            surname = words(cleaned.partition(",")[0] or cleaned)
            before = {word.text for word in surname}
            if [word.text for word in plain[: len(surname)]] == [word.text for word in surname]:
                apart = tag_person(plain, len(surname))
                readings[0] = Reading(readings[0].role, apart)
                before.update(token.text for token in tag_person(surname))
            readings = [Reading(r.role, with_surname(r.tokens, before)) for r in readings]
        if mode in _OPEN_KINDS and (_may_be_initials(plain, readings[0].tokens) or holds_joined_name(plain)):
            readings.append(Reading("initials", _tag(plain, _PERSON)))
        readings.extend(_part_readings(cleaned, mode))
        if mode not in (_PERSON, *_THINGS):
            texts = [word.text for word in plain]
            readings.extend(_chinese_readings(cleaned, texts, mode))
            readings.extend(_letter_readings(cleaned, texts))
            other = other_meanings(texts)
            readings.extend(Reading("full", _tag([Word(text) for text in texts], mode)) for texts in other)
        if mode in (_PERSON, *_OPEN_KINDS):
            wade = pinyin_persons(cleaned)
            readings.extend(Reading("sound", _tag([Word(text) for text in found], _PERSON)) for found in wade)
    if not plain_ascii:
        readings.extend(_other_readings(text, cleaned, plain, mode))
        if Script.LATIN in scripts(cleaned) and (marked := marked_spellings(cleaned)):
            readings = [Reading(r.role, with_marks(r.tokens, marked)) for r in readings]
    if (
        not printed.isascii()
        and mode not in (_PERSON, *_THINGS)
        and not (mode in _OPEN_KINDS and _FATHERS.search(printed))
    ):
        readings.extend(_gloss_readings(printed, mode))
    # Sounds count too: a word of Hangul taken for a foreign one may have the same letters. A word in capitals is
    # the same word, but meets initials. The first of equal readings stays in its place: the full one begins.
    told: dict[tuple[object, ...], Reading] = {}
    for r in readings if len(readings) > 1 else ():
        told.setdefault((r.role in ("letters", "capitals"), *((t, t.sounds, t.abjad) for t in r.tokens)), r)
    unique = tuple(told.values() or readings)
    keys = dict.fromkeys(key for surface in surfaces for key in _exact_keys(surface, mode))
    joined = "".join(word.text for word in surfaces[0])
    letters = len(joined) if joined.isalpha() else sum(c.isalpha() for c in joined)
    told_apart = letters >= _LETTERS_TO_JOIN
    return AnalyzedName(text, unique, tuple(keys), joined if told_apart else "")


def _tag(plain: Sequence[Word], mode: str) -> tuple[Token, ...]:
    tokens = _tag_plain(plain, mode)
    bare = {word.text for word in plain if word.abjad}
    if not bare:
        return tokens
    bare |= {father + word for father in FATHER_OF for word in bare}
    return tuple(without_vowels(t) if t.text in bare else t for t in tokens)


def _tag_plain(plain: Sequence[Word], mode: str) -> tuple[Token, ...]:
    if mode == _PERSON:
        return tag_person(plain)
    if mode in _THINGS:
        return tag_thing(plain, aircraft=mode == "Airplane")
    return tag_organization(plain)


def _may_be_initials(plain: Sequence[Word], tokens: Sequence[Token]) -> bool:
    """Whether loose letters may be a person's initials: short ones in a name without words of organizations.
    "Ivanov S.A." may be a person or a company: dotted letters that are a legal form too are no hindrance."""
    loose = {w.text for w in plain if w.letters and len(w.text) <= 3}
    if not loose:
        return False
    rest = [t for t in tokens if not (t.kind is Kind.LEGAL and len(t.text) == 2 and t.text in loose)]
    if not any(t.kind is Kind.WORD for t in rest):
        return False
    return all(t.kind in (Kind.WORD, Kind.PARTICLE) for t in rest)


def _part_readings(cleaned: str, mode: str) -> list[Reading]:
    """The names inside a name; parts of nothing but forms, places and trade words are no names."""
    found: list[Reading] = []
    for part in inner_names(cleaned, ex=mode in _THINGS):
        tokens = _tag(words(clean(part)), mode)
        kinds = {token.kind for token in tokens}
        if Kind.WORD in kinds or (Kind.PLACE in kinds and kinds & {Kind.BODY, Kind.SECTOR}):
            found.append(Reading("part", tokens))
    return found


def _letter_readings(cleaned: str, texts: Sequence[str]) -> list[Reading]:
    """The initials of a name of several words, and a name in capitals that may be the initials of another."""
    left = without_forms(texts)
    found = (("letters", initials_of(texts, left)), ("capitals", capitals_of(cleaned, left)))
    return [Reading(role, (simple(text, roman=False),)) for role, text in found if text]


def _chinese_readings(cleaned: str, texts: Sequence[str], mode: str) -> list[Reading]:
    """What romanized Chinese in a name means, and what its acronym stands for."""
    found = [*chinese_readings(texts), *spelled_out(cleaned, texts)]
    return [Reading("sound", _tag([Word(text) for text in reading], mode)) for reading in found]


def _han_readings(cleaned: str, mode: str) -> list[str]:
    runs = han.HAN_RUN.findall(cleaned)
    if len(runs) == 1 and runs[0] == cleaned:
        persons = han.read_person(cleaned) if mode in (_PERSON, *_OPEN_KINDS) else []
        if persons and (mode == _PERSON or han.looks_like_person(cleaned)):
            return persons if mode == _PERSON else [*persons, *han.read_organization(cleaned)]
        if mode == _PERSON:
            return [" ".join(syllables(cleaned)) or cleaned]
    elif mode == _PERSON and (beside := han.read_person_beside(cleaned)):
        return beside
    elif mode in _OPEN_KINDS and len(runs) == 1 and han.looks_like_person(runs[0]):
        return [*han.read_name(cleaned), *han.read_person_beside(cleaned)]
    return han.read_name(cleaned) or [cleaned]  # a character without any known sound (鴔) is its code point


def _other_readings(text: str, cleaned: str, plain: Sequence[Word], mode: str) -> list[Reading]:
    """Other readings of names in other scripts: in Hangul surname and given name apart, and words taken for the
    foreign or general words that they spell by sound."""
    found = scripts(cleaned)
    readings: list[Reading] = []
    if Script.HANGUL in found and mode in (_PERSON, *_OPEN_KINDS):
        readings.extend(Reading("sound", _tag(words(latin), _PERSON)) for latin in hangul.read_person(cleaned))
    if (
        Script.HAN in found
        and mode in (_PERSON, *_OPEN_KINDS)
        and (tokens := foreign_tokens(text, spaced=mode == _PERSON))
    ):
        readings.append(Reading("full", tokens))
    if Script.CYRILLIC in found and (pinyin := pinyin_reading(cleaned)):
        readings.append(Reading("sound", _tag(words(pinyin), mode)))
        if mode not in (_PERSON, *_THINGS):
            meant = chinese_readings(pinyin.split())
            readings.extend(Reading("sound", _tag([Word(text) for text in one], mode)) for one in meant)
    if Script.HAN not in found or Script.KANA in found:
        general = mode not in (_PERSON, *_THINGS)
        heard = foreign_readings(
            cleaned, plain, lambda found: _tag(found, mode), general=general, person=mode == _PERSON
        )
        readings.extend(Reading("full", tokens) for tokens in heard)
    return readings


def _gloss_readings(cleaned: str, mode: str) -> list[Reading]:
    """What a name in Cyrillic, Greek or Arabic letters means, its other words by sound."""
    readings: list[Reading] = []
    for meant in glosses(cleaned):
        plain = words(meant)
        readings.append(Reading("full", _tag(plain, mode)))
        shorter = bracket_readings(meant, lambda found: _tag(found, mode), acronyms=False)
        readings.extend(Reading(role, tokens) for role, tokens in shorter)
        if not meant.isascii():
            heard = foreign_readings(meant, plain, lambda found: _tag(found, mode), general=False)
            readings.extend(Reading("full", tokens) for tokens in heard)
    return readings


def _han_surface(cleaned: str) -> list[Word]:
    """Words of a name in Han for the exact comparison: runs of simplified characters as they stand."""
    found: list[Word] = []
    last = 0
    for match in han.HAN_RUN.finditer(cleaned):
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
    texts = [w.text for w in surface]
    joined = " ".join(sorted(texts))
    keys = [joined]
    if any(w.letters for w in surface):
        apart = sorted(part for w in surface for part in (w.text if w.letters else (w.text,)))
        keys = [" ".join(apart), joined]
    if mode != _PERSON and mode not in _THINGS:
        keys.append(" ".join(sorted(with_form_keys(texts))))
    return tuple(dict.fromkeys(keys))
