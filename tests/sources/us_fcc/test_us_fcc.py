"""The FCC's Covered List, as a page and as a CSV. The layout is unconfirmed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from stopship.sources.catalogue import parse

HERE = Path(__file__).parent


def test_companies_are_read_out_of_the_sentences() -> None:
    parsed = parse("us_fcc", (HERE / "coveredlist.html").read_bytes(), "coveredlist.html")
    assert sorted(e.caption for e in parsed.entities) == [
        "AO Kaspersky Lab",
        "China Mobile International USA Inc.",
        "ComNet (USA) LLC",
        "Hangzhou Hikvision Digital Technology Company",
        "Huawei Technologies Company",
        "Pacific Networks Corp",
    ]
    assert parsed.rows == parsed.loaded == 5
    assert parsed.warnings == ("not read: 1 rows that cover equipment and name no company",)
    huawei = next(e for e in parsed.entities if e.caption.startswith("Huawei")).listings[0]
    assert (huawei.program, huawei.start) == ("us.fcc", date(2021, 3, 12))
    assert huawei.remarks.startswith(
        "Telecommunications equipment produced by Huawei Technologies Company, including"
    )


def test_a_csv_has_subsidiaries_as_entities_of_their_own() -> None:
    parsed = parse("us_fcc", (HERE / "coveredlist.csv").read_bytes(), "coveredlist.csv")
    assert {e.caption for e in parsed.entities} == {
        "Huawei Technologies Company",
        "Example Telecom (ET)",
        "Example Telecom Americas Inc.",
        "Example Telecom Pacific",
    }
    page = parse("us_fcc", (HERE / "coveredlist.html").read_bytes(), "coveredlist.html")
    assert {e.id for e in parsed.entities} & {e.id for e in page.entities}
