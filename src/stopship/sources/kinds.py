"""What kind of thing a row is: printed by the Treasury, else only where the name leaves no doubt."""

from __future__ import annotations

import re

from stopship.model import Schema
from stopship.sources.printed import described_as_person

_TYPES = {
    "individual": Schema.PERSON,
    "entity": Schema.ORGANIZATION,
    "vessel": Schema.VESSEL,
    "aircraft": Schema.AIRPLANE,
}
_ADDRESS_ROW = re.compile(r"Address\s+\d+\Z", re.IGNORECASE)
_COMPANY = re.compile(
    r"""(?ix)
    \b(?:co\.?,?\s*ltd|ltd|limited|l\.?l\.?c|l\.l\.p|llp|inc|incorporated|corp|corporation|gmbh|s\.?\s?a\.?r\.?l|s\.r\.l
      |s\.r\.o|d\.o\.o|sp\.\s?z\s?o\.?o|b\.v|n\.v|plc|pte|pvt|sdn\.?\s?bhd|fze|fzco?|fz-?llc|e\.?k|kft|s\.p\.a
      |s\.a\.(?:\s?de\s?c\.v)?|a\.s|ooo|oao|zao|pao|ojsc|cjsc|pjsc|jsc|p\.?j\.?s\.?c|joint[\s-]stock(?:\scompany)?
      |aktsionernoe\sobshchestvo|limited\sliability|company|sirketi|anonim)\b
    | ^(?:ao|at|nao|ip)\s | [,\s](?:ao|ag|oy|ab|nv|bv|sa|spa|srl)$
    """
)
_PUBLIC = re.compile(
    r"""(?ix)
    \b(?:ministry\sof|ministries\sof|public\ssecurity\sbureau|police|directorate\sof|intelligence\sdirectorate
      |department\sof\s(?:defen[cs]e|state|justice|the\sinterior)|government\sof|people'?s\sgovernment|armed\sforces
      |embassy\sof|national\sguard|aerospace\sforces|military\sunit|security\sservice|border\sguard|coast\sguard
      |general\sstaff|revolutionary\sguard|federal\sagency|state\scommittee|central\sbank\sof|customs\sservice)\b
    """
)
_ORGANIZATION = re.compile(
    r"""(?ix)
    \b(?:university|institute|academy|college|laboratory|laboratories|research\scent(?:er|re)|hospital|foundation
      |association|organi[sz]ation|committee|federation|union\sof|council|society|design\sbureau|polytechnic)\b
    """
)


def schema_of(kind: str, name: str, *, address_rows: bool) -> Schema | None:
    """The schema of a row.

    Args:
        kind: the `type` cell, "" where the list prints none.
        name: the primary name as printed.
        address_rows: whether this list has rows that are addresses only (named "Address 01").

    Returns:
        None for a `type` that is not known.
    """
    if kind:
        schema = _TYPES.get(kind.lower())
        return _evident(name) or schema if schema is Schema.ORGANIZATION else schema
    if address_rows and _ADDRESS_ROW.match(name):
        return Schema.ADDRESS
    if described_as_person(name):
        return Schema.PERSON
    return _evident(name) or Schema.LEGAL_ENTITY


def _evident(name: str) -> Schema | None:
    if _COMPANY.search(name):
        return Schema.COMPANY
    if _PUBLIC.search(name):
        return Schema.PUBLIC_BODY
    if _ORGANIZATION.search(name):
        return Schema.ORGANIZATION
    return None
