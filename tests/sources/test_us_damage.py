"""Whatever is done to a file of the US lists: its rows add up, or one line says what is wrong."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from stopship.errors import ListFileError
from stopship.sources.archives import pack_archive
from stopship.sources.catalogue import parse

HERE = Path(__file__).parent
SET = {path.name: path.read_bytes() for path in (HERE / "us_ofac/csv").iterdir()}
FILES = {
    "sdn.xml": ("us_ofac_sdn", (HERE / "us_ofac/sdn.xml").read_bytes()),
    "sdn_advanced.xml": ("us_ofac_sdn", (HERE / "us_ofac/sdn_advanced.xml").read_bytes()),
    "consolidated.xml": ("us_ofac_cons", (HERE / "us_ofac/cons/consolidated.xml").read_bytes()),
    "sdn.zip": ("us_ofac_sdn", pack_archive(SET)),
    "dpl.txt": ("us_bis_dpl", (HERE / "us_bis_dpl/dpl.txt").read_bytes()),
    "part744.xml": ("us_bis_el", (HERE / "us_bis_el/part744.xml").read_bytes()),
}
TRIES = 80


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Cut, doubled, swapped, overwritten or sprinkled with the letters that layouts are made of."""
    place, other = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
    match chance.randrange(6):
        case 0:
            return data[:place]
        case 1:
            return data[:place] + data[other:]
        case 2:
            return data[:other] + data[place:]
        case 3:
            noise = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
            return data[:place] + noise + data[place + len(noise) :]
        case 4:
            letter = chance.choice(
                (b'"', b"<", b">", b"&", b";", b",", b"\t", b"\r\n", b"\x00", b"\x1a", b"(", b"-0- ")
            )
            return data[:place] + letter * chance.randrange(1, 4) + data[place:]
        case _:
            piece = data[place : min(other, place + 400)]
            return data[:place] + piece * chance.randrange(2, 30) + data[place:]


@pytest.mark.parametrize("name", sorted(FILES))
def test_damage(name: str) -> None:
    source, whole = FILES[name]
    chance = random.Random(name)
    for _ in range(TRIES):
        try:
            parsed = parse(source, damaged(whole, chance), name)
        except ListFileError as error:
            assert str(error) and "\n" not in str(error)
        else:
            assert parsed.rows == parsed.loaded + len(parsed.rejects)
            assert all(entity.names and entity.listings for entity in parsed.entities)
