"""What workers share: made by the fork server for the index that is named, and for no other."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from stopship.bulk import ScreenOptions
from stopship.bulk.ahead import NAMED, matcher_of, named
from stopship.bulk.local import FEW_ROWS, ScreenWork, map_batches
from stopship.bulk.pool import start_method

ASK = """
from pathlib import Path
from stopship.bulk import ahead
path = Path({path!r})
made = ahead.matcher_of(path, 0.8)
print(made is not None, ahead.matcher_of(path, 0.9) is None, made is not None and made.threshold == 0.8)
"""


def asked(path: Path, environment: str | None) -> str:
    variables = {**os.environ, NAMED: environment} if environment is not None else dict(os.environ)
    code = ASK.format(path=str(path))
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_matcher_is_made_for_the_index_and_threshold_that_are_named(index_path: Path, tmp_path: Path) -> None:
    assert asked(index_path, named(index_path, 0.8)) == "True True True"
    assert asked(index_path, None) == "False True False"
    assert asked(index_path, named(tmp_path / "gone", 0.8)) == "False True False"  # a worker will say so


class WhoHasAMatcher(ScreenWork):
    """Says whether the worker found a matcher that was made ahead."""

    def __call__(self, _batch: pa.RecordBatch, _first_row: int) -> bool:  # type: ignore[override]
        return matcher_of(self.index_path, self.options.alerts_from) is not None


@pytest.mark.skipif(start_method() != "forkserver", reason="only a fork server makes anything ahead")
def test_workers_have_what_was_made_ahead(index_path: Path) -> None:
    """In a process of its own: a fork server that runs already keeps what it made first."""
    code = f"""
from pathlib import Path
from tests.unit.bulk.test_ahead import answers
print(answers(Path({str(index_path)!r})))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[True, True, True]"


def answers(index_path: Path) -> list[bool]:
    def batches() -> Iterator[tuple[pa.RecordBatch, int]]:
        for number in range(3):
            yield pa.RecordBatch.from_pydict({"name": ["Erika Mustermann"] * FEW_ROWS}), number

    work = WhoHasAMatcher(index_path, ScreenOptions())
    found = list(map_batches(work, batches(), processes=2))
    assert NAMED not in os.environ
    return found  # type: ignore[return-value]
