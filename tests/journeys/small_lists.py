"""A catalogue for tests: the official layout of the US list under two ids, with bounds that a few rows keep to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from tests.journeys.test_lists import ROWS, csl

from stopship.sources import catalogue as module
from stopship.sources.contract import SourceInfo

KNOWN = "Fiktiv Optics Research Institute"
FIRST = csl(*ROWS)


def named(number: int) -> dict[str, str]:
    """A further row of the Entity List."""
    return {**ROWS[0], "name": f"Beispiel {number} Works"}


def small_catalogue() -> Mapping[str, SourceInfo]:
    whole = module.catalogue()
    us_csl = replace(
        whole["us_csl"],
        min_rows=2,
        max_rows=1_000,
        canaries=(KNOWN,),
        fetch="https://lists.invalid/consolidated.csv",
    )
    us_two = replace(us_csl, id="us_two", title="A second list", fetch="https://lists.invalid/two.csv")
    by_hand = replace(us_csl, id="us_by_hand", fetch="", by_hand="its address changes", canaries=())
    lists = (by_hand, us_csl, us_two, whole["starter"])
    return MappingProxyType({info.id: info for info in sorted(lists, key=lambda info: info.id)})
