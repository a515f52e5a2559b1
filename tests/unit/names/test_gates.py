"""What is looked for only where it can be: each gate lets everything through that it stands before."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.model.values import Schema
from stopship.names import (
    abbreviations,
    analyze,
    declension,
    parts,
    patronymics,
    pinyin,
    pinyin_names,
    repair,
    sounds,
    tokenize,
    traditions,
    wade_giles,
)
from stopship.names.normalize import clean
from stopship.names.phrases import Kind, legal_phrases, organization_book
from stopship.validation.manipulate import MANIPULATIONS, manipulate

_NAMES = [
    "Acme Trading Ltd",
    "Zenkotex Handels GmbH & Co. KG",
    "ToyokumoInc.",
    "38th Research Institute of CETC",
    "Haikang Weishi Gufen Youxian Gongsi",
    "Xin Yin Bo Trading (formerly Hai Yang Ltd.)",
    "Foo + Bar, t/a Smith-Jones",
    "30thship Compa ny",
    "Systemjoint Stock Company Voskhod",
    "Joint Stock Compa",
    "Hogn Kong Limtied",
    "FUGP Pubilc Security Bureau",
    "Kavan Elec. Mfg. Co., Lt",
    "Scientific-Res. Inst. of Ship Mgmt",
    "National University of Defense Technology",
    "S.A. Jacques Moulin",
    "Mikhail Petrovich Czurczkow",
    "Tschurtschkow, Sergejewitsch",
    "Hsu Shih-chang",
    "Ts'ai Ying-wen",
    "Abd al-Rahman Zarkaoui a/k/a Bouchra",
    "Tutumi Syouiti",
    "Zawahiri Eddaouahiri",
    "Viktor 'Vitya' Bout",
    "Kvindesland Nee Olsen",
    "Çelik Demir A.Ş.",
    "ООО Ромашка",
]


def _names() -> Iterator[tuple[str, Schema]]:
    """The names, and each of them manipulated in all ways."""
    for name in _NAMES:
        for schema in (Schema.COMPANY, Schema.PERSON, Schema.LEGAL_ENTITY):
            yield name, schema
            for class_ in MANIPULATIONS:
                if changed := manipulate(class_, name, schema, seed=7):
                    yield changed, schema


def _words() -> list[str]:
    """Words of the names, and words of the letters and endings that the tables are about."""
    rng = Random(3)
    bits = [
        "ov",
        "ich",
        "vna",
        "ski",
        "aya",
        "tsch",
        "cz",
        "enk",
        "j",
        "ou",
        "sk",
        "abd",
        "en",
        "iy",
        "ts",
        *"aeiou",
    ]
    made = ["".join(rng.choices(bits + list(string.ascii_lowercase), k=rng.randint(3, 6))) for _ in range(3000)]
    return [*dict.fromkeys([w.text for name, _ in _names() for w in tokenize.words(clean(name))] + made)]


class _Everything:
    """A set that holds whatever one asks for."""

    def isdisjoint(self, _other: object) -> bool:
        return False

    def __contains__(self, _one: object) -> bool:
        return True


_ANY = re.compile("")
_CASES: dict[str, tuple[Any, str, Any, Callable[[], object]]] = {
    "glued forms": (tokenize, "_BEFORE_GLUED", _ANY, lambda: [tokenize.words(clean(n)) for n, _ in _names()]),
    "ordinals": (tokenize, "_DIGIT", _ANY, lambda: [tokenize.words(clean(n)) for n, _ in _names()]),
    "joints": (parts, "_HELD", _ANY, lambda: [parts.inner_names(clean(n)) for n, _ in _names()]),
    "signs": (wade_giles, "_HELD", _ANY, lambda: [wade_giles.pinyin_persons(clean(n)) for n, _ in _names()]),
    "tones": (pinyin_names, "_DIGIT", _ANY, lambda: _chinese()),
    "letters of Wade": (pinyin_names, "_HELD_BY_WADE", ("",), lambda: _chinese()),
    "broken words": (repair, "_RESTS", _Everything(), lambda: [repair.repair(_texts(n)) for n, _ in _names()]),
    "syllables": (pinyin, "_LAST", _Everything(), lambda: [pinyin.is_pinyin.__wrapped__(w) for w in _words()]),
    "forms of words": (declension, "_LAST", _Everything(), lambda: [[*declension.declined(w)] for w in _words()]),
    "fathers": (
        patronymics,
        "_PATTERNS",
        tuple((*told[:2], _Everything()) for told in patronymics._PATTERNS),
        lambda: [patronymics.father.__wrapped__(w) for w in _words()],
    ),
    "traditions": (
        traditions,
        "_TRADITIONS",
        # Where the trigger is empty, the letters are what tells the tradition.
        tuple(("" if told[1].pattern else told[0], *told[1:]) for told in traditions._TRADITIONS),
        lambda: [traditions.respelled.__wrapped__(w) for w in _words() if w.isalpha()],
    ),
}


def _texts(name: str) -> list[str]:
    return [word.text for word in tokenize.words(clean(name))]


def _chinese() -> list[list[list[str]]]:
    return [pinyin_names.chinese_readings(_texts(name)) for name, _ in _names()]


@pytest.mark.parametrize("gate", list(_CASES))
def test_an_open_gate_lets_nothing_new_through(gate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, opened, read = _CASES[gate]
    gated = read()
    monkeypatch.setattr(module, name, opened)
    assert read() == gated


@pytest.mark.parametrize("pattern", [pattern for _, pattern in parts._JOINTS])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_every_joint_holds_its_letters(pattern: str, data: st.DataObject) -> None:
    joint = clean(data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE | re.ASCII), fullmatch=True)))
    assert not joint.isascii() or parts._HELD.search(joint.lower())


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_every_sign_of_wade_giles_holds_its_letters(data: st.DataObject) -> None:
    pattern = re.compile(wade_giles._SIGN.pattern, re.IGNORECASE | re.ASCII)
    assert wade_giles._HELD.search(data.draw(st.from_regex(pattern)).lower())


@pytest.mark.parametrize("letter", list(traditions._EAST))
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_endings_stand_under_their_last_letter(letter: str, data: st.DataObject) -> None:
    pattern = traditions._EAST[letter].pattern.removesuffix("$")
    assert data.draw(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)).endswith(letter)


def test_the_first_words_that_may_be_meant_are_looked_for_by_enough_letters() -> None:
    every = [(phrase.words[0], plain[0]) for plain, phrase in organization_book().standard_phrases()]
    shorts = {word[:size] + end for word, _ in every for size in (3, 4, 5) for end in ("", "s", word[-1])}
    shorts |= {"".join(c for c in word if c not in "aeiou") + end for word, _ in every for end in ("", "s", "ys")}
    for short in filter(abbreviations.may_be_short, sorted(shorts)):
        meant = {key for whole, key in every if abbreviations.abbreviates(short, whole, in_phrase=True)}
        assert set(abbreviations.firsts(short)) == meant, short


def test_every_legal_form_begins_with_a_word_that_is_asked_for() -> None:
    book = organization_book()
    for phrase in legal_phrases():
        found = book.at(phrase.words, 0)
        assert found is None or found.kind is not Kind.LEGAL or phrase.words[0] in book.legal_beginnings


def test_broad_keys_are_the_first_ones_of_all() -> None:
    for word in _words()[:500]:
        keys = [key for key in sounds.sounds_of(word) if key[1:2] != ":"]
        assert sounds.broad_keys(keys) == sounds.broad_keys(keys, most=99)[: len(sounds.broad_keys(keys))]


_CALLS = 330  # 275 were counted when this was written


def test_a_name_of_known_words_takes_few_steps() -> None:
    """Steps are counted, not time: calls of functions for a company's name whose words were read before."""
    names = [
        f"{a} {b} {c}"
        for a in ("Acme", "Zenkotex", "Foobar")
        for b in ("Trading", "Handels")
        for c in ("Ltd.", "GmbH")
    ]
    for name in names:
        analyze(name, "Company")
    analyze.cache_clear()
    calls = 0

    def count(_frame: object, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        for name in names:
            analyze(name, "Company")
    finally:
        sys.setprofile(None)
    assert calls / len(names) < _CALLS


def test_a_latin_name_loads_no_table_of_another_script() -> None:
    code = (
        "import sys\nopened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "from stopship.matching.prepare import prepare_name\n"
        "prepare_name('Acme Trading Ltd'); prepare_name('John Petrovich Smith')\n"
        "print([name for name in opened if '/data/han' in name or '_native' in name or '_slavic' in name], "
        "[name for name in ('pypinyin', 'opencc', 'anyascii', 'numba') if name in sys.modules])\n"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[] []"
