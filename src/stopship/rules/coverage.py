"""Coverage: what the rulebook holds, by regime and by program, how much of it was compared with primary texts, and
what it doesn't hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from stopship.model.values import Program
from stopship.rules.gaps import Gap
from stopship.rules.rule import Rule, Version, authority
from stopship.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Share:
    """Rules of one regime or program. `first` is the earliest day from which one is in force, None if one always
    was; `last` the day from which the latest change counts."""

    name: str
    rules: tuple[str, ...]
    versions: int
    verified: int
    examples: int
    scopes: tuple[str, ...]
    first: date | None
    last: date | None
    verified_on: date | None

    @property
    def verified_share(self) -> float | None:
        """Versions that were compared with a primary text, 0 to 1; None where there is none."""
        return self.verified / self.versions if self.versions else None

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "name": self.name,
            "rules": list(self.rules),
            "versions": self.versions,
            "verified": self.verified,
            "verified_share": round(self.verified_share, 3) if self.verified_share is not None else None,
            "examples": self.examples,
            "scopes": list(self.scopes),
            "first_in_force": self.first.isoformat() if self.first else None,
            "last_change": self.last.isoformat() if self.last else None,
            "last_verified": self.verified_on.isoformat() if self.verified_on else None,
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a rulebook covers. `programs` has every program of the closed vocabulary, those without a rule too."""

    version: str
    regimes: tuple[Share, ...]
    programs: tuple[Share, ...]
    whole: Share
    gaps: tuple[Gap, ...]

    @property
    def unruled(self) -> tuple[str, ...]:
        """Programs that no rule names: their listings fall to the rule for the others, a `review`."""
        return tuple(share.name for share in self.programs if not share.rules)

    def to_plain(self) -> dict[str, Any]:
        """A dict of JSON values."""
        return {
            "version": self.version,
            "whole": self.whole.to_plain(),
            "regimes": [share.to_plain() for share in self.regimes],
            "programs": [share.to_plain() for share in self.programs],
            "programs_without_rule": list(self.unruled),
            "not_covered": [_gap_to_plain(gap) for gap in self.gaps],
        }


def coverage(book: Rulebook) -> Coverage:
    """What a rulebook covers, regimes and programs in the order of their names."""
    regimes: dict[str, list[Rule]] = {}
    for rule in book.rules:
        regimes.setdefault(authority(rule.id), []).append(rule)
    naming: Mapping[str, list[Rule]] = {
        program.value: [rule for rule in book.rules if any(program in v.when.programs for v in rule.versions)]
        for program in Program
    }
    return Coverage(
        version=book.version,
        regimes=tuple(_share(name, rules) for name, rules in sorted(regimes.items())),
        programs=tuple(_share(name, rules) for name, rules in sorted(naming.items())),
        whole=_share("all", book.rules),
        gaps=book.gaps,
    )


def _share(name: str, rules: Iterable[Rule]) -> Share:
    held = tuple(rules)
    versions: list[Version] = [version for rule in held for version in rule.versions]
    begins = [v.begins for v in versions]
    dated = [day for day in begins if day is not None]
    return Share(
        name=name,
        rules=tuple(rule.id for rule in held),
        versions=len(versions),
        verified=sum(version.verified_on is not None for version in versions),
        examples=sum(len(rule.examples) for rule in held),
        scopes=tuple(sorted({scope.value for version in versions for scope in version.scopes})),
        first=min(dated, default=None) if None not in begins else None,
        last=max(dated, default=None),
        verified_on=max((v.verified_on for v in versions if v.verified_on), default=None),
    )


def _gap_to_plain(gap: Gap) -> dict[str, Any]:
    return {
        "id": gap.id,
        "regime": gap.regime,
        "topic": gap.topic,
        "says": gap.says,
        "said_by_decisions": gap.where is not None,
        "bars_clear": gap.bars,
        "fact": gap.fact if gap.bars else None,
        "citations": [{"text": c.text, "url": c.url} for c in gap.cite],
    }
