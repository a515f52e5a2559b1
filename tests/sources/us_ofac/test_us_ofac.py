"""OFAC's lists: the same few parties in each of the three layouts, and what comes of them.

All parties are invented. `sdn.xml` and `csv/` are written after real files, `sdn_advanced.xml` after the published
schema.
"""

from __future__ import annotations

import gzip
import random
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from stopship.errors import ListFileError, SourceDrift
from stopship.model import Entity, Identifier, NameKind, Schema
from stopship.sources.archives import pack_archive
from stopship.sources.catalogue import catalogue, parse
from stopship.sources.contract import ParsedList
from stopship.sources.us_ofac import advanced_xml, csv_set, legacy_xml
from stopship.sources.us_ofac.references import SETS

HERE = Path(__file__).parent
XML = (HERE / "sdn.xml").read_bytes()
ADVANCED = (HERE / "sdn_advanced.xml").read_bytes()
CONS = (HERE / "cons/consolidated.xml").read_bytes()
SET = {path.name: path.read_bytes() for path in (HERE / "csv").iterdir()}
CSV = pack_archive(SET)
LAYOUTS = {"xml": XML, "advanced": ADVANCED, "csv": CSV}


def sdn(data: bytes, name: str = "sdn") -> ParsedList:
    return parse("us_ofac_sdn", data, name)


def one(parsed: ParsedList, entity_id: str) -> Entity:
    return next(entity for entity in parsed.entities if entity.id == entity_id)


def refused(data: bytes, source: str = "us_ofac_sdn", error: type[ListFileError] = ListFileError) -> str:
    with pytest.raises(error) as caught:
        parse(source, data, "list")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture(params=sorted(LAYOUTS))
def parsed(request: pytest.FixtureRequest) -> ParsedList:
    return sdn(LAYOUTS[request.param])


def test_a_person(parsed: ParsedList) -> None:
    person = one(parsed, "us.sdn-900001")
    assert person.schema is Schema.PERSON and person.caption == "SAMPLE, Haji Example"
    kinds = {name.text: name.kind for name in person.names}
    assert kinds["SAMPEL, Hajji"] is NameKind.ALIAS
    assert kinds["THE EXAMPLE"] is NameKind.WEAK_ALIAS
    assert kinds["OLDNAME, Haji"] is NameKind.FORMER
    assert [str(day) for day in person.birth_dates] == ["1965-10-03", "circa 1956", "1951 to 1953"]
    assert person.birth_places == ("Sample Village, Afghanistan",)
    assert person.countries == ("AF", "PK", "TR")
    assert [address.country for address in person.addresses] == ["AF"]
    assert Identifier("passport", "A0000001", "AF") in person.identifiers
    assert Identifier("crypto_wallet", "1ExampLe000000000000000000000000") in person.identifiers
    assert person.listings[0].tags == ("SDGT", "RUSSIA-EO14024")
    assert "Secondary sanctions risk" in person.listings[0].remarks
    assert person.remarks == "Title: Director of Placeholder Bureau"


def test_a_company_a_vessel_and_an_aircraft(parsed: ParsedList) -> None:
    company = one(parsed, "us.sdn-900002")
    assert company.schema is Schema.COMPANY
    assert company.identifiers == (
        Identifier("tax_id", "7700000001", "RU"),
        Identifier("registration_number", "1020000000001", "RU"),
    )
    assert [str(day) for day in company.registration_dates] == ["1992-09-29"]
    assert "SAMPLE, Haji Example" in company.listings[0].remarks
    vessel = one(parsed, "us.sdn-900003")
    assert vessel.schema is Schema.VESSEL and vessel.countries == ("TZ", "PA")
    assert set(vessel.identifiers) == {
        Identifier("imo", "9074729"),
        Identifier("mmsi", "572000000"),
        Identifier("call_sign", "XX99"),
    }
    assert "Vessel owner: Example Shipping Co." in vessel.remarks
    aircraft = one(parsed, "us.sdn-900004")
    assert aircraft.schema is Schema.AIRPLANE
    assert Identifier("tail_number", "EP-EXA") in aircraft.identifiers
    assert Identifier("aircraft_serial", "12345") in aircraft.identifiers


def test_gender_and_the_like_leave_no_trace(parsed: ParsedList) -> None:
    text = repr(parsed.entities).casefold() + repr(parsed.warnings).casefold()
    assert not [word for word in ("gender", "'male", "ethnic", "tribe") if word in text]


def test_rows_are_accounted_for(parsed: ParsedList) -> None:
    assert parsed.rows == parsed.loaded + len(parsed.rejects)
    assert parsed.rejects[0].row == 5 and parsed.rejects[0].reason == "it has no name"
    assert Counter(listing.program for e in parsed.entities for listing in e.listings) == {"us.sdn": 4}


def test_the_layouts_agree() -> None:
    """What differs is what a layout doesn't print: dates and citations, scripts, how places are put together."""

    def plain(entity: Entity) -> Entity:
        names = sorted((n for n in entity.names if n.language is None), key=lambda n: n.text)
        listing = replace(entity.listings[0], start=None, citation="", remarks="")
        return replace(entity, names=tuple(names), listings=(listing,), addresses=())

    versions = [[plain(e) for e in sdn(data).entities] for data in LAYOUTS.values()]
    assert versions[0] == versions[1] == versions[2]


def test_what_only_the_advanced_layout_prints() -> None:
    parsed = sdn(ADVANCED)
    person, company = one(parsed, "us.sdn-900001"), one(parsed, "us.sdn-900002")
    assert parsed.published == date(2026, 7, 24)
    assert person.listings[0].start == date(2001, 10, 12)
    assert person.listings[0].citation == "Executive Order 13224 (Terrorism)"
    assert [(n.text, n.language) for n in person.names if n.language] == [("САМПЛ, Хаджи", "und-Cyrl")]
    assert company.listings[0].remarks == "Owned or Controlled By: SAMPLE, Haji Example (former)"
    assert company.listings[0].citation == "", "a legal basis that is unknown is none"
    assert "another source's" in parsed.rejects[1].reason
    sectoral = parse("us_ofac_cons", ADVANCED, "cons_advanced.xml")
    assert [(e.id, e.caption) for e in sectoral.entities] == [("us.ssi-900006", "EXAMPLE SECTORAL LLC")]
    assert ("示例公司", "und-Hans") in [(n.text, n.language) for n in sectoral.entities[0].names]
    assert sectoral.entities[0].listings[0].start == date(2014, 7, 16)


def test_the_lists_of_the_non_sdn_file() -> None:
    parsed = parse("us_ofac_cons", CONS, "consolidated.xml")
    assert [e.id for e in parsed.entities] == [
        "us.cap-910005",
        "us.cmic-910003",
        "us.mbs-910001",
        "us.plc-910004",
        "us.ssi-910001",
        "us.ssi-910002",
    ]
    assert (parsed.rows, parsed.loaded) == (6, 5)
    assert "Foreign Sanctions Evaders" in parsed.rejects[0].reason
    bank = one(parsed, "us.mbs-910001").listings[0]
    assert bank.start == date(2022, 2, 24) and bank.directives == ("1", "14024-3")
    assert one(parsed, "us.ssi-910001").listings[0].start is None, (
        "a directive's date is not that of the sectoral list"
    )
    assert one(parsed, "us.ssi-910002").listings[0].directives == ("4",)
    cmic = one(parsed, "us.cmic-910003")
    assert cmic.listings[0].start == date(2021, 6, 3)
    assert "Example Telecom Corp Ltd" in [name.text for name in cmic.names]
    assert "EXAMPLES - Town" not in repr(one(parsed, "us.plc-910004")), "the party of a member is no remark"


def test_the_order_of_entries_makes_no_difference() -> None:
    lines = SET["sdn.csv"].rstrip(b"\x1a").splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    shuffled = sdn(pack_archive({**SET, "sdn.csv": b"".join(lines) + b"\x1a"}))
    assert shuffled.entities == sdn(CSV).entities
    body = XML.split(b"  <sdnEntry>")
    backwards = [body[0], *reversed([part.replace(b"</sdnList>\n", b"") for part in body[1:]])]
    assert sdn(b"  <sdnEntry>".join(backwards) + b"</sdnList>\n").entities == sdn(XML).entities


def test_xml_comes_plain_gzipped_or_zipped() -> None:
    assert sdn(gzip.compress(XML, mtime=0)) == sdn(pack_archive({"SDN.XML": XML})) == sdn(XML)


def test_remarks_go_on_in_the_comments() -> None:
    long = "DOB 1965; " + "x" * (1000 - len("DOB 1965; ") - 4) + "; Pa"
    rows = b'900009,"LONG, Example","individual","SDGT"' + b",-0- " * 7 + f',"{long}"\r\n'.encode() + b"\x1a"
    files = {**SET, "sdn.csv": rows, "add.csv": b"\x1a", "alt.csv": b"\x1a"}
    comments = b'900009,"ssport B7 (Iran)."\r\n\x1a'
    entity = sdn(pack_archive({**files, "sdn_comments.csv": comments})).entities[0]
    assert Identifier("passport", "B7", "IR") in entity.identifiers
    cut = sdn(pack_archive(files))
    assert "the remarks of 1 entries are cut" in cut.warnings[0]


def test_rows_that_no_entry_takes_are_rejects() -> None:
    parsed = sdn(pack_archive({**SET, "add.csv": b'123,1,"Nowhere","X","Cuba",-0- \r\n\x1a'}))
    assert parsed.rows == parsed.loaded + len(parsed.rejects)
    assert parsed.rejects[-1].reason == "add.csv: there is no entry with its number in sdn.csv"
    doubled = SET["sdn.csv"].replace(b"900002,", b"900001,")
    reasons = [reject.reason for reject in sdn(pack_archive({**SET, "sdn.csv": doubled})).rejects]
    assert "sdn.csv: its number stands on an earlier row too" in reasons


def test_an_incomplete_set_names_what_is_missing() -> None:
    without = {name: data for name, data in SET.items() if name != "sdn.csv"}
    message = refused(pack_archive(without))
    assert "sdn.csv is missing" in message and "add.csv, alt.csv and sdn_comments.csv" in message
    with pytest.raises(ListFileError, match=r"sdn\.csv, add\.csv and sdn_comments\.csv are missing"):
        parse("us_ofac_sdn", SET["alt.csv"], "ALT.CSV")
    assert "none of the forms" in refused(b"id,name\n1,Example\n")


def test_names_of_members_have_no_case() -> None:
    assert sdn(pack_archive({name.upper(): data for name, data in SET.items()})) == sdn(CSV)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((b"<Record_Count>5<", b"<Record_Count>6<"), "says that it has 6 entries (Record_Count), but holds 5"),
        ((b"<Record_Count>5</Record_Count>", b""), "the Record_Count '' is not a number"),
        ((b"07/24/2026", b"24 July"), "Publish_Date '24 July'"),
        ((b"<sdnList ", b"<sdnlist "), "its outermost element is 'sdnlist'"),
        ((b"</sdnList>", b""), "cut short"),
        ((b"<sdnType>Vessel</sdnType>", b"<sdnType>Vessel"), "not valid XML"),
        ((b"<sdnList ", b'<!DOCTYPE sdnList [<!ENTITY a "aaaa">]><sdnList '), "document type declaration"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(change: tuple[bytes, bytes], says: str) -> None:
    if change[0].startswith(b"<sdnList ") and change[1].startswith(b"<sdnlist"):
        assert says in refused(XML.replace(*change).replace(b"</sdnList>", b"</sdnlist>"))
        return
    assert change[0] in XML
    assert says in refused(XML.replace(*change))


@pytest.mark.parametrize("layout", ["xml", "advanced"])
def test_an_xml_file_cut_anywhere_is_refused(layout: str) -> None:
    data = LAYOUTS[layout]
    for place in range(200, len(data) - 12, 997):
        refused(data[:place])


def test_a_set_cut_inside_of_a_row_is_refused() -> None:
    text = SET["sdn.csv"]
    assert "inside a quoted cell" in refused(pack_archive({**SET, "sdn.csv": text[:200]}))
    short = b'900001,"SAMPLE, Haji Example","individual"'
    assert "cells of 12" in refused(pack_archive({**SET, "sdn.csv": text[: text.index(b"900002")] + short}))


def test_html_and_a_bomb() -> None:
    assert "HTML page" in refused(b"<!DOCTYPE html><html><body>503</body></html>")
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><sdnList>&b;</sdnList>'
    assert "document type declaration" in refused(bomb)
    assert "encoded in UTF-16" in refused(bomb.decode().encode("utf-16"))
    for encoding in ("utf-16-be", "utf-16-le"):  # nothing in it looks like a document type to a search for bytes
        refused(bomb.decode().encode(encoding))


def test_the_other_list_is_recognized() -> None:
    plc = b"".join(
        b"<sdnEntry><uid>%d</uid><lastName>A</lastName><sdnType>Entity</sdnType>"
        b"<programList><program>NS-PLC</program></programList></sdnEntry>" % n
        for n in range(1, 5)
    )
    header = XML[XML.index(b"  <publsh") : XML.index(b"  <sdnEntry>")].replace(b">5<", b">4<")
    start = XML[: XML.index(b"  <publsh")]
    assert "Import it as us_ofac_cons" in refused(start + header + plc + b"</sdnList>")


def test_drift_is_named() -> None:
    new = XML.replace(b"<sdnType>Vessel</sdnType>", b"<sdnType>Vessel</sdnType><riskScore>9</riskScore>")
    assert "new element 'sdnEntry/riskScore'" in refused(new, error=SourceDrift)
    gone = XML.replace(b"sdnType>", b"uid>")
    assert "no entry has 'sdnType'" in refused(gone, error=SourceDrift)
    new = ADVANCED.replace(b"<IssuingAuthority/>", b"<IssuingAuthority/><Score>1</Score>")
    assert "'IDRegDocument/Score'" in refused(new, error=SourceDrift)
    bare = ADVANCED.replace(b"RelationTypeValues", b"OtherValues")
    assert "missing value set 'RelationTypeValues/RelationType'" in refused(bare, error=SourceDrift)
    wide = SET["sdn.csv"].replace(b"\r\n", b',"new"\r\n')
    assert "rows have 13 cells where 12 belong" in refused(
        pack_archive({**SET, "sdn.csv": wide}), error=SourceDrift
    )
    extra = XML.replace(b"</sdnList>", b"<riskScores><score/></riskScores></sdnList>")
    assert "new element 'riskScores'" in refused(extra, error=SourceDrift)
    odd = sdn(XML.replace(b"<sdnType>Vessel", b"<sdnType colour='red'>Vessel"))
    assert odd.warnings == ("the attribute sdnEntry/sdnType@colour is not known: 1 times",)
    odd = sdn(ADVANCED.replace(b'Former="true"', b'Former="true" Colour="red"'))
    assert odd.warnings == ("the attribute ProfileRelationship@Colour is not known: 1 times",)


def test_the_sheets_know_what_the_readers_read() -> None:
    for source in ("us_ofac_sdn", "us_ofac_cons"):
        info = catalogue()[source]
        names = ("primary", "addresses", "aliases", "comments")
        columns = (csv_set.PRIMARY, csv_set.ADDRESSES, csv_set.ALIASES, csv_set.COMMENTS)
        assert info.layout("csv") == {f"{n}/{c}" for n, cells in zip(names, columns, strict=True) for c in cells}
        assert info.layout(legacy_xml.LAYOUT) and info.layout(advanced_xml.LAYOUT)
        assert any("unconfirmed" in note for note in info.notes)
    assert all(kind.encode() in ADVANCED for kinds in SETS for kind in kinds.split("/"))


@pytest.mark.bigdata
def test_the_real_files(big_data: Path) -> None:
    """Every file that is there: entries, names, rejects, and the lists that entries are on."""
    folder = big_data / "lists/us_ofac"

    def members(day: str, source: str) -> dict[str, bytes]:
        found = {}
        for name in catalogue()[source].files:
            plain, packed = folder / day / name, folder / day / f"{name}.gz"
            if plain.is_file():
                found[name] = plain.read_bytes()
            elif packed.is_file():
                found[name] = gzip.decompress(packed.read_bytes())
        return found

    xml = parse("us_ofac_cons", (folder / "2025-03-28/consolidated.xml").read_bytes(), "consolidated.xml")
    assert (xml.rows, xml.loaded, len(xml.entities), xml.published) == (443, 442, 448, date(2025, 3, 28))
    cons = parse("us_ofac_cons", pack_archive(members("2025-12", "us_ofac_cons")), "cons")
    assert (cons.rows, cons.loaded, len(cons.entities), cons.rejects) == (442, 442, 448, ())
    programs = Counter(listing.program for e in cons.entities for listing in e.listings)
    assert programs == {"us.ssi": 286, "us.plc": 78, "us.cmic": 68, "us.mbs": 15, "us.cap": 1}
    whole = sdn(pack_archive(members("2021-07", "us_ofac_sdn")))
    assert (whole.rows, whole.loaded, len(whole.entities), whole.rejects) == (8976, 8976, 8976, ())
    assert sum(len(entity.names) for entity in whole.entities) > 23_000
    assert sum(name.kind is NameKind.WEAK_ALIAS for entity in whole.entities for name in entity.names) > 2_000
    text = repr(whole.entities)
    assert not [words for words in ("Gender Male", "Gender Female", "ethnicity ", "Tribe:") if words in text]
    with pytest.raises(ListFileError, match=r"sdn\.csv is missing"):
        sdn(pack_archive(members("2025-12", "us_ofac_sdn")))
