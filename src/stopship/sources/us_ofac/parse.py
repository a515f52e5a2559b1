"""OFAC's lists from any of their three layouts, told apart by content: SDN.XML, SDN_ADVANCED.XML, the CSV set."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from stopship.errors import ListFileError, SourceDrift
from stopship.sources.archives import is_archive, read_archive, require_members
from stopship.sources.containers import decode, unpack
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.identity import RowEntity, assemble
from stopship.sources.us_ofac import advanced_xml, csv_set, legacy_xml
from stopship.sources.us_ofac.advanced_xml import AdvancedXml
from stopship.sources.us_ofac.csv_set import CsvSet
from stopship.sources.us_ofac.entry import Entry, entry_rows
from stopship.sources.us_ofac.legacy_xml import LegacyXml
from stopship.sources.us_ofac.programs import SDN_SOURCE, NotListed, is_foreign_to_sdn
from stopship.sources.xml_stream import XmlLayout, XmlList, looks_like_xml

_LOOKED_AT = 200
"""Entries after which a file without a single one of this source's list is taken for the other list."""


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read one of OFAC's two files: XML, advanced XML (each gzipped, zipped or plain), or a ZIP of the CSV set.

    Raises:
        ListFileError: it can't be read at all, a file of the set is missing, or the count in its header is wrong.
        SourceDrift: an element or a column is new or missing.
    """
    data = unpack(data, filename)
    if is_archive(data):
        members = read_archive(data, filename)
        xml = [name for name in members if name.endswith(".xml")]
        if len(members) > 1 or not xml:
            return _csv(members, filename, info)
        data = members[xml[0]]
    if not looks_like_xml(data):
        _refuse_single(data, filename, info)
    roots = frozenset((legacy_xml.ROOT, advanced_xml.ROOT))
    root = XmlList(data, filename, XmlLayout(title=f"the {info.title}", roots=roots, entries=frozenset())).root
    reader = _Reader(filename, info)
    if root == advanced_xml.ROOT:
        advanced = AdvancedXml(data, filename, info)
        reader.read(advanced.entries())
        reader.rejects += advanced.rejects
        return reader.result(advanced.published, advanced.warnings, advanced_xml.LAYOUT)
    legacy = LegacyXml(data, filename, info)
    reader.read(legacy.entries())
    return reader.result(legacy.published, legacy.warnings, legacy_xml.LAYOUT)


def _csv(members: dict[str, bytes], filename: str, info: SourceInfo) -> ParsedList:
    reader = _Reader(filename, info)
    files = CsvSet(members, filename, info)
    reader.read(files.entries())
    reader.rejects += files.rejects
    return reader.result(None, files.warnings, csv_set.LAYOUT)


def _refuse_single(data: bytes, filename: str, info: SourceInfo) -> None:
    """One CSV of a set is refused by naming the others; anything else by what it is."""
    decode(data, filename, f"the XML form of the {info.title}")
    name = filename.replace("\\", "/").rpartition("/")[2].casefold().removesuffix(".gz")
    if name in info.files:
        require_members({name: data}, info.files, filename, f"the CSV form of the {info.title}")
    raise ListFileError(
        f"this is none of the forms of the {info.title}",
        where=filename,
        hint=f"Hand in the XML form, or the folder with {', '.join(info.files)}",
    )


class _Reader:
    """Collects rows, rejects and warnings, and counts them."""

    def __init__(self, where: str, info: SourceInfo) -> None:
        self.where = where
        self.info = info
        self.loaded = 0
        self.rows: list[RowEntity] = []
        self.rejects: list[Reject] = []
        self.numbers: set[str] = set()
        self.foreign = 0
        self.warnings: dict[str, list[int]] = {}

    def read(self, entries: Iterable[tuple[int, Entry]]) -> None:
        for row, entry in entries:
            self._check_list(row, entry)
            if reason := self._problem(entry):
                self._reject(row, reason, entry)
                continue
            try:
                made, warnings = entry_rows(entry, self.info.id)
            except NotListed as error:
                self._reject(row, str(error), entry)
                continue
            self.loaded += 1
            self.numbers.add(entry.number)
            self.rows += made
            for warning in warnings:
                self.warnings.setdefault(warning, []).append(row)
        if self.foreign and self.foreign == self.loaded + len(self.rejects):
            raise self._other_list()

    def _problem(self, entry: Entry) -> str:
        if not entry.number.isdigit():
            return "it has no number"
        if entry.number in self.numbers:
            return "its number stands on an earlier entry too"
        return "" if any(letter.isalnum() for letter in entry.name) else "it has no name"

    def _check_list(self, row: int, entry: Entry) -> None:
        # Both lists have the same layout: the other one would be taken for this one, and far too much be blocked.
        if self.info.id == SDN_SOURCE and is_foreign_to_sdn(entry.tags):
            self.foreign += 1
            if self.foreign > _LOOKED_AT or (row >= 3 and self.foreign == row):
                raise self._other_list()

    def _other_list(self) -> SourceDrift | ListFileError:
        return ListFileError(
            "this is OFAC's list of non-SDN entries, not the SDN list",
            where=self.where,
            hint="Import it as us_ofac_cons",
        )

    def _reject(self, row: int, reason: str, entry: Entry) -> None:
        self.rejects.append(Reject.of(row, reason, [entry.number, entry.name, " ".join(entry.tags)]))

    def result(self, published: date | None, warnings: list[str], layout: str) -> ParsedList:
        return ParsedList(
            source=self.info.id,
            entities=assemble(self.rows),
            rows=self.loaded + len(self.rejects),
            loaded=self.loaded,
            rejects=tuple(self.rejects),
            published=published,
            warnings=(
                *warnings,
                *(
                    f"{text}: {len(rows)} time{'s' if len(rows) > 1 else ''}, first in entry {rows[0]}"
                    for text, rows in self.warnings.items()
                ),
            ),
            unread=self.info.unread_of(layout),
        )
