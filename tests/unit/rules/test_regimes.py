"""Whom each regime binds, by where the exporter is."""

from __future__ import annotations

import pytest

from stopship.model import Program
from stopship.model.values import country_names
from stopship.rules.regimes import TERRITORIES, is_abroad, of_program
from stopship.rules.rule import Binds


def test_every_place_exists_and_belongs_to_one_regime():
    places = [place for members in TERRITORIES.values() for place in members]
    assert len(places) == len(set(places))
    assert set(places) <= set(country_names())
    assert len(TERRITORIES[Binds.EU] - {"AX", "GF", "GP", "MF", "MQ", "RE", "YT"}) == 27


@pytest.mark.parametrize(
    ("program", "binds"),
    [
        ("eu.fsf", Binds.EU),
        ("eu.833a4", Binds.EU),
        ("uk.sl", Binds.UK),
        ("jp.eul", Binds.JP),
        ("un.sc", Binds.ANYONE),
        ("us.sdn", Binds.ANYONE),
        ("custom.watchlist", Binds.ANYONE),
    ],
)
def test_the_regime_of_a_program(program, binds):
    assert of_program(program) is binds


def test_every_program_outside_of_the_us_and_the_un_has_a_regime():
    for program in Program:
        assert (of_program(program) is Binds.ANYONE) is program.startswith(("us.", "un."))


@pytest.mark.parametrize(
    ("exporter", "destination", "abroad"),
    [
        ("DE", "CN", True),
        ("DE", "FR", False),
        ("DE", "DE", False),
        ("DE", "GB", True),
        ("GB", "DE", True),
        ("KE", "KE", False),
        ("KE", None, True),
        ("DE", None, True),
    ],
)
def test_what_is_abroad(exporter, destination, abroad):
    assert is_abroad(exporter, destination) is abroad
