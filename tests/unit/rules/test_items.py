"""ECCNs, their series and what is subject to the EAR."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.model import Direction, Exporter, Item, Party, Role, Transaction
from stopship.model.order import read_order
from stopship.rules import Outcome
from stopship.rules.items import at_only_series, eccn_within, in_series, is_subject, jurisdiction
from stopship.rules.situation import Situation


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


def test_at_only_series():
    assert at_only_series("6A993") and at_only_series("3A991.a.1")
    assert not any(at_only_series(eccn) for eccn in ("3A001", "EAR99", "5A980", None))


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


REEXPORT = {"direction": "reexport", "exporter": {"country": "KR", "us_person": "false"}}


def reexport(eccn, destination, content=None, **more):
    item = {"eccn": eccn, "origin": "KR", "us_content_percent": content}
    parties = [{"role": "end_user", "name": "Example", "country": destination}]
    return REEXPORT | {"destination": destination, "parties": parties, "items": [item]} | more


@pytest.mark.parametrize(
    ("content", "destination", "facts", "subject"),
    [
        ("20", "CN", {}, False),
        ("20", "KP", {}, True),
        ("20", "CU", {}, True),
        ("9", "CU", {}, False),
        ("9", "CN", {"item.0.no_de_minimis_level": "true"}, True),
        ("9", "CN", {"item.0.no_de_minimis_level": "false"}, False),
        ("9", "CN", {"item.0.direct_product_footnote_1": "true"}, True),
        ("9", "CN", {"item.0.direct_product_iran": "false"}, False),
        (None, "CN", {}, None),
        (None, "CN", {"item.0.direct_product_national_security": "true"}, True),
        (None, "CN", {"item.0.subject_to_ear": "false", "item.0.no_de_minimis_level": "true"}, False),
    ],
)
def test_de_minimis_and_direct_products(book, content, destination, facts, subject):
    order = read_order(reexport("5A992.c", destination, content, facts=facts))
    situation = Situation(order, book.facts, as_of=date(2026, 8, 1), exporter=order.exporter, law=book.law)
    assert situation.subject_to_ear(situation.items[0]) is subject


@pytest.mark.parametrize(
    ("requirement", "fact"),
    [
        ("(See §§ 734.9(e)(1) and 744.11 of the EAR)1,2", "direct_product_footnote_1"),
        ("(See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)", "direct_product_footnote_3"),
        ("(See §§ 734.9(e) and 744.11 of the EAR)4", "direct_product_footnote_4"),
        ("(See §§ 734.9(e)(3) and 744.11 of the EAR)5", "direct_product_footnote_5"),
        ("(See § 744.11 of the EAR)9", "subject_to_ear"),
    ],
)
def test_a_footnote_asks_for_its_own_direct_product_rule(desk, requirement, fact):
    plain = reexport("EAR99", "CN", "5")
    row = f"For all items subject to the EAR. {requirement}"
    listed = desk.subject(plain, program="us.el", license_requirement=row, license_policy="Presumption of denial")

    def outcome(**facts):
        order = plain | {"facts": {f"item.0.{key}": value for key, value in facts.items()}}
        findings = desk.decide(order, listed, as_of=date(2026, 8, 1))[2].findings
        return next(f for f in findings if f.rule == "us.ear.744.entity-list")

    assert outcome().missing_facts == (f"item.0.{fact}",)
    assert outcome(**{fact: "true"}).outcome is Outcome.LICENSE_REQUIRED
    assert not outcome(**{fact: "false"}).effective


def test_without_a_footnote_a_small_share_stays_outside(desk):
    plain = reexport("EAR99", "CN", "5")
    listed = desk.subject(plain, program="us.el", license_requirement="For all items subject to the EAR.")
    findings = desk.decide(plain, listed, as_of=date(2026, 8, 1))[2].findings
    assert not next(f for f in findings if f.rule == "us.ear.744.entity-list").effective
