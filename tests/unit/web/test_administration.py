"""What administration shows is what the code decides: permissions, actions of the record, rows that read well."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import stopship
from stopship.access import Action, Role, allows
from stopship.access.permissions import MEANINGS
from stopship.access.principal import Principal
from stopship.store.audit import AuditRow
from stopship.web.addresses import PAGES
from stopship.web.catalogue import messages
from stopship.web.pages.admin import PLACES
from stopship.web.presenters.permissions import role_table
from stopship.web.presenters.record import KINDS_OF_ACTION, RECORDED, REST, record_rows

ROOT = Path(stopship.__file__).parent
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def row(content: str | None, subject: str = "case:7", action: str = "case.taken") -> AuditRow:
    return AuditRow(3, NOW, "user:1", action, subject, content, "", "0" * 64, "0" * 64, "a" * 64)


def test_the_words_of_an_action_are_those_of_the_table_that_decides() -> None:
    texts = messages("en")
    assert {action: texts.text(f"action.{action}") for action in Action} == MEANINGS


def test_the_table_of_roles_is_the_one_that_decides() -> None:
    table = role_table()
    assert [line.action for line in table] == sorted(
        (line.action for line in table), key=lambda action: [line.action for line in table].index(action)
    )
    assert {line.action for line in table} == set(Action)
    for line in table:
        for role, may in zip(Role, line.may, strict=True):
            assert allows(Principal("user", "1", "x", role), line.action) is may


def test_every_action_of_the_record_is_of_a_kind_that_can_be_looked_for() -> None:
    text = "\n".join(path.read_text("utf-8") for path in ROOT.rglob("*.py") if "web" not in path.parts)
    written = set(re.findall(r'\baction="([a-z]+\.[a-z_]+)"', text))
    written |= set(re.findall(r'\b_(?:audit|note)\(\s*[\w.]+, [\w. ]*,? ?"([a-z]+\.[a-z_]+)"', text))
    assert len(written) > 20
    assert {one for one in written if not one.startswith(KINDS_OF_ACTION)} == set()
    assert written - set(RECORDED) == set()


def test_pages_of_administration_are_for_those_who_may() -> None:
    wanted = {path: action for _name, path, action in PLACES}
    for method, path, _page, action in PAGES:
        if path in wanted and method == "GET":
            assert action is wanted[path]
        if path.startswith("/admin"):
            assert action is not None, path
        if path.startswith("/admin") and method == "POST" and path != "/admin/record/verify":
            assert action in (Action.USERS_MANAGE, Action.KEYS_MANAGE, Action.SETTINGS_CHANGE), path


@pytest.mark.parametrize(
    ("content", "pairs"),
    [
        ('{"name":"erika","role":"analyst"}', (("name", "erika"), ("role", "analyst"))),
        (
            '{"changes":{"threshold":{"after":"0.9","before":"0.8"},"x":{"after":"","before":"exact"}}}',
            (("changes › threshold", "0.8 → 0.9"), ("changes › x", "exact → –")),
        ),
        (
            '{"after":{"state":"closed","who":null},"before":{"state":"open"},"why":"x"}',
            (("state", "open → closed"), ("who", "– → –"), ("why", "x")),
        ),
        ('{"after":{"state":"open"},"name":"Ö"}', (("after › state", "open"), ("name", "Ö"))),
        ('{"sha":"' + "ab" * 32 + '"}', (("sha", "abababababab…"),)),
        (
            '{"after":"sha256:' + "ab" * 32 + '","before":null}',
            (("", "– → abababababab…"),),
        ),
        ('{"rows":[[1,2]],"none":null,"empty":[]}', (("rows", "[1, 2]"),)),
        ('{"ok":true,"n":0}', (("ok", "yes"), ("n", "0"))),
        ('[{"a":1},{"a":2}]', ((" 1 › a", "1"), (" 2 › a", "2"))),
        ("not json", (("", "not json"),)),
        (None, ()),
    ],
)
def test_what_a_row_says_as_fields(content: str | None, pairs: tuple[tuple[str, str], ...]) -> None:
    (found,) = record_rows([row(content)])
    assert found.brief == pairs
    assert found.erased is (content is None)


def test_a_row_stays_short_and_leads_to_what_it_is_about() -> None:
    long = "{" + ",".join(f'"f{n}":"{"x" * 500}"' for n in range(30)) + "}"
    (found,) = record_rows([row(long)])
    assert len(found.brief) == 1 and len(found.brief[0][1]) == 160
    assert found.rest[0] == ("f0", "x" * 399 + "…")  # told in part, so it is told once more
    assert sum(len(value) for _name, value in found.rest) <= REST and found.more == 30 - len(found.rest) > 0
    assert found.page == "/cases/7"
    assert record_rows([row("{}", "job:4")])[0].page == "/jobs/4"
    assert record_rows([row("{}", "user:3")])[0].page == "/admin/users/3"
    assert record_rows([row("{}", "user:unknown")])[0].page == ""
    assert record_rows([row("{}", "settings:file")])[0].page == ""


def test_hashes_come_last_in_short_and_stand_whole_in_the_rest() -> None:
    whole = "sha256:" + "0123456789abcdef" * 4
    fields = [f'"lists":{{"a":"{whole}","b":"{whole}"}}', f'"outcome":"review","why":"{"x" * 90}"', '"parties":2']
    (found,) = record_rows([row("{" + ",".join(fields) + "}")])
    assert [name for name, _value in found.brief] == ["outcome", "why", "parties"]
    assert found.rest == (("lists › a", whole), ("lists › b", whole)) and found.more == 0
