"""One row of a list of one's own to an entity with one listing, as the mapping says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from stopship.model import Address, Entity, Identifier, Listing, Name, NameKind, PartialDate, Schema
from stopship.sources.countries import country_code, split_country
from stopship.sources.custom.files import Row
from stopship.sources.custom.mapping import ListMapping, Spec, program
from stopship.sources.identity import RowEntity
from stopship.sources.printed import names_inside, printed, split_packed

_NAME_KINDS = {
    "aliases": NameKind.ALIAS,
    "weak_aliases": NameKind.WEAK_ALIAS,
    "former_names": NameKind.FORMER,
}


class Unreadable(ValueError):
    """The row can't be an entry; the message names the column."""


class RowReader:
    """Reads rows. `warnings` are what could not be read in the last one, each with its column, without values.

    Args:
        mapping: which column is what.
        source_id: of the listings.
    """

    def __init__(self, mapping: ListMapping, source_id: str) -> None:
        self._mapping = mapping
        self._source = source_id
        self.warnings: list[str] = []
        self._left: list[str] = []

    def entity(self, row: Row) -> RowEntity:
        """The entity of a row.

        Raises:
            Unreadable: no name, no id where the mapping reads one, or a program that is none.
        """
        self.warnings, self._left = [], []
        names = self._names(row)
        given = self._one("id", row)
        if "id" in self._mapping.specs and not given:
            raise Unreadable(f"{self._column('id')} is empty: there is no id")
        countries = self._countries(row)
        addresses = self._addresses(row, countries)
        listing = self._listing(row, names[0].text)
        entity = Entity(
            id="",
            schema=self._schema(row),
            names=names,
            listings=(listing,),
            countries=tuple(dict.fromkeys((*countries, *(a.country for a in addresses if a.country)))),
            addresses=addresses,
            identifiers=tuple(dict.fromkeys(self._identifiers(row))),
            birth_dates=tuple(dict.fromkeys(self._dates("birth_date", row))),
            registration_dates=tuple(dict.fromkeys(self._dates("registration_date", row))),
            birth_places=self._all("birth_place", row),
            remarks="; ".join((*self._all("entity_remarks", row), *self._left)),
        )
        country = next((a.country for a in addresses[:1] if a.country), countries[0] if countries else "")
        return RowEntity(entity, country=country, given=given)

    # --- parts of it ------------------------------------------------------------------------------

    def _names(self, row: Row) -> tuple[Name, ...]:
        found = [text for text in self._all("name", row) if any(letter.isalnum() for letter in text)]
        if not found:
            raise Unreadable(f"{self._column('name')} is empty: there is no name")
        if found[0].startswith("="):
            raise Unreadable(f"{self._column('name')} holds a formula where a name belongs")
        names = {found[0]: Name(found[0], NameKind.PRIMARY)}
        for text in found[1:]:
            names.setdefault(text, Name(text, NameKind.ALIAS))
        if self._mapping.specs["name"].names_inside:
            for text in found:
                self._inside(names, text, alias=False)
        for key, kind in _NAME_KINDS.items():
            for text in self._all(key, row):
                if any(letter.isalnum() for letter in text):
                    names.setdefault(text, Name(text, kind))
                if key in self._mapping.specs and self._mapping.specs[key].names_inside:
                    self._inside(names, text, alias=True)
        return tuple(names.values())

    @staticmethod
    def _inside(names: dict[str, Name], text: str, *, alias: bool) -> None:
        for inner, kind in names_inside(text, alias=alias):
            names.setdefault(inner, Name(inner, kind))

    def _schema(self, row: Row) -> Schema:
        text = self._one("schema", row)
        if not text:
            return Schema.LEGAL_ENTITY
        for schema in Schema:
            if schema.value.casefold() == text.replace(" ", "").casefold():
                return schema
        self._warn("schema", "holds a kind that is not known, taken as LegalEntity")
        return Schema.LEGAL_ENTITY

    def _countries(self, row: Row) -> tuple[str, ...]:
        codes = []
        for text in self._all("country", row):
            if code := country_code(text):
                codes.append(code)
            else:
                self._warn("country", "holds a country that is not known, kept in the remarks")
                self._left.append(f"Country as printed: {text}")
        return tuple(dict.fromkeys(codes))

    def _addresses(self, row: Row, countries: tuple[str, ...]) -> tuple[Address, ...]:
        only = countries[0] if len(countries) == 1 else None
        texts = self._all("address", row)
        return tuple(dict.fromkeys(Address(text, split_country(text)[1] or only) for text in texts))

    def _identifiers(self, row: Row) -> Iterator[Identifier]:
        for spec in self._mapping.identifiers:
            printed_country = next(iter(row.get(spec.country_column, ())), "")
            code = (country_code(printed_country) if printed_country else None) or spec.country or None
            if printed_country and not country_code(printed_country):
                self.warnings.append(f"column {spec.country_column!r} holds a country that is not known")
            for value in _values(spec, row):
                yield Identifier(spec.type, value, code)

    def _listing(self, row: Row, name: str) -> Listing:
        start, end = self._dates("start", row), self._dates("end", row)
        return Listing(
            source=self._source,
            program=self._program(row),
            name=name,
            start=min((day.earliest for day in start), default=None),
            end=max((day.latest for day in end), default=None),
            citation="; ".join(self._all("citation", row)),
            license_requirement=self._one("license_requirement", row),
            license_policy=self._one("license_policy", row),
            tags=self._all("tags", row),
            remarks="; ".join(self._all("remarks", row)),
            url=self._one("url", row) or self._mapping.url,
        )

    def _program(self, row: Row) -> str:
        text = self._one("program", row) or self._mapping.program
        if text == self._mapping.program:
            return text
        try:
            return program(text, "program")
        except ValueError:
            raise Unreadable(f"{self._column('program')}: {text[:60]!r} is no program") from None

    def _dates(self, key: str, row: Row) -> list[PartialDate]:
        found = []
        for text in self._all(key, row):
            day = read_date(text, self._mapping.specs[key].dates)
            if day is None:
                self._warn(key, "holds a date that can't be read: say its form under dates")
                if key.endswith("_date"):
                    self._left.append(f"{key.replace('_', ' ').capitalize()} as printed: {text}")
            else:
                found.append(day)
        return found

    # --- values -----------------------------------------------------------------------------------

    def _all(self, key: str, row: Row) -> tuple[str, ...]:
        spec = self._mapping.specs.get(key)
        return tuple(dict.fromkeys(_values(spec, row))) if spec is not None else ()

    def _one(self, key: str, row: Row) -> str:
        return next(iter(self._all(key, row)), "")

    def _column(self, key: str) -> str:
        columns = self._mapping.specs[key].columns
        return f"column {' and '.join(map(repr, columns))}" if columns else f"the field {key}"

    def _warn(self, key: str, what: str) -> None:
        self.warnings.append(f"{self._column(key)} {what}")


def _values(spec: Spec, row: Row) -> list[str]:
    """What a field holds in a row: constant or cells, then pattern, separator and translation, in this order."""
    if not spec.columns:
        texts = [spec.value]
    elif len(spec.columns) == 1:
        texts = list(row.get(spec.columns[0], ()))
    else:
        parts = [printed(one) for column in spec.columns for one in row.get(column, ())]
        texts = [spec.join.join(part for part in parts if part)]
    if spec.pattern is not None:
        texts = [match[1] for text in texts for match in spec.pattern.finditer(text) if match[1]]
    if spec.separator:
        split = [split_packed(t) if spec.separator.strip() == ";" else t.split(spec.separator) for t in texts]
        texts = [one for parts in split for one in parts]
    texts = [one for text in texts if (one := printed(text))]
    if spec.values:
        texts = [spec.values.get(text.casefold(), spec.otherwise or text) for text in texts]
    if not texts and spec.otherwise:
        texts = [spec.otherwise]
    return texts


def read_date(text: str, forms: tuple[str, ...]) -> PartialDate | None:
    """A date in one of the given strptime forms, else in one of `PartialDate.parse`; None where it is neither.

    A form without a day gives a month, one without a month a year.
    """
    for form in forms:
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
        try:
            return _as_precise_as(form, moment.date())
        except ValueError:
            return None
    try:
        return PartialDate.parse(text)
    except ValueError:
        return None


def _as_precise_as(form: str, day: date) -> PartialDate:
    if any(part in form for part in ("%d", "%j", "%x", "%c", "%D", "%F")):
        return PartialDate.parse(day.isoformat())
    if any(part in form for part in ("%m", "%B", "%b")):
        return PartialDate.parse(f"{day.year:04}-{day.month:02}")
    return PartialDate.parse(f"{day.year:04}")
