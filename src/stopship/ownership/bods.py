"""Reader of the Beneficial Ownership Data Standard 0.4 (https://standard.openownership.org/en/0.4.0/).

A file is a JSON array of statements, or one statement a line. A statement claims something of a record (an entity,
a person or a relationship) on a day; the latest statement about a record is taken, a `closed` one ends it. What is
read of it: names, jurisdiction, nationality, addresses' countries, identifiers, birth date; subject, interested
party, interests with share and dates. Everything else, political exposure among it, is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from stopship.model.entity import Identifier
from stopship.model.stake import UNKNOWN, Holder, Interest, Stake
from stopship.model.values import PartialDate, Schema, Share
from stopship.ownership.contract import (
    BadRow,
    Bytes,
    Record,
    Report,
    country_of,
    day_of,
    holder_id,
    text_of,
)
from stopship.ownership.json_stream import json_records

KIND = "bods"

# Codelist interestType of BODS 0.4. What isn't named here is a right to decide or to be in an office: control.
_SHARES = ("shareholding", "unknownInterest", "unpublishedInterest", "nominator")
_BENEFIT = (
    "rightsToSurplusAssetsOnDissolution",
    "rightsToProfitOrIncome",
    "beneficiaryOfLegalArrangement",
    "enjoymentAndUseOfAssets",
    "rightToProfitOrIncomeFromAssets",
)
_CONTROL = (
    "votingRights",
    "appointmentOfBoard",
    "otherInfluenceOrControl",
    "seniorManagingOfficial",
    "settlor",
    "trustee",
    "protector",
    "nominee",
    "rightsGrantedByContract",
    "conditionalRightsGrantedByContract",
    "controlViaCompanyRulesOrArticles",
    "controlByLegalFramework",
    "boardMember",
    "boardChair",
)
_SCHEMAS = {
    "registeredEntity": Schema.COMPANY,
    "legalEntity": Schema.LEGAL_ENTITY,
    "state": Schema.PUBLIC_BODY,
    "stateBody": Schema.PUBLIC_BODY,
}


@dataclass(frozen=True, slots=True)
class _Statement:
    """The latest claim about one record."""

    row: int
    day: date | None
    id: str
    kind: str
    closed: bool
    details: Mapping[str, Any]


def read_bods(stream: Bytes, where: str, report: Report, name: str = KIND) -> Iterator[Record]:
    """Holders, then stakes, of a BODS file; `name` begins the ids of holders without an LEI.

    Raises:
        OwnershipFileError: it isn't JSON, is cut short or too large.
    """
    latest: dict[str, _Statement] = {}
    for row, plain in json_records(stream, where, report):
        try:
            record, statement = _statement(row, plain)
        except BadRow as bad:
            report.reject(row, str(bad), plain)
            continue
        before = latest.get(record)
        if before is None:
            latest[record] = statement
        elif before.kind != statement.kind:
            report.reject(row, f"the record is a {before.kind} in row {before.row}", record)
        else:
            report.pass_over("statements that a later one about the same record replaces")
            if (statement.day or date.min) >= (before.day or date.min):
                latest[record] = statement
    yield from _records(latest, report, name)


def _statement(row: int, plain: object) -> tuple[str, _Statement]:
    if not isinstance(plain, dict):
        raise BadRow("a statement is an object with fields")
    kind = plain.get("recordType")
    if kind is None and "statementType" in plain:
        raise BadRow("a statement of BODS before version 0.4")
    if kind not in ("entity", "person", "relationship"):
        raise BadRow("recordType is none of entity, person, relationship")
    record = text_of(plain.get("recordId"), "recordId")
    details = plain.get("recordDetails")
    if not record:
        raise BadRow("no recordId")
    if not isinstance(details, dict):
        raise BadRow("no recordDetails")
    status = plain.get("recordStatus") or "new"
    if status not in ("new", "updated", "closed"):
        raise BadRow("recordStatus is none of new, updated, closed")
    day = day_of(text_of(plain.get("statementDate"), "statementDate"), "statementDate")
    statement_id = text_of(plain.get("statementId"), "statementId")
    return record, _Statement(row, day, statement_id, kind, status == "closed", details)


def _records(latest: Mapping[str, _Statement], report: Report, name: str) -> Iterator[Record]:
    ids: dict[str, str] = {}
    for record, statement in latest.items():
        if statement.kind == "relationship":
            continue
        try:
            holder = _holder(record, statement, name)
        except BadRow as bad:
            report.reject(statement.row, str(bad), record)
            continue
        ids[record] = holder.id
        report.loaded += 1
        if not holder.names:
            report.notes["records of an entity or person without a name: they can't be screened"] += 1
        yield holder
    for record, statement in latest.items():
        if statement.kind == "relationship":
            try:
                stakes = _stakes(statement, ids)
            except BadRow as bad:
                report.reject(statement.row, str(bad), record)
                continue
            except _NotSpecified as unknown:
                report.pass_over(f"relationships whose {unknown}")
                continue
            report.loaded += 1
            yield from stakes


class _NotSpecified(Exception):
    """A relationship that says why one end of it can't be named."""


def _holder(record: str, statement: _Statement, name: str) -> Holder:
    details = statement.details
    person = statement.kind == "person"
    identifiers = tuple(_identifiers(details, person=person))
    kind = _mapping(details.get("entityType"), "entityType").get("type")
    birth = text_of(details.get("birthDate"), "birthDate") if person else ""
    try:
        birth_date = PartialDate.parse(birth.partition("T")[0]) if birth else None
    except ValueError:
        raise BadRow(f"birthDate {birth[:40]!r} is not a date") from None
    return Holder(
        id=holder_id(name, record, identifiers),
        names=tuple(dict.fromkeys(_names(details, person=person))),
        schema=Schema.PERSON if person else _SCHEMAS.get(str(kind), Schema.LEGAL_ENTITY),
        countries=tuple(dict.fromkeys(_countries(details, person=person))),
        identifiers=identifiers,
        birth_date=birth_date,
    )


def _names(details: Mapping[str, Any], *, person: bool) -> Iterator[str]:
    if person:
        for name in _sequence(details.get("names"), "names"):
            fields = _mapping(name, "names")
            parts = [text_of(fields.get(key), key) for key in ("givenName", "patronymicName", "familyName")]
            text = text_of(fields.get("fullName"), "fullName") or " ".join(part for part in parts if part)
            if text:
                yield text
        return
    for name in (details.get("name"), *_sequence(details.get("alternateNames"), "alternateNames")):
        if text := text_of(name, "name"):
            yield text


def _countries(details: Mapping[str, Any], *, person: bool) -> Iterator[str]:
    places = (
        [*_sequence(details.get("nationalities"), "nationalities")] if person else [details.get("jurisdiction")]
    )
    places += [
        _mapping(address, "addresses").get("country")
        for address in _sequence(details.get("addresses"), "addresses")
    ]
    for place in places:
        code = place if isinstance(place, str) else _mapping(place, "country").get("code")
        if country := country_of(text_of(code, "country")):
            yield country


def _identifiers(details: Mapping[str, Any], *, person: bool) -> Iterator[Identifier]:
    for entry in _sequence(details.get("identifiers"), "identifiers"):
        fields = _mapping(entry, "identifiers")
        scheme = text_of(fields.get("scheme"), "scheme").upper()
        value = text_of(fields.get("id"), "identifier")
        if person or not value:
            continue  # numbers of passports and identity cards are not needed to screen an owner
        if scheme == "XI-LEI":
            yield Identifier("lei", value)
        elif country := country_of(scheme):
            # Codes of org-id.guide: country, hyphen, register (GB-COH, RU-INN).
            register = scheme.partition("-")[2].lower()
            kind = "tax_number" if register in ("inn", "vat", "tin", "ein", "nip") else "registration_number"
            yield Identifier(kind, value, country)


def _stakes(statement: _Statement, ids: Mapping[str, str]) -> list[Stake]:
    held = _end(statement.details.get("subject"), "subject", ids)
    owner = _end(statement.details.get("interestedParty"), "interested party", ids)
    interests = _sequence(statement.details.get("interests"), "interests")
    # A relationship without interests says that there is one and not which: it may be ownership.
    found = [_stake(statement, owner, held, _mapping(interest, "interests")) for interest in interests or [{}]]
    return [stake for stake in found if stake is not None]


def _end(value: object, what: str, ids: Mapping[str, str]) -> str:
    if isinstance(value, dict):
        raise _NotSpecified(
            f"{what} is not specified ({text_of(value.get('reason'), 'reason') or 'no reason given'})"
        )
    record = text_of(value, what)
    if not record:
        raise BadRow(f"no {what}")
    if record not in ids:
        raise BadRow(f"the {what} is a record that isn't in the file")
    return ids[record]


def _stake(statement: _Statement, owner: str, held: str, interest: Mapping[str, Any]) -> Stake | None:
    kind = interest.get("type") or "unknownInterest"
    if kind not in (*_SHARES, *_BENEFIT, *_CONTROL):
        raise BadRow(f"{str(kind)[:40]!r} is no type of interest")
    what = Interest.CONTROL if kind in _CONTROL else Interest.BENEFIT if kind in _BENEFIT else Interest.SHARES
    if what is Interest.SHARES and interest.get("directOrIndirect") == "indirect":
        what = Interest.INDIRECT
    since = day_of(text_of(interest.get("startDate"), "startDate"), "startDate")
    # "The date from which this interest ceased to exist": the first day without it.
    until = day_of(text_of(interest.get("endDate"), "endDate"), "endDate")
    if statement.closed and until is None:
        if statement.day is None:
            raise BadRow("a closed relationship without an end date and without a statement date")
        until = statement.day
    return Stake(
        owner=owner,
        held=held,
        share=_share(interest.get("share")),
        interest=what,
        since=since,
        until=until,
        statement=statement.id,
        note=f"interest: {kind}" if kind != "shareholding" else "",
    )


def _share(value: object) -> Share:
    if value is None:
        return UNKNOWN
    fields = _mapping(value, "share")
    exact = _percent(fields, "exact")
    if exact is not None:
        return Share(exact, exact)
    low = _percent(fields, "minimum")
    high = _percent(fields, "maximum")
    below = fields.get("exclusiveMaximum")
    if isinstance(below, bool):  # before 0.4 it said of `maximum` that it isn't reached
        below = high if below else None
    if low is None and not isinstance(fields.get("exclusiveMinimum"), bool):
        low = _percent(fields, "exclusiveMinimum")
    if below is not None:
        limit = _percent({"exclusiveMaximum": below}, "exclusiveMaximum")
        assert limit is not None
        # Just below it, so that "less than 50" is not 50.
        high = max(low or 0.0, limit - 1e-6)
    if low is None and high is None:
        return UNKNOWN
    low, high = low or 0.0, 100.0 if high is None else high
    if low > high:
        raise BadRow("the share's minimum is above its maximum")
    return Share(low, high)


def _percent(fields: Mapping[str, Any], key: str) -> float | None:
    value = fields.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise BadRow(f"share {key} {str(value)[:20]!r} is not a number from 0 to 100")
    return float(value)


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRow(f"{what}: expected an object")
    return value


def _sequence(value: object, what: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadRow(f"{what}: expected a list")
    return value
