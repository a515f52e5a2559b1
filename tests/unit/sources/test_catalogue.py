"""The catalogue and what it promises for every source."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from stopship.sources.catalogue import PARSER_VERSION, catalogue, parse
from stopship.sources.expectations import check_expectations

NEVER_RENAMED = (
    *("au_dfat", "ca_sema", "ch_seco", "custom", "eu_833_annex4", "eu_fsf", "ftm", "jp_meti", "starter", "uk_sl"),
    *("un_sc", "us_1260h", "us_bis_dpl", "us_bis_el", "us_csl", "us_fcc", "us_ofac_cons", "us_ofac_sdn"),
    *("us_state_7031c", "us_uflpa"),
)


def test_ids_are_those_that_are_never_renamed() -> None:
    assert [source for source in catalogue() if source not in NEVER_RENAMED] == []
    assert list(catalogue()) == sorted(catalogue())


@pytest.mark.parametrize("source", sorted(catalogue()))
def test_every_source_says_what_it_is(source: str) -> None:
    info = catalogue()[source]
    assert info.id == source and info.kind in ("official", "starter", "custom")
    assert info.title and info.publisher and info.terms and info.cadence
    assert info.url.startswith("https://") or source == "custom"  # its mapping says where it is from
    assert 0 < info.min_rows <= info.max_rows
    assert info.read and not set(info.read) & set(info.unread)
    assert all(info.read.values()) and all(info.unread.values()), "a column without a word on what becomes of it"


@pytest.mark.parametrize("source", sorted(catalogue()))
def test_every_official_list_can_be_fetched_or_says_why_not(source: str) -> None:
    info = catalogue()[source]
    if info.kind != "official":
        assert not (info.fetch or info.by_hand or info.canaries)
        return
    assert bool(info.fetch) != bool(info.by_hand)
    assert not info.fetch or re.fullmatch(r"https://[^\s/]+/\S+", info.fetch)
    assert ("{date}" in info.fetch) == (info.latest_day is not None)
    without = {"jp_meti", "us_state_7031c"}  # their sheets say why
    assert (len(info.canaries) in (2, 3)) != (source in without)


@pytest.mark.bigdata
@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("un_sc", "un/2025-04-19/consolidated.xml.gz"),
        ("un_sc", "un/2026-02-27/consolidated.xml.gz"),
        ("us_bis_dpl", "us_bis_dpl/2019-06/dpl.txt"),
        ("us_bis_dpl", "us_bis_dpl/2022-09/dpl.txt"),
        ("us_ofac_cons", "us_ofac/2025-03-28/consolidated.xml"),
        ("ca_sema", "ca/sema-lmes.xml.gz"),
    ],
)
def test_official_files_of_several_years_are_as_expected(big_data: Path, source: str, path: str) -> None:
    parsed = parse(source, (big_data / "lists" / path).read_bytes(), path.rpartition("/")[2])
    assert check_expectations(parsed, catalogue()[source]) == ()


def test_format_folders_have_the_fixed_file_names() -> None:
    for folder in resources.files("stopship.sources").iterdir():
        if folder.is_dir() and not folder.name.startswith("_"):
            names = {file.name for file in folder.iterdir()}
            assert "parse.py" in names, folder.name
            assert any(re.fullmatch(r"source(_[a-z0-9_]+)?\.yml", name) for name in names), folder.name


def test_a_catalogue_handed_out_can_be_changed_without_harm() -> None:
    catalogue().clear()
    assert catalogue()


def test_the_parser_version_can_be_raised_without_a_release() -> None:
    version, _, number = PARSER_VERSION.partition("+")
    assert version and number.isdigit()
