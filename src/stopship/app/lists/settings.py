"""What a home says about keeping its lists current: the field `lists` of `settings.yaml`.

None of it changes a decision, so none of it is in `screening.Settings`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stopship.app.documents import read_document
from stopship.app.fetch.bounds import Bounds
from stopship.app.settings import FILE, read_fields
from stopship.errors import SettingsError
from stopship.model.order import parse_yes_no
from stopship.sources.catalogue import catalogue, held_source, source_info

_FIELDS = (
    "sources",
    "addresses",
    "proxy",
    "offline",
    "keep_days",
    "attempts",
    "wait_seconds",
    "most_seconds",
    "silence_seconds",
    "slowest_bytes_a_second",
    "most_megabytes",
)


@dataclass(frozen=True, slots=True)
class ListSettings:
    """How lists are brought up to date.

    Attributes:
        sources: the sources that `lists update` without arguments brings up to date; empty: all with an address.
        addresses: where to fetch a source instead of its publisher's address, e.g. a mirror inside of the house.
        proxy: the address of a proxy for everything; empty: what HTTPS_PROXY and NO_PROXY say.
        offline: never use the network.
        keep_days: after an update, snapshots older than so many days are pruned; None: nothing is.
        bounds: how long, how much, how slow, how often.
    """

    sources: tuple[str, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    proxy: str = ""
    offline: bool = False
    keep_days: int | None = None
    bounds: Bounds = field(default_factory=Bounds)

    def address(self, source: str) -> str:
        """Where the file of a source is; empty where a person must get it."""
        return self.addresses.get(source) or source_info(source).fetch


def read_list_settings(home: Path) -> ListSettings:
    """The field `lists` of `settings.yaml` in the home; defaults where there is none.

    Raises:
        SettingsError: an unknown field or source, or a value out of range.
    """
    path = home / FILE
    plain = (read_document(path, error=SettingsError) or {}) if path.exists() else {}
    lists = plain.get("lists") if isinstance(plain, dict) else None
    return parse_list_settings(lists or {}, f"{path}, lists")


def parse_list_settings(plain: Any, where: str) -> ListSettings:
    """List settings from plain values; see `read_list_settings`."""
    fields = read_fields(plain, _FIELDS, where)
    addresses = read_fields(fields.get("addresses") or {}, None, f"{where}, addresses")
    sources = fields.get("sources") or []
    if not isinstance(sources, list):
        raise SettingsError("expected a list of sources", where=f"{where}, sources")
    for source in (*sources, *addresses):
        if held_source(source) is None:
            raise SettingsError(
                f"unknown source {source!r}", where=where, hint=f"Known sources: {', '.join(catalogue())}"
            )
    for source, address in addresses.items():
        _address(address, f"{where}, addresses.{source}")
    proxy = fields.get("proxy") or ""
    if proxy:
        _address(proxy, f"{where}, proxy", "(https?|socks5h?)")
    try:
        offline = parse_yes_no(str(fields.get("offline") or "no"))
    except ValueError as error:
        raise SettingsError(str(error), where=f"{where}, offline") from None
    usual = Bounds()

    def number(name: str, default: float, least: float = 0.0) -> float:
        return _number(fields.get(name), default, f"{where}, {name}", least)

    wait = number("wait_seconds", usual.wait_seconds)
    keep = fields.get("keep_days")
    return ListSettings(
        sources=tuple(sources),
        addresses=addresses,
        proxy=proxy,
        offline=offline,
        keep_days=None if keep is None else int(number("keep_days", 0)),
        bounds=Bounds(
            most_bytes=int(number("most_megabytes", usual.most_bytes / 1e6, 0.001) * 1e6),
            most_seconds=number("most_seconds", usual.most_seconds, 0.1),
            silence_seconds=number("silence_seconds", usual.silence_seconds, 0.1),
            slowest=number("slowest_bytes_a_second", usual.slowest),
            attempts=int(number("attempts", usual.attempts, 1)),
            wait_seconds=wait,
            most_wait_seconds=max(wait, min(usual.most_wait_seconds, wait * 30)),
        ),
    )


def _address(text: Any, where: str, schemes: str = "https?") -> None:
    if not isinstance(text, str) or not re.fullmatch(rf"{schemes}://[^\s/]+(/\S*)?", text):
        raise SettingsError("this is not an address on the web", where=where, hint="Write it with https://")


def _number(text: Any, default: float, where: str, least: float) -> float:
    if text is None:
        return default
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = -1.0
    if not least <= value <= 1e9:
        raise SettingsError(f"{text!r} is not a number from {least:g} on", where=where)
    return value
