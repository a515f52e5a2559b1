"""The difference of two states of a list, entity by entity and field by field."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.model import Address, Entity, Listing, Name, NameKind, Schema
from stopship.model.serialize import entity_to_plain
from stopship.snapshots import Delta, FieldChange, delta
from stopship.sources.catalogue import parse, starter_bytes


def entity(number: int, *aliases: str, **fields: object) -> Entity:
    listing = Listing("us_csl", "us.el", f"Ex Ample {number}", start=date(2019, 10, 9))
    names = (Name(f"Ex Ample {number}", NameKind.PRIMARY), *(Name(alias) for alias in aliases))
    return replace(Entity(f"us.el-{number}", Schema.COMPANY, names, (listing,)), **fields)


def test_added_removed_changed_and_the_rest() -> None:
    before = [entity(1), entity(2), entity(3)]
    after = [entity(2), entity(3, "Another Name"), entity(4)]
    found = delta(before, after)
    assert [e.id for e in found.added] == ["us.el-4"]
    assert [e.id for e in found.removed] == ["us.el-1"]
    assert [change.id for change in found.changed] == ["us.el-3"]
    assert found.counts() == {"added": 1, "removed": 1, "changed": 1, "unchanged": 1}
    assert [e.id for e in found.touched] == ["us.el-4", "us.el-1", "us.el-3", "us.el-3"]
    assert found.touched[2:] == (before[2], after[1])


def test_a_field_is_told_with_what_is_gone_and_what_is_new() -> None:
    before = entity(1, "Old Name", remarks="one", addresses=(Address("1 Road", "CN"), Address("2 Road", "CN")))
    after = entity(1, "New Name", remarks="two", addresses=(Address("2 Road", "CN"),))
    (change,) = delta([before], [after]).changed
    assert [field.to_plain() for field in change.fields] == [
        {
            "field": "names",
            "gone": [{"text": "Old Name", "kind": "alias"}],
            "new": [{"text": "New Name", "kind": "alias"}],
        },
        {"field": "addresses", "gone": [{"text": "1 Road", "country": "CN"}], "new": []},
        {"field": "remarks", "gone": ["one"], "new": ["two"]},
    ]


def test_a_listing_that_ends_is_a_changed_listing() -> None:
    before = entity(1)
    after = replace(before, listings=(replace(before.listings[0], end=date(2026, 1, 1)),))
    (change,) = delta([before], [after]).changed
    assert [field.field for field in change.fields] == ["listings"]
    assert change.fields[0].new[0]["end"] == "2026-01-01"
    assert "end" not in change.fields[0].gone[0]


def test_order_makes_no_difference_but_number_does() -> None:
    before = entity(1, "A Name", "B Name")
    after = replace(before, names=(before.names[0], *reversed(before.names[1:])))
    assert not delta([before], [after])
    twice = replace(before, names=(*before.names, before.names[1]))
    (change,) = delta([before], [twice]).changed
    assert len(change.fields[0].new) == 1


def test_an_id_that_stands_twice_counts_twice() -> None:
    found = delta([entity(1), entity(1, "X Name")], [entity(1)])
    assert found.counts() == {"added": 0, "removed": 1, "changed": 0, "unchanged": 1}


STATES = st.dictionaries(st.integers(0, 12), st.sets(st.sampled_from("ABCDE")), max_size=12).map(
    lambda state: [entity(number, *sorted(aliases)) for number, aliases in sorted(state.items())]
)


@given(STATES, STATES, st.randoms(use_true_random=False))
def test_the_difference_leads_from_one_state_to_the_other(
    before: list[Entity], after: list[Entity], chance: random.Random
) -> None:
    shuffled = [*after]
    chance.shuffle(shuffled)
    found = delta(before, shuffled)
    made = {e.id: e for e in before}
    for gone in found.removed:
        del made[gone.id]
    made |= {e.id: e for e in found.added} | {change.id: change.after for change in found.changed}
    assert made == {e.id: e for e in after}
    back = delta(after, before)
    assert (back.added, back.removed) == (found.removed, found.added)
    assert bool(found) == (made != {e.id: e for e in before})
    for change in found.changed:
        assert all(field.gone or field.new for field in change.fields)


def test_the_starter_list_with_an_entry_taken_away_and_one_rewritten() -> None:
    whole = parse("starter", starter_bytes(), "entities.yml").entities
    assert not delta(whole, whole)
    later = [*whole[1:-1], replace(whole[-1], remarks="amended")]
    found = delta(whole, later)
    assert found.counts() == {"added": 0, "removed": 1, "changed": 1, "unchanged": 26}
    assert entity_to_plain(found.removed[0]) == entity_to_plain(whole[0])


def states(big_data: Path, source: str, *paths: str) -> tuple[tuple[Entity, ...], tuple[Entity, ...]]:
    before, after = (
        parse(source, (big_data / "lists" / path).read_bytes(), path.rpartition("/")[2]).entities for path in paths
    )
    return before, after


def fields_of(found: Delta, entity_id: str) -> dict[str, FieldChange]:
    (change,) = (change for change in found.changed if change.id == entity_id)
    return {field.field: field for field in change.fields}


@pytest.mark.bigdata
@pytest.mark.slow
def test_two_dated_files_of_the_security_council(big_data: Path) -> None:
    """Checked against the two XML files by reference number and, element by element, without white space."""
    before, after = states(
        big_data, "un_sc", "un/2025-04-19/consolidated.xml.gz", "un/2026-02-27/consolidated.xml.gz"
    )
    found = delta(before, after)
    assert found.counts() == {"added": 130, "removed": 4, "changed": 16, "unchanged": 857}
    assert [e.id for e in found.removed] == [f"un.sc-{n}" for n in ("IQi.074", "QDi.317", "QDi.328", "QDi.336")]
    assert Counter(e.id[6:9] for e in found.added) == {
        "IRe": 78,  # Iran's lists, back in force in September 2025
        "IRi": 43,
        "SDi": 4,
        "HTe": 2,
        "HTi": 2,
        "QDi": 1,
    }
    added = {e.id: (e.caption, e.listings[0].start) for e in found.added}
    assert added["un.sc-HTe.001"] == ("GRAN GRIF", date(2025, 7, 8))
    assert added["un.sc-IRe.029"] == ("IRISL BENELUX NV", date(2010, 6, 9))
    changed = "HTi.001 HTi.002 HTi.003 HTi.004 HTi.005 HTi.007 IQi.085 QDi.057 QDi.065 QDi.150 QDi.154 QDi.187"
    changed += " QDi.338 QDi.372 SOi.022 TAi.068"
    assert [change.id for change in found.changed] == [f"un.sc-{number}" for number in changed.split()]
    alias = fields_of(found, "un.sc-IQi.085")["names"]
    assert (alias.gone, [name["text"] for name in alias.new]) == ((), ["BASHAR AL-NASIRI"])
    notice = fields_of(found, "un.sc-HTi.002")["listings"]
    assert "remarks" not in notice.gone[0], "all that it said was a gender, which is dropped"
    assert notice.new[0]["remarks"].startswith("INTERPOL-UN Security Council Special Notice")
    assert set(fields_of(found, "un.sc-QDi.372")) == {"listings", "countries", "remarks"}
    # The later file prints this name in its own script with two letters destroyed.
    damaged = fields_of(found, "un.sc-TAi.068")["names"]
    assert ("\ufffd" in damaged.new[0]["text"], "\ufffd" in damaged.gone[0]["text"]) == (True, False)


@pytest.mark.bigdata
@pytest.mark.slow
def test_two_dated_files_of_denied_persons(big_data: Path) -> None:
    """A sample, checked against the rows of the two files by name."""
    before, after = states(big_data, "us_bis_dpl", "us_bis_dpl/2019-06/dpl.txt", "us_bis_dpl/2022-09/dpl.txt")
    found = delta(before, after)
    assert found.counts() == {"added": 154, "removed": 104, "changed": 29, "unchanged": 285}
    added = {e.caption: e.listings[0] for e in found.added}
    for name, start, end, citation in (
        ("PAUL STUART BRUNT", date(2019, 12, 3), date(2029, 3, 1), "84 F.R. 67428 12/10/2019"),
        ("AVIASTAR - TU", date(2022, 4, 21), date(2022, 10, 18), "87 F.R. 24514 4/26/2022"),
        ("MICHAEL SHAPOVALOV", date(2019, 8, 5), date(2025, 5, 23), "84 F.R. 40024 8/13/2019"),
        ("AXEL CABY", date(2019, 11, 6), date(2025, 11, 4), "84 F.R. 61872 11/14/2019"),
    ):
        assert (added[name].start, added[name].end, added[name].citation) == (start, end, citation)
    removed = {e.caption: [listing.end for listing in e.listings] for e in found.removed}
    assert removed["ALI AMIRNAZMI"] == [date(2020, 1, 11)] * 2
    assert removed["DENNIS HAAG"] == [date(2019, 9, 24)]
    assert removed["DAVID BANIAMERI"] == [date(2021, 8, 12)] * 2
    assert removed["VIACHESLAV ZHUKOV"] == [date(2022, 3, 5)]
    captions = {change.after.caption: change for change in found.changed}
    for name in ("GIE KERMAN AVIATION", "MAHAN AIRWAYS"):  # orders that were renewed
        assert [field.field for field in captions[name].fields] == ["listings"]
        (gone,), (new,) = captions[name].fields[0].gone, captions[name].fields[0].new
        assert (gone["start"], gone["end"]) == ("2019-06-05", "2019-12-03")
        assert (new["start"], new["end"]) == ("2022-05-13", "2022-11-09")
    still = {e.caption for e in before} & {e.caption for e in after} - set(captions)
    assert {"WERNER J. BRUCHHAUSEN", "INFOCOM CORPORATION, INC", "TETRABAL CORPORATION, INC"} <= still
