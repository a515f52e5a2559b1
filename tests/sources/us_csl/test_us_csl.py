"""The Consolidated Screening List: a small file in the official layout, row by row, and what comes of it.

`consolidated.csv` and `consolidated.json` hold the same rows, written for these tests; parties named "Example",
"Sample" or "Placeholder" are invented. `expected.jsonl` is the outcome, checked by hand.
"""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import orjson
import pytest

from stopship.model import Entity, NameKind, Schema
from stopship.model.serialize import entity_from_plain
from stopship.sources.catalogue import catalogue, parse
from stopship.sources.contract import SPECIAL_CATEGORIES, ParsedList
from stopship.sources.countries import country_code, split_country
from stopship.sources.printed import split_packed

HERE = Path(__file__).parent
CSV = (HERE / "consolidated.csv").read_bytes()
JSON = (HERE / "consolidated.json").read_bytes()


@pytest.fixture(scope="module")
def small() -> ParsedList:
    return parse("us_csl", CSV, "consolidated.csv")


def named(parsed: ParsedList, name: str) -> Entity:
    found = [entity for entity in parsed.entities if entity.caption == name]
    assert len(found) == 1, f"{len(found)} entities are called {name}"
    return found[0]


def texts(entity: Entity) -> list[str]:
    return [name.text for name in entity.names]


def test_every_row_comes_out_as_expected(small: ParsedList) -> None:
    lines = (HERE / "expected.jsonl").read_bytes().splitlines()
    expected = tuple(entity_from_plain(orjson.loads(line)) for line in lines)
    assert {e.id: e for e in small.entities} == {e.id: e for e in expected}
    assert small.entities == expected


def test_the_json_form_gives_the_same_entities_and_its_day(small: ParsedList) -> None:
    parsed = parse("us_csl", JSON, "consolidated.json")
    assert parsed.entities == small.entities
    assert parsed.published == date(2026, 7, 31)
    assert small.published is None


def test_gzip_is_undone_whatever_the_name(small: ParsedList) -> None:
    assert parse("us_csl", gzip.compress(CSV, mtime=0), "list.csv") == small
    assert parse("us_csl", b"\xef\xbb\xbf" + CSV, "list.csv").entities == small.entities


def test_rows_are_accounted_for_and_rejects_say_where_and_why(small: ParsedList) -> None:
    assert small.rows == small.loaded + len(small.rejects) == 34
    assert sum(len(entity.listings) for entity in small.entities) == small.loaded == 30
    assert [(reject.row, reject.reason.split(",")[0]) for reject in small.rejects] == [
        (32, "it has no name"),
        (33, "the source 'Example Watch List (XWL) - Bureau of Examples' is not known"),
        (34, "the Foreign Sanctions Evaders list"),
        (35, "30 cells where the header has 29"),
    ]
    assert all(len(reject.text) <= 200 for reject in small.rejects)
    assert "a date of birth can't be read: 1 time, first in row 19" in small.warnings
    assert small.unread == ("_id",)


def test_names_inside_of_names_become_aliases(small: ParsedList) -> None:
    assert texts(named(small, "KOLOKOL (AKA: ALDRICH AMES)"))[1:] == ["KOLOKOL", "ALDRICH AMES"]
    letter = named(small, "K (AKA: AMES, ALDRICH HAZEN)")
    assert [(n.text, n.kind) for n in letter.names[1:]] == [
        ("K", NameKind.WEAK_ALIAS),
        ("AMES, ALDRICH HAZEN", NameKind.ALIAS),
    ]
    assert texts(named(small, "SAM PLE LIM- AKA- ERIC PLE"))[1:] == ["SAM PLE LIM", "ERIC PLE"]
    assert "SAMPLEZING TECH PTE, LTD" in texts(
        named(small, "SAMPLEZING -AKAS- SAMPLEZING TECH PTE, LTD, SAMPLE ZING")
    )


def test_an_affiliate_is_named_and_its_parent_is_no_entity(small: ParsedList) -> None:
    child = "Sampletown Child (Shenzhen) Co., Ltd."
    holder = next(e for e in small.entities if child in texts(e))
    assert texts(holder) == [f"Sampletown Parent Co., Ltd. (Sampletown). Affiliated Entity: {child}", child]
    assert not [e for e in small.entities if "Sampletown Parent Co., Ltd." in texts(e)]


def test_packed_aliases(small: ParsedList) -> None:
    names = {n.text: n.kind for n in named(small, "Placeholder Institute (PLI)").names}
    assert "PLI Works (first; second)" in names
    assert names["Old Placeholder Bureau"] is NameKind.FORMER
    assert {"Placeholder Labs", "PLI-24", "PLI Moscow"} <= set(names)
    assert not any(text.startswith("and ") or text.endswith(";") for text in names)


def test_texts_stay_as_printed(small: ParsedList) -> None:
    footnoted = named(small, "Placeholder Institute (PLI)").listings[0]
    assert footnoted.license_requirement == (
        "For all items subject to the EAR. (See §§ 734.9(g),3 744.21(b), and 746.8(a)(3) of the EAR)"
    )
    swapped = named(small, "Rowswap Optics Co., Ltd.").listings[0]
    assert swapped.license_policy == "For all items subject to the EAR. (See § 744.11 of the EAR)"


def test_an_address_only_row_is_an_address(small: ParsedList) -> None:
    rows = [e for e in small.entities if e.schema is Schema.ADDRESS]
    assert {(e.caption, e.countries) for e in rows} == {("Address 01", ("HK",)), ("Address 01", ("TR",))}
    assert all(len(e.names) == 1 and len(e.addresses) == 1 for e in rows)


def test_two_rows_of_one_party_are_one_entity_with_both_listings(small: ParsedList) -> None:
    wagons = named(small, "Exampleton Wagons GmbH")
    assert [listing.license_policy for listing in wagons.listings] == [
        "Case-by-case review.",
        "Presumption of denial.",
    ]
    assert [n.text for n in wagons.names if n.kind is NameKind.PRIMARY] == ["Exampleton Wagons GmbH"]


def test_dates(small: ParsedList) -> None:
    person = named(small, "SAMPLE, Haji Example")
    assert [str(d) for d in person.birth_dates] == [
        "1965-10-03",
        "circa 1956",
        "1951 to 1953",
        "1965-02",
        "1973",
        "circa 1952 to 1954",
    ]
    assert "Date of birth as printed: long ago" in person.remarks
    denied = named(small, "DAVID EXAMPLE").listings[0]
    assert (denied.start, denied.end, denied.standard_order) == (date(2012, 5, 3), date(2021, 8, 12), False)
    cmic = named(small, "Example Telecom Corporation Limited").listings[0]
    assert cmic.start == date(2021, 6, 3)
    assert "Effective Date: (CMIC) 02 Aug 2021" in cmic.remarks
    assert named(small, "Example Central Depository").listings[0].start == date(2022, 2, 22)
    assert named(small, "EXAMPLE BANK PJSC").listings[0].start is None
    assert [str(d) for d in named(small, "EXAMPLE TRADING LLC").registration_dates] == ["1992-09-29"]


def test_identifiers_directives_and_tags(small: ParsedList) -> None:
    vessel = {(i.type, i.value) for i in named(small, "EXAMPLE STAR").identifiers}
    assert {("imo", "9187629"), ("call_sign", "EXMP1"), ("mmsi", "000000001")} <= vessel
    firm = {(i.type, i.value, i.country) for i in named(small, "EXAMPLE TRADING LLC").identifiers}
    assert ("registration_number", "0000000000004", "RU") in firm
    assert ("other", "42-X", None) in firm, "an unknown label with a number is kept as a number of unknown type"
    assert not any("words only" in value for _, value, _ in firm)
    bank = named(small, "EXAMPLE BANK PJSC").listings[0]
    assert bank.directives == ("1", "4", "14024-3")
    assert bank.tags == ("UKRAINE-EO13662", "RUSSIA-EO14024")


def test_countries(small: ParsedList) -> None:
    assert named(small, "Ornek Unverified Ltd").countries == ("TR",)
    person = named(small, "SAMPLE, Haji Example")
    assert person.countries == ("PK", "IM", "CG", "AF"), "CG is kept as printed, a region is no country"
    assert person.addresses[0].text == "Kachray Road, Quetta"
    assert named(small, "EXAMPLE STAR").countries == ("KP", "MT")
    assert [a.country for a in named(small, "DAVID EXAMPLE").addresses] == [None, "US"]


def test_a_quoted_alias_is_an_alias_because_this_list_marks_none_as_weak(small: ParsedList) -> None:
    kinds = {n.text: n.kind for n in named(small, "SAMPLE, Haji Example").names}
    assert kinds["THE EXAMPLE"] is NameKind.ALIAS
    assert kinds["SAMPEL, Haji"] is NameKind.ALIAS


def test_no_special_category_reaches_an_entity() -> None:
    """Every such label, in every spelling of it, put into `ids`, and the party of a legislator."""
    labels = [f for c in SPECIAL_CATEGORIES for f in (c, c.title(), f"{c.upper()}:", f"{c.replace(' ', '_')} -")]
    ids = "; ".join(f"{label}, zqx{number} 7" for number, label in enumerate(labels))
    text = CSV.decode("utf-8").replace("Gender, Male; Race, Example", f"Gender, zqx 1; Race, zqx 2; {ids}")
    parsed = parse("us_csl", text.encode("utf-8"), "x.csv")
    assert "zqx" not in repr(parsed)
    assert "EXAMPLE PARTY" not in repr(parsed)
    assert "Religion" not in repr(parsed) and "Political Party" not in repr(parsed)
    fields = set(Entity.__dataclass_fields__)
    assert not {word for category in SPECIAL_CATEGORIES for word in category.split()} & fields


def test_every_column_is_declared() -> None:
    info = catalogue()["us_csl"]
    header = CSV.splitlines()[0].decode("ascii").replace('"', "").split(",")
    assert sorted(info.columns) == sorted(header)
    assert len(header) == 29
    assert (info.limit_days, info.kind, info.format) == (7, "official", "us_csl")


def test_ids_survive_shuffled_rows_and_added_aliases(small: ParsedList) -> None:
    header, *rows = CSV.decode("utf-8").splitlines(keepends=True)
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        parsed = parse("us_csl", "".join([header, *rows]).encode("utf-8"), "x.csv")
        assert parsed.entities == small.entities
    more = CSV.decode("utf-8").replace('"Hikvision"', '"Hikvision; Added Alias"')
    parsed = parse("us_csl", more.encode("utf-8"), "x.csv")
    assert [e.id for e in parsed.entities] == [e.id for e in small.entities]
    assert parse("us_csl", CSV, "again.csv") == small


@pytest.fixture(scope="module")
def full(big_data: Path) -> ParsedList:
    return parse("us_csl", (big_data / "lists/us_csl/consolidated.csv.gz").read_bytes(), "consolidated.csv.gz")


@pytest.mark.bigdata
@pytest.mark.slow
def test_the_full_list_is_accounted_for(full: ParsedList) -> None:
    assert full.rows == 25921 == full.loaded + len(full.rejects)
    assert not full.rejects
    programs = Counter(listing.program for entity in full.entities for listing in entity.listings)
    assert programs == {
        "us.sdn": 19181,
        "us.el": 3420,
        "us.dpl": 1596,
        "us.ddtc": 787,
        "us.ssi": 286,
        "us.uvl": 222,
        "us.isn": 161,
        "us.plc": 78,
        "us.meu": 70,
        "us.cmic": 68,
        "us.mbs": 51,
        "us.cap": 1,
    }
    assert len({entity.id for entity in full.entities}) == len(full.entities)
    assert sum(entity.schema is Schema.ADDRESS for entity in full.entities) == 19
    assert not full.warnings


@pytest.mark.bigdata
@pytest.mark.slow
def test_huawei_itself_is_the_primary_name_of_no_affiliate(full: ParsedList) -> None:
    parents = [e for e in full.entities if e.caption == "Huawei Technologies Co., Ltd."]
    affiliates = [e for e in full.entities if "Affiliated Entity:" in e.caption]
    assert len(affiliates) == 22
    assert all("Huawei Technologies Co., Ltd." not in texts(e) for e in affiliates)
    assert all("Affiliated" not in listing.name for e in parents for listing in e.listings)


@pytest.mark.bigdata
@pytest.mark.slow
def test_no_gender_of_the_full_list_reaches_an_entity(full: ParsedList) -> None:
    shown = repr(full.entities)
    assert "Gender, " not in shown and "Gender: " not in shown


@pytest.mark.bigdata
@pytest.mark.slow
def test_the_starter_list_has_the_ids_of_the_full_list(full: ParsedList) -> None:
    from stopship.sources.catalogue import starter_bytes

    starter = parse("starter", starter_bytes(), "entities.yml")
    full_ids = {entity.id: entity for entity in full.entities}
    assert all(full_ids[e.id].caption == e.caption for e in starter.entities)
    for entity in starter.entities:
        ours, theirs = entity.listings[0], full_ids[entity.id].listings[0]
        assert (ours.license_requirement, ours.license_policy) == (
            theirs.license_requirement,
            theirs.license_policy,
        )
        assert (ours.start, ours.citation) == (theirs.start, theirs.citation)
        assert set(texts(full_ids[entity.id])) <= set(texts(entity))


@pytest.mark.bigdata
@pytest.mark.slow
def test_the_full_list_is_read_in_time_and_memory(big_data: Path) -> None:
    if not Path("/proc/self/status").is_file():
        pytest.skip("only Linux tells the peak memory of a process apart from that of the one which started it")
    # Not `ru_maxrss`: a child inherits it from the process that forked it, here from all the tests before.
    code = (
        "import re, sys, time; from pathlib import Path; from stopship.sources.catalogue import parse\n"
        "start = time.process_time(); parsed = parse('us_csl', Path(sys.argv[1]).read_bytes(), 'x')\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+) kB', Path('/proc/self/status').read_text())[1]\n"
        "print(time.process_time() - start, peak)"
    )
    path = big_data / "lists/us_csl/consolidated.csv.gz"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    seconds, kilobytes = map(float, done.stdout.split())
    assert seconds < 60
    assert kilobytes < 800_000


# --- the two forms --------------------------------------------------------------------------------


def as_json(data: bytes) -> bytes:
    """The JSON form of a CSV, as the publisher's generator makes it: lists instead of packed text, and
    the country of an address apart, as a code."""
    import csv
    import io

    results = []
    for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        if None in row or None in row.values():
            continue  # a torn row has no JSON form
        plain: dict[str, object] = {key: cell for key, cell in row.items() if cell}
        plain["id"] = plain.pop("_id", "")
        for key in ("programs", "citizenships", "dates_of_birth", "nationalities", "places_of_birth", "alt_names"):
            plain[key] = [part for part in row[key].split("; ") if part]
        addresses = []
        for text in split_packed(row["addresses"]):
            where, code = split_country(text)
            addresses.append({"address": where, "city": None, "country": code})
        plain["addresses"] = addresses
        ids = []
        for entry in split_packed(row["ids"]):
            label, _, rest = entry.partition(",")
            head, comma, last = rest.rpartition(",")
            known = country_code(last) if comma else None
            number, country = (head.strip(), last.strip()) if known else (rest.strip(), "")
            ids.append({"type": label.strip(), "number": number, "country": country or None})
        plain["ids"] = ids
        results.append(plain)
    return orjson.dumps({"results": results, "total": len(results)})


def names_by_id(parsed: ParsedList) -> dict[str, set[tuple[str, NameKind]]]:
    return {entity.id: {(name.text, name.kind) for name in entity.names} for entity in parsed.entities}


def test_the_json_form_made_from_the_rows_gives_the_same_ids_and_names(small: ParsedList) -> None:
    parsed = parse("us_csl", as_json(CSV), "made.json")
    assert names_by_id(parsed) == names_by_id(small)
    assert {e.id: e.listings for e in parsed.entities} == {e.id: e.listings for e in small.entities}


@pytest.mark.bigdata
@pytest.mark.slow
def test_the_json_form_of_the_whole_list_gives_the_same_ids_and_names(big_data: Path) -> None:
    data = gzip.decompress((big_data / "lists/us_csl/consolidated.csv.gz").read_bytes())
    table, made = parse("us_csl", data, "c.csv"), parse("us_csl", as_json(data), "c.json")
    assert (made.rows, made.loaded) == (table.rows, table.loaded)
    assert names_by_id(made) == names_by_id(table)
