"""What an index held when customers were last screened against it, and what has changed since.

A score depends on the lists in two ways: on the entity that a customer is compared with, and on how many entities
a word stands in, which says how rare it is. So a change touches the pairs of a customer with

- an entity that is new or was altered,
- an entity one of whose words has become rarer or more common, and
- any entity at all, where such a word stands in the customer's own name.

All other pairs score as they did. A generation keeps what is needed to tell: a hash of each entity, and the number
of entities of each word. It is a small file of its own, so that the index it was made of need not be kept.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import orjson

from stopship.errors import PortfolioError
from stopship.matching import Index
from stopship.matching.weights import FAMILY, SCORER_VERSION, information
from stopship.model.entity import Entity
from stopship.names import NORMALIZER_VERSION, Kind, Token

FORMAT = 2
_HASH, _ID = 16, 8


@dataclass(frozen=True, slots=True)
class Generation:
    """`entities` counts each entity by a hash of its id and one of all that is said of it, `words` says in how
    many entities each word stands (at most `FAMILY`: more make no difference)."""

    index_hash: str
    versions: tuple[str, str]
    entities: Counter[bytes]
    words: dict[str, int]

    def write(self, path: Path) -> None:
        """Write it to a file."""
        plain = {
            "format": FORMAT,
            "index": self.index_hash,
            "versions": self.versions,
            "entities": {digest.hex(): count for digest, count in self.entities.items()},
            "words": self.words,
        }
        path.write_bytes(orjson.dumps(plain))

    @classmethod
    def read(cls, path: Path) -> Generation:
        """The one that `write` wrote.

        Raises:
            PortfolioError: it is missing or damaged.
        """
        try:
            plain = orjson.loads(path.read_bytes())
            if plain["format"] != FORMAT:
                raise ValueError
            first, second = plain["versions"]
            entities = Counter({bytes.fromhex(digest): count for digest, count in plain["entities"].items()})
            return cls(plain["index"], (first, second), entities, plain["words"])
        except (OSError, ValueError, KeyError, TypeError):
            raise PortfolioError(
                "what the last screening knew of the lists is missing or damaged",
                where=str(path),
                hint="Enroll the customers again: stopship monitor enroll",
            ) from None


@dataclass(frozen=True, slots=True)
class Change:
    """What is other in an index than in a generation.

    `entities` are the numbers of those that are new or altered, `weighed` of those whose words have become rarer
    or more common, ascending; `removed` counts those that are no longer there as they were, `ids` all that are
    new, altered or gone; `words` are the words that have become rarer or more common.
    """

    entities: tuple[int, ...]
    weighed: tuple[int, ...]
    removed: int
    ids: int
    words: frozenset[str]

    @property
    def nothing(self) -> bool:
        """Whether all is as it was."""
        return not (self.entities or self.weighed or self.removed or self.words)

    def touched(self, index: Index) -> list[Entity]:
        """The entities that a customer may now compare otherwise with."""
        return [index.entity_number(n) for n in sorted({*self.entities, *self.weighed})]


def versions() -> tuple[str, str]:
    """What scores depend on beside lists: the versions of normalizer and scorer."""
    return NORMALIZER_VERSION, SCORER_VERSION


def generation_of(index: Index) -> Generation:
    """What an index holds."""
    return Generation(index.content_hash, versions(), Counter(_hashes(index)), _words(index))


def change_between(before: Generation, index: Index) -> Change:
    """What has changed from a generation to an index; both of the same versions."""
    left = Counter(before.entities)
    fresh: list[int] = []
    hashes = _hashes(index)
    for number, digest in enumerate(hashes):
        if left[digest] > 0:
            left[digest] -= 1
        else:
            fresh.append(number)
    after = _words(index)
    words = frozenset(
        text
        for text in before.words.keys() | after.keys()
        if before.words.get(text, 0) != after.get(text, 0)
        and _says(text, before.words.get(text, 0)) != _says(text, after.get(text, 0))
    )
    weighed: set[int] = set()
    owners = index.vectors["reading.entity"]
    for text in words:
        for token in index.by_text.get(text, ()):
            weighed.update(owners[index.posting(token)].tolist())
    weighed.difference_update(fresh)
    ids = {hashes[number][:_ID] for number in fresh} | {digest[:_ID] for digest in +left}
    return Change(tuple(fresh), tuple(sorted(weighed)), sum(left.values()), len(ids), words)


def _words(index: Index) -> dict[str, int]:
    """In how many entities each word stands, cut where more make no difference."""
    counts = np.minimum(index.vectors["token.entities"], FAMILY).tolist()
    return dict(zip(index.texts, counts, strict=True))


def _says(text: str, entities: int) -> tuple[bool, float]:
    """What a word that stands in so many entities adds: whether it is listed, and its information."""
    return entities > 0, information(Token(text, Kind.WORD, text), entities)


def _hashes(index: Index) -> list[bytes]:
    """By number of the entity: the hash of its id, and one of its list's source and of all that is said of it."""
    ids = np.zeros(len(index), "<u8")
    ids[index.vectors["id.value"]] = index.vectors["id.hash"]
    sources = [listed.source.encode() for listed in index.lists]
    lists = index.entity_lists.tolist()
    return [
        ids[number].tobytes() + blake2b(record, digest_size=_HASH, key=sources[lists[number]][:64]).digest()
        for number, record in enumerate(index.records())
    ]
