"""Whether a regime binds a sale: by who sells, or by an item that is subject to the EAR."""

from __future__ import annotations

from stopship.rules.case import Case
from stopship.rules.finding import Subject
from stopship.rules.items import Jurisdiction
from stopship.rules.regimes import TERRITORIES, of_program
from stopship.rules.requirement import parse_requirement
from stopship.rules.rule import Binds, Per
from stopship.rules.situation import OrderItem, Situation
from stopship.rules.verdict import NO, YES, Truth, Verdict, any_of, of


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
