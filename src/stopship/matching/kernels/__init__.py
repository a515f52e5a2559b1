"""The inner loops of the scorer: from two names as flat arrays to their alignment, signals and score.

Everything here is plain Python over flat sequences of numbers, and runs two ways: interpreted, on lists, and
compiled by numba, on arrays (`compiled`). Both are the same code, so they give the same number. Nothing here knows
what the numbers mean in words: `data/signals.tsv` says so, in the order of the constants.

A token is a row of `WIDTH` integers (`START` to `TEXT`) and one float, its information in units of ten bits. A
name is the sequence of the numbers of its tokens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from stopship.matching.kernels import bounds, search, tables
from stopship.matching.kernels.differences import leave_over
from stopship.matching.kernels.names import compare, cut_at, phrase_options
from stopship.matching.kernels.scores import best_score, graded, may_compare, scores, weigh_up
from stopship.matching.kernels.signals import crossed, cut_letters, measure
from stopship.matching.kernels.words import (
    consonants,
    edits_allowed,
    form_relation,
    glue,
    hear,
    hear_one,
    lies_in,
    listen,
    meet,
    of_one_family,
    osa,
    phrase_of,
    same_letters,
    share,
    spelled_sounds,
    words_of,
    worth_hearing,
)
from stopship.names import ear


def room(count_a: int, count_b: int) -> tuple[int, int]:
    """How many integers `pairs` and `scratch` need for two names of so many tokens."""
    return 5 * (count_a + count_b + 1), 64 + 5 * (7 * count_a * count_b + 1)


@cache
def _version() -> int:
    """A number of the sources: numba keeps what it compiled by the file of the outermost function only, so that
    this goes into its key, and a change in any of them is compiled anew. All functions are made known to numba."""
    from numba.extending import register_jitable

    for function in (
        ear.is_vowel, ear.sounds_into, ear.spelled_by_two, ear.omitted, ear.apart, ear.consonants, ear.heard_as,
        ear.without_filling, ear.nasals, worth_hearing, spelled_sounds, hear, hear_one, listen, osa, consonants,
        same_letters, share, of_one_family, edits_allowed, meet, glue, phrase_of, words_of, lies_in, form_relation,
        crossed, cut_at, cut_letters, phrase_options, weigh_up, leave_over, measure, compare, graded, may_compare,
        scores, best_score,
        tables.mixed, tables.hash_letters, tables.bits_of, tables.two_left_out, tables.look_up, tables.write_deletes,
        tables.hash_words, bounds.most_of_pair, bounds.class_of, bounds.most_of_names, bounds.table_of,
        search.add_hit, search.mark, search.keep_likely, search.meets_run, search.plain_letters, search.letters_of, search.without_far, search.near, search.collect, search.in_phrase, search.meet_all,
        search.join_runs, search.split_word, search.holds, search.ratio, search.count_query,
        search.most_without, search.stronger, search.choose, search.walk,
        search.cut_words, search.comes_before, search.number_of, search.recall, search.remember, search.find_readings,
    ):  # fmt: skip
        register_jitable(function)
    sources = [
        *sorted(Path(__file__).parent.glob("*.py")),
        Path(ear.__file__),
        Path(ear.__file__).with_name("data") / ear.TABLE,
    ]
    return int(hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12], 16)


@cache
def compiled() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """`scores` and `best_score`, compiled: the first call ever takes some seconds, later ones read the cache."""
    import numba

    version = _version()

    def many(*arguments: Any) -> None:
        if version:
            scores(*arguments)

    def best(*arguments: Any) -> Any:
        return best_score(*arguments) if version else 0.0

    return numba.njit(cache=True)(many), numba.njit(cache=True)(best)


@cache
def compiled_listen() -> Callable[..., Any]:
    """`listen`, compiled."""
    import numba

    version = _version()

    def all_heard(*arguments: Any) -> Any:
        return listen(*arguments) if version else 0

    listening: Callable[..., Any] = numba.njit(cache=True)(all_heard)
    return listening


@cache
def compiled_tables() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """`tables.hash_words` and `tables.write_deletes`, compiled."""
    import numba

    version = _version()

    def hash_all(*arguments: Any) -> None:
        if version:
            tables.hash_words(*arguments)

    def delete_all(*arguments: Any) -> Any:
        return tables.write_deletes(*arguments) if version else 0

    return numba.njit(cache=True)(hash_all), numba.njit(cache=True)(delete_all)


@cache
def compiled_search() -> Callable[..., Any]:
    """`search.find_readings`, compiled."""
    import numba

    version = _version()

    def find(*arguments: Any) -> Any:
        return search.find_readings(*arguments) if version else 0

    searching: Callable[..., Any] = numba.njit(cache=True)(find)
    return searching
