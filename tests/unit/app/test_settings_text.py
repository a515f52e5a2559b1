"""A value of a settings file is changed, and all that people wrote around it stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stopship.app.documents import parse_yaml
from stopship.app.settings_text import changed, line_of
from stopship.errors import SettingsError

HOUSE = """\
# Ours. Ask Erika before you change it.
threshold: 0.82   # since the audit of 2026
exporter: {country: DE, us_person: no}

cases:
  # four eyes
  needs_checker:
    false_match: [exact, strong]
  lock_minutes: 30

  due_days:
    high: 1
# the end
"""


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (("threshold",), "0.85", "threshold: 0.82   # since", "threshold: 0.85   # since"),
        (("exporter", "country"), "NL", "{country: DE,", "{country: NL,"),
        (("cases", "lock_minutes"), "45", "lock_minutes: 30\n", "lock_minutes: 45\n"),
        (("cases", "due_days", "low"), "5", "    high: 1\n", "    high: 1\n    low: 5\n"),
        (("cases", "bulk_limit"), "50", "    high: 1\n", "    high: 1\n  bulk_limit: 50\n"),
        (("lists", "keep_days"), "90", "    high: 1\n", "    high: 1\nlists:\n  keep_days: 90\n"),
        (
            ("cases", "needs_checker", "false_match"),
            ("exact",),
            "false_match: [exact, strong]",
            "false_match: [exact]",
        ),
    ],
)
def test_only_the_value_is_touched(path: tuple[str, ...], value: str, old: str, new: str) -> None:
    assert changed(HOUSE, path, value, "settings.yaml") == HOUSE.replace(old, new)


@pytest.mark.parametrize(
    ("text", "path", "made"),
    [
        ("", ("cases", "files"), "cases:\n  files: 3\n"),
        ("# nothing yet\n", ("threshold",), "# nothing yet\nthreshold: 3\n"),
        ("cases:\n", ("cases", "files"), "cases:\n  files: 3\n"),
        ("cases: # later\nlists:\n  offline: yes\n", ("cases", "files"), None),
        ("cases: {}\n", ("cases", "due_days", "low"), "cases: {due_days: {low: 3}}\n"),
        ("threshold: 0.9", ("cases", "files"), "threshold: 0.9\ncases:\n  files: 3\n"),
        ("threshold:\n", ("threshold",), "threshold: 3\n"),
        ("a: 1\r\nthreshold: 0.9\r\n", ("files",), "a: 1\r\nthreshold: 0.9\r\nfiles: 3\r\n"),
        ("a:\n- x\n- y\nb: 1\n", ("a",), "a: 3\nb: 1\n"),
        ("# Räder 车\nthreshold: 0.9 # 车\n", ("threshold",), "# Räder 车\nthreshold: 3 # 车\n"),
    ],
)
def test_files_as_people_write_them(text: str, path: tuple[str, ...], made: str | None) -> None:
    found = changed(text, path, "3", "settings.yaml")
    assert found == made or (made is None and "# later" in found)


@pytest.mark.parametrize(
    "text",
    [
        "threshold:\n  - 1\n  # why\n  - 2\n",
        "threshold: |\n  0.9\n",
        "threshold:\n  high: 1\n",
        "- a\n- b\n",
    ],
)
def test_what_would_lose_something_is_refused_with_the_line_to_edit(text: str) -> None:
    with pytest.raises(SettingsError, match="Edit the file: threshold: 3"):
        changed(text, ("threshold",), "3", "settings.yaml")


_WORDS = st.sampled_from(["a", "b", "cases", "due_days", "high", "threshold"])
_PLAIN = st.recursive(
    st.sampled_from(["1", "0.5", "yes", "x y"]),
    lambda inner: st.dictionaries(_WORDS, inner, min_size=1, max_size=3) | st.lists(inner, min_size=1, max_size=2),
    max_leaves=8,
)


@given(
    st.dictionaries(_WORDS, _PLAIN, min_size=1, max_size=4),
    st.lists(_WORDS, min_size=1, max_size=3),
    st.booleans(),
    st.text("# abc\n", max_size=5),
)
def test_it_says_what_it_said_and_the_new_value_or_is_refused(
    plain: dict[str, object], path: list[str], flow: bool, tail: str
) -> None:
    import yaml

    text = yaml.safe_dump(plain, default_flow_style=flow, default_style=None) + f"#{tail.replace(chr(10), ' ')}\n"
    before = parse_yaml(text, "x", SettingsError)
    try:
        made = changed(text, path, "7", "x")
    except SettingsError:
        return
    after = parse_yaml(made, "x", SettingsError)
    at = after
    for name in path:
        at = at[name]
    assert at == "7"
    outside = {name: value for name, value in after.items() if name != path[0]}
    assert outside == {name: value for name, value in before.items() if name != path[0]}
    assert [line for line in text.splitlines() if "#" in line][-1] in made


def test_the_line_of_a_field() -> None:
    assert line_of(HOUSE, ("threshold",)) == 2
    assert line_of(HOUSE, ("cases", "due_days", "high")) == 12
    assert line_of(HOUSE, ("cases", "files")) is None
    assert line_of("", ("cases",)) is None
