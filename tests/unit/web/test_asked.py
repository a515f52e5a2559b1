"""Numbers and texts of an address or a form are read as strictly everywhere."""

from __future__ import annotations

import pytest
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from stopship.web.asked import fields_of, go_to, number_in, text_of, whole_number, words_of


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("999999999", 999_999_999), ("1000000000", None)]
    + [(text, None) for text in (None, "", "-1", "+1", "1.0", "1e3", " 1", "\u0663", "\u00b2", "x", "9" * 5_000)],
)
def test_a_number_is_digits_and_not_too_many(text: str | None, number: int | None) -> None:
    assert whole_number(text) == number


def test_an_address_with_another_number_leads_nowhere_and_ways_stay_below_the_root() -> None:
    request = Request({"type": "http", "path_params": {"case": "7", "job": "1e3"}, "root_path": "/desk"})
    assert number_in(request, "case") == 7
    with pytest.raises(HTTPException):
        number_in(request, "job")
    answer = go_to(request, "/cases/7?done=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/cases/7?done=1")


def test_files_are_no_fields() -> None:
    file = UploadFile(filename="x", file=None)  # type: ignore[arg-type]
    form = FormData([("a", " x "), ("b", "1"), ("b", "2"), ("f", file)])
    assert fields_of(form) == {"a": "x", "b": "2"} and fields_of(form, strip=False)["a"] == " x "
    assert text_of(form, "a") == "x" and text_of(form, "f") == text_of(form, "no") == ""
    assert words_of(form, "b") == ["1", "2"]
