"""The docs say what is: links resolve, generated pages are up to date, nothing is named that isn't there."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from stopship import __version__
from stopship.model.order import read_order
from stopship.sources.catalogue import catalogue

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")])
MACHINE_PATHS = re.compile(r"/(?:home|Users|root|work|tmp)/[a-z]|[A-Z]:\\\\Users")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@cache
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "tools" / "generate_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the repository, committed or about to be; none where this is no repository (a source archive)."""
    done = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=False
    )
    names = [name for name in done.stdout.decode("utf-8").split("\0") if name]
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.slow
def test_generated_pages_and_printed_examples_are_up_to_date() -> None:
    stale = [
        name_of(path)
        for path, text in generator().generated().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    assert not stale, f"out of date: {', '.join(stale)}. Run: make docs"


def test_pages_with_printed_examples_are_known_to_the_generator() -> None:
    found = {name_of(path) for path in generator().pages_with_output()}
    assert {"README.md", "docs/tutorial.md"} <= found
    blocks = re.compile("<!-- (output|file): ")
    assert found == {name_of(p) for p in PAGES if blocks.search(p.read_text("utf-8"))}


def test_the_recipes_for_schedulers_are_shown_as_they_are_tested() -> None:
    """By itself, because the test of all generated parts is a slow one."""
    page = ROOT / "docs" / "how-to" / "screen-on-a-cluster.md"
    text = page.read_text("utf-8")
    shown = {match["path"] for match in generator().FILE.finditer(text)}
    recipes = {p.relative_to(page.parent).as_posix() for p in (page.parent / "recipes").glob("*.py")}
    assert recipes
    assert recipes <= shown
    assert generator().with_files(page) == text, "a recipe was changed. Run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_relative_links_resolve(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in LINK.findall(text):
        if "://" in target or target.startswith(("#", "mailto:")):
            continue
        assert (page.parent / target.partition("#")[0]).exists(), f"{name_of(page)}: {target}"


def test_every_page_of_the_docs_is_reached_from_the_contents() -> None:
    contents = ROOT / "docs" / "README.md"
    linked = {(contents.parent / t).resolve() for t in LINK.findall(contents.read_text("utf-8")) if "://" not in t}
    missing = [name_of(p) for p in (ROOT / "docs").rglob("*.md") if p != contents and p.resolve() not in linked]
    assert not missing


def test_every_package_is_in_the_architecture_page() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    package = ROOT / "src" / "stopship"
    names = {p.name for p in package.iterdir() if p.is_dir() and p.name != "__pycache__" and any(p.rglob("*.*"))}
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_the_layers_of_the_architecture_page_are_those_of_the_import_contract() -> None:
    contract = next(c for c in pyproject()["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    layers = [name.strip() for line in contract["layers"] for name in line.split("|")]
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "architecture.md").read_text("utf-8"), re.MULTILINE)
    assert rows == layers


def test_every_core_dependency_has_its_line() -> None:
    text = (ROOT / "docs" / "decisions" / "002-core-dependencies.md").read_text("utf-8")
    declared = {re.match(r"[\w.-]+", d)[0] for d in pyproject()["project"]["dependencies"]}  # type: ignore[index]
    assert set(re.findall(r"^- `([\w.-]+)`: ", text, re.MULTILINE)) == declared


def test_every_source_and_every_command_is_in_the_reference() -> None:
    sources = (ROOT / "docs" / "reference" / "sources.md").read_text("utf-8")
    commands = (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8")
    assert [s for s in catalogue() if f"## {s}\n" not in sources] == []
    assert [c for c in generator().command_names() if f"## {c}\n" not in commands] == []


def test_every_command_that_a_page_shows_exists() -> None:
    known = [name.split()[1:] for name in generator().command_names()]
    groups = {words[0] for words in known if len(words) > 1}
    for page in PAGES:
        if name_of(page) == "CHANGELOG.md":
            continue
        for line in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            for words in re.findall(r"^\s*stopship ([a-z]+)(?: ([a-z][a-z-]*))?", line, re.MULTILINE):
                typed = [w for w in words if w] if words[0] in groups else [words[0]]
                assert typed in known, f"{name_of(page)}: stopship {' '.join(typed)}"


def test_the_changelog_has_the_current_version() -> None:
    assert f"\n## {__version__}\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_order_page_shows_an_order_that_loads_and_names_every_field() -> None:
    from stopship.model import order

    text = (ROOT / "docs" / "reference" / "order.md").read_text("utf-8")
    block = re.search(r"```yaml order\n(.*?)```", text, re.DOTALL)
    assert block is not None
    transaction = read_order(yaml.load(block[1], Loader=yaml.BaseLoader))
    assert transaction.parties
    assert transaction.warnings == ()
    fields = {*order.ORDER_FIELDS, *order.PARTY_FIELDS, *order.OWNER_FIELDS, *order.ITEM_FIELDS}
    assert {f for f in fields if not re.search(rf"\b{f}\b", text)} == set()


def test_the_rulebook_page_names_every_field_that_the_loader_reads() -> None:
    text = (ROOT / "docs" / "reference" / "rulebook.md").read_text("utf-8")
    loader = (ROOT / "src" / "stopship" / "rules" / "rule_reader.py").read_text("utf-8")
    fields = set(re.findall(r"(?:fields|child)\.[a-z]+\(\s*\"(\w+)\"", loader))
    assert len(fields) > 40
    assert {f for f in fields if f"`{f}`" not in text and f not in ("text", "url")} == set()


def test_the_rulebook_page_names_every_field_of_what_is_not_covered() -> None:
    text = (ROOT / "docs" / "reference" / "rulebook.md").read_text("utf-8")
    loader = (ROOT / "src" / "stopship" / "rules" / "gaps.py").read_text("utf-8")
    fields = set(re.findall(r"fields\.[a-z]+\(\s*\"(\w+)\"", loader))
    assert len(fields) > 8
    assert {f for f in fields if f"`{f}`" not in text and f not in ("text", "url")} == set()


def test_the_rulebook_has_a_changelog_that_names_its_regimes_and_what_begins_later() -> None:
    from stopship.rules import Rulebook
    from stopship.rules.rule import authority

    text = (ROOT / "src" / "stopship" / "rulebook" / "CHANGELOG.md").read_text("utf-8")
    days = [date.fromisoformat(day) for day in re.findall(r"^## (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)]
    assert days == sorted(days, reverse=True), "the newest entry comes first"
    rules = Rulebook.load().rules
    unnamed = {authority(rule.id) for rule in rules if f"`{authority(rule.id)}`" not in text}
    assert unnamed == set(), "a new regime needs its line in the rulebook's changelog"
    later = [(rule.id, v.begins) for rule in rules for v in rule.versions if v.begins and v.begins > min(days)]
    missing = [f"{rule} {day}" for rule, day in later if not re.search(rf"{re.escape(rule)}.*{day}", text)]
    assert missing == [], "a version that begins after the first entry needs its line with rule and day"


def test_the_decision_page_names_every_field_and_every_value() -> None:
    from stopship.rules.outcome import Outcome, Scope
    from stopship.screening.decision import json_schema

    text = (ROOT / "docs" / "reference" / "decision.md").read_text("utf-8")
    schema = json_schema()
    words = {*schema["required"], *schema["$defs"]["finding"]["required"], *Outcome, *Scope}
    assert {str(w) for w in words if f"`{w}`" not in text} == set()


def test_the_glossary_holds_the_words_of_the_model() -> None:
    from stopship import model

    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    words = re.findall(r"^\| \*\*(\w+)\*\* \|", text, re.MULTILINE)
    assert len(words) == len(set(words))
    wanted = {"Source", "Snapshot", "Index", "Match", "Judgement", "Rule", "Finding", "Decision", "Alert"}
    records = {"Entity", "Name", "Program", "Listing", "Party", "Transaction"}
    assert records <= set(model.__all__)
    assert wanted | records <= set(words)


def test_planned_words_of_the_glossary_are_not_there_yet() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    planned = re.findall(r"^\| \*\*(\w+)\*\* \|.*\*planned\*", text, re.MULTILINE)
    exports = "\n".join(p.read_text("utf-8") for p in (ROOT / "src" / "stopship").glob("*/__init__.py"))
    assert [word for word in planned if f'"{word}"' in exports] == []


def test_no_paths_of_a_machine_in_the_repository() -> None:
    if not tracked():
        pytest.skip("this is no git repository: there is no list of its files")
    found = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name_of(path)}: {m[0]}" for m in MACHINE_PATHS.finditer(text)]
    assert found == []


def test_folders_and_modules_have_names_that_say_something() -> None:
    empty = {"utils", "helpers", "common", "core", "manager", "base", "misc"}
    assert [name_of(p) for p in (ROOT / "src").rglob("*") if p.stem in empty] == []


def test_files_stay_readable() -> None:
    long = {name_of(p): n for p in (ROOT / "src").rglob("*.py") if (n := p.read_text("utf-8").count("\n")) > 600}
    assert long == {}
