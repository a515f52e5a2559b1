"""Loading the rulebook: every YAML file below a folder is one rule, except `facts.yml`, the vocabulary of facts,
and `not-covered.yml`, the law that isn't in it.

The loader refuses what it doesn't know. A rule that is malformed stops the load with file and key; whether
well-formed rules make sense together is for `stopship.rules.lint`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from stopship.errors import RulebookError
from stopship.rules.docket import Docket
from stopship.rules.facts import FACTS_FILE, FactBook, read_factbook
from stopship.rules.gaps import GAPS_FILE, Gap, Gaps, read_gaps
from stopship.rules.law import Law
from stopship.rules.rule import Per, Rule, Version
from stopship.rules.rule_reader import read_rule
from stopship.rules.tables import TABLES_FOLDER, Tables


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

    def overview(self) -> dict[str, list[dict[str, str | None]]]:
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
