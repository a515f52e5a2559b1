"""The closed vocabulary of `when`: each condition one function, each with a three-valued answer. Those on items
and facts are in `item_conditions`, who is bound in `binding`.

The cheap and the certain come first, because `verdict.all_of` stops at the first no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

from stopship.rules.case import Case, has_ended, how_found
from stopship.rules.finding import Subject
from stopship.rules.item_conditions import ITEM_READS, ON_ITEM, controls_say, fact_holds
from stopship.rules.measures import measures_of
from stopship.rules.regimes import is_abroad
from stopship.rules.requirement import FOOTNOTES, UNKNOWN_FOOTNOTE, parse_requirement
from stopship.rules.rule import ItemTest, ListingTest, When
from stopship.rules.situation import OrderItem, Situation
from stopship.rules.verdict import NO, YES, Verdict, all_of, any_of


def holds(when: When, case: Case) -> Verdict:
    """Whether all conditions of a version hold, who is bound left aside (see `bound`)."""
    plan = _plan(when)
    if case.subject is not None:
        for listing_condition in plan.on_subject:
            if not listing_condition(when, case.subject, case):
                return NO
    for order_condition in plan.on_order:
        if not order_condition(when, case.situation):
            return NO
    return all_of(_each(when, case, plan)) if plan.more else YES


def _each(when: When, case: Case, plan: _Plan) -> Iterator[Verdict]:
    if when.item is not None and case.item is not None:
        for item_condition in plan.on_item:
            yield item_condition(when.item, case.item, case)
    for test in when.facts:
        yield fact_holds(test, case)
    if when.any_facts:
        yield any_of([fact_holds(test, case) for test in when.any_facts])
    if when.controls is not None and case.item is not None:
        yield controls_say(when.controls, case.item, case.situation)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The conditions that a version states: the others hold of everything. `more` says whether there are any on
    items or facts."""

    when: When
    on_subject: tuple[Callable[[When, Subject, Case], bool], ...]
    on_order: tuple[Callable[[When, Situation], bool], ...]
    on_item: tuple[Callable[[ItemTest, OrderItem, Case], Verdict], ...]
    more: bool


_PLANS: dict[int, _Plan] = {}
_MOST_PLANS = 5_000


def _plan(when: When) -> _Plan:
    """Worked out once for each version; which is told by its identity, because a hash of it takes longer."""
    plan = _PLANS.get(id(when))
    if plan is None or plan.when is not when:
        if len(_PLANS) >= _MOST_PLANS:
            _PLANS.clear()
        plan = _PLANS[id(when)] = _Plan(
            when,
            tuple(c for c in _ON_SUBJECT if _stated(when, _READS.get(c))),
            tuple(c for c in _ON_ORDER if _stated(when, _READS.get(c))),
            tuple(c for c in ON_ITEM if when.item is not None and _stated(when.item, _READS.get(c))),
            any(getattr(when, f.name) != f.default for f in fields(When) if f.name not in _ASKED_FIRST),
        )
    return plan


def _stated(test: When | ItemTest, read: tuple[str, ...] | None) -> bool:
    """Whether any field that a condition reads is set; a condition that isn't in the table is always asked."""
    return read is None or any(getattr(test, name) not in _UNSET for name in read)


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


def _measures(when: When, subject: Subject, _case: Case) -> bool:
    return not when.listing.measures or not measures_of(subject.listing).isdisjoint(when.listing.measures)


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
    _measures,
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

_READS: dict[Callable[..., object], tuple[str, ...]] = {
    _program: ("programs", "other_programs"),
    _tags: ("tags",),
    _role: ("roles",),
    _direction: ("directions",),
    _destination_groups: ("destination_groups", "not_destination_groups"),
    _party_countries: ("party_countries",),
    _order_kind: ("listing",),
    _directives: ("listing",),
    _cites: ("listing",),
    _name_has: ("listing",),
    _footnotes: ("listing",),
    _measures: ("listing",),
    **ITEM_READS,
}
"""The fields that a condition reads, for those of which an unset field holds of everything."""
_ASKED_FIRST = frozenset(
    (
        *("programs", "other_programs", "tags", "roles", "how", "listing", "directions", "destinations"),
        *("not_destinations", "destination_known", "destination_groups", "not_destination_groups"),
        *("party_countries", "exporters", "not_exporters", "abroad", "binds", "without_items"),
    )
)
"""Fields that conditions on the match and the order read, or none at all: where others are set, more is asked."""
_UNSET: tuple[object, ...] = ((), None, False, ListingTest())
