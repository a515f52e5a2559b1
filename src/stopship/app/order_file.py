"""Orders from files and from command-line flags."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stopship.app.documents import read_document
from stopship.errors import OrderError
from stopship.model.order import read_order
from stopship.model.transaction import Transaction


def read_order_file(path: Path) -> Transaction:
    """One order from a YAML or JSON file.

    Raises:
        OrderError: the file or the order in it can't be read; one line with file and field.
    """
    return read_order(read_document(path), where=str(path))


def order_from_flags(
    parties: Sequence[str], items: Sequence[str], *, to: str | None, end_use: str | None, country: str | None
) -> Transaction:
    """An order from `--party ROLE=NAME`, `--item ECCN`, `--to CN`, `--end-use TEXT`.

    `country` is the country of every party named so. An item is an ECCN; a text that isn't one is taken as a
    description, so that its classification is then a missing fact.

    Raises:
        OrderError: a flag can't be read.
    """
    plain: dict[str, Any] = {"parties": [_party(flag, country) for flag in parties]}
    if items:
        plain["items"] = [_item(flag) for flag in items]
    if to:
        plain["destination"] = to
    if end_use:
        plain["end_use"] = end_use
    return read_order(plain, where="command line")


def _party(flag: str, country: str | None) -> dict[str, Any]:
    role, equals, name = flag.partition("=")
    if not equals or not name.strip():
        raise OrderError(
            f"{flag!r} is not ROLE=NAME", where="command line, --party", hint='Write --party "end_user=Hikvision"'
        )
    party: dict[str, Any] = {"role": role.strip(), "name": name.strip()}
    if country:
        party["country"] = country
    return party


def _item(flag: str) -> dict[str, Any]:
    first = flag.strip()
    looks_like_eccn = first[:1].isdigit() and first[1:2].isalpha() and first[2:3].isdigit() and " " not in first
    if looks_like_eccn or first.upper() == "EAR99":
        return {"eccn": first}
    return {"description": first}
