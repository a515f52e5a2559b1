"""The executed matrix: what the law says of hundreds of transactions, worked out by hand, against our answers."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.rulebook.cases import PARTS, MatrixCase, answer, problems, read_matrix

from stopship.errors import OrderError
from stopship.rules import Rulebook
from stopship.rules.outcome import Outcome

BOOK = Rulebook.load()
CASES = read_matrix()


def _param(case: MatrixCase, waits: bool):
    marks = ()
    if waits:
        marks = (pytest.mark.xfail(strict=False, reason=f"waits for part {case.waits_for}"),)
    return pytest.param(case, id=f"{case.file.removesuffix('.yml')}:{case.id}", marks=marks)


@pytest.mark.parametrize("case", [_param(case, bool(case.waits_for)) for case in CASES])
def test_the_law_is_answered(case: MatrixCase) -> None:
    found = problems(BOOK, case)
    assert not found, case.says() + "".join(f"\n  {line}" for line in found)


@pytest.mark.parametrize(
    "case",
    [_param(case, case.false_clear) for case in CASES if case.outcomes and Outcome.CLEAR not in case.outcomes],
)
def test_nothing_is_clear_that_the_law_restricts(case: MatrixCase) -> None:
    """The one thing that must never happen, apart from what else an answer may have wrong."""
    try:
        got = answer(BOOK, case)
    except OrderError:
        return  # An order that is refused is not let go.
    assert got.outcome is not Outcome.CLEAR, f"FALSE CLEAR\n{case.says()}"


def test_the_matrix_is_large_and_its_ids_are_its_own() -> None:
    ids = [case.id for case in CASES]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert len(CASES) >= 170
    assert all(case.decides and case.because for case in CASES)
    assert all(case.outcomes or "error" in case.expect for case in CASES)
    assert {case.waits_for for case in CASES} <= {None, *PARTS}


def test_clear_stays_possible() -> None:
    """A program that never says clear is of no use: a good part of the matrix is free to go."""
    free = [case for case in CASES if case.outcomes == (Outcome.CLEAR,)]
    assert len(free) >= 40
