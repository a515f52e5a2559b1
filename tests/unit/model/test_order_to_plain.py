"""An order made in code has the same record as one that was handed in: it can be read again."""

from __future__ import annotations

from datetime import date

import orjson

from stopship.model import Exporter, Party, Role, Schema, Transaction
from stopship.model.entity import Identifier
from stopship.model.order import read_order
from stopship.model.serialize import order_to_plain
from stopship.model.transaction import Item, License
from stopship.model.values import Direction, PartialDate, Share

OWNER = Party(
    Role.OWNER,
    "Muster AG",
    share=Share.parse("40-60"),
    owners=(Party(Role.OWNER, "Erika", share=Share.parse("unknown")),),
)
WHOLE = Transaction(
    parties=(
        Party(
            Role.END_USER,
            "Beispiel Optik GmbH",
            Schema.COMPANY,
            "DE",
            "Musterring 7",
            (Identifier("lei", "EXAMPLE1"), Identifier("tax_id", "7", "DE")),
            registration_date=PartialDate.parse("1998-05"),
            owners=(OWNER,),
        ),
        Party(Role.BANK, "", Schema.PERSON, address="Musterring 8", birth_date=PartialDate.parse("circa 1965")),
    ),
    items=(
        Item("thermal camera", "6A993", None, "852580", "DE", 0.0, 12000.5, "USD", 2.0),
        Item(usml="XI(c)"),
        Item(),
    ),
    date=date(2026, 3, 1),
    direction=Direction.REEXPORT,
    destination="NO",
    end_use="office use",
    exporter=Exporter("DE", us_person=False),
    facts=(("end_user.military", "no"),),
    licenses=(License("D1", date(2027, 1, 31), ("6A993",)), License("D2")),
)


def test_every_field_comes_back() -> None:
    plain = order_to_plain(WHOLE)
    assert read_order(plain) == WHOLE
    assert read_order(orjson.loads(orjson.dumps(plain))) == WHOLE


def test_the_least_order_comes_back() -> None:
    least = Transaction((Party(Role.END_USER, "Muster GmbH"),))
    assert read_order(order_to_plain(least)) == least
    assert order_to_plain(least)["parties"] == [
        {"role": "end_user", "name": "Muster GmbH", "schema": "LegalEntity"}
    ]
