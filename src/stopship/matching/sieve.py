"""Which names of a file are worth looking up: compiled, a whole batch at once.

Nearly all rows of a customer base match nothing. The sieve reads each word of a batch once, by itself, and
compares names word by word; what comes near the threshold, and all that needs more than single words (another
script, marks of other names inside a name), is looked up in full.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from stopship.matching.index import Index
from stopship.matching.inverted import book_of, new_memory, pad_for
from stopship.matching.kernels import columns as k
from stopship.matching.kernels import compiled_sieve
from stopship.matching.kernels.plain_words import LETTERS_OF_NAME, MOST_WORDS, Desk, Lexicon
from stopship.matching.kernels.sieve import LOOK, OPEN, ORGANIZATION, PERSON
from stopship.matching.prepare import text_number
from stopship.matching.score import least_logit
from stopship.matching.sieve_words import LightWord, LightWords
from stopship.matching.table import weight_array
from stopship.model.values import Schema
from stopship.names.single_words import more_readings

# How far below the threshold a name still counts as worth it, in log-odds: what single words don't tell.
SLACK = 1.0
_WORDS = 1 << 16  # of the lexicon; it is cleared when they are used up
_SPARE = 1 << 14  # words that a batch may bring
MOST_KEPT = 1 << 21
"""Words of names that are kept in a folder."""
_UNKNOWN = 1 << 15  # new words of one round
_MODES = {Schema.PERSON: PERSON, Schema.LEGAL_ENTITY: OPEN, Schema.VESSEL: LOOK, Schema.AIRPLANE: LOOK}
WORTH, CLOSER, UNKNOWN = 1, 2, 3


class Sieve:
    """Sifts names for one index. Keeps only caches."""

    def __init__(self, index: Index, words: KeptWords | None = None) -> None:
        """`words` are those of names that were read before; the caller answers for it that they still weigh what
        they did (`KeptWords`)."""
        self._index = index
        self._list_words, self._sift = compiled_sieve()
        self._book = book_of(index)
        self._pad = pad_for(self._book, 1 << 14)
        # Words that were kept are met again and again: there is room for all of them.
        known = int(words.lexicon.used[0]) if words is not None else 0
        self._memory = new_memory(max(1 << 18, 1 << (3 * known).bit_length()))
        self._light = LightWords(index.entities_with)
        self._lexicon = words.lexicon if words is not None else _new_lexicon(self._light.phrases)
        self._modes = np.array([_MODES.get(schema, ORGANIZATION) for schema in Schema], np.uint8)

    @cached_property
    def _desk(self) -> Desk:
        words = 4 * MOST_WORDS
        return Desk(
            text=np.zeros(LETTERS_OF_NAME * (MOST_WORDS + 1), np.uint8),
            start=np.zeros(words, np.int64),
            length=np.zeros(words, np.int64),
            loose=np.zeros(words, np.int64),
            depth=np.zeros(words, np.int64),
            entry=np.zeros(words, np.int64),
            chosen=np.zeros(words, np.int64),
            tokens=np.zeros(words, np.int64),
            joined=np.zeros(LETTERS_OF_NAME, np.uint8),
            unknown=np.zeros(4 * _UNKNOWN, np.int64),
            letters=np.zeros(16 * _UNKNOWN, np.uint8),
            count=np.zeros(2, np.int64),
            zeros=np.zeros(words, np.int64),
        )

    def sift(self, data: Any, offsets: Any, schemas: Any, *, least_score: float) -> Any:
        """Which names may score at least so much; arguments and result as of `Matcher.sift`."""
        modes = self._modes[schemas]
        offsets = np.ascontiguousarray(offsets, np.int64)
        data = np.ascontiguousarray(data, np.uint8)
        verdicts = np.zeros(len(modes), np.uint8)
        self._read_new(data, offsets, modes)
        roles, firsts = self._index.vectors["reading.role"], self._index.vectors["reading.first"]
        for _round in range(3):
            self._sift(
                data, offsets, modes, self._lexicon, self._desk, self._book, roles, firsts, self._pad,
                self._memory, least_logit(least_score), SLACK, least_score, weight_array(), verdicts,
            )  # fmt: skip
            if not (verdicts == UNKNOWN).any():
                break
            self._read_new(data, offsets, modes)
        worth = verdicts != 0
        for n in np.nonzero(verdicts == CLOSER)[0].tolist():
            text = bytes(data[offsets[n] : offsets[n + 1]]).decode("utf-8", "replace")
            worth[n] = more_readings(text, person=bool(modes[n] == PERSON))
        return worth

    def learn(self, data: Any, offsets: Any, schemas: Any) -> None:
        """Read the words of names that will be sifted; arguments as of `sift`."""
        self._read_new(
            np.ascontiguousarray(data, np.uint8), np.ascontiguousarray(offsets, np.int64), self._modes[schemas]
        )

    def learned(self) -> KeptWords:
        """The words read so far."""
        return KeptWords(self._lexicon)

    def _read_new(self, data: Any, offsets: Any, modes: Any) -> None:
        """Read the words of a batch that are new, until none is left or the lexicon is full."""
        if self._lexicon.used[0] > len(self._lexicon.first) - _SPARE:
            self._lexicon = _new_lexicon(self._light.phrases)
        desk = self._desk
        for _round in range(4):
            desk.count[:] = 0
            self._list_words(data, offsets, modes, self._lexicon, desk)
            if not desk.count[0]:
                return
            letters = desk.letters.tobytes()
            for at in range(0, 4 * int(desk.count[0]), 4):
                start, length, how, slot = desk.unknown[at : at + 4].tolist()
                if how & 4:
                    if self._lexicon.phrase_entry[slot] < 0:
                        phrase = self._light.phrase(int(self._lexicon.phrase_keys[slot]))
                        self._keep(self._lexicon.phrase_entry, slot, phrase)
                    continue
                text = letters[start : start + length].decode("ascii")
                word = self._light.read(text, loose=bool(how & 2), person=bool(how & 1))
                self._keep(self._lexicon.entry, slot, word)

    def _keep(self, entries: Any, slot: int, word: LightWord) -> None:
        lexicon = self._lexicon
        entry, row, at = lexicon.used.tolist()
        if entry >= len(lexicon.first) or row + len(word.info) > len(lexicon.info) or at + 64 > len(lexicon.chars):
            return  # full: the name is looked up
        lexicon.first[entry], lexicon.many[entry], lexicon.special[entry] = row, len(word.info), word.special
        lexicon.number[entry], lexicon.standard[entry] = word.number, word.standard
        entries[slot] = entry
        for number, info in enumerate(word.info):
            columns = word.rows[number]
            letters = word.letters[number]
            base = (row + number) * k.WIDTH
            lexicon.rows[base : base + k.WIDTH] = columns
            lexicon.rows[base + k.START] = at
            lexicon.chars[at : at + len(letters)] = np.frombuffer(letters, np.uint8)
            lexicon.info[row + number] = info
            at += len(letters)
        lexicon.used[:] = entry + 1, row + len(word.info), at


class KeptWords:
    """The words of many names, read once and kept in a folder, for sifting the same names again and again.

    What a word says depends on the lists only through the number of entities that it stands in: where that has
    changed, `forget` makes the sieve read it again.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    @classmethod
    def room_for(cls, names: int) -> KeptWords:
        """None yet, with room for those of so many names."""
        words = min(MOST_KEPT, max(_WORDS, 1 << (2 * names).bit_length()))
        return cls(_new_lexicon(LightWords(lambda _text: 0).phrases, words))

    def write(self, folder: Path) -> None:
        """Write them to a folder that is there and empty; made for one version of the normalizer."""
        lexicon = self.lexicon
        entries, rows, letters = lexicon.used.tolist()
        lengths = {
            **dict.fromkeys(("first", "many", "special", "number", "standard"), entries + 2 * _SPARE),
            "rows": k.WIDTH * (rows + 2 * _SPARE), "info": rows + 2 * _SPARE, "chars": letters + 12 * _SPARE,
        }  # fmt: skip
        for name in Lexicon._fields:
            array = getattr(lexicon, name)
            if (length := lengths.get(name)) is not None:
                fitted = np.zeros(length, array.dtype)
                fitted[: min(length, len(array))] = array[:length]
                array = fitted
            np.save(folder / f"{name}.npy", array)

    @classmethod
    def read(cls, folder: Path) -> KeptWords:
        """Those that `write` wrote: mapped, what is changed stays in this process.

        Raises:
            OSError, ValueError: they are missing or damaged.
        """
        return cls(
            Lexicon(*(np.load(folder / f"{n}.npy", mmap_mode="c").view(np.ndarray) for n in Lexicon._fields))
        )

    def forget(self, texts: Collection[str]) -> None:
        """Read the words again that give one of these texts."""
        if not texts:
            return
        lexicon = self.lexicon
        entries, rows, _letters = lexicon.used.tolist()
        said = lexicon.rows[: rows * k.WIDTH].reshape(-1, k.WIDTH)[:, k.TEXT]
        hit = np.isin(said, np.array([text_number(text) for text in texts], np.int64))
        sums = np.concatenate(([0], np.cumsum(hit)))
        first = lexicon.first[:entries].astype(np.int64)
        stale = np.flatnonzero(sums[first + lexicon.many[:entries]] > sums[first])
        for key in lexicon.keys[np.isin(lexicon.entry, stale) & (lexicon.keys != 0)].tolist():
            self._take_out(key)

    def _take_out(self, key: int) -> None:
        """Take a word out: those behind it that would no longer be found move up."""
        keys, entries = self.lexicon.keys, self.lexicon.entry
        last = len(keys) - 1
        slot = key & last
        while keys[slot] != key:
            slot = (slot + 1) & last
        keys[slot] = 0
        other = (slot + 1) & last
        while keys[other] != 0:
            if ((other - int(keys[other])) & last) >= ((other - slot) & last):
                keys[slot], entries[slot], keys[other] = keys[other], entries[other], 0
                slot = other
            other = (other + 1) & last


def _new_lexicon(phrases: Collection[int], words: int = _WORDS) -> Lexicon:
    slots = 1 << (2 * len(phrases)).bit_length()
    keys = np.zeros(slots, np.int64)
    for key in phrases:
        slot = key & (slots - 1)
        while keys[slot]:
            slot = (slot + 1) & (slots - 1)
        keys[slot] = key
    return Lexicon(
        keys=np.zeros(2 * words, np.int64),
        entry=np.zeros(2 * words, np.int32),
        first=np.zeros(words, np.int32),
        many=np.zeros(words, np.uint8),
        special=np.zeros(words, np.uint8),
        used=np.zeros(3, np.int64),
        rows=np.zeros(k.WIDTH * (words + 1024), np.int64),
        info=np.zeros(words + 1024, np.float64),
        chars=np.zeros(12 * words, np.uint8),
        number=np.zeros(words, np.int64),
        standard=np.zeros(words, np.int64),
        phrase_keys=keys,
        phrase_entry=np.full(slots, -1, np.int32),
    )
