"""The path from a party to its listed owners as a tree for a page: who holds what part of whom, and what it adds
up to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stopship.rules.ownership_shown import Evidence

_COUNTS = {"maybe": ", may count", "no": ", does not count"}


def owners_tree(evidence: Evidence) -> Iterator[tuple[int, str]]:
    """Depth and text of each line: the party, below it the stakes in it with their owners, below each of these the
    stakes in it. Who was shown before is not shown again."""
    plain = evidence.to_plain()
    nodes = {node["id"]: node for node in plain["nodes"]}
    stakes: dict[str, list[dict[str, Any]]] = {}
    for stake in plain["stakes"]:
        stakes.setdefault(stake["held"], []).append(stake)
    top = plain["target"]
    yield 0, f"{_who(nodes[top])}: {_total(plain)} owned by listed persons"
    yield from _below(top, stakes, nodes, 1, {top}, (top,))


def _below(
    held: str,
    stakes: dict[str, list[dict[str, Any]]],
    nodes: dict[str, dict[str, Any]],
    depth: int,
    shown: set[str],
    path: tuple[str, ...],
) -> Iterator[tuple[int, str]]:
    for stake in stakes.get(held, ()):
        owner = nodes[stake["owner"]]
        listed = ", LISTED" if owner["listed"] else ""
        line = f"{_share(stake)} {_who(owner)}{listed}{_COUNTS.get(stake['counts'], '')}{_source(stake)}"
        if owner["id"] in path:
            yield depth, f"{line}, in a circle"
        elif owner["id"] in shown and stakes.get(owner["id"]):
            yield depth, f"{line}, see above"
        else:
            shown.add(owner["id"])
            yield depth, line
            if not owner["listed"]:
                yield from _below(owner["id"], stakes, nodes, depth + 1, shown, (*path, owner["id"]))


def _who(node: dict[str, Any]) -> str:
    return f"{node['name']} ({node['country']})" if node["country"] else str(node["name"])


def _share(stake: dict[str, Any]) -> str:
    return "unknown share" if stake["share"] == "unknown" else f"{stake['share']}%"


def _total(plain: dict[str, Any]) -> str:
    low, high = plain["low"], plain["high"]
    return f"{low:g}%" if low == high else f"{low:g}% to {high:g}%"


def _source(stake: dict[str, Any]) -> str:
    """Who states it and since when; nothing for what the order itself states."""
    told = []
    for statement in stake["statements"]:
        if statement["basis"] == "order":
            if len(stake["statements"]) > 1:
                told.append(f"order {statement['share']}%")
            continue
        dates = f" since {statement['since']}" if statement["since"] else ""
        dates += f" until {statement['until']}" if statement["until"] else ""
        told.append(f"{statement['basis']} {statement['statement']}".strip() + dates)
    unsure = "" if stake["sure"] else "; only if it is this party"
    return f" [{'; '.join(told)}{unsure}]" if told else ""
