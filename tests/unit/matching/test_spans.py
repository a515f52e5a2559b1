"""Where the words of a name stand in what is printed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stopship.matching import Evidence, compare_names
from stopship.matching.spans import token_spans
from stopship.model.values import Schema
from stopship.names import analyze

C, P, V = Schema.COMPANY, Schema.PERSON, Schema.VESSEL


def printed(text: str, schema: Schema, reading: int = 0) -> list[tuple[str, str | None]]:
    tokens = analyze(text, schema.value).readings[reading].tokens
    spans = token_spans(text, tokens)
    return [(t.text, text[s[0] : s[1]] if s else None) for t, s in zip(tokens, spans, strict=True)]


@pytest.mark.parametrize(
    ("text", "schema", "expected"),
    [
        ("Hikvision Co., Ltd.", C, [("hikvision", "Hikvision"), ("coltd", "Co., Ltd.")]),
        ("SIS d.o.o.", C, [("sis", "SIS"), ("doo", "d.o.o.")]),
        ("Müller & Söhne", C, [("muller", "Müller"), ("and", "&"), ("sohne", "Söhne")]),
        ("ToyokumoInc.", C, [("toyokumo", "Toyokumo"), ("inc", "Inc.")]),
        ("CETC 38th Institute", C, [("cetc", "CETC"), ("38", "38th"), ("institute", "Institute")]),
        (
            "Shihezi Municpality Bureau",
            C,
            [("shihezi", "Shihezi"), ("municipality", "Municpality"), ("bureau", "Bureau")],
        ),
        ("\u200bHіkvision Ltd", C, [("hikvision", "Hіkvision"), ("ltd", "Ltd")]),
        (
            "AKTSIONERNNOE OBSHCHESTVO RT",
            C,
            [("aktsionernoeobshchestvo", "AKTSIONERNNOE OBSHCHESTVO"), ("rt", "RT")],
        ),
        ("海康威視", C, [("hikvision", "海康威視")]),
        (
            "杭州海康威视数字技术",
            C,
            [("hangzhou", "杭州"), ("hikvision", "海康威视"), ("digital", "数字"), ("technology", "技术")],
        ),
        ("新疆维吾尔自治区公安厅", C, [("xinjiang", "新疆维吾尔自治区"), ("publicsecuritybureau", "公安厅")]),
        ("ООО Роснефть", C, [("ooo", "ООО"), ("rosneft", "Роснефть")]),
        (
            "Общество с ограниченной ответственностью «Роснефть»",
            C,
            [("limitedliabilitycompany", "Общество с ограниченной ответственностью"), ("rosneft", "Роснефть")],
        ),
        ("王晓明", P, [("wang", "王"), ("xiaoming", "晓明")]),
        ("AL-ZAHRANI, Faysal", P, [("al", "AL"), ("zahrani", "ZAHRANI"), ("faysal", "Faysal")]),
        ("Prigozhin Y.V.", P, [("prigozhin", "Prigozhin"), ("y", "Y."), ("v", "V.")]),
        ("José O’Neill", P, [("jose", "José"), ("oneill", "O’Neill")]),
        ("محمد بن سلمان", P, [("muhammad", "محمد"), ("bin", "بن"), ("salman", "سلمان")]),
        ("M/V OCEAN STAR II", V, [("mv", "M/V"), ("ocean", "OCEAN"), ("star", "STAR"), ("2", "II")]),
        ("EP-MNA", Schema.AIRPLANE, [("epmna", "EP-MNA")]),
    ],
)
def test_every_token_has_its_place(text: str, schema: Schema, expected: list[tuple[str, str]]) -> None:
    assert printed(text, schema) == expected


def test_a_part_of_a_name_has_its_place_in_the_whole() -> None:
    text = "X Trading formerly Hikvision"
    tokens = next(
        r.tokens for r in analyze(text, "Company").readings if [t.text for t in r.tokens] == ["hikvision"]
    )
    assert token_spans(text, tokens) == ((19, 28),)


def test_where_it_cannot_be_told_there_is_none() -> None:
    tokens = analyze("China Electronics Technology Group", "Company").tokens
    assert token_spans("CETC", tokens) == (None,) * len(tokens)


WORDS = [
    "Hangzhou",
    "Müller",
    "Hikvision",
    "Zzyzx",
    "38th",
    "Petrov",
    "d.o.o.",
    "Smith-Jones",
    "O'Brien",
    "Ltd.",
    "(KRL)",
]
SCRIPTS = [
    *WORDS, "海康威视", "公安厅", "Роснефть", "شركة", "الفجر", "삼성전자", "シュミット", "בע״מ", "&", "\u200f",
    "Hіkvision",
    "e\u0301", "𠮷", "鴔", "ﬁ", "Co., Ltd.", "A.R.",
]  # fmt: skip
schemas = st.sampled_from(list(Schema))


def laid(text: str, schema: Schema) -> None:
    for reading in analyze(text, schema.value).readings:
        spans = [span for span in token_spans(text, reading.tokens) if span]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        spans.sort()
        assert all(one[1] <= other[0] for one, other in pairwise(spans)), (text, spans)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SCRIPTS), min_size=1, max_size=6).map(" ".join), schemas)
def test_spans_lie_within_the_text_and_do_not_overlap(text: str, schema: Schema) -> None:
    if text.strip("\u200f "):
        laid(text, schema)


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=20), schemas)
def test_spans_of_any_text_lie_within_it(text: str, schema: Schema) -> None:
    try:
        analyze(text, schema.value)
    except ValueError:
        return
    laid(text, schema)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Hangzhou", "Zzyzx", "Petrov", "Hikvision", "Trading", "Ltd", "38", "Urumqi"]),
        min_size=1,
        max_size=6,
    ),
    schemas,
)
def test_every_token_of_a_plain_name_has_a_span(words: list[str], schema: Schema) -> None:
    text = " ".join(dict.fromkeys(words))
    assert None not in token_spans(text, analyze(text, schema.value).tokens)


def spans_of(lines: tuple[Evidence, ...], text: str, *, ours: bool) -> list[str]:
    return [text[a:b] for line in lines for a, b in (line.ours_spans if ours else line.theirs_spans)]


def test_evidence_carries_the_spans_of_both_names() -> None:
    left, right = "杭州海康威视数字技术股份有限公司", "Hangzhou Hikvison Digital Technology LLC"
    lines = compare_names(left, right, C).evidence
    assert sorted(spans_of(lines, left, ours=True)) == sorted(["杭州", "海康威视", "数字", "技术", "股份有限公司"])
    assert sorted(spans_of(lines, right, ours=False)) == sorted(
        ["Hangzhou", "Hikvison", "Digital", "Technology", "LLC"]
    )


@example(left="Hangzhou", right="Hangzhou شركة A.R.", schema=Schema.ORGANIZATION)
@example(left="Ltd.", right="Hangzhou Ltd.", schema=Schema.ORGANIZATION)
@example(left="Hangzhou d.o.o. Hangzhou", right="Hangzhou d.o.o.", schema=Schema.ORGANIZATION)
@settings(max_examples=100, deadline=None)
@given(
    left=st.lists(st.sampled_from(SCRIPTS), min_size=1, max_size=5).map(" ".join),
    right=st.lists(st.sampled_from(SCRIPTS), min_size=1, max_size=5).map(" ".join),
    schema=schemas,
)
def test_spans_of_evidence_do_not_overlap(left: str, right: str, schema: Schema) -> None:
    try:
        lines = compare_names(left, right, schema).evidence
    except ValueError:
        return
    for ours, text in ((True, left), (False, right)):
        spans = sorted(span for line in lines for span in (line.ours_spans if ours else line.theirs_spans))
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
