"""Values of a mapping file, checked: what is wrong is said with the field that holds it."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Any

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", ",": ",", ";": ";", "\t": "\t", "|": "|"}


class Wrong(ValueError):
    """Something in the mapping can't be; the message says what and where in it."""


def fields(plain: Any, known: set[str], at: str) -> dict[str, Any]:
    if not isinstance(plain, dict):
        raise Wrong(f"{at}: it must be fields with values")
    known_only(plain, known, at)
    return plain


def known_only(plain: Mapping[Any, Any], known: set[str], at: str) -> None:
    for key in plain:
        if key not in known:
            raise Wrong(f"{at}: unknown field {str(key)[:60]!r} (known: {', '.join(sorted(known))})")


def text_of(value: Any, at: str, *, strip: bool = True) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Wrong(f"{at}: it must be a text")
    return value.strip() if strip else value


def texts_of(value: Any, at: str) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return (value.strip(),)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Wrong(f"{at}: it must be a list of texts")
    return tuple(one.strip() for one in value)


def number_of(value: Any, at: str, default: int) -> int:
    text = text_of(value, at)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0):
        raise Wrong(f"{at}: {text[:60]!r} is no whole number above 0")
    return int(text)


def one_of(text: str, known: tuple[str, ...], at: str) -> str:
    if text and text not in known:
        raise Wrong(f"{at}: {text[:60]!r} is none of {', '.join(known)}")
    return text


def encoding_of(text: str) -> str:
    name = text or "utf-8"
    try:
        "".encode(name)
        return codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        raise Wrong(f"file.encoding: there is no encoding {name[:60]!r}") from None


def delimiter_of(value: Any) -> str:
    text = text_of(value, "file.delimiter", strip=False)
    if not text:
        return ","
    if text not in _DELIMITERS:
        raise Wrong(f"file.delimiter: {text[:20]!r} is none of comma, semicolon, tab, pipe")
    return _DELIMITERS[text]
