"""Identifiers: numbers that an authority gave, and that decide when they are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from stopship.matching.compare.signal import NOTHING, Signal
from stopship.matching.evidence import Evidence
from stopship.model.entity import Entity, Identifier
from stopship.model.values import Schema
from stopship.names.things import is_imo, registration
from stopship.names.tokenize import plain_words

# Words in the names of identifier types -> family. The first that occurs decides.
_FAMILIES: tuple[tuple[str, str], ...] = (
    ("imo", "imo"),
    ("vessel_registration", "imo"),
    ("mmsi", "mmsi"),
    ("lei", "lei"),
    ("legal_entity_identifier", "lei"),
    ("passport", "passport"),
    ("swift", "bic"),
    ("bic", "bic"),
    ("isin", "isin"),
    ("serial", "serial"),
    ("msn", "serial"),
    ("construction_number", "serial"),
    ("tail_number", "tail"),
    ("aircraft_registration", "tail"),
    ("registration_mark", "tail"),
    ("mode_s", "mode_s"),
    ("call_sign", "callsign"),
    ("duns", "duns"),
    ("d_u_n_s", "duns"),
    ("digital_currency", "wallet"),
    ("wallet", "wallet"),
)
# Numbers of registers, tax offices and identity cards: publishers call the same number by different words.
_REGISTER = re.compile(
    r"tax|vat|inn|ogrn|okpo|kpp|nit|ruc|rif|rfc|curp|cuit|cnpj|cpf|nif|cif|regist|company|commercial|folio|matricula|"
    r"licen[cs]e|national|cedula|identi|id_card|_id$|^id$|uscc|credit_code|enterprise|chamber|business|charity|dni|"
    r"fiscal|gazette|legal_entity_number|c_r_no|personal|residen|birth_certificate|electoral|ssn|social|r_f_c|c_u_r_p|"
    r"d_n_i|c_u_i|i_f_e|number|code|bik"
)
_WEAK = re.compile(
    r"website|email|phone|fax|ticker|gender|flag|address|model|operator|date|type|sanction|information"
)
# A tax number of another length is another kind of number, not another company.
_SINGLE_VALUED = ("lei", "imo", "registration", "tax")
_THINGS = (Schema.VESSEL, Schema.AIRPLANE)
LIFT = 1.0
KEEP = {"lei": 0.6, "imo": 0.6, "register": 0.8}
_SHORTEST = 5
_SHORTEST_OF = {"callsign": 4, "tail": 4}  # P-532
# Kinds that need no digit to identify: EP-MNA, 9HDQ9 or EPBR, SWHKCNBC.
_OF_LETTERS = ("bic", "tail", "callsign")
_IN_NAME = {  # what somebody wrote into a name: "GLAUCUS (IMO 9337200)"
    "imo": re.compile(r"\bIMO\W*(?:(?:NO|NR|NUMBER)\b\W*)?(\d{7})\b", re.IGNORECASE),
    "mmsi": re.compile(r"\bMMSI\W*(?:(?:NO|NR|NUMBER)\b\W*)?(\d{9})\b", re.IGNORECASE),
    "aircraft_serial": re.compile(r"\bMSN\W*(?:(?:NO|NR|NUMBER)\b\W*)?(\d{5,7})\b", re.IGNORECASE),
    "call_sign": re.compile(r"\bCALL\W*SIGN\W*([A-Z0-9]{4,7})\b", re.IGNORECASE),
}
_SEVEN_DIGITS = re.compile(r"(?<![\w-])(\d{7})(?![\w-])")


def family(kind: str) -> str:
    """The family of an identifier type: `imo`, `passport`, `register` …; "" for what doesn't identify."""
    word = re.sub(r"[^a-z0-9]+", "_", kind.lower()).strip("_")
    for part, name in _FAMILIES:
        if part in word if len(part) > 3 else part in word.split("_"):
            return name
    if _WEAK.search(word) and not re.search(r"tax|regist|imo", word):
        return ""
    return "register" if _REGISTER.search(word) else ""


def identifier_keys(identifier: Identifier) -> tuple[str, ...]:
    """The keys that an identifier is looked up by: family and plain value. None for weak or very short ones."""
    kind, value = family(identifier.type), plain_value(identifier)
    if not kind or len(value) < _SHORTEST_OF.get(kind, _SHORTEST):
        return ()
    if kind not in _OF_LETTERS and not any(c.isdigit() for c in value):
        return ()
    if kind == "bic" and len(value) == 11:
        return (f"bic {value}", f"bic {value[:8]}")
    return (f"{kind} {value}",)


def named_identifiers(name: str, schema: Schema) -> tuple[Identifier, ...]:
    """The numbers that a name itself tells: an IMO number, MMSI, serial number or call sign in it, seven digits of
    a vessel that are an IMO number by their check digit, and the registration mark of an aircraft."""
    if schema not in _THINGS and not any(word in name.upper() for word in ("IMO", "MMSI", "MSN")):
        return ()
    found = [
        Identifier(kind, match[1])
        for kind, pattern in _IN_NAME.items()
        if (match := pattern.search(name)) and (kind != "call_sign" or schema in _THINGS)
    ]
    if schema is Schema.VESSEL and not any(one.type == "imo" for one in found):
        found += [Identifier("imo", m[1]) for m in _SEVEN_DIGITS.finditer(name) if is_imo(m[1])][:1]
    if schema is Schema.AIRPLANE and (mark := registration(plain_words(name))):
        found.append(Identifier("tail_number", mark.upper()))
    return tuple(found)


def identifiers_of(entity: Entity) -> tuple[Identifier, ...]:
    """The identifiers of an entity with those that the names of a vessel or aircraft tell."""
    if entity.schema not in _THINGS:
        return entity.identifiers
    told = (one for name in entity.names for one in named_identifiers(name.text, entity.schema))
    return tuple(dict.fromkeys((*entity.identifiers, *told)))


def plain_value(identifier: Identifier) -> str:
    """Upper-case letters and digits only; `IMO 9187629` is 9187629."""
    value = re.sub(r"[^0-9A-Z]+", "", identifier.value.upper())
    return value.removeprefix("IMO") if family(identifier.type) == "imo" else value


def compare_identifiers(ours: Iterable[Identifier], theirs: Sequence[Identifier]) -> Signal:
    """A shared strong identifier decides; two different ones of a kind that one has only once contradict."""
    given = list(ours)
    if not given:
        return NOTHING
    known = {key: identifier for identifier in theirs for key in identifier_keys(identifier)}
    for identifier in given:
        for key in identifier_keys(identifier):
            other = known.get(key)
            if other and _same_country(identifier, other):
                left, right = _show(identifier), _show(other)
                text = f"The same {other.type.replace('_', ' ')}: {other.value}"
                return Signal((Evidence("identifier", "match", left, right, LIFT, text),), lift=LIFT)
    for identifier in given:
        for other in theirs:
            if _contradict(identifier, other):
                keep = KEEP.get(family(identifier.type), KEEP["register"])
                text = (
                    f"Different {other.type.replace('_', ' ')}: {identifier.value} here, {other.value} on the list"
                )
                line = Evidence(
                    "identifier", "mismatch", _show(identifier), _show(other), round(keep - 1, 4), text
                )
                return Signal((line,), keep=keep)
    shown = ", ".join(_show(identifier) for identifier in given)
    wrong = next((one.value for one in given if family(one.type) == "imo" and not is_imo(plain_value(one))), "")
    kinds = {family(one.type) for one in given} & {family(one.type) for one in theirs}
    text = "The list has another identifier of this kind" if kinds else "The list has no identifier of this kind"
    if wrong:
        text = f"{wrong} is no IMO number: its check digit is wrong"
    return Signal((Evidence("identifier", "unknown", shown, "", 0.0, text),))


def _contradict(ours: Identifier, theirs: Identifier) -> bool:
    left, right = plain_value(ours), plain_value(theirs)
    if not left or not right or left == right or family(ours.type) != family(theirs.type):
        return False
    if family(ours.type) == "imo" and not (is_imo(left) and is_imo(right)):
        return False  # a slip: no ship has it
    single = family(ours.type) in _SINGLE_VALUED or any(word in ours.type for word in _SINGLE_VALUED)
    same_kind = ours.type == theirs.type or family(ours.type) in ("lei", "imo")
    return single and same_kind and _same_country(ours, theirs) and len(left) == len(right)


def _same_country(ours: Identifier, theirs: Identifier) -> bool:
    return not ours.country or not theirs.country or ours.country == theirs.country


def _show(identifier: Identifier) -> str:
    country = f", {identifier.country}" if identifier.country else ""
    return f"{identifier.type} {identifier.value}{country}"
