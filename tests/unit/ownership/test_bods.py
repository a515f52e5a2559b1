"""The reader of BODS 0.4, on statements written by hand in the layout of its schema."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from stopship.errors import OwnershipFileError
from stopship.model.stake import Interest
from stopship.model.values import Schema, Share
from stopship.ownership.bods import read_bods


def statement(record: str, kind: str, details: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "statementId": f"statement-{record}-{more.get('statementDate', '2024-05-01')}".ljust(32, "0"),
        "declarationSubject": "firm-1",
        "statementDate": "2024-05-01",
        "recordId": record,
        "recordType": kind,
        "recordStatus": "new",
        "recordDetails": {"isComponent": False, **details},
        "publicationDetails": {
            "publicationDate": "2024-05-02",
            "bodsVersion": "0.4",
            "publisher": {"name": "Example Register"},
        },
        **more,
    }


FIRM = statement(
    "firm-1",
    "entity",
    {
        "entityType": {"type": "registeredEntity"},
        "name": "Beispiel Holding Ltd",
        "alternateNames": ["BHL"],
        "jurisdiction": {"name": "United Kingdom", "code": "GB"},
        "identifiers": [
            {"scheme": "GB-COH", "id": "07444723"},
            {"scheme": "XI-LEI", "id": "5493001KJTIIGC8Y1R12"},
        ],
        "addresses": [
            {"type": "registered", "address": "1 Example Street", "country": {"name": "Jersey", "code": "JE"}}
        ],
    },
)
PERSON = statement(
    "person-1",
    "person",
    {
        "personType": "knownPerson",
        "names": [{"type": "legal", "fullName": "Erika Mustermann", "familyName": "Mustermann"}],
        "nationalities": [{"name": "Germany", "code": "DE"}],
        "birthDate": "1964-04-01",
        "identifiers": [{"scheme": "DEU-PASSPORT", "id": "C01X00T47"}],
        "politicalExposure": {"status": "isPep", "details": [{"reason": "member of a party"}]},
        "religion": "not to be read",
        "ethnicity": "not to be read",
    },
)


def owns(
    record: str = "rel-1", owner: Any = "person-1", held: Any = "firm-1", interests: Any = None, **more: Any
) -> Any:
    interests = (
        [{"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": 60}}]
        if interests is None
        else interests
    )
    return statement(
        record, "relationship", {"subject": held, "interestedParty": owner, "interests": interests}, **more
    )


def lines(*statements: Any) -> str:
    return "\n".join(json.dumps(s) for s in statements)


def test_an_array_and_lines_are_read_alike(read) -> None:
    statements = [FIRM, PERSON, owns()]
    one = read(read_bods, json.dumps(statements, indent=1))
    other = read(read_bods, lines(*statements))
    assert one.records == other.records
    assert one.report.loaded == 3
    firm = one.holders["lei:5493001KJTIIGC8Y1R12"]
    assert firm.names == ("Beispiel Holding Ltd", "BHL")
    assert firm.countries == ("GB", "JE")
    assert firm.schema is Schema.COMPANY
    assert {(i.type, i.value, i.country) for i in firm.identifiers} == {
        ("registration_number", "07444723", "GB"),
        ("lei", "5493001KJTIIGC8Y1R12", None),
    }
    person = one.holders["bods:person-1"]
    assert (person.names, person.countries, str(person.birth_date)) == (
        ("Erika Mustermann",),
        ("DE",),
        "1964-04-01",
    )
    [stake] = one.stakes
    assert (stake.owner, stake.held, stake.share) == (person.id, firm.id, Share(60, 60))
    assert stake.statement.startswith("statement-rel-1")


def test_special_categories_and_passports_are_never_read(read) -> None:
    told = repr(read(read_bods, lines(FIRM, PERSON, owns())).records)
    for word in ("isPep", "member of a party", "not to be read", "C01X00T47"):
        assert word not in told


@pytest.mark.parametrize(
    ("share", "low", "high", "known"),
    [
        ({"exact": 33.4, "minimum": 33.4, "maximum": 33.4}, 33.4, 33.4, True),
        ({"minimum": 25, "maximum": 50}, 25, 50, True),
        ({"exclusiveMinimum": 25, "maximum": 50}, 25, 50, True),
        ({"exclusiveMinimum": 75, "maximum": 100}, 75, 100, True),
        ({"minimum": 50}, 50, 100, True),
        ({"maximum": 25}, 0, 25, True),
        ({"minimum": 25, "exclusiveMinimum": True, "maximum": 50, "exclusiveMaximum": False}, 25, 50, True),
        ({}, 0, 100, False),
        (None, 0, 100, False),
    ],
)
def test_shares(read, share: Any, low: float, high: float, known: bool) -> None:
    [stake] = read(
        read_bods, lines(FIRM, PERSON, owns(interests=[{"type": "shareholding", "share": share}]))
    ).stakes
    assert (stake.share.low, stake.share.high, stake.share.known) == (low, high, known)


@pytest.mark.parametrize(
    "share", [{"minimum": 25, "exclusiveMaximum": 50}, {"minimum": 25, "maximum": 50, "exclusiveMaximum": True}]
)
def test_less_than_50_is_not_50(read, share: Any) -> None:
    [stake] = read(
        read_bods, lines(FIRM, PERSON, owns(interests=[{"type": "shareholding", "share": share}]))
    ).stakes
    assert 49.99 < stake.share.high < 50


@pytest.mark.parametrize(
    ("interest", "expected"),
    [
        ({"type": "shareholding"}, Interest.SHARES),
        ({"type": "shareholding", "directOrIndirect": "unknown"}, Interest.SHARES),
        ({"type": "shareholding", "directOrIndirect": "indirect"}, Interest.INDIRECT),
        ({"type": "unknownInterest"}, Interest.SHARES),
        ({}, Interest.SHARES),
        ({"type": "votingRights", "share": {"exact": 60}}, Interest.CONTROL),
        ({"type": "appointmentOfBoard"}, Interest.CONTROL),
        ({"type": "boardMember"}, Interest.CONTROL),
        ({"type": "trustee"}, Interest.CONTROL),
        ({"type": "rightsToProfitOrIncome"}, Interest.BENEFIT),
        ({"type": "beneficiaryOfLegalArrangement"}, Interest.BENEFIT),
    ],
)
def test_control_is_kept_apart_from_ownership(read, interest: Any, expected: Interest) -> None:
    [stake] = read(read_bods, lines(FIRM, PERSON, owns(interests=[interest]))).stakes
    assert stake.interest is expected


def test_a_relationship_without_interests_may_be_ownership(read) -> None:
    [stake] = read(read_bods, lines(FIRM, PERSON, owns(interests=[]))).stakes
    assert stake.interest is Interest.SHARES
    assert not stake.share.known


def test_the_latest_statement_about_a_record_counts_wherever_it_stands(read) -> None:
    new = owns(
        interests=[{"type": "shareholding", "share": {"exact": 10}}],
        statementDate="2025-01-01",
        recordStatus="updated",
    )
    for order in ([FIRM, PERSON, owns(), new], [new, FIRM, owns(), PERSON]):
        found = read(read_bods, lines(*order))
        assert [stake.share.low for stake in found.stakes] == [10]
        assert sum(found.report.passed.values()) == 1


def test_dates_of_interests_and_of_closed_records(read) -> None:
    dated = {"type": "shareholding", "startDate": "2020-01-01", "endDate": "2024-03-01"}
    closed = owns("rel-2", statementDate="2024-02-01", recordStatus="closed")
    first, second = read(read_bods, lines(FIRM, PERSON, owns(interests=[dated]), closed)).stakes
    assert (first.since, first.until) == (date(2020, 1, 1), date(2024, 3, 1))
    assert first.in_force(date(2024, 2, 29))
    assert not first.in_force(date(2024, 3, 1))  # "the date from which this interest ceased to exist"
    assert second.until == date(2024, 2, 1)


def test_rows_that_can_t_be_read_are_named(read) -> None:
    bad = [
        {"statementId": "x", "statementType": "ownershipOrControlStatement"},
        statement("r", "company", {}),
        owns("r1", owner="nobody"),
        owns("r2", interests=[{"type": "shareholding", "share": {"exact": 160}}]),
        owns("r3", interests=[{"type": "shareholding", "share": {"minimum": 60, "maximum": 40}}]),
        owns("r4", interests=[{"type": "friendship"}]),
        owns("r5", interests=[{"type": "shareholding", "startDate": "soon"}]),
        owns("r6", recordStatus="closed", statementDate=None),
        [1],
    ]
    found = read(read_bods, lines(FIRM, PERSON, *bad) + "\nnot json\n")
    assert found.stakes == []
    reasons = dict(found.rejects)
    assert len(reasons) == len(bad) + 1
    assert "before version 0.4" in reasons[3]
    assert "isn't in the file" in reasons[5]
    assert "160" in reasons[6]
    assert reasons[12] == "not JSON"


def test_an_interested_party_that_is_not_specified_is_counted(read) -> None:
    unknown = owns(owner={"reason": "subjectUnableToConfirmOrIdentifyBeneficialOwner", "description": "…"})
    found = read(read_bods, lines(FIRM, PERSON, unknown))
    assert found.stakes == []
    [what] = found.report.passed
    assert "interested party is not specified (subjectUnable" in what


@pytest.mark.parametrize(
    "data", [b"", b"  ", b'[{"recordId": 1}', b'[{"recordId": 1} {"a": 2}]', b"[1, tru]", b'["\xff"]']
)
def test_a_file_that_is_cut_short_or_no_json_is_refused(read, data: bytes) -> None:
    with pytest.raises(OwnershipFileError):
        read(read_bods, data)


def test_elements_are_read_across_the_borders_of_chunks(read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stopship.ownership.json_stream.CHUNK", 7)
    statements = [FIRM, PERSON, owns(), 12, 'Größe " ] ,']
    assert len(read(read_bods, json.dumps(statements, ensure_ascii=False)).stakes) == 1
    assert len(read(read_bods, lines(*statements)).stakes) == 1
