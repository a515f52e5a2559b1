"""Some entities of an index as an index of their own: a name compares with them as it does in the whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stopship.errors import IndexFileError
from stopship.matching import Index, IndexedList, Matcher, Query, build
from stopship.matching.sieve import KeptWords, Sieve
from stopship.model.entity import Entity, Name
from stopship.model.values import NameKind, Schema

LISTED = IndexedList("us_csl", "sha256:1", None, None, 60, None, "official")
NAMES = ["Qyzvan Optics", "Qyzvan Electronics", *(f"Qyzvan Zentrum{n:02}" for n in range(20)), "Orlan Almaz"]
ASKED = ("Qyzvam Optics", "Qyzvan Optics", "Orlan Almas", "Almaz Trading", "Nordwind Bakery", "Орлан Алмаз")


def entities() -> list[Entity]:
    return [Entity(f"us.el-{n}", Schema.COMPANY, (Name(text, NameKind.PRIMARY),)) for n, text in enumerate(NAMES)]


def test_scores_are_those_of_the_whole(tmp_path: Path) -> None:
    whole = Index.build([(LISTED, entities())])
    some = [entities()[n] for n in (0, len(NAMES) - 1)]
    part = Index.build([(LISTED, some)], whole=whole)
    part.write(tmp_path / "part")
    ids = {entity.id for entity in some}
    for index in (part, Index.open(tmp_path / "part", whole=whole)):
        for name in ASKED:
            found = {m.entity.id: m.score for m in Matcher(index).match(Query(name), min_score=0.0)}
            wanted = {m.entity.id: m.score for m in Matcher(whole).match(Query(name), min_score=0.0)}
            assert found == {key: score for key, score in wanted.items() if key in ids}
    alone = Index.build([(LISTED, some)])
    assert (
        Matcher(alone).match(Query("Qyzvam Optics"))[0].score
        != Matcher(part).match(Query("Qyzvam Optics"))[0].score
    )


def test_a_part_is_not_opened_without_its_whole(tmp_path: Path) -> None:
    whole = Index.build([(LISTED, entities())])
    Index.build([(LISTED, entities()[:1])], whole=whole).write(tmp_path / "part")
    whole.write(tmp_path / "whole")
    other = Index.build([(IndexedList("us_csl", "sha256:2", None, None, 1, None, "official"), entities()[:2])])
    for wrong in (None, other):
        with pytest.raises(IndexFileError, match="part of another"):
            Index.open(tmp_path / "part", whole=wrong)
    with pytest.raises(IndexFileError, match="part of another"):
        Index.open(tmp_path / "whole", whole=whole)


@pytest.mark.slow
def test_words_that_were_kept_sift_like_words_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "SEARCHED_FROM", 1)
    before, after = (Index.build([(LISTED, entities()[:count])]) for count in (2, len(NAMES)))
    texts = [*ASKED, *(f"Qyzvam Kestrel{n} Bakery" for n in range(50))]
    data = np.frombuffer("".join(texts).encode(), np.uint8)
    offsets = np.cumsum([0, *(len(text.encode()) for text in texts)])
    schemas = np.full(len(texts), tuple(Schema).index(Schema.COMPANY))
    words = KeptWords.room_for(len(texts))
    Sieve(before, words).learn(data, offsets, schemas)
    words.write(tmp_path)
    kept = KeptWords.read(tmp_path)
    assert kept.lexicon.used.tolist() == words.lexicon.used.tolist()
    used = int(kept.lexicon.used[0])
    fresh = Sieve(after)
    kept.forget({"qyzvan", "qyzvam", "orlan", "almaz", "optics"})
    sieve = Sieve(after, kept)
    for least in (0.3, 0.5, 0.8):
        found = sieve.sift(data, offsets, schemas, least_score=least)
        assert found.tolist() == fresh.sift(data, offsets, schemas, least_score=least).tolist()
    assert found[1]
    assert not found[4]
    assert int(sieve.learned().lexicon.used[0]) > used  # what was forgotten was read again
    assert int(KeptWords.read(tmp_path).lexicon.used[0]) == used  # and the files are as they were


def test_words_that_are_taken_out_leave_all_others_to_be_found() -> None:
    """Full of collisions, also around the end of the table."""
    words = KeptWords.room_for(1)
    lexicon = words.lexicon._replace(keys=np.zeros(32, np.int64), entry=np.zeros(32, np.int32))
    words = KeptWords(lexicon)
    numbers = [2 * n + 1 + 32 * (n % 3) + (28 if n % 2 else 0) for n in range(20)]
    for entry, key in enumerate(numbers):
        slot = key & 31
        while lexicon.keys[slot] != 0:
            slot = (slot + 1) & 31
        lexicon.keys[slot], lexicon.entry[slot] = key, entry
    left = dict(zip(numbers, range(20), strict=True))
    for key in numbers[::3]:
        words._take_out(key)
        del left[key]
        for other, entry in left.items():
            slot = other & 31
            while lexicon.keys[slot] not in (0, other):
                slot = (slot + 1) & 31
            assert (lexicon.keys[slot], lexicon.entry[slot]) == (other, entry)
    assert np.count_nonzero(lexicon.keys) == len(left)
