"""License exceptions: what is printed and what bars them is evidence; a claim counts if nothing rules it out."""

from __future__ import annotations

from datetime import date

import pytest

from stopship.errors import OrderError
from stopship.rules import Outcome, Rulebook

DAY = date(2026, 8, 1)
LAW = Rulebook.load().law.on(DAY)


def order(eccn, destination, claim=None, **more):
    facts = {"item.0.license_exception": claim} if claim else {}
    return {
        "destination": destination,
        "parties": [{"role": "end_user", "name": "Example", "country": destination}],
        "items": [{"eccn": eccn}],
        "facts": facts | more.pop("facts", {}),
    } | more


def finding(desk, plain, *subjects, rule="us.ear.738.country-chart"):
    findings = desk.decide(plain, *subjects, as_of=DAY)[2].findings
    return next(f for f in findings if f.rule == rule)


def test_the_catalogue_and_the_facts_choices_are_the_same():
    assert len({section for section, _ in LAW.exceptions.titles.values()}) == 27
    assert set(Rulebook.load().facts.kinds["item.N.license_exception"].choices) == set(LAW.exceptions.titles)


def test_what_the_entry_prints_is_evidence_and_no_authorization(desk):
    found = finding(desk, order("5B001.b", "TW"))
    assert found.outcome is Outcome.LICENSE_REQUIRED
    assert any(line.startswith('5B001 prints LVS: "$5000') for line in found.evidence)
    assert any("740.2(a)(2)" in line for line in found.evidence)


def test_a_claim_that_nothing_rules_out_is_conditions(desk):
    found = finding(desk, order("5B001.b", "TW", "LVS"))
    assert found.outcome is Outcome.CONDITIONS
    assert found.text.startswith(
        "License exception LVS (15 CFR 740.3) claimed by the exporter; its conditions must"
    )
    assert "NS2" in found.text


@pytest.mark.parametrize(
    ("eccn", "destination", "claim", "why"),
    [
        ("3A981", "CN", "LVS", '3A981 prints LVS: "N/A"'),
        ("3A981", "BR", "TSR", "3A981 doesn't print TSR"),
        ("5B001.b", "CN", "LVS", "LVS is limited to B"),
        ("5B001.b", "SG", "STA", None),
        ("5B001.b", "TH", "STA", "STA is limited to A:5 or A:6"),
        ("1A101", "DE", "RPL", "740.2(a)(5)"),
        ("9A610.a", "CN", "TMP", "740.2(a)(12)"),
        ("3B001.c.2", "CN", "RPL", "740.2(a)(9)(i)"),
        ("3A001.b.2", "AE", "STA", "740.2(a)(26)"),
    ],
)
def test_what_rules_a_claim_out(desk, eccn, destination, claim, why):
    findings = desk.decide(order(eccn, destination, claim), as_of=DAY)[2].findings
    texts = [f.text for f in findings if "claim" in f.text]
    assert texts
    if why is None:
        assert any("claimed by the exporter" in text for text in texts)
    else:
        assert any(f"{claim} is claimed and doesn't count" in text and why in text for text in texts), texts


def test_government_use_of_interception_equipment_may_be_claimed_others_not(desk):
    rule = "us.ear.742.all-destinations"
    assert finding(desk, order("5A980", "GB", "GOV"), rule=rule).outcome is Outcome.CONDITIONS
    assert finding(desk, order("5A980", "GB", "TMP"), rule=rule).outcome is Outcome.LICENSE_REQUIRED
    assert finding(desk, order("5E980", "GB", "GOV"), rule=rule).outcome is Outcome.LICENSE_REQUIRED


def test_a_part_744_finding_stands_against_a_claim_even_if_it_is_only_possible(desk):
    plain = order("5B001.b", "TW", "LVS")
    for match in ("confirmed", "possible"):
        listed = desk.subject(
            plain, program="us.el", license_requirement="For all items subject to the EAR.", match=match
        )
        found = finding(desk, plain, listed)
        assert found.outcome is Outcome.LICENSE_REQUIRED
        assert "us.ear.744.entity-list stands" in found.text
    cleared = desk.subject(
        plain, program="us.el", license_requirement="For all items subject to the EAR.", match="judged_false"
    )
    assert finding(desk, plain, cleared).outcome is Outcome.CONDITIONS


GOV_ROW = (
    "For all items subject to the EAR. (See § 744.11 of the EAR) This license requirement may be overcome by "
    "License Exception GOV under § 740.11(b)(2) and (e)"
)


@pytest.mark.parametrize(
    ("claim", "requirement", "lifted"),
    [
        ("GOV", GOV_ROW, True),
        ("TMP", GOV_ROW, False),
        ("GOV", "For all items subject to the EAR. (See § 744.11 of the EAR)", False),
        (None, GOV_ROW, False),
    ],
)
def test_an_entity_list_row_yields_only_to_the_exception_that_it_names(desk, claim, requirement, lifted):
    plain = order("EAR99", "CN", claim)
    listed = desk.subject(plain, program="us.el", license_requirement=requirement, license_policy="Case-by-case")
    found = finding(desk, plain, listed, rule="us.ear.744.entity-list")
    assert (found.outcome is Outcome.CONDITIONS) is lifted
    if lifted:
        assert "the row says" in found.text


def test_an_unknown_exception_is_refused(desk):
    with pytest.raises(OrderError, match="license_exception"):
        desk.decide(order("3A981", "CN", "CIV"), as_of=DAY)


def test_unverified_bars_say_so():
    quoted = {bar.paragraph: bar.quoted for bar in LAW.exceptions.bars}
    assert quoted["740.2(a)(5)"].endswith("(unconfirmed)")
    assert not quoted["740.2(a)(17)"].endswith("(unconfirmed)")
