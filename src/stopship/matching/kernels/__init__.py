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
from inspect import isfunction
from pathlib import Path
from typing import Any

from stopship.matching.kernels import (
    bounds,
    differences,
    hearing,
    hits,
    likely,
    names,
    plain_words,
    reach,
    scores,
    search,
    sieve,
    signals,
    spellings,
    tables,
    whole_names,
    words,
)
from stopship.names import ear

_MODULES = (
    bounds, differences, ear, hearing, hits, likely, names, plain_words, reach, scores, search, sieve, signals,
    spellings, tables, whole_names, words,
)  # fmt: skip


def room(count_a: int, count_b: int) -> tuple[int, int]:
    """How many integers `pairs` and `scratch` need for two names of so many tokens."""
    return 5 * (count_a + count_b + 1), 64 + 5 * (7 * count_a * count_b + 1)


@cache
def _version() -> int:
    """A number of the sources: numba keeps what it compiled by the file of the outermost function only, so that
    this goes into its key, and a change in any of them is compiled anew. All functions are made known to numba."""
    from numba.extending import register_jitable

    for module in _MODULES:
        for function in list(vars(module).values()):
            if isfunction(function) and function.__module__ == module.__name__:
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
            scores.scores(*arguments)

    def best(*arguments: Any) -> Any:
        return scores.best_score(*arguments) if version else 0.0

    return numba.njit(cache=True)(many), numba.njit(cache=True)(best)


@cache
def compiled_listen() -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """`hearing.listen`, `hearing.write_sounds` and `hearing.grow`, compiled."""
    import numba

    version = _version()

    def all_heard(*arguments: Any) -> Any:
        return hearing.listen(*arguments) if version else 0

    def all_sounds(*arguments: Any) -> None:
        if version:
            hearing.write_sounds(*arguments)

    def whole_tree(*arguments: Any) -> Any:
        return hearing.grow(*arguments) if version else 0

    return (
        numba.njit(cache=True)(all_heard),
        numba.njit(cache=True)(all_sounds),
        numba.njit(cache=True)(whole_tree),
    )


@cache
def compiled_tables() -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """`tables.hash_words`, `tables.write_deletes` and `tables.hash_names`, compiled."""
    import numba

    version = _version()

    def hash_all(*arguments: Any) -> None:
        if version:
            tables.hash_words(*arguments)

    def delete_all(*arguments: Any) -> Any:
        return tables.write_deletes(*arguments) if version else 0

    def hash_whole(*arguments: Any) -> None:
        if version:
            tables.hash_names(*arguments)

    return numba.njit(cache=True)(hash_all), numba.njit(cache=True)(delete_all), numba.njit(cache=True)(hash_whole)


@cache
def compiled_sieve() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """`sieve.list_words` and `sieve.sift`, compiled."""
    import numba

    version = _version()

    def list_all(*arguments: Any) -> None:
        if version:
            sieve.list_words(*arguments)

    def sift_all(*arguments: Any) -> None:
        if version:
            sieve.sift(*arguments)

    return numba.njit(cache=True)(list_all), numba.njit(cache=True)(sift_all)


@cache
def compiled_search() -> Callable[..., Any]:
    """`search.find_readings`, compiled."""
    import numba

    version = _version()

    def find(*arguments: Any) -> Any:
        return search.find_readings(*arguments) if version else 0

    searching: Callable[..., Any] = numba.njit(cache=True)(find)
    return searching


@cache
def compiled_names() -> Callable[..., Any]:
    """`search.find_names`, compiled."""
    import numba

    version = _version()

    def find_all(*arguments: Any) -> None:
        if version:
            search.find_names(*arguments)

    finding: Callable[..., Any] = numba.njit(cache=True)(find_all)
    return finding
