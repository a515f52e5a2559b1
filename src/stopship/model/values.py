"""Values that records are made of: closed vocabularies, countries, item codes, partial dates, shares."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources


class Schema(StrEnum):
    """What kind of thing a party or an entity is (FollowTheMoney's names for them)."""

    PERSON = "Person"
    ORGANIZATION = "Organization"
    COMPANY = "Company"
    LEGAL_ENTITY = "LegalEntity"
    PUBLIC_BODY = "PublicBody"
    VESSEL = "Vessel"
    AIRPLANE = "Airplane"
    ADDRESS = "Address"


class Program(StrEnum):
    """What an entity is listed under. Rules trigger on programs, never on sources."""

    US_EL = "us.el"
    US_DPL = "us.dpl"
    US_UVL = "us.uvl"
    US_MEU = "us.meu"
    US_SDN = "us.sdn"
    US_SSI = "us.ssi"
    US_CMIC = "us.cmic"
    US_MBS = "us.mbs"
    US_PLC = "us.plc"
    US_CAP = "us.cap"
    US_DDTC = "us.ddtc"
    US_ISN = "us.isn"
    US_UFLPA = "us.uflpa"
    US_1260H = "us.1260h"
    US_FCC = "us.fcc"
    US_7031C = "us.7031c"
    EU_FSF = "eu.fsf"
    EU_833A4 = "eu.833a4"
    UN_SC = "un.sc"
    UK_SL = "uk.sl"
    CH_SECO = "ch.seco"
    CA_SEMA = "ca.sema"
    AU_DFAT = "au.dfat"
    JP_EUL = "jp.eul"


class Role(StrEnum):
    """What a party does in a transaction (748.5(c)-(f) names the first four)."""

    PURCHASER = "purchaser"
    INTERMEDIATE_CONSIGNEE = "intermediate_consignee"
    ULTIMATE_CONSIGNEE = "ultimate_consignee"
    END_USER = "end_user"
    BANK = "bank"
    CARRIER = "carrier"
    VESSEL = "vessel"
    OWNER = "owner"
    OTHER = "other"


class Direction(StrEnum):
    EXPORT = "export"
    REEXPORT = "reexport"
    TRANSFER = "transfer"
    IMPORT = "import"
    PURCHASE = "purchase"


class NameKind(StrEnum):
    PRIMARY = "primary"
    ALIAS = "alias"
    WEAK_ALIAS = "weak_alias"
    FORMER = "former"


@cache
def country_names() -> dict[str, str]:
    """ISO 3166-1 alpha-2 code -> short English name, 249 codes and XK."""
    return {code: name for code, _alpha3, name in _country_rows()}


@cache
def alpha3_codes() -> dict[str, str]:
    """ISO 3166-1 alpha-3 code -> alpha-2 code."""
    return {alpha3: code for code, alpha3, _name in _country_rows()}


@cache
def _country_rows() -> tuple[tuple[str, str, str], ...]:
    text = (resources.files("stopship.model") / "countries.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((code, alpha3, name) for code, alpha3, name in rows)


def parse_country(text: str) -> str:
    """Two letters, any case, to an ISO 3166-1 alpha-2 code.

    Raises:
        ValueError: it is not such a code; the message says so in a form fit for a person.
    """
    code = text.strip().upper()
    if code in country_names():
        return code
    hint = f"; did you mean {alpha3_codes()[code]}?" if code in alpha3_codes() else ""
    raise ValueError(f"{text!r} is not an ISO 3166 two-letter country code{hint}")


_ECCN = re.compile(r"(EAR99|[0-9][A-E][0-9]{3}(\.[A-Z0-9]{1,3})*)\Z")
_USML = re.compile(r"(?P<roman>[IVX]{1,5})(?P<rest>(\([a-z0-9]{1,4}\))*)\Z")
_ROMAN = dict(
    zip(
        [
            "I",
            "II",
            "III",
            "IV",
            "V",
            "VI",
            "VII",
            "VIII",
            "IX",
            "X",
            "XI",
            "XII",
            "XIII",
            "XIV",
            "XV",
            "XVI",
            "XVII",
            "XVIII",
            "XIX",
            "XX",
            "XXI",
        ],
        range(1, 22),
        strict=True,
    )
)


def parse_eccn(text: str) -> str:
    """An Export Control Classification Number in its usual form: `6A003.b.4`, `EAR99`.

    The form follows Supplement No. 1 to 15 CFR Part 774: category digit, product group A to E, three digits,
    then paragraphs. Letters of paragraphs are lower case.

    Raises:
        ValueError: the text is not of that form.
    """
    upper = re.sub(r"[\s()]+", "", text).upper()
    if not _ECCN.match(upper):
        raise ValueError(f"{text!r} is not an ECCN: write it like 6A993, 3A001.b.2 or EAR99")
    head, _, paragraphs = upper.partition(".")
    return f"{head}.{paragraphs.lower()}" if paragraphs else head


def parse_usml(text: str) -> str:
    """A category of the United States Munitions List (22 CFR 121.1), `XI` or `XI(c)`; I to XXI.

    Raises:
        ValueError: the text is not such a category.
    """
    compact = re.sub(r"\s+", "", text)
    match = _USML.match(compact) or _USML.match(compact.upper())
    if not match or match["roman"] not in _ROMAN:
        raise ValueError(f"{text!r} is not a USML category: write it like XI or XI(c)")
    return match["roman"] + match["rest"]


def parse_hts(text: str) -> str:
    """A tariff code of 4 to 10 digits; dots and spaces are dropped.

    Raises:
        ValueError: it is not such a code.
    """
    digits = re.sub(r"[.\s]+", "", text)
    if not (digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 10):
        raise ValueError(f"{text!r} is not a tariff code: write 4 to 10 digits, like 8471.50")
    return digits


_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name} | {
    name.lower(): i for i, name in enumerate(calendar.month_name) if name
}
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")
_WORDY = re.compile(r"(?:(?:(\d{1,2})\s+)?([A-Za-z]{3,9})\.?\s+)?(\d{4})\Z")
_CIRCA = re.compile(r"(?:circa|ca\.?|c\.|approximately|approx\.?|about)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date that may be known only in part: a year, a month, about a year, or a range.

    Both ends are inclusive days: "1965-10" is 1965-10-01 to 1965-10-31. `circa` widens nothing here; comparing
    allows a year on each side of it.
    """

    earliest: date
    latest: date
    circa: bool = False

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read "1965", "1965-10", "1965-10-03", "03 Oct 1965", "Oct 1965", "circa 1965", "1965 to 1967".

        Raises:
            ValueError: the text is none of these, or no day of the calendar.
        """
        body = " ".join(text.split())
        circa = bool(_CIRCA.match(body))
        body = _CIRCA.sub("", body, count=1) if circa else body
        for separator in (" to ", "/", " - ", " and "):
            if separator in body:
                first, _, last = body.partition(separator)
                low, high = _span(first, text), _span(_CIRCA.sub("", last.strip(), count=1), text)
                if low[0] > high[1]:
                    raise ValueError(f"{text!r} is a range that ends before it begins")
                return cls(low[0], high[1], circa)
        earliest, latest = _span(body, text)
        return cls(earliest, latest, circa)

    def agrees(self, other: PartialDate) -> bool:
        """Whether both may be the same day (their ranges meet; `circa` allows 366 days on each side)."""
        slack = 366 if self.circa or other.circa else 0
        return (
            self.earliest.toordinal() - slack <= other.latest.toordinal()
            and other.earliest.toordinal() - slack <= self.latest.toordinal()
        )

    def __str__(self) -> str:
        text = _span_text(self.earliest, self.latest)
        return f"circa {text}" if self.circa else text


def _span(text: str, whole: str) -> tuple[date, date]:
    text = text.strip()
    year: str
    month: int | None
    day: str | None
    if iso := _ISO.match(text):
        year, day = iso[1], iso[3]
        month = int(iso[2]) if iso[2] else None
    elif (wordy := _WORDY.match(text)) and (wordy[2] is None or wordy[2].lower() in _MONTHS):
        year, day = wordy[3], wordy[1]
        month = _MONTHS[wordy[2].lower()] if wordy[2] else None
    else:
        raise ValueError(f"{whole!r} is not a date: write it like 1965, 1965-10, 1965-10-03 or circa 1965")
    try:
        if month is None:
            return date(int(year), 1, 1), date(int(year), 12, 31)
        if day is None:
            return date(int(year), month, 1), date(int(year), month, calendar.monthrange(int(year), month)[1])
        exact = date(int(year), month, int(day))
    except (ValueError, calendar.IllegalMonthError) as error:
        raise ValueError(f"{whole!r} is no day of the calendar") from error
    return exact, exact


def _span_text(first: date, last: date) -> str:
    if first == last:
        return first.isoformat()
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year:04}" if first.year == last.year else f"{first.year:04} to {last.year:04}"
    month_end = calendar.monthrange(last.year, last.month)[1]
    if (first.year, first.month, first.day) == (last.year, last.month, 1) and last.day == month_end:
        return f"{first.year:04}-{first.month:02}"
    return f"{first.isoformat()} to {last.isoformat()}"


def parse_day(text: str) -> date:
    """A full ISO day, YYYY-MM-DD.

    Raises:
        ValueError: the text is not one.
    """
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
            raise ValueError
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not a date: write it like 2026-03-01") from None


@dataclass(frozen=True, slots=True)
class Share:
    """An owner's stake in percent, as a range: 60 is (60, 60), "40-60" is (40, 60), unknown is (0, 100)."""

    low: float
    high: float
    known: bool = True

    @classmethod
    def parse(cls, text: str) -> Share:
        """Read "60", "60%", "40-60" or "unknown".

        Raises:
            ValueError: it is none of these, or lies outside of 0 to 100.
        """
        body = text.strip().lower().replace("%", "")
        if body in ("unknown", "?", ""):
            return cls(0.0, 100.0, known=False)
        match = re.fullmatch(r"(\d+(?:\.\d+)?)(?:\s*(?:-|to)\s*(\d+(?:\.\d+)?))?", body)
        if match:
            low = float(match[1])
            high = float(match[2]) if match[2] else low
            if low <= high <= 100:
                return cls(low, high)
        raise ValueError(f"{text!r} is not a share: write percent as 60, a range as 40-60, or unknown")

    def __str__(self) -> str:
        if not self.known:
            return "unknown"
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g}-{self.high:g}"
