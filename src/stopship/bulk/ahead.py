"""What the fork server makes once, ahead of the workers that it forks: tables, compiled code and a matcher, which
they then share instead of each having its own.

Importing this module does nothing unless the environment names an index, as it does where `pool` starts processes.
"""

from __future__ import annotations

import contextlib
import gc
import os
from pathlib import Path

from stopship.bulk.batch import open_index
from stopship.errors import StopshipError
from stopship.matching import Matcher

NAMED = "STOPSHIP_WORKERS_INDEX"
"""Holds the threshold and the path of the index, with a space between them."""

_ready: dict[tuple[str, float], Matcher] = {}


def named(index_path: Path, threshold: float) -> str:
    """What the environment says of an index."""
    return f"{threshold!r} {index_path}"


def matcher_of(index_path: Path, threshold: float) -> Matcher | None:
    """The matcher that was made ahead for this index, if it still is this one; a process has one thread that may
    use it."""
    matcher = _ready.get((str(index_path), threshold))
    return matcher if matcher is not None and matcher.index is open_index(index_path) else None


def _make(text: str) -> None:
    threshold, _, path = text.partition(" ")
    matcher = Matcher(open_index(Path(path)), threshold=float(threshold))
    matcher.warm(by_ear=False)
    _ready[(path, float(threshold))] = matcher
    gc.collect()
    gc.freeze()  # so that looking for garbage in a worker doesn't copy what it shares


if NAMED in os.environ:
    with contextlib.suppress(StopshipError, ValueError):  # a worker meets the same and tells it
        _make(os.environ[NAMED])
