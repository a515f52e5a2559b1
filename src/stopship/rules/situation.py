"""One order on one day as the rules see it: what it states, what its facts answer, what is assumed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from stopship.errors import OrderError
from stopship.model.order import parse_yes_no
from stopship.model.structure import Structure, structure_of_order
from stopship.model.transaction import Exporter, Item, Transaction
from stopship.model.values import Direction, Role, Share, parse_country, parse_eccn, parse_hts
from stopship.rules.controls import ControlTest, Determination
from stopship.rules.facts import FactBook, FactKind, FactType, Reads
from stopship.rules.items import (
    EAR99,
    ItemClass,
    Jurisdiction,
    de_minimis_percent,
    is_subject,
    item_class,
    jurisdiction,
)
from stopship.rules.law import Law
from stopship.rules.verdict import NO, YES, Truth, Verdict

T = TypeVar("T")

NO_LEVEL = "item.N.no_de_minimis_level"
DIRECT_PRODUCT = "item.N.direct_product_"

CONSIGNEES = (Role.END_USER, Role.ULTIMATE_CONSIGNEE, Role.PURCHASER, Role.INTERMEDIATE_CONSIGNEE)
"""Parties of 15 CFR 748.5(c)-(f), the one nearest to the use of the item first."""

FINAL_CONSIGNEES = (Role.END_USER, Role.ULTIMATE_CONSIGNEE)


@dataclass(frozen=True, slots=True)
class OrderItem:
    """An item with its facts. `number` is None for the item of an order that states none; `alone`: it is the only
    one, and texts need no number to tell it from others."""

    number: int | None
    stated: Item
    eccn: str | None
    hts: str | None
    alone: bool = False

    @property
    def key(self) -> str:
        """What its facts begin with: `item.0`."""
        return f"item.{self.number or 0}"

    @property
    def label(self) -> str:
        if self.number is None:
            return "any item"
        code = self.eccn or (f"USML {self.stated.usml}" if self.stated.usml else "no ECCN stated")
        if self.alone:
            return f"{self.stated.description or 'the item'} ({code})"
        name = f" {self.stated.description}" if self.stated.description else ""
        return f"item {self.number}{name} ({code})"

    @property
    def item_class(self) -> ItemClass:
        return item_class(self.eccn)


class Situation:
    """An order, its date and who sells. Made for one evaluation; collects the assumptions that are used.

    Args:
        structure: who owns its parties, joined with stakes from outside; None: what the order alone states.

    Raises:
        OrderError: a stated fact isn't of its type; names the key.
    """

    def __init__(
        self,
        order: Transaction,
        facts: FactBook,
        *,
        as_of: date,
        exporter: Exporter,
        structure: Structure | None = None,
        law: Law | None = None,
    ) -> None:
        self.order = order
        self._structure = structure
        self.facts = facts
        self.law = law.on(as_of) if law is not None and law.is_held else None
        self._jurisdictions: dict[str, Jurisdiction] = {}
        self.as_of = as_of
        self.exporter = exporter
        self._notes: dict[str, None] = {}
        # Many rules ask the same fact; what an order answers doesn't change.
        self._read: dict[tuple[tuple[Reads, ...], str | None], list[tuple[str, str]]] = {}
        self._asked: dict[tuple[str, str | None, str], Verdict] = {}
        self._stated = dict(order.facts)
        self._check_facts()
        given = [self._item(number, item) for number, item in enumerate(order.items)]
        self.given_items = tuple(given)
        self.items = self.given_items or (self._item(None, Item()),)
        self.destination, self._destination_note = self._find_destination()

    @property
    def structure(self) -> Structure:
        """Who owns the parties."""
        if self._structure is None:
            self._structure = structure_of_order(self.order)
        return self._structure

    def countries_of_everyone(self) -> frozenset[str]:
        """Countries of all parties and of all their owners, also of those from outside of the order."""
        found = {who.country for _number, _owner, who in self.order.everyone()}
        if self._structure is not None:
            found |= {node.country for _party, node in self._structure.holders_above()}
        return frozenset(country for country in found if country)

    # -- facts -------------------------------------------------------------------------------------------------

    def _check_facts(self) -> None:
        for key in self._stated:
            kind = self.facts.kind_of(key)
            if kind is None:
                # A misspelt fact that is passed over may be the one that makes a restriction.
                near = difflib.get_close_matches(key, self.facts.kinds, n=1)
                hint = f"Did you mean {near[0]}?" if near else "Decisions print the keys that they ask for"
                raise OrderError("no rule knows this fact", where=f"facts.{key}", hint=hint)
            self._typed(key, _PARSERS.get(kind.type, str))
            if kind.type is FactType.CHOICE and self._stated[key] not in kind.choices:
                known = ", ".join(kind.choices)
                raise OrderError(f"{self._stated[key]!r} is none of {known}", where=f"facts.{key}")
            place = re.match(r"(item|party|license)\.(\d+)\.", key)
            if place:
                parties, licenses = len(self.order.parties), len(self.order.licenses)
                held = {"item": max(1, len(self.order.items)), "party": parties, "license": licenses}[place[1]]
                if int(place[2]) >= held:
                    raise OrderError(f"the order has no {place[1]} {place[2]}", where=f"facts.{key}")

    def _typed(self, key: str, parse: Callable[[str], T]) -> T | None:
        text = self._stated.get(key)
        if text is None or not text.strip():
            return None
        try:
            return parse(text)
        except ValueError as error:
            raise OrderError(str(error), where=f"facts.{key}") from None

    def stated(self, key: str) -> str | None:
        """What the order states for a key, as text."""
        return self._stated.get(key) or None

    def share(self, key: str, otherwise: Share) -> Share:
        """An owner's stake: the fact if stated, else what the order says of the owner."""
        return self._typed(key, Share.parse) or otherwise

    def share_or_none(self, key: str) -> Share | None:
        """A share that is stated under `facts`."""
        return self._typed(key, Share.parse)

    def answer(
        self, kind_key: str, item: OrderItem | None = None, *, key: str | None = None
    ) -> tuple[bool | None, str, str | None]:
        """What the order answers to a yes-or-no fact: by the fact, else by its words.

        Args:
            kind_key: the key in the vocabulary, with its placeholders.
            item: whose fact it is.
            key: the concrete key, where it isn't that of the item.

        Returns:
            True, False or None (open); the concrete key; the assumption to print if words answered.
        """
        kind = self.facts.kinds[kind_key]
        key = key or (kind_key.replace("item.N", item.key) if item else kind_key)
        stated = self._typed(key, parse_yes_no)
        if stated is not None:
            return stated, key, None
        texts = self._texts(kind, item)
        for where, text in texts:
            if word := kind.find(text):
                return True, key, f'{key}: yes, read from "{word}" in {where}; a person must confirm it'
        for where, text in texts:
            if kind.find_unsure(text):
                return None, key, None
            if kind.else_no and text.strip():
                return False, key, f'{key}: no, read from {where} "{text.strip()}"'
        return None, key, None

    def asked(self, kind_key: str, item: OrderItem | None, *, unstated: str) -> Verdict:
        """A fact as a condition: `unstated` says what follows where nothing answers it: `missing`, `question` or
        `no`. Words that leave it open are something that the order says: the fact is then missing in any case."""
        asked = (kind_key, item.key if item else None, unstated)
        if asked not in self._asked:
            self._asked[asked] = self._ask(kind_key, item, unstated)
        return self._asked[asked]

    def _ask(self, kind_key: str, item: OrderItem | None, unstated: str) -> Verdict:
        value, key, note = self.answer(kind_key, item)
        notes = (note,) if note else ()
        if value is not None:
            return Verdict(YES.truth if value else NO.truth, notes=notes)
        if self._left_open(kind_key, item):
            return Verdict(Truth.MISSING, missing=(key,))
        if unstated == "no":
            return NO
        if unstated == "question":
            return Verdict(Truth.ASKED, asked=((key, self.question(key)),))
        return Verdict(Truth.MISSING, missing=(key,))

    def _left_open(self, kind_key: str, item: OrderItem | None) -> bool:
        kind = self.facts.kinds[kind_key]
        return any(kind.find_unsure(text) is not None for _where, text in self._texts(kind, item))

    def question(self, key: str) -> str:
        """The question to a person that a key stands for."""
        kind = self.facts.kind_of(key)
        return kind.text if kind else key

    def _texts(self, kind: FactKind, item: OrderItem | None) -> list[tuple[str, str]]:
        """Where words may answer a fact, and what stands there; the same for all facts that are read there."""
        if not kind.reads:
            return []
        place = (kind.reads, item.key if item else None)
        if place not in self._read:
            self._read[place] = self._read_texts(kind, item)
        return self._read[place]

    def _read_texts(self, kind: FactKind, item: OrderItem | None) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for place in kind.reads:
            if place is Reads.ITEM and item is not None:
                found.append((f"the description of {item.key.replace('.', ' ')}", item.stated.description))
            elif place is Reads.END_USE and self.order.end_use:
                found.append(("the end use", self.order.end_use))
            elif place is Reads.END_USERS:
                parties = [(n, p) for n, p in enumerate(self.order.parties) if p.role in CONSIGNEES]
                found += [(f"the name of party {number}", party.name) for number, party in parties]
            elif place is Reads.FINAL_CONSIGNEES:
                last = [(n, p) for n, p in enumerate(self.order.parties) if p.role in FINAL_CONSIGNEES]
                found += [(f"the name of party {number}", party.name) for number, party in last]
            elif place is Reads.PLACES:
                everyone = enumerate(self.order.parties)
                found += [(f"the address of party {number}", party.address or "") for number, party in everyone]
        return found

    # -- items and places --------------------------------------------------------------------------------------

    def _item(self, number: int | None, item: Item) -> OrderItem:
        key = f"item.{number or 0}"
        eccn = self._answering(f"{key}.eccn", parse_eccn, self._on_the_list(f"{key}.eccn", item.eccn))
        hts = self._answering(f"{key}.hts", parse_hts, item.hts)
        if self._typed(f"{key}.subject_to_ear", parse_yes_no) is False:
            self._foreign_made(f"{key}.subject_to_ear", item)
        return OrderItem(number, item, eccn, hts, alone=len(self.order.items) == 1)

    def _on_the_list(self, key: str, stated: str | None) -> str | None:
        """The stated ECCN; None where the list has no such entry and a fact answers which it is."""
        if stated is None or stated == EAR99 or self.law is None or key not in self._stated:
            return stated
        if stated.partition(".")[0] in self.law.ccl:
            return stated
        self.note(f"{key}: {self._stated[key]}, as the facts state; {stated} is no entry of the list")
        return None

    def _answering(self, key: str, parse: Callable[[str], T], stated: T | None) -> T | None:
        """What the order states, or the fact where it states nothing. A fact answers; it doesn't contradict.

        A paragraph is an answer to a heading: 1A004.c says more of what 1A004 says.
        """
        fact = self._typed(key, parse)
        if stated is None or fact is None or fact == stated:
            return fact if stated is None else stated
        if key.endswith(".eccn") and str(fact).startswith(f"{stated}."):
            return fact
        said = f"the order states {stated}, the fact {fact}"
        raise OrderError(said, where=f"facts.{key}", hint="Mend one of them")

    def _foreign_made(self, key: str, item: Item) -> None:
        """Only of an item made elsewhere may a person say that the EAR doesn't reach it (15 CFR 734.3(a))."""
        leaves = self.order.direction is Direction.EXPORT and self.exporter.country == "US"
        if item.origin in (None, "US") or leaves:
            why = "leaves the United States" if leaves else "is of US origin, or of none stated"
            raise OrderError(
                f"an item that {why} is subject to the EAR", where=f"facts.{key}", hint="State a foreign origin"
            )

    def _find_destination(self) -> tuple[str | None, str | None]:
        stated = self._answering("destination", parse_country, self.order.destination)
        if stated or self.order.direction in (Direction.IMPORT, Direction.PURCHASE):
            return stated, None
        for role in CONSIGNEES:
            held = [(n, p.country) for n, p in enumerate(self.order.parties) if p.role is role and p.country]
            countries = sorted({country for _number, country in held})
            if len(countries) > 1:
                # Which of them comes first says nothing: the answer must not hang on it.
                who = f"{role.value.replace('_', ' ')}s in {', '.join(countries)}"
                return None, f"destination: not stated, and not taken from the parties: there are {who}"
            for number, country in held:
                return country, f"destination {country}: taken from the country of party {number}"
        return None, None

    # -- tables ------------------------------------------------------------------------------------------------

    def determination(self, item: OrderItem, test: ControlTest) -> Determination | None:
        """What the requirements of an item's entry say for the destination; None without tables or an ECCN."""
        if self.law is None or item.eccn is None:
            return None
        return self.law.controls.determine(item.eccn, self.destination or "", test)

    @property
    def tables_confirmed(self) -> bool:
        """Whether the tables are known to hold on the day; without tables there is nothing to confirm."""
        return self.law is None or self.law.confirmed

    def tables_notes(self) -> tuple[str, ...]:
        """What an answer from the tables rests on where they begin later than the day."""
        if self.law is None or self.tables_confirmed:
            return ()
        begins = self.law.begins.isoformat()
        return (f"tables of the EAR as of {begins}, the earliest that are held: unconfirmed for {self.as_of}",)

    def reasons(self, item: OrderItem) -> frozenset[str]:
        """Reasons for control that the item's entry prints; none without tables or for an unknown ECCN."""
        entry = self.law.ccl.entry(item.eccn) if self.law is not None and item.eccn else None
        return frozenset(re.findall(r"\b[A-Z]{2}\b", entry.reasons)) if entry else frozenset()

    def country_groups(self) -> frozenset[str]:
        """Country Groups of the destination (Supplement No. 1 to 15 CFR Part 740)."""
        if self.law is None or self.destination is None:
            return frozenset()
        return self.law.chart.groups.of(self.destination)

    # -- whether an item is subject to the EAR -----------------------------------------------------------------

    def jurisdiction(self, item: OrderItem) -> Jurisdiction:
        """Whether the item is subject to the EAR, and how one knows."""
        if item.key not in self._jurisdictions:
            self._jurisdictions[item.key] = self._find_jurisdiction(item)
        return self._jurisdictions[item.key]

    def _find_jurisdiction(self, item: OrderItem) -> Jurisdiction:
        return jurisdiction(
            item.stated,
            stated=self._typed(f"{item.key}.subject_to_ear", parse_yes_no),
            transaction=self.order,
            exporter=self.exporter,
            destination=self.destination,
            groups=self.country_groups() if self.law is not None else None,
            no_level=self._yes_no(NO_LEVEL, item),
            direct_product=any(self._yes_no(key, item) for key in self._direct_products),
        )

    @cached_property
    def _direct_products(self) -> tuple[str, ...]:
        """Keys of facts that say by which rule of 734.9 an item is a foreign direct product."""
        stated = any(".direct_product_" in key for key in self._stated)
        return tuple(key for key in self.facts.kinds if key.startswith(DIRECT_PRODUCT)) if stated else ()

    def _yes_no(self, kind_key: str, item: OrderItem) -> bool | None:
        return self._typed(kind_key.replace("item.N", item.key), parse_yes_no)

    def subject_to_ear(self, item: OrderItem) -> bool | None:
        """True, False, or None where the order leaves it open."""
        return is_subject(self.jurisdiction(item))

    # -- assumptions -------------------------------------------------------------------------------------------

    def note(self, text: str) -> None:
        """Print an assumption with the decision, once."""
        self._notes[text] = None

    def assumptions(self) -> tuple[str, ...]:
        """Defaults of decision.md first, then what the rules took for granted, in the order they did."""
        return tuple(dict.fromkeys([*self._defaults(), *self._notes]))

    def _defaults(self) -> list[str]:
        lines = [self._destination_note] if self._destination_note else []
        for item in self.given_items:
            line = _JURISDICTION_NOTES.get(self.jurisdiction(item))
            if line:
                groups = self.country_groups() if self.law is not None else None
                limit = de_minimis_percent(self.destination, groups)
                lines.append(f"item {item.number}: " + line.format(limit=f"{limit:g}", item=item.stated))
        if not self.given_items:
            lines.append("no items stated: parties only, and what bars the destination as a whole")
        owned = self._structure.outside if self._structure is not None else {}
        alone = [str(n) for n, party in enumerate(self.order.parties) if not party.owners and not owned.get(n)]
        if alone:
            lines.append(f"owners: none known of party {', '.join(alone)}")
        if self.order.end_use is None:
            lines.append("end use: not stated, none prohibited")
        lines += self._structure.notes if self._structure is not None else ()
        known = {link.fact for link in self.structure.links} if self._stated else ()
        for key in self._stated:
            if key.startswith("stake.") and key not in known:
                lines.append(f"{key}: no such stake is known for this order and day; without effect")
        return lines


_JURISDICTION_NOTES = {
    Jurisdiction.ASSUMED: "origin US",
    Jurisdiction.FROM_US: "subject to the EAR, because it leaves the United States (15 CFR 734.3(a)(1))",
    Jurisdiction.CONTENT: "US content {item.us_content_percent:g}% is above {limit}%: subject to the EAR",
    Jurisdiction.NOT_DE_MINIMIS: "US content {item.us_content_percent:g}% is not above {limit}%: taken as not "
    "subject to the EAR, unless 15 CFR 734.4(a) or a foreign-direct-product rule says otherwise",
    Jurisdiction.NO_DE_MINIMIS_LEVEL: "US content of a kind for which no share is de minimis (15 CFR 734.4(a)), "
    "as the order states: subject to the EAR",
    Jurisdiction.DIRECT_PRODUCT: "a foreign direct product (15 CFR 734.9), as the order states, so subject to "
    "the EAR",
    Jurisdiction.NOT_STATED_SO: "not subject to the EAR, as the order states",
    Jurisdiction.NOT_ITAR: "a USML category and no ECCN: subject to the ITAR, not to the EAR",
}

_PARSERS: dict[FactType, Callable[[str], object]] = {
    FactType.YES_NO: parse_yes_no,
    FactType.ECCN: parse_eccn,
    FactType.HTS: parse_hts,
    FactType.COUNTRY: parse_country,
    FactType.SHARE: Share.parse,
}
