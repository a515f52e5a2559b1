"""A rule as JSON values, for people and programs that read the rulebook."""

from __future__ import annotations

from typing import Any

from stopship.rules.rule import Rule


def rule_to_plain(rule: Rule) -> dict[str, Any]:
    """A rule with its versions, citations and the names of its examples; dates are ISO text."""
    return {
        "id": rule.id,
        "title": rule.title,
        "versions": [
            {
                "in_force": [str(v.begins) if v.begins else None, str(v.ends) if v.ends else None],
                "published": str(v.published) if v.published else None,
                "verified_on": str(v.verified_on) if v.verified_on else None,
                "status": v.status.value,
                "outcome": v.outcome.value,
                "scopes": [scope.value for scope in v.scopes],
                "text": v.text,
                "catalogue": list(v.catalogue),
                "cite": [{"text": c.text, "url": c.url} for c in v.cite],
            }
            for v in rule.versions
        ],
        "examples": [{"name": e.name, "as_of": str(e.as_of), "fires": e.fires} for e in rule.examples],
    }
