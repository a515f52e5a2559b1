"""One line of FollowTheMoney JSON as a record: id, schema, properties as texts, and the records inside of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from stopship.errors import ListFileError
from stopship.sources.containers import decode
from stopship.sources.printed import printed

MAX_LINE = 8_000_000
"""Bytes of one line. The largest party of OpenSanctions, with all that is nested in it, has about a million."""
MAX_VALUES = 10_000
MAX_DEPTH = 6
KEYS = frozenset(
    (
        *("id", "schema", "caption", "datasets", "properties", "target", "last_seen", "first_seen"),
        *("last_change", "referents", "origin"),
    )
)


class Malformed(ValueError):
    """The line is not an entity; the message says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """One entity of FollowTheMoney. `nested` are the entities that stand in place of an id, by property."""

    id: str
    schema: str
    caption: str
    datasets: tuple[str, ...]
    properties: Mapping[str, tuple[str, ...]]
    nested: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    target: bool | None = None
    last_seen: date | None = None
    other_keys: tuple[str, ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        return self.properties.get(name, ())

    def inside(self, schema: str) -> Iterator[Record]:
        """The nested records of a schema, whatever property holds them."""
        return (record for records in self.nested.values() for record in records if record.schema == schema)


def lines(data: bytes, where: str) -> Iterator[tuple[int, bytes]]:
    """Lines that hold something, with their numbers.

    Raises:
        ListFileError: another format, the last line is cut, or a line is longer than `MAX_LINE`.
    """
    head = data[:4096]
    for _ in range(3):  # the head may end inside of a character
        if head[-1:] and head[-1] >= 0x80 and len(data) > len(head):
            head = head[:-1]
    wanted = "a file of FollowTheMoney JSON lines"
    start = decode(head, where, wanted).lstrip()[:1] if _is_text(head) else decode(head, where, wanted)
    if start != "{":
        what = "a JSON array" if start == "[" else "no JSON"
        raise ListFileError(f"this is {what}", where=where, hint=f"Hand in {wanted}, one object a line")
    number = at = 0
    end = len(data)
    if data.startswith(b"\xef\xbb\xbf"):
        at = 3
    while at < end:
        number += 1
        stop = data.find(b"\n", at)
        stop = end if stop < 0 else stop
        if stop - at > MAX_LINE:
            raise ListFileError(f"line {number:,} has more than {MAX_LINE:,} bytes", where=where)
        line = data[at:stop].strip()
        at = stop + 1
        if line:
            if at >= end and not line.endswith(b"}"):
                raise ListFileError(
                    f"the file is cut short in line {number:,}", where=where, hint="Download it again"
                )
            yield number, line


def read_record(line: bytes) -> Record:
    """The record of a line.

    Raises:
        Malformed: not JSON, or not of FollowTheMoney's form.
    """
    try:
        plain = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Malformed("the line is not JSON") from None
    return record_of(plain)


def record_of(plain: Any) -> Record:
    """The record of a JSON object.

    Raises:
        Malformed: it is not of FollowTheMoney's form.
    """
    return _record(plain, 0)


def schema_of(line: bytes) -> str:
    """A quick look at the schema of a line; "" where it must be read in full to know."""
    at = line.find(b'"schema"')
    if at < 0 or line.count(b"{", 0, at) != 1:
        return ""  # it may be the schema of something nested
    rest = line[at + 8 : at + 80].lstrip(b" :")
    return rest[1 : rest.find(b'"', 1)].decode("ascii", "replace") if rest[:1] == b'"' else ""


def _record(plain: Any, depth: int) -> Record:
    if depth > MAX_DEPTH:
        raise Malformed("entities are nested too deep")
    if not isinstance(plain, dict):
        raise Malformed("it is no JSON object")
    record_id, schema = plain.get("id"), plain.get("schema")
    if not isinstance(record_id, str) or not record_id.strip():
        raise Malformed("it has no id")
    if not isinstance(schema, str) or not schema:
        raise Malformed("it has no schema")
    properties = plain.get("properties")
    if not isinstance(properties, dict):
        raise Malformed("it has no properties")
    texts: dict[str, tuple[str, ...]] = {}
    nested: dict[str, tuple[Record, ...]] = {}
    for name, values in properties.items():
        if isinstance(values, str):
            values = [values]
        if not isinstance(values, list) or len(values) > MAX_VALUES:
            raise Malformed(f"the property {name[:40]!r} is no list of values")
        inner = [value for value in values if isinstance(value, dict)]
        if inner:
            nested[name] = tuple(_record(value, depth + 1) for value in inner)
        plain_texts = tuple(
            text for value in values if not isinstance(value, dict) and (text := printed(_text(value, name)))
        )
        if plain_texts:
            texts[name] = tuple(dict.fromkeys(plain_texts))
    caption, target = plain.get("caption"), plain.get("target")
    return Record(
        id=record_id.strip(),
        schema=schema,
        caption=printed(caption) if isinstance(caption, str) else "",
        datasets=_datasets(plain.get("datasets")),
        properties=texts,
        nested=nested,
        target=target if isinstance(target, bool) else None,
        last_seen=_day(plain.get("last_seen")),
        other_keys=tuple(key for key in plain if key not in KEYS),
    )


def _datasets(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Malformed("datasets is no list of names")
    return tuple(dict.fromkeys(one.strip() for one in value if one.strip()))


def _text(value: Any, name: str) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Malformed(f"the property {name[:40]!r} holds something else than text")


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _is_text(head: bytes) -> bool:
    return head[:1] in b"\xef \t\r\n{[<" and head[:1] != b""
