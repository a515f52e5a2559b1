"""Listening through the whole vocabulary leaves nothing out that two words compared by themselves would hear."""

from __future__ import annotations

import random

import pytest

from stopship.matching.kernels.columns import START, WIDTH
from stopship.matching.kernels.hearing import grow, listen, write_sounds
from stopship.matching.kernels.words import hear_one
from stopship.matching.listener import sound_tree
from stopship.matching.prepare import token_row
from stopship.names import Kind, Token
from stopship.names.ear import KINDS

LETTERS = ("sh", "ch", "kh", "ts", "th", "x", "qu", *"abcdefghiklmnoprstuvyz")


def _words(seed: int, many: int) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choice(LETTERS) for _ in range(draw.randint(2, 8))) for _ in range(many)]


def _rows(words: list[str]) -> tuple[list[int], list[int]]:
    rows: list[int] = []
    chars: list[int] = []
    for word in words:
        row = list(token_row(Token(word, Kind.WORD, word)))
        row[START] = len(chars)
        rows += row
        chars += word.encode("ascii")
    return rows, chars


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_listening_hears_what_comparing_hears(kind: str) -> None:
    vocabulary = [*_words(1, 150), "gaddafi", "kasem", "xinjiang", "john", "ivanov", "hikvision", "shcherbakov"]
    rows, chars = _rows(vocabulary)
    tree = sound_tree(write_sounds, grow, rows, chars, [])
    heard_any = 0
    for spelled in [*_words(2, 25), "qadafi", "qasim", "jon", "hikbijon", "ibanobu"]:
        ours = list(token_row(Token(spelled, Kind.WORD, spelled, spelled=kind)))
        letters = list(spelled.encode("ascii"))
        found = [0] * len(vocabulary)
        count = listen(tree, rows, chars, ours, letters, found)
        expected = [n for n in range(len(vocabulary)) if hear_one(ours, letters, 0, rows, chars, n * WIDTH)]
        assert sorted(found[:count]) == expected, spelled
        heard_any += count
    assert heard_any
