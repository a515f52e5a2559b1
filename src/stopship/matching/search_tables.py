"""The sections of an index that a fast search reads beside those of `build.py`: look-up tables, and what a bound
needs to know of a reading.

They are made from the other sections, by compiled loops, and only for lists large enough to be worth it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stopship.matching.kernels import columns as k
from stopship.matching.kernels import compiled_tables
from stopship.matching.kernels.tables import BITS, REST, bits_of, count_deletes

ENTRIES_OF_BUCKET = 4
SHORTEST_FUZZY = 3
COUNTS = 4  # words, initials, numbers and legal forms of a reading
MOST = 255  # that a count holds


def search_sections(vectors: Mapping[str, Any], wholes: Sequence[str], orders: Sequence[str]) -> dict[str, bytes]:
    """The sections, from `token.rows`, `token.info`, `token.chars`, `reading.at`, `reading.tokens`, `posting.at`
    and `posting.readings`; `wholes` are names without spaces, `orders` their words with single spaces, for the
    sieve."""
    rows = vectors["token.rows"].reshape(-1, k.WIDTH)
    starts, lengths, kinds = rows[:, k.START].copy(), rows[:, k.LENGTH].copy(), rows[:, k.KIND]
    chars = vectors["token.text"]
    hash_words, write_deletes, hash_names = compiled_tables()
    numbers = np.arange(len(rows), dtype=np.int64)
    words = np.zeros(len(rows), np.int64)
    letters = np.zeros(len(rows), "<i4")
    hash_words(chars, starts, lengths, words, letters)
    plain = numbers[((rows[:, k.FLAGS] & k.LETTERS) != 0) & (lengths >= SHORTEST_FUZZY) & (lengths <= k.LONGEST)]
    room = int(sum(count_deletes(int(length)) for length in lengths[plain]))
    keys, tokens = np.zeros(room, np.int64), np.zeros(room, np.int64)
    written = write_deletes(chars, starts, lengths, plain, keys, tokens)
    general = (kinds >= k.BODY) & (kinds <= k.FILLER)
    held = {
        "word": (words, numbers),
        "key": (rows[:, k.KEY], numbers),
        "sound": _of_columns(rows, k.SOUND, k.SOUND_KEYS, kinds == k.WORD, 0),
        "bone": _of_columns(rows, k.BONE, k.BONE_KEYS + k.EAR_KEYS, kinds == k.WORD, 0),
        "phrase": _of_columns(rows, k.PLACE, k.PLACE_CHAIN, general, -1),
        "delete": (keys[:written], tokens[:written]),
        "name": _of_names(hash_names, [*wholes, *orders]),
    }
    texts = chars.tobytes()
    spelled = [
        texts[start : start + length] for start, length in zip(starts.tolist(), lengths.tolist(), strict=True)
    ]
    order = np.array(sorted(range(len(spelled)), key=spelled.__getitem__), "<u4")
    sections: dict[str, bytes] = {
        "token.order": order.tobytes(),
        "token.letters": letters.tobytes(),
        "token.first": chars[starts].tobytes(),
    }
    for name, (one, other) in held.items():
        for part, data in zip(("at", "rest", "token"), _table(one, other), strict=True):
            sections[f"{name}.{part}"] = data.tobytes()
    return sections | _of_readings(vectors, kinds)


def _of_columns(rows: Any, first: int, count: int, wanted: Any, none: int) -> tuple[Any, Any]:
    """All keys in some columns of the wanted tokens, and the tokens."""
    columns = rows[:, first : first + count]
    tokens, at = np.nonzero((columns != none) & wanted[:, None])
    return columns[tokens, at], tokens


def _of_names(hash_names: Any, texts: Sequence[str]) -> tuple[Any, Any]:
    """The numbers of names as wholes; what they are of doesn't matter."""
    data = [text.encode("utf-8") for text in dict.fromkeys(texts)]
    at = np.cumsum([0, *map(len, data)])
    keys = np.zeros(len(data), np.int64)
    hash_names(np.frombuffer(b"".join(data), np.uint8), at, keys)
    return keys, np.zeros(len(data), np.int64)


def _table(keys: Any, tokens: Any) -> tuple[Any, Any, Any]:
    """A look-up table as `kernels.tables` reads it; entries of one number in the order of their tokens."""
    buckets = 16
    while buckets * ENTRIES_OF_BUCKET < len(keys):
        buckets *= 2
    bits = bits_of(buckets)
    order = np.lexsort((tokens, keys))
    keys, tokens = keys[order], tokens[order]
    at = np.searchsorted(keys >> (BITS - bits), np.arange(buckets + 1)).astype("<u4")
    rest = ((keys >> (BITS - bits - REST)) & ((1 << REST) - 1)).astype("<u2")
    return at, rest, tokens.astype("<u4")


def _of_readings(vectors: Mapping[str, Any], kinds: Any) -> dict[str, bytes]:
    at, tokens = vectors["reading.at"].astype(np.int64), vectors["reading.tokens"]
    info = vectors["token.info"][tokens]
    kinds = kinds[tokens]
    general = (kinds >= k.BODY) & (kinds <= k.FILLER)
    counts = [_sums(at, kinds == kind) for kind in (k.WORD, k.INITIAL, k.NUMBER, k.LEGAL)]
    has_initials = counts[1] > 0
    posting_at, postings = vectors["posting.at"].astype(np.int64), vectors["posting.readings"]
    persons = vectors["reading.person"] != 0
    chosen = {"person": persons, "other": ~persons, "initial": has_initials & persons}
    sections: dict[str, bytes] = {}
    for name, wanted in chosen.items():
        kept = wanted[postings]
        sections[f"{name}.at"] = np.concatenate(([0], np.cumsum(kept)))[posting_at].astype("<u4").tobytes()
        sections[f"{name}.readings"] = postings[kept].astype("<u4").tobytes()
    return sections | {
        "reading.total": _sums(at, info).astype("<f4").tobytes(),
        "reading.general": _sums(at, np.where(general, info, 0.0)).astype("<f4").tobytes(),
        "reading.counts": np.minimum(np.stack(counts, 1), MOST).astype(np.uint8).tobytes(),
    }


def _sums(at: Any, values: Any) -> Any:
    """The sum of each reading's values."""
    running = np.concatenate(([0], np.cumsum(values)))
    return running[at[1:]] - running[at[:-1]]
