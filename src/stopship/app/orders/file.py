"""Orders from files and from command-line flags."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stopship.app.documents import STDIN, read_document
from stopship.errors import OrderError
from stopship.model.order import read_order
from stopship.model.transaction import Transaction

MANY = (".jsonl", ".ndjson")


def plain_suffix(path: Path) -> str:
    """The ending of a name below that of packing, in lower case: `.jsonl` for `orders.jsonl.gz`."""
    name = Path(path.stem) if path.suffix.lower() in (".gz", ".zst", ".zstd") else path
    return name.suffix.lower()


def is_many_orders(path: Path) -> bool:
    """Whether a file holds one order a line, by its name: `.jsonl` or `.ndjson`, perhaps packed; or stdin."""
    return path == STDIN or plain_suffix(path) in MANY


def is_pipe(path: Path) -> bool:
    """Whether this is stdin, a pipe or a device, whose bytes come only once."""
    return path == STDIN or (path.exists() and not path.is_file() and not path.is_dir())


def read_order_file(path: Path) -> Transaction:
    """One order from a YAML or JSON file.

    Raises:
        OrderError: the file or the order in it can't be read; one line with file and field.
    """
    if is_many_orders(path):
        raise OrderError(
            "many orders need a file for the decisions", where=str(path), hint="Name it with --out OUT.jsonl"
        )
    return read_order(read_document(path), where=str(path))


def order_from_flags(
    parties: Sequence[str], items: Sequence[str], *, to: str | None, end_use: str | None, country: str | None
) -> Transaction:
    """An order from `--party ROLE=NAME`, `--item ECCN`, `--to CN`, `--end-use TEXT`.

    `country` is the country of every party named so. An item is an ECCN or EAR99.

    Raises:
        OrderError: a flag can't be read.
    """
    plain: dict[str, Any] = {"parties": [_party(flag, country) for flag in parties]}
    if items:
        plain["items"] = [{"eccn": flag} for flag in items]
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
