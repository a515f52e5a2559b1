"""Loading rule files: text first, typed second, and what is unknown is refused with file and key."""

from __future__ import annotations

from datetime import date

import pytest

from stopship.errors import RulebookError
from stopship.rules import Rulebook
from stopship.rules.facts import read_factbook
from stopship.rules.outcome import Status
from stopship.rules.plain import read_yaml
from stopship.rules.rule_reader import read_rule, rule_id

FACTS = read_factbook("end_user.military: {text: Is it?}", "facts.yml")
RULE = """
title: A rule
per: item
versions:
  - in_force: [2020-01-01, null]
    published: 2019-12-01
    verified_on: 2026-07-23
    cite: [{text: 15 CFR 1.1, url: "https://www.ecfr.gov/x"}]
    when: {destinations: [NO], item: {eccn: [5E002]}}
    outcome: license_required
    scope: [export]
    text: "{item} needs a license."
examples: []
"""


def load(text, path="us/ear/a.yml"):
    return read_rule(text, path, FACTS)


def test_every_scalar_is_text_first():
    read = read_yaml("a: NO\nb: 5E002\nc: 2019-10-09\nd: 1965\ne: null\nf: yes\ng: 1.0\nh: ~\ni: =", "x")
    assert read == {
        "a": "NO",
        "b": "5E002",
        "c": "2019-10-09",
        "d": "1965",
        "e": None,
        "f": "yes",
        "g": "1.0",
        "h": None,
        "i": "=",
    }


def test_norway_and_an_eccn_that_looks_like_a_number():
    version = load(RULE).versions[0]
    assert version.when.destinations == ("NO",)
    assert version.when.item and version.when.item.eccns == ("5E002",)
    assert version.begins == date(2020, 1, 1)


def test_the_path_is_the_id():
    assert rule_id("us/ear/744/entity-list.yml") == "us.ear.744.entity-list"
    assert load(RULE).regime == "us.ear"


def test_unverified_is_unconfirmed():
    assert load(RULE).versions[0].status is Status.IN_FORCE
    assert load(RULE.replace("verified_on: 2026-07-23", "verified_on: null")).versions[0].status is (
        Status.UNCONFIRMED
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title:", "titel:", "title"),
        ("outcome: license_required", "outcom: license_required", "outcome"),
        ("scope: [export]", "scope: [exports]", "scope"),
        ("outcome: license_required", "outcome: forbidden", "outcome"),
        ("destinations: [NO]", "destination: [NO]", "destination: unknown field. Did you mean destinations"),
        ("destinations: [NO]", "destinations: [XX]", "ISO 3166"),
        ("[5E002]", "[5X002]", "not an ECCN"),
        ("[2020-01-01, null]", "[2020-13-01, null]", "in_force"),
        ("[2020-01-01, null]", "[2020-01-01]", "in_force"),
        ("[2020-01-01, null]", "[2020-01-01, 2019-01-01]", "ends before it begins"),
        ("published: 2019-12-01", "published: soon", "published"),
        ("when: {", "when: {facts: [{key: no.such}], ", "not in facts.yml"),
        ("per: item", "per: ownership", "ownership"),
        ("per: item", "per: item\nper: order", "stands twice"),
        ("title: A rule", "title: [", "not readable as YAML"),
        ("{item} needs", "{goods} needs", "text: names {goods}"),
        ("{item} needs", "{item needs", "can't be filled in"),
        ("examples: []", "examples: [{name: x}]", "as_of"),
        ("title:", "examples: []\ntitle:", "Put the examples last"),
    ],
)
def test_mistakes_name_file_and_key(old, new, message):
    assert old in RULE
    with pytest.raises(RulebookError) as caught:
        list(load(RULE.replace(old, new, 1)).examples)  # which are read when they are asked for
    assert "us/ear/a.yml" in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def write(folder, files):
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    return folder


def test_a_folder_of_ones_own(tmp_path):
    files = {"facts.yml": "end_user.military: {text: Is it?}\n", "us/ear/a.yml": RULE, "notes.md": "no rule"}
    book = Rulebook.load(write(tmp_path / "one", files))
    assert [rule.id for rule in book.rules] == ["us.ear.a"]
    same = Rulebook.load(write(tmp_path / "two", dict(reversed(files.items()))))
    assert same.version == book.version
    changed = Rulebook.load(write(tmp_path / "three", files | {"us/ear/a.yml": RULE + "# a word\n"}))
    assert changed.version != book.version


def test_a_folder_without_facts(tmp_path):
    with pytest.raises(RulebookError, match=r"facts\.yml"):
        Rulebook.load(write(tmp_path, {"us/ear/a.yml": RULE}))


def test_line_endings_do_not_change_the_version(tmp_path):
    one = write(tmp_path / "one", {"facts.yml": "x: {text: y}\n", "a/b.yml": RULE})
    two = write(tmp_path / "two", {"facts.yml": "x: {text: y}\n", "a/b.yml": RULE})
    (two / "a" / "b.yml").write_bytes(RULE.replace("\n", "\r\n").encode())
    assert Rulebook.load(one).version == Rulebook.load(two).version


def test_a_file_that_is_not_utf8(tmp_path):
    write(tmp_path, {"facts.yml": "x: {text: y}\n"})
    (tmp_path / "bad.yml").write_bytes(b"title: \xff")
    with pytest.raises(RulebookError, match=r"bad\.yml"):
        Rulebook.load(tmp_path)


def test_one_example_may_be_many():
    """`each` has a row of values for every example that it stands for."""
    made = load(
        RULE.replace(" []\n", "\n")
        + """
  - name: a table
    each: [{country: "NO", day: 2026-03-01}, {country: CN, day: 2026-03-02}]
    as_of: $day
    order: {destination: $country, parties: [{role: end_user, name: "$9 shop"}]}
    expect: {fires: no}
"""
    )
    table = made.examples
    assert [e.name for e in table] == ["a table: NO, 2026-03-01", "a table: CN, 2026-03-02"]
    assert [e.as_of.isoformat() for e in table] == ["2026-03-01", "2026-03-02"]
    assert [e.order["destination"] for e in table] == ["NO", "CN"]
    assert table[0].order["parties"][0]["name"] == "$9 shop"
