"""The closed vocabulary of `when`: each condition one function, each with a three-valued answer.

The cheap and the certain come first, because `verdict.all_of` stops at the first no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stopship.rules.ccl import ControlKind
from stopship.rules.controls import BY_PERSON, ControlTest
from stopship.rules.finding import Subject
from stopship.rules.items import (
    EAR99,
    ItemClass,
    Jurisdiction,
    at_only_series,
    eccn_within,
    eccn_within_any,
    in_series,
)
from stopship.rules.regimes import TERRITORIES, is_abroad, of_program
from stopship.rules.requirement import FOOTNOTES, UNKNOWN_FOOTNOTE, ItemScope, Requirement, parse_requirement
from stopship.rules.rule import Binds, FactTest, How, ItemTest, Per, Unstated, When
from stopship.rules.situation import OrderItem, Situation
from stopship.rules.verdict import NO, YES, Truth, Verdict, all_of, of


@dataclass(frozen=True, slots=True)
class Case:
    """What one rule is asked about: the order, and the match and the item where there are such."""

    situation: Situation
    subject: Subject | None = None
    item: OrderItem | None = None
    ruled_programs: frozenset[str] = frozenset()


def how_found(subject: Subject) -> How:
    """By what the party was found. A name that equals the label of an address-only row ("Address 01") is no more
    than a hint, like another unit of the same building."""
    if subject.how == "address":
        return How.ADDRESS_ROW if subject.address_only else How.ADDRESS_OF_NAMED
    if subject.how == "same_building" or subject.address_only:
        return How.SAME_BUILDING
    return How.IDENTIFIER if subject.how == "identifier" else How.NAME


def has_ended(subject: Subject, situation: Situation) -> bool:
    """Whether the listing's printed end date has passed."""
    end = subject.listing.end
    return end is not None and end < situation.as_of


def holds(when: When, case: Case) -> Verdict:
    """Whether all conditions of a version hold, who is bound left aside (see `bound`)."""
    situation, subject = case.situation, case.subject
    if subject is not None and not all(condition(when, subject, case) for condition in _ON_SUBJECT):
        return NO
    if not all(condition(when, situation) for condition in _ON_ORDER):
        return NO
    return all_of(_each(when, case))


def _each(when: When, case: Case) -> Iterator[Verdict]:
    if when.item is not None and case.item is not None:
        for item_condition in _ON_ITEM:
            yield item_condition(when.item, case.item, case)
    for test in when.facts:
        yield _fact(test, case)
    if when.any_facts:
        yield any_of([_fact(test, case) for test in when.any_facts])
    if when.controls is not None and case.item is not None:
        yield _controls(when.controls, case.item, case.situation)


# -- on the match ------------------------------------------------------------------------------------------------


def _program(when: When, subject: Subject, case: Case) -> bool:
    program = subject.listing.program
    if when.other_programs:
        return program not in case.ruled_programs
    return not when.programs or program in when.programs


def _ended(when: When, subject: Subject, case: Case) -> bool:
    return has_ended(subject, case.situation) is bool(when.listing.ended)


def _how(when: When, subject: Subject, _case: Case) -> bool:
    return how_found(subject) in when.how


def _tags(when: When, subject: Subject, _case: Case) -> bool:
    return not when.tags or bool(set(when.tags) & set(subject.listing.tags))


def _role(when: When, subject: Subject, _case: Case) -> bool:
    return not when.roles or subject.role in when.roles


def _order_kind(when: When, subject: Subject, _case: Case) -> bool:
    wanted = when.listing.nonstandard_order
    return wanted is None or wanted is (subject.listing.standard_order is False)


def _directives(when: When, subject: Subject, _case: Case) -> bool:
    printed = set(subject.listing.directives)
    if when.listing.no_directive is not None and when.listing.no_directive is bool(printed):
        return False
    return not when.listing.directives or bool(printed & set(when.listing.directives))


def _cites(when: When, subject: Subject, _case: Case) -> bool:
    return not when.listing.cites or any(cite in subject.listing.citation for cite in when.listing.cites)


def _name_has(when: When, subject: Subject, _case: Case) -> bool:
    name = subject.listing.name.casefold()
    return not when.listing.name_has or any(phrase.casefold() in name for phrase in when.listing.name_has)


def _footnotes(when: When, subject: Subject, _case: Case) -> bool:
    if not when.listing.footnotes:
        return True
    printed = parse_requirement(subject.listing.license_requirement).footnotes
    return any((note if note in FOOTNOTES else UNKNOWN_FOOTNOTE) in when.listing.footnotes for note in printed)


_ON_SUBJECT: tuple[Callable[[When, Subject, Case], bool], ...] = (
    _program,
    _ended,
    _how,
    _tags,
    _role,
    _order_kind,
    _directives,
    _cites,
    _name_has,
    _footnotes,
)

# -- on the order ------------------------------------------------------------------------------------------------


def _direction(when: When, situation: Situation) -> bool:
    return not when.directions or situation.order.direction in when.directions


def _destination(when: When, situation: Situation) -> bool:
    """An unknown destination is answered by one rule of its own (`destination_known`), not by every rule."""
    place = situation.destination
    if when.destination_known is not None and when.destination_known is not (place is not None):
        return False
    if when.destinations and place not in when.destinations:
        return False
    return place not in when.not_destinations


def _destination_groups(when: When, situation: Situation) -> bool:
    """Country Groups of Supplement No. 1 to 15 CFR Part 740, or countries that a text names beside them ("Macau or
    a destination specified in Country Group D:5"); an unknown destination is in none."""
    if not when.destination_groups and not when.not_destination_groups:
        return True
    groups = situation.country_groups() | {situation.destination or ""}
    if when.destination_groups and not groups.intersection(when.destination_groups):
        return False
    return not groups.intersection(when.not_destination_groups)


def _party_countries(when: When, situation: Situation) -> bool:
    """Whether anybody, in whatever role and at whatever tier of ownership, is in one of the countries."""
    if not when.party_countries:
        return True
    return not situation.countries_of_everyone().isdisjoint(when.party_countries)


def _exporter(when: When, situation: Situation) -> bool:
    country = situation.exporter.country
    if when.abroad is not None and when.abroad is not is_abroad(country, situation.destination):
        return False
    return (not when.exporters or country in when.exporters) and country not in when.not_exporters


_ON_ORDER: tuple[Callable[[When, Situation], bool], ...] = (
    _direction,
    _destination,
    _destination_groups,
    _party_countries,
    _exporter,
)

# -- on the item -------------------------------------------------------------------------------------------------


def _class(test: ItemTest, item: OrderItem, _case: Case) -> Verdict:
    if not test.classes or item.item_class in test.classes:
        return YES
    return of(None, f"{item.key}.eccn") if item.item_class is ItemClass.UNKNOWN else NO


def _usml(test: ItemTest, item: OrderItem, _case: Case) -> Verdict:
    return of(test.usml is None or test.usml is (item.stated.usml is not None))


def _eccn(test: ItemTest, item: OrderItem, _case: Case) -> Verdict:
    if any(eccn_within(name, item.eccn) for name in test.not_eccns):
        return NO
    if test.eccns_stated and not any(eccn_within(name, item.eccn) for name in test.eccns_stated):
        return _one_of(test.eccns, item) if test.eccns else NO
    return _one_of(test.eccns, item) if test.eccns and not test.eccns_stated else YES


def _one_of(eccns: tuple[str, ...], item: OrderItem) -> Verdict:
    """An item without any ECCN is left to the country chart's rule, which asks for it once."""
    if item.eccn is None:
        return NO
    return of(eccn_within_any(eccns, item.eccn), f"{item.key}.eccn")


def _reasons(test: ItemTest, item: OrderItem, case: Case) -> Verdict:
    """By the reasons for control that the item's entry prints."""
    return of(not test.reasons or bool(case.situation.reasons(item) & set(test.reasons)))


def _at_only(test: ItemTest, item: OrderItem, _case: Case) -> Verdict:
    if test.at_only is None:
        return YES
    if item.eccn is None:
        return of(None, f"{item.key}.eccn")
    return of(test.at_only is at_only_series(item.eccn))


def _jurisdiction(test: ItemTest, item: OrderItem, case: Case) -> Verdict:
    return of(not test.jurisdictions or case.situation.jurisdiction(item) in test.jurisdictions)


def _listed(test: ItemTest, item: OrderItem, case: Case) -> Verdict:
    """Whether the entry's own requirement covers the item, or for certain doesn't."""
    if test.listed is None or case.subject is None:
        return YES
    covered = covers(parse_requirement(case.subject.listing.license_requirement), item, case.situation)
    return covered if test.listed else Verdict(of(covered.truth is Truth.NO).truth, notes=covered.notes)


def _series(test: ItemTest, item: OrderItem, _case: Case) -> Verdict:
    """Like `_one_of`, an item without any ECCN is left to the rule that asks for it."""
    if not test.series:
        return YES
    return of(in_series(item.eccn, test.series))


def _category(test: ItemTest, item: OrderItem, _case: Case) -> Verdict:
    if not test.categories and not test.groups:
        return YES
    if item.eccn is None:
        return of(None, f"{item.key}.eccn")
    if item.eccn == EAR99:
        return NO
    category, group = item.eccn[0], item.eccn[1]
    return of((not test.categories or category in test.categories) and (not test.groups or group in test.groups))


def _foreign_made(test: ItemTest, item: OrderItem, _case: Case) -> Verdict:
    """Whether the order states that the item was made outside of the United States."""
    return of(test.foreign_made is None or test.foreign_made is (item.stated.origin not in (None, "US")))


_ON_ITEM: tuple[Callable[[ItemTest, OrderItem, Case], Verdict], ...] = (
    _jurisdiction,
    _class,
    _usml,
    _eccn,
    _series,
    _at_only,
    _reasons,
    _category,
    _foreign_made,
    _listed,
)


def covers(requirement: Requirement, item: OrderItem, situation: Situation) -> Verdict:
    """Whether a row's printed requirement covers an item.

    What a row leaves out counts only if the order says so: the strict reading stands until then. A requirement
    that could not be read covers everything, and its text is quoted.
    """
    if any(item.hts and item.hts.startswith(code) for code in requirement.excluded_hts):
        return Verdict(Truth.NO, notes=(f"{item.key}: tariff code {item.hts} is left out by the entry",))
    for key in requirement.excluded_facts:
        value, _key, note = situation.answer(key, item)
        if value:
            return Verdict(Truth.NO, notes=(note,) if note else ())
    verdicts = []
    if requirement.items is ItemScope.CCL_AND_SUPP_7:
        verdicts.append(_supplement("item.N.supp_7_746", item, situation, on_ccl=True))
    elif requirement.items is ItemScope.SUPP_2:
        verdicts.append(_supplement("item.N.supp_2_744", item, situation, on_ccl=None))
    if requirement.projects_only:
        verdicts.append(situation.asked("end_use.project_746_8_a_4", None, unstated="missing"))
    return all_of(verdicts)


def _supplement(key: str, item: OrderItem, situation: Situation, *, on_ccl: bool | None) -> Verdict:
    if item.item_class is ItemClass.CCL and on_ccl is not None:
        return of(on_ccl)
    asked = situation.asked(key, item, unstated="missing")
    if asked.truth is Truth.MISSING and item.item_class is ItemClass.UNKNOWN:
        return of(None, f"{item.key}.eccn")
    return asked


# -- on facts ----------------------------------------------------------------------------------------------------


def _fact(test: FactTest, case: Case) -> Verdict:
    item, situation = case.item, case.situation
    asked = situation.asked(test.key, item, unstated="missing")
    if asked.truth is Truth.MISSING:
        by_item = _by_item(test, item) if item else None
        if by_item is not None:
            asked = by_item
        elif test.unstated is not Unstated.MISSING:
            asked = situation.asked(test.key, item, unstated=test.unstated.value)
    if test.answer or asked.truth not in (Truth.YES, Truth.NO):
        return asked
    return Verdict(Truth.NO if asked.truth is Truth.YES else Truth.YES, notes=asked.notes)


def _by_item(test: FactTest, item: OrderItem) -> Verdict | None:
    """What the item's own codes answer, None where they don't."""
    key = test.key.replace("item.N", item.key)
    if item.item_class in test.class_no:
        return NO
    if test.eccn_yes and eccn_within_any(test.eccn_yes, item.eccn) is True:
        return Verdict(Truth.YES, notes=(f"{key}: yes, by an unconfirmed table, from ECCN {item.eccn}",))
    if item.hts and any(item.hts.startswith(code) for code in test.hts_yes):
        return Verdict(Truth.YES, notes=(f"{key}: yes, by its chapter, from tariff code {item.hts}",))
    for need in test.needs:
        if (need == "eccn" and item.eccn is None) or (need == "hts" and item.hts is None):
            return of(None, f"{item.key}.{need}")
    return None


def _controls(test: ControlTest, item: OrderItem, situation: Situation) -> Verdict:
    """What the Commerce Control List and the Country Chart say; a person's reading of them comes first.

    A person's answer closes what is open, and may require a license where the tables don't. It never takes away a
    requirement that the tables hold: a fact answers and contradicts nothing.
    """
    on_chart = ControlKind.CHART in test.kinds
    if item.item_class is not ItemClass.CCL:
        # An unknown class was asked for by the condition `class`, once, in the chart's own rule.
        return YES if on_chart and item.item_class is ItemClass.UNKNOWN else NO
    key = f"{item.key}.country_chart"
    stated = situation.stated(key)
    said = (f"{key}: {stated}, as the order states",)
    if on_chart and stated == "required":
        return Verdict(Truth.YES, notes=said)
    found = situation.determination(item, test)
    if found is None:
        # Without tables a person must look.
        return Verdict(Truth.NO, notes=said) if stated is not None else of(None, key)
    # An entry or a paragraph that the list doesn't hold has no rows that a person could have read.
    readable = found.evidence if on_chart else BY_PERSON in found.missing
    if found.truth is Truth.MISSING and stated is not None and readable:
        return Verdict(Truth.NO, notes=said)
    notes = (*found.notes, *situation.tables_notes())
    return Verdict(found.truth, missing=tuple(f"{item.key}.{name}" for name in found.missing), notes=notes)


# -- who is bound -----------------------------------------------------------------------------------------------


def bound(binds: Binds, case: Case, per: Per) -> Verdict:
    """Whether the regime binds this sale.

    An item made elsewhere whose US content isn't stated leaves it open: missing where a listing's footnote points
    to a direct-product rule (734.9), which may reach below the de minimis share, else a question.
    """
    situation = case.situation
    if binds is Binds.ANYONE:
        return YES
    if binds is Binds.US_PERSON:
        # Whoever is in the United States is one, whatever the order says (31 CFR 560.314 and its like).
        return of(situation.exporter.us_person or situation.exporter.country == "US")
    if binds is Binds.LISTING:
        binds = of_program(case.subject.listing.program) if case.subject is not None else Binds.ANYONE
        return bound(binds, case, per)
    if binds is Binds.US:
        return of(situation.exporter.country == "US")
    if binds in TERRITORIES:
        return of(situation.exporter.country in TERRITORIES[binds])
    items = (case.item,) if case.item is not None else situation.items
    return any_of([_subject_to_ear(item, case, per) for item in items])


def _subject_to_ear(item: OrderItem, case: Case, per: Per) -> Verdict:
    situation = case.situation
    key = f"{item.key}.subject_to_ear"
    found = situation.jurisdiction(item)
    answer = situation.subject_to_ear(item)
    footnotes = () if case.subject is None else _printed_footnotes(case.subject)
    if footnotes and found in (Jurisdiction.NOT_DE_MINIMIS, Jurisdiction.OPEN):
        # A listing with a footnote points to a direct-product rule, so that its facts are missing; else it is
        # asked.
        return _direct_product(footnotes, item, situation, de_minimis=found is Jurisdiction.NOT_DE_MINIMIS)
    if answer is None and (per in (Per.ITEM, Per.ORDER) or not footnotes):
        return Verdict(Truth.ASKED, asked=((key, situation.question(key)),))
    return of(answer, key)


def _printed_footnotes(subject: Subject) -> tuple[str, ...]:
    return parse_requirement(subject.listing.license_requirement).footnotes


DIRECT_PRODUCT_BY_FOOTNOTE = {note: f"item.N.direct_product_footnote_{note}" for note in ("1", "3", "4", "5")}
"""The fact that each footnote of the Entity List asks for (15 CFR 734.9(e), (g))."""


def _direct_product(
    footnotes: tuple[str, ...], item: OrderItem, situation: Situation, *, de_minimis: bool
) -> Verdict:
    """What the direct-product rules of a listing's footnotes make of an item made elsewhere.

    An unknown footnote leaves it to the question that covers all of them. Where every footnote's rule is
    answered no, only the share of US content is left, which stays a question unless it is below the limit.
    """
    general = f"{item.key}.subject_to_ear"
    missing: list[str] = []
    for note in footnotes:
        kind = DIRECT_PRODUCT_BY_FOOTNOTE.get(note)
        if kind is None or kind not in situation.facts:
            missing.append(general)
        elif situation.answer(kind, item)[0] is None:
            missing.append(kind.replace("item.N", item.key))
    if missing:
        return of(None, *missing)
    return NO if de_minimis else Verdict(Truth.ASKED, asked=((general, situation.question(general)),))


def any_of(verdicts: list[Verdict]) -> Verdict:
    """Yes if any is; no if all are; else the open ones together. What was assumed on the way is kept."""
    for verdict in verdicts:
        if verdict.truth is Truth.YES:
            return verdict
    remaining = [v for v in verdicts if v.truth is not Truth.NO]
    return all_of(remaining) if remaining else Verdict(Truth.NO, notes=tuple(n for v in verdicts for n in v.notes))
