"""ECCNs, the x99x series and what is subject to the EAR."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.model import Direction, Exporter, Item, Party, Role, Transaction
from stopship.rules.items import eccn_within, in_series, is_subject, jurisdiction


@pytest.mark.parametrize(
    ("named", "stated", "answer"),
    [
        ("1A004.c", "1A004.c", True),
        ("1A004.c", "1A004.c.1", True),
        ("1A004.c", "1A004", None),
        ("1A004.c", "1A004.d", False),
        ("1A995", "1A995.a", True),
        ("1A995", "1A999", False),
        ("1A995", "EAR99", False),
        ("1A995", None, None),
        ("1A004.c.1", "1A004.c.10", False),
    ],
)
def test_paragraphs(named, stated, answer):
    assert eccn_within(named, stated) is answer


@given(st.from_regex(r"[0-9][A-E][0-9]{3}(\.[a-z0-9]){0,3}", fullmatch=True))
def test_an_eccn_is_within_itself_and_within_its_heading(eccn):
    assert eccn_within(eccn, eccn) is True
    assert eccn_within(eccn[:5], eccn) is True
    assert eccn_within(eccn, eccn[:5]) is not False


def test_series():
    assert in_series("9A610.x", ["600"])
    assert in_series("9D515", ["600", "9x515"])
    assert not in_series("9A515.x", ["600"])
    assert not in_series("3A991", ["600", "9x515"])
    assert not in_series(None, ["600"])


@pytest.mark.parametrize(
    ("item", "direction", "exporter", "destination", "subject"),
    [
        (Item(), "export", "US", "CN", True),
        (Item(origin="US"), "reexport", "DE", "CN", True),
        (Item(origin="DE"), "export", "US", "CN", True),
        (Item(origin="DE"), "reexport", "DE", "CN", None),
        (Item(origin="DE", us_content_percent=25), "reexport", "DE", "CN", False),
        (Item(origin="DE", us_content_percent=25.1), "reexport", "DE", "CN", True),
        (Item(origin="DE", us_content_percent=10), "reexport", "DE", "IR", False),
        (Item(origin="DE", us_content_percent=11), "reexport", "DE", "IR", True),
        (Item(usml="XI"), "export", "US", "CN", False),
        (Item(usml="XI", eccn="3A001"), "export", "US", "CN", True),
    ],
)
def test_subject_to_the_ear(item, direction, exporter, destination, subject):
    order = Transaction((Party(Role.END_USER, "X"),), (item,), direction=Direction(direction))
    found = jurisdiction(
        item,
        stated=None,
        transaction=order,
        exporter=Exporter(exporter, exporter == "US"),
        destination=destination,
    )
    assert is_subject(found) is subject
