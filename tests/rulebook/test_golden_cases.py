"""The golden cases: what must come out of orders that lawyers have answered, with the paragraph that decides each.

Rows are printed as the lists of July 2026 print them. Unless said otherwise the day is 2026-03-01.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from stopship.model.values import Direction
from stopship.rules import Outcome, Rulebook, combine
from stopship.rules.examples import evaluate_example
from stopship.rules.finding import Finding
from stopship.rules.rule import Example

BOOK = Rulebook.load()
DAY = date(2026, 3, 1)

PROHIBITED, LICENSE, INDETERMINATE = Outcome.PROHIBITED, Outcome.LICENSE_REQUIRED, Outcome.INDETERMINATE
REVIEW, CONDITIONS, CLEAR = Outcome.REVIEW, Outcome.CONDITIONS, Outcome.CLEAR
DENIAL, POLICY, CASE = "presumption_of_denial", "policy_of_denial", "case_by_case"

SPLIT_POLICY = (
    "Case-by-case review for ECCNs 1A004.c, 1A004.d, 1A995, 1A999.a, 1D003, 2A983, 2D983, and 2E983, and for "
    "EAR99 items described in the Note to ECCN 1A995; case-by-case review for items necessary to detect, identify "
    "and treat infectious disease; and presumption of denial for all other items subject to the EAR."
)
HIKVISION = {
    "program": "us.el",
    "name": "Hangzhou Hikvision Digital Technology Co., Ltd.",
    "start": "2019-10-09",
    "citation": "84 FR 54002; 85 FR 44159",
    "license_requirement": "For all items subject to the EAR. (See §744.11 of the EAR)",
    "license_policy": SPLIT_POLICY,
}
DAHUA = HIKVISION | {
    "name": "Dahua Technology",
    "citation": "84 FR 54002; 85 FR 44159; 87 FR 62202",
    "license_requirement": "For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR)4",
    "license_policy": "Presumption of denial",
}
REPAIR_PLANT = {
    "program": "us.el",
    "name": "Joint Stock Company 502 Military-Technical Property Repair Plant",
    "license_requirement": "For all items subject to the EAR. (See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of "
    "the EAR)",
    "license_policy": "Policy of denial for all items subject to the EAR apart from food and medicine designated "
    "as EAR99, which will be reviewed on a case-by-case basis. See §§ 746.8(b) and 744.21(e)",
}
LUARD_ROAD = {
    "program": "us.el",
    "name": "Address 01",
    "schema": "Address",
    "how": "address",
    "start": "2024-06-18",
    "license_requirement": "For items on the CCL and listed in supplement no. 7 to part 746 of the EAR",
    "license_policy": "Presumption of denial",
}
KHAN = {
    "program": "us.el",
    "name": "Abdul Qader Khan Research Laboratories (AQKRL)",
    "citation": "63 FR 64322, 11/19/98",
    "license_requirement": "For all items subject to the EAR",
    "license_policy": "Case-by-case for all items listed on the CCL. Presumption of approval for EAR99 items",
}
ROSNEFT = {
    "program": "us.el",
    "name": "Rosneft Trade Limited",
    "start": "2015-09-02",
    "license_requirement": "For all items subject to the EAR when used in projects specified in § 746.8(a)(4) of "
    "the EAR",
    "license_policy": "See § 746.8(b)(2) of the EAR",
}
BLUE_SKY = {"program": "us.sdn", "name": "BLUE SKY AVIATION CO FZE", "tags": ["SDGT"]}
GERTLER = {"program": "us.sdn", "name": "GERTLER FAMILY FOUNDATION", "tags": ["GLOMAG"]}
NORDIC = {
    "program": "us.dpl",
    "name": "NORDIC MARITIME PTE. LTD.",
    "start": "2020-03-11",
    "end": "2035-03-08",
    "standard_order": "yes",
}
TELECOM = {"program": "us.cmic", "name": "China Telecom Corporation Limited", "tags": ["CMIC-EO13959"]}


@dataclass(frozen=True)
class Case:
    """One golden case.

    Attributes:
        order: fields of the order; `to` is the destination and the country of the one party.
        listed: listings of the party; of an owner where the key says so.
        outcome: of the order, or any of several.
        rule: a finding that must be there, with these further fields.
        cites: what that finding, or any, must cite.
    """

    name: str
    order: Mapping[str, Any]
    outcome: tuple[Outcome, ...] | Outcome
    rule: str | None = None
    listed: Mapping[str, Any] = field(default_factory=dict)
    day: date = DAY
    finding: Mapping[str, Any] = field(default_factory=dict)
    cites: str | None = None
    not_rule: str | None = None
    question: str | None = None


def sale(to: str, name: str = "Example Ltd.", role: str = "end_user", **fields: Any) -> dict[str, Any]:
    party = {"role": role, "name": name, "country": to}
    for key in ("address", "owners"):
        if key in fields:
            party[key] = fields.pop(key)
    item = {key: fields.pop(key) for key in ("eccn", "hts", "description") if key in fields}
    return {"destination": to, "parties": [party], "items": [item], **fields}


def owned(*stakes: str) -> list[dict[str, Any]]:
    """Owners one above the other, the last one the listed: `owned("50", "49")` is A with 50%, of which the listed
    has 49%."""
    owners: list[dict[str, Any]] = []
    for number, share in reversed(list(enumerate(stakes))):
        owners = [{"name": f"Owner {number}", "share": share, "owners": owners}]
    return owners


EL = "us.ear.744.entity-list"
AFFILIATES = "us.ear.744.affiliates"
CAMERA_TO_SUBSIDIARY = sale(
    "CN", "Example Subsidiary", eccn="6A993", owners=owned("60"), end_use="traffic monitoring"
)
KIT = sale("CN", "Hikvision", eccn="EAR99", description="infectious-disease test kit")
CAMERA = sale("CN", "Hikvision", eccn="6A993", end_use="traffic monitoring")
CHAIR = {"eccn": "EAR99", "description": "office chair"}
SERVER = {"eccn": "EAR99", "description": "server"}

CASES = [
    Case("3A981 to China", sale("CN", eccn="3A981"), LICENSE),
    Case("3A981 to Hong Kong, as China", sale("HK", eccn="3A981"), LICENSE),
    Case("3A981 to Japan, none by the chart", sale("JP", eccn="3A981"), CLEAR),
    Case(
        "6A993 to China, unlisted civil user: none by the chart, 744.9 is asked",
        sale("CN", "Example Traffic Ltd.", eccn="6A993", end_use="traffic monitoring"),
        CLEAR,
        question="end_user.military",
    ),
    Case(
        "6A993 to Hikvision",
        CAMERA,
        LICENSE,
        EL,
        {"0": HIKVISION},
        finding={"review_policy": DENIAL},
        cites="744.11",
    ),
    Case(
        "2A983 to Hikvision is reviewed case by case",
        sale("CN", "Hikvision", eccn="2A983"),
        LICENSE,
        EL,
        {"0": HIKVISION},
        finding={"review_policy": CASE},
        cites="84 FR 54002",
    ),
    Case(
        "2A983 to Dahua is under a presumption of denial, as printed",
        sale("CN", "Dahua", eccn="2A983"),
        LICENSE,
        EL,
        {"0": DAHUA},
        finding={"review_policy": DENIAL},
    ),
    Case(
        "infectious-disease test kit to Hikvision before 85 FR 44159",
        KIT,
        LICENSE,
        EL,
        {"0": HIKVISION},
        date(2020, 1, 15),
        {"review_policy": DENIAL},
    ),
    Case(
        "infectious-disease test kit to Hikvision since 85 FR 44159",
        KIT,
        LICENSE,
        EL,
        {"0": HIKVISION},
        finding={"review_policy": CASE},
        cites="85 FR 44159",
    ),
    Case(
        "6A993 to Hikvision on 2019-09-01: not listed yet",
        CAMERA,
        CLEAR,
        listed={"0": HIKVISION},
        day=date(2019, 9, 1),
        not_rule=EL,
    ),
    Case(
        "6A993 to Hikvision on 2019-10-09",
        CAMERA,
        LICENSE,
        EL,
        {"0": HIKVISION},
        date(2019, 10, 9),
        cites="84 FR 54002",
    ),
    Case("5A980 to the United Kingdom", sale("GB", eccn="5A980"), LICENSE),
    Case("EAR99 to Iran is never clear", sale("IR", eccn="EAR99"), (PROHIBITED, LICENSE), cites="746.7(e)"),
    Case(
        "EAR99 server with its tariff code to an unlisted firm in Russia",
        sale("RU", hts="847150", **SERVER),
        LICENSE,
        finding={"review_policy": POLICY},
        cites="746.8",
    ),
    Case(
        "the same server without its tariff code",
        sale("RU", **SERVER),
        INDETERMINATE,
        finding={"missing": "item.0.hts"},
    ),
    Case(
        "food to JSC 502 Repair Plant",
        sale("RU", "JSC 502 Repair Plant", eccn="EAR99", description="food"),
        LICENSE,
        EL,
        {"0": REPAIR_PLANT},
        finding={"review_policy": CASE},
    ),
    Case(
        "a server to JSC 502 Repair Plant",
        sale("RU", "JSC 502 Repair Plant", hts="847150", **SERVER),
        LICENSE,
        EL,
        {"0": REPAIR_PLANT},
        finding={"review_policy": POLICY},
    ),
    Case(
        "3A991 to an unlisted firm at a listed address",
        sale("HK", "Sample Trading", eccn="3A991", address="Unit D, 16/F, 18 Luard Road, Hong Kong"),
        LICENSE,
        "us.ear.744.entity-list-address",
        {"0": LUARD_ROAD},
        finding={"review_policy": DENIAL},
        cites="744.16(a)",
    ),
    Case(
        "an EAR99 desk lamp to it isn't a matter of a license, once Supplement No. 7 is looked up",
        sale(
            "HK",
            "Sample Trading",
            eccn="EAR99",
            description="desk lamp",
            address="Unit D, 16/F, 18 Luard Road, Hong Kong",
            facts={"item.0.supp_7_746": "no"},
        ),
        CLEAR,
        listed={"0": LUARD_ROAD},
    ),
    Case(
        "a camera of 9 Hz to an unlisted army unit in China",
        sale("CN", "Army Unit 00000", eccn="6A993.a", description="9 Hz thermal camera"),
        LICENSE,
        "us.ear.744.cameras",
        cites="744.9",
    ),
    Case(
        "Hikvision as carrier: a red flag",
        sale("CN", "Hikvision", role="carrier", eccn="6A993", end_use="traffic monitoring"),
        CONDITIONS,
        "us.ear.744.entity-list-other-roles",
        {"0": HIKVISION},
        not_rule=EL,
        cites="748.5",
    ),
    Case(
        "Hikvision as bank: review",
        sale("CN", "Hikvision", role="bank", eccn="6A993", end_use="traffic monitoring"),
        REVIEW,
        "us.ear.744.entity-list-bank",
        {"0": HIKVISION},
        not_rule=EL,
        cites="748.5",
    ),
    Case(
        "EAR99 to A.Q. Khan Research Laboratories",
        sale("PK", "A.Q. Khan Research Laboratories", eccn="EAR99"),
        LICENSE,
        EL,
        {"0": KHAN},
        finding={"review_policy": "presumption_of_approval"},
    ),
    Case(
        "3A991 to A.Q. Khan Research Laboratories",
        sale("PK", "A.Q. Khan Research Laboratories", eccn="3A991"),
        LICENSE,
        EL,
        {"0": KHAN},
        finding={"review_policy": CASE},
    ),
    Case(
        "a chair to Rosneft Trade Limited for office use",
        sale("CY", "Rosneft Trade Limited", **CHAIR, end_use="office use"),
        CLEAR,
        listed={"0": ROSNEFT},
        not_rule=EL,
    ),
    Case(
        "a chair to Rosneft Trade Limited for a use that nobody knows",
        sale("CY", "Rosneft Trade Limited", **CHAIR, end_use="unknown"),
        INDETERMINATE,
        EL,
        {"0": ROSNEFT},
        finding={"missing": "end_use.project_746_8_a_4"},
    ),
    Case(
        "a chair to Rosneft Trade Limited for Arctic offshore drilling",
        sale("CY", "Rosneft Trade Limited", **CHAIR, end_use="Arctic offshore drilling"),
        LICENSE,
        EL,
        {"0": ROSNEFT},
        finding={"review_policy": POLICY},
    ),
    Case(
        "EAR99 to Blue Sky Aviation [SDGT]",
        sale("AE", "Blue Sky Aviation", eccn="EAR99"),
        PROHIBITED,
        "us.ear.744.sdn",
        {"0": BLUE_SKY},
        cites="744.8",
    ),
    Case(
        "EAR99 to the Gertler Family Foundation [GLOMAG]: blocked, not under 744.8",
        sale("CD", "Gertler Family Foundation", eccn="EAR99"),
        PROHIBITED,
        "us.ofac.sdn",
        {"0": GERTLER},
        not_rule="us.ear.744.sdn",
    ),
    Case(
        "EAR99 to Nordic Maritime, under an order to 2035",
        sale("SG", "Nordic Maritime", eccn="EAR99"),
        PROHIBITED,
        "us.ear.764.denied-persons",
        {"0": NORDIC},
        cites="764.3(a)(2)",
    ),
    Case(
        "an SDN owns 50% of A, which owns 50% of B: blocked",
        sale("AE", "B", eccn="EAR99", owners=owned("50", "50")),
        PROHIBITED,
        "us.ofac.fifty-percent",
        {"0:0.0": GERTLER},
        cites="FAQ 401",
    ),
    Case(
        "with 49% at the first tier: not blocked",
        sale("AE", "B", eccn="EAR99", owners=owned("50", "49")),
        CONDITIONS,
        "us.ear.732.listed-owner",
        {"0:0.0": GERTLER},
        not_rule="us.ofac.fifty-percent",
    ),
    Case(
        "a camera to a firm 60% owned by Hikvision, in force",
        CAMERA_TO_SUBSIDIARY,
        LICENSE,
        AFFILIATES,
        {"0:0": HIKVISION},
        date(2025, 10, 15),
        {"status": "in_force"},
        cites="90 FR 47201",
    ),
    Case(
        "the same, stayed: reported without effect",
        CAMERA_TO_SUBSIDIARY,
        CONDITIONS,
        AFFILIATES,
        {"0:0": HIKVISION},
        finding={"status": "suspended", "outcome": "license_required"},
        cites="90 FR 50857",
    ),
    Case(
        "the same after the stay: a license, unconfirmed",
        CAMERA_TO_SUBSIDIARY,
        LICENSE,
        AFFILIATES,
        {"0:0": HIKVISION},
        date(2026, 11, 23),
        {"status": "unconfirmed"},
    ),
    Case(
        "3A090.a to the United Kingdom: not clear, unconfirmed",
        sale("GB", eccn="3A090.a"),
        (LICENSE, INDETERMINATE),
        "us.ear.742.advanced-computing",
        finding={"status": "unconfirmed"},
        cites="742.6(a)(6)(iii)(A)",
    ),
    Case(
        "an office chair to China Telecom: a red flag for the sale",
        sale("CN", "China Telecom", **CHAIR, end_use="office use"),
        CONDITIONS,
        "us.ofac.ns-cmic-red-flag",
        {"0": TELECOM},
        finding={"scope": "export", "outcome": "conditions"},
        cites="13959",
    ),
    Case(
        "China Telecom's securities: prohibited",
        sale("CN", "China Telecom", **CHAIR, end_use="office use"),
        CONDITIONS,
        "us.ofac.ns-cmic",
        {"0": TELECOM},
        finding={"scope": "investment", "outcome": "prohibited"},
        cites="FAQ 857",
    ),
]


def marked(case: Case) -> Any:
    return pytest.param(case, id=case.name)


def has(finding: Finding, wanted: Mapping[str, Any]) -> bool:
    return all(
        value in finding.missing_facts if key == "missing" else str(getattr(finding, key)) == value
        for key, value in wanted.items()
    )


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_golden_case(case: Case) -> None:
    example = Example(case.name, case.day, case.order, case.listed, {})
    found = evaluate_example(BOOK, BOOK.rules[0], example)
    outcome, _ = combine(found.findings, Direction.EXPORT)
    expected = case.outcome if isinstance(case.outcome, tuple) else (case.outcome,)
    said = [f"{f.rule}: {f.outcome}, {f.status}, {f.review_policy}, {f.missing_facts}" for f in found.findings]
    assert outcome in expected, said
    mine = [f for f in found.findings if case.rule is None or f.rule == case.rule]
    assert mine or case.rule is None, said
    assert any(has(f, case.finding) for f in mine) or not case.finding, said
    if case.cites:
        assert any(case.cites in c.text for f in mine if has(f, case.finding) for c in f.citations), said
    assert case.not_rule not in {f.rule for f in found.findings}
    assert case.question is None or case.question in {q.fact for q in found.questions}
    for finding in found.findings:
        assert all(c.url.startswith("https://") for c in finding.citations)
