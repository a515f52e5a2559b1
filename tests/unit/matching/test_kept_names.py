"""Names kept as numbers: joined, taken apart, written and read they stay the same; no match is missed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stopship.matching import Index, IndexedList, Matcher, Query, build
from stopship.matching.kept_names import KeptNames, NameSearch, joined, read_names
from stopship.matching.prepare import text_number
from stopship.model.entity import Entity, Name
from stopship.model.listing import Listing
from stopship.model.values import NameKind, Schema

LISTED = (
    ("Viktor Bout", Schema.PERSON),
    ("Hangzhou Hikvision Digital Technology Co., Ltd.", Schema.COMPANY),
    ("Rosoboronexport", Schema.COMPANY),
    ("Kestrel Optics Research Institute", Schema.COMPANY),
)
ASKED = (
    ("Виктор Бут", Schema.PERSON, True),
    ("杭州海康威视数字技术股份有限公司", Schema.COMPANY, True),
    ("Рособоронэкспорт", Schema.COMPANY, True),
    ("Kestrel Optic Reserch Institute (formerly Orlan)", Schema.COMPANY, True),
    ("Bäckerei Müller", Schema.COMPANY, False),
    ("Ромашка", Schema.COMPANY, False),
    ("IMO 9074729 Sea Star", Schema.VESSEL, True),  # a number is always compared
    ("???", Schema.COMPANY, False),
)


def queries() -> list[tuple[int, Query]]:
    return [(3 * n, Query(name, schema)) for n, (name, schema, _) in enumerate(ASKED)]


def names_of(kept: KeptNames, number: int) -> list[tuple[str, ...]]:
    """The readings of one name, as words."""
    found = []
    for reading in range(kept.reading_at[number], kept.reading_at[number + 1]):
        tokens = kept.tokens[kept.token_at[reading] : kept.token_at[reading + 1]]
        found.append(
            tuple(kept.chars[kept.char_at[t] : kept.char_at[t + 1]].tobytes().decode() for t in tokens.tolist())
        )
    return found


@pytest.fixture(scope="module")
def kept() -> KeptNames:
    return read_names(queries(), lambda _text: 0)


def test_they_are_the_same_when_they_are_joined_taken_written_and_read(kept: KeptNames, tmp_path: Path) -> None:
    whole = [names_of(kept, n) for n in range(len(kept))]
    odd, even = kept.take(np.arange(1, len(kept), 2)), kept.take(np.arange(0, len(kept), 2))
    together = joined([odd, even])
    assert together.row.tolist() == kept.row.tolist()
    assert [names_of(together, n) for n in range(len(kept))] == whole
    assert len(together.number) == len(kept.number)
    together.write(tmp_path)
    for again in (KeptNames.read(tmp_path), KeptNames.from_bytes(together.to_bytes())):
        assert [names_of(again, n) for n in range(len(kept))] == whole
        assert again.always.tolist() == kept.always.tolist()
    none = joined([])
    assert (len(none), names_of(joined([none, kept]), 0)) == (0, whole[0])
    (tmp_path / "tokens.npy").write_bytes(b"")
    with pytest.raises((OSError, ValueError, EOFError)):
        KeptNames.read(tmp_path)


def test_rows_with_a_word(kept: KeptNames) -> None:
    assert kept.with_words(np.array([text_number("kestrel")])).tolist() == [9]
    assert kept.with_words(np.zeros(0, np.int64)).tolist() == []


@pytest.mark.slow
def test_nothing_that_matches_is_missed(kept: KeptNames, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "SEARCHED_FROM", 1)
    listing = Listing(source="us_csl", program="us.el", name="x")
    entities = [
        Entity(f"e-{n}", schema, (Name(name, NameKind.PRIMARY),), (listing,))
        for n, (name, schema) in enumerate(LISTED)
    ]
    index = Index.build([(IndexedList("us_csl", "sha256:1", None, None, 4, None, "official"), entities)])
    matcher = Matcher(index)
    near = NameSearch(index).near(kept, 0, len(kept), least_score=matcher.threshold)
    assert near.tolist() == [wanted for *_, wanted in ASKED]
    found = [bool(matcher.match(query)) for _, query in queries()]
    assert sum(found) == 4
    assert not (np.array(found) & ~near).any()
    assert NameSearch(index).near(kept, 2, 4, least_score=matcher.threshold).tolist() == [True, True]
