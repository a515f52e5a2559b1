"""The closed vocabulary of `when`, condition by condition, on rulebooks of one rule."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stopship.errors import RulebookError
from stopship.model import Exporter, Listing, Role, Schema
from stopship.model.order import read_order
from stopship.rules import Outcome, Rulebook, Subject, evaluate

FACTS = """
item.N.odd:
  text: Is the item odd?
  reads: [item.description]
  words: [odd]
end_use.bad:
  text: Is the use bad?
  reads: [end_use]
  words: [bad]
  unsure: [shady]
end_use.worse:
  text: Is the use worse?
  reads: [end_use]
  words: [worse]
order.forwarder:
  text: Is the last one a forwarder?
  reads: [final_consignees]
  words: [forwarding]
"""
RULE = """
title: A rule
per: {per}
versions:
  - in_force: [null, null]
    published: null
    verified_on: 2026-07-23
    cite: [{{text: 15 CFR 1.1, url: "https://www.ecfr.gov/x"}}]
    when: {when}
    outcome: license_required
    scope: [export]
    text: "{{party}}: look."
examples: []
"""


@pytest.fixture
def ask(tmp_path: Path):
    """What one rule with a `when` says of an order: its findings, questions and assumptions."""

    def _ask(when: str, order: dict, *, per: str = "item", **listing):
        (tmp_path / "us").mkdir(exist_ok=True)
        (tmp_path / "facts.yml").write_text(FACTS, encoding="utf-8")
        (tmp_path / "us" / "one.yml").write_text(RULE.format(per=per, when=when), encoding="utf-8")
        plain = {"destination": "CN", "parties": [{"role": "end_user", "name": "X", "country": "CN"}]} | order
        transaction = read_order(plain)
        subjects = []
        if listing:
            made = Listing(source="test", name="LISTED", **listing)
            subjects = [Subject(0, None, Role.END_USER, "id", "LISTED", Schema.COMPANY, made)]
        return evaluate(
            Rulebook.load(tmp_path),
            transaction,
            subjects,
            as_of=date(2026, 3, 1),
            exporter=transaction.exporter or Exporter(),
        )

    return _ask


def item(**fields) -> dict:
    return {"items": [fields]}


@pytest.mark.parametrize(
    ("country", "binds", "bound"),
    [
        ("DE", "eu", True),
        ("GB", "eu", False),
        ("GB", "uk", True),
        ("CH", "ch", True),
        ("CA", "ca", True),
        ("AU", "au", True),
        ("JP", "jp", True),
        ("KE", "jp", False),
        ("US", "us", True),
        ("DE", "us", False),
    ],
)
def test_a_regime_binds_by_where_the_exporter_is(ask, country, binds, bound):
    when = f"{{programs: [eu.fsf], binds: {binds}}}"
    found = ask(when, {"exporter": {"country": country}}, per="match", program="eu.fsf").findings
    assert [f.status for f in found] == ["in_force" if bound else "information"]
    assert found[0].outcome is Outcome.LICENSE_REQUIRED


@pytest.mark.parametrize(
    ("country", "program", "bound"),
    [
        ("DE", "eu.fsf", True),
        ("US", "eu.fsf", False),
        ("US", "uk.sl", False),
        ("KE", "us.sdn", True),
        ("KE", "un.sc", True),
        ("KE", "custom.watchlist", True),
    ],
)
def test_a_rule_for_all_lists_follows_the_regime_of_the_listing(ask, country, program, bound):
    found = ask("{binds: listing}", {"exporter": {"country": country}}, per="match", program=program).findings
    assert [f.status for f in found] == ["in_force" if bound else "information"]


def test_what_a_regime_says_of_places_and_items_is_not_told_to_others(ask):
    for per in ("item", "order"):
        order = item(eccn="EAR99") | {"exporter": {"country": "KE"}}
        assert ask("{binds: eu}", order, per=per).findings == ()
        assert ask("{binds: eu}", order | {"exporter": {"country": "DE"}}, per=per).findings != ()


@pytest.mark.parametrize(
    ("printed", "footnotes", "holds"),
    [
        ("For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR)4", "4", True),
        ("For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR)4", "1, 3, 5, unknown", False),
        ("For all items subject to the EAR. (See §744.11 of the EAR)9", "unknown", True),
        ("For all items subject to the EAR. (See §744.11 of the EAR)9", "1, 3, 4, 5", False),
        ("For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR)", "unknown", True),
        ("For all items subject to the EAR. (See §744.11 of the EAR)", "1, 3, 4, 5, unknown", False),
    ],
)
def test_footnotes(ask, printed, footnotes, holds):
    marks = ", ".join(f'"{note.strip()}"' for note in footnotes.split(","))
    when = f"{{programs: [us.el], listing: {{footnotes: [{marks}]}}}}"
    found = ask(when, {}, per="match", program="us.el", license_requirement=printed).findings
    assert bool(found) is holds


@pytest.mark.parametrize(
    ("eccn", "series", "holds"),
    [
        ("9A610.x", "600", True),
        ("0A606", "600", True),
        ("9A515.d", "9x515", True),
        ("9A515.d", "600", False),
        ("6A993", "600", False),
        ("3A600", "9x515", False),
        ("EAR99", "600", False),
        (None, "600", False),
    ],
)
def test_series(ask, eccn, series, holds):
    assert bool(ask(f'{{item: {{series: ["{series}"]}}}}', item(eccn=eccn)).findings) is holds


@pytest.mark.parametrize(
    ("eccn", "holds"),
    [("3B001", True), ("3C992", True), ("3A001", False), ("4D001", False), ("EAR99", False)],
)
def test_categories_and_groups(ask, eccn, holds):
    when = '{item: {categories: ["3"], groups: [B, C, D, E]}}'
    assert bool(ask(when, item(eccn=eccn)).findings) is holds


def test_an_unclassified_item_may_be_of_any_category(ask):
    [finding] = ask('{item: {categories: ["3"]}}', item(description="tool")).findings
    assert (finding.outcome, finding.missing_facts) == (Outcome.INDETERMINATE, ("item.0.eccn",))


@pytest.mark.parametrize(("origin", "foreign"), [("KR", True), ("US", False), (None, False)])
def test_foreign_made(ask, origin, foreign):
    assert bool(ask("{item: {foreign_made: yes}}", item(eccn="EAR99", origin=origin)).findings) is foreign
    assert bool(ask("{item: {foreign_made: no}}", item(eccn="EAR99", origin=origin)).findings) is not foreign


def test_exporters(ask):
    order = item(eccn="EAR99")
    kenya, default = order | {"exporter": {"country": "KE"}}, order
    assert ask("{exporters: [KE, UG]}", kenya).findings and not ask("{exporters: [KE, UG]}", default).findings
    assert ask("{not_exporters: [US]}", kenya).findings and not ask("{not_exporters: [US]}", default).findings
    assert ask("{abroad: yes}", kenya).findings and not ask("{abroad: no}", kenya).findings
    home = kenya | {"destination": "KE"}
    assert ask("{abroad: no}", home).findings and not ask("{abroad: yes}", home).findings


ANY = "{any_facts: [{key: end_use.bad, unstated: question}, {key: end_use.worse, unstated: no}]}"


def test_any_facts_hold_if_one_does(ask):
    found = ask(ANY, item(eccn="EAR99") | {"end_use": "a worse one"})
    assert [f.outcome for f in found.findings] == [Outcome.LICENSE_REQUIRED]
    # What words answered is printed, whichever of the facts it was.
    assert any("end_use.worse: yes" in line for line in found.assumptions)


def test_any_facts_ask_while_none_is_answered(ask):
    found = ask(ANY, item(eccn="EAR99"))
    assert found.findings == ()
    assert [q.fact for q in found.questions] == ["end_use.bad"]
    answered = ask(ANY, item(eccn="EAR99") | {"facts": {"end_use.bad": "false"}})
    assert (answered.findings, answered.questions) == ((), ())


def test_words_that_leave_a_fact_open_make_it_missing_where_it_would_only_be_asked(ask):
    for unstated in ("question", "no", "missing"):
        when = f"{{facts: [{{key: end_use.bad, unstated: {unstated}}}]}}"
        [finding] = ask(when, item(eccn="EAR99") | {"end_use": "shady"}).findings
        assert (finding.outcome, finding.missing_facts) == (Outcome.INDETERMINATE, ("end_use.bad",))
        assert ask(when, item(eccn="EAR99") | {"end_use": "shady", "facts": {"end_use.bad": "no"}}).findings == ()


def test_only_the_last_consignees_are_read(ask):
    when = "{facts: [{key: order.forwarder, unstated: no}]}"
    for role, read in (
        ("end_user", True),
        ("ultimate_consignee", True),
        ("intermediate_consignee", False),
        ("carrier", False),
        ("purchaser", False),
    ):
        order = {"parties": [{"role": role, "name": "Example Forwarding"}, {"role": "other", "name": "Y"}]}
        assert bool(ask(when, order, per="order").findings) is read, role


@pytest.mark.parametrize(
    "when",
    [
        "{binds: france}",
        "{listing: {footnotes: ['2']}}",
        "{item: {series: ['700']}}",
        "{item: {categories: ['x']}}",
        "{item: {groups: [F]}}",
        "{not_exporters: [XQ]}",
        "{any_facts: [{key: end_use.unheard}]}",
    ],
)
def test_values_outside_of_the_vocabulary_are_refused(ask, when):
    with pytest.raises(RulebookError, match=r"us/one\.yml"):
        ask(when, item(eccn="EAR99"))
