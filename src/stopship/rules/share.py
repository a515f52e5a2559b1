"""How much of what the lists print this engine reads: the share that is published with each release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stopship.rules.requirement import parse_requirement
from stopship.rules.review_policy import by_reference, parse_policy


@dataclass(frozen=True, slots=True)
class ReadShare:
    """Counts of distinct texts and of rows.

    Attributes:
        requirements, policies: distinct texts, empty ones left out.
        requirements_read, policies_read: of these, with every word understood.
        policies_decided: of these, such that name a policy or point to a section whose policy is known; the others
            are quoted (`as_stated`).
        rows, rows_read: rows, and rows with both texts understood.
        unread: the texts that are not understood, sorted.
    """

    requirements: int
    requirements_read: int
    policies: int
    policies_read: int
    policies_decided: int
    rows: int
    rows_read: int
    unread: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"requirements read {self.requirements_read}/{self.requirements}, policies read "
            f"{self.policies_read}/{self.policies} (decided {self.policies_decided}), rows read "
            f"{self.rows_read}/{self.rows}"
        )


def read_share(rows: Iterable[tuple[str, str]]) -> ReadShare:
    """Count what is read.

    Args:
        rows: license requirement and license policy of each listing, as printed.
    """
    rows = list(rows)
    requirements = sorted({requirement for requirement, _ in rows if requirement})
    policies = sorted({policy for _, policy in rows if policy})
    unread = [text for text in requirements if not parse_requirement(text).complete]
    unread += [text for text in policies if not parse_policy(text).complete]
    return ReadShare(
        requirements=len(requirements),
        requirements_read=sum(parse_requirement(text).complete for text in requirements),
        policies=len(policies),
        policies_read=sum(parse_policy(text).complete for text in policies),
        policies_decided=sum(_decided(text) for text in policies),
        rows=len(rows),
        rows_read=sum(parse_requirement(r).complete and parse_policy(p).complete for r, p in rows),
        unread=tuple(sorted(unread)),
    )


def _decided(text: str) -> bool:
    policy = parse_policy(text)
    known = policy.default or policy.branches or by_reference(policy.references, None)
    return policy.complete and bool(known)
