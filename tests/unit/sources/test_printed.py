"""Names inside of names, and values packed into one cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.model import NameKind
from stopship.sources.printed import described_as_person, names_inside, printed, split_packed, unquoted


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("KOLOKOL (AKA: ALDRICH AMES)", ["KOLOKOL", "ALDRICH AMES"]),
        ("PEARL (A.K.A. EXA-MPLE CHU) LI", ["PEARL LI", "EXA-MPLE CHU", "EXA-MPLE CHU LI"]),
        ("Sam (a.k.a Jason Sam Ple) Ple", ["Sam Ple", "Jason Sam Ple"]),
        ("JIE SAMPLE -AKA-IVY SAMPLE", ["JIE SAMPLE", "IVY SAMPLE"]),
        ("JIE SAMPLE- AKA- IVY  SAMPLE", ["JIE SAMPLE", "IVY SAMPLE"]),
        ("ZING, AKAS, ZING TECH, CORE ZING", ["ZING", "ZING TECH", "CORE ZING"]),
        ("ZING -AKAS- ZING CO, LTD, and CORE ZING, INC", ["ZING", "ZING CO, LTD", "CORE ZING, INC"]),
        ("Eric Ple a/k/a Ngi Ple", ["Eric Ple", "Ngi Ple"]),
        ("Ex) Ex (a/k/a Am Ple", ["Ex Ex", "Am Ple"]),
        ("SAMPLE AIRLINES D/B/A S7 AIRLINES", ["SAMPLE AIRLINES", "S7 AIRLINES"]),
        ("SAMPLE SERVICES, B.V. ALSO KNOWN AS DELTA, B.V.", ["SAMPLE SERVICES, B.V.", "DELTA, B.V."]),
        ("Cho Ple; a.k.a Nathan Man", ["Cho Ple", "Nathan Man"]),
        ("Sample Co., Ltd., a.k.a. Chi Co., Ltd. (Chi-SZ)", ["Sample Co., Ltd.", "Chi Co., Ltd. (Chi-SZ)"]),
        ("Sample Ltd [aka A Ltd, aka B Tech] (Hong Kong Entity), and its sub-units and successors", None),
        ("Ex Ample-ho (a.k.a Exam Pleho) (DPRK individual)", ["Ex Ample-ho", "Exam Pleho"]),
        ("Kim Ex (Kim Exam Ple) (DPRK national)", ["Kim Ex", "Kim Exam Ple"]),
        ("P Ltd. (P). Affiliated Entity: Child Ltd.", ["Child Ltd."]),
        ("P Group 13 (PG 13). Subordinate Institution - Child Chips", ["Child Chips"]),
        ("P Commission (PC), and subordinate entity Child Complex (CC)", ["Child Complex (CC)"]),
        ("Child Co., Ltd. (a subordinate institute of PG-7)", ["Child Co., Ltd."]),
        (
            "Ministry of Samples, including the Sample Forces wherever located. All in Sampleland.",
            ["Ministry of Samples"],
        ),
        ("Sample Import Co; and any successor, sub-unit, or subsidiary thereof", ["Sample Import Co"]),
        ("Dom, Carlos; Elint, S.A.", ["Dom, Carlos", "Elint, S.A."]),
        ("Sample Institute of Aerospace (SIA)", []),
        ("AKA INTEGRAL SERVICES, S. DE R.L.", []),
        ("BAZAKA AKA TRADING", []),
        ("J.A.K.A. Trading", []),
        ("SALAKA, Fkaru", []),
        ("Sample Co., Ltd.,", []),
        ("AKA", []),
        ("", []),
    ],
)
def test_names_inside(text: str, inside: list[str] | None) -> None:
    expected = ["Sample Ltd", "A Ltd", "B Tech"] if inside is None else inside
    assert [name for name, _ in names_inside(text)] == expected


def test_kinds_of_names_inside() -> None:
    assert names_inside("X Co (f.k.a., Old Co)") == [("X Co", NameKind.ALIAS), ("Old Co", NameKind.FORMER)]
    assert names_inside("K (AKA: AMES, A.)")[0] == ("K", NameKind.WEAK_ALIAS)
    assert names_inside("F.K.A. Old Office (OO)", alias=True) == [("Old Office (OO)", NameKind.FORMER)]
    assert names_inside("formerly known as Old Office", alias=True) == [("Old Office", NameKind.FORMER)]
    assert names_inside("DBA New Labs", alias=True) == [("New Labs", NameKind.ALIAS)]
    assert names_inside("AKA INTEGRAL", alias=True) == []


def test_split_packed() -> None:
    assert split_packed('A Co; B (c; d);C-24; and SKB E; "F"; G and; JSC H).;; I;') == [
        "A Co",
        "B (c; d)",
        "C-24",
        "SKB E",
        '"F"',
        "G",
        "JSC H",
        "I",
    ]
    assert split_packed("; and; ;") == []
    assert split_packed("unclosed (a; b") == ["unclosed a", "b"]


def test_quotes() -> None:
    assert unquoted('"FOOPIE"') == "FOOPIE" and unquoted("“Foo” Ltd") == "“Foo” Ltd"
    assert unquoted('"A" and "B"') == '"A" and "B"'


def test_descriptions() -> None:
    assert described_as_person("Ex Ample (Russian national); and any successor, sub-unit, or subsidiary thereof")
    assert not described_as_person("Ex Ample LLC (Russian entity)")
    assert not described_as_person("International (INT)")


@given(st.text(max_size=80))
def test_nothing_breaks_and_nothing_is_empty(text: str) -> None:
    whole = printed(text)
    for alias in (False, True):
        found = names_inside(text, alias=alias)
        assert all(name and name == printed(name) and name != whole for name, _ in found)
        assert len({name for name, _ in found}) == len(found)
    assert all(value and value == value.strip() for value in split_packed(text))


@given(st.lists(st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8})?", fullmatch=True), max_size=6))
def test_what_is_packed_is_unpacked(values: list[str]) -> None:
    assert split_packed("; ".join(values)) == values
