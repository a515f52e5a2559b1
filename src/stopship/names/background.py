"""How common a word is in names at large, whatever list is loaded.

Counts of corpora (`background.tsv`) and a table of the commonest names of persons (`common_names.tsv`).
"""

from __future__ import annotations

from functools import cache

from stopship.names.tables import rows


@cache
def _frequencies() -> dict[str, int]:
    counts = {word: int(count) for word, count in rows("background.tsv")}
    common: dict[str, int] = {}
    for count, words in rows("common_names.tsv"):
        for word in words.split():
            counts[word] = max(counts.get(word, 0), int(count))
            common[word] = int(count)
    # A rarer spelling of a common name is a common name too: half as much as the commonest spelling.
    for (spellings,) in rows("name_families.tsv"):
        words_of_family = spellings.split()
        commonest = max(common.get(word, 0) for word in words_of_family)
        for word in words_of_family if commonest else ():
            counts[word] = max(counts.get(word, 0), commonest // 2)
    return counts


def per_100_000(word: str) -> int:
    """In how many of 100,000 names of companies or persons (the larger of the two) a plain word stands; 0 =
    rare."""
    return _frequencies().get(word, 0)


def is_usual(word: str) -> bool:
    """Whether a plain word is one that names at large use: then it is hardly a slip of the pen for another
    word."""
    return word in _frequencies()
