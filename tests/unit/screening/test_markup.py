"""What a notebook shows: all that a compliance officer looks for, and nothing that a name could smuggle in."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.app.indexes import starter_index
from stopship.matching import Evidence, IndexedList, Matcher, Query, compare_names
from stopship.matching import Index as NameIndex
from stopship.matching.markup import marked
from stopship.matching.shown import as_html, link, text
from stopship.model.entity import Entity, Name
from stopship.model.listing import Listing
from stopship.model.order import read_order
from stopship.model.values import NameKind, Schema
from stopship.rules import Rulebook
from stopship.screening import Screener

EVIL = '<script>alert("1")</script><img src=x onerror=alert(2)>'
TAGS = {
    "a", "bdi", "br", "code", "details", "li", "mark", "ol", "p", "small", "strong", "summary", "table", "tbody",
    "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {"dir", "scope", "href", "target", "rel"}


class Page(HTMLParser):
    """Parses a page, holds it to the elements that are allowed, and keeps its text and links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.links, self.marks, self.open = "", [], [], []  # type: ignore[var-annotated]
        self.feed(page)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES, (tag, name)
            if name == "href":
                assert value is not None
                assert value.startswith("https://"), value
                self.links.append(value)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data
        if "mark" in self.open:
            self.marks.append(data)


@pytest.fixture(scope="module")
def index() -> NameIndex:
    """A list whose every printed text is an attack."""
    listing = Listing(
        source="custom", program="custom.test", name=f"Muster {EVIL}", start=date(2020, 1, 1),
        citation=f"84 FR 1 {EVIL}", url=f"javascript:{EVIL}", license_requirement=EVIL, license_policy=EVIL,
        caveat=EVIL, remarks=EVIL,
    )  # fmt: skip
    names = (Name(f"Fiktivoptik {EVIL}", NameKind.PRIMARY), Name("Fiktivoptik", NameKind.ALIAS))
    entity = Entity(f"test-{EVIL}", Schema.COMPANY, names, countries=("CN",), listings=(listing,))
    listed = IndexedList(f"custom{EVIL}", "sha256:0", date(2026, 7, 31), None, 1, None, "custom")
    return NameIndex.build([(listed, [entity])])


def test_a_name_with_a_script_in_it_is_text_everywhere(index: NameIndex) -> None:
    order = read_order(
        {
            "destination": "CN",
            "end_use": EVIL,
            "parties": [
                {"role": "end_user", "name": f"Fiktivoptik {EVIL}", "address": EVIL, "owners": [{"name": EVIL}]},
                {"role": "bank", "name": "Fiktivoptik"},
            ],
            "items": [{"description": EVIL, "eccn": "6A993"}],
        }
    )
    decision = Screener(index, Rulebook.load()).screen(order, as_of=date(2026, 8, 1))
    assert Page(as_html(decision)).words.count(EVIL) > 5
    matches = Matcher(index).match(Query(f"Fiktivoptik {EVIL}"))
    assert matches
    assert EVIL in Page(as_html(matches[0])).words
    assert EVIL in Page(as_html(compare_names(f"Muster {EVIL}", "Muster"))).words


def test_links_lead_to_the_web_or_are_none() -> None:
    assert Page(link("84 FR 1", "https://example.org/?a=1&b='\"<")).links == ["https://example.org/?a=1&b='\"<"]
    for address in ("javascript:alert(1)", "data:text/html,x", "", "//example.org", " https://example.org"):
        assert link("<84 FR 1>", address) == "&lt;84 FR 1&gt;"


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(-2, 32), st.integers(-2, 32)), max_size=5))
def test_a_marked_name_is_the_name_whatever_the_spans(name: str, spans: list[tuple[int, int]]) -> None:
    evidence = [
        Evidence("token", relation, "", "", 0.0, "", (span,), (span,))
        for span, relation in zip(spans, ("match", "mismatch", "unknown", "match", "mismatch"), strict=False)
    ]
    words = Page(marked(name, evidence, ours=True)).words
    assert words.replace("\r", "\n") == Page(text(name)).words.replace("\r", "\n")


def test_a_decision_shows_outcome_party_listed_name_score_evidence_and_citation() -> None:
    order = read_order(
        {
            "destination": "CN",
            "parties": [{"role": "end_user", "name": "Hangzhou Hikvison Digital", "country": "CN"}],
            "items": [{"eccn": "6A993"}],
        }
    )
    decision = Screener(starter_index(), Rulebook.load()).screen(order, as_of=date(2026, 8, 1))
    page = Page(decision._repr_html_())
    finding: Any = decision.findings[0]
    for words in (
        "REVIEW", "as of 2026-08-01", "Hangzhou Hikvison Digital", "if confirmed: license required",
        finding.match.name.text, f"{finding.match.score:.2f}", finding.match.band.value, "possible",
        finding.finding.listing.license_policy, "us.ear.744.entity-list", "starter", decision.index,
        "end_user.military",
    ):  # fmt: skip
        assert words in page.words, words
    assert "https://www.federalregister.gov/citation/84-FR-54002" in page.links
    assert {"Hangzhou", "Hikvison"} <= set(page.marks)


def test_matches_and_comparisons_mark_the_words_as_they_are_printed() -> None:
    match = Matcher(starter_index()).match(Query("HANGZHOU Hikvison DIGITAL"))[0]
    page = Page(match._repr_html_())
    assert {"HANGZHOU", "Hikvison", "DIGITAL", "Hikvision"} <= set(page.marks)
    assert match.entity.id in page.words
    assert page.links
    found = compare_names("Siemens Energy AG", "Siemens AG")
    page = Page(found._repr_html_())
    assert page.marks.count("Siemens") == 2
    assert "Energy" not in page.marks
    assert f"{found.score:.2f}" in page.words
