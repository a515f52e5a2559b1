"""The arithmetic of ownership."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.model import Exporter
from stopship.model.order import read_order
from stopship.rules.ownership import Owned, holding
from stopship.rules.ownership_shown import arithmetic
from stopship.rules.situation import Situation


def owned(book, owners, listed, facts=None):
    order = read_order({"parties": [{"role": "end_user", "name": "B", "owners": owners}], "facts": facts or {}})
    situation = Situation(order, book.facts, as_of=date(2026, 3, 1), exporter=Exporter())
    return holding(situation, 0, listed)


def firm(name, share, *owners):
    return {"name": name, "share": share, "owners": list(owners)}


@pytest.mark.parametrize(
    ("owners", "listed", "expected"),
    [
        ([firm("S", "50")], {"0"}, Owned.YES),
        ([firm("S", "49.9")], {"0"}, Owned.NO),
        ([firm("S", "25"), firm("T", "25")], {"0", "1"}, Owned.YES),
        ([firm("S", "25"), firm("T", "25")], {"0"}, Owned.NO),
        ([firm("S", "16.7"), firm("T", "16.7"), firm("U", "16.6")], {"0", "1", "2"}, Owned.YES),
        # The count starts anew at each tier.
        ([firm("A", "50", firm("S", "50"))], {"0.0"}, Owned.YES),
        ([firm("A", "50", firm("S", "49"))], {"0.0"}, Owned.NO),
        ([firm("A", "49", firm("S", "100"))], {"0.0"}, Owned.NO),
        ([firm("A", "25", firm("S", "50")), firm("C", "25", firm("S", "50"))], {"0.0", "1.0"}, Owned.YES),
        ([firm("A", "25", firm("S", "50")), firm("T", "25")], {"0.0", "1"}, Owned.YES),
        # Ranges and unknown stakes.
        ([firm("S", "40-60")], {"0"}, Owned.MAYBE),
        ([firm("S", "10-49")], {"0"}, Owned.NO),
        ([firm("S", "50-70")], {"0"}, Owned.YES),
        ([firm("S", "unknown")], {"0"}, Owned.MAYBE),
        ([firm("S", "unknown"), firm("Other", "60")], {"0"}, Owned.NO),
        ([firm("A", "60", firm("S", "unknown"))], {"0.0"}, Owned.MAYBE),
        ([], set(), Owned.NO),
    ],
)
def test_thresholds(book, owners, listed, expected):
    assert owned(book, owners, listed).owned is expected


def test_unknown_stakes_are_named_at_every_tier(book):
    held = owned(book, [firm("A", "40-60", firm("S", "unknown"))], {"0.0"})
    assert held.missing == ("party.0.owner.0.share", "party.0.owner.0.0.share")


def test_a_fact_answers_a_stake(book):
    owners = [firm("S", "unknown")]
    assert owned(book, owners, {"0"}, {"party.0.owner.0.share": "60"}).owned is Owned.YES
    assert owned(book, owners, {"0"}, {"party.0.owner.0.share": "10"}).owned is Owned.NO


def test_the_sum_is_shown(book):
    text = arithmetic(owned(book, [firm("A", "30"), firm("C", "25")], {"0", "1"}))
    assert text == "A 30% + C 25% = 55%"


@given(st.lists(st.integers(0, 30), min_size=1, max_size=3), st.integers(0, 2))
def test_one_more_listed_owner_never_lowers_the_sum(book, shares, number):
    owners = [firm(f"O{i}", str(share)) for i, share in enumerate(shares)]
    some = {str(i) for i in range(min(number, len(owners)))}
    every = {str(i) for i in range(len(owners))}
    assert owned(book, owners, some).owned <= owned(book, owners, every).owned
