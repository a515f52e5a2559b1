"""Citations: where a reader finds the text that a finding rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FEDERAL_REGISTER = re.compile(r"\b(\d{1,3})\s*F\.?\s?R\.?\s*(\d{1,6})\b")
# "Regulation (EU) No 269/2014", "Implementing Regulation (EU) 2022/581", or as the EU's list prints it:
# "2022/581 (OJ L110)".
_EU_REGULATION = re.compile(
    r"Regulation \((?:EU|EC|EEC)\)\s*(?:No\.?\s*)?(\d{1,5})/(\d{1,5})|\b(\d{1,5})/(\d{1,5})(?=\s*\(OJ)"
)
_UK_STATUTORY_INSTRUMENT = re.compile(r"\b(?:S\.?I\.?|UK Statutory Instruments?)\s*(\d{4})/(\d{1,5})\b")
_UN_RESOLUTION = re.compile(r"\b(?:Resolution|UNSCR|S/RES/)\s*(\d{1,4})\s*\((\d{4})\)")


@dataclass(frozen=True, slots=True)
class Citation:
    """A text that may be looked up: how lawyers cite it, and its address."""

    text: str
    url: str


def federal_register(volume: str, page: str) -> Citation:
    """A page of the Federal Register: `84 FR 54002`."""
    return Citation(f"{volume} FR {page}", f"https://www.federalregister.gov/citation/{volume}-FR-{page}")


def _eu_regulation(match: re.Match[str]) -> Citation | None:
    """Its page in EUR-Lex.

    Until 2014 the year came last (269/2014), since 2015 it comes first (2022/581). Where both numbers may be
    years, only the list's own page is cited.
    """
    first, second = (match[1], match[2]) if match[1] else (match[3], match[4])
    years = [int(number) for number in (first, second) if re.fullmatch(r"19[5-9]\d|20\d\d", number)]
    if len(years) != 1:
        return None
    number = second if first == str(years[0]) else first
    return Citation(f"{first}/{second}", f"https://eur-lex.europa.eu/eli/reg/{years[0]}/{int(number)}/oj")


def _elsewhere(text: str) -> Iterator[Citation]:
    """Instruments of the EU, the UK and the Security Council."""
    for match in _EU_REGULATION.finditer(text):
        if found := _eu_regulation(match):
            yield found
    for match in _UK_STATUTORY_INSTRUMENT.finditer(text):
        yield Citation(f"S.I. {match[1]}/{match[2]}", f"https://www.legislation.gov.uk/uksi/{match[1]}/{match[2]}")
    for match in _UN_RESOLUTION.finditer(text):
        name = f"{match[1]}({match[2]})"
        yield Citation(f"Resolution {match[1]} ({match[2]})", f"https://docs.un.org/en/S/RES/{name}")


def printed_citations(text: str, url: str) -> Iterator[Citation]:
    """What a listing prints as its citation, e.g. "84 FR 54002; 85 FR 44159" or "2022/581 (OJ L110)".

    Args:
        text: the cell as printed.
        url: the list's own page, used where the text names no instrument with an address that we know.
    """
    found = [federal_register(m[1], m[2]) for m in _FEDERAL_REGISTER.finditer(text)] or list(_elsewhere(text))
    if found:
        yield from dict.fromkeys(found)
    elif text.strip() and url:
        yield Citation(text.strip(), url)
