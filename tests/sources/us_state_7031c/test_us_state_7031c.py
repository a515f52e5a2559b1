"""Officials named under section 7031(c): a report with an item each, or a table. The layout is unconfirmed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from stopship.model import Schema
from stopship.sources.catalogue import parse

PAGE = (Path(__file__).parent / "report.html").read_bytes()


def test_items_of_a_report() -> None:
    parsed = parse("us_state_7031c", PAGE, "report.html")
    assert [(e.caption, e.countries, e.schema) for e in sorted(parsed.entities, key=lambda e: e.caption)] == [
        ("Jane Example", ("GT",), Schema.PERSON),
        ("Jean-Paul O’Sample", ("HT", "DO"), Schema.PERSON),
    ]
    listing = parsed.entities[0].listings[0]
    assert listing.program == "us.7031c" and listing.start == date(2024, 1, 1)


def test_several_reports_in_one_file() -> None:
    other = PAGE.replace(b"Jane Example", b"Joan Placeholder").replace(b"2024 Report", b"2023 Report")
    parsed = parse("us_state_7031c", PAGE + other, "reports.html")
    assert {e.caption for e in parsed.entities} == {"Jane Example", "Joan Placeholder", "Jean-Paul O’Sample"}
    assert next(e for e in parsed.entities if e.caption == "Joan Placeholder").listings[0].start == date(
        2023, 1, 1
    )


def test_a_table() -> None:
    head = b"<html><table><tr><th>Name</th><th>Country</th><th>Reason</th></tr>"
    data = head + b"<tr><td>Jane Example</td><td>Guatemala</td><td>corruption</td></tr></table>"
    parsed = parse("us_state_7031c", data, "x.html")
    assert parsed.entities[0].countries == ("GT",)
