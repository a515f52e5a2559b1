"""Words of other scripts taken for the foreign words that they spell by sound.

Greek writes b as mp, d as nt and h as ch; kana and Hangul write l as r, v as b and put vowels between consonants;
Thai and Devanagari leave out an a. A word that was spelled so is told by its consonants, and by its vowels where
they help; it may be a general word of English too (`テクノロジー` is technology), found by sound among them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from stopship.names import hangul, kana
from stopship.names.devanagari import foreign_devanagari
from stopship.names.general import general_word
from stopship.names.greek import foreign_greek
from stopship.names.person import FATHER_OF
from stopship.names.phrases import Kind
from stopship.names.script import Script, scripts
from stopship.names.sounds import sounds_of
from stopship.names.thai import romanize_thai
from stopship.names.token import Token
from stopship.names.tokenize import Word
from stopship.names.transliterate import is_uyghur, one_letter_each, romanize, romanize_uyghur

_NATIVE = re.compile(
    r"[\u3041-\u30ff]+|[^\W\d_\u3005-\u9fff](?:[^\W_\u3005-\u9fff]|["
    r"\u0300-\u036f\u0590-\u05c7\u0610-\u065f\u0900-\u0963\u0e31-\u0e4e])*"
)
_SYLLABIC = frozenset((Script.KANA, Script.HANGUL))
_SOFT_C = re.compile("k(?=[eiy])")  # a c that was spelled by letter
_SERVANT = re.compile("a[bp]u?d[eu][lr]?")  # Abdul, Abdel
_KANA_H = re.compile("f(?=[^aeiou]|$)")
_MOST_SOUNDS = 8
_MOST_BONES = 4


def native_words(cleaned: str) -> dict[str, str]:
    """Latin word -> the word of another script that it was read from, of a cleaned text.

    A word of Uyghur letters is given in Latin: alone it might look like Arabic.
    """
    found: dict[str, str] = {}
    uyghur = is_uyghur(cleaned)
    for match in _NATIVE.finditer(one_letter_each(cleaned)):
        if not match[0].isascii() and Script.LATIN not in scripts(match[0]):
            latin_text = romanize_uyghur(match[0]) if uyghur else romanize(match[0])
            latins = re.findall(r"[a-z]+", latin_text.replace("'", "").lower())
            for latin in latins:
                found[latin] = latin if uyghur or " " in latin_text else match[0]
            if len(latins) == 2 and latins[0] == "al":
                found["".join(latins)] = match[0]
    return found


def foreign_readings(
    cleaned: str,
    plain: Sequence[Word],
    tag: Callable[[Sequence[Word]], tuple[Token, ...]],
    *,
    general: bool,
    person: bool = False,
) -> list[tuple[Token, ...]]:
    """The tokens of a name with its words of other scripts taken for foreign ones; with `general` also for general
    words, of a `person` for titles. Empty where it holds none. `tag` makes the tokens of words."""
    native = native_words(cleaned)
    if not native:
        return []
    in_order = plain[::-1] if len(plain) == 2 and plain[1].text in FATHER_OF else plain
    for before, word in pairwise(in_order):  # Abu Faris is one word of a person's name
        if before.text in FATHER_OF and before.text in native and word.text in native:
            native[before.text + word.text] = f"{before.text} {native[word.text]}"
    tokens = tag(plain)
    found = [tuple(_foreign(token, native.get(token.text)) for token in tokens)]
    for whole in (_articles_joined(plain, native), _servants_joined(plain, native) if person else list(plain)):
        if whole != list(plain):
            found.append(tuple(_foreign(token, native.get(token.text)) for token in tag(whole)))
    if person or general:
        for forms_only in (True, False) if general else (False,):
            words = _with_general(plain, native, forms_only=forms_only, person=person)
            if words != list(plain):
                meant = tuple(_foreign(token, native.get(token.text)) for token in tag(words))
                if len(meant) > 1 or any(token.kind is Kind.WORD for token in meant):
                    found.append(meant)
    return [f for f in dict.fromkeys(found) if [_told(t) for t in f] != [_told(t) for t in tokens]]


def _with_general(
    plain: Sequence[Word], native: Mapping[str, str], *, forms_only: bool, person: bool
) -> list[Word]:
    """The words with the general ones in place of what spells them; with `forms_only` only legal forms and
    particles."""
    words: list[Word] = []
    for word in plain:
        text, form = _meant(word, native.get(word.text), person=person)
        words.append(Word(text) if text != word.text and (form or not forms_only) else word)
    return words


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


def _servants_joined(plain: Sequence[Word], native: dict[str, str]) -> list[Word]:
    """The words with "servant of" joined with the name behind it, as Latin spellings join it: Abdullatif. The
    joined words come into `native`."""
    joined: list[Word] = []
    for word in plain:
        before = native.get(joined[-1].text) if joined else None
        if before and word.text in native and not word.abjad and _SERVANT.fullmatch(foreign_latin(before)):
            whole = Word(joined[-1].text + word.text)
            native[whole.text] = before + native[word.text]
            joined[-1] = whole
        else:
            joined.append(word)
    return joined


def _told(token: Token) -> tuple[str, tuple[str, ...], bool]:
    return token.key, token.sounds, token.abjad


def _foreign(token: Token, native: str | None) -> Token:
    if native is None or token.kind is not Kind.WORD or token.abjad:
        return token
    father, _, rest = (
        native.rpartition(" ") if " " in native and native.partition(" ")[0] in FATHER_OF else ("", "", native)
    )
    text = father + foreign_latin(rest)
    spelled = _spelled(rest)
    sounds = heard(text, syllabic=spelled == "syllables")
    return Token(text, Kind.WORD, text, sounds, abjad=True, spelled=spelled)


@lru_cache(maxsize=4096)
def foreign_latin(native: str) -> str:
    """A word of another script by sound, in plain Latin letters, as if it spelled a foreign word."""
    found = scripts(native)
    if Script.GREEK in found:
        native = foreign_greek(native)
    elif Script.DEVANAGARI in found:
        native = foreign_devanagari(native)
    elif Script.THAI in found:
        native = romanize_thai(native)
    text = re.sub(r"[^a-z]", "", romanize(native).lower())
    if Script.HANGUL in found:
        text = hangul.foreign_word(text)
    elif Script.KANA in found:
        text = kana.foreign_word(text)
    if not _SYLLABIC.isdisjoint(found):
        text = re.sub(r"(?<=[aeiou])n(?=[bp])", "m", text)
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


def _meant(word: Word, native: str | None, *, person: bool) -> tuple[str, bool]:
    """The general word that a word of another script spells by sound, or the word as it is; whether it is a legal
    form or a particle."""
    if native is None:
        return word.text, False
    if word.abjad:
        known = general_word(word.text, "consonants", person=person)
    else:
        known = general_word(foreign_latin(native), _spelled(native), person=person)
    return (known.text, known.form) if known else (word.text, False)


def _spelled(native: str) -> str:
    found = scripts(native)
    if Script.GREEK in found:
        return "greek"
    return "letters" if _SYLLABIC.isdisjoint(found) else "syllables"
