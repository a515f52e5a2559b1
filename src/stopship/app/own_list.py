"""A list of one's own, screened against without importing it (`screen --list FILE`).

Two layouts, one JSON object a line: FollowTheMoney entities (`id, schema, properties{name, alias, weakAlias,
country ...}`), or flat ones (`id, name, aliases[], schema, countries[], source`). Ids are kept as given.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from stopship import __version__
from stopship.app.documents import read_bytes
from stopship.app.indexes import IndexPlace, kept_index
from stopship.errors import IndexFileError, ListFileError, StateError
from stopship.matching import Index, IndexedList
from stopship.matching.weights import SCORER_VERSION
from stopship.model.entity import Address, Entity, Identifier, Name
from stopship.model.listing import Listing
from stopship.model.order import identifier_type, read_schema
from stopship.model.values import NameKind, PartialDate, country_names
from stopship.names import NORMALIZER_VERSION

MAX_BYTES = 4_000_000_000
KEEP_FROM = 200_000
"""Bytes of a list from which its index is kept: a smaller one is built faster than it is looked for."""
_FTM_NAMES = {"name": NameKind.ALIAS, "alias": NameKind.ALIAS, "weakAlias": NameKind.WEAK_ALIAS}
_FTM_FORMER = ("previousName",)
_FTM_COUNTRIES = ("country", "jurisdiction", "nationality", "citizenship", "flag", "mainCountry")
_FTM_IDENTIFIERS = {
    "leiCode": "lei",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "callSign": "call_sign",
    "swiftBic": "swift_bic",
    "registrationNumber": "registration_number",
    "taxNumber": "tax_id",
    "passportNumber": "passport",
    "idNumber": "national_id",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "uscCode": "uscc",
    "registrationNum": "tail_number",
}
_FLAT_FIELDS = {"id", "name", "aliases", "schema", "countries", "source"}


def open_own_list(path: Path, home: Path) -> tuple[IndexPlace, list[str]]:
    """The index of a list file and the reasons of lines that could not be used.

    The index of a large list is kept under the home, and opened there by a second run; that of a small one is
    written only where other processes need it.

    Raises:
        As `read_own_list`.
    """
    data = read_bytes(path, most=MAX_BYTES, error=ListFileError)
    key = orjson.dumps([__version__, NORMALIZER_VERSION, SCORER_VERSION, path.stem])
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
    entities: dict[str, Entity] = {}
    rejects: list[str] = []
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
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
            entity = _entity(plain, path.stem)
        except ValueError as error:
            rejects.append(f"line {number}: {error}")
            continue
        if entity.id in entities:
            rejects.append(f"line {number}: the id {entity.id!r} stands twice")
            continue
        entities[entity.id] = entity
    if not entities:
        reason = f" ({rejects[0]})" if rejects else ""
        raise ListFileError(f"there is no entity in it{reason}", where=str(path))
    listed = IndexedList(
        source="custom",
        snapshot=digest,
        published=None,
        retrieved=None,
        entries=len(entities),
        limit_days=None,
        kind="custom",
    )
    return Index.build([(listed, entities.values())]), rejects


def _entity(plain: Any, stem: str) -> Entity:
    if not isinstance(plain, dict):
        raise ValueError("not a JSON object")
    entity_id = plain.get("id")
    if not isinstance(entity_id, str | int) or entity_id == "":
        raise ValueError("no id")
    if isinstance(plain.get("properties"), dict):
        return _from_followthemoney(str(entity_id), plain, stem)
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


def _from_followthemoney(entity_id: str, plain: dict[str, Any], stem: str) -> Entity:
    properties: dict[str, Any] = plain["properties"]
    names: list[Name] = []
    for key, kind in _FTM_NAMES.items():
        names += [Name(text, kind) for text in _texts(properties.get(key))]
    names += [Name(text, NameKind.FORMER) for key in _FTM_FORMER for text in _texts(properties.get(key))]
    caption = plain.get("caption")
    if isinstance(caption, str) and caption.strip() and all(n.text != caption for n in names):
        names.insert(0, Name(caption.strip(), NameKind.ALIAS))
    strong = [n for n in names if n.kind is not NameKind.WEAK_ALIAS]
    if not strong:
        raise ValueError("no name")
    ordered = [Name(strong[0].text, NameKind.PRIMARY), *(n for n in names if n is not strong[0])]
    schema, _warning = read_schema(_ftm_schema(plain.get("schema")), "schema")
    datasets = _texts(plain.get("datasets"))
    source = datasets[0] if datasets else stem
    countries = [text for key in _FTM_COUNTRIES for text in _texts(properties.get(key))]
    return Entity(
        id=entity_id,
        schema=schema,
        names=tuple(dict.fromkeys(ordered)),
        countries=_countries(countries),
        addresses=tuple(Address(text) for text in _texts(properties.get("address"))),
        identifiers=tuple(
            Identifier(kind, text)
            for key, kind in _FTM_IDENTIFIERS.items()
            for text in _texts(properties.get(key))
        ),
        birth_dates=_dates(properties.get("birthDate")),
        registration_dates=_dates(properties.get("incorporationDate")),
        listings=(Listing(source=source, program=f"custom.{_word(source)}", name=ordered[0].text),),
    )


def _ftm_schema(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return []
    return [text.strip() for text in value if isinstance(text, str) and text.strip()]


def _countries(texts: list[str]) -> tuple[str, ...]:
    codes = (text.strip().upper() for text in texts)
    return tuple(dict.fromkeys(code for code in codes if code in country_names()))


def _dates(value: Any) -> tuple[PartialDate, ...]:
    found = []
    for text in _texts(value):
        try:
            found.append(PartialDate.parse(text))
        except ValueError:
            continue  # a date in another form only weakens corroboration; the name still matches
    return tuple(found)


def _word(text: str) -> str:
    return identifier_type(text) or "list"
