"""Files of one document (orders, settings): YAML or JSON to plain values, with every scalar of YAML kept as text.

YAML 1.1 would turn `NO` into false and 1.2 `5E002` into 500; so nothing is guessed here, `read_order` types it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from stopship.errors import InputError, OrderError

MAX_BYTES = 4_000_000
"""An order is a few kilobytes. A larger file is something else."""

STDIN = Path("-")
"""The name that stands for standard input."""


def read_document(path: Path, *, error: type[InputError] = OrderError) -> Any:
    """The plain value of a YAML or JSON file (`.json` is JSON, anything else YAML, which includes JSON).

    Raises:
        InputError (the given kind): missing, empty, too large, not UTF-8, not YAML, a key twice; with the line.
    """
    where = str(path)
    data = read_bytes(path, most=MAX_BYTES, error=error)
    if data[:4] == b"PK\x03\x04":
        raise error("this is a ZIP or Office file, not YAML or JSON", where=where, hint="Write the order as text")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise error("this is UTF-16 text", where=where, hint="Save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        line = data[: bad.start].count(b"\n") + 1
        raise error(
            f"byte {data[bad.start]:#04x} at line {line} is not UTF-8", where=where, hint="Save the file as UTF-8"
        ) from None
    if not text.strip():
        raise error("the file is empty", where=where)
    return parse_json(text, where, error) if path.suffix.lower() == ".json" else parse_yaml(text, where, error)


def read_bytes(path: Path, *, most: int, error: type[InputError]) -> bytes:
    """The bytes of a file.

    Raises:
        InputError (the given kind): there is no such file, it is a folder, can't be read or is larger than `most`.
    """
    try:
        if path.is_dir():
            raise error("this is a folder, not a file", where=str(path))
        size = path.stat().st_size
        if size > most:
            raise error(f"{size:,} bytes are too many (at most {most:,})", where=str(path))
        return path.read_bytes()
    except FileNotFoundError:
        raise error("there is no such file", where=str(path), hint="Check the path") from None
    except OSError as bad:
        raise error(f"can't be read: {bad.strerror or bad}", where=str(path)) from None


def parse_json(text: str, where: str, error: type[InputError]) -> Any:
    """JSON to plain values; a key that stands twice in one object is an error, and so is NaN, which isn't JSON."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise error(f"the field {key!r} stands twice", where=where)
            found[key] = value
        return found

    def no_number(word: str) -> Any:
        raise error(f"not JSON: {word} is no number", where=where)

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except json.JSONDecodeError as bad:
        line = f"line {bad.lineno}, " if "\n" in text.rstrip() else ""
        raise error(f"not JSON: {bad.msg} at {line}column {bad.colno}", where=where) from None
    except ValueError:
        # Python refuses to read integers of thousands of digits.
        raise error("a number has thousands of digits", where=where) from None
    except RecursionError:
        raise error("nested too deeply", where=where) from None


def parse_yaml(text: str, where: str, error: type[InputError]) -> Any:
    """YAML to plain values, scalars as text (empty and `null` as None); no aliases, no key twice."""
    try:
        return yaml.load(text, Loader=_TextLoader)
    except _Refused as bad:
        raise error(str(bad), where=where) from None
    except yaml.MarkedYAMLError as bad:
        line = f" at line {bad.problem_mark.line + 1}" if bad.problem_mark else ""
        raise error(f"not YAML: {bad.problem or 'malformed'}{line}", where=where) from None
    except yaml.YAMLError as bad:
        raise error(f"not YAML: {str(bad).splitlines()[0]}", where=where) from None
    except RecursionError:
        raise error("nested too deeply", where=where) from None


class _Refused(ValueError):
    """Well-formed YAML that an order may not use."""


class _TextLoader(yaml.BaseLoader):
    """PyYAML's loader without implicit types, without aliases, that refuses a key twice."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise _Refused("YAML aliases (*name) are not allowed here; write the value out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: set[str] = set()
        for key_node, _value in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _Refused(f"line {key_node.start_mark.line + 1}: a field name must be plain text")
            if key_node.value in keys:
                raise _Refused(f"line {key_node.start_mark.line + 1}: the field {key_node.value!r} stands twice")
            keys.add(key_node.value)
        return super().construct_mapping(node, deep)


def _scalar(loader: _TextLoader, node: yaml.Node) -> str | None:
    assert isinstance(node, yaml.ScalarNode)
    if node.style is None and node.value in ("", "~", "null", "Null", "NULL"):
        return None
    return str(loader.construct_scalar(node))


_TextLoader.add_constructor("tag:yaml.org,2002:str", _scalar)
