"""Keys of programs, on every database."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.access import quick_passwords

from stopship.access import Action, Role, Scope, allows
from stopship.access import keys as keys_module
from stopship.access.accounts import Accounts, add
from stopship.access.key_text import LETTERS, PATTERN, key_in_header, new_key, parse_key
from stopship.access.keys import Keys, secret_hash
from stopship.errors import AccountError, NotSignedIn
from stopship.store import Database, audit, users

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
BY = "user:1"


def header(text: str) -> str:
    return f"ApiKey {text}"


def test_a_key_is_shown_once_and_its_hash_is_kept(database: Database) -> None:
    keys = Keys(database)
    made = keys.create("ERP", (Scope.MATCH,), actor=BY, now=NOW)
    assert PATTERN.fullmatch(made.text) and len(made.text) == 66
    (row,) = keys.all()
    kept = json.dumps([str(value) for value in (getattr(row, name) for name in row.__slots__)])
    parsed = parse_key(made.text)
    assert parsed is not None
    assert parsed.secret not in kept and row.secret_hash == secret_hash(parsed)
    assert parsed.secret not in repr(parsed)
    with database.begin() as connection:
        (noted,) = audit.rows(connection)
    assert (noted.actor, noted.action, noted.subject) == (BY, "key.created", f"key:{row.id}")
    assert (
        noted.content is not None and parsed.secret not in noted.content and row.secret_hash not in noted.content
    )


def test_who_sends_a_key_is_known_by_it(database: Database) -> None:
    keys = Keys(database)
    made = keys.create("ERP", (Scope.MATCH,), actor=BY, now=NOW, a_minute=60)
    for scheme in ("ApiKey", "apikey", "Bearer", "BEARER"):
        known = keys.authenticate(f"{scheme} {made.text}", now=NOW)
        assert known.principal.actor == f"key:{made.row.id}" and known.principal.name == "ERP"
        assert known.a_minute == 60
    assert allows(known.principal, Action.NAMES_SCREEN)
    assert not allows(known.principal, Action.ORDERS_DECIDE)


def test_a_wrong_secret_and_an_unknown_key_get_the_same_answer(database: Database) -> None:
    keys = Keys(database)
    made = keys.create("ERP", (Scope.MATCH,), actor=BY, now=NOW)
    other = new_key()
    forged = type(other)(made.row.public, other.secret).text()
    said = []
    for text in (forged, other.text()):
        with pytest.raises(NotSignedIn) as refused:
            keys.authenticate(header(text), now=NOW)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_secrets_are_compared_in_constant_time_known_or_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The time of a comparison can't be measured reliably in a test; that this function runs each time can be seen.
    keys = Keys(database)
    made = keys.create("ERP", (Scope.MATCH,), actor=BY, now=NOW)
    compared: list[tuple[int, int]] = []

    def compare(left: str, right: str) -> bool:
        compared.append((len(left), len(right)))
        return hmac.compare_digest(left, right)

    monkeypatch.setattr(keys_module, "hmac", type("Watched", (), {"compare_digest": staticmethod(compare)}))
    keys.authenticate(header(made.text), now=NOW)
    with pytest.raises(NotSignedIn):
        keys.authenticate(header(new_key().text()), now=NOW)
    assert compared == [(64, 64), (64, 64)]


def test_an_expired_and_a_revoked_key_are_refused_and_only_their_holder_learns_why(database: Database) -> None:
    keys = Keys(database)
    short = keys.create("short", (Scope.MATCH,), actor=BY, now=NOW, expires=NOW + timedelta(days=1))
    gone = keys.create("gone", (Scope.MATCH,), actor=BY, now=NOW)
    keys.authenticate(header(short.text), now=NOW + timedelta(hours=23))
    with pytest.raises(NotSignedIn, match="expired on 2026-11-27"):
        keys.authenticate(header(short.text), now=NOW + timedelta(days=1))
    keys.revoke("gone", actor=BY, now=NOW)
    with pytest.raises(NotSignedIn, match="revoked on 2026-11-26"):
        keys.authenticate(header(gone.text), now=NOW)
    forged = type(new_key())(gone.row.public, new_key().secret).text()
    with pytest.raises(NotSignedIn, match="not known here"):
        keys.authenticate(header(forged), now=NOW)


def test_the_last_use_is_written_at_most_once_a_minute(database: Database) -> None:
    keys = Keys(database)
    made = keys.create("ERP", (Scope.MATCH,), actor=BY, now=NOW)

    def used(seconds: int) -> datetime | None:
        keys.authenticate(header(made.text), now=NOW + timedelta(seconds=seconds))
        return keys.all()[0].last_used

    assert keys.all()[0].last_used is None
    assert used(0) == NOW
    assert used(30) == NOW and used(60) == NOW
    assert used(61) == NOW + timedelta(seconds=61)


def test_a_rotated_key_keeps_what_it_may_do_and_the_old_one_ends(database: Database) -> None:
    keys = Keys(database)
    old = keys.create(
        "ERP", (Scope.DECIDE, Scope.MATCH), actor=BY, now=NOW, expires=NOW + timedelta(days=90), a_minute=7
    )
    later = NOW + timedelta(days=60)
    new = keys.rotate("ERP", actor=BY, now=later)
    assert new.row.scopes == "decide match" or new.row.scopes == old.row.scopes
    assert new.row.a_minute == 7 and new.row.replaces == old.row.public
    assert new.row.expires == later + timedelta(days=90)
    keys.authenticate(header(new.text), now=later)
    with pytest.raises(NotSignedIn):
        keys.authenticate(header(old.text), now=later)


def test_a_rotated_key_may_hold_for_a_while_but_never_longer_than_before(database: Database) -> None:
    keys = Keys(database)
    old = keys.create("ERP", (Scope.MATCH,), actor=BY, now=NOW, expires=NOW + timedelta(hours=2))
    keys.rotate(old.row.public, actor=BY, now=NOW, keep_old=timedelta(days=1))
    keys.authenticate(header(old.text), now=NOW + timedelta(hours=1))
    with pytest.raises(NotSignedIn, match="expired"):
        keys.authenticate(header(old.text), now=NOW + timedelta(hours=2))
    with pytest.raises(AccountError, match="there are 2 keys 'ERP'"):
        keys.revoke("ERP", actor=BY, now=NOW)


def test_keys_that_can_not_be_made_or_found_are_refused_in_one_line(database: Database) -> None:
    keys = Keys(database)
    keys.create("ERP", (Scope.MATCH,), actor=BY, now=NOW)
    for refused, match in [
        (lambda: keys.create("ERP", (Scope.MATCH,), actor=BY, now=NOW), "there is a key 'ERP' already"),
        (lambda: keys.create("  ", (Scope.MATCH,), actor=BY, now=NOW), "1 to 100 letters"),
        (lambda: keys.create("a\x00b", (Scope.MATCH,), actor=BY, now=NOW), "1 to 100 letters"),
        (lambda: keys.create("B", (Scope.MATCH,), actor=BY, now=NOW, expires=NOW), "expire before"),
        (lambda: keys.create("B", (Scope.MATCH,), actor=BY, now=NOW, a_minute=0), "out of range"),
        (lambda: keys.revoke("C", actor=BY, now=NOW), "there is no key C"),
    ]:
        with pytest.raises(AccountError, match=match):
            refused()
    keys.revoke("ERP", actor=BY, now=NOW)
    with pytest.raises(AccountError, match="doesn't hold any more"):
        keys.revoke("ERP", actor=BY, now=NOW)
    keys.create("ERP", (Scope.MATCH,), actor=BY, now=NOW)


@pytest.mark.parametrize(
    "value", [None, "", "  ", "Basic dXNlcjpwYXNz", "ApiKey", "ApiKey ", "ApiKey abc", "Bearer ssk_a_b", "ssk_abc"]
)
def test_headers_without_a_key(value: str | None) -> None:
    with pytest.raises(NotSignedIn):
        key_in_header(value)


def test_every_key_reads_back_and_no_change_of_a_letter_does() -> None:
    for _ in range(50):
        text = new_key().text()
        parsed = parse_key(text)
        assert parsed is not None and parsed.text() == text


@given(place=st.integers(min_value=4, max_value=65), letter=st.sampled_from(LETTERS))
def test_a_mistyped_key_is_told_by_its_sum(place: int, letter: str) -> None:
    text = new_key().text()
    changed = text[:place] + letter + text[place + 1 :]
    assert (parse_key(changed) is None) == (changed != text)


@given(st.text())
def test_any_text_in_the_header_is_answered(text: str) -> None:
    with pytest.raises(NotSignedIn):
        key_in_header(text)


# --- keys of persons ---------------------------------------------------------------------------------


def account(database: Database, name: str, role: Role) -> int:
    with database.write() as connection:
        return add(connection, {"name": name, "full_name": name.title(), "role": role}, actor=BY, now=NOW).id


def test_a_key_of_a_person_is_the_person_within_its_scopes(database: Database) -> None:
    keys = Keys(database)
    number = account(database, "anna", Role.ANALYST)
    made = keys.create("anna", (Scope.JUDGE,), actor=BY, now=NOW, user="Anna")
    assert made.row.user_id == number
    known = keys.authenticate(header(made.text), now=NOW)
    assert (known.principal.actor, known.principal.role, known.principal.name) == (
        f"user:{number}",
        Role.ANALYST,
        "Anna",
    )
    assert known.key == f"key:{made.row.id}"
    assert allows(known.principal, Action.CASES_DISPOSE)
    for action in (Action.CASES_APPROVE, Action.NAMES_SCREEN, Action.USERS_READ):
        assert not allows(known.principal, action)
    rotated = keys.rotate("anna", actor=BY, now=NOW)
    assert rotated.row.user_id == number
    assert keys.authenticate(header(rotated.text), now=NOW).principal.actor == f"user:{number}"


def test_a_key_of_a_person_follows_the_role_up_and_ends_when_it_goes_down(database: Database) -> None:
    keys, accounts = Keys(database), Accounts(database, quick_passwords())
    account(database, "erika", Role.ADMIN)
    account(database, "anna", Role.ANALYST)
    made = keys.create("anna", (Scope.JUDGE,), actor=BY, now=NOW, user="anna")
    accounts.change_role("anna", Role.SUPERVISOR, actor=BY, now=NOW)
    assert allows(keys.authenticate(header(made.text), now=NOW).principal, Action.CASES_APPROVE)
    accounts.change_role("anna", Role.ANALYST, actor=BY, now=NOW)
    with pytest.raises(NotSignedIn, match="revoked on 2026-11-26"):
        keys.authenticate(header(made.text), now=NOW)
    accounts.change_role("anna", Role.SUPERVISOR, actor=BY, now=NOW)
    with pytest.raises(NotSignedIn, match="revoked"):  # it doesn't come back with the role
        keys.authenticate(header(made.text), now=NOW)
    with database.begin() as connection:
        changed = [json.loads(row.content or "{}") for row in audit.rows(connection) if "role" in row.action]
    assert [one.get("keys_revoked") for one in changed] == [None, [made.row.public], None]


def test_a_key_of_a_person_ends_with_the_account(database: Database) -> None:
    keys, accounts = Keys(database), Accounts(database, quick_passwords())
    account(database, "erika", Role.ADMIN)
    account(database, "anna", Role.SUPERVISOR)
    made = keys.create("anna", (Scope.JUDGE, Scope.CASES), actor=BY, now=NOW, user="anna")
    program = keys.create("ERP", (Scope.CASES,), actor=BY, now=NOW)
    accounts.disable("anna", actor=BY, now=NOW)
    for _ in range(2):
        with pytest.raises(NotSignedIn):
            keys.authenticate(header(made.text), now=NOW)
        accounts.enable("anna", actor=BY, now=NOW)
    assert keys.authenticate(header(program.text), now=NOW).principal.kind == "key"


def test_an_account_disabled_behind_our_back_lets_no_key_in(database: Database) -> None:
    keys = Keys(database)
    number = account(database, "anna", Role.SUPERVISOR)
    made = keys.create("anna", (Scope.JUDGE,), actor=BY, now=NOW, user="anna")
    with database.write() as connection:
        users.change(connection, number, {"disabled": NOW})
    with pytest.raises(NotSignedIn, match="the account of this key is disabled"):
        keys.authenticate(header(made.text), now=NOW)


def test_keys_of_persons_that_can_not_be_made(database: Database) -> None:
    keys = Keys(database)
    number = account(database, "vera", Role.VIEWER)
    account(database, "gone", Role.ANALYST)
    account(database, "anna", Role.ANALYST)
    with database.write() as connection:
        users.change(connection, number + 1, {"disabled": NOW})
    for scopes, user, match in [
        ((Scope.JUDGE,), None, "a program can't have the scope judge"),
        (tuple(Scope), None, "a program can't have the scope judge"),
        ((Scope.JUDGE,), "nobody", "there is no user 'nobody'"),
        ((Scope.JUDGE,), "gone", "gone is disabled"),
        ((Scope.JUDGE,), "vera", "vera is viewer, who may do nothing that the scope judge is for"),
        ((Scope.ADMIN,), "anna", "anna is analyst, who may do nothing that the scope admin is for"),
    ]:
        with pytest.raises(AccountError, match=match):
            keys.create("key", scopes, actor=BY, now=NOW, user=user)
    assert keys.all() == ()
