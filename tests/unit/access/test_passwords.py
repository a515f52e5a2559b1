"""What may be a password."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from stopship.access import passwords as module
from stopship.access.guessable import is_guessable
from stopship.access.passwords import MOST_LENGTH, Passwords
from stopship.errors import AccountError, TooOften

ABOUT = ("erika.mustermann", "Erika Mustermann")
WEAK = [
    "Password2026!",
    "P@ssw0rd2026!",
    "passwordpassword",
    "qwertyuiop123",
    "1qaz2wsx3edc",
    "qwertz-asdfgh-yxcvbn",
    "aaaaaaaaaaaa",
    "abcabcabcabc",
    "123456789012",
    "210987654321",
    "letmeinletmein",
    "Administrator1",
    "Summer2026!!",
    "Willkommen123!",
    "monkeydragon12",
    "stopship-2026",
    "erika.mustermann",
    "ErikaMustermann1984",
    "mustermannerika!",
    "iloveyou123456",
    "йцукенгшщзхъ",
]
STRONG = [
    "mettwurst-kachelofen",
    "correct horse battery staple",
    "kX9#vq2LmPz7",
    "blaue kuh tanzt leise",
    "Der Zug nach Bern fährt um 7",
    "пароход везёт сахар",
    "河流在月光下静静流淌着走远了",
]


def passwords(refused: Path | None = None, least: int = 12) -> Passwords:
    return Passwords(least, refused, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.mark.parametrize("password", WEAK)
def test_made_of_common_pieces_or_the_accounts_name(password: str) -> None:
    with pytest.raises(AccountError, match="easily guessed"):
        passwords().check_new(password, about=ABOUT)


@pytest.mark.parametrize("password", STRONG)
def test_good_ones_are_taken_without_rules_on_kinds_of_letters(password: str) -> None:
    passwords().check_new(password, about=ABOUT)


def test_length_counts_in_letters_and_has_an_end() -> None:
    with pytest.raises(AccountError, match="has 11 letters, at least 12"):
        passwords().check_new("kX9#vq2LmPz", about=ABOUT)
    with pytest.raises(AccountError, match="at least 16"):
        passwords(least=16).check_new("kX9#vq2LmPz7", about=ABOUT)
    with pytest.raises(AccountError, match="at least 12"):
        passwords(least=3).check_new("kX9#", about=ABOUT)  # never below twelve
    with pytest.raises(AccountError, match="more than 256"):
        passwords().check_new("kX9#vq2LmPz7" * 30, about=ABOUT)
    with pytest.raises(AccountError, match="control character"):
        passwords().check_new("kX9#vq2LmPz7\n", about=ABOUT)


def test_a_list_of_ones_own_is_asked(tmp_path: Path) -> None:
    refused = tmp_path / "leaked.txt"
    refused.write_text("first\r\nMettwurst-Kachelofen\n", "utf-8")
    with pytest.raises(AccountError, match="on the list of those that are refused"):
        passwords(refused).check_new("mettwurst-kachelofen", about=ABOUT)
    passwords(refused).check_new("blaue kuh tanzt leise", about=ABOUT)
    with pytest.raises(AccountError, match="can't be read"):
        passwords(tmp_path / "gone").check_new("mettwurst-kachelofen", about=ABOUT)


def test_the_same_letters_typed_on_another_keyboard_are_the_same_password() -> None:
    made = passwords()
    kept = made.hash("Der Zug f\u00e4hrt um 7")
    assert made.verify(kept, "Der Zug fa\u0308hrt um 7")
    assert not made.verify(kept, "Der Zug fahrt um 7")


def test_every_letter_counts_up_to_the_longest() -> None:
    made = passwords()
    kept = made.hash("k" * MOST_LENGTH)
    assert made.verify(kept, "k" * MOST_LENGTH)
    assert not made.verify(kept, "k" * (MOST_LENGTH - 1))
    assert not made.verify(kept, "k" * (MOST_LENGTH + 1))


def test_a_flood_is_sent_away_and_leaves_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SECONDS_TO_WAIT", 0.01)
    made = passwords()
    kept = made.hash("mettwurst-kachelofen")
    with ExitStack() as busy:
        for _ in range(module.AT_ONCE):
            busy.enter_context(made._turn())
        with pytest.raises(TooOften, match="wait 5 seconds"):
            made.verify(kept, "mettwurst-kachelofen")
    assert made.verify(kept, "mettwurst-kachelofen")


@pytest.mark.parametrize("kept", [None, "", "broken", "$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA", "plain text"])
def test_nothing_opens_where_nothing_usable_is_kept(kept: str | None) -> None:
    assert not passwords().verify(kept, "mettwurst-kachelofen")
    assert not passwords().verify(kept, "")


@given(st.text(max_size=300), st.text(max_size=20))
def test_any_text_is_judged(password: str, name: str) -> None:
    assert is_guessable(password, (name,)) in (True, False)


@given(st.text(st.sampled_from("abc1!"), min_size=1, max_size=12))
def test_repeating_a_password_makes_it_no_better(text: str) -> None:
    assert is_guessable(text * 3) >= is_guessable(text)


@given(st.text(max_size=40))
def test_what_was_hashed_opens(password: str) -> None:
    made = passwords()
    assert made.verify(made.hash(password), password)
