"""GLEIF's relationship records and LEI records, as XML and as the golden copy's CSV."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from stopship.errors import OwnershipFileError
from stopship.model.stake import Interest
from stopship.model.values import Schema
from stopship.ownership.gleif_csv import read_gleif_csv
from stopship.ownership.gleif_xml import read_gleif_xml

CHILD, PARENT, TOP = "097900BEJX0000001852", "315700FA4G1UK2XEQF20", "5493001KJTIIGC8Y1R12"


def record(
    start: str = CHILD,
    end: str = PARENT,
    kind: str = "IS_DIRECTLY_CONSOLIDATED_BY",
    status: str = "ACTIVE",
    registration: str = "PUBLISHED",
    finish: str = "",
    extra: str = "",
) -> str:
    until = f"<rr:EndDate>{finish}</rr:EndDate>" if finish else ""
    return f"""<rr:RelationshipRecord><rr:Relationship>
      <rr:StartNode><rr:NodeID>{start}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:StartNode>
      <rr:EndNode><rr:NodeID>{end}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:EndNode>
      <rr:RelationshipType>{kind}</rr:RelationshipType>
      <rr:RelationshipPeriods>
        <rr:RelationshipPeriod><rr:StartDate>2017-12-14T00:00:00Z </rr:StartDate>
          <rr:PeriodType>ACCOUNTING_PERIOD</rr:PeriodType></rr:RelationshipPeriod>
        <rr:RelationshipPeriod><rr:StartDate>2006-09-22T00:00:00Z</rr:StartDate>{until}
          <rr:PeriodType>RELATIONSHIP_PERIOD</rr:PeriodType></rr:RelationshipPeriod>
      </rr:RelationshipPeriods>
      <rr:RelationshipStatus>{status}</rr:RelationshipStatus>
      <rr:RelationshipQuantifiers><rr:RelationshipQuantifier>
        <rr:MeasurementMethod>ACCOUNTING_CONSOLIDATION</rr:MeasurementMethod>
        <rr:QuantifierAmount>1.00</rr:QuantifierAmount><rr:QuantifierUnits>PERCENTAGE</rr:QuantifierUnits>
      </rr:RelationshipQuantifier></rr:RelationshipQuantifiers>
    </rr:Relationship>
    <rr:Registration><rr:RegistrationStatus>{registration}</rr:RegistrationStatus></rr:Registration>{extra}
    </rr:RelationshipRecord>"""


def relations(*records: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rr:RelationshipData xmlns:rr="http://www.gleif.org/data/schema/rr/2016"'
        ' xmlns:gleif="http://www.gleif.org/data/schema/golden-copy/extensions/1.0">'
        f"<rr:Header><rr:RecordCount>{len(records)}</rr:RecordCount></rr:Header>"
        f"<rr:RelationshipRecords>{''.join(records)}</rr:RelationshipRecords></rr:RelationshipData>"
    )


def test_consolidation_is_a_stake_of_unknown_share(read) -> None:
    ultimate = record(end=TOP, kind="IS_ULTIMATELY_CONSOLIDATED_BY")
    direct, far = read(read_gleif_xml, relations(record(), ultimate)).stakes
    assert (direct.held, direct.owner, direct.interest) == (f"lei:{CHILD}", f"lei:{PARENT}", Interest.SHARES)
    # The quantifier of an accounting method is no share.
    assert not direct.share.known
    assert direct.since == date(2006, 9, 22)
    assert "no percentage" in direct.note
    assert far.interest is Interest.INDIRECT


@pytest.mark.parametrize("kind", ["IS_FUND-MANAGED_BY", "IS_SUBFUND_OF", "IS_FEEDER_TO"])
def test_funds_are_managed_not_owned(read, kind: str) -> None:
    [stake] = read(read_gleif_xml, relations(record(kind=kind))).stakes
    assert stake.interest is Interest.CONTROL


def test_a_branch_is_part_of_its_head_office(read) -> None:
    [stake] = read(read_gleif_xml, relations(record(kind="IS_INTERNATIONAL_BRANCH_OF"))).stakes
    assert stake.share.low == 100


def test_what_has_ended_or_never_counted(read) -> None:
    deleted = (
        "<rr:Extension><gleif:Deletion><gleif:DeletedAt>2024</gleif:DeletedAt></gleif:Deletion></rr:Extension>"
    )
    found = read(
        read_gleif_xml,
        relations(
            record(status="INACTIVE", finish="2020-06-30T00:00:00Z"),
            record(status="INACTIVE"),
            record(registration="ANNULLED"),
            record(extra=deleted),
            record(registration="LAPSED"),
        ),
    )
    ended, lapsed = found.stakes
    assert ended.until == date(2020, 7, 1)
    assert "not renewed" in lapsed.note
    assert sum(found.report.passed.values()) == 3


def test_bad_records_are_named_by_number(read) -> None:
    found = read(
        read_gleif_xml,
        relations(
            record(start="SHORT"),
            record(kind="IS_FRIEND_OF"),
            record(),
            record(status="MAYBE"),
            "<rr:RelationshipRecord/>",
        ),
    )
    assert [row for row, _ in found.rejects] == [1, 2, 4, 5]
    assert len(found.stakes) == 1


LEI_RECORD = f"""<lei:LEIData
xmlns:lei="http://www.gleif.org/data/schema/leidata/2016"><lei:LEIRecords><lei:LEIRecord>
  <lei:LEI>{CHILD}</lei:LEI><lei:Entity>
    <lei:LegalName xml:lang="sk">Príklad s.r.o.</lei:LegalName>
    <lei:OtherEntityNames>
      <lei:OtherEntityName type="TRADING_OR_OPERATING_NAME">Example</lei:OtherEntityName></lei:OtherEntityNames>
    <lei:LegalAddress><lei:Country>SK</lei:Country></lei:LegalAddress>
    <lei:HeadquartersAddress><lei:Country>CZ</lei:Country></lei:HeadquartersAddress>
    <lei:RegistrationAuthority><lei:RegistrationAuthorityID>RA000526</lei:RegistrationAuthorityID>
      <lei:RegistrationAuthorityEntityID>36677281</lei:RegistrationAuthorityEntityID></lei:RegistrationAuthority>
    <lei:LegalJurisdiction>SK</lei:LegalJurisdiction><lei:EntityCategory>GENERAL</lei:EntityCategory>
  </lei:Entity></lei:LEIRecord></lei:LEIRecords></lei:LEIData>"""


def test_names_of_level_1(read) -> None:
    found = read(read_gleif_xml, LEI_RECORD)
    holder = found.holders[f"lei:{CHILD}"]
    assert holder.names == ("Príklad s.r.o.", "Example")
    assert holder.countries == ("SK", "CZ")
    assert holder.schema is Schema.COMPANY
    assert {(i.type, i.value) for i in holder.identifiers} == {("lei", CHILD), ("registration_number", "36677281")}
    passed = read(read_gleif_xml, LEI_RECORD, wanted=frozenset().__contains__)
    assert passed.records == []
    assert sum(passed.report.passed.values()) == 1


@pytest.mark.parametrize(
    "data",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rr:RelationshipData xmlns:rr="u"/>',
        '<?xml version="1.0"?>\n<!DOCTYPE rr SYSTEM "http://example.org/x.dtd"><rr/>',
        '<x xmlns="u"/>',
        "",
        relations(record())[:-40],
        relations(record()).replace("</rr:StartNode>", "", 1),
        '<ReportingExceptionData xmlns="u"/>',
    ],
)
def test_xml_that_is_dangerous_foreign_or_cut_short_is_refused(read, data: str) -> None:
    with pytest.raises(OwnershipFileError) as refused:
        read(read_gleif_xml, data)
    assert "\n" not in str(refused.value)


def test_entities_are_not_resolved(read) -> None:
    hostile = relations(record()).replace(CHILD, "&outside;")
    with pytest.raises(OwnershipFileError):
        read(read_gleif_xml, hostile)


def test_memory_does_not_grow_with_the_file(read) -> None:
    # Records that were read are freed: the tree never holds more than a few.
    many = relations(*[record()] * 400)
    assert len(read(read_gleif_xml, many).stakes) == 400


# -- CSV --------------------------------------------------------------------------------------------------------

RR = [
    "Relationship.StartNode.NodeID", "Relationship.StartNode.NodeIDType", "Relationship.EndNode.NodeID",
    "Relationship.EndNode.NodeIDType", "Relationship.RelationshipType", "Relationship.RelationshipStatus",
    "Relationship.Period.1.startDate", "Relationship.Period.1.endDate", "Relationship.Period.1.periodType",
    "Relationship.Period.2.startDate", "Relationship.Period.2.endDate", "Relationship.Period.2.periodType",
    "Relationship.Quantifiers.1.MeasurementMethod", "Relationship.Quantifiers.1.QuantifierAmount",
    "Registration.RegistrationStatus",
]  # fmt: skip
ROW = [
    CHILD, "LEI", PARENT, "LEI", "IS_DIRECTLY_CONSOLIDATED_BY", "ACTIVE",
    "2017-01-01T00:00:00Z", "2017-12-31T00:00:00Z", "ACCOUNTING_PERIOD",
    "2006-09-22T00:00:00Z", "", "RELATIONSHIP_PERIOD", "ACCOUNTING_CONSOLIDATION", "100", "PUBLISHED",
]  # fmt: skip


def table(*rows: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def test_csv_says_what_xml_says(read) -> None:
    [from_csv] = read(read_gleif_csv, table(RR, ROW), RR).stakes
    [from_xml] = read(read_gleif_xml, relations(record())).stakes
    assert from_csv == from_xml


def test_bad_rows_of_csv_are_named_by_number(read) -> None:
    short = ROW[:5]
    wrong = ["x", *ROW[1:]]
    found = read(read_gleif_csv, table(RR, ROW, wrong, ROW, short, wrong), RR)
    assert len(found.stakes) == 2
    assert [(row, "cells" in reason) for row, reason in found.rejects] == [(3, False), (5, True), (6, False)]


def test_names_from_csv(read) -> None:
    header = [
        "LEI",
        "Entity.LegalName",
        "Entity.LegalName.xmllang",
        "Entity.LegalAddress.Country",
        "Entity.LegalJurisdiction",
        "Entity.EntityCategory",
        "Entity.RegistrationAuthority.RegistrationAuthorityEntityID",
        "Other.Column",
    ]
    rows = [CHILD, 'Príklad "A", s.r.o.\nBratislava', "sk", "SK", "SK", "GENERAL", "36677281", "x"]
    holder = read(read_gleif_csv, table(header, rows), header).holders[f"lei:{CHILD}"]
    assert holder.names == ('Príklad "A", s.r.o. Bratislava',)
    assert holder.countries == ("SK",)


def test_another_csv_is_refused(read) -> None:
    with pytest.raises(OwnershipFileError):
        read(read_gleif_csv, "a,b\n1,2\n", ["a", "b"])
    with pytest.raises(OwnershipFileError, match="RelationshipType"):
        read(read_gleif_csv, table(RR[:4], ROW[:4]), RR[:4])
