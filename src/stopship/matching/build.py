"""Prepares entities for an index: vocabulary, readings, postings and lookup tables as sections of bytes."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np
import orjson

from stopship.matching.compare.address import address_keys
from stopship.matching.compare.identifiers import identifier_keys, identifiers_of
from stopship.matching.compare.schemas import reads_as_person
from stopship.matching.kernels.columns import FLAGS, LISTED, ROLES, START
from stopship.matching.prepare import KIND_NUMBER, first_given, key_hash, token_row
from stopship.matching.search_tables import search_sections
from stopship.matching.storage import ARRAYS, pack
from stopship.matching.weights import information
from stopship.model.entity import Entity
from stopship.model.serialize import entity_to_plain
from stopship.names import Kind, Token, analyze

_ROLE_NUMBER = {role: number for number, role in enumerate(ROLES)}
# Tokens from which a list is searched by compiled kernels; smaller ones are compared as a whole, without any
# compiler.
SEARCHED_FROM = 2_000


class IndexWriter:
    """Collects entities and gives the sections of their index."""

    def __init__(self, rarity: Callable[[str], int] | None = None, *, searchable: bool | None = None) -> None:
        """`rarity` says in how many entities a word stands, where these are a part of larger lists: words then
        weigh as they do there. `searchable`: whether the tables of the fast search are made; None: for large
        lists."""
        self._rarity, self._searchable = rarity, searchable
        self._numbers: dict[Token, int] = {}
        self._tokens: list[Token] = []
        self._readings: list[tuple[int, ...]] = []
        self._reading_entity = array("I")
        self._reading_name = array("H")
        self._reading_role = bytearray()
        self._reading_person = bytearray()
        self._reading_first = bytearray()
        self._entity_json: list[bytes] = []
        self._entity_list = array("H")
        self._text_entities: dict[str, int] = {}
        self._tables: dict[str, list[tuple[int, int]]] = {
            "exact": [],
            "id": [],
            "identifier": [],
            "street": [],
            "joined": [],
        }
        # Names as wholes for the sieve: their letters in one, and their words in any order.
        self._wholes: list[str] = []
        self._words: list[str] = []

    def add(self, list_number: int, entity: Entity) -> None:
        """Take one entity in. A name without any printable character is no name and is passed over."""
        number = len(self._entity_json)
        self._entity_list.append(list_number)
        self._entity_json.append(orjson.dumps(entity_to_plain(entity), option=orjson.OPT_SORT_KEYS))
        self._tables["id"].append((key_hash(entity.id), number))
        texts: set[str] = set()
        for name_number, name in enumerate(entity.names):
            try:
                analyzed = analyze(name.text, entity.schema.value)
            except ValueError:
                continue
            self._words.extend(analyzed.exact_keys)
            for key in analyzed.exact_keys:
                self._tables["exact"].append((key_hash(key), len(self._readings)))
            if analyzed.joined:
                self._wholes.append(analyzed.joined)
                self._tables["joined"].append((key_hash(analyzed.joined), len(self._readings)))
            for reading in analyzed.readings:
                self._readings.append(tuple(self._number(token) for token in reading.tokens))
                self._reading_entity.append(number)
                self._reading_name.append(name_number)
                self._reading_role.append(_ROLE_NUMBER[reading.role])
                person = reads_as_person(entity.schema, reading.tokens)
                self._reading_person.append(person)
                self._reading_first.append(first_given(reading.tokens) if person else 0)
                texts.update(token.text for token in reading.tokens)
        for text in texts:
            self._text_entities[text] = self._text_entities.get(text, 0) + 1
        for key in {k for identifier in identifiers_of(entity) for k in identifier_keys(identifier)}:
            self._tables["identifier"].append((key_hash(key), number))
        for key in {k for address in entity.addresses for k in address_keys(address.text)}:
            self._tables["street"].append((key_hash(key), number))

    def _number(self, token: Token) -> int:
        number = self._numbers.get(token)
        if number is None:
            number = self._numbers[token] = len(self._tokens)
            self._tokens.append(token)
        return number

    def sections(self) -> dict[str, bytes]:
        """All sections, by name."""
        if self._rarity is not None:
            self._text_entities = {text: self._rarity(text) for text in self._text_entities}
        texts = [token.text.encode("utf-8") for token in self._tokens]
        keys = [b"" if t.key == t.text else t.key.encode("utf-8") for t in self._tokens]
        sections = {
            "token.text": b"".join(texts),
            "token.text.at": pack(_offsets("I", [len(text) for text in texts])),
            "token.key": b"".join(keys),
            "token.key.at": pack(_offsets("I", [len(key) for key in keys])),
            "token.rows": pack(self._rows()),
            "token.info": pack(array("d", (self._information(t) for t in self._tokens))),
            "token.kind": bytes(KIND_NUMBER[t.kind] for t in self._tokens),
            "token.entities": pack(array("I", (self._text_entities[t.text] for t in self._tokens))),
            "entity.list": pack(self._entity_list),
            "entity.json": b"".join(self._entity_json),
            "entity.at": pack(_offsets("Q", [len(data) for data in self._entity_json])),
            "reading.at": pack(_offsets("I", [len(tokens) for tokens in self._readings])),
            "reading.tokens": pack(array("I", (t for tokens in self._readings for t in tokens))),
            "reading.entity": pack(self._reading_entity),
            "reading.name": pack(self._reading_name),
            "reading.role": bytes(self._reading_role),
            "reading.person": bytes(self._reading_person),
            "reading.first": bytes(self._reading_first),
        }
        for name, entries in self._tables.items():
            entries.sort()
            sections[f"{name}.hash"] = pack(array("Q", (key for key, _ in entries)))
            sections[f"{name}.value"] = pack(array("I", (value for _, value in entries)))
        postings: list[list[int]] = [[] for _ in self._tokens]
        for reading, tokens in enumerate(self._readings):
            for token in sorted(set(tokens)):
                postings[token].append(reading)
        sections["posting.at"] = pack(_offsets("I", [len(found) for found in postings]))
        sections["posting.readings"] = pack(array("I", (reading for found in postings for reading in found)))
        searchable = len(self._tokens) >= SEARCHED_FROM if self._searchable is None else self._searchable
        if searchable and self._tokens:
            arrays = {name: np.frombuffer(data, ARRAYS[name]) for name, data in sections.items() if name in ARRAYS}
            sections |= search_sections(arrays, self._wholes, self._words)
        return sections

    def _rows(self) -> array[int]:
        rows = array("q")
        at = 0
        for token in self._tokens:
            row = list(token_row(token))
            row[START] = at
            row[FLAGS] |= LISTED if token.kind is Kind.WORD else 0
            rows.extend(row)
            at += len(token.text.encode("utf-8"))
        return rows

    def _information(self, token: Token) -> float:
        return information(token, self._text_entities[token.text] if token.kind is Kind.WORD else 0)


def _offsets(kind: str, lengths: list[int]) -> array[int]:
    found = array(kind, [0])
    total = 0
    for length in lengths:
        total += length
        found.append(total)
    return found
