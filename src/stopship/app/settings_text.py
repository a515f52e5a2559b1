"""One value of `settings.yaml` changed, and nothing else of the file: comments, order and blanks stay.

The file is not written anew from what was read. The place of the value is found by the YAML parser's marks and
only that place is replaced; a value that isn't there yet is added behind its neighbours. What comes out is read
again: unless it says exactly what it said before and the new value, the change is refused, with words that say
what to edit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from stopship.app.documents import parse_yaml
from stopship.errors import SettingsError

Value = str | Sequence[str]
"""A scalar as its text, or a list of words."""


def changed(text: str, path: Sequence[str], value: Value, where: str) -> str:
    """The text of a settings file with one value changed or added.

    Args:
        text: of the file; empty where there is none.
        path: names of fields, from the outermost on: `("cases", "lock_minutes")`.
        value: what shall stand there. Words of letters, digits and `._-`.
        where: the file, for errors.

    Raises:
        SettingsError: the file is no YAML, or is written so that the change would lose something.
    """
    before = parse_yaml(text, where, SettingsError) or {}
    try:
        made = _changed(text, path, _written(value))
    except _Refused as bad:
        raise _by_hand(str(bad), path, value, where) from None
    after = parse_yaml(made, where, SettingsError)
    if after != _set(before, path, value):
        raise _by_hand("the change would touch something else", path, value, where)
    return made


def line_of(text: str, path: Sequence[str]) -> int | None:
    """The line, from 1, in which a field stands; None where it doesn't."""
    node = yaml.compose(text, Loader=yaml.BaseLoader)
    line = None
    for name in path:
        pair = _pair(node, name) if isinstance(node, yaml.MappingNode) else None
        if pair is None:
            return None
        line, node = pair[0].start_mark.line + 1, pair[1]
    return line


class _Refused(ValueError):
    """The file is written so that this can't be done in it."""


def _changed(text: str, path: Sequence[str], written: str) -> str:
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    if root is None or (isinstance(root, yaml.ScalarNode) and not root.value):
        return _joined(text, _lines(path, written, 0, _newline(text)))
    node: yaml.Node = root
    for depth, name in enumerate(path):
        if not isinstance(node, yaml.MappingNode):
            raise _Refused(f"{'.'.join(path[:depth]) or 'the file'} holds no fields")
        pair = _pair(node, name)
        if pair is None:
            return _added(text, node, path[depth:], written)
        key, node = pair
        if isinstance(node, yaml.ScalarNode) and not node.value and depth + 1 < len(path):
            # `cases:` with nothing behind it.
            indent = key.start_mark.column + 2
            return _after_line(
                text, key.end_mark.index, _lines(path[depth + 1 :], written, indent, _newline(text))
            )
    return _replaced(text, key, node, written)


def _replaced(text: str, key: yaml.Node, node: yaml.Node, written: str) -> str:
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.MappingNode):
        raise _Refused("fields stand where a value should")
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        start, end = key.end_mark.index + 1, _end(node)
        if "#" in text[start:end]:
            raise _Refused("there are comments between the values")
        return f"{text[:start]} {written}{text[end:]}"
    if node.start_mark.line != node.end_mark.line or (
        isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    ):
        raise _Refused("the value is written over several lines")
    space = " " if text[start - 1 : start] == ":" else ""
    return f"{text[:start]}{space}{written}{text[end:]}"


def _added(text: str, parent: yaml.MappingNode, path: Sequence[str], written: str) -> str:
    if parent.flow_style:
        close = parent.end_mark.index - 1
        inner = "".join(f"{name}: {{" for name in path[:-1]) + f"{path[-1]}: {written}" + "}" * (len(path) - 1)
        return f"{text[:close].rstrip()}{', ' if parent.value else ''}{inner}{text[close:]}"
    indent = parent.value[0][0].start_mark.column
    return _after_line(text, _end(parent), _lines(path, written, indent, _newline(text)))


def _after_line(text: str, index: int, lines: str) -> str:
    """Lines put behind the line in which an index is."""
    if index and text[index - 1] == "\n":
        return text[:index] + lines + text[index:]
    at = text.find("\n", index)
    return _joined(text, lines) if at < 0 else text[: at + 1] + lines + text[at + 1 :]


def _joined(text: str, lines: str) -> str:
    between = "" if not text or text.endswith("\n") else _newline(text)
    return f"{text}{between}{lines}"


def _lines(path: Sequence[str], written: str, indent: int, newline: str) -> str:
    lines = [f"{' ' * (indent + 2 * depth)}{name}:" for depth, name in enumerate(path)]
    lines[-1] += f" {written}"
    return newline.join(lines) + newline


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _pair(node: yaml.MappingNode, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    return next(((key, value) for key, value in node.value if key.value == name), None)


def _end(node: yaml.Node) -> int:
    """Where what is written of a node ends; marks of block nodes stand behind the comments that follow."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    return int(node.end_mark.index)


def _written(value: Value) -> str:
    return value if isinstance(value, str) else f"[{', '.join(value)}]"


def _set(plain: Any, path: Sequence[str], value: Value) -> Any:
    if not path:
        return value if isinstance(value, str) else list(value)
    held = plain if isinstance(plain, Mapping) else {}
    return {**held, path[0]: _set(held.get(path[0]), path[1:], value)}


def _by_hand(why: str, path: Sequence[str], value: Value, where: str) -> SettingsError:
    return SettingsError(
        f"this can't be changed here without losing what you wrote: {why}",
        where=where,
        hint=f"Edit the file: {'.'.join(path)}: {_written(value)}",
    )
