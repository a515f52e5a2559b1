"""Who is bound by what: exporters of six countries, each with parties on every list there is.

A list binds the exporters of its regime; what doesn't bind is reported as information, never as nothing.
"""

from __future__ import annotations

from datetime import date

import pytest

from stopship.model import Exporter, Listing, Program, Role, Schema
from stopship.model.order import read_order
from stopship.rules import Evaluation, Outcome, Rulebook, Subject, combine, evaluate
from stopship.rules.outcome import Scope

BOOK = Rulebook.load()
EXPORTERS = ("US", "DE", "GB", "CH", "JP", "KE")
PROHIBITED, LICENSE, REVIEW = Outcome.PROHIBITED, Outcome.LICENSE_REQUIRED, Outcome.REVIEW
INDETERMINATE, CONDITIONS, CLEAR = Outcome.INDETERMINATE, Outcome.CONDITIONS, Outcome.CLEAR

# Outcome of the sale of a locally made EAR99 chair with no US content to a listed end user in the United Arab
# Emirates, by program and exporter. `CLEAR` is a list that doesn't bind (information), or one about other scopes.
BY_PROGRAM = {
    #                    US          DE          GB          CH          JP          KE
    Program.US_EL: (LICENSE, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.US_DPL: (PROHIBITED, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.US_UVL: (CONDITIONS, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.US_MEU: (CLEAR, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.US_SDN: (PROHIBITED, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.US_SSI: (REVIEW, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.US_CMIC: (CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS),
    Program.US_MBS: (REVIEW, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.US_PLC: (REVIEW, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.US_CAP: (CONDITIONS, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.US_DDTC: (CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS),
    Program.US_ISN: (REVIEW, REVIEW, REVIEW, REVIEW, REVIEW, REVIEW),
    Program.US_UFLPA: (CLEAR, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.US_1260H: (CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS),
    Program.US_FCC: (CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS, CONDITIONS),
    Program.US_7031C: (CLEAR, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.EU_FSF: (CLEAR, PROHIBITED, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.EU_833A4: (CLEAR, INDETERMINATE, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.UN_SC: (PROHIBITED, PROHIBITED, PROHIBITED, PROHIBITED, PROHIBITED, PROHIBITED),
    Program.UK_SL: (CLEAR, CLEAR, PROHIBITED, CLEAR, CLEAR, CLEAR),
    Program.CH_SECO: (CLEAR, CLEAR, CLEAR, PROHIBITED, CLEAR, CLEAR),
    Program.CA_SEMA: (CLEAR, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.AU_DFAT: (CLEAR, CLEAR, CLEAR, CLEAR, CLEAR, CLEAR),
    Program.JP_EUL: (CLEAR, CLEAR, CLEAR, CLEAR, LICENSE, CLEAR),
}


def decide(
    exporter: str,
    *,
    to: str = "AE",
    program: str | None = None,
    owner: str | None = None,
    us_person: bool = False,
    **fields,
) -> tuple[Outcome, Evaluation]:
    """A sale of one item by an exporter, of its own make with no US content, to one listed party."""
    party = {"role": "end_user", "name": "Example Works", "country": to} | fields.pop("party", {})
    if owner:
        party["owners"] = [{"name": "Example Holding", "share": owner}]
    made = {} if exporter == "US" else {"origin": exporter, "us_content_percent": "0"}
    item = {"description": "chair", "eccn": "EAR99"} | made | fields.pop("item", {})
    seller = {"country": exporter} | ({"us_person": "true"} if us_person else {})
    order = {"destination": to, "end_use": "office use", "exporter": seller, "parties": [party]}
    transaction = read_order(order | {"items": [item]} | fields)
    subjects = []
    if program:
        listing = Listing(
            source="test",
            program=program,
            name="EXAMPLE",
            tags=("SDGT",) if program == "us.sdn" else (),
            license_requirement="For all items subject to the EAR" if program == "us.el" else "",
        )
        role = Role.OWNER if owner else Role.END_USER
        subjects = [Subject(0, "0" if owner else None, role, "id", "EXAMPLE", Schema.COMPANY, listing)]
    found = evaluate(
        BOOK, transaction, subjects, as_of=date(2026, 3, 1), exporter=transaction.exporter or Exporter()
    )
    return combine(found.findings, transaction.direction)[0], found


@pytest.mark.parametrize("exporter", EXPORTERS)
@pytest.mark.parametrize("program", list(Program))
def test_program_by_exporter(program, exporter):
    outcome, found = decide(exporter, program=program)
    assert outcome is BY_PROGRAM[program][EXPORTERS.index(exporter)], [f.text for f in found.findings]
    told = [f for f in found.findings if f.program == program]
    assert told
    if outcome is CLEAR:
        governing = [f for f in told if f.scope in (Scope.EXPORT, Scope.FINANCE)]
        assert {f.status for f in governing} <= {"information"}


def test_every_program_is_in_the_table():
    assert set(BY_PROGRAM) == set(Program)


@pytest.mark.parametrize("exporter", EXPORTERS)
@pytest.mark.parametrize("program", ["eu.fsf", "un.sc", "uk.sl", "ch.seco"])
def test_an_owner_is_never_stricter_than_the_party_itself(program, exporter):
    """Found by comparing: a list that doesn't bind freed the listed party, while its owner was a red flag."""
    as_party, _ = decide(exporter, program=program)
    for share in ("10", "50", "100"):
        as_owner, found = decide(exporter, program=program, owner=share)
        assert as_owner.rank >= as_party.rank
        assert (as_owner is CLEAR) is (as_party is CLEAR)
        assert found.findings


@pytest.mark.parametrize(
    ("exporter", "to", "expected"),
    [
        ("US", "RU", INDETERMINATE),  # EAR99 without a tariff code.
        ("DE", "RU", REVIEW),
        ("GB", "RU", REVIEW),
        ("CH", "RU", REVIEW),
        ("JP", "RU", REVIEW),
        ("KE", "RU", CLEAR),  # Kenyan goods, and no law that we know of.
        ("US", "KP", PROHIBITED),
        ("DE", "KP", REVIEW),
        ("KE", "KP", REVIEW),
        ("US", "IR", PROHIBITED),
        ("DE", "IR", REVIEW),
        ("KE", "IR", REVIEW),
        ("US", "CU", LICENSE),
        ("DE", "CU", CLEAR),
        ("DE", "CN", CLEAR),
    ],
)
def test_destination_by_exporter(exporter, to, expected):
    outcome, found = decide(exporter, to=to)
    assert outcome is expected, [(f.rule, f.outcome) for f in found.findings]


@pytest.mark.parametrize("exporter", ["DE", "GB", "KE"])
def test_items_of_us_origin_take_us_law_along(exporter):
    outcome, _ = decide(exporter, to="RU", item={"eccn": "3A991", "origin": "US"}, direction="reexport")
    assert outcome is LICENSE
    outcome, found = decide(
        exporter, program="us.el", item={"eccn": "EAR99", "origin": "US"}, direction="reexport"
    )
    assert outcome is LICENSE
    assert "us.ear.744.entity-list" in {f.rule for f in found.findings if f.effective}


@pytest.mark.parametrize("exporter", EXPORTERS)
@pytest.mark.parametrize("end_use", ["production of chemical weapons", "uranium enrichment", "ballistic missile"])
def test_weapons_are_clear_for_nobody(exporter, end_use):
    outcome, found = decide(exporter, end_use=end_use)
    assert outcome is not CLEAR
    law = {"US": LICENSE, "DE": LICENSE}.get(exporter, REVIEW)
    assert outcome is law, [(f.rule, f.outcome) for f in found.findings]


@pytest.mark.parametrize("exporter", ["DE", "GB", "CH", "JP", "KE"])
def test_a_controlled_item_of_another_country_waits_for_its_own_list(exporter):
    outcome, found = decide(exporter, item={"eccn": "6A003"})
    assert outcome is INDETERMINATE
    assert {k for f in found.findings for k in f.missing_facts} == {"item.0.national_control_list"}
    outcome, _ = decide(exporter, item={"eccn": "6A003"}, facts={"item.0.national_control_list": "no"})
    assert outcome is CLEAR


def test_a_us_person_abroad_is_bound_by_both():
    for program, expected in (("us.sdn", PROHIBITED), ("eu.fsf", PROHIBITED)):
        outcome, found = decide("DE", program=program, us_person=True)
        assert outcome is expected
        assert {f.status for f in found.findings if f.program == program and f.outcome is PROHIBITED} == {
            "in_force"
        }
