"""Kinds of things: a person is no vessel, but a legal entity may be a person or a company."""

from __future__ import annotations

from collections.abc import Sequence

from stopship.matching.compare.signal import NOTHING, Signal
from stopship.matching.evidence import Evidence
from stopship.model.values import Schema
from stopship.names import Kind, Token

KEEP = 0.85
_GROUP = {
    Schema.PERSON: "person",
    Schema.ORGANIZATION: "organization",
    Schema.COMPANY: "organization",
    Schema.PUBLIC_BODY: "organization",
    Schema.VESSEL: "vessel",
    Schema.AIRPLANE: "aircraft",
    Schema.ADDRESS: "address",
}


_PERSONS_KINDS = (Kind.WORD, Kind.PARTICLE, Kind.INITIAL, Kind.TITLE)


def reads_as_person(schema: Schema, tokens: Sequence[Token]) -> bool:
    """Whether a name may be a person's: of a person, or of a legal entity of unknown kind without any word that
    only organizations use. Then initials, romanization habits and given names count."""
    if schema is Schema.LEGAL_ENTITY:
        return all(token.kind in _PERSONS_KINDS for token in tokens)
    return schema is Schema.PERSON


def schema_by_name(schema: Schema, tokens: Sequence[Token]) -> Schema:
    """What a party of unknown kind is, as far as its name tells: a legal form makes it an organization."""
    if schema is Schema.LEGAL_ENTITY and any(token.kind is Kind.LEGAL for token in tokens):
        return Schema.ORGANIZATION
    return schema


def compare_schemas(ours: Schema, theirs: Schema) -> Signal:
    """Clearly different kinds disagree; `LegalEntity` on either side says nothing."""
    left, right = _GROUP.get(ours), _GROUP.get(theirs)
    if left is None or right is None or left == right:
        return NOTHING
    text = f"A {left} was given, the list has a {right}"
    line = Evidence("schema", "mismatch", ours.value, theirs.value, round(KEEP - 1, 4), text)
    return Signal((line,), keep=KEEP)
