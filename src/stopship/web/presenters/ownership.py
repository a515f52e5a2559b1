"""Who owns a party: the path to its listed owners as a picture, and the same as rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BOX_WIDTH, BOX_HEIGHT, GAP, LEVEL = 190, 64, 26, 126
MARGIN = 12
MOST_BOXES = 40


@dataclass(frozen=True, slots=True)
class Box:
    """One owner, or the party itself. `x`, `y` are its upper left corner."""

    name: str
    lines: tuple[str, ...]
    country: str
    listed: bool
    target: bool
    counts: str
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.x + BOX_WIDTH / 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """A stake, from the owner down to what is held; `label` is its share ("60", "40-60", "unknown")."""

    share: str
    counts: str
    sure: bool
    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def label_x(self) -> float:
        return self.x1 + (self.x2 - self.x1) * 0.42

    @property
    def label_width(self) -> int:
        """Room for the share and its sign."""
        return 26 + 8 * min(len(self.share), 7) if self.share != "unknown" else 20

    @property
    def label_y(self) -> float:
        return self.y1 + (self.y2 - self.y1) * 0.42


@dataclass(frozen=True, slots=True)
class StakeRow:
    """A stake as a line of the table. `sources` say who states it and since when."""

    owner: str
    owner_listed: bool
    held: str
    share: str
    counts: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing, empty (`boxes`) where there are too many owners to draw, and the table behind it."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float
    rows: tuple[StakeRow, ...]
    target: str
    low: float
    high: float
    threshold: float
    arithmetic: str
    remarks: tuple[str, ...]


def picture(evidence: Mapping[str, Any]) -> Picture:
    """The picture of the evidence that a finding on ownership carries (`ownership` in a decision's JSON)."""
    nodes = {node["id"]: node for node in evidence["nodes"]}
    stakes: Sequence[Mapping[str, Any]] = evidence["stakes"]
    target = evidence["target"]
    boxes: dict[str, Box] = {}
    if len(nodes) <= MOST_BOXES:
        boxes = _boxes(nodes, stakes, target)
    arrows = tuple(_arrow(stake, boxes) for stake in stakes if stake["owner"] in boxes and stake["held"] in boxes)
    return Picture(
        tuple(boxes.values()),
        arrows,
        max((box.x + BOX_WIDTH for box in boxes.values()), default=0) + MARGIN,
        max((box.y + BOX_HEIGHT for box in boxes.values()), default=0) + MARGIN,
        tuple(_row(stake, nodes) for stake in stakes),
        nodes[target]["name"] if target in nodes else target,
        evidence["low"],
        evidence["high"],
        evidence["threshold"],
        evidence["arithmetic"],
        tuple(evidence["remarks"]),
    )


def _levels(nodes: Mapping[str, Any], stakes: Sequence[Mapping[str, Any]], target: str) -> dict[str, int]:
    """How many stakes lie between each owner and the party, the shortest way; circles end by themselves."""
    levels = {target: 0}
    frontier = [target]
    while frontier:
        above = [s["owner"] for s in stakes if s["held"] in frontier and s["owner"] not in levels]
        frontier = list(dict.fromkeys(owner for owner in above if owner in nodes))
        level = max(levels.values()) + 1
        levels.update(dict.fromkeys(frontier, level))
    return levels


def _boxes(nodes: Mapping[str, Any], stakes: Sequence[Mapping[str, Any]], target: str) -> dict[str, Box]:
    """The party below, its owners above it, each tier a line, centred."""
    levels = _levels(nodes, stakes, target)
    top = max(levels.values(), default=0)
    tiers = [[n for n, level in levels.items() if level == tier] for tier in range(top + 1)]
    widest = max(len(tier) for tier in tiers)
    width = widest * BOX_WIDTH + (widest - 1) * GAP
    found: dict[str, Box] = {}
    for tier, members in enumerate(tiers):
        indent = MARGIN + (width - len(members) * BOX_WIDTH - (len(members) - 1) * GAP) / 2
        for number, node_id in enumerate(members):
            node = nodes[node_id]
            found[node_id] = Box(
                node["name"],
                _lines(node["name"]),
                node["country"] or "",
                bool(node["listed"]),
                node_id == target,
                node["counts"],
                indent + number * (BOX_WIDTH + GAP),
                MARGIN + (top - tier) * LEVEL,
            )
    return found


def _arrow(stake: Mapping[str, Any], boxes: Mapping[str, Box]) -> Arrow:
    owner, held = boxes[stake["owner"]], boxes[stake["held"]]
    below = owner.y < held.y
    y1 = owner.y + (BOX_HEIGHT if below else BOX_HEIGHT / 2)
    y2 = held.y if below else held.y + BOX_HEIGHT / 2
    return Arrow(stake["share"], stake["counts"], bool(stake["sure"]), owner.middle, y1, held.middle, y2)


def _row(stake: Mapping[str, Any], nodes: Mapping[str, Any]) -> StakeRow:
    owner, held = nodes[stake["owner"]], nodes[stake["held"]]
    sources = []
    for statement in stake["statements"]:
        since = f" {statement['since']} –" if statement["since"] else ""
        until = f" {statement['until']}" if statement["until"] else ""
        sources.append(f"{statement['basis']} {statement['statement']}".strip() + since + until)
    return StakeRow(
        owner["name"], bool(owner["listed"]), held["name"], stake["share"], stake["counts"], tuple(sources)
    )


def _lines(name: str, most: int = 24) -> tuple[str, ...]:
    """A name on at most two lines of a box; wide characters count twice."""
    lines: list[str] = [""]
    room = most
    for word in name.split(" "):
        width = _width(word)
        if lines[-1] and width + 1 > room:
            lines.append("")
            room = most
        for part in _cut(word, most):
            if lines[-1] and _width(part) + (lines[-1] != "") > room:
                lines.append("")
                room = most
            lines[-1] = f"{lines[-1]} {part}".strip()
            room = most - _width(lines[-1])
    return tuple(lines) if len(lines) <= 2 else (lines[0], f"{lines[1][: most - 1]}…")


def _cut(word: str, most: int) -> list[str]:
    """A word in pieces that fit."""
    parts, taken = [], ""
    for character in word:
        if _width(taken + character) > most:
            parts.append(taken)
            taken = ""
        taken += character
    return [*parts, taken]


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
