"""The compiled form of a set of snapshots that names are looked up in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from stopship.errors import IndexFileError
from stopship.matching import storage
from stopship.matching.build import IndexWriter
from stopship.matching.kernels.columns import (
    BODY,
    BONE,
    BONE_KEYS,
    EAR_KEYS,
    FILLER,
    KIND,
    PLACE,
    PLACE_CHAIN,
    ROLES,
    SOUND,
    SOUND_KEYS,
    WIDTH,
)
from stopship.matching.kernels.tables import hash_letters, look_up
from stopship.matching.prepare import Prepared, key_hash, prepare_tokens
from stopship.matching.weights import SCORER_VERSION
from stopship.model.entity import Entity, Name
from stopship.model.serialize import entity_from_plain
from stopship.names import NORMALIZER_VERSION, Kind, Token

_KINDS = tuple(Kind)
_MOST_DECODED = 8_192


@dataclass(frozen=True, slots=True)
class IndexedList:
    """One snapshot that goes into an index.

    `snapshot` is its content hash ("sha256:…"), `entries` the rows loaded, `limit_days` its staleness limit (None:
    none), `kind` official, starter or custom. `pinned`: a person chose this snapshot for every date.
    """

    source: str
    snapshot: str
    published: date | None
    retrieved: date | None
    entries: int
    limit_days: int | None
    kind: str
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class IndexedName:
    """Where a reading comes from: number of the entity, number of the name in it, and the role of the reading."""

    entity: int
    name: int
    role: str


class Index:
    """Prepared names and entities of some lists, immutable. Entities are decoded only when they are asked for."""

    def __init__(
        self, meta: Mapping[str, Any], sections: Mapping[str, memoryview], *, whole: Index | None = None
    ) -> None:
        self._sections = sections
        self._whole = whole
        self._meta = meta
        self.lists: tuple[IndexedList, ...] = tuple(_list_from_plain(plain) for plain in meta["lists"])
        self.content_hash: str = meta["content_hash"]
        self._entities: dict[int, Entity] = {}
        self._prepared: dict[int, Prepared] = {}

    @classmethod
    def build(cls, lists: Iterable[tuple[IndexedList, Iterable[Entity]]], *, whole: Index | None = None) -> Index:
        """Prepare all names of all entities. The same lists in the same order give the same bytes.

        With `whole` these are some of the entities of that index, and compare with a name as they do there: words
        are as rare as in the whole.
        """
        writer = (
            IndexWriter(whole.entities_with, searchable=whole.searchable) if whole is not None else IndexWriter()
        )
        held: list[IndexedList] = []
        for number, (listed, entities) in enumerate(lists):
            held.append(listed)
            for entity in entities:
                writer.add(number, entity)
        meta = {
            "lists": [_list_to_plain(listed) for listed in held],
            "normalizer": NORMALIZER_VERSION,
            "scorer": SCORER_VERSION,
        }
        if whole is not None:
            meta["part_of"] = whole.content_hash
        meta["content_hash"] = (
            "sha256:" + hashlib.sha256(orjson.dumps(meta, option=orjson.OPT_SORT_KEYS)).hexdigest()
        )
        return cls(meta, {name: memoryview(data) for name, data in writer.sections().items()}, whole=whole)

    def write(self, directory: Path) -> None:
        """Write the index; a kill at any moment leaves what was there before."""
        storage.write(directory, self._meta, {name: bytes(data) for name, data in self._sections.items()})

    @classmethod
    def open(cls, directory: Path, *, whole: Index | None = None) -> Index:
        """Open a written index; one of a part (see `build`) needs the `whole` beside it.

        Raises:
            IndexFileError: it is missing, truncated, altered, made by another version of the normalizer or
            scorer, or a part of something else than `whole`.
        """
        meta, sections = storage.read(directory)
        made = (meta.get("normalizer"), meta.get("scorer"))
        if made != (NORMALIZER_VERSION, SCORER_VERSION):
            versions = f"{NORMALIZER_VERSION} and {SCORER_VERSION}"
            raise IndexFileError(
                f"the index was made by {made[0]} and {made[1]}, this is {versions}",
                where=str(directory),
                hint="Build the index again with: stopship lists import",
            )
        if meta.get("part_of") != (whole.content_hash if whole is not None else None):
            raise IndexFileError("the index is a part of another one", where=str(directory))
        return cls(meta, sections, whole=whole)

    # --- entities ---------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.entity_lists)

    @cached_property
    def entity_lists(self) -> Any:
        """The number of the list of each entity."""
        return self.vectors["entity.list"]

    def entity_number(self, number: int) -> Entity:
        """The entity with this number in the index."""
        entity = self._entities.get(number)
        if entity is None:
            start, end = self.vectors["entity.at"][number : number + 2].tolist()
            entity = entity_from_plain(orjson.loads(self._sections["entity.json"][start:end]))
            _keep(self._entities, number, entity)
        return entity

    def entity(self, entity_id: str) -> Entity | None:
        """The first entity with this id, or None."""
        for number in self.lookup("id", entity_id):
            entity = self.entity_number(number)
            if entity.id == entity_id:
                return entity
        return None

    def entities(self) -> Iterator[Entity]:
        """All entities in the order in which they were given."""
        return (self.entity_number(number) for number in range(len(self)))

    def records(self) -> Iterator[memoryview]:
        """What is kept of each entity, as it is written: the same bytes say the same."""
        ends = self.vectors["entity.at"].tolist()
        return (self._sections["entity.json"][start:end] for start, end in pairwise(ends))

    # --- names ------------------------------------------------------------------------------------

    @property
    def tokens(self) -> int:
        """How many tokens the vocabulary has."""
        return len(self.vectors["token.kind"])

    @property
    def searchable(self) -> bool:
        """Whether it holds the tables of the fast search; small lists don't."""
        return "delete.at" in self.vectors

    @cached_property
    def texts(self) -> list[str]:
        """The texts of the vocabulary: every distinct token of the lists, by number."""
        return [self._text("token.text", number) for number in range(self.tokens)]

    def _text(self, section: str, number: int) -> str:
        start, end = self.vectors[f"{section}.at"][number : number + 2].tolist()
        return str(self._sections[section][start:end], "utf-8")

    def token(self, number: int) -> Token:
        """A token of the vocabulary."""
        text = self._text("token.text", number)
        return Token(text, self.token_kind(number), self._text("token.key", number) or text)

    def token_kind(self, number: int) -> Kind:
        """The kind of a token of the vocabulary."""
        kind: Kind = _KINDS[self.vectors["token.kind"][number]]
        return kind

    def reading(self, number: int) -> Prepared:
        """A reading, prepared for comparison by itself."""
        prepared = self._prepared.get(number)
        if prepared is None:
            v = self.vectors
            start, end = v["reading.at"][number : number + 2].tolist()
            prepared = prepare_tokens(
                [self.token(t) for t in v["reading.tokens"][start:end].tolist()],
                self.entities_with,
                role=ROLES[v["reading.role"][number]],
                person=bool(v["reading.person"][number]),
                first=int(v["reading.first"][number]),
            )
            _keep(self._prepared, number, prepared)
        return prepared

    @cached_property
    def vectors(self) -> dict[str, Any]:
        """The sections as arrays over the bytes of the index, by name of the section."""
        return {
            name: np.frombuffer(data, storage.ARRAYS[name])
            for name, data in self._sections.items()
            if name in storage.ARRAYS
        }

    def origin(self, reading: int) -> IndexedName:
        """Which name of which entity a reading is of."""
        v = self.vectors
        return IndexedName(
            int(v["reading.entity"][reading]), int(v["reading.name"][reading]), ROLES[v["reading.role"][reading]]
        )

    def listed_name(self, reading: int) -> Name:
        """The printed name that a reading is of."""
        origin = self.origin(reading)
        return self.entity_number(origin.entity).names[origin.name]

    @cached_property
    def by_text(self) -> dict[str, list[int]]:
        """Text -> numbers of the tokens that are written so."""
        found: dict[str, list[int]] = {}
        for number, text in enumerate(self.texts):
            found.setdefault(text, []).append(number)
        return found

    @cached_property
    def by_key(self) -> dict[str, list[int]]:
        """Key -> numbers of the tokens that share it, for tokens whose key is not their text."""
        found: dict[str, list[int]] = {}
        for number in range(self.tokens):
            if key := self._text("token.key", number):
                found.setdefault(key, []).append(number)
        return found

    @cached_property
    def by_sound(self) -> dict[int, list[int]]:
        """Sound (a number of `prepare.token_row`) -> numbers of the distinctive words that sound so."""
        return self._by_column(SOUND, SOUND_KEYS)

    @cached_property
    def by_bones(self) -> dict[int, list[int]]:
        """Consonants (a number of `prepare.token_row`) -> numbers of the distinctive words that have them."""
        return self._by_column(BONE, BONE_KEYS + EAR_KEYS)

    @cached_property
    def by_word_of_phrase(self) -> dict[int, list[int]]:
        """Key of a general word (a number of `prepare.token_row`) -> numbers of the phrases that hold it."""
        kinds = self.vectors["token.rows"].reshape(-1, WIDTH)[:, KIND]
        held = self._by_column(PLACE, PLACE_CHAIN)
        return {
            key: [n for n in numbers if BODY <= kinds[n] <= FILLER] for key, numbers in held.items() if key != -1
        }

    def _by_column(self, first: int, count: int) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        columns = self.vectors["token.rows"].reshape(-1, WIDTH)[:, first : first + count]
        for number, column in zip(*np.nonzero(columns), strict=True):
            found.setdefault(int(columns[number, column]), []).append(int(number))
        return found

    def posting(self, token: int) -> Any:
        """The readings that hold a token, ascending, as an array."""
        at = self.vectors["posting.at"]
        return self.vectors["posting.readings"][at[token] : at[token + 1]]

    def entities_with(self, text: str) -> int:
        """In how many entities of the lists a word stands."""
        if self._whole is not None:
            return self._whole.entities_with(text)
        number = self._first_with(text) if self.searchable else next(iter(self.by_text.get(text, ())), None)
        return 0 if number is None else int(self.vectors["token.entities"][number])

    def _first_with(self, text: str) -> int | None:
        """The first token that is written so, by the table of the fast search."""
        v = self.vectors
        letters = text.encode("utf-8")
        found = [0] * 64
        count = look_up(
            v["word.at"], v["word.rest"], v["word.token"], hash_letters(letters, 0, len(letters), -1, -1), found, 0
        )
        return min((n for n in map(int, found[:count]) if self._text("token.text", n) == text), default=None)

    def lookup(self, table: str, key: str) -> list[int]:
        """What a table (`exact`, `id`, `identifier`, `joined`, `street`) holds under a key, by 64-bit hash of
        the key.

        Two keys share a hash once in 2**64 / entries; identifiers, streets and ids are compared again by callers.
        """
        hashes = self.vectors[f"{table}.hash"]
        wanted = np.uint64(key_hash(key))
        start, end = np.searchsorted(hashes, wanted), np.searchsorted(hashes, wanted, side="right")
        found: list[int] = self.vectors[f"{table}.value"][start:end].tolist()
        return found


def _keep(cache: dict[int, Any], number: int, value: Any) -> None:
    """Keep a decoded record; all are forgotten before they fill a process that screens millions."""
    if len(cache) >= _MOST_DECODED:
        cache.clear()
    cache[number] = value


def _list_to_plain(listed: IndexedList) -> dict[str, Any]:
    plain = {
        "source": listed.source,
        "snapshot": listed.snapshot,
        "published": listed.published.isoformat() if listed.published else None,
        "retrieved": listed.retrieved.isoformat() if listed.retrieved else None,
        "entries": listed.entries,
        "limit_days": listed.limit_days,
        "kind": listed.kind,
    }
    return {**plain, "pinned": True} if listed.pinned else plain


def _list_from_plain(plain: Mapping[str, Any]) -> IndexedList:
    days = {key: date.fromisoformat(plain[key]) if plain[key] else None for key in ("published", "retrieved")}
    return IndexedList(
        source=plain["source"],
        snapshot=plain["snapshot"],
        published=days["published"],
        retrieved=days["retrieved"],
        entries=plain["entries"],
        limit_days=plain["limit_days"],
        kind=plain["kind"],
        pinned=plain.get("pinned", False),
    )
