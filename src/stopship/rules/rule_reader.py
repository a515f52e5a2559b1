"""Reading one rule: a YAML text becomes a `Rule`, and what the reader doesn't know, it refuses.

The examples of a rule are read when somebody asks for them: they are most of the text, and no decision needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, overload

from stopship.errors import RulebookError
from stopship.model.values import Direction, Role, parse_country, parse_day, parse_eccn
from stopship.rules.ccl import ControlKind
from stopship.rules.citation import Citation
from stopship.rules.controls import ControlTest
from stopship.rules.facts import FACTS_FILE, FactBook
from stopship.rules.items import ItemClass, Jurisdiction
from stopship.rules.measures import Measure
from stopship.rules.outcome import Outcome, ReviewPolicy, Scope, Status
from stopship.rules.plain import Fields, choice, read_yaml
from stopship.rules.requirement import FOOTNOTES, UNKNOWN_FOOTNOTE
from stopship.rules.rule import (
    AS_LISTED,
    TEXT_FIELDS,
    Binds,
    Example,
    FactTest,
    How,
    ItemTest,
    ListingTest,
    OwnershipRule,
    Per,
    Rule,
    Series,
    Unstated,
    Version,
    When,
    template_fields,
)

_TOP_KEY = re.compile(r"^[a-z_]+:", re.MULTILINE)
_EXAMPLES = "examples:"


def rule_id(path: str) -> str:
    """`us/ear/744/entity-list.yml` -> `us.ear.744.entity-list`."""
    return path.rsplit(".", 1)[0].replace("/", ".")


def read_rule(text: str, path: str, facts: FactBook) -> Rule:
    """Read one rule file.

    Args:
        text: its content.
        path: below the rulebook's folder, with slashes; gives the id and is named in errors.
        facts: the vocabulary; a rule that asks for a fact which it doesn't hold is refused.

    Raises:
        RulebookError: an unknown or missing field, a bad value; names file and key.
    """
    whole, examples = _apart(text, path)
    fields = Fields(read_yaml(whole, path), path)
    rule = Rule(
        id=rule_id(path),
        title=fields.text("title"),
        per=fields.one("per", choice(Per)) or Per.MATCH,
        versions=tuple(_version(child, facts) for child in fields.children("versions")),
        examples=ExamplesOf(text, path) if examples else (),
        path=path,
    )
    fields.done()
    if not rule.versions:
        raise RulebookError("a rule needs at least one version", where=f"{path}, versions")
    for version in rule.versions:
        if (rule.per is Per.OWNERSHIP) != (version.ownership is not None):
            raise RulebookError("`ownership` goes with `per: ownership`, and with it only", where=path)
    return rule


def _apart(text: str, path: str) -> tuple[str, bool]:
    """What stands in front of the examples, where they are the last thing in a rule, and whether there are any."""
    keys = list(_TOP_KEY.finditer(text))
    if any(key.group() == _EXAMPLES for key in keys[:-1]):
        raise RulebookError(
            "stand in front of other fields", where=f"{path}, examples", hint="Put the examples last"
        )
    if keys and keys[-1].group() == _EXAMPLES:
        return text[: keys[-1].start()], True
    return text, False


class ExamplesOf(Sequence[Example]):
    """The examples of a rule's text, read when the first of them is asked for.

    Raises:
        RulebookError: on first use, as `read_rule`.
    """

    def __init__(self, text: str, path: str) -> None:
        self._text, self._path = text, path
        self._read: tuple[Example, ...] | None = None

    def _all(self) -> tuple[Example, ...]:
        if self._read is None:
            fields = Fields(read_yaml(self._text, self._path), self._path)
            self._read = tuple(e for child in fields.children("examples") for e in _examples(child))
        return self._read

    @overload
    def __getitem__(self, number: int) -> Example: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Example]: ...

    def __getitem__(self, number: int | slice) -> Example | Sequence[Example]:
        return self._all()[number]

    def __len__(self) -> int:
        return len(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExamplesOf) and (self._path, self._text) == (other._path, other._text)

    def __hash__(self) -> int:
        return hash((self._path, self._text))


def _version(fields: Fields, facts: FactBook) -> Version:
    begins, ends = _interval(fields)
    verified_on = fields.day("verified_on")
    status = fields.one("status", choice(Status))
    policy = fields.one("review_policy", str)
    outcome = fields.one("outcome", choice(Outcome))
    scopes = fields.typed("scope", choice(Scope))
    if outcome is None or not scopes:
        raise fields.error("outcome" if outcome is None else "scope", "a version needs an outcome and a scope")
    when = fields.child("when")
    version = Version(
        begins=begins,
        ends=ends,
        published=fields.day("published"),
        verified_on=verified_on,
        status=status or (Status.IN_FORCE if verified_on else Status.UNCONFIRMED),
        cite=tuple(_citation(child) for child in fields.children("cite")),
        when=_when(when, facts) if when else When(),
        outcome=outcome,
        scopes=scopes,
        review_policy=_policy(fields, policy),
        as_listed=policy == AS_LISTED,
        text=_template(fields),
        overrides=fields.texts("overrides"),
        ownership=fields.one("ownership", choice(OwnershipRule)),
        policy_from=_policy_from(fields, facts),
        missing_facts=tuple(_fact_key(fields, key, facts) for key in fields.texts("missing_facts")),
        inherits=fields.texts("inherits"),
        catalogue=fields.texts("catalogue"),
    )
    fields.done()
    return version


def _template(fields: Fields) -> str:
    text = fields.text("text")
    try:
        unknown = template_fields(text) - TEXT_FIELDS
    except ValueError as error:
        raise fields.error("text", f"can't be filled in: {error}") from None
    if unknown:
        known = ", ".join(sorted(TEXT_FIELDS))
        raise fields.error("text", f"names {{{sorted(unknown)[0]}}}, which doesn't exist", f"Known: {known}")
    return text


def _interval(fields: Fields) -> tuple[date | None, date | None]:
    value = fields.raw("in_force")
    if not isinstance(value, list) or len(value) != 2:
        raise fields.error("in_force", "expected [from, to], with null for an open end")
    try:
        begins, ends = (None if end is None else parse_day(str(end)) for end in value)
    except ValueError as error:
        raise fields.error("in_force", str(error)) from None
    if begins and ends and begins >= ends:
        raise fields.error("in_force", "ends before it begins")
    return begins, ends


def _policy(fields: Fields, text: str | None) -> ReviewPolicy | None:
    if text is None or text == AS_LISTED:
        return None
    if text not in list(ReviewPolicy):
        raise fields.error("review_policy", f"{text!r} is none of {', '.join(ReviewPolicy)}, {AS_LISTED}")
    return ReviewPolicy(text)


def _policy_from(fields: Fields, facts: FactBook) -> tuple[tuple[str, date], ...]:
    found = []
    for child in fields.children("policy_from"):
        day = child.day("from")
        if day is None:
            raise child.error("from", "a clause needs the day from which it counts")
        found.append((_fact_key(child, child.text("fact"), facts), day))
        child.done()
    return tuple(found)


def _citation(fields: Fields) -> Citation:
    citation = Citation(fields.text("text"), fields.text("url", default=""))
    fields.done()
    return citation


def _when(fields: Fields, facts: FactBook) -> When:
    item, listing, controls = fields.child("item"), fields.child("listing"), fields.child("controls")
    when = When(
        programs=fields.texts("programs"),
        other_programs=fields.flag("other_programs") or False,
        tags=fields.texts("tags"),
        roles=fields.typed("roles", choice(Role)),
        how=fields.typed("how", choice(How)) or (How.NAME, How.IDENTIFIER),
        directions=fields.typed("directions", choice(Direction)),
        destinations=fields.typed("destinations", parse_country),
        not_destinations=fields.typed("not_destinations", parse_country),
        destination_groups=fields.texts("destination_groups"),
        not_destination_groups=fields.texts("not_destination_groups"),
        destination_known=fields.flag("destination_known"),
        party_countries=fields.typed("party_countries", parse_country),
        exporters=fields.typed("exporters", parse_country),
        not_exporters=fields.typed("not_exporters", parse_country),
        abroad=fields.flag("abroad"),
        binds=fields.one("binds", choice(Binds)) or Binds.ANYONE,
        listing=_listing_test(listing) if listing else ListingTest(),
        item=_item_test(item) if item else None,
        facts=tuple(_fact_test(child, facts) for child in fields.children("facts")),
        any_facts=tuple(_fact_test(child, facts) for child in fields.children("any_facts")),
        controls=_control_test(controls) if controls else None,
        without_items=fields.flag("without_items") or False,
    )
    fields.done()
    return when


def _listing_test(fields: Fields) -> ListingTest:
    test = ListingTest(
        ended=fields.flag("ended"),
        nonstandard_order=fields.flag("nonstandard_order"),
        directives=fields.texts("directives"),
        no_directive=fields.flag("no_directive"),
        cites=fields.texts("cites"),
        name_has=fields.texts("name_has"),
        footnotes=fields.typed("footnotes", _footnote),
        measures=fields.typed("measures", choice(Measure)),
    )
    fields.done()
    return test


def _item_test(fields: Fields) -> ItemTest:
    test = ItemTest(
        classes=fields.typed("class", choice(ItemClass)),
        eccns=fields.typed("eccn", parse_eccn),
        eccns_stated=fields.typed("eccn_stated", parse_eccn),
        not_eccns=fields.typed("not_eccn", parse_eccn),
        at_only=fields.flag("at_only"),
        reasons=fields.texts("reason"),
        jurisdictions=fields.typed("jurisdiction", choice(Jurisdiction)),
        usml=fields.flag("usml"),
        listed=fields.flag("listed_requirement"),
        series=fields.typed("series", choice(Series)),
        categories=fields.typed("categories", _one_of("0123456789")),
        groups=fields.typed("groups", _one_of("ABCDE")),
        foreign_made=fields.flag("foreign_made"),
    )
    fields.done()
    return test


def _control_test(fields: Fields) -> ControlTest:
    kinds = fields.typed("kind", choice(ControlKind))
    if not kinds:
        raise fields.error("kind", "says which license requirements are asked about", ", ".join(ControlKind))
    test = ControlTest(kinds, fields.texts("cites"), fields.texts("not_cites"))
    fields.done()
    return test


def _footnote(text: str) -> str:
    if text not in (*FOOTNOTES, UNKNOWN_FOOTNOTE):
        raise ValueError(f"{text!r} is none of {', '.join((*FOOTNOTES, UNKNOWN_FOOTNOTE))}")
    return text


def _one_of(letters: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) != 1 or text not in letters:
            raise ValueError(f"{text!r} is none of {', '.join(letters)}")
        return text

    return parse


def _fact_test(fields: Fields, facts: FactBook) -> FactTest:
    answer = fields.flag("is")
    test = FactTest(
        key=_fact_key(fields, fields.text("key"), facts),
        answer=True if answer is None else answer,
        unstated=fields.one("unstated", choice(Unstated)) or Unstated.MISSING,
        class_no=fields.typed("no_for_class", choice(ItemClass)),
        eccn_yes=fields.typed("yes_for_eccn", parse_eccn),
        hts_yes=fields.texts("yes_for_hts"),
        needs=fields.texts("needs"),
    )
    fields.done()
    return test


def _fact_key(fields: Fields, key: str, facts: FactBook) -> str:
    if key not in facts:
        raise fields.error("key", f"{key!r} is not in {FACTS_FILE}", "Add it there with the question to a person")
    return key


def _examples(fields: Fields) -> Iterator[Example]:
    """One example, or with `each` one for every row: `$name` stands for the row's value of that name."""
    rows = fields.children("each")
    if not rows:
        yield _example(fields)
        return
    plain = fields.rest()
    for row in rows:
        values = row.rest()
        name = ", ".join(str(value) for value in values.values())
        yield _example(Fields({**filled(plain, values), "name": f"{plain.get('name')}: {name}"}, row.where))


def filled(plain: Any, values: Mapping[str, Any]) -> Any:
    """A copy in which every text `$name` is the value of that name."""
    if isinstance(plain, Mapping):
        return {key: filled(value, values) for key, value in plain.items()}
    if isinstance(plain, list):
        return [filled(value, values) for value in plain]
    if isinstance(plain, str) and plain.startswith("$") and plain[1:] in values:
        return values[plain[1:]]
    return plain


def _example(fields: Fields) -> Example:
    as_of = fields.day("as_of")
    if as_of is None:
        raise fields.error("as_of", "an example needs its day")
    pinned = fields.raw("pinned") or {}
    example = Example(
        name=fields.text("name"),
        as_of=as_of,
        order=fields.raw("order") or {},
        listed=fields.raw("listed") or {},
        expect=fields.raw("expect") or {},
        pinned=tuple(sorted(pinned.items())),
        ownership=tuple(fields.raw("ownership") or ()),
    )
    fields.done()
    return example
