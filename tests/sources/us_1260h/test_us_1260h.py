"""Chinese military companies, as a table of a page. The layout is unconfirmed."""

from __future__ import annotations

from pathlib import Path

from stopship.sources.catalogue import parse


def test_names_short_names_and_parents() -> None:
    parsed = parse("us_1260h", (Path(__file__).parent / "notice.html").read_bytes(), "notice.html")
    by_name = {e.caption: e for e in parsed.entities}
    avic = by_name["Aviation Industry Corporation of China Ltd. (AVIC)"]
    assert {n.text for n in avic.names} >= {"Aviation Industry Corporation of China Ltd.", "AVIC"}
    optics = by_name["Example Optics Co., Ltd."]
    assert [n.text for n in optics.names[1:]] == ["Example Optics", "EOC"]
    assert optics.remarks == "Parent as printed: Example Holding Group"
    assert {x.program for e in parsed.entities for x in e.listings} == {"us.1260h"}
