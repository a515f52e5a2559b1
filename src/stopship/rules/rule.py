"""Rules: law as data. What one YAML file of the rulebook says, typed.

`rulebook/README.md` describes the fields for those who write rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from string import Formatter
from typing import Any

from stopship.model.values import Direction, Role
from stopship.rules.citation import Citation
from stopship.rules.controls import ControlTest
from stopship.rules.items import ItemClass, Jurisdiction
from stopship.rules.measures import Measure
from stopship.rules.outcome import Outcome, ReviewPolicy, Scope, Status

AS_LISTED = "as_listed"

TEXT_FIELDS = frozenset(
    {
        "party",
        "role",
        "entity",
        "item",
        "destination",
        "requirement",
        "policy",
        "tags",
        "directives",
        "program",
        "start",
        "end",
        "exporter",
        "owner",
        "arithmetic",
        "countries",
        "controls",
    }
)
"""What the sentence template of a rule may name in braces."""


def template_fields(template: str) -> frozenset[str]:
    """The names in braces of a sentence template.

    Raises:
        ValueError: the braces don't match.
    """
    return frozenset(name for _text, name, _spec, _conversion in Formatter().parse(template) if name is not None)


def authority(rule_id: str) -> str:
    """Whose law a rule is: `us.ear`, `us.ofac`, `eu`. Outside of the United States a country has one authority."""
    words = rule_id.split(".")
    return ".".join(words[:2]) if words[0] == "us" else words[0]


class Per(StrEnum):
    """What a rule is asked of, once each."""

    MATCH = "match"
    MATCH_ITEM = "match_item"
    ITEM = "item"
    ORDER = "order"
    OWNERSHIP = "ownership"


class Binds(StrEnum):
    """Whom a rule's regime binds: whoever deals in items subject to the EAR, US persons, who exports from a place
    (`us`, `eu` …), whom the regime of the listing binds, or anyone."""

    EAR = "ear"
    US_PERSON = "us_person"
    US = "us"
    EU = "eu"
    UK = "uk"
    CH = "ch"
    CA = "ca"
    AU = "au"
    JP = "jp"
    LISTING = "listing"
    ANYONE = "anyone"


class How(StrEnum):
    """By what a party was found on a list; an address counts differently in a row that names no one."""

    NAME = "name"
    IDENTIFIER = "identifier"
    ADDRESS_ROW = "address_row"
    ADDRESS_OF_NAMED = "address_of_named"
    SAME_BUILDING = "same_building"


class Series(StrEnum):
    """Series of ECCNs that the law names by their digits: munitions (xY6zz) and spacecraft (9x515)."""

    S600 = "600"
    S9X515 = "9x515"


class Unstated(StrEnum):
    """What follows where an order answers a fact neither by `facts` nor by its words."""

    MISSING = "missing"
    QUESTION = "question"
    NO = "no"


class OwnershipRule(StrEnum):
    """Which arithmetic of ownership a rule is about."""

    OFAC_50 = "ofac_50"
    SSI_50 = "ssi_50"
    AFFILIATES = "affiliates"
    LISTED_OWNER = "listed_owner"
    LISTED_CONTROLLER = "listed_controller"


@dataclass(frozen=True, slots=True)
class ItemTest:
    """Conditions on an item; every one that is set must hold.

    Attributes:
        classes: on the CCL, EAR99 or unknown.
        eccns: ECCNs or paragraphs; an item that doesn't state its paragraph leaves the answer open.
        eccns_stated: the same, but a paragraph that isn't stated counts as not meant.
        not_eccns: ECCNs that it must not be.
        at_only: of the x99x series, most of which is controlled for anti-terrorism only.
        reasons: the entry's "Reason for Control" has one of these ("NS").
        jurisdictions: how one knows whether it is subject to the EAR.
        usml: whether a category of the USML is stated.
        listed: whether the entry's own requirement covers it.
        series: of one of these series of ECCNs.
        categories: first digit of the ECCN; with `groups`, its second place ("B").
        foreign_made: whether an origin outside of the United States is stated.
    """

    classes: tuple[ItemClass, ...] = ()
    eccns: tuple[str, ...] = ()
    eccns_stated: tuple[str, ...] = ()
    not_eccns: tuple[str, ...] = ()
    at_only: bool | None = None
    reasons: tuple[str, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    usml: bool | None = None
    listed: bool | None = None
    series: tuple[Series, ...] = ()
    categories: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    foreign_made: bool | None = None


@dataclass(frozen=True, slots=True)
class ListingTest:
    """Conditions on the listing; every one that is set must hold.

    Attributes:
        ended: whether its printed end date has passed. Without this condition a rule passes such listings over.
        nonstandard_order: whether a denial order is marked as not standard.
        directives: any of these numbers of OFAC directives.
        no_directive: whether it prints none.
        cites: any of these citations stands in the printed one.
        name_has: any of these phrases stands in the listed name.
        footnotes: any of these footnotes of the Entity List; `unknown` is any that this program can't read.
        measures: any of these is among the measures that the listing prints.
    """

    ended: bool | None = None
    nonstandard_order: bool | None = None
    directives: tuple[str, ...] = ()
    no_directive: bool | None = None
    cites: tuple[str, ...] = ()
    name_has: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class FactTest:
    """A fact that must be answered `answer`. Before the order is asked, the item may answer: `class_no` by its
    class, `eccn_yes` by its ECCN, `hts_yes` by the beginning of its tariff code; `needs` names what it can't do
    without."""

    key: str
    answer: bool = True
    unstated: Unstated = Unstated.MISSING
    class_no: tuple[ItemClass, ...] = ()
    eccn_yes: tuple[str, ...] = ()
    hts_yes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """The closed vocabulary of conditions. All that are set must hold; a list holds if any member does.

    `any_facts` hold if one of them does. `exporters` and `not_exporters` are countries of who sells; `abroad` says
    whether the goods leave that country, or the European Union. `controls` asks for license
    requirements of the item's entry on the Commerce Control List. `without_items` asks a rule per item even of an
    order that states none, because the destination alone restricts it.
    """

    programs: tuple[str, ...] = ()
    other_programs: bool = False
    tags: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    how: tuple[How, ...] = (How.NAME, How.IDENTIFIER)
    directions: tuple[Direction, ...] = ()
    destinations: tuple[str, ...] = ()
    not_destinations: tuple[str, ...] = ()
    destination_groups: tuple[str, ...] = ()
    not_destination_groups: tuple[str, ...] = ()
    destination_known: bool | None = None
    party_countries: tuple[str, ...] = ()
    exporters: tuple[str, ...] = ()
    not_exporters: tuple[str, ...] = ()
    abroad: bool | None = None
    binds: Binds = Binds.ANYONE
    listing: ListingTest = ListingTest()
    item: ItemTest | None = None
    facts: tuple[FactTest, ...] = ()
    any_facts: tuple[FactTest, ...] = ()
    controls: ControlTest | None = None
    without_items: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A rule as it stood from one day (inclusive; None: since before our record) to another (exclusive; None:
    open).

    `published` and `verified_on` are two more dates: when the text came out, and when it was last compared with a
    primary text. `policy_from` holds clauses of printed policies (by fact) that count only from a day on;
    `missing_facts` are the facts that an `indeterminate` rule waits for; `inherits` names the rules of a listed
    owner that an affiliates rule carries over to what it owns. `catalogue` is what a person goes through
    before answering the rule's question.
    """

    begins: date | None
    ends: date | None
    published: date | None
    verified_on: date | None
    status: Status
    cite: tuple[Citation, ...]
    when: When
    outcome: Outcome
    scopes: tuple[Scope, ...]
    review_policy: ReviewPolicy | None
    as_listed: bool
    text: str
    overrides: tuple[str, ...] = ()
    ownership: OwnershipRule | None = None
    policy_from: tuple[tuple[str, date], ...] = ()
    missing_facts: tuple[str, ...] = ()
    inherits: tuple[str, ...] = ()
    catalogue: tuple[str, ...] = ()

    def in_force(self, day: date) -> bool:
        """Whether `day` lies within the half-open interval."""
        return (self.begins is None or self.begins <= day) and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True)
class Example:
    """An order and what the rule must say of it. Executed by lint and tests.

    `order` is plain values in the form of `docs/reference/order.md`; `listed` maps a party ("0") or owner
    ("0:0.1") to listings; `ownership` holds stakes from outside of the order; `expect` holds `fires: no`, or
    fields that one finding of the rule must have."""

    name: str
    as_of: date
    order: Mapping[str, Any]
    listed: Mapping[str, Any]
    expect: Mapping[str, Any]
    pinned: tuple[tuple[str, str], ...] = ()
    ownership: tuple[Any, ...] = ()

    @property
    def fires(self) -> bool:
        """Whether the rule is expected to say something."""
        return self.expect.get("fires") not in ("no", "false")


@dataclass(frozen=True, slots=True)
class Rule:
    """One file of the rulebook. `id` is its path: `us/ear/744/entity-list.yml` is `us.ear.744.entity-list`."""

    id: str
    title: str
    per: Per
    versions: tuple[Version, ...]
    examples: Sequence[Example]
    path: str

    @property
    def regime(self) -> str:
        """The first two words of the id, its own name left out: `us.ear`, `any`."""
        return ".".join(self.id.split(".")[:-1][:2])

    def version_on(self, day: date) -> Version | None:
        """The version in force on a day, None where there is none."""
        return next((version for version in self.versions if version.in_force(day)), None)
