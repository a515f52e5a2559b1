"""The full Consolidated Screening List: every name as printed finds its entry."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from stopship.matching import Band, Index, IndexedList, Matcher, Query
from stopship.model.entity import Entity, Name
from stopship.model.values import NameKind, Schema
from stopship.sources.catalogue import parse

SAMPLE = 1_500


@pytest.fixture(scope="module")
def csl(big_data: Path) -> Index:
    raw = gzip.decompress((big_data / "lists" / "us_csl" / "consolidated.csv.gz").read_bytes())
    parsed = parse("us_csl", raw, "consolidated.csv")
    listed = IndexedList("us_csl", "sha256:test", None, None, parsed.loaded, None, "official")
    return Index.build([(listed, parsed.entities)])


@pytest.mark.bigdata
@pytest.mark.slow
def test_names_of_the_full_list_verbatim(csl: Index) -> None:
    matcher = Matcher(csl)
    pool: list[tuple[Entity, Name]] = [
        (entity, name)
        for entity in csl.entities()
        for name in entity.names
        if name.kind is not NameKind.WEAK_ALIAS
    ]
    missed = []
    for number, (entity, name) in enumerate(random.Random(20191009).sample(pool, SAMPLE)):
        schema = Schema.LEGAL_ENTITY if number % 3 == 0 else entity.schema
        found = matcher.match(Query(name.text, schema))
        if not any(m.entity.id == entity.id and m.band is Band.EXACT and m.alert for m in found):
            missed.append((entity.id, name.text, schema))
    assert missed == []


@pytest.mark.bigdata
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("Hikvison", 1),
        ("海康威视", 1),
        ("新疆维吾尔自治区公安厅", 2),
        ("Hangzhou Digital Technology Co., Ltd.", 0),
        ("Lhasa Municipal Public Security Bureau", 0),
        ("Nanjing Public Security Bureau", 0),
    ],
)
def test_known_queries_on_the_full_list(csl: Index, name: str, entries: int) -> None:
    alerting = {m.entity.caption for m in Matcher(csl).match(Query(name)) if m.alert}
    assert len(alerting) == entries
