"""Listed persons in other scripts as people write those names, not as a rule would.

Every word of a printed name is looked up in pairs of name words and their spelling in another script (Wikidata's,
by count); a name is a case where all its words are known, so that nothing is made up. The pairs are for
development: what is measured here was free to be looked at.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from benchmarks.quality.case import Case, order_of

from stopship.model.entity import Entity
from stopship.model.values import Schema
from stopship.names import normalize

name = "native_spellings"
SPELLED = {
    "ar": ("Arabic", " "), "he": ("Hebrew", " "), "ja": ("Kana", "・"), "ko": ("Hangul", " "),
    "ru": ("Cyrillic", " "), "zh": ("Han", "·"),
}  # fmt: skip
_SEEN = 2  # pairs that occurred once are often of the wrong word
_LEAST_WORDS = 2


def rows(entities: Sequence[Entity], data_dir: Path) -> Iterable[Case]:
    """Cases in the order of class and a hash of the name; none where the pairs of words are not there."""
    for language, (script, gap) in SPELLED.items():
        path = data_dir / "labelled" / f"translit_{language}.csv.gz"
        if not path.is_file():
            continue
        known = _pairs(path)
        found: dict[str, set[str]] = {}
        for entity in entities:
            if entity.schema is Schema.PERSON:
                for printed in entity.names:
                    words = normalize(printed.text).replace("-", " ").split()
                    if len(words) >= _LEAST_WORDS and all(word in known for word in words):
                        found.setdefault(gap.join(known[word] for word in words), set()).add(entity.id)
        for query in sorted(found, key=order_of):
            yield Case(f"native_{language}", script, query, Schema.PERSON, tuple(sorted(found[query])))


@cache
def _pairs(path: Path) -> dict[str, str]:
    """The spelling of each word that occurred most often, of those that occurred at least twice."""
    best: dict[str, tuple[int, str]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            count = int(row["count"])
            if count >= _SEEN and count > best.get(row["latin"], (0, ""))[0] and row["latin"].isalpha():
                best[row["latin"]] = count, row["native"]
    return {latin: native for latin, (_, native) in best.items()}
