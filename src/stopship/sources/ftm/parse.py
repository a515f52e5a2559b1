"""FollowTheMoney JSON lines to entities.

The lines are gone through twice: what belongs to a party (sanctions, addresses, papers) may stand before or behind
it on a line of its own. Only that is held between the passes, not the parties.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from stopship.model import Entity
from stopship.sources.containers import unpack
from stopship.sources.contract import ParsedList, Reject, SourceInfo
from stopship.sources.ftm.entities import entity_of
from stopship.sources.ftm.records import Malformed, Record, lines, read_record, schema_of
from stopship.sources.ftm.vocabulary import vocabulary

_OWNER = {"Sanction": "entity", "Identification": "holder", "Passport": "holder", "CryptoWallet": "holder"}
MOST_WARNINGS = 50


def parse(data: bytes, filename: str, info: SourceInfo) -> ParsedList:
    """Read a list.

    Rows are lines that are a party or belong to one. Lines that are neither (relations, documents, parties that
    the publisher doesn't list) are counted in the warnings.

    Raises:
        ListFileError: another format, cut short, too large.
    """
    content = unpack(data, filename)
    reader = PartyReader(info.id)
    for number, line in lines(content, filename):
        reader.collect(line, number)
    for number, line in lines(content, filename):
        reader.read(line, number)
    return reader.result(tuple(info.unread))


class PartyReader:
    """Collects what belongs to parties, then parties, rejects and warnings.

    Args:
        source_id: of the listings.
        all_parties: whether parties are read that the publisher doesn't list itself (`target: false`).
    """

    def __init__(self, source_id: str, *, all_parties: bool = False) -> None:
        self.source_id = source_id
        self.all_parties = all_parties
        self.words = vocabulary()
        self.rows = 0
        self.loaded = 0
        self.entities: dict[str, Entity] = {}
        self.rejects: list[Reject] = []
        self.warnings: dict[str, list[int]] = {}
        self.unread: Counter[str] = Counter()
        self.published: date | None = None
        self.addresses: dict[str, tuple[int, Record]] = {}
        self.attached: defaultdict[str, list[tuple[int, Record]]] = defaultdict(list)
        self.used: set[int] = set()  # lines of attached records whose party was read
        self.passed_over: set[str] = set()  # ids of what is known and not read

    # --- first pass -------------------------------------------------------------------------------

    def collect(self, line: bytes, number: int) -> None:
        """Keep what belongs to a party. Every line must have gone through here before the first is read."""
        schema = schema_of(line)
        if schema and schema not in self.words.attached:
            return
        try:
            record = read_record(line)
        except Malformed:
            return  # reported in the second pass
        if record.schema == "Address":
            self.addresses[record.id] = (number, record)
        elif owner := _OWNER.get(record.schema):
            for party in record.all(owner):
                self.attached[party].append((number, record))

    # --- second pass ------------------------------------------------------------------------------

    def read(self, line: bytes, number: int) -> None:
        """Read a line that is a party; count the others, reject what can't be read."""
        try:
            self.take(read_record(line), number)
        except Malformed as malformed:
            self.rows += 1
            self.rejects.append(Reject.of(number, str(malformed), [line[:300].decode("utf-8", "replace")]))

    def take(self, record: Record, number: int) -> Entity | None:
        """The party of a record; None for what belongs to one or is none.

        Raises:
            Malformed: it can't be read.
        """
        if record.last_seen is not None:
            self.published = max(self.published or record.last_seen, record.last_seen)
        for key in record.other_keys:
            self._warn(f"the key {key[:40]!r} is not known", number)
        if record.schema in _OWNER:
            if not record.all(_OWNER[record.schema]):
                raise Malformed(f"the {record.schema} says not whose it is")
            # Loaded or rejected at the end, when all parties are known.
        elif record.schema in self.words.unread_schemata:
            self._pass_over(record.schema, record)
        elif record.schema == "Address" and record.target is not True and record.id not in self.attached:
            self.passed_over.add(record.id)  # read with the party that names it
        elif record.target is False and not self.all_parties and record.id not in self.attached:
            self._pass_over("parties that the publisher doesn't list", record)
        else:
            return self._party(number, record)
        return None

    def _party(self, number: int, record: Record) -> Entity:
        if record.id in self.entities:
            raise Malformed(f"the id {record.id[:60]!r} stands twice")
        own = self.attached.get(record.id, [])
        places = [self.addresses[ref] for ref in record.all("addressEntity") if ref in self.addresses]
        parts = [part for _, part in (*own, *places)]
        entity, warnings = entity_of(record, parts, self.source_id)
        self.entities[record.id] = entity
        self.rows += 1
        self.loaded += 1
        self.used.update(line for line, _ in (*own, *places))
        for warning in warnings:
            self._warn(warning, number)
        return entity

    def _pass_over(self, what: str, record: Record) -> None:
        self.unread[what] += 1
        self.passed_over.add(record.id)

    def _warn(self, text: str, number: int) -> None:
        self.warnings.setdefault(text, []).append(number)

    # --- result -----------------------------------------------------------------------------------

    def result(self, unread: tuple[str, ...]) -> ParsedList:
        """All of it; what was collected for a party that isn't there is rejected."""
        orphans: dict[int, tuple[str, Record]] = {}
        for party, parts in self.attached.items():
            orphans |= {number: (party, record) for number, record in parts if number not in self.used}
        self.rows += len(self.used)
        self.loaded += len(self.used)
        idle = sum(number not in self.used for number, _ in self.addresses.values())
        if idle:
            self.unread["addresses that no party names"] = idle
        for number, (party, record) in sorted(orphans.items()):
            if party in self.passed_over:
                self.unread[f"{record.schema} of what is not read"] += 1
            else:
                self.rows += 1
                reason = f"the {record.schema} is of {party[:60]!r}, which is not in the file or can't be read"
                self.rejects.append(Reject(number, reason, record.id[:200]))
        warnings = [f"not read: {n:,} lines, {what}" for what, n in sorted(self.unread.items())]
        for text, numbers in list(self.warnings.items())[:MOST_WARNINGS]:
            times = f"{len(numbers):,} time{'s' if len(numbers) > 1 else ''}"
            warnings.append(f"{text}: {times}, first in line {numbers[0]:,}")
        return ParsedList(
            source=self.source_id,
            entities=tuple(self.entities[key] for key in sorted(self.entities)),
            rows=self.rows,
            loaded=self.loaded,
            rejects=tuple(sorted(self.rejects, key=lambda reject: reject.row)),
            published=self.published,
            warnings=tuple(warnings),
            unread=unread,
        )
