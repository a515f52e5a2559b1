"""Damaged files for every reader, from fixed seeds; `python -m benchmarks.lists.fuzz` tries many more."""

from __future__ import annotations

import pytest
from benchmarks.lists.fuzz import Fault, try_bytes, try_one
from benchmarks.lists.mutations import mutated
from benchmarks.lists.seeds import Seed, own, seeds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stopship.errors import ListFileError
from stopship.sources.archives import pack_archive
from stopship.sources.catalogue import catalogue, parse

SEEDS = {f"{seed.source} {seed.name.rpartition('/')[2]}": seed for seed in seeds()}
TRIES = 60


def test_every_source_of_the_catalogue_is_tried() -> None:
    assert {seed.source for seed in SEEDS.values()} == set(catalogue())


@pytest.mark.parametrize("name", SEEDS)
def test_the_whole_file_is_read(name: str) -> None:
    seed = SEEDS[name]
    source = "custom.fuzz" if seed.source == "custom" else seed.source
    parsed = parse(source, seed.data, seed.name)
    assert parsed.entities and parsed.rows == parsed.loaded + len(parsed.rejects)


@pytest.mark.parametrize("name", SEEDS)
def test_damage_is_read_or_refused(name: str) -> None:
    for number in range(TRIES):
        try:
            try_one(SEEDS[name], number)
        except Fault as fault:
            pytest.fail(f"number {number}: {fault}")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(SEEDS)), st.binary(max_size=200), st.integers(0, 2**31))
def test_bytes_in_the_middle_are_read_or_refused(name: str, noise: bytes, place: int) -> None:
    seed = SEEDS[name]
    at = place % len(seed.data)
    try_bytes(seed.source, seed.data[:at] + noise + seed.data[at + len(noise) :], "list")


def test_an_input_is_told_by_its_number() -> None:
    seed = next(iter(SEEDS.values()))
    assert [mutated(seed, n) for n in range(30)] == [mutated(seed, n) for n in range(30)]
    assert len({mutated(seed, n) for n in range(30)}) > 25


# --- what fuzzing found -------------------------------------------------------------------------------------


def ofac(**members: bytes) -> bytes:
    seed: Seed = SEEDS["us_ofac_sdn sdn.zip"]
    return pack_archive(
        dict(seed.members) | {name.replace("_csv", ".csv"): data for name, data in members.items()}
    )


def test_a_file_of_the_set_with_no_row_that_is_csv() -> None:
    with pytest.raises(ListFileError):
        parse("us_ofac_sdn", ofac(sdn_csv=b'"a"b,c\n"d"e,f\n'), "sdn.zip")


def test_many_new_columns_are_said_in_one_short_line() -> None:
    seed = SEEDS["uk_sl UK-Sanctions-List.csv"]
    head, header, rest = seed.data.split(b"\n", 2)
    wide = b"\n".join((head, header.rstrip() + b"".join(b",new %d" % n for n in range(400)), rest))
    with pytest.raises(ListFileError, match="'new 0', 'new 1', 'new 2', 'new 3', 'new 4' and 395 more") as caught:
        parse("uk_sl", wide, "list.csv")
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("old", "new"), [(b"addresses: [", b'addresses: [" ", '), (b'name: "', b'name: "\\ud800')]
)
def test_the_starter_list_with_text_that_is_none(old: bytes, new: bytes) -> None:
    data = SEEDS["starter entities.yml"].data
    if old not in data:
        data = data.replace(b"name: ", b'name: "x" # ', 1)
        old, new = b'name: "x"', b'name: "\\ud800x"'
    assert old in data
    with pytest.raises(ListFileError):
        parse("starter", data.replace(old, new, 1), "entities.yml")


def test_own_lists_may_have_any_bytes() -> None:
    for data in (b"\x00", b"\xff\xfe", b"No", b"No,Party\n", b"PK\x03\x04"):
        with pytest.raises(ListFileError):
            parse("custom.fuzz", own(data), "list.csv")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("us_ofac_sdn sdn.xml", b"<Record_Count>5<", b"<Record_Count>" + b"9" * 5_000 + b"<"),
        ("us_ofac_cons consolidated.xml", b"<Record_Count>6<", b"<Record_Count>" + b"9" * 5_000 + b"<"),
        ("ch_seco consolidated-list.xml", b'order="1"', b'order="' + b"9" * 5_000 + b'"'),
        ("us_bis_el part744.xml", b"<TD", b'<TD rowspan="' + b"9" * 5_000 + b'"'),
    ],
)
def test_numbers_of_thousands_of_digits(name: str, old: bytes, new: bytes) -> None:
    seed = SEEDS[name]
    data = seed.data.replace(old, new, 1)
    assert data != seed.data or old == b"<TD", name
    try_bytes(seed.source, data, "list.xml")
