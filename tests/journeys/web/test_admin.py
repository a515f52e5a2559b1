"""An administrator lets people and programs in, changes what they may do, and everybody else sees none of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.web.conftest import NOW, served

from stopship.access import Role
from stopship.access.accounts import Accounts
from stopship.access.passwords import Passwords
from stopship.app.settings import read_settings
from stopship.app.workspace import Workspace

Watch = Callable[..., Any]
PASSWORD = "three invented otters"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("admin")
    with closing(Workspace(home, today=NOW.date()).database()) as database:
        accounts = Accounts(database, Passwords())
        for name, role in (("ada", Role.ADMIN), ("erika", Role.ANALYST)):
            accounts.create(name, role, PASSWORD, actor="cli:test", now=NOW)
    (home / "settings.yaml").write_text("# ours\nthreshold: 0.82  # since the audit\n", "utf-8")
    return home


@pytest.fixture(scope="module")
def desk(home: Path) -> Iterator[str]:
    with served(home, open_to_all=False) as address:
        yield address


def come_in(watch: Watch, address: str, name: str, path: str, password: str = PASSWORD) -> Any:
    one = watch(address)
    one.page.goto(address + path)
    one.page.fill("#name", name)
    one.page.fill("#password", password)
    one.page.get_by_role("button", name="Sign in").click()
    one.page.wait_for_url(lambda url: "/sign-in" not in url)
    return one


def press(one: Any, name: str) -> None:
    one.page.locator("main").get_by_role("button", name=name).click()


def test_a_new_person_comes_in_and_gets_another_role(desk: str, watch: Watch) -> None:
    ada = come_in(watch, desk, "ada", "/admin")
    assert ada.page.url == f"{desk}/admin/users"
    ada.look()
    ada.page.get_by_role("link", name="New account").click()
    assert ada.page.locator("input[type=radio]:checked").count() == 0
    ada.page.fill("#name", "Vera")
    ada.page.fill("#full_name", "Vera Vogel")
    ada.page.locator("input[value=viewer]").check()
    ada.look()
    press(ada, "Make the account")
    made = ada.page.locator("#secret").inner_text()
    assert re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", made)
    ada.look()

    vera = come_in(watch, desk, "vera", "/account", made)
    assert "Somebody else has set this password" in vera.page.locator("main").inner_text()
    vera.look()
    vera.expect_status(422)
    vera.page.fill("#old", made)
    vera.page.fill("#new", "Passwort-2026!")
    vera.page.fill("#again", "Passwort-2026!")
    press(vera, "Change the password")
    assert "easily guessed" in vera.page.get_by_role("alert").inner_text()
    vera.page.fill("#old", made)
    vera.page.fill("#new", "four patient herons")
    vera.page.fill("#again", "four patient herons")
    press(vera, "Change the password")
    vera.page.wait_for_selector("text=The password is changed")
    assert "Somebody else has set this password" not in vera.page.locator("main").inner_text()

    ada.page.get_by_role("link", name="I have it").click()
    assert made not in ada.page.content()
    ada.look()
    ada.page.get_by_role("link", name="Change the role").click()
    assert ada.page.locator("input[type=radio]:checked").count() == 0
    ada.page.locator("input[value=supervisor]").check()
    press(ada, "Change the role")
    ada.page.wait_for_selector("strong:text('Supervisor')")
    vera.page.goto(desk + "/rules")
    assert "/sign-in" in vera.page.url
    again = come_in(watch, desk, "vera", "/admin/users", "four patient herons")
    assert again.page.get_by_role("link", name="New account").count() == 0


def test_a_key_works_until_it_is_revoked(desk: str, watch: Watch) -> None:
    ada = come_in(watch, desk, "ada", "/admin/keys/new")
    ada.look()
    ada.page.fill("#name", "ERP")
    ada.page.locator("input[value=match]").check()
    press(ada, "Make the key")
    secret = ada.page.locator("#secret").inner_text()
    ada.look()

    def asked() -> int:
        with_key = {"authorization": f"Bearer {secret}"}
        return int(ada.page.request.get(f"{desk}/api/v1/lists", headers=with_key).status)

    assert asked() == 200
    ada.page.get_by_role("link", name="I have it").click()
    assert secret not in ada.page.content()
    ada.look()
    ada.page.get_by_role("link", name="Revoke ERP").click()
    press(ada, "Revoke")
    ada.page.wait_for_url(f"{desk}/admin/keys")
    assert asked() == 401
    assert "ERP" not in ada.page.locator("main").inner_text()


def test_nobody_else_sees_any_of_it_and_the_last_administrator_stays(desk: str, watch: Watch) -> None:
    erika = come_in(watch, desk, "erika", "/rules")
    assert "Administration" not in erika.page.get_by_role("navigation").first.inner_text()
    for path in ("users", "users/1", "users/new", "users/1/disable", "keys", "keys/new", "settings", "system"):
        assert erika.page.request.get(f"{desk}/admin/{path}").status == 403, path
    token = erika.page.locator("input[name=csrf]").first.input_value()
    for path in ("users/new", "users/2/role", "keys/new", "keys/1/revoke", "settings", "settings/change"):
        answer = erika.page.request.post(f"{desk}/admin/{path}", form={"csrf": token, "role": "admin"})
        assert answer.status == 403, path

    ada = come_in(watch, desk, "ada", "/admin/users/1")
    assert "the last administrator" in ada.page.locator("main").inner_text()
    ada.expect_status(422)
    ada.page.get_by_role("link", name="Disable the account").click()
    ada.look()
    press(ada, "Disable the account")
    assert "last admin" in ada.page.get_by_role("alert").inner_text()
    assert ada.page.request.get(f"{desk}/admin/users").status == 200


def test_settings_are_changed_with_a_reason_and_the_record_says_so(desk: str, home: Path, watch: Watch) -> None:
    ada = come_in(watch, desk, "ada", "/admin/settings")
    ada.look()
    ada.page.fill("#threshold", "0.85")
    press(ada, "Look at the changes")
    assert "names that are spelled otherwise are missed more often" in ada.page.locator("main").inner_text()
    assert read_settings(home).threshold == 0.82
    ada.page.fill("#why", "Agreed with the board")
    ada.look()
    press(ada, "Change the settings")
    ada.page.wait_for_selector("text=Changed, and on record")
    assert (home / "settings.yaml").read_text("utf-8") == "# ours\nthreshold: 0.85  # since the audit\n"

    ada.page.goto(f"{desk}/admin/record?action=settings.changed")
    said = ada.page.locator("table.record tbody tr").all_inner_texts()
    assert len(said) == 1
    assert "0.82" in said[0] and "0.85" in said[0] and "Agreed with the board" in said[0]
    press(ada, "Check it now")
    ada.page.wait_for_selector("text=as it was written")
    ada.look()
    ada.page.goto(f"{desk}/admin/system")
    ada.look()
