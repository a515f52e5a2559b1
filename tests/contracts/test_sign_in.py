"""Signing in, sessions, forged requests and the pace of attempts, on every database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.access import ADMIN, GOOD, HOME, NOW, OTHER, Entry

from stopship.access import Role
from stopship.access.sessions import (
    PENDING_COOKIE,
    SESSION_COOKIE,
    SESSION_COOKIE_PLAIN,
    csrf_holds,
    csrf_token,
    new_token,
)
from stopship.access.throttle import Pace, network_of
from stopship.errors import AccountError, NotSignedIn, TooOften
from stopship.store import Database
from stopship.store import sessions as kept

SECOND = timedelta(seconds=1)


@pytest.fixture
def entry(database: Database) -> Entry:
    made = Entry(database)
    made.accounts.create("erika", Role.ANALYST, GOOD, actor=ADMIN, now=NOW)
    return made


def fail(entry: Entry, name: str = "erika", password: str = "wrong", address: str = HOME, now: Any = NOW) -> str:
    with pytest.raises(NotSignedIn) as refused:
        entry.sign_in.sign_in(name, password, address=address, now=now)
    return str(refused.value)


def slowed(entry: Entry, name: str = "erika", password: str = "wrong", address: str = HOME, now: Any = NOW) -> int:
    with pytest.raises(TooOften) as refused:
        entry.sign_in.sign_in(name, password, address=address, now=now)
    return refused.value.wait_seconds


# Sessions


def test_who_signs_in_is_known_by_the_token_whose_hash_is_kept(entry: Entry) -> None:
    started = entry.sign_in.sign_in(" ERIKA ", GOOD, address=HOME, now=NOW)
    signed = entry.sessions.authenticate(started.token, now=NOW)
    assert signed.principal == started.principal
    assert (signed.principal.kind, signed.principal.role) == ("user", Role.ANALYST)
    assert signed.session.expires == NOW + timedelta(hours=12)
    assert len(started.token) >= 43 and started.token not in str(signed.session)
    (row,) = entry.audited("login.succeeded")
    assert row.actor == row.subject == signed.principal.actor
    assert row.content is not None and HOME in row.content and started.token not in row.content


def test_a_token_that_somebody_planted_is_never_used(entry: Entry) -> None:
    # Fixation: the attacker gives the victim a token, waits until the victim signs in, and uses it.
    planted = new_token()
    started = entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW, before=planted)
    assert started.token != planted
    with pytest.raises(NotSignedIn):
        entry.sessions.authenticate(planted, now=NOW)
    # The same with a session that is the attacker's own.
    entry.accounts.create("mallory", Role.VIEWER, OTHER, actor=ADMIN, now=NOW)
    own = entry.sign_in.sign_in("mallory", OTHER, address=HOME, now=NOW).token
    victim = entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW, before=own)
    assert victim.token != own
    with pytest.raises(NotSignedIn):
        entry.sessions.authenticate(own, now=NOW)


def test_a_session_ends_when_it_is_idle_or_too_old(entry: Entry) -> None:
    token = entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW).token
    at = NOW
    while at < NOW + timedelta(hours=11, minutes=30):
        at += timedelta(minutes=59)
        entry.sessions.authenticate(token, now=at)
    with pytest.raises(NotSignedIn, match="session has ended"):
        entry.sessions.authenticate(token, now=NOW + timedelta(hours=12))
    token = entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW).token
    with pytest.raises(NotSignedIn, match="session has ended"):
        entry.sessions.authenticate(token, now=NOW + timedelta(minutes=60))


def test_that_a_session_was_used_is_written_at_most_once_a_minute(entry: Entry) -> None:
    token = entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW).token

    def seen(seconds: int) -> Any:
        entry.sessions.authenticate(token, now=NOW + seconds * SECOND)
        return entry.sessions.authenticate(token, now=NOW + seconds * SECOND).session.seen

    assert seen(30) == seen(60) == NOW
    assert seen(61) == NOW + 61 * SECOND


def test_old_sessions_are_removed_when_somebody_signs_in(entry: Entry) -> None:
    entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW)
    later = NOW + timedelta(hours=2)
    entry.sign_in.sign_in("erika", GOOD, address=HOME, now=later)
    with entry.database.begin() as connection:
        (row,) = kept.of_user(connection, entry.accounts.get("erika").id)
    assert row.created == later


def test_signing_out_ends_the_session_and_is_noted_once(entry: Entry) -> None:
    token = entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW).token
    signed = entry.sessions.authenticate(token, now=NOW)
    entry.sessions.sign_out(signed, now=NOW)
    entry.sessions.sign_out(signed, now=NOW)
    with pytest.raises(NotSignedIn):
        entry.sessions.authenticate(token, now=NOW)
    assert len(entry.audited("login.ended")) == 1


def test_a_renewed_token_takes_the_place_of_the_old_one_once(entry: Entry) -> None:
    token = entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW).token
    signed = entry.sessions.authenticate(token, now=NOW)
    new = entry.sessions.renew(signed)
    assert entry.sessions.authenticate(new, now=NOW).session.id == signed.session.id
    with pytest.raises(NotSignedIn):
        entry.sessions.authenticate(token, now=NOW)
    with pytest.raises(NotSignedIn):
        entry.sessions.renew(signed)


def test_who_changes_the_own_password_stays_in_with_another_token_and_others_go(entry: Entry) -> None:
    here = entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW).token
    there = entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW).token
    signed = entry.sessions.authenticate(here, now=NOW)

    def change(old: str, new: str) -> str:
        return entry.sign_in.change_password(signed, old, new, accounts=entry.accounts, address=HOME, now=NOW)

    with pytest.raises(NotSignedIn):
        change("wrong", OTHER)
    with pytest.raises(AccountError, match="easily guessed"):
        change(GOOD, "Erika.Erika.1")
    entry.sessions.authenticate(there, now=NOW)
    token = change(GOOD, OTHER)
    assert entry.sessions.authenticate(token, now=NOW).session.id == signed.session.id
    for old in (here, there):
        with pytest.raises(NotSignedIn):
            entry.sessions.authenticate(old, now=NOW)
    (row,) = entry.audited("user.password_set")
    assert row.actor == signed.principal.actor


@pytest.mark.parametrize("token", [None, "", "x", "\0", "\ud800", "a" * 10_000])
def test_what_is_no_token_is_refused(entry: Entry, token: str | None) -> None:
    with pytest.raises(NotSignedIn):
        entry.sessions.authenticate(token, now=NOW)


def test_the_role_is_the_one_that_the_account_has_now(entry: Entry, database: Database) -> None:
    # Changing a role ends the sessions; even one that was overlooked would have the new role.
    token = entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW).token
    from stopship.store import users

    with database.write() as connection:
        users.change(connection, entry.accounts.get("erika").id, {"role": "viewer"})
    assert entry.sessions.authenticate(token, now=NOW).principal.role is Role.VIEWER
    with database.write() as connection:
        users.change(connection, entry.accounts.get("erika").id, {"role": "emperor"})
    assert entry.sessions.authenticate(token, now=NOW).principal.role is None


def test_cookies_are_bound_to_the_host_and_hidden_from_scripts() -> None:
    for cookie in (SESSION_COOKIE, PENDING_COOKIE):
        assert cookie.name.startswith("__Host-") and cookie.secure and cookie.path == "/"
        assert cookie.http_only and cookie.same_site == "lax"
    assert not SESSION_COOKIE_PLAIN.name.startswith("__") and SESSION_COOKIE_PLAIN.http_only


# Forged requests


def test_a_forms_token_holds_for_its_session_and_no_other() -> None:
    mine, other = new_token(), new_token()
    first, second = csrf_token(mine), csrf_token(mine)
    assert first != second  # masked anew each time
    assert csrf_holds(mine, first) and csrf_holds(mine, second)
    assert not csrf_holds(other, first)
    assert mine not in first


@pytest.mark.parametrize("given", [None, "", "x", "===", "ä", "A" * 88, "A" * 86 + "==", "\0"])
def test_what_is_no_forms_token_is_refused(given: str | None) -> None:
    assert not csrf_holds(new_token(), given)


@given(place=st.integers(min_value=0, max_value=84), letter=st.sampled_from("ABCxyz019-_"))
def test_a_changed_forms_token_is_refused(place: int, letter: str) -> None:
    token = new_token()
    text = csrf_token(token)
    changed = text[:place] + letter + text[place + 1 :]
    assert csrf_holds(token, changed) == (changed == text)


# Who fails learns nothing


def test_unknown_name_wrong_password_and_locked_account_get_the_same_answer(
    entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry.accounts.create("gone", Role.VIEWER, GOOD, actor=ADMIN, now=NOW)
    entry.accounts.disable("gone", actor=ADMIN, now=NOW)
    verified: list[bool] = []
    real = entry.passwords.verify

    def verify(stored: str | None, password: str) -> bool:
        verified.append(stored is not None)
        return real(stored, password)

    monkeypatch.setattr(entry.passwords, "verify", verify)
    said = {
        fail(entry, "erika", "wrong"),
        fail(entry, "nobody", "wrong"),
        fail(entry, "gone", GOOD),
        fail(entry, "no name\0", "wrong"),
        fail(entry, "\ud800", "\ud800"),
        fail(entry, "a" * 10_000, "b" * 10_000),
    }
    assert said == {"the name or the password is wrong"}
    assert verified == [True, False, True, False, False, False]  # each time Argon2 ran, with or without an account


def test_with_nobodys_account_the_same_work_is_done(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import low_level

    entry.accounts.get("erika")
    work: list[Any] = []
    real = low_level.verify_secret

    def verify(kept_text: bytes, secret: bytes, kind: Any) -> bool:
        work.append((low_level.Type(kind), kept_text.split(b"$")[:4], len(kept_text)))
        return real(kept_text, secret, kind)

    monkeypatch.setattr("argon2._password_hasher.verify_secret", verify)
    fail(entry, "erika", "wrong")
    fail(entry, "nobody", "wrong")
    assert len(work) == 2 and work[0] == work[1]


def test_failures_are_noted_without_what_was_typed(entry: Entry) -> None:
    fail(entry, "erika", "wrong-password")
    fail(entry, "my password in the wrong field", "x")
    rows = entry.audited("login.failed")
    assert [row.subject for row in rows] == [f"user:{entry.accounts.get('erika').id}", "user:unknown"]
    assert all("password in" not in str(row) and "wrong-password" not in str(row) for row in rows)
    assert all(row.content is not None and HOME in row.content for row in rows)


# The pace of attempts


def test_after_a_few_attempts_each_waits_longer(entry: Entry) -> None:
    for _ in range(5):
        fail(entry)
    fail(entry)
    waits, at = [], NOW
    for _ in range(13):
        wait = slowed(entry, now=at)
        waits.append(wait)
        at += wait * SECOND
        fail(entry, now=at)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    # The right password has to wait, too; then it comes in, and all is forgotten.
    assert slowed(entry, password=GOOD, now=at) == 900
    at += 900 * SECOND
    entry.sign_in.sign_in("erika", GOOD, address=HOME, now=at)
    fail(entry, now=at)
    (row,) = entry.audited("login.slowed")
    assert row.actor == "system:throttle" and row.content is not None and "erika" not in row.content


def test_an_account_that_is_not_there_slows_down_just_the_same(entry: Entry) -> None:
    for name in ("erika", "nobody"):
        for _ in range(6):
            fail(entry, name, address=f"198.51.100.{ord(name[0])}")
    assert slowed(entry, "erika", address="198.51.100.1") == slowed(entry, "nobody", address="198.51.100.2") == 1


def test_attempts_that_come_at_once_all_count(entry: Entry) -> None:
    def attempt(number: int) -> str:
        try:
            entry.sign_in.sign_in("erika", f"wrong {number}", address=HOME, now=NOW)
        except (NotSignedIn, TooOften) as refused:
            return type(refused).__name__
        return "in"

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(attempt, range(20)))
    assert found.count("NotSignedIn") == 6 and found.count("TooOften") == 14


def test_one_address_that_tries_many_accounts_is_slowed_down(entry: Entry) -> None:
    for number in range(31):
        fail(entry, f"user{number}")
    assert slowed(entry, "user99") == 1
    fail(entry, "user99", address="192.0.2.8")


def test_signing_in_oneself_does_not_clear_what_the_address_did(entry: Entry) -> None:
    for number in range(30):
        fail(entry, f"user{number}")
    entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW)
    fail(entry, "user99")
    assert slowed(entry, "user99", now=NOW) == 1


def test_nobody_is_locked_out_by_strangers(entry: Entry) -> None:
    entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW)
    for _ in range(6):
        fail(entry, address="198.51.100.9")
    assert slowed(entry, password=GOOD, address="203.0.113.5") == 1
    entry.sign_in.sign_in("erika", GOOD, address=HOME, now=NOW)
    for _ in range(6):
        fail(entry)
    assert slowed(entry, password=GOOD) == 1  # the own place has its own count


def test_an_administrator_can_let_somebody_try_again(entry: Entry) -> None:
    for _ in range(6):
        fail(entry)
    slowed(entry)
    user = entry.accounts.get("erika")
    assert entry.throttle.clear("erika", actor=ADMIN, subject=f"user:{user.id}", now=NOW)
    fail(entry)
    (row,) = entry.audited("login.cleared")
    assert (row.actor, row.subject) == (ADMIN, f"user:{user.id}")


def test_attempts_are_forgotten_after_a_day(entry: Entry) -> None:
    for _ in range(6):
        fail(entry)
    slowed(entry)
    fail(entry, now=NOW + timedelta(days=1, seconds=1))
    fail(entry, now=NOW + timedelta(days=1, seconds=1))


@given(st.integers(min_value=0, max_value=10_000))
def test_waits_only_grow_and_have_an_end(count: int) -> None:
    pace = Pace()
    assert timedelta(0) <= pace.wait(count, 5) <= pace.wait(count + 1, 5) <= pace.longest_wait


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
        ("", "unknown"),
        ("a\0b", "unknown"),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_change_while_the_password_is_looked_at_wins(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    real = entry.passwords.verify

    def changes(change: Any) -> Iterator[None]:
        def verify(stored: str | None, password: str) -> bool:
            right = real(stored, password)
            change()
            return right

        with monkeypatch.context() as patched:
            patched.setattr(entry.passwords, "verify", verify)
            fail(entry, "erika", GOOD)
        yield

    entry.accounts.create("boss", Role.ADMIN, GOOD, actor=ADMIN, now=NOW)
    list(changes(lambda: entry.accounts.disable("erika", actor=ADMIN, now=NOW)))
    entry.accounts.enable("erika", actor=ADMIN, now=NOW)
    list(changes(lambda: entry.accounts.set_password("erika", OTHER, actor=ADMIN, now=NOW)))


def test_many_people_at_once_from_one_office_all_come_in(entry: Entry) -> None:
    for number in range(4):
        entry.accounts.create(f"user{number}", Role.VIEWER, GOOD, actor=ADMIN, now=NOW)

    def work(number: int) -> str:
        name, address = f"user{number % 4}", f"192.0.2.{number % 3}"
        started = entry.sign_in.sign_in(name, GOOD, address=address, now=NOW)
        signed = entry.sessions.authenticate(started.token, now=NOW + 90 * SECOND)
        if number % 5 == 0:
            entry.accounts.sign_out(name, actor=ADMIN, now=NOW)
        elif number % 2:
            entry.sessions.sign_out(signed, now=NOW)
        return signed.principal.actor

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(tolerant(work), range(36)))
    assert len([actor for actor in found if actor]) >= 20
    assert len(entry.audited("login.succeeded")) == 36 and not entry.audited("login.slowed")


def tolerant(work: Any) -> Any:
    """The same call; None where another thread has ended the session in between."""

    def call(number: int) -> str | None:
        try:
            return work(number)  # type: ignore[no-any-return]
        except NotSignedIn:
            return None

    return call
