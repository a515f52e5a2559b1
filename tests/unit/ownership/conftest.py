"""Short ways to make records, files and graphs of ownership data."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from stopship.model.stake import Holder, Stake
from stopship.model.values import Share
from stopship.ownership import GraphBuilder, OwnershipGraph, Report
from stopship.ownership.contract import Record


def stake(owner: str, held: str, share: str = "unknown", **more: Any) -> Stake:
    return Stake(owner, held, Share.parse(share), **more)


def firm(holder: str, name: str | None = None, country: str = "DE", **more: Any) -> Holder:
    return Holder(holder, (name or holder.upper(),), countries=(country,), **more)


def graph_of(*records: Record, basis: str = "test") -> OwnershipGraph:
    builder = GraphBuilder()
    builder.add(records, basis)
    return builder.graph()


class Read:
    """What a reader made of some bytes."""

    def __init__(
        self, reader: Callable[..., Iterator[Record]], data: bytes | str, *more: Any, **named: Any
    ) -> None:
        self.report = Report()
        raw = data.encode() if isinstance(data, str) else data
        self.records = list(reader(io.BytesIO(raw), *more, "file", self.report, **named))
        assert self.report.rows == self.report.loaded + self.report.rejected + self.report.passed.total()

    @property
    def holders(self) -> dict[str, Holder]:
        return {r.id: r for r in self.records if isinstance(r, Holder)}

    @property
    def stakes(self) -> list[Stake]:
        return [r for r in self.records if isinstance(r, Stake)]

    @property
    def rejects(self) -> list[tuple[int, str]]:
        return [(r.row, r.reason) for r in self.report.rejects]


@pytest.fixture
def read() -> type[Read]:
    return Read
