"""Every text of the interface exists in every language, and none is left over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import meta, nodes

import stopship.web
from stopship.access import Action
from stopship.access import Role as UserRole
from stopship.access.vocabulary import Scope as KeyScope
from stopship.app.administration.fields import FIELDS
from stopship.app.batches.board import ON_FILES
from stopship.app.jobs.kinds import FORMS as FORMS_OF_RESULTS
from stopship.app.jobs.settings import SCHEDULED
from stopship.app.reading.csv_table import DELIMITERS
from stopship.app.service.casebook import FORMS
from stopship.bulk.columns import READ
from stopship.cases import State, Verdict, Wanted
from stopship.cases.policy import REASONS
from stopship.cases.queue import SORTS
from stopship.cases.silencing import GROUPS
from stopship.cases.suppressing import SCOPES
from stopship.jobs import KINDS as KINDS_OF_JOBS
from stopship.matching import Band
from stopship.model.values import Direction, NameKind, Program, Role, Schema
from stopship.rules import Rulebook
from stopship.rules.outcome import Outcome, ReviewPolicy, Scope, Status
from stopship.store.jobs import STATES as STATES_OF_JOBS
from stopship.store.kept import KINDS as KINDS_KEPT
from stopship.web.catalogue import LANGUAGES, messages, preferred
from stopship.web.pages.admin import PLACES
from stopship.web.pages.bulk import TOLD as TOLD_OF_MANY
from stopship.web.pages.case import TOLD
from stopship.web.pages.keys import STEPS as KEY_STEPS
from stopship.web.pages.problems import KINDS
from stopship.web.pages.queue_view import BOUNDS
from stopship.web.pages.users import STEPS as USER_STEPS
from stopship.web.preferences import THEMES
from stopship.web.presenters.case import FOR_VERDICT
from stopship.web.presenters.freshness import STATES
from stopship.web.presenters.overview import AGE_KEYS, DUE_KEYS, ENDING, STANDS
from stopship.web.presenters.queue import IDENTITY
from stopship.web.presenters.record import KINDS_OF_ACTION, RECORDED
from stopship.web.presenters.timeline import ACTIONS, LINES, SHOWN, WHYS
from stopship.web.queue_look import COLUMNS
from stopship.web.rendering import NAVIGATION, environment

WEB = Path(stopship.web.__file__).parent
CATALOGUES = WEB / "messages"
RELATIONS = ("match", "mismatch", "unknown")
PROBLEMS = (*KINDS.values(), "input", "state", "other_site", "fault")

# Settings that are read at the start, as the page of settings names them.
FIXED = [
    *(
        f"access.{one}"
        for one in (
            "idle_minutes", "session_hours", "password_length", "refused_passwords", "free_attempts",
            "longest_wait_minutes", "requests_a_minute", "oidc",
        )
    ),
    "lists.sources", "lists.addresses", "lists.offline", "jobs.keep_days", "jobs.processes", "backup.folder",
    "backup.keep", "mail.host", "digest.to", "audit_anchor.file", "schedule.zone",
    *(f"schedule.{one}" for one in SCHEDULED),
]  # fmt: skip

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
        "search", "next", "previous", "tick", "open", "true", "false", "escalate", "reason", "numbers",
        "next_case", "previous_case", "undo", "help",
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
    "queue.facet.": ("state", "band", "priority", "program", "origin", "disposition", "who"),
    "queue.column.": COLUMNS,
    "queue.origin.": ("decision", "names", "file", "monitoring"),
    "queue.page.": ("cases", "bulk", "suppressions"),
    "queue.why.": ("name", *IDENTITY),
    "bulk.did.": TOLD_OF_MANY,
    "bulk.by.": [field.name for field in fields(Wanted)],
    "silent.group.": GROUPS,
    "silent.none.": (*GROUPS, "filter"),
    "silent.scope.": SCOPES,
    "silent.state.": ("proposed", "active", "refused", "withdrawn", "ended", "expired", "void"),
    "event.": ACTIONS,
    "told.": LINES,
    "told.field.": SHOWN,
    "told.why.": dict.fromkeys(WHYS.values()),
    "case.did.": TOLD,
    "case.reasons.": (*FOR_VERDICT, "any"),
    "take_out.": FORMS,
    "take_out.for.": FORMS,
    "batch.kind.": [text for kind in ("screen", "check") for text in (kind, f"{kind}.text")],
    "batch.delimiter.": DELIMITERS.values(),
    "batch.meaning.": (*READ, "none"),
    "batch.output.": FORMS_OF_RESULTS,
    "batch.try.": (*ON_FILES, "again"),
    "batch.all.": ON_FILES,
    "row.": ("hit", "no_hit", "rejected", "warned"),
    "job.state.": STATES_OF_JOBS,
    "job.kind.": KINDS_OF_JOBS,
    "span.": [f"{unit}.{form}" for unit in ("seconds", "minutes", "hours") for form in ("one", "other")],
    "trial.title.": [f"{kind}.{form}" for kind in ON_FILES for form in ("one", "other")],
    "overview.age.": AGE_KEYS,
    "overview.due.": DUE_KEYS,
    "overview.ending.": ENDING,
    "overview.stand.": STANDS,
    "overview.kind.": KINDS_OF_JOBS,
    "queue.day.": BOUNDS,
    "kept.outcome.": ("hit", "no_hit"),
    "kept.kind.": KINDS_KEPT,
    "admin.place.": [name for name, _to, _action in PLACES],
    "role.about.": UserRole,
    "action.": Action,
    "user.step.": [text for one in USER_STEPS for text in (one, f"{one}.text")],
    "key.step.": [text for one in KEY_STEPS for text in (one, f"{one}.text")],
    "key_scope.": KeyScope,
    "account.done.": ("password", "sessions", "key"),
    "setting.": ["yes", "no", *(text for one in FIELDS for text in (one.name, f"{one.name}.text"))],
    "setting.group.": [text for one in FIELDS for text in (one.group, f"{one.group}.text")],
    "setting.held.": {one.held for one in FIELDS},
    "fixed.group.": ("access", "lists", "jobs", "service"),
    "fixed.about.": FIXED,
    "record.kind.": [kind[:-1] for kind in KINDS_OF_ACTION],
    "act.": RECORDED,
    "system.jobs.": STATES_OF_JOBS,
    "entry.": (
        "schema", "names", "listings", "countries", "addresses", "identifiers", "birth_dates",
        "registration_dates", "birth_places", "remarks",
    ),
}  # fmt: skip
_TEXT = re.compile(r"""\bt\(\s*['"]([\w.]+?)['"]\s*[,)]""")
_COUNT = re.compile(r"""\btn\(\s*['"]([\w.]+?)['"]\s*,""")
_FAMILY = re.compile(r"""\b(?:tn?\(\s*['"]([\w.]+?\.)['"]\s*~|known\(\s*['"]([\w.]+?\.)['"]\s*,)""")


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
    assert texts.known("program.", "custom.our_own") == "Our own"
    assert texts.known("reason.", "custom.our_own") == "custom.our own"


def test_no_page_uses_a_name_that_the_frame_defines() -> None:
    """What the frame names stands before a value of the same name that a page is given."""
    made = environment()
    assert made.loader is not None
    frame = made.parse(made.loader.get_source(made, "frame.html")[0])
    taken = {node.name for node in frame.body if isinstance(node, nodes.Macro)}
    taken |= {
        node.target.name
        for node in frame.body
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name)
    }
    assert taken == {"page_links", "in_nav"}
    for path in WEB.rglob("*.html"):
        tree = made.parse(path.read_text("utf-8"))
        assert path.name == "frame.html" or not meta.find_undeclared_variables(tree) & taken, path
