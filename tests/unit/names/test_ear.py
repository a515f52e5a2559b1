"""How far words are apart that were spelled by ear."""

from __future__ import annotations

import pytest

from stopship.names import ear
from stopship.names.general import sounds


def heard_as(spelled: str, latin: str, kind: str) -> int:
    ours, theirs = sounds(spelled), sounds(latin)
    row = [0] * (3 * (ear.MOST + 1))
    return ear.heard_as(ours, len(ours), theirs, len(theirs), ear.KINDS[kind], row, ear.TAKEN_LIST)


@pytest.mark.parametrize(
    ("spelled", "latin", "kind"),
    [
        ("shftshnku", "shevchenko", "consonants"),
        ("krlus", "carlos", "consonants"),
        ("randrf", "randolph", "syllables"),
        ("kata", "carter", "syllables"),
        ("riabiriti", "liability", "syllables"),
        ("ederprise", "enterprise", "greek"),
        ("mahineri", "machinery", "greek"),
        ("tkheodor", "theodor", "letters"),
        ("todzhi", "toji", "letters"),
        ("kakhramon", "qahramon", "letters"),
    ],
)
def test_what_is_spelled_by_ear_sounds_like_the_name(spelled: str, latin: str, kind: str) -> None:
    assert heard_as(spelled, latin, kind) != ear.NOT_HEARD


@pytest.mark.parametrize(
    ("spelled", "latin", "kind"),
    [
        ("jan", "han", "syllables"),
        ("khabib", "afif", "letters"),
        ("mkjil", "mujel", "consonants"),
        ("chenyang", "chanoung", "syllables"),
        ("ramirz", "gholamreza", "consonants"),
        ("rari", "lali", "letters"),
    ],
)
def test_strangers_do_not_sound_alike(spelled: str, latin: str, kind: str) -> None:
    assert heard_as(spelled, latin, kind) != ear.CLOSELY


def test_letters_put_between_consonants_are_no_vowels() -> None:
    into = list(sounds("fatab"))
    assert into[: ear.without_filling(into, len(into))] == list(sounds("ftb"))
    written = list(sounds("fatib"))
    assert ear.without_filling(written, len(written)) == len(written)


def test_costs_are_the_same_both_ways_for_whole_sounds() -> None:
    cost = ear.TAKEN.reshape(len(ear.KINDS), ear.COUNT, ear.COUNT)
    assert (cost == cost.transpose(0, 2, 1)).all()
    assert (cost.diagonal(axis1=1, axis2=2) == 0).all()


def test_a_long_word_is_cut() -> None:
    assert len(sounds("ab" * 60)) == ear.MOST
