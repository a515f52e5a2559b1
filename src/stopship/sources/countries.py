"""Countries as lists print them (codes, names, inverted names) to ISO 3166 codes, where that is certain.

Where it isn't (a region, a dissolved state, a code that may be a US state), the answer is None and the printed
text stays in the address.
"""

from __future__ import annotations

import re
from functools import cache

from stopship.model.values import country_names

# Names that the publishers print and that differ from the short names of the model's country table.
_OTHER_NAMES = {
    "bahamas": "BS",
    "bahamas, the": "BS",
    "bolivia (plurinational state of)": "BO",
    "bolivia, plurinational state of": "BO",
    "brunei": "BN",
    "burma": "MM",
    "cabo verde": "CV",
    "cape verde": "CV",
    "congo, democratic republic of the": "CD",
    "congo, democratic republic": "CD",
    "congo, republic of the": "CG",
    "cote d'ivoire": "CI",
    "côte d'ivoire": "CI",
    "czech republic": "CZ",
    "democratic people's republic of korea": "KP",
    "democratic republic of congo": "CD",
    "democratic republic of the congo": "CD",
    "dprk": "KP",
    "east timor": "TL",
    "eswatini": "SZ",
    "gambia": "GM",
    "gambia, the": "GM",
    "great britain": "GB",
    "holy see": "VA",
    "iran (islamic republic of)": "IR",
    "iran, islamic republic of": "IR",
    "islamic republic of iran": "IR",
    "isle of man": "IM",
    "ivory coast": "CI",
    "korea, democratic people's republic of": "KP",
    "korea, north": "KP",
    "korea, republic of": "KR",
    "korea, south": "KR",
    "lao people's democratic republic": "LA",
    "laos": "LA",
    "macao": "MO",
    "macau": "MO",
    "macedonia": "MK",
    "man, isle of": "IM",
    "micronesia": "FM",
    "moldova": "MD",
    "moldova, republic of": "MD",
    "myanmar": "MM",
    "north korea": "KP",
    "north macedonia": "MK",
    "occupied palestinian territories": "PS",
    "palestine": "PS",
    "palestinian": "PS",
    "people's republic of china": "CN",
    "prc": "CN",
    "republic of korea": "KR",
    "republic of moldova": "MD",
    "russia": "RU",
    "russian federation": "RU",
    "south korea": "KR",
    "st. kitts and nevis": "KN",
    "st. lucia": "LC",
    "st. vincent and the grenadines": "VC",
    "swaziland": "SZ",
    "syria": "SY",
    "syrian arab republic": "SY",
    "taiwan": "TW",
    "tanzania": "TZ",
    "tanzania, united republic of": "TZ",
    "turkey": "TR",
    "turkiye": "TR",
    "türkiye": "TR",
    "u.k.": "GB",
    "u.s.a.": "US",
    "uae": "AE",
    "uk": "GB",
    "united kingdom of great britain and northern ireland": "GB",
    "united states of america": "US",
    "usa": "US",
    "vatican city": "VA",
    "venezuela": "VE",
    "venezuela (bolivarian republic of)": "VE",
    "venezuela, bolivarian republic of": "VE",
    "viet nam": "VN",
    "vietnam": "VN",
    "virgin islands, british": "VG",
    "british virgin islands": "VG",
    "virgin islands, u.s.": "VI",
}

# Codes of US states that are also codes of countries ("CA", "GA"); below, those that are not.
_STATES_LIKE_COUNTRIES = re.compile(
    r"(?:AL|AR|AZ|CA|CO|DE|GA|ID|IL|IN|KY|LA|MA|MD|ME|MN|MO|MS|MT|NC|NE|PA|SC|SD|TN|VA)\Z"
)
_OTHER_STATES = re.compile(r"(?:AK|CT|DC|FL|HI|IA|KS|MI|ND|NH|NJ|NM|NV|NY|OH|OK|OR|RI|TX|UT|VT|WA|WI|WV|WY)\Z")
_US_ZIP = re.compile(r"\d{5}(-\d{4})?\Z")
_POSTCODE = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9 -]{0,11}\Z")


@cache
def _codes() -> dict[str, str]:
    names = {name.casefold(): code for code, name in country_names().items()}
    return names | _OTHER_NAMES


def country_code(text: str) -> str | None:
    """A code or a name, in any case, to an ISO 3166-1 alpha-2 code; None where it isn't certain.

    "CG" stays the Republic of the Congo even on rows that mean its neighbour: codes are taken as printed.
    """
    key = " ".join(text.split()).strip(" .")
    if len(key) == 2 and key.upper() in country_names():
        return key.upper()
    return _codes().get(key.casefold()) or _codes().get(" ".join(text.split()).casefold())


def is_us_state(text: str) -> bool:
    """Whether the text is the postal code of a US state or of the District of Columbia, in upper case."""
    return bool(_STATES_LIKE_COUNTRIES.match(text) or _OTHER_STATES.match(text))


def split_country(address: str) -> tuple[str, str | None]:
    """The country at the end of an address: the text without a trailing ISO code, and the code.

    "7 Yerevan St., Armenia, AM" gives ("7 Yerevan St., Armenia", "AM"); a country in words stays in the text; "AM"
    alone gives ("", "AM"). Also read: the country before the postal code ("Paris, FR, 75015"), inverted names
    ("Douglas, MAN, ISLE OF"). A US state that is also a country's code, before a postal code, is not a country.
    """
    text = address.strip().strip(",").rstrip()
    parts = [part.strip() for part in text.split(",")]
    last = parts[-1]
    if len(last) == 2 and last.isupper() and last in country_names():
        return ",".join(text.split(",")[:-1]).rstrip(" ,"), last
    if (code := country_code(last)) is not None:
        return ("" if len(parts) == 1 else text), code
    if len(parts) > 1 and (code := country_code(f"{parts[-2]}, {last}")) is not None:
        return ("" if len(parts) == 2 else text), code
    if len(parts) > 2 and _POSTCODE.match(last.upper()):
        before = parts[-2]
        if _US_ZIP.match(last) and _OTHER_STATES.match(before):
            return text, "US"
        if _US_ZIP.match(last) and _STATES_LIKE_COUNTRIES.match(before):
            return text, None
        if len(before) == 2 and before.isupper() and before in country_names():
            return text, before
    return text, None
