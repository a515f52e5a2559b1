"""The columns of the batch contract: which are read, which are kept, and what is added to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from stopship.errors import TableError
from stopship.sources.contract import is_special_category

READ = ("id", "name", "schema", "country", "address", "birth_date", "registration_date")
LISTS = ("country", "address", "birth_date", "registration_date")
"""Columns that may hold a list of texts instead of one."""

ROW, PROBLEM, WARNING = "_stopship_row", "_stopship_problem", "_stopship_warning"
"""Columns that a reader of files adds: the number of the row in the file (int64), why it can't be used (string,
null where it can), and what is odd about it but leaves it usable. They don't appear in the output."""

MEANS = b"means"
"""Metadata of a field: as what it is read, one of `READ`, or nothing for a column that is only kept. Where any
field of a schema has it, a person said what the columns mean, and their names say nothing."""

LISTING = pa.struct(
    [
        ("program", pa.string()),
        ("source", pa.string()),
        ("name", pa.string()),
        ("start", pa.date32()),
        ("end", pa.date32()),
        ("citation", pa.string()),
    ]
)
HIT = pa.struct(
    [
        ("entity_id", pa.string()),
        ("name", pa.string()),
        ("caption", pa.string()),
        ("score", pa.float64()),
        ("band", pa.string()),
        ("alert", pa.bool_()),
        ("kind", pa.string()),
        ("source", pa.string()),
        ("listings", pa.list_(LISTING)),
        ("countries", pa.list_(pa.string())),
        ("evidence", pa.list_(pa.string())),
    ]
)
RESULT = pa.schema(
    [
        ("row", pa.int64()),
        ("status", pa.string()),
        ("reason", pa.string()),
        ("warnings", pa.list_(pa.string())),
        ("hits", pa.list_(HIT)),
        ("hits_total", pa.int32()),
        ("alerts", pa.int32()),
        ("index", pa.string()),
        ("engine", pa.string()),
    ]
)
"""What is added to the own columns of every row. `status` is hit, no_hit or rejected; `reason` says why it was
rejected and is null elsewhere; `hits` are the best ones, at most `limit`; `hits_total` counts all of them and
`alerts` those that alert; `index` is the content hash of the index, `engine` the version of this program."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the columns of a stream are used; the same for all batches of it.

    `read` says at which position in the input each column stands that is read; `own` are the kept columns, by
    position and by their name in the output; `dropped` are those of special categories, which nothing reads.
    """

    read: Mapping[str, int]
    own: tuple[tuple[int, str], ...]
    dropped: tuple[str, ...]
    row: int | None
    problem: int | None
    warning: int | None
    schema: pa.Schema

    @property
    def extra(self) -> tuple[tuple[int, str, str], ...]:
        """The kept columns that aren't read: position in the *output*, name there, name in the input."""
        used = set(self.read.values())
        return tuple(
            (place, name, self.schema.field(place).metadata[b"own"].decode())
            for place, (position, name) in enumerate(self.own)
            if position not in used
        )

    def place(self, column: str) -> int | None:
        """At which position of the *output* a column stands that is read; None where the input has none."""
        wanted = self.read.get(column)
        return next((place for place, (position, _name) in enumerate(self.own) if position == wanted), None)


def layout_of(schema: pa.Schema) -> Layout:
    """How the columns of this schema are used.

    Columns that are read are those that `MEANS` says, else found by their names without regard to case. An own
    column that is called like one of the result is
    kept as `input_…`. Columns of special categories (`is_special_category`), and those that hold one, are dropped.

    Raises:
        TableError: there is no column `name`, a column stands twice, or one holds neither text nor numbers.
    """
    read: dict[str, int] = {}
    kept: list[int] = []
    dropped: list[str] = []
    service: dict[str, int] = {}
    said = any(MEANS in (field.metadata or {}) for field in schema)
    for position, name in enumerate(schema.names):
        about = schema.field(position).metadata or {}
        lowered = about.get(MEANS, b"").decode() if said else name.strip().lower()
        if name in (ROW, PROBLEM, WARNING):
            service[name] = position
        elif any(is_special_category(inner) for inner in field_names(schema.field(position))):
            dropped.append(name)
        else:
            kept.append(position)
            if lowered in READ:
                if lowered in read:
                    raise TableError(f"the column {lowered!r} stands twice", hint="Rename one of them")
                read[lowered] = position
                _check_type(lowered, schema.field(position).type)
    if "name" not in read:
        shown = ", ".join(n for n in schema.names if n not in service) or "none"
        raise TableError(f"there is no column 'name' (found: {shown[:200]})", hint="Name the column 'name'")
    names = [schema.names[position] for position in kept]
    for name in names:
        if names.count(name) > 1:
            raise TableError(f"the column {name!r} stands twice", hint="Rename one of them")
    taken = {*RESULT.names, *names}
    own: list[tuple[int, str]] = []
    fields: list[pa.Field] = []
    for position in kept:
        name = schema.names[position]
        if name in RESULT.names:
            name = f"input_{name}"
            while name in taken:
                name = f"input_{name}"
        taken.add(name)
        own.append((position, name))
        field = schema.field(position)
        about = {**(field.metadata or {}), b"own": schema.names[position].encode()}
        fields.append(pa.field(name, field.type, field.nullable, about))
    output = pa.schema([*fields, *RESULT])
    return Layout(
        read, tuple(own), tuple(dropped), service.get(ROW), service.get(PROBLEM), service.get(WARNING), output
    )


def field_names(field: pa.Field) -> Iterator[str]:
    """The name of a field and of all fields inside of it."""
    yield field.name
    for number in range(field.type.num_fields):
        yield from field_names(field.type.field(number))


def _check_type(column: str, kind: pa.DataType) -> None:
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    if column in LISTS and (pa.types.is_list(value) or pa.types.is_large_list(value)):
        value = value.value_type
    if isinstance(value, pa.BaseExtensionType):
        value = value.storage_type
    bytes_only = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
    if pa.types.is_nested(value) or any(kinds(value) for kinds in bytes_only):
        raise TableError(f"the column {column!r} holds {kind}, not text", hint="Turn it into text first")
