"""Loading the rulebook: every YAML file below a folder is one rule, except `facts.yml`, the vocabulary of facts,
and `not-covered.yml`, the law that isn't in it.

The loader refuses what it doesn't know. A rule that is malformed stops the load with file and key; whether
well-formed rules make sense together is for `stopship.rules.lint`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from stopship.errors import RulebookError
from stopship.model.values import Direction, Role, parse_country, parse_day, parse_eccn
from stopship.rules.ccl import ControlKind
from stopship.rules.citation import Citation
from stopship.rules.controls import ControlTest
from stopship.rules.docket import Docket
from stopship.rules.facts import FactBook, read_factbook
from stopship.rules.gaps import GAPS_FILE, Gap, Gaps, read_gaps
from stopship.rules.items import ItemClass, Jurisdiction
from stopship.rules.law import Law
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
from stopship.rules.tables import TABLES_FOLDER, Tables

FACTS_FILE = "facts.yml"


class Rulebook:
    """All rules of one folder, in the order of their ids.

    Attributes:
        rules: the rules.
        facts: the vocabulary of facts.
        law: the dated tables that the rules read.
        version: `sha256:` and the hash of the files' names and content, tables among them.
        gaps: what it doesn't cover.
    """

    def __init__(
        self,
        rules: tuple[Rule, ...],
        facts: FactBook,
        version: str,
        law: Law | None = None,
        gaps: tuple[Gap, ...] = (),
    ) -> None:
        self.gaps = gaps
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self.facts = facts
        self.law = law or Law(Tables({}))
        self.version = version

    @classmethod
    def load(cls, directory: Path | None = None) -> Rulebook:
        """Read a folder of rules; None reads the packaged one.

        Raises:
            RulebookError: a file is malformed or has an unknown field; names file and key.
        """
        root: Traversable = directory or resources.files("stopship") / "rulebook"
        found = sorted(_files(root, ""))
        texts = {path: _text(file, path) for path, file in found if not path.startswith(TABLES_FOLDER)}
        tables = {path: _bytes(file) for path, file in found if path.startswith(TABLES_FOLDER)}
        if FACTS_FILE not in texts:
            raise RulebookError(f"there is no {FACTS_FILE}", where=str(root))
        hashed = hashlib.sha256()
        for path, text in texts.items():
            hashed.update(f"{path}\n{len(text)}\n{text}".encode())
        for path, content in tables.items():
            hashed.update(f"{path}\n{len(content)}\n".encode() + content)
        facts = read_factbook(texts.pop(FACTS_FILE), FACTS_FILE)
        gaps = read_gaps(texts.pop(GAPS_FILE, "{}"), GAPS_FILE)
        facts = FactBook({**facts.kinds, **{gap.fact: gap.fact_kind for gap in gaps if gap.bars}})
        rules = tuple(read_rule(text, path, facts) for path, text in texts.items())
        return cls(rules, facts, f"sha256:{hashed.hexdigest()}", Law(Tables(tables)), gaps)

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def ruled_programs(self) -> frozenset[str]:
        """Programs that some rule names."""
        return frozenset(p for rule in self.rules for version in rule.versions for p in version.when.programs)

    @cached_property
    def docket(self) -> Docket:
        """Finds the rules that may apply to an order."""
        return Docket(self.rules)

    @cached_property
    def gap_finder(self) -> Gaps:
        """Finds the gaps that could matter to an order."""
        return Gaps(self.gaps)

    def of(self, per: Per) -> tuple[Rule, ...]:
        """Rules that are asked of one kind of thing."""
        return self._by_per[per]

    def in_force(self, per: Per, day: date) -> tuple[tuple[Rule, Version], ...]:
        """Rules that are asked of one kind of thing, each with its version in force on a day."""
        key = (per, day)
        if key not in self._in_force:
            if len(self._in_force) > 10_000:
                self._in_force.clear()
            versions = ((rule, rule.version_on(day)) for rule in self.of(per))
            self._in_force[key] = tuple((rule, version) for rule, version in versions if version is not None)
        return self._in_force[key]

    @cached_property
    def _in_force(self) -> dict[tuple[Per, date], tuple[tuple[Rule, Version], ...]]:
        return {}

    @cached_property
    def _by_per(self) -> Mapping[Per, tuple[Rule, ...]]:
        return {per: tuple(rule for rule in self.rules if rule.per is per) for per in Per}

    def coverage(self) -> dict[str, list[dict[str, str | None]]]:
        """Rules by regime, for people: id, title, status and dates of the latest version."""
        table: dict[str, list[dict[str, str | None]]] = {}
        for rule in self.rules:
            last = rule.versions[-1]
            table.setdefault(rule.regime, []).append(
                {
                    "id": rule.id,
                    "title": rule.title,
                    "outcome": last.outcome.value,
                    "scopes": ", ".join(last.scopes),
                    "status": last.status.value,
                    "in_force_from": last.begins.isoformat() if last.begins else None,
                    "verified_on": last.verified_on.isoformat() if last.verified_on else None,
                    "examples": str(len(rule.examples)),
                }
            )
        return table


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            if not entry.name.startswith((".", "__")):
                yield from _files(entry, f"{path}/")
        elif entry.name.endswith((".yml", ".yaml")) or (path.startswith(TABLES_FOLDER) and path.endswith(".tsv")):
            yield path, entry


def _bytes(file: Traversable) -> bytes:
    return file.read_bytes().replace(b"\r\n", b"\n")


def _text(file: Traversable, path: str) -> str:
    try:
        return _bytes(file).decode("utf-8")
    except UnicodeDecodeError:
        raise RulebookError("not UTF-8 text", where=path) from None


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
    fields = Fields(read_yaml(text, path), path)
    rule = Rule(
        id=rule_id(path),
        title=fields.text("title"),
        per=fields.one("per", choice(Per)) or Per.MATCH,
        versions=tuple(_version(child, facts) for child in fields.children("versions")),
        examples=tuple(e for child in fields.children("examples") for e in _examples(child)),
        path=path,
    )
    fields.done()
    if not rule.versions:
        raise RulebookError("a rule needs at least one version", where=f"{path}, versions")
    for version in rule.versions:
        if (rule.per is Per.OWNERSHIP) != (version.ownership is not None):
            raise RulebookError("`ownership` goes with `per: ownership`, and with it only", where=path)
    return rule


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
