"""Reading rule files: YAML in which every scalar is text, then typed fields with errors that name file and key.

`NO` is Norway, `5E002` isn't 500 and `2019-10-09` stays text until a reader asks for a date.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import yaml

from stopship.errors import RulebookError
from stopship.model.order import parse_yes_no
from stopship.model.values import parse_day

T = TypeVar("T")


# The parser in C where PyYAML was built with it, several times faster; the same result otherwise.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _TextLoader(_Loader):  # type: ignore[misc]
    """PyYAML's safe loader without implicit types but two: `null` and `~` are nothing, `<<` merges a mapping."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key.value!r} stands twice", key.start_mark
                    )
                seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(text: str, where: str) -> Mapping[str, Any]:
    """The top mapping of a YAML text; scalars are str or None.

    Raises:
        RulebookError: it is no YAML, or not a mapping, or a key stands twice.
    """
    try:
        value = yaml.load(text, Loader=_TextLoader)
    except yaml.YAMLError as error:
        raise RulebookError(f"not readable as YAML: {error}", where=where) from None
    if not isinstance(value, Mapping):
        raise RulebookError("expected fields with values at the top", where=where)
    return value


class Fields:
    """The fields of one mapping, each taken at most once; `done` refuses what was not asked for."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, Mapping):
            raise RulebookError("expected fields with values", where=where)
        self._left = dict(value)
        self._known: list[str] = []
        self.where = where

    def has(self, key: str) -> bool:
        return key in self._left

    def raw(self, key: str) -> Any:
        self._known.append(key)
        return self._left.pop(key, None)

    def error(self, key: str, message: str, hint: str | None = None) -> RulebookError:
        return RulebookError(message, where=f"{self.where}, {key}", hint=hint)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, "expected a text")
        return " ".join(value.split())

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one; nothing is an empty list."""
        value = self.raw(key)
        if value is None:
            return ()
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
            raise self.error(key, "expected a list of texts")
        return tuple(" ".join(v.split()) for v in values)

    def typed(self, key: str, parse: Callable[[str], T]) -> tuple[T, ...]:
        return tuple(self._parse(key, value, parse) for value in self.texts(key))

    def one(self, key: str, parse: Callable[[str], T]) -> T | None:
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.error(key, "expected one value")
        return self._parse(key, value, parse)

    def flag(self, key: str) -> bool | None:
        return self.one(key, parse_yes_no)

    def day(self, key: str) -> date | None:
        return self.one(key, parse_day)

    def children(self, key: str) -> list[Fields]:
        """A list of mappings."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise self.error(key, "expected a list")
        return [Fields(entry, f"{self.where}, {key}[{number}]") for number, entry in enumerate(value)]

    def child(self, key: str) -> Fields | None:
        value = self.raw(key)
        return None if value is None else Fields(value, f"{self.where}, {key}")

    def entries(self) -> list[tuple[str, Fields]]:
        """Every field that is left as a name and a mapping."""
        names = [name for name in self._left if isinstance(name, str)]
        return [(name, Fields(self._left.pop(name), f"{self.where}, {name}")) for name in names]

    def rest(self) -> dict[str, Any]:
        """Every field that is left, as plain values."""
        left, self._left = self._left, {}
        return left

    def done(self) -> None:
        """Refuse fields that no one asked for.

        Raises:
            RulebookError: names the file and the first such key.
        """
        for key in self._left:
            near = difflib.get_close_matches(str(key), self._known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known fields: {', '.join(self._known)}"
            raise self.error(str(key), "unknown field", hint)

    def _parse(self, key: str, value: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(value)
        except ValueError as error:
            raise self.error(key, str(error)) from None


def choice(kind: type[T]) -> Callable[[str], T]:
    """A parser for one of the members of an enumeration of texts."""

    def parse(text: str) -> T:
        known = [str(member) for member in kind]  # type: ignore[attr-defined]
        if text not in known:
            raise ValueError(f"{text!r} is none of {', '.join(known)}")
        return kind(text)  # type: ignore[call-arg]

    return parse
