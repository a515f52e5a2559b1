"""Which words of an index a word may be that was spelled by ear in another script."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from stopship.matching.index import Index
from stopship.matching.kernels import columns as k
from stopship.matching.kernels import compiled_listen
from stopship.matching.kernels.hearing import SoundTree, grow, listen, write_sounds
from stopship.matching.prepare import token_row
from stopship.names import Kind, Token
from stopship.names.ear import MOST

_INTERPRETED = 1_000  # tokens of lists that are listened through without compiled kernels
_REMEMBERED = 20_000  # words


class Listener:
    """Listens through the vocabulary of one index. Keeps only caches."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.heard = lru_cache(maxsize=_REMEMBERED)(self._heard)

    def _heard(self, text: str, spelled: str) -> tuple[int, ...]:
        """The numbers of the tokens that a word may be, ascending.

        Args:
            text: how the word sounds, in Latin letters.
            spelled: how its script spells; see `names.ear.KINDS`.
        """
        found = np.empty(self._index.tokens, np.int64)
        ours = list(token_row(Token(text, Kind.WORD, text, spelled=spelled)))
        letters = text.encode("utf-8")
        rows, chars = self._index.vectors["token.rows"], self._index.vectors["token.text"]
        if self._index.tokens > _INTERPRETED:
            listen_all, _write, _grow = compiled_listen()
            count = listen_all(self._tree, rows, chars, np.array(ours), np.frombuffer(letters, np.uint8), found)
        else:
            count = listen(self._tree, rows.tolist(), chars.tolist(), ours, list(letters), found)
        return tuple(sorted(found[:count].tolist()))

    @cached_property
    def _tree(self) -> SoundTree:
        rows, chars = self._index.vectors["token.rows"], self._index.vectors["token.text"]
        by_ear = np.nonzero(rows.reshape(-1, k.WIDTH)[:, k.FLAGS] & k.BY_EAR)[0]
        if self._index.tokens > _INTERPRETED:
            _listen, write_all, grow_all = compiled_listen()
            return sound_tree(write_all, grow_all, rows, chars, by_ear)
        return sound_tree(write_sounds, grow, rows.tolist(), chars.tolist(), by_ear)


def sound_tree(write: Any, grow_it: Any, rows: Any, chars: Any, by_ear: Any) -> SoundTree:
    """The tree of sounds of so many rows; `write` and `grow_it` are `hearing.write_sounds` and `hearing.grow`,
    compiled or not."""
    tokens = len(rows) // k.WIDTH
    sounds, counts = np.full(tokens * MOST, 255, np.uint8), np.zeros(tokens, np.int64)
    write(rows, chars, sounds, counts)
    heard = np.nonzero(counts)[0]
    # Sounds that aren't there count before all others, so that a word comes before those that go on from it.
    texts = (sounds.reshape(-1, MOST) + np.uint8(1)).view(f"S{MOST}").reshape(-1)[heard]
    order = heard[np.argsort(texts, kind="stable")]
    room = int(counts.sum())
    depth, sound, fewest, most = (np.zeros(room, np.uint8) for _ in range(4))
    skip, word_at = np.zeros(room, np.int32), np.zeros(room + 1, np.int32)
    nodes = grow_it(sounds, counts, order, depth, sound, skip, fewest, most, word_at)
    return SoundTree(
        depth[:nodes].copy(), sound[:nodes].copy(), skip[:nodes].copy(), fewest[:nodes].copy(),
        most[:nodes].copy(), word_at[: nodes + 1].copy(), order, by_ear,
    )  # fmt: skip
