"""Words of other scripts taken for the foreign words that they spell by sound.

Greek writes b as mp, d as nt and h as ch; kana and Hangul write l as r, v as b and put vowels between consonants;
Thai and Devanagari leave out an a. A word that was spelled so is told by its consonants, and by its vowels where
they help; it may be a general word of English too (`テクノロジー` is technology), found by sound among them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from stopship.names import kana
from stopship.names.greek import foreign_greek
from stopship.names.phrases import Kind, Phrase, legal_phrases, place_phrases, word_phrases
from stopship.names.script import Script, scripts
from stopship.names.sounds import broad_keys, sounds_of
from stopship.names.thai import romanize_thai
from stopship.names.token import Token
from stopship.names.tokenize import Word
from stopship.names.transliterate import romanize

_NATIVE = re.compile(
    r"[\u3041-\u30ff]+|[^\W\d_\u3005-\u9fff](?:[^\W_\u3005-\u9fff]|["
    r"\u0300-\u036f\u0590-\u05c7\u0610-\u065f\u0900-\u0963\u0e31-\u0e4e])*"
)
_ABJADS = frozenset((Script.ARABIC, Script.HEBREW))
_SYLLABIC = frozenset((Script.KANA, Script.HANGUL))
_SOFT_C = re.compile("k(?=[eiy])")  # a c that was spelled by letter
_KANA_H = re.compile("f(?=[^aeiou]|$)")
_MOST_SOUNDS = 8
_MOST_BONES = 4
_LEAST_SIGNS = 3
_LEAST_ALIKE = 0.4
_LEAST_ALIKE_SHORT = 0.6  # a skeleton of three signs belongs to many words
_LEAST_ALIKE_PLACE = 0.6
# Forms too short to be told by sound: as they are spelled, and by their consonants.
_SHORT = {
    "ko": "co", "ku": "co", "kou": "co", "ink": "inc", "ank": "inc", "ainka": "inc", "korp": "corp",
    "kurb": "corp", "korb": "corp", "kurp": "corp", "lt": "ltd", "and": "and", "ando": "and", "aend": "and",
    "daend": "and",
}  # fmt: skip
_CONSONANTS = {
    "ltd": "ltd", "rtd": "ltd", "ltnt": "ltd", "llk": "llc", "lk": "llc", "rk": "llc", "rrk": "llc", "jsk": "jsc",
    "ysk": "jsc", "sk": "jsc", "ojsk": "ojsc", "pjsk": "pjsc", "gmbh": "gmbh", "gmb": "gmbh", "srl": "srl",
}  # fmt: skip
_LONGEST_SHORT = 6
_SHORTEST_OF_FORM = 5
_FORMS = frozenset((*_SHORT.values(), *_CONSONANTS.values()))
_GENERAL = (Kind.FILLER, Kind.LEVEL, Kind.BODY, Kind.SECTOR, Kind.ADJECTIVE)


def native_words(cleaned: str) -> dict[str, str]:
    """Latin word -> the word of another script that it was read from, of a cleaned text."""
    found: dict[str, str] = {}
    for match in _NATIVE.finditer(cleaned):
        if not match[0].isascii() and Script.LATIN not in scripts(match[0]):
            latins = re.findall(r"[a-z]+", romanize(match[0]).replace("'", "").lower())
            for latin in latins:
                found[latin] = match[0] if " " not in romanize(match[0]) else latin
            if len(latins) == 2 and latins[0] == "al":
                found["".join(latins)] = match[0]
    return found


def foreign_readings(
    cleaned: str, plain: Sequence[Word], tag: Callable[[Sequence[Word]], tuple[Token, ...]], *, general: bool
) -> list[tuple[Token, ...]]:
    """The tokens of a name with its words of other scripts taken for foreign ones; with `general` also for general
    words. Empty where it holds none. `tag` makes the tokens of words."""
    native = native_words(cleaned)
    if not native:
        return []
    tokens = tag(plain)
    found = [tuple(_foreign(token, native.get(token.text)) for token in tokens)]
    whole = _articles_joined(plain, native)
    if whole != list(plain):
        found.append(tuple(_foreign(token, native.get(token.text)) for token in tag(whole)))
    known = {token.text for token in tokens if token.kind is not Kind.WORD}
    meant = [_meant(word, native.get(word.text)) if word.text not in known else word for word in plain]
    if general and meant != list(plain):
        words = tuple(_foreign(token, native.get(token.text)) for token in tag(meant))
        if any(token.kind is Kind.WORD for token in words):
            found.append(words)
    return [f for f in dict.fromkeys(found) if [_told(t) for t in f] != [_told(t) for t in tokens]]


def _articles_joined(plain: Sequence[Word], native: Mapping[str, str]) -> list[Word]:
    """The words with what was taken for an article joined again: `الكساندر` is Alexander, no "al Ksander"."""
    joined: list[Word] = []
    for word in plain:
        before = joined[-1].text if joined else ""
        if word.abjad and before == "al" and native.get(f"al{word.text}"):
            joined[-1] = Word(f"al{word.text}", abjad=True)
        else:
            joined.append(word)
    return joined


def _told(token: Token) -> tuple[str, tuple[str, ...], bool]:
    return token.key, token.sounds, token.abjad


def _foreign(token: Token, native: str | None) -> Token:
    if native is None or token.kind is not Kind.WORD or token.abjad:
        return token
    text = foreign_latin(native)
    syllabic = not _SYLLABIC.isdisjoint(scripts(native))
    spelled = "syllables" if syllabic else "letters"
    return Token(text, Kind.WORD, text, heard(text, syllabic=syllabic), abjad=True, spelled=spelled)


@lru_cache(maxsize=4096)
def foreign_latin(native: str) -> str:
    """A word of another script by sound, in plain Latin letters, as if it spelled a foreign word."""
    found = scripts(native)
    if Script.GREEK in found:
        native = foreign_greek(native)
    elif Script.THAI in found:
        native = romanize_thai(native)
    text = re.sub(r"[^a-z]", "", romanize(native).lower())
    if not _SYLLABIC.isdisjoint(found):
        text = re.sub(r"n(?=[bp])", "m", kana.foreign_word(text))
    return text or "".join(f"u{ord(c):x}" for c in native)


@lru_cache(maxsize=8192)
def heard(text: str, *, syllabic: bool = False) -> tuple[str, ...]:
    """The sound keys of a foreign word, broad ones last, as many of each as are compared. `syllabic`: r may
    be l, so that both are heard."""
    keys: dict[str, None] = {}
    # Kana and Hangul write h before a consonant as f, v as u, and di as ji.
    others = (text, text.replace("r", "l"), text.replace("b", "v")) if syllabic else (text,)
    if syllabic:
        changed = _KANA_H.sub("h", text), re.sub("^u(?=r)", "v", text), text.replace("ji", "di")
        others = (*others[:1], *(other for other in changed if other != text), *others[1:])
    for other in (*others, _SOFT_C.sub("s", text)):
        keys |= dict.fromkeys(sounds_of(other))
    spoken = [key for key in keys if not key.startswith("k:")][:_MOST_SOUNDS]
    broad = [key for key in keys if key.startswith("k:~")][:_MOST_BONES]
    return (*spoken, *broad)


def _meant(word: Word, native: str | None) -> Word:
    """The general word that a word of another script spells by sound, or the word as it is."""
    if native is None:
        return word
    phrase = general_word(word.text if word.abjad else foreign_latin(native), abjad=word.abjad)
    return Word(phrase.words[0]) if phrase else word


@lru_cache(maxsize=8192)
def general_word(text: str, *, abjad: bool = False) -> Phrase | None:
    """The general word, form or place of Latin tables that a word spells by sound; the nearest by letters where
    there are many. None where there is none."""
    by_key, by_text = _by_sound()
    if text in _SHORT:
        return by_text.get(_SHORT[text])
    bare = re.sub("[aeiou]", "", text)
    spelled = "a".join(bare) == text if abjad else len(text) <= len(bare) + 1 + (text.count("a") > 1)
    form = _CONSONANTS.get(bare) if spelled and len(text) <= _LONGEST_SHORT else None
    if form and (len(bare) > 2 or bare == text):
        return by_text.get(form)
    best, alike = None, 0.0
    for key in _all_keys(text, abjad=abjad):
        least = 0.0
        if key.startswith("k:"):
            signs = sum(c not in "aiu" for c in key[2:].removeprefix("~"))
            least = _LEAST_ALIKE_SHORT if signs <= _LEAST_SIGNS else _LEAST_ALIKE
        elif len(key) < _LEAST_SIGNS or key.startswith(("f:", "n:")):
            continue
        if abjad and len(_bare(text)) < _LEAST_SIGNS:
            continue  # two consonants are in many words
        for phrase in by_key.get(key, ()):
            close = OSA.normalized_similarity(*(_bare(w) if abjad else w for w in (text, phrase.words[0])))
            if phrase.kind is Kind.PLACE and (close < _LEAST_ALIKE_PLACE or key.startswith("k:")):
                continue  # Putin is not Putian
            if close >= least and close > alike:
                best, alike = phrase, close
    return _first_of_key().get(best.key, best) if best else None


@lru_cache(maxsize=8192)
def _bare(text: str) -> str:
    """A word without vowels and what an abjad writes for them, as far as consonants are told apart."""
    plain = text.replace("ck", "k").replace("ph", "f").replace("c", "k").replace("q", "k").replace("p", "b")
    return re.sub(r"[aeiouyw]|(.)(?=\1)", "", plain.replace("x", "ks"))


def _all_keys(text: str, *, abjad: bool = False) -> list[str]:
    """The keys of a word and the broad ones of all its sounds."""
    keys = sounds_of(text, abjad=abjad)
    broad = broad_keys([key for key in keys if ":" not in key], _MOST_SOUNDS)
    return list(dict.fromkeys((*keys, *broad)))


@cache
def _first_of_key() -> dict[str, Phrase]:
    """The first spelling of each key, which is the English one: it pairs best with what lists print."""
    phrases = (*legal_phrases(), *word_phrases())
    return {phrase.key: phrase for phrase in reversed(phrases) if len(phrase.words) == 1}


@cache
def _by_sound() -> tuple[dict[str, list[Phrase]], dict[str, Phrase]]:
    words = [p for p in word_phrases() if p.kind in _GENERAL or p.key == "particle:and"]
    forms = [p for p in legal_phrases() if len(p.words[0]) >= 5 or p.words[0] in _FORMS]
    places = [p for p in place_phrases() if len(p.words[0]) >= 5]
    by_key: dict[str, list[Phrase]] = {}
    by_text: dict[str, Phrase] = {}
    for phrase in (*forms, *words, *places, *_words_of_forms()):
        text = phrase.words[0]
        if len(phrase.words) > 1 or text in by_text:
            continue
        by_text[text] = phrase
        by_letter = re.sub("c(?=[eiy])", "k", text)
        for key in dict.fromkeys(
            key for t in (text, by_letter, by_letter.replace("e", "")) for key in _all_keys(t)
        ):
            by_key.setdefault(key, []).append(phrase)
    return by_key, by_text


def _words_of_forms() -> Iterator[Phrase]:
    """The words of legal forms of several words: `ليابيليتي` is the liability of a limited liability company."""
    for phrase in legal_phrases():
        if len(phrase.words) > 1:
            yield from (Phrase((w,), Kind.LEGAL, f"word:{w}") for w in phrase.words if len(w) >= _SHORTEST_OF_FORM)
