"""Names as the flat numbers that the kernels compare: one row of integers for each token.

Preparing is done once for each name; what is prepared depends on the lists only through how common its words are.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np

from stopship.matching.compare.schemas import reads_as_person
from stopship.matching.kernels.columns import (
    ABJAD,
    BONE_KEYS,
    BY_EAR,
    EAR_KEYS,
    EAR_KIND,
    FIRST_A,
    FIRST_MOST,
    FLAGS,
    IN_USE,
    IS_ACRONYM,
    IS_LETTERS,
    IS_PART,
    IS_PERSON,
    IS_SOUND,
    LETTERS,
    LISTED,
    MAN,
    OPEN_FORM,
    PATRONYMIC,
    PINYIN,
    PLACE_CHAIN,
    ROLE_BIT,
    ROLES,
    SOUND_KEYS,
    START,
    SURNAME,
    USUAL,
    WIDTH,
    WOMAN,
)
from stopship.matching.weights import information, is_patronymic
from stopship.model.values import Schema
from stopship.names import AnalyzedName, Kind, Token, analyze
from stopship.names.background import is_in_use, is_usual
from stopship.names.ear import KINDS
from stopship.names.given_names import given_gender
from stopship.names.legal_forms import OPEN_CLASSES, form_class
from stopship.names.phrases import words_of_phrase
from stopship.names.pinyin import is_pinyin_given
from stopship.names.places import within as within_place
from stopship.names.sounds import sounds_of

KIND_NUMBER = {kind: number for number, kind in enumerate(Kind)}
_PACKED = f"={WIDTH}q"
_OF_TABLES = ("f:", "n:", "p:")
_SLAVIC = ("ov", "ev", "in", "yn", "off")


_FLAGS_OF_ROLES = {
    "acronym": IS_ACRONYM,
    "part": IS_PART,
    "sound": IS_SOUND,
    "letters": IS_LETTERS,
    "capitals": IS_LETTERS,
}


def flags_of_role(role: str) -> int:
    """What the role of a reading adds to the kernels' flags."""
    return _FLAGS_OF_ROLES.get(role, 0)


def key_hash(key: str) -> int:
    """64 bits of BLAKE2b: the same on every machine."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little")


def _number(key: str) -> int:
    """A positive number for a string that fits in a signed machine word; 0 stands for none."""
    return (key_hash(key) >> 2) or 1


def text_number(text: str) -> int:
    """The number of a text in the column `TEXT` of a token's row."""
    return _number(text)


def token_row(token: Token) -> tuple[int, ...]:
    """The row of a token as in `kernels`, with 0 for where its letters start."""
    return struct.unpack(_PACKED, _row_of(token))


def _row_of(token: Token) -> bytes:
    heard = (
        token.sounds if token.sounds or token.kind is not Kind.WORD else sounds_of(token.text, abjad=token.abjad)
    )
    return _row(token.text, token.kind, token.key, heard, token.abjad, token.spelled)


@lru_cache(maxsize=24_576)  # packed: as a tuple of numbers a row takes four times as much memory
def _row(text: str, kind: Kind, key: str, heard: tuple[str, ...], abjad: bool, spelled: str) -> bytes:
    word = kind is Kind.WORD
    flags = (
        (USUAL if word and is_usual(text) else 0)
        | (PINYIN if word and is_pinyin_given(text) else 0)
        | (ABJAD if abjad else 0)
        | (BY_EAR + EAR_KIND * KINDS[spelled] if spelled else 0)
        | (PATRONYMIC if word and is_patronymic(text) else 0)
        | (SURNAME if word and text.endswith(_SLAVIC) else 0)
        | (IN_USE if word and is_in_use(text) else 0)
        | ({"f": WOMAN, "m": MAN}.get(given_gender(text), 0) if word else 0)
        | (LETTERS if text.isascii() and text.isalpha() else 0)
    )
    form = 0
    if kind is Kind.LEGAL:
        kind_of_form = form_class(key)
        form = _number(kind_of_form)
        flags |= OPEN_FORM if kind_of_form in OPEN_CLASSES else 0
    within = [_number(other) for other in (within_place(key) if kind is Kind.PLACE else words_of_phrase(key))]
    spoken, bones, broad = _sounds(heard) if word else ([], [], [])
    said = _number(key)
    return struct.pack(
        _PACKED,
        0, len(text), KIND_NUMBER[kind], said, flags,
        *_padded(spoken, SOUND_KEYS, 0), *_padded(bones, BONE_KEYS, 0),
        *_padded(broad, EAR_KEYS, 0), *_padded(within, PLACE_CHAIN, -1),
        form, said if key == text else _number(text),
    )  # fmt: skip


def _padded(keys: Sequence[int], room_for: int, rest: int) -> list[int]:
    return [*keys[:room_for], *[rest] * (room_for - len(keys))]


def _is_sound(key: str) -> bool:
    return key[:2] not in _OF_TABLES


def _sounds(heard: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
    """Keys that two spellings of one name share, those of their consonants alone, and broad ones with vowels; as
    many as a row has room for."""
    # Families of tables first: where there is no room for all, Alexander is sooner Aleksandr than Alahandar.
    # Their numbers are odd, those of sounds even: the kernels tell what a table says from what only sounds alike.
    spoken = sorted([key for key in heard if key[:2] != "k:"], key=_is_sound)[:SOUND_KEYS]
    bones = [key for key in heard if key[:2] == "k:"]
    return (
        [_number(f"sound:{key}") & -2 if _is_sound(key) else _number(f"sound:{key}") | 1 for key in spoken],
        [_number(key) for key in [key for key in bones if key[:3] != "k:~"][:BONE_KEYS]],
        [_number(key) for key in [key for key in bones if key[:3] == "k:~"][:EAR_KEYS]],
    )


@dataclass(frozen=True, eq=False)
class Prepared:
    """One reading of a name, ready for the kernels: its tokens, their rows and information, and their letters.
    `first` says where the first given name of a person stands, counted from 1; 0 where that can't be told."""

    tokens: tuple[Token, ...]
    role: str
    person: bool
    rows: array[int]
    info: array[float]
    chars: bytes
    first: int = 0

    @cached_property
    def arrays(self) -> tuple[Any, Any, Any, Any]:
        """What the compiled kernels take."""
        return (
            np.array(self.rows, np.int64),
            np.array(self.info, np.float64),
            np.array(memoryview(self.chars), np.uint8),
            np.arange(len(self.tokens), dtype=np.int64),
        )

    @property
    def flags(self) -> int:
        """What the role adds to the flags of a comparison, as `kernels.best_score` takes it."""
        person = IS_PERSON if self.person else 0
        return ROLES.index(self.role) * ROLE_BIT | flags_of_role(self.role) | person | self.first * FIRST_A

    @property
    def lists(self) -> tuple[list[int], list[float], list[int], list[int]]:
        """What the interpreted kernels take."""
        return self.rows.tolist(), self.info.tolist(), list(self.chars), list(range(len(self.tokens)))


def prepare_tokens(
    tokens: Sequence[Token],
    entities: Callable[[str], int],
    *,
    role: str = "full",
    person: bool = False,
    first: int | None = None,
) -> Prepared:
    """Prepare a reading; `entities(text)` says in how many entities of the lists a word stands. `first`: where the
    first given name stands, if that is known already."""
    rows = array("q", b"".join([_row_of(token) for token in tokens]))
    texts = [token.text.encode() for token in tokens]
    info: list[float] = []
    start, at = 0, 0
    for token, text in zip(tokens, texts, strict=True):
        word = token.kind is Kind.WORD
        held = entities(token.text) if word else 0
        rows[at + START] = start
        if held:
            rows[at + FLAGS] |= LISTED
        info.append(information(token, held))
        start += len(text)
        at += WIDTH
    given = first if first is not None else first_given(tokens) if person else 0
    return Prepared(tuple(tokens), role, person, rows, array("d", info), b"".join(texts), given)


def first_given(tokens: Sequence[Token]) -> int:
    """Where the first given name of a person stands, counted from 1; 0 where that can't be told.

    Behind a comma stand given names; without one the first word is taken for one, unless a father's name at the
    end of three words says that the surname came first (Markov Andrei Pavlovich).
    """
    words = [at for at, token in enumerate(tokens[:FIRST_MOST], 1) if token.kind in (Kind.WORD, Kind.INITIAL)]
    given = [at for at in words if tokens[at - 1].part == "given"]
    if given or any(tokens[at - 1].part == "surname" for at in words):
        return given[0] if given else 0
    if len(words) < 2:
        return 0
    return words[1] if len(words) > 2 and tokens[words[-1] - 1].part == "patronymic" else words[0]


@dataclass(frozen=True, eq=False)
class PreparedName:
    """A whole name, all its readings prepared."""

    analyzed: AnalyzedName
    readings: tuple[Prepared, ...]

    @cached_property
    def arrays(self) -> tuple[Any, ...]:
        """All readings together, as `kernels.best_score` takes them."""
        rows = array("q")
        info = array("d")
        chars = bytearray()
        at = [0]
        for reading in self.readings:
            begin = len(rows)
            rows += reading.rows
            for start in range(begin + START, len(rows), WIDTH):
                rows[start] += len(chars)
            info += reading.info
            chars += reading.chars
            at.append(at[-1] + len(reading.tokens))
        return (
            np.array(rows, np.int64),
            np.array(info, np.float64),
            np.array(chars, np.uint8),
            np.arange(at[-1], dtype=np.int64),
            np.array(at, np.int64),
            np.array([reading.flags for reading in self.readings], np.int64),
        )

    @cached_property
    def longest(self) -> int:
        """Tokens of the longest reading."""
        return max(len(reading.tokens) for reading in self.readings)


def prepare_name(
    text: str, schema: Schema = Schema.LEGAL_ENTITY, entities: Callable[[str], int] = lambda _text: 0
) -> PreparedName:
    """Analyze and prepare a name.

    Raises:
        ValueError: the text holds no printable character.
    """
    analyzed = analyze(text, schema.value)
    return PreparedName(
        analyzed,
        tuple(
            prepare_tokens(r.tokens, entities, role=r.role, person=reads_as_person(schema, r.tokens))
            for r in analyzed.readings
        ),
    )
