"""What must hold of every order: facts are accepted, more listings never loosen, less knowledge never clears."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stopship.model import Role, Schema
from stopship.rules import Outcome

SPLIT = (
    "Case-by-case review for ECCNs 1A004.c, 1A995, and 2A983, and for EAR99 items described in the "
    "Note to ECCN 1A995; "
    "and presumption of denial for all other items subject to the EAR."
)
REQUIREMENTS = [
    "For all items subject to the EAR. (See §744.11 of the EAR)",
    "For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR)4",
    "For all items subject to the EAR when used in projects specified in § 746.8(a)(4) of the EAR",
    "For items on the CCL and listed in supplement no. 7 to part 746 of the EAR",
    "",
]
PROGRAMS = [
    "us.el",
    "us.dpl",
    "us.uvl",
    "us.meu",
    "us.sdn",
    "us.ssi",
    "us.cmic",
    "us.mbs",
    "us.ddtc",
    "us.isn",
    "un.sc",
    "eu.fsf",
    "eu.833a4",
    "uk.sl",
    "jp.eul",
    "us.uflpa",
    "us.1260h",
]
ECCNS = [
    "EAR99",
    "6A993",
    "6A993.a",
    "3A981",
    "5A980",
    "1A004",
    "1A004.c",
    "3A090.a",
    "5A992.c",
    "0A982",
    "3A999",
    "5A001",
    "5A001.b.5",
    "2B001.a",
    "0A501",
    "3A777",
    "9A991.a",
    None,
]

orders = st.fixed_dictionaries(
    {
        "destination": st.sampled_from(["CN", "HK", "GB", "US", "CA", "RU", "IR", "UA", "PK", "IN", "BM", None]),
        "direction": st.sampled_from(["export", "reexport", "transfer", "purchase"]),
        "end_use": st.sampled_from([None, "office use", "Arctic offshore drilling", "army stores", "wafer fab"]),
        "exporter": st.sampled_from([None, *({"country": code} for code in ("DE", "GB", "JP", "KE"))]),
        "parties": st.just(
            [
                {
                    "role": "end_user",
                    "name": "Example",
                    "country": "CN",
                    "owners": [
                        {"name": "A", "share": "40-60", "owners": [{"name": "S"}]},
                        {"name": "T", "share": "10"},
                    ],
                },
                {"role": "carrier", "name": "Carrier"},
            ]
        ),
        "items": st.lists(
            st.fixed_dictionaries(
                {
                    "eccn": st.sampled_from(ECCNS),
                    "origin": st.sampled_from(["US", "DE", None]),
                    "us_content_percent": st.sampled_from([None, "5", "30"]),
                    "hts": st.sampled_from([None, "847150", "490199"]),
                    "usml": st.sampled_from([None, None, "XI"]),
                }
            ),
            max_size=2,
        ),
    }
)
listings = st.lists(
    st.fixed_dictionaries(
        {
            "where": st.sampled_from([(0, None), (1, None), (0, "0"), (0, "0.0"), (0, "1")]),
            "program": st.sampled_from(PROGRAMS),
            "name": st.sampled_from(["ONE", "TWO"]),
            "start": st.sampled_from([None, date(2019, 10, 9)]),
            "end": st.sampled_from([None, None, date(2025, 12, 31)]),
            "tags": st.sampled_from([(), ("SDGT",), ("GLOMAG",)]),
            "directives": st.sampled_from([(), ("1",), ("4",)]),
            "standard_order": st.sampled_from([None, True, False]),
            "license_requirement": st.sampled_from(REQUIREMENTS),
            "license_policy": st.sampled_from([SPLIT, "Presumption of denial", ""]),
            "match": st.sampled_from(["confirmed", "possible", "judged_false"]),
            "how": st.sampled_from(["name", "identifier", "address", "same_building"]),
            "schema": st.sampled_from([Schema.COMPANY, Schema.COMPANY, Schema.ADDRESS]),
        }
    ),
    max_size=3,
)
days = st.sampled_from([date(2019, 10, 8), date(2025, 10, 1), date(2026, 3, 1), date(2026, 11, 23)])

many = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def subjects_of(desk, order, entries):
    made = []
    for entry in entries:
        fields = dict(entry)
        party, owner = fields.pop("where")
        made.append(desk.subject(order, party, owner, **fields))
    return made


@many
@given(orders, listings, days)
def test_order_of_subjects_does_not_matter(desk, order, entries, day):
    subjects = subjects_of(desk, order, entries)
    assert desk.decide(order, *subjects, as_of=day)[2] == desk.decide(order, *reversed(subjects), as_of=day)[2]


@many
@given(orders, listings, days)
def test_one_more_listing_never_loosens(desk, order, entries, day):
    subjects = subjects_of(desk, order, entries)
    for number in range(len(subjects)):
        fewer = desk.decide(order, *subjects[:number], as_of=day)
        more = desk.decide(order, *subjects[: number + 1], as_of=day)
        assert more[0].rank <= fewer[0].rank
        assert all(more[1][scope].rank <= fewer[1][scope].rank for scope in more[1])


@many
@given(orders, listings, days)
def test_knowing_less_of_an_item_never_clears(desk, order, entries, day):
    subjects = subjects_of(desk, order, entries)
    if desk.decide(order, *subjects, as_of=day)[0] is Outcome.CLEAR:
        return
    for field in ("eccn", "origin", "hts"):
        less = order | {"items": [item | {field: None} for item in order["items"]]}
        assert desk.decide(less, *subjects, as_of=day)[0] is not Outcome.CLEAR, field


ANSWERS = {
    "eccn": ["EAR99", "6A993.a"],
    "hts": ["847150"],
    "country_chart": ["required", "not_required"],
    "share": ["10", "60"],
    "destination": ["CN"],
}


def answers(key, order):
    """Answers of the key's type; of a stated heading only a paragraph is an answer, all else contradicts it."""
    number = key.split(".")[1]
    stated = order["items"][int(number)]["eccn"] if key.endswith(".eccn") and order["items"] else None
    if stated and stated != "3A777":
        return [f"{stated}.a"]
    return ANSWERS.get(key.rsplit(".", 1)[-1], ["true", "false"])


@many
@given(orders, listings, days)
def test_every_key_that_is_printed_is_accepted(desk, order, entries, day):
    subjects = subjects_of(desk, order, entries)
    _, _, found = desk.decide(order, *subjects, as_of=day)
    keys = {key for finding in found.findings for key in finding.missing_facts}
    keys |= {question.fact for question in found.questions}
    for key in sorted(keys):
        for answer in answers(key, order):
            _, _, after = desk.decide(order | {"facts": {key: answer}}, *subjects, as_of=day)
            assert not any("no rule asks" in line for line in after.assumptions)
            assert key not in {question.fact for question in after.questions}
            still = {k for finding in after.findings for k in finding.missing_facts}
            assert key not in still or key.endswith(".eccn")  # A heading may still lack its paragraph.


@many
@given(orders, listings, days)
def test_findings_are_complete(desk, order, entries, day):
    subjects = subjects_of(desk, order, entries)
    _, _, found = desk.decide(order, *subjects, as_of=day)
    for finding in found.findings:
        assert finding.citations and all(c.url.startswith("https://") for c in finding.citations)
        assert finding.text and "{" not in finding.text
        assert (finding.outcome is Outcome.INDETERMINATE) <= bool(finding.missing_facts)
        assert (finding.match == "possible") == (finding.if_confirmed is not None)
    owners = {(s.party, s.owner) for s in subjects if s.owner and (s.listing.start or day) <= day}
    assert owners <= {(f.party, f.owner) for f in found.findings}


def test_every_role_of_a_listed_party_says_something(desk):
    for role in Role:
        order = {"destination": "CN", "parties": [{"role": role.value, "name": "X"}], "items": [{"eccn": "6A993"}]}
        subject = desk.subject(order, program="us.el", license_requirement=REQUIREMENTS[0])
        assert desk.decide(order, subject)[0] is not Outcome.CLEAR, role
