"""Reading the license requirement that an Entity List or MEU row prints.

The column has 88 different texts in the list of July 2026, with footnotes flattened into the line and with typing
errors. Each piece that is understood is consumed; what is left over is kept in `unread` and quoted, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

D = TypeVar("D")


class ItemScope(StrEnum):
    """Which items a row's requirement covers."""

    ALL = "all items subject to the EAR"
    CCL_AND_SUPP_7 = "items on the CCL and EAR99 items listed in Supplement No. 7 to Part 746"
    SUPP_2 = "items listed in Supplement No. 2 to Part 744"
    UNREAD = "as printed"


FOOTNOTES = {
    "1": "15 CFR 734.9(e)(1)",
    "3": "15 CFR 734.9(g)",
    "4": "15 CFR 734.9(e)(2)",
    "5": "15 CFR 734.9(e)(3)",
}
"""Footnotes of the Entity List and the direct-product rule that each stands for."""

UNKNOWN_FOOTNOTE = "unknown"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement text, read.

    Attributes:
        items: which items it covers.
        projects_only: only when used in projects of 746.8(a)(4).
        footnotes: "1", "3", "4", "5", or another mark as printed; "?" where 734.9(e) stands without its digit.
        exception: the sentence that lets a license exception overcome the requirement, as printed.
        worldwide: whether it says that it reaches the entity wherever located.
        excluded_hts: tariff codes of items that it leaves out.
        excluded_facts: keys of facts which, if yes for an item, leave it out.
        exclusion: the words that leave items out, as printed.
        policy: a piece of the review policy that was printed in this cell.
        references: sections it points to.
        unread: what was not understood; empty if all was.
    """

    items: ItemScope
    projects_only: bool = False
    footnotes: tuple[str, ...] = ()
    exception: str = ""
    worldwide: bool = False
    excluded_hts: tuple[str, ...] = ()
    excluded_facts: tuple[str, ...] = ()
    exclusion: str = ""
    policy: str = ""
    references: tuple[str, ...] = ()
    unread: str = ""

    @property
    def complete(self) -> bool:
        """Whether every word was understood."""
        return not self.unread and self.items is not ItemScope.UNREAD


@dataclass
class _Draft:
    items: ItemScope = ItemScope.UNREAD
    projects_only: bool = False
    marks: list[str] = field(default_factory=list)
    exception: str = ""
    worldwide: bool = False
    hts: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    exclusion: str = ""
    policy: str = ""
    references: list[str] = field(default_factory=list)


_SECTION = r"7[34]\d\.\d+(?:\s?\([a-z0-9]+\))*"


def read_pieces(
    rest: str, pieces: Iterable[tuple[re.Pattern[str], Callable[[D, re.Match[str]], None]]], draft: D
) -> str:
    """Read a printed text piece by piece into a draft; what no pattern matches is returned, word by word."""
    unread = []
    while rest:
        for pattern, take in pieces:
            if match := pattern.match(rest):
                take(draft, match)
                rest = rest[match.end() :]
                break
        else:
            word, _, rest = rest.partition(" ")
            unread.append(word)
    return " ".join(unread)


@lru_cache(maxsize=4096)
def parse_requirement(text: str) -> Requirement:
    """Read one requirement as printed. Never raises: what isn't understood is `unread`."""
    draft = _Draft()
    unread = read_pieces(normalize(text), _PIECES, draft)
    return Requirement(
        items=draft.items,
        projects_only=draft.projects_only,
        footnotes=_footnotes(draft),
        exception=draft.exception,
        worldwide=draft.worldwide,
        excluded_hts=tuple(dict.fromkeys(draft.hts)),
        excluded_facts=tuple(draft.facts),
        exclusion=draft.exclusion,
        policy=draft.policy,
        references=tuple(dict.fromkeys(draft.references)),
        unread=unread,
    )


def normalize(text: str) -> str:
    """One line, lower case, straight quotes, and the list's known slip 744.2l(b) for 744.21(b) mended."""
    flat = " ".join(text.replace("’", "'").replace("“", '"').replace("”", '"').split()).lower()
    return re.sub(r"\b744\.2l\b", "744.21", flat)


def sections(text: str) -> list[str]:
    """The sections of the EAR that a text names, in order: "744.21(b)". `744.21e` is read as 744.21(e)."""
    found = re.findall(r"7[34]\d\.\d+(?:[a-z]\b|(?:\s?\([a-z0-9]+\))*)", text)
    return [re.sub(r"([0-9])([a-z])$", r"\1(\2)", s.replace(" ", "")) for s in found]


# -- pieces: each consumes the start of what is left -----------------------------------------------------------


def _scope(scope: ItemScope) -> Callable[[_Draft, re.Match[str]], None]:
    def take(draft: _Draft, match: re.Match[str]) -> None:
        draft.items = scope
        draft.projects_only |= bool(match.groupdict().get("project"))

    return take


def _references(draft: _Draft, match: re.Match[str]) -> None:
    """ "(see §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the ear)4": sections, and digits that are footnotes."""
    text = match[0]
    draft.references += sections(text)
    draft.marks += re.findall(r"\d", re.sub(_SECTION, " ", text))


def _exception(draft: _Draft, match: re.Match[str]) -> None:
    draft.exception = match[0].strip()


def _worldwide(draft: _Draft, _match: re.Match[str]) -> None:
    draft.worldwide = True


def _ofac(draft: _Draft, match: re.Match[str]) -> None:
    draft.facts.append("item.N.ofac_authorized")
    draft.exclusion = match[0].strip(" ,.")


def _uav(draft: _Draft, match: re.Match[str]) -> None:
    draft.facts.append("item.N.uav_operator_technology")
    draft.exclusion = match[0].strip(" ,.")


def _tariff(draft: _Draft, match: re.Match[str]) -> None:
    draft.hts += re.findall(r"\b\d{4,12}\b", match["codes"])
    draft.exclusion = match[0].strip(" ,.")
    if "joint ventures" in match[0]:
        draft.facts.append("item.N.country_group_a1_joint_venture")


def _policy(draft: _Draft, _match: re.Match[str]) -> None:
    draft.policy = "case-by-case for items listed on the ccl"


def _nothing(_draft: _Draft, _match: re.Match[str]) -> None:
    return None


_PIECES: list[tuple[re.Pattern[str], Callable[[_Draft, re.Match[str]], None]]] = [
    (re.compile(pattern), take)
    for pattern, take in [
        (r"[\s.,;]+", _nothing),
        (
            r"for items on the ccl and (?:ear99 items )?listed in supplement no\. 7 to part 746 of the ear",
            _scope(ItemScope.CCL_AND_SUPP_7),
        ),
        (
            r"for any item subject to the ear listed in supplement no\. 2 to part 744",
            _scope(ItemScope.SUPP_2),
        ),
        (
            r"(?:for )?all items subject to the ear"
            r"(?P<project> when used in projects specified in § ?746\.8\(a\)\(4\) of the ear)?",
            _scope(ItemScope.ALL),
        ),
        (
            rf"\(?see(?:[\s,.)]|§|part\b|and\b|of the ear|of this part|{_SECTION}|\d\b)+",
            _references,
        ),
        (
            r"this license requirement may be overcome by license exception gov under § ?740\.11\(b\)"
            r"(?:\(2\) and (?:\(e\)|e))?(?: when used by the u\.s\.? geological survey)?",
            _exception,
        ),
        (
            r"the license requirements under this entry also extend to any export, reexport and transfer "
            r"\(in-country\) to the entity wherever located worldwide",
            _worldwide,
        ),
        (
            r"apart from items that are related to transactions that are authorized by the department of the "
            r"treasury's office of foreign assets control pursuant to general license no\. \w+ of \w+ \d+, \d{4}"
            r'(?:\. russia does not include the "crimea region of ukraine," as that term is defined in section '
            r"8\(d\) of e\.o\. 13685)?",
            _ofac,
        ),
        (
            r"except for ear99-designated technology for the operation, maintenance, or repair of unmanned "
            r"aerial vehicles \(uav\) released to this entity by the operator of the uav",
            _uav,
        ),
        (
            r"except for: [a-z ,]+ under the following harmonized system \(hs\) codes: (?P<codes>[\d, ]+)"
            r"(?:; or items required for the continued operation of joint ventures with persons from countries in "
            r"country group a:1 .*)?$",
            _tariff,
        ),
        (r"with case-by-case basis for items listed on the ccl", _policy),
    ]
]


def _footnotes(draft: _Draft) -> tuple[str, ...]:
    """Footnotes by the section they stand for; a digit decides only where the section doesn't.

    734.9(g) is 3, (e)(1) is 1 (its rows print a 2 as well), (e)(2) is 4, (e)(3) is 5; a bare 734.9(e) needs its
    digit. A digit that goes with no such section is unknown and is kept as printed.
    """
    found: dict[str, None] = {}
    left = dict.fromkeys(draft.marks)
    for section, note, also in _BY_SECTION:
        if section in draft.references:
            found[note] = None
            for mark in (note, *also):
                left.pop(mark, None)
    if "734.9(e)" in draft.references:
        known = [mark for mark in left if mark in ("1", "4", "5")]
        found |= dict.fromkeys(known or ["?"])
        for mark in known:
            left.pop(mark)
        if "1" in known:
            left.pop("2", None)
    return tuple((found | left).keys())


_BY_SECTION = (
    ("734.9(g)", "3", ()),
    ("734.9(e)(1)", "1", ("2",)),
    ("734.9(e)(2)", "4", ()),
    ("734.9(e)(3)", "5", ()),
)
