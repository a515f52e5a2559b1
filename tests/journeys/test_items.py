"""Somebody has an item and no ECCN: find entries to read, look at one, and be told what neither of them says."""

from __future__ import annotations

import pytest


def test_from_a_description_to_an_entry_and_its_destination(cli):
    found = cli("items", "find", "thermal camera 640x512, 9 Hz", "--as-of", "2026-08-01")
    assert found.code == 0
    lines = found.out.splitlines()
    assert lines[0].startswith("Suggestions of what to read, not a classification")
    assert "1. 6A003" in found.out
    assert "2. 6A993" in found.out
    assert "“thermal camera”" in found.out
    assert "Cameras, not controlled by 6A003 or 6A203, as follows" in " ".join(found.out.split())
    assert "640x512, 9 Hz" in found.out
    assert "https://www.ecfr.gov/" in found.out
    assert "EAR99 must be decided by a person (15 CFR 734.3(c))" in " ".join(found.out.split())

    shown = cli("items", "show", "6A993", "--to", "cn", "--as-of", "2026-08-01")
    assert shown.code == 0
    text = " ".join(shown.out.split())
    assert "To CN: none is required by the entry and the Country Chart alone" in text
    assert "AT (anti-terrorism)" in text
    assert "The paragraphs of 6A993 are not in the table" in text
    assert "stopship check" in text


def test_a_find_as_json_names_what_matched(cli):
    plain = cli(
        "items", "find", "CCTV cameras with face recognition", "--json", "--as-of", "2026-08-01", "--limit", 3
    ).json
    assert plain["as_of"] == "2026-08-01"
    assert plain["list"] == {**plain["list"], "issued": "2026-07-23", "confirmed": True}
    assert "not a classification" in plain["notice"]
    assert 1 <= len(plain["candidates"]) <= 3
    for rank, candidate in enumerate(plain["candidates"], start=1):
        assert candidate["rank"] == rank
        assert candidate["matched"]
        assert candidate["url"].startswith("https://www.ecfr.gov/")
        assert candidate["eccn"] != "EAR99"
    assert any("often EAR99, 4A994 or 5A992" in note["text"] for note in plain["notes"])


def test_nothing_found_is_said_and_is_no_ear99(cli):
    found = cli("items", "find", "bananas")
    assert found.code == 0
    text = " ".join(found.out.split())
    assert "No entry of the Commerce Control List shares words with this." in text
    assert "doesn't make the item EAR99" in text
    plain = cli("items", "find", "bananas", "--json").json
    assert plain["candidates"] == []
    assert plain["not_found"] == ["bananas"]
    assert "a person must decide" in plain["notice"]


def test_only_some_words_in_common_is_said(cli):
    text = cli("items", "find", "medical scanner").out
    assert "No entry is about this in so many words" in text
    assert "(only some words)" in text


def test_an_entry_that_the_table_lacks_is_to_be_read_elsewhere(cli):
    text = " ".join(cli("items", "find", "bioreactor").out.split())
    assert "1. 2B352 Heading The table doesn't hold this entry" in text
    assert "stopship items show 2B352" not in text


def test_before_the_earliest_table_both_say_so(cli):
    for arguments in (("find", "laser"), ("show", "6A005")):
        assert "before the earliest table" in " ".join(
            cli("items", *arguments, "--as-of", "2020-01-01").out.split()
        )
    assert cli("items", "show", "6A005", "--as-of", "2020-01-01", "--json").json["list"]["confirmed"] is False


def test_an_entry_as_json(cli):
    plain = cli("items", "show", "5a001.F.1", "--to", "GB", "--json", "--as-of", "2026-08-01").json
    assert plain["eccn"] == "5A001.f.1"
    assert plain["destination"]["license_required_by_entry_and_chart"] == "yes"
    assert {r["reason"]: r["holds"] for r in plain["requirements"]} == {"NS": "no", "SL": "yes", "AT": "no"}
    assert [p["paragraph"] for p in plain["paragraphs"]] == ["f", "f.1"]
    assert {e["symbol"] for e in plain["license_exceptions"]} >= {"LVS", "GBS"}


def test_a_destination_under_other_rules_is_not_left_at_the_chart(cli):
    text = " ".join(cli("items", "show", "3A991", "--to", "RU", "--as-of", "2026-08-01").out.split())
    assert "other rules name RU" in text
    assert "us.ear.746.russia-belarus-ccl" in text
    plain = cli("items", "show", "3A991", "--to", "CU", "--json").json
    assert plain["destination"]["license_required_by_entry_and_chart"] == "open"
    assert "746" in plain["destination"]["row_points_to"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("find", "  "), "there is no description"),
        (("find", "x" * 2001), "2,001 letters"),
        (("find", "laser", "--as-of", "soon"), "--as-of"),
        (("find", "laser", "--limit", "0"), "--limit"),
        (("show", "EAR99"), "EAR99 is no entry"),
        (("show", "laser"), "stopship items find"),
        (("show", "6A004.z.z.z", "--to", "XX"), "XX"),
        (("show", "6A993", "--to", "US"), "outside of the United States"),
        (("show", "2B352"), "has no entry 2B352"),
        (("show", "6Z993"), "is not an ECCN"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_line(cli, arguments, says):
    assert says in cli("items", *arguments).refused()


def test_a_decision_that_waits_for_an_eccn_says_how_to_find_one(cli, order):
    path = order(
        {
            "destination": "CN",
            "parties": [{"role": "end_user", "name": "Acme Trading", "country": "CN"}],
            "items": [{"description": "thermal camera, 'uncooled'"}],
        }
    )
    text = " ".join(cli("check", path, "--as-of", "2026-08-01").out.split())
    assert "Missing item.0.eccn" in text
    assert "stopship items find" in text
