"""Review policies as the lists print them, read and resolved."""

from __future__ import annotations

from datetime import date

import pytest

from stopship.model import Exporter
from stopship.model.order import read_order
from stopship.rules.outcome import ReviewPolicy
from stopship.rules.review_policy import paragraphs, parse_policy, resolve
from stopship.rules.situation import Situation

SPLIT = (
    "Case-by-case review for ECCNs 1A004.c, 1A004.d, 1A995, 1A999.a, 1D003, 2A983, 2D983, and "
    "2E983, and for EAR99 "
    "items described in the Note to ECCN 1A995; casa-by-case review for items necessary to detect, "
    "identify and treat "
    "infectious disease; and presumption of denial for all other items subject to the EAR."
)
FOOD = (
    "Policy of denial for all items subject to the EAR apart from food and medicine designated as "
    "EAR99, which will "
    "be reviewed on a case-by-case basis. See §§ 746.8(b) and 744.21e"
)
WAFERS = (
    "Presumption of denial for all items to include items described in ECCN 3B001.a.4, .c, .d, f.1.b.2, .k to .p; "
    "3B002.c, 3B993, or 3B994. Case-by-case for items designed for production of 200mm wafers destined to a 200mm "
    "wafer production facility."
)
FABS = (
    "Presumption of denial except case-by-case for items not described in ECCN 3B001.a.4, .c, .d, "
    "f.1.b.2, .k to .p; "
    "3B002.c, 3B993, or 3B994"
)
KHAN = "Case-by-case for all items listed on the CCL. Presumption of approval for EAR99 items"

DENIAL = ReviewPolicy.PRESUMPTION_OF_DENIAL
POLICY = ReviewPolicy.POLICY_OF_DENIAL
CASE = ReviewPolicy.CASE_BY_CASE
APPROVAL = ReviewPolicy.PRESUMPTION_OF_APPROVAL
STATED = ReviewPolicy.AS_STATED


def policy_for(book, text, item, destination="CN", facts=None):
    order = read_order(
        {
            "destination": destination,
            "parties": [{"role": "end_user", "name": "X"}],
            "items": [item],
            "facts": facts or {},
        }
    )
    situation = Situation(order, book.facts, as_of=date(2026, 3, 1), exporter=Exporter())
    return resolve(parse_policy(text), situation.items[0], situation)


@pytest.mark.parametrize(
    ("text", "item", "expected"),
    [
        ("Presumption of denial.", {"eccn": "6A993"}, DENIAL),
        ("Presumption for denial", {"eccn": "EAR99"}, DENIAL),
        ("Policy of denial See §§ 746.8(b) and 744.21(e).", {"eccn": "3A001"}, POLICY),
        ("Case-by-case basis.", {"eccn": "3A001"}, CASE),
        (SPLIT, {"eccn": "2A983"}, CASE),
        (SPLIT, {"eccn": "2A983.a"}, CASE),
        (SPLIT, {"eccn": "6A993"}, DENIAL),
        (SPLIT, {"eccn": "1A004.c.2"}, CASE),
        (SPLIT, {"eccn": "1A004.a"}, DENIAL),
        (SPLIT, {"eccn": "1A004"}, STATED),
        (SPLIT, {}, STATED),
        (SPLIT, {"eccn": "EAR99"}, DENIAL),
        (FOOD, {"eccn": "EAR99", "description": "canned food"}, CASE),
        (FOOD, {"eccn": "EAR99", "description": "food processing machine"}, POLICY),
        (FOOD, {"eccn": "3A991", "description": "food"}, POLICY),
        (FOOD, {"eccn": "EAR99", "description": "server"}, POLICY),
        (KHAN, {"eccn": "EAR99"}, APPROVAL),
        (KHAN, {"eccn": "3A991"}, CASE),
        (KHAN, {}, STATED),
        (FABS, {"eccn": "3B001.l"}, DENIAL),
        (FABS, {"eccn": "3B001.a.1"}, CASE),
        (FABS, {"eccn": "EAR99"}, CASE),
        (FABS, {"eccn": "3B001"}, STATED),
        (WAFERS, {"eccn": "3B993"}, DENIAL),
        ("See § 746.8(b)(2) of the EAR", {"eccn": "EAR99"}, POLICY),
        ("See §744.2(d) of the EAR.", {"eccn": "EAR99"}, STATED),
        ("See §§744.11 and 744.23(d) of the EAR", {"eccn": "EAR99"}, STATED),
        ("By moonlight only", {"eccn": "EAR99"}, STATED),
        ("", {"eccn": "EAR99"}, STATED),
        ("Presumption of denial for items that are blue", {"eccn": "EAR99"}, STATED),
    ],
)
def test_policy_for_an_item(book, text, item, expected):
    assert policy_for(book, text, item).policy is expected


def test_what_the_item_is_can_be_stated_as_a_fact(book):
    assert policy_for(book, WAFERS, {"eccn": "3B001.a.1"}, facts={"item.0.wafer_200mm": "true"}).policy is CASE
    assert policy_for(book, SPLIT, {"eccn": "EAR99"}, facts={"item.0.note_1a995": "yes"}).policy is CASE


def test_words_that_select_a_branch_are_printed_as_an_assumption(book):
    found = policy_for(book, FOOD, {"eccn": "EAR99", "description": "food"})
    assert any("item.0.food" in note and "confirm" in note for note in found.notes)


def test_an_open_paragraph_is_named(book):
    assert policy_for(book, SPLIT, {"eccn": "1A004"}).missing == ("item.0.eccn",)


def test_744_21_e_depends_on_the_destination(book):
    text = (
        "The license application procedure and license review policy for entities specified in "
        "supplement no. 2 to "
        "part 744 is specified in §744.21(d) and (e)."
    )
    assert policy_for(book, text, {"eccn": "3A991"}).policy is DENIAL
    assert policy_for(book, text, {"eccn": "3A991"}, destination="RU").policy is POLICY


def test_paragraph_lists_with_ranges():
    assert paragraphs("3b001.a.4, .c, .k to .m; 3b002.c, 3b993") == (
        "3B001.a.4",
        "3B001.c",
        "3B001.k",
        "3B001.l",
        "3B001.m",
        "3B002.c",
        "3B993",
    )
