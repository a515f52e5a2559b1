"""Accounts of people, on every database."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from tests.contracts.access import ADMIN, GOOD, HOME, NOW, OTHER, Entry

from stopship.access import Role
from stopship.access.passwords import Passwords
from stopship.errors import AccountError, NotSignedIn
from stopship.store import Database, users


@pytest.fixture
def entry(database: Database) -> Entry:
    return Entry(database)


def test_an_account_is_made_and_noted(entry: Entry) -> None:
    user = entry.accounts.create("Erika@Example.com", Role.ADMIN, GOOD, actor=ADMIN, now=NOW, full_name=" E.  M. ")
    assert (user.name, user.full_name, user.role) == ("erika@example.com", "E. M.", "admin")
    assert user.password_hash is not None and user.password_hash.startswith("$argon2id$")
    (row,) = entry.audited()
    assert (row.actor, row.action, row.subject) == (ADMIN, "user.created", f"user:{user.id}")
    assert row.content is not None
    said = json.loads(row.content)
    assert said == {"name": user.name, "full_name": "E. M.", "role": "admin", "password": True}
    assert "argon2" not in row.content and GOOD not in row.content


def test_every_change_is_noted_in_its_transaction(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = entry.accounts
    accounts.create("boss", Role.ADMIN, GOOD, actor=ADMIN, now=NOW)
    accounts.create("erika", Role.ANALYST, GOOD, actor=ADMIN, now=NOW)
    changes: list[tuple[str, Callable[[], Any]]] = [
        ("user.role_changed", lambda: accounts.change_role("erika", Role.VIEWER, actor=ADMIN, now=NOW)),
        ("user.password_set", lambda: accounts.set_password("erika", OTHER, actor=ADMIN, now=NOW)),
        ("user.disabled", lambda: accounts.disable("erika", actor=ADMIN, now=NOW)),
        ("user.enabled", lambda: accounts.enable("erika", actor=ADMIN, now=NOW)),
        ("user.sessions_ended", lambda: accounts.sign_out("erika", actor=ADMIN, now=NOW)),
        ("user.linked", lambda: accounts.link("erika", "https://id.example", "7", actor=ADMIN, now=NOW)),
        ("user.password_removed", lambda: accounts.remove_password("erika", actor=ADMIN, now=NOW)),
    ]
    from stopship.access import accounts as module

    for action, change in changes:
        before = accounts.get("erika")
        with monkeypatch.context() as broken:
            broken.setattr(module.audit, "append", lambda *_args, **_more: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                change()
        assert accounts.get("erika") == before, f"{action}: what wasn't noted must not happen"
        change()
        (row,) = entry.audited(action)
        assert (row.actor, row.subject, row.moment) == (ADMIN, f"user:{before.id}", NOW)


def test_changing_nothing_notes_nothing(entry: Entry) -> None:
    entry.accounts.create("boss", Role.ADMIN, GOOD, actor=ADMIN, now=NOW)
    entry.accounts.create("erika", Role.ANALYST, GOOD, actor=ADMIN, now=NOW)
    entry.accounts.change_role("erika", Role.ANALYST, actor=ADMIN, now=NOW)
    entry.accounts.enable("erika", actor=ADMIN, now=NOW)
    entry.accounts.disable("erika", actor=ADMIN, now=NOW)
    entry.accounts.disable("erika", actor=ADMIN, now=NOW)
    assert [row.action for row in entry.audited()] == ["user.created", "user.created", "user.disabled"]


def test_accounts_that_can_not_be_made_or_found_are_refused(entry: Entry) -> None:
    accounts = entry.accounts
    accounts.create("erika", Role.ADMIN, GOOD, actor=ADMIN, now=NOW)
    for name in ("", " ", "a b", "é", "-a", "a" * 65, "x\0y", "a\nb", "../a"):
        with pytest.raises(AccountError, match="a user's name"):
            accounts.create(name, Role.VIEWER, OTHER, actor=ADMIN, now=NOW)
        with pytest.raises(AccountError, match="there is no user"):
            accounts.get(name)
    with pytest.raises(AccountError, match="there is a user 'erika' already"):
        accounts.create("ERIKA", Role.VIEWER, OTHER, actor=ADMIN, now=NOW)
    with pytest.raises(AccountError, match="full name"):
        accounts.create("otto", Role.VIEWER, OTHER, actor=ADMIN, now=NOW, full_name="a\0b")
    with pytest.raises(AccountError, match="not tied to a provider"):
        accounts.remove_password("erika", actor=ADMIN, now=NOW)


def test_two_accounts_of_one_name_made_at_once(entry: Entry) -> None:
    done: list[str] = []

    def make(full_name: str) -> None:
        try:
            entry.accounts.create("erika", Role.VIEWER, GOOD, actor=ADMIN, now=NOW, full_name=full_name)
            done.append("made")
        except AccountError as refused:
            assert "already" in str(refused)
            done.append("refused")

    at_once(lambda: make("one"), lambda: make("two"))
    assert sorted(done) == ["made", "refused"]
    assert len(entry.accounts.all()) == 1 and len(entry.audited("user.created")) == 1


def test_the_last_admin_stays(entry: Entry) -> None:
    accounts = entry.accounts
    accounts.create("boss", Role.ADMIN, GOOD, actor=ADMIN, now=NOW)
    for change in (
        lambda: accounts.disable("Boss", actor=ADMIN, now=NOW),
        lambda: accounts.change_role("boss", Role.SUPERVISOR, actor=ADMIN, now=NOW),
    ):
        with pytest.raises(AccountError, match="boss is the last admin"):
            change()
    accounts.create("other", Role.ADMIN, GOOD, actor=ADMIN, now=NOW)
    accounts.disable("boss", actor=ADMIN, now=NOW)
    with pytest.raises(AccountError, match="other is the last admin"):
        accounts.disable("other", actor=ADMIN, now=NOW)
    accounts.change_role("boss", Role.VIEWER, actor=ADMIN, now=NOW)  # disabled, so no admin that counts


@pytest.mark.parametrize("how", ["disable", "role"])
def test_two_admins_who_remove_each_other_at_once(entry: Entry, how: str) -> None:
    accounts = entry.accounts
    for round_ in range(3):
        names = (f"anna{round_}", f"otto{round_}")
        for name in names:
            accounts.create(name, Role.ADMIN, GOOD, actor=ADMIN, now=NOW)
        for other in accounts.all():
            if other.name not in names and other.role == "admin" and other.disabled is None:
                accounts.disable(other.name, actor=ADMIN, now=NOW)
        refused: list[str] = []

        def remove(name: str, refused: list[str] = refused) -> None:
            try:
                if how == "disable":
                    accounts.disable(name, actor=ADMIN, now=NOW)
                else:
                    accounts.change_role(name, Role.VIEWER, actor=ADMIN, now=NOW)
            except AccountError as no:
                assert "last admin" in str(no)
                refused.append(name)

        at_once(lambda names=names: remove(names[0]), lambda names=names: remove(names[1]))
        assert len(refused) == 1
        with entry.database.begin() as connection:
            assert [user.name for user in users.lock_enabled(connection, "admin")] == refused


def at_once(*calls: Callable[[], None]) -> None:
    """Run calls in threads that begin together; what one raises is raised here."""
    gate = threading.Barrier(len(calls))
    raised: list[BaseException] = []

    def run(call: Callable[[], None]) -> None:
        gate.wait()
        try:
            call()
        except BaseException as bad:
            raised.append(bad)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def test_a_changed_password_role_or_a_lock_ends_all_sessions(entry: Entry) -> None:
    accounts = entry.accounts
    accounts.create("boss", Role.ADMIN, GOOD, actor=ADMIN, now=NOW)
    accounts.create("erika", Role.ANALYST, GOOD, actor=ADMIN, now=NOW)
    accounts.link("erika", "https://id.example", "7", actor=ADMIN, now=NOW)

    def still_in(token: str) -> bool:
        try:
            entry.sessions.authenticate(token, now=NOW)
        except NotSignedIn:
            return False
        return True

    password = GOOD
    for change in (
        lambda: accounts.set_password("erika", OTHER, actor=ADMIN, now=NOW),
        lambda: accounts.change_role("erika", Role.SUPERVISOR, actor=ADMIN, now=NOW),
        lambda: accounts.sign_out("erika", actor=ADMIN, now=NOW),
        lambda: accounts.disable("erika", actor=ADMIN, now=NOW),
    ):
        tokens = [
            entry.sign_in.sign_in("erika", password, address=HOME, now=NOW).token for _browser in ("one", "two")
        ]
        boss = entry.sign_in.sign_in("boss", GOOD, address=HOME, now=NOW).token
        assert all(map(still_in, tokens))
        change()
        password = OTHER
        assert not any(map(still_in, tokens)) and still_in(boss)


def test_a_password_with_old_parameters_is_hashed_anew_at_sign_in(database: Database) -> None:
    weak = Entry(database, passwords=Passwords(hasher=PasswordHasher(1, 64, 1)))
    weak.accounts.create("erika", Role.VIEWER, GOOD, actor=ADMIN, now=NOW)
    before = weak.accounts.get("erika").password_hash
    strong = Entry(database, passwords=Passwords(hasher=PasswordHasher(2, 128, 1)))
    strong.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW)
    after = strong.accounts.get("erika").password_hash
    assert before is not None and "m=64,t=1" in before
    assert after is not None and "m=128,t=2" in after
    strong.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW)
    assert strong.accounts.get("erika").password_hash == after


def test_the_usual_parameters_are_those_of_rfc_9106() -> None:
    kept = Passwords().hash(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
