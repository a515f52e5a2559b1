"""Every text of the interface exists in every language, and none is left over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from string import Formatter

import pytest

import stopship.web
from stopship.access import Role as UserRole
from stopship.app.service.casebook import FORMS
from stopship.cases import State, Verdict
from stopship.cases.policy import REASONS
from stopship.cases.queue import SORTS
from stopship.matching import Band
from stopship.model.values import Direction, NameKind, Program, Role, Schema
from stopship.rules import Rulebook
from stopship.rules.outcome import Outcome, ReviewPolicy, Scope, Status
from stopship.web.catalogue import LANGUAGES, messages, preferred
from stopship.web.pages.problems import KINDS
from stopship.web.preferences import THEMES
from stopship.web.presenters.case import FOR_VERDICT
from stopship.web.presenters.freshness import STATES
from stopship.web.presenters.timeline import ACTIONS, LINES, SHOWN, WHYS
from stopship.web.rendering import NAVIGATION

WEB = Path(stopship.web.__file__).parent
CATALOGUES = WEB / "messages"
RELATIONS = ("match", "mismatch", "unknown")
PROBLEMS = (*KINDS.values(), "input", "state", "other_site", "fault")

# Keys that a template puts together: what stands after each prefix. A new member of a vocabulary needs its text.
FAMILIES: dict[str, Iterable[str]] = {
    "nav.": [name for name, _to, _action in NAVIGATION],
    "view.language.": LANGUAGES,
    "view.theme.": THEMES,
    "outcome.": [text for o in Outcome for text in (o.value, f"{o.value}.next", f"short.{o.value}")],
    "outcome.short.": Outcome,
    "scope.": Scope,
    "match.": ("confirmed", "possible", "judged_false"),
    "effect.": ("elsewhere", "none"),
    "status.": Status,
    "policy.": ReviewPolicy,
    "band.": Band,
    "kind.": (
        "token", "legal_form", "place", "number", "name", "schema", "identifier", "birth_date",
        "registration_date", "country", "address", "link",
    ),
    "relation.": [*RELATIONS, "open", *(f"{one}.text" for one in RELATIONS)],
    "schema.": Schema,
    "role.": Role,
    "direction.": Direction,
    "user.role.": UserRole,
    "name_kind.": set(NameKind) - {NameKind.PRIMARY},
    "freshness.": STATES,
    "lists.by.": ("published", "retrieved"),
    "change.": ("added", "removed", "changed"),
    "owners.counts.": ("yes", "maybe", "no"),
    "help.key.": (
        "search", "next", "previous", "open", "true", "false", "escalate", "reason", "numbers", "next_case",
        "previous_case", "undo", "help",
    ),
    "problem.": [text for kind in PROBLEMS for text in (kind, f"{kind}.text")],
    "compare.part.": ("names", "facts"),
    "compare.": ("same", "not_compared", "theirs_silent", "ours_silent"),
    "program.": Program,
    "regime.": sorted({rule.regime for rule in Rulebook.load().rules}),
    "listing.": ("name", "start", "end", "requirement", "policy", "citation", "remarks"),
    "case.state.": State,
    "alert.": ("open", "proposed", "decided", "suppressed"),
    "verdict.": [*Verdict, "mixed"],
    "priority.": ("high", "medium", "low"),
    "disposition.": (
        "effective", "refused", "withdrawn", "proposed", "active", "ended", "expired", "void",
    ),
    "cases.sort.": SORTS,
    "reason.": REASONS,
    "event.": ACTIONS,
    "told.": LINES,
    "told.field.": SHOWN,
    "told.why.": dict.fromkeys(WHYS.values()),
    "case.reasons.": (*FOR_VERDICT, "any"),
    "take_out.": FORMS,
    "take_out.for.": FORMS,
    "entry.": (
        "schema", "names", "listings", "countries", "addresses", "identifiers", "birth_dates",
        "registration_dates", "birth_places", "remarks",
    ),
}  # fmt: skip
_TEXT = re.compile(r"""\bt\(\s*['"]([\w.]+?)['"]\s*[,)]""")
_COUNT = re.compile(r"""\btn\(\s*['"]([\w.]+?)['"]\s*,""")
_FAMILY = re.compile(r"""\b(?:t\(\s*['"]([\w.]+?\.)['"]\s*~|known\(\s*['"]([\w.]+?\.)['"]\s*,)""")


def sources() -> str:
    files = sorted(WEB.rglob("*.html"))
    return "\n".join(path.read_text("utf-8") for path in files)


def used() -> set[str]:
    text = sources()
    keys = set(_TEXT.findall(text))
    keys |= {f"{key}.{form}" for key in _COUNT.findall(text) for form in ("one", "other")}
    families = {one or other for one, other in _FAMILY.findall(text)}
    assert families <= FAMILIES.keys(), f"say what stands after {families - FAMILIES.keys()}"
    return keys | {prefix + str(value) for prefix in families for value in FAMILIES[prefix]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_is_used_has_a_text_and_no_text_is_left_over(language: str) -> None:
    texts = messages(language).texts
    assert used() - texts.keys() == set()
    assert texts.keys() - used() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_stands_in_one_file_of_the_same_name_in_every_language(language: str) -> None:
    first = {
        file.name: list(json.loads(file.read_text("utf-8"))) for file in (CATALOGUES / LANGUAGES[0]).iterdir()
    }
    keys = [key for keys in first.values() for key in keys]
    assert len(keys) == len(set(keys))
    for name, its in first.items():
        assert list(json.loads((CATALOGUES / language / name).read_text("utf-8"))) == its, name


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_text_names_the_same_values_in_every_language(language: str) -> None:
    first, other = messages(LANGUAGES[0]).texts, messages(language).texts
    for key, text in first.items():
        assert _values(text) == _values(other[key]), key


def _values(text: str) -> set[str | None]:
    return {name for _before, name, _spec, _conversion in Formatter().parse(text)} - {None}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr, en;q=0.2, de;q=0.7", "de"),
        ("de;q=0, en", "en"),
        ("zh;q=x, *", "en"),
        ("," * 5000, "en"),
    ],
)
def test_the_language_is_what_the_browser_prefers(header: str, language: str) -> None:
    assert preferred(header) == language


def test_counts_and_open_vocabularies_read_well() -> None:
    texts = messages("en")
    assert texts.count("age.days", 1) == "1 day old"
    assert texts.count("age.days", 1200) == "1,200 days old"
    assert texts.known("program.", "custom.our_own") == "custom.our own"
