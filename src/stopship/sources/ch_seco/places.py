"""Places, which the file prints apart and addresses refer to, and addresses made of them."""

from __future__ import annotations

from dataclasses import dataclass

from stopship.model import Address
from stopship.sources.countries import country_code
from stopship.sources.xml_stream import Element, attribute, child, text, text_of


@dataclass(frozen=True, slots=True)
class Place:
    """A place as printed; `code` is the ISO code of its country."""

    location: str = ""
    area: str = ""
    country: str = ""
    code: str | None = None

    @property
    def whole(self) -> str:
        return ", ".join(part for part in (self.location, self.area, self.country) if part)


class Places:
    """Places by their number."""

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}

    def add(self, element: Element) -> None:
        """Take in a `place`."""
        self._places[attribute(element, "ssid")] = _place(element)

    def of(self, element: Element) -> Place:
        """The place of an address or a birth: the one that it refers to, and what it prints itself."""
        known = self._places.get(attribute(element, "place-id") or attribute(element, "place"), Place())
        own = _place(element)
        return Place(
            own.location or known.location,
            own.area or known.area,
            own.country or known.country,
            own.code or known.code,
        )

    def address(self, element: Element) -> tuple[Address | None, str | None]:
        """The address, None where only a country is printed, and the country."""
        place = self.of(element)
        box = text(element, "p-o-box")
        parts = [
            f"c/o {keeper}" if (keeper := text(element, "c-o")) else "",
            text(element, "address-details"),
            box if not box or "box" in box.lower() else f"P.O. Box {box}",
            text(element, "zip-code"),
            place.location,
            place.area,
        ]
        if any(parts) or (place.country and place.code is None):
            return Address(", ".join(part for part in (*parts, place.country) if part), place.code), place.code
        return None, place.code


def _place(element: Element) -> Place:
    country = child(element, "country")
    printed_country = text_of(country)
    code = country_code(attribute(country, "iso-code")) if country is not None else None
    return Place(
        text(element, "location"), text(element, "area"), printed_country, code or country_code(printed_country)
    )
