"""Names that were read once, kept as flat numbers: to look for in other lists without reading them again.

Reading a name in another script, or one that is many names, takes much longer than looking for what was read. What
is kept depends on the lists only through how common the words are: a name that holds a word whose rarity has
changed must be read again (`with_words`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from stopship.matching.addresses import names_in_care
from stopship.matching.compare.identifiers import named_identifiers
from stopship.matching.index import Index
from stopship.matching.inverted import SLACK, book_of, new_memory, pad_for
from stopship.matching.kernels import columns as k
from stopship.matching.kernels import compiled_names
from stopship.matching.kernels.records import MOST_TOKENS
from stopship.matching.listener import Listener
from stopship.matching.prepare import key_hash, prepare_name
from stopship.matching.query import Query
from stopship.matching.score import least_logit
from stopship.matching.table import weight_array
from stopship.names import Kind
from stopship.names.ear import KINDS

_ROOM = 1 << 14
_SPELLED = tuple(sorted(KINDS, key=lambda kind: KINDS[kind]))


@dataclass(frozen=True, slots=True)
class KeptNames:
    """Names with all their readings; tokens are kept once. Each array of beginnings has one entry more, the end.

    `row`: which row of a table each name is of, ascending. `always`: a name that must be compared with any list,
    because it holds a number or is too long. `reading_at`, `key_at`: where its readings and keys begin.
    `token_at`: where the tokens of a reading begin, `tokens` their numbers, `person` whether it may be a person's.
    `keys`: hashes of the whole name. Of each token `number` (of all that follows), `columns` (`kernels.columns`),
    `info`, and where its letters begin in `chars`.
    """

    row: Any
    always: Any
    reading_at: Any
    key_at: Any
    keys: Any
    person: Any
    token_at: Any
    tokens: Any
    number: Any
    columns: Any
    info: Any
    char_at: Any
    chars: Any

    def __len__(self) -> int:
        return len(self.row)

    def to_bytes(self) -> bytes:
        """What `from_bytes` reads."""
        file = BytesIO()
        np.savez(file, **{one.name: getattr(self, one.name) for one in fields(self)})
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> KeptNames:
        """What `to_bytes` wrote."""
        with np.load(BytesIO(data)) as arrays:
            return cls(*(arrays[one.name] for one in fields(cls)))

    def write(self, folder: Path) -> None:
        """Write them to a folder that is there and empty."""
        for one in fields(self):
            np.save(folder / f"{one.name}.npy", getattr(self, one.name))

    @classmethod
    def read(cls, folder: Path) -> KeptNames:
        """Those that `write` wrote, mapped.

        Raises:
            OSError, ValueError, EOFError: they are missing or damaged.
        """
        kept = cls(*(np.load(folder / f"{one.name}.npy", mmap_mode="r").view(np.ndarray) for one in fields(cls)))
        if len(kept.reading_at) != len(kept.row) + 1 or int(kept.token_at[-1]) != len(kept.tokens):
            raise ValueError
        return kept

    def take(self, chosen: Any) -> KeptNames:
        """Some of the names, by their numbers here, ascending; tokens that none of them has are left out."""
        readings, reading_at = _stretches(self.reading_at, chosen)
        keys, key_at = _stretches(self.key_at, chosen)
        places, token_at = _stretches(self.token_at, readings)
        used, tokens = np.unique(self.tokens[places], return_inverse=True)
        letters, char_at = _stretches(self.char_at, used)
        return KeptNames(
            self.row[chosen], self.always[chosen], reading_at, key_at, self.keys[keys], self.person[readings],
            token_at, tokens.astype(np.int32), self.number[used], self.columns[used], self.info[used], char_at,
            self.chars[letters],
        )  # fmt: skip

    def words(self) -> Any:
        """For each token the number of its text (`prepare.text_number`)."""
        return self.columns[:, k.TEXT]

    def with_words(self, numbers: Any) -> Any:
        """The rows of names that hold one of these words, however they are read."""
        holds = np.isin(self.words(), numbers)[self.tokens]
        sums = np.concatenate(([0], np.cumsum(holds)))
        ends = sums[self.token_at[self.reading_at]]
        return self.row[ends[1:] > ends[:-1]]


def joined(parts: Iterable[KeptNames]) -> KeptNames:
    """Names of several tables together, in the order of their rows; a token that several have is kept once."""
    some = list(parts)
    if not some:
        return read_names((), lambda _text: 0)
    number, first = np.unique(np.concatenate([one.number for one in some]), return_index=True)
    shift = np.cumsum([0, *(len(one.number) for one in some)])
    here = np.searchsorted(number, np.concatenate([one.number for one in some]))
    tokens = [here[at + one.tokens] for at, one in zip(shift, some, strict=False)]
    together = KeptNames(
        np.concatenate([one.row for one in some]),
        np.concatenate([one.always for one in some]),
        _behind([one.reading_at for one in some]),
        _behind([one.key_at for one in some]),
        np.concatenate([one.keys for one in some]),
        np.concatenate([one.person for one in some]),
        _behind([one.token_at for one in some]),
        np.concatenate(tokens).astype(np.int32),
        np.concatenate([one.number for one in some]),
        np.concatenate([one.columns for one in some]),
        np.concatenate([one.info for one in some]),
        _behind([one.char_at for one in some]),
        np.concatenate([one.chars for one in some]),
    )
    letters, char_at = _stretches(together.char_at, first)
    kept = KeptNames(
        together.row, together.always, together.reading_at, together.key_at, together.keys, together.person,
        together.token_at, together.tokens, number, together.columns[first], together.info[first], char_at,
        together.chars[letters],
    )  # fmt: skip
    return kept.take(np.argsort(kept.row, kind="stable"))


def read_names(asked: Iterable[tuple[int, Query]], entities: Callable[[str], int]) -> KeptNames:
    """Read the names of parties, and of those in whose care they are, each with its row.

    Args:
        asked: rows and queries, in ascending order of rows.
        entities: in how many entities of the lists a word stands.
    """
    row: list[int] = []
    always: list[bool] = []
    keys: list[int] = []
    person: list[bool] = []
    tokens: list[int] = []
    reading_at, key_at, token_at, char_at = [0], [0], [0], [0]
    known: dict[bytes, int] = {}
    number: list[int] = []
    columns: list[Any] = []
    info: list[float] = []
    chars = bytearray()
    for of_row, query in asked:
        row.append(of_row)
        must = bool(named_identifiers(query.name, query.schema))
        for one in (query, *(Query(name) for name, _address in names_in_care(query))):
            try:
                name = prepare_name(one.name, one.schema, entities)
            except ValueError:
                continue  # nothing that can be read
            keys += [_key(key) for key in (*name.analyzed.exact_keys, name.analyzed.joined) if key]
            for reading in name.readings:
                must = must or len(reading.tokens) > MOST_TOKENS
                person.append(reading.person)
                for at, token in enumerate(reading.tokens):
                    flat = np.array(reading.rows[at * k.WIDTH : (at + 1) * k.WIDTH], np.int64)
                    flat[k.START] = 0
                    text = token.text.encode()
                    said = blake2b(
                        flat.tobytes() + text, digest_size=8, key=str(reading.info[at]).encode()
                    ).digest()
                    where = known.get(said)
                    if where is None:
                        where = known[said] = len(number)
                        number.append(int.from_bytes(said, "little", signed=True))
                        columns.append(flat)
                        info.append(reading.info[at])
                        chars += text
                        char_at.append(len(chars))
                    tokens.append(where)
                token_at.append(len(tokens))
        always.append(must)
        reading_at.append(len(person))
        key_at.append(len(keys))
    return KeptNames(
        np.array(row, np.int64), np.array(always, np.bool_), np.array(reading_at, np.int64),
        np.array(key_at, np.int64), np.array(keys, np.int64), np.array(person, np.bool_),
        np.array(token_at, np.int64), np.array(tokens, np.int32), np.array(number, np.int64),
        np.array(columns, np.int64).reshape(-1, k.WIDTH), np.array(info, np.float64), np.array(char_at, np.int64),
        np.frombuffer(bytes(chars), np.uint8),
    )  # fmt: skip


class NameSearch:
    """Looks for kept names in an index that has the tables of the fast search. Keeps only caches."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._book = book_of(index)
        self._pad = pad_for(self._book, _ROOM)
        self._memory = new_memory()
        self._listener = Listener(index)
        self._find = compiled_names()

    @cached_property
    def _keys(self) -> Any:
        vectors = self._index.vectors
        return np.concatenate([vectors["exact.hash"], vectors["joined.hash"]]).astype(np.uint64).view(np.int64)

    def near(self, names: KeptNames, first: int, end: int, *, least_score: float) -> Any:
        """Which of the names from `first` to `end` may score at least so much with any reading of the index, or
        are the same: all that `Matcher.match` finds by a name, and some more (booleans)."""
        found = np.array(names.always[first:end], np.bool_)
        reading_at = names.reading_at[first : end + 1]
        begin = int(reading_at[0])
        token_at = names.token_at[begin : int(reading_at[-1]) + 1]
        tokens = names.tokens[int(token_at[0]) : int(token_at[-1])]
        used, places = np.unique(tokens, return_inverse=True)
        rows = np.array(names.columns[used], np.int64)
        letters, char_at = _stretches(names.char_at, used)
        rows[:, k.START] = char_at[:-1]
        chars = np.ascontiguousarray(names.chars[letters])
        heard_at, heard = self._heard(rows, chars, char_at, places)
        out = np.zeros(end - first, np.uint8)
        self._find(
            self._book, rows.reshape(-1), np.ascontiguousarray(names.info[used]), chars, reading_at - begin,
            token_at - token_at[0], places.astype(np.int64),
            np.ascontiguousarray(names.person[begin : int(reading_at[-1])]).astype(np.uint8), heard_at, heard,
            self._pad, self._memory, least_logit(least_score) - SLACK, weight_array(), out,
        )  # fmt: skip
        found |= out != 0
        key_at = names.key_at[first : end + 1]
        same = np.isin(names.keys[int(key_at[0]) : int(key_at[-1])], self._keys)
        sums = np.concatenate(([0], np.cumsum(same)))[key_at - key_at[0]]
        return found | (sums[1:] > sums[:-1])

    def _heard(self, rows: Any, chars: Any, char_at: Any, places: Any) -> tuple[Any, Any]:
        """What words of other scripts may be by ear: for each place where that begins, and the tokens of lists."""
        flags = rows[:, k.FLAGS]
        by_ear = ((flags & k.BY_EAR) != 0) & (rows[:, k.KIND] == list(Kind).index(Kind.WORD))
        found: dict[int, tuple[int, ...]] = {}
        for token in np.flatnonzero(by_ear).tolist():
            text = chars[char_at[token] : char_at[token + 1]].tobytes().decode()
            found[token] = self._listener.heard(text, _SPELLED[int(flags[token]) // k.EAR_KIND & 3])
        counts = np.zeros(len(rows) + 1, np.int64)
        for token, heard in found.items():
            counts[token] = len(heard)
        at = np.concatenate(([0], np.cumsum(counts[places])))
        all_heard = [one for token in places[counts[places] > 0].tolist() for one in found[token]]
        return at, np.array(all_heard, np.int64)


def _key(key: str) -> int:
    return int(np.uint64(key_hash(key)).view(np.int64))


def _stretches(at: Any, chosen: Any) -> tuple[Any, Any]:
    """The numbers in some stretches, one after the other, and where each begins among them."""
    chosen = np.asarray(chosen)
    first, lengths = at[chosen], at[chosen + 1] - at[chosen]
    ends = np.concatenate(([0], np.cumsum(lengths)))
    return np.arange(int(ends[-1])) + np.repeat(first - ends[:-1], lengths), ends


def _behind(beginnings: list[Any]) -> Any:
    """Beginnings of several tables, one behind the other."""
    shift = np.cumsum([0, *(int(one[-1]) for one in beginnings)])
    return np.concatenate([*(one[:-1] + at for one, at in zip(beginnings, shift, strict=False)), shift[-1:]])
