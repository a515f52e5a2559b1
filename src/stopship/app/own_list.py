"""A list of one's own, screened against without importing it (`screen --list FILE`).

Two layouts, one JSON object a line: FollowTheMoney entities (`id, schema, properties{name, alias, weakAlias,
country ...}`), or flat ones (`id, name, aliases[], schema, countries[], source`). Ids are kept as given.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from stopship.app.documents import read_bytes
from stopship.app.indexes import IndexPlace, kept_index
from stopship.errors import IndexFileError, ListFileError, StateError
from stopship.matching import Index, IndexedList
from stopship.matching.weights import SCORER_VERSION
from stopship.model.entity import Entity, Name
from stopship.model.listing import Listing
from stopship.model.order import identifier_type, read_schema
from stopship.model.values import NameKind, country_names
from stopship.names import NORMALIZER_VERSION
from stopship.sources.catalogue import PARSER_VERSION
from stopship.sources.ftm.parse import PartyReader
from stopship.sources.ftm.records import record_of

MAX_BYTES = 4_000_000_000
OWN = "custom"
"""The source that entities of such a list are read as; each is listed under its dataset, or the file's name."""
KEEP_FROM = 200_000
"""Bytes of a list from which its index is kept: a smaller one is built faster than it is looked for."""


def open_own_list(path: Path, home: Path) -> tuple[IndexPlace, list[str]]:
    """The index of a list file and the reasons of lines that could not be used.

    The index of a large list is kept under the home, and opened there by a second run; that of a small one is
    written only where other processes need it.

    Raises:
        As `read_own_list`.
    """
    data = read_bytes(path, most=MAX_BYTES, error=ListFileError)
    key = orjson.dumps([PARSER_VERSION, NORMALIZER_VERSION, SCORER_VERSION, path.stem])
    directory = home / "own-lists" / hashlib.sha256(key + data).hexdigest()[:32]
    noted = directory / "rejected-lines.json"
    try:
        return IndexPlace(Index.open(directory), lambda: directory), orjson.loads(noted.read_bytes())
    except (IndexFileError, OSError, orjson.JSONDecodeError):
        index, rejects = _build(data, path)
    place = kept_index(index, directory)

    def written() -> Path:
        place.directory()
        noted.write_bytes(orjson.dumps(rejects))
        return directory

    if len(data) > KEEP_FROM:
        # A home that can't be written to costs the second run time and nothing else.
        with suppress(StateError, OSError):
            written()
    return IndexPlace(index, written), rejects


def read_own_list(path: Path) -> tuple[Index, list[str]]:
    """An index in memory over a list file, and the reasons of lines that could not be used.

    Raises:
        ListFileError: missing, empty, cut off, not JSON lines, or no usable entity in it.
    """
    return _build(read_bytes(path, most=MAX_BYTES, error=ListFileError), path)


def _build(data: bytes, path: Path) -> tuple[Index, list[str]]:
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error):
            raise ListFileError("the gzip data is cut off or damaged", where=str(path)) from None
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    lines = [(n, line) for n, line in enumerate(data.splitlines(), start=1) if line.strip()]
    entities: dict[str, Entity] = {}
    rejects: list[str] = []
    parties = PartyReader(OWN, all_parties=True)
    for number, line in lines:
        if b'"properties"' in line:
            parties.collect(line, number)
    for number, line in lines:
        try:
            plain = orjson.loads(line)
        except orjson.JSONDecodeError:
            if number == 1:
                raise ListFileError(
                    "the first line is not JSON", where=str(path), hint="A list is one JSON object a line"
                ) from None
            rejects.append(f"line {number}: not JSON")
            continue
        try:
            entity = _entity(plain, number, path.stem, parties)
            if entity is not None and entity.id in entities:
                raise ValueError(f"the id {entity.id!r} stands twice")
        except ValueError as error:
            rejects.append(f"line {number}: {error}")
            continue
        if entity is not None:
            entities[entity.id] = entity
    if not entities:
        reason = f" ({rejects[0]})" if rejects else ""
        raise ListFileError(f"there is no entity in it{reason}", where=str(path))
    listed = IndexedList(
        source=OWN,
        snapshot=digest,
        published=None,
        retrieved=None,
        entries=len(entities),
        limit_days=None,
        kind="custom",
    )
    return Index.build([(listed, entities.values())]), rejects


def _entity(plain: Any, number: int, stem: str, parties: PartyReader) -> Entity | None:
    """The entity of a line; None where it belongs to another one or is nothing that is screened."""
    if not isinstance(plain, dict):
        raise ValueError("not a JSON object")
    entity_id = plain.get("id")
    if not isinstance(entity_id, str | int) or entity_id == "":
        raise ValueError("no id")
    if isinstance(plain.get("properties"), dict):
        return _from_followthemoney(plain | {"id": str(entity_id)}, number, stem, parties)
    return _from_flat(str(entity_id), plain, stem)


def _from_flat(entity_id: str, plain: dict[str, Any], stem: str) -> Entity:
    name = plain.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ValueError("no name")
    names = [Name(name.strip(), NameKind.PRIMARY)]
    names += [Name(a, NameKind.ALIAS) for a in _texts(plain.get("aliases")) if a != name.strip()]
    source = plain.get("source") if isinstance(plain.get("source"), str) else stem
    schema, _warning = read_schema(plain.get("schema") or None, "schema")
    return Entity(
        id=entity_id,
        schema=schema,
        names=tuple(names),
        countries=_countries(_texts(plain.get("countries"))),
        listings=(Listing(source=str(source), program=f"custom.{_word(str(source))}", name=name.strip()),),
    )


def _from_followthemoney(plain: dict[str, Any], number: int, stem: str, parties: PartyReader) -> Entity | None:
    """As the list `ftm` reads it, but with one listing, of this list: a file of one's own says who is on it.

    Files that other programs wrote may leave out the schema, or have a caption that is no name.
    """
    properties, caption = plain["properties"], plain.get("caption")
    if isinstance(caption, str) and caption.strip() and caption.strip() not in _texts(properties.get("name")):
        properties = properties | {"name": [caption, *_texts(properties.get("name"))]}
    datasets = _texts(plain.get("datasets"))
    whole = {"schema": "LegalEntity"} | plain | {"properties": properties, "datasets": datasets}
    entity = parties.take(record_of(whole), number)
    if entity is None:
        return None
    source = datasets[0] if datasets else stem
    listing = Listing(source=source, program=f"custom.{_word(source)}", name=entity.names[0].text)
    return replace(entity, listings=(listing,))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return []
    return [text.strip() for text in value if isinstance(text, str) and text.strip()]


def _countries(texts: list[str]) -> tuple[str, ...]:
    codes = (text.strip().upper() for text in texts)
    return tuple(dict.fromkeys(code for code in codes if code in country_names()))


def _word(text: str) -> str:
    return identifier_type(text) or "list"
