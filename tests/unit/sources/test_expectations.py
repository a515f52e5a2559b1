"""A well-formed list that can't be right is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stopship.errors import ListFileError
from stopship.model import Entity, Name, NameKind, Schema
from stopship.sources.catalogue import catalogue
from stopship.sources.contract import ParsedList, Reject
from stopship.sources.expectations import check_expectations

INFO = replace(catalogue()["us_csl"], canaries=())


def a_list(loaded: int, rejects: int = 0) -> ParsedList:
    bad = tuple(Reject(row, "it has no name", "") for row in range(2, 2 + rejects))
    return ParsedList("us_csl", (), rows=loaded + rejects, loaded=loaded, rejects=bad)


def test_a_usual_list_passes() -> None:
    assert check_expectations(a_list(26_000, 3), INFO, previous_loaded=25_900) == ()
    assert check_expectations(a_list(26_000), INFO) == ()


@pytest.mark.parametrize(
    ("parsed", "previous", "says"),
    [
        (a_list(4_000), None, "4,000 rows are fewer than the 15,000"),
        (a_list(90_000), None, "90,000 rows are more than the 60,000"),
        (a_list(20_000), 26_000, "shrank by 23%, from 26,000 rows to 20,000"),
        (
            a_list(20_000, 2_000),
            None,
            "2,000 of 22,000 rows (9%) could not be read; the first: row 2, it has no name",
        ),
    ],
)
def test_doubts_are_refused_unless_accepted(parsed: ParsedList, previous: int | None, says: str) -> None:
    with pytest.raises(ListFileError) as caught:
        check_expectations(parsed, INFO, previous_loaded=previous)
    assert says in str(caught.value) and "--accept" in str(caught.value)
    assert says in " ".join(check_expectations(parsed, INFO, previous_loaded=previous, accept=True))


def test_a_shrink_of_a_fifth_is_the_limit() -> None:
    assert check_expectations(a_list(20_000), INFO, previous_loaded=25_000) == ()
    with pytest.raises(ListFileError):
        check_expectations(a_list(19_999), INFO, previous_loaded=25_000)


def test_nothing_readable_can_not_be_accepted() -> None:
    with pytest.raises(ListFileError, match="none of its 5 rows could be read; the first: row 2"):
        check_expectations(a_list(0, 5), INFO, accept=True)


def test_the_number_of_rows_that_a_file_states_must_be_there() -> None:
    parsed = replace(a_list(20_000), stated_rows=20_000)
    assert check_expectations(parsed, INFO) == ()
    with pytest.raises(ListFileError, match="says that it has 20,001 rows, and has 20,000"):
        check_expectations(replace(parsed, stated_rows=20_001), INFO)


def test_well_known_entries_must_be_there_whatever_their_case_and_commas() -> None:
    known = Entity("us.sdn-1", Schema.COMPANY, (Name("Ex Ample, Ltd.", NameKind.PRIMARY), Name("EX-AM")))
    parsed = replace(a_list(20_000), entities=(known,))
    assert check_expectations(parsed, replace(INFO, canaries=("EX AMPLE LTD", "Ex Am"))) == ()
    with pytest.raises(ListFileError, match="'Other' and 1 more, which this list has had for years"):
        check_expectations(parsed, replace(INFO, canaries=("Ex Am", "Other", "Third")))
