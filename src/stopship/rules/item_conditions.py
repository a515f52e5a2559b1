"""Conditions of `when` on an item, on facts about it, and on what the Commerce Control List says of it."""

from __future__ import annotations

from collections.abc import Callable

from stopship.rules.case import Case
from stopship.rules.ccl import ControlKind
from stopship.rules.controls import BY_PERSON, ControlTest
from stopship.rules.items import EAR99, ItemClass, at_only_series, eccn_within, eccn_within_any, in_series
from stopship.rules.requirement import ItemScope, Requirement, parse_requirement
from stopship.rules.rule import FactTest, ItemTest, Unstated
from stopship.rules.situation import OrderItem, Situation
from stopship.rules.verdict import NO, YES, Truth, Verdict, all_of, of


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


ON_ITEM: tuple[Callable[[ItemTest, OrderItem, Case], Verdict], ...] = (
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


ITEM_READS: dict[Callable[..., object], tuple[str, ...]] = {
    _class: ("classes",),
    _jurisdiction: ("jurisdictions",),
    _series: ("series",),
    _reasons: ("reasons",),
    _category: ("categories", "groups"),
}
"""The fields that a condition reads, for those of which an unset field holds of everything."""


def fact_holds(test: FactTest, case: Case) -> Verdict:
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


def controls_say(test: ControlTest, item: OrderItem, situation: Situation) -> Verdict:
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
