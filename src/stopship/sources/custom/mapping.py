"""The mapping file: which column of a table is what. YAML, every scalar taken as text.

`docs/reference/mapping.md` describes every field.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from stopship.errors import ListFileError
from stopship.model.order import identifier_type
from stopship.model.values import Program, Schema
from stopship.sources.contract import SourceInfo, is_special_category
from stopship.sources.countries import country_code
from stopship.sources.custom.fields import (
    Wrong,
    delimiter_of,
    encoding_of,
    fields,
    known_only,
    number_of,
    one_of,
    text_of,
    texts_of,
)

MAX_BYTES = 200_000
"""Bytes of a mapping file. The shipped ones have about 2,000."""

NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?\Z")
"""What a list may be called: it becomes part of file names, source ids and programs."""

FIELDS = (
    "id",
    "name",
    "aliases",
    "weak_aliases",
    "former_names",
    "schema",
    "country",
    "address",
    "birth_date",
    "birth_place",
    "registration_date",
    "entity_remarks",
    "program",
    "start",
    "end",
    "citation",
    "license_requirement",
    "license_policy",
    "tags",
    "remarks",
    "url",
)
_HEAD = {"format", "name", "title", "publisher", "url", "terms", "program", "limit_days", "rows", "file"}
_TOP = _HEAD | {"columns", "ignore"}
_FILE = {"format", "encoding", "delimiter", "header_row", "sheet"}
_SPEC = {
    "column",
    "columns",
    "join",
    "value",
    "separator",
    "values",
    "otherwise",
    "dates",
    "pattern",
    "names_inside",
}
_IDENTIFIER = _SPEC | {"type", "country", "country_column"}
_FORMATS = ("csv", "xlsx", "jsonl")
_DATES = ("birth_date", "registration_date", "start", "end")
_HINT = "See docs/reference/mapping.md"


@dataclass(frozen=True, slots=True)
class Spec:
    """Where a field comes from: columns (joined by `join`) or a constant `value`; then, in this order, `pattern`
    picks a part, `separator` splits, `values` translates (`otherwise` for what isn't in it), `dates` are
    strptime forms."""

    field: str
    columns: tuple[str, ...] = ()
    join: str = ", "
    value: str = ""
    separator: str = ""
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    otherwise: str = ""
    dates: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    names_inside: bool = False
    type: str = ""
    country: str = ""
    country_column: str = ""


@dataclass(frozen=True, slots=True)
class ListMapping:
    """One mapping file. `file_format` is "" where the content tells it. `header_row` counts from 1."""

    name: str
    title: str
    publisher: str
    url: str
    terms: str
    program: str
    limit_days: int | None
    min_rows: int
    max_rows: int
    file_format: str
    encoding: str
    delimiter: str
    header_row: int
    sheet: str
    specs: Mapping[str, Spec]
    identifiers: tuple[Spec, ...]
    ignore: tuple[str, ...]

    @property
    def read(self) -> tuple[str, ...]:
        """Every column that the mapping reads, once."""
        specs = (*self.specs.values(), *self.identifiers)
        named = (c for s in specs for c in (*s.columns, s.country_column) if c)
        return tuple(dict.fromkeys(named))

    def info(self, source_id: str, base: SourceInfo) -> SourceInfo:
        """The catalogue line of the list that this mapping describes."""
        return SourceInfo(
            id=source_id,
            title=self.title or f"List of one's own: {self.name}",
            publisher=self.publisher or base.publisher,
            url=self.url,
            terms=self.terms or base.terms,
            cadence=base.cadence,
            limit_days=self.limit_days,
            min_rows=self.min_rows,
            max_rows=self.max_rows,
            format=base.format,
            kind=base.kind,
            read=dict.fromkeys(self.read, "read"),
            unread=dict.fromkeys(self.ignore, "named under ignore"),
            notes=base.notes,
        )


def read_mapping(data: bytes, where: str) -> ListMapping:
    """Read a mapping file.

    Raises:
        ListFileError: too large, not UTF-8, not YAML, an unknown or missing field, a value that can't be; the
            message names the field.
    """
    if len(data) > MAX_BYTES:
        raise ListFileError(f"{len(data):,} bytes are no mapping (at most {MAX_BYTES:,})", where=where)
    try:
        plain: Any = yaml.load(data.decode("utf-8-sig"), Loader=_Loader)
    except UnicodeDecodeError:
        raise ListFileError("the mapping is not UTF-8", where=where, hint="Save it as UTF-8") from None
    except Wrong as wrong:
        raise ListFileError(str(wrong), where=where, hint=_HINT) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark else ""
        raise ListFileError(f"the mapping is not YAML{line}", where=where, hint=_HINT) from None
    try:
        return _mapping(plain)
    except Wrong as wrong:
        raise ListFileError(str(wrong), where=where, hint=_HINT) from None


class _Loader(yaml.BaseLoader):
    """Every scalar as text; a key twice is refused, because the first would be lost silently."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if doubled := [key for key in keys if keys.count(key) > 1]:
            raise Wrong(f"the key {doubled[0][:60]!r} stands twice in line {node.start_mark.line + 1} and below")
        return super().construct_mapping(node, deep)


def _mapping(plain: Any) -> ListMapping:
    top = fields(plain, _TOP, "the mapping")
    if top.get("format") != "1":
        raise Wrong("the mapping must begin with format: 1")
    name = text_of(top.get("name"), "name")
    if not NAME.match(name):
        raise Wrong(f"name: {name[:60]!r} must be lower-case letters, digits, _ and -, at most 40")
    columns = top.get("columns")
    if not isinstance(columns, dict):
        raise Wrong("columns: it must say which column is what, at least name")
    identifiers = columns.get("identifiers") or []
    if not isinstance(identifiers, list):
        raise Wrong("columns.identifiers: it must be a list, each with type and column")
    known_only(columns, {*FIELDS, "identifiers"}, "columns")
    specs = {key: _spec(key, columns[key]) for key in FIELDS if key in columns}
    if "name" not in specs:
        raise Wrong("columns.name: there must be a column with names")
    rows = fields(top.get("rows") or {}, {"at_least", "at_most"}, "rows")
    file = fields(top.get("file") or {}, _FILE, "file")
    most = number_of(rows.get("at_most"), "rows.at_most", 5_000_000)
    least = number_of(rows.get("at_least"), "rows.at_least", 1)
    if least > most:
        raise Wrong(f"rows: at_least ({least}) is more than at_most ({most})")
    limit = text_of(top.get("limit_days"), "limit_days")
    return ListMapping(
        name=name,
        title=text_of(top.get("title"), "title"),
        publisher=text_of(top.get("publisher"), "publisher"),
        url=text_of(top.get("url"), "url"),
        terms=text_of(top.get("terms"), "terms"),
        program=program(text_of(top.get("program"), "program") or default_program(name), "program"),
        limit_days=None if limit in ("", "none") else number_of(limit, "limit_days", 0),
        min_rows=least,
        max_rows=most,
        file_format=one_of(text_of(file.get("format"), "file.format"), _FORMATS, "file.format"),
        encoding=encoding_of(text_of(file.get("encoding"), "file.encoding")),
        delimiter=delimiter_of(file.get("delimiter")),
        header_row=number_of(file.get("header_row"), "file.header_row", 1),
        sheet=text_of(file.get("sheet"), "file.sheet"),
        specs=specs,
        identifiers=tuple(_identifier(one, f"columns.identifiers[{n}]") for n, one in enumerate(identifiers, 1)),
        ignore=texts_of(top.get("ignore"), "ignore"),
    )


def default_program(name: str) -> str:
    """The program of a list that names none."""
    return f"custom.{name.replace('-', '_')}"


def program(text: str, at: str) -> str:
    """A program of the closed vocabulary, or `custom.` and a word.

    Raises:
        ValueError: it is neither.
    """
    if text in list(Program) or re.fullmatch(r"custom\.[a-z0-9][a-z0-9_]{0,39}", text):
        return text
    known = ", ".join(Program)
    raise Wrong(f"{at}: {text[:60]!r} is no program (known: {known}, or custom. and a word)")


def _spec(key: str, plain: Any) -> Spec:
    at = f"columns.{key}"
    spec = _common(key, plain, at, _SPEC)
    if key == "schema":
        for schema in (*spec.values.values(), spec.otherwise, spec.value):
            if schema and schema not in list(Schema):
                raise Wrong(f"{at}: {schema[:60]!r} is no schema (known: {', '.join(Schema)})")
    if key == "program":
        for one in (*spec.values.values(), spec.otherwise, spec.value):
            if one:
                program(one, at)
    if key == "country":
        for one in (*spec.values.values(), spec.otherwise, spec.value):
            if one and not country_code(one):
                raise Wrong(f"{at}: {one[:60]!r} is no country")
    if spec.dates and key not in _DATES:
        raise Wrong(f"{at}: dates belong to {', '.join(_DATES)}")
    if spec.names_inside and key not in ("name", "aliases"):
        raise Wrong(f"{at}: names_inside belongs to name and aliases")
    return spec


def _identifier(plain: Any, at: str) -> Spec:
    if not isinstance(plain, dict):
        raise Wrong(f"{at}: it must have a type and a column")
    kind = identifier_type(text_of(plain.get("type"), f"{at}.type"))
    if not kind:
        raise Wrong(f"{at}.type: it must say what number it is, e.g. registration_number")
    spec = _common(kind, plain, at, _IDENTIFIER)
    country = text_of(plain.get("country"), f"{at}.country")
    code = country_code(country) if country else ""
    if code is None:
        raise Wrong(f"{at}.country: {country[:60]!r} is no country")
    column = _column(plain.get("country_column"), f"{at}.country_column") if "country_column" in plain else ""
    return Spec(
        field="identifiers",
        columns=spec.columns,
        join=spec.join,
        value=spec.value,
        separator=spec.separator,
        values=spec.values,
        otherwise=spec.otherwise,
        pattern=spec.pattern,
        type=kind,
        country=code,
        country_column=column,
    )


def _common(key: str, plain: Any, at: str, known: set[str]) -> Spec:
    if isinstance(plain, str):
        return Spec(field=key, columns=(_column(plain, at),))
    spec = fields(plain, known, at)
    named = [k for k in ("column", "columns", "value") if k in spec]
    if len(named) != 1:
        raise Wrong(f"{at}: it needs one of column, columns or value")
    columns: tuple[str, ...] = ()
    if "column" in spec:
        columns = (_column(spec["column"], f"{at}.column"),)
    elif "columns" in spec:
        columns = tuple(_column(c, f"{at}.columns") for c in texts_of(spec["columns"], f"{at}.columns"))
        if not columns:
            raise Wrong(f"{at}.columns: it is empty")
    values = spec.get("values") or {}
    if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
        raise Wrong(f"{at}.values: it must say for each text what it means")
    return Spec(
        field=key,
        columns=columns,
        join=text_of(spec.get("join", ", "), f"{at}.join", strip=False),
        value=text_of(spec.get("value"), f"{at}.value"),
        separator=text_of(spec.get("separator"), f"{at}.separator", strip=False),
        values={" ".join(k.split()).casefold(): v for k, v in values.items()},
        otherwise=text_of(spec.get("otherwise"), f"{at}.otherwise"),
        dates=texts_of(spec.get("dates"), f"{at}.dates"),
        pattern=_pattern(spec.get("pattern"), f"{at}.pattern"),
        names_inside=one_of(text_of(spec.get("names_inside"), at), ("yes", "no"), f"{at}.names_inside") == "yes",
    )


def _column(value: Any, at: str) -> str:
    name = text_of(value, at)
    if not name:
        raise Wrong(f"{at}: it names no column")
    if is_special_category(name):
        raise Wrong(f"{at}: the column {name[:60]!r} is of a special category of personal data and is never read")
    return name


def _pattern(value: Any, at: str) -> re.Pattern[str] | None:
    text = text_of(value, at, strip=False)
    if not text:
        return None
    try:
        found = re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise Wrong(f"{at}: {text[:60]!r} is no regular expression: {str(error)[:80]}") from None
    if found.groups != 1:
        raise Wrong(f"{at}: it needs exactly one (…) around the part that is wanted")
    return found
