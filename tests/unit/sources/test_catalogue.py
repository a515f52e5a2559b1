"""The catalogue and what it promises for every source."""

from __future__ import annotations

from importlib import resources

import pytest

from stopship.sources.catalogue import PARSER_VERSION, catalogue


def test_ids_are_those_that_are_never_renamed() -> None:
    assert list(catalogue()) == [
        "au_dfat",
        "ca_sema",
        "ch_seco",
        "eu_fsf",
        "jp_meti",
        "starter",
        "uk_sl",
        "un_sc",
        "us_csl",
    ]


@pytest.mark.parametrize("source", sorted(catalogue()))
def test_every_source_says_what_it_is(source: str) -> None:
    info = catalogue()[source]
    assert info.id == source and info.kind in ("official", "starter")
    assert info.title and info.publisher and info.terms and info.cadence and info.url.startswith("https://")
    assert 0 < info.min_rows <= info.max_rows
    assert info.read and not set(info.read) & set(info.unread)
    assert all(info.read.values()) and all(info.unread.values()), "a column without a word on what becomes of it"


def test_format_folders_have_the_fixed_file_names() -> None:
    for folder in resources.files("stopship.sources").iterdir():
        if folder.is_dir() and not folder.name.startswith("_"):
            assert list(folder.glob("source*.yml")) and (folder / "parse.py").is_file(), folder.name


def test_a_catalogue_handed_out_can_be_changed_without_harm() -> None:
    catalogue().clear()
    assert catalogue()


def test_the_parser_version_can_be_raised_without_a_release() -> None:
    version, _, number = PARSER_VERSION.partition("+")
    assert version and number.isdigit()
