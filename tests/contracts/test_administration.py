"""Looking into the audit record, one's own account, accounts and keys as an administrator works with them: on
every database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.contracts.access import ADMIN, GOOD, HOME, NOW, OTHER, Entry

from stopship.access import Role, Scope
from stopship.access.keys import Keys
from stopship.access.own_account import FRESH, OwnAccount, scopes_of
from stopship.access.sessions import SignedIn
from stopship.access.settings import AccessSettings
from stopship.app.access import Access
from stopship.app.administration.people import People
from stopship.app.administration.record import Record
from stopship.errors import AccountError, InputError, NotFoundError, NotSignedIn, SettingsError
from stopship.store import Database, audit, audit_look, users
from stopship.store.audit_look import Looked, Sought, newest

DAY = timedelta(days=1)
ROWS = 40


@pytest.fixture
def kept(database: Database) -> Database:
    """Forty rows, one an hour, of three actors; every tenth is another action."""
    with database.write() as connection:
        for number in range(1, ROWS + 1):
            audit.append(
                connection,
                actor=f"user:{number % 3}",
                action="key.revoked" if number % 10 == 0 else "case.taken",
                subject=f"case:{number % 7}",
                content={"n": number},
                now=NOW + timedelta(hours=number),
            )
    return database


def look(database: Database, sought: Sought, **more: int) -> Looked:
    with database.begin() as connection:
        return newest(connection, sought, **more)


def all_pages(database: Database, sought: Sought, most: int) -> list[int]:
    found: list[int] = []
    before: int | None = None
    for _page in range(100):
        with database.begin() as connection:
            page = newest(connection, sought, before=before, most=most)
        found += [row.seq for row in page.rows]
        before = page.before
        if before is None:
            return found
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize(
    ("sought", "fits"),
    [
        (Sought(), lambda _n: True),
        (Sought(actor="user:1"), lambda n: n % 3 == 1),
        (Sought(action="key.revoked"), lambda n: n % 10 == 0),
        (Sought(action="key."), lambda n: n % 10 == 0),
        (Sought(action="ke_."), lambda _n: False),
        (Sought(subject="case:5"), lambda n: n % 7 == 5),
        (Sought(actor="user:1", action="case.", subject="case:3"), lambda n: n % 3 == 1 and n % 7 == 3 and n % 10),
        (Sought(since=NOW + timedelta(hours=10)), lambda n: n >= 10),
        (Sought(until=NOW + timedelta(hours=10)), lambda n: n < 10),
        (
            Sought(actor="user:2", since=NOW + timedelta(hours=5), until=NOW + timedelta(hours=30)),
            lambda n: n % 3 == 2 and 5 <= n < 30,
        ),
        (Sought(since=NOW + 9 * DAY), lambda _n: False),
        (Sought(actor="user:77"), lambda _n: False),
    ],
)
@pytest.mark.parametrize("rare", [0, 2000])
def test_all_rows_that_are_looked_for_come_once_the_newest_first(
    kept: Database, monkeypatch: pytest.MonkeyPatch, sought: Sought, fits: object, rare: int
) -> None:
    monkeypatch.setattr(audit_look, "RARE", rare)
    monkeypatch.setattr(audit_look, "PIECE", 7)
    monkeypatch.setattr(audit_look, "SLACK", 2)
    wanted = [n for n in range(ROWS, 0, -1) if fits(n)]  # type: ignore[operator]
    for most in (1, 4, 50):
        assert all_pages(kept, sought, most) == wanted


def test_a_page_looks_so_far_and_no_further_and_says_so(kept: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_look, "PIECE", 4)
    monkeypatch.setattr(audit_look, "MOST_LOOKED", 8)
    first = look(kept, Sought(action="login."))
    assert (first.rows, first.before, first.cut_short) == ((), 33, True)
    assert all_pages(kept, Sought(action="key."), 50) == [40, 30, 20, 10]


def test_the_record_by_days_and_when_it_was_checked(kept: Database, tmp_path: Path) -> None:
    record = Record(tmp_path, kept, lambda: NOW + 3 * DAY)
    asked = {"actor": "", "action": "", "subject": "", "before": None}
    day = record.look(since="2026-11-27", until="2026-11-27", **asked)  # type: ignore[arg-type]
    assert [row.seq for row in day.rows] == list(range(38, 14, -1))
    for since, until in (("yesterday", ""), ("2026-11-28", "2026-11-27")):
        with pytest.raises(SettingsError):
            record.look(since=since, until=until, **asked)  # type: ignore[arg-type]
    assert record.verified().found is None
    record.start_check()
    told = record.verified()
    assert told.found is not None and told.found["verified"] and told.found["rows"] == ROWS
    assert not told.running and not told.trouble
    assert told.found["at"].startswith("2026-11-29")


class Own:
    """One's own account, for a person who has signed in."""

    def __init__(self, database: Database, role: Role = Role.ANALYST) -> None:
        self.entry = Entry(database)
        entry = self.entry
        entry.accounts.create("erika", role, GOOD, actor="cli:ada", now=NOW)
        self.keys = Keys(database)
        self.account = OwnAccount(database, entry.accounts, self.keys, entry.sessions, entry.sign_in)
        self.signed = self.sign_in()

    def sign_in(self, password: str = GOOD) -> SignedIn:
        started = self.entry.sign_in.sign_in("erika", password, address=HOME, now=NOW)
        return self.entry.sessions.authenticate(started.token, now=NOW)

    def make(self, *scopes: Scope, password: str = GOOD, days: int = 30, name: str = "script") -> str:
        made = self.account.make_key(
            self.signed, name, scopes, password=password, days=days, address=HOME, now=NOW + DAY / 48
        )
        return made.text


def test_other_sessions_are_ended_and_never_those_of_others(database: Database) -> None:
    own = Own(database)
    other, third = own.sign_in(), own.sign_in()
    own.entry.accounts.create("vera", Role.VIEWER, OTHER, actor=ADMIN, now=NOW)
    stranger = own.entry.sign_in.sign_in("vera", OTHER, address=HOME, now=NOW)
    assert {row.id for row in own.account.sessions(own.signed, now=NOW)} == {
        own.signed.session.id,
        other.session.id,
        third.session.id,
    }
    assert own.entry.sessions.counts(now=NOW) == {int(own.signed.principal.id): 3, stranger.session.user_id: 1}
    assert own.entry.sessions.counts(now=NOW + 2 * DAY) == {}
    assert own.account.end_sessions(own.signed, now=NOW, session=stranger.session.id) == 0
    assert own.account.end_sessions(own.signed, now=NOW, session=own.signed.session.id) == 0
    assert own.account.end_sessions(own.signed, now=NOW, session=other.session.id) == 1
    assert own.account.end_sessions(own.signed, now=NOW) == 1
    assert [row.id for row in own.account.sessions(own.signed, now=NOW)] == [own.signed.session.id]
    own.entry.sessions.authenticate(stranger.token, now=NOW)
    assert [row.actor for row in own.entry.audited("user.sessions_ended")] == [own.signed.principal.actor] * 2


def test_a_key_of_ones_own_asks_for_the_password_and_acts_as_its_owner(database: Database) -> None:
    own = Own(database)
    text = own.make(Scope.JUDGE)
    known = own.keys.authenticate(f"Bearer {text}", now=NOW + DAY)
    assert known.principal.actor == own.signed.principal.actor
    with pytest.raises(NotSignedIn, match="expired"):
        own.keys.authenticate(f"Bearer {text}", now=NOW + 31 * DAY)
    with pytest.raises(NotSignedIn):
        own.make(Scope.JUDGE, password="wrong", name="another")
    for scopes, days in (((), 30), ((Scope.JUDGE,), 3000), ((Scope.ADMIN,), 30)):
        with pytest.raises(AccountError):
            own.make(*scopes, days=days, name="another")
    (row,) = own.account.keys(own.signed, now=NOW)
    own.account.revoke_key(own.signed, row.public, now=NOW)
    with pytest.raises(NotSignedIn, match="revoked"):
        own.keys.authenticate(f"Bearer {text}", now=NOW + DAY)


def test_nobody_revokes_the_key_of_another_as_their_own(database: Database) -> None:
    own = Own(database)
    made = own.keys.create("ERP", (Scope.MATCH,), actor=ADMIN, now=NOW)
    with pytest.raises(AccountError, match="you have no key"):
        own.account.revoke_key(own.signed, made.row.public, now=NOW)
    own.keys.authenticate(f"Bearer {made.text}", now=NOW)


def test_who_has_no_password_signs_in_anew_for_a_key(database: Database) -> None:
    own = Own(database)
    with database.write() as connection:
        users.change(connection, int(own.signed.principal.id), {"password_hash": None})
    with pytest.raises(NotSignedIn, match="sign in again"):
        own.make(Scope.MATCH, password="")  # half an hour later
    made = own.account.make_key(
        own.signed, "x", (Scope.MATCH,), password="", days=30, address=HOME, now=NOW + FRESH / 2
    )
    assert made.row.user_id == int(own.signed.principal.id)


def test_scopes_that_a_role_can_have() -> None:
    assert Scope.JUDGE not in scopes_of(Role.VIEWER)
    assert Scope.JUDGE in scopes_of(Role.ANALYST)
    assert Scope.ADMIN not in scopes_of(Role.ANALYST)
    assert set(scopes_of(Role.ADMIN)) == set(Scope)
    assert scopes_of(None) == ()


def test_a_password_that_another_has_set_is_told_until_it_is_changed(database: Database) -> None:
    own = Own(database)
    assert own.account.password_is_given(own.signed)
    own.account.change_password(own.signed, GOOD, OTHER, address=HOME, now=NOW)
    assert not own.account.password_is_given(own.signed)
    own.entry.accounts.set_password("erika", GOOD, actor="user:9", now=NOW)
    assert own.account.password_is_given(own.signed)


@pytest.fixture
def people(database: Database) -> People:
    access = Access(database, AccessSettings())
    access.passwords = Entry(database).passwords  # type: ignore[misc]
    return People(access)


def test_accounts_are_made_with_a_password_that_is_told_once(people: People) -> None:
    person, made = people.create("Ada", "Ada L.", "admin", None, actor=ADMIN, now=NOW)
    assert made is not None and len(made) == 23
    assert made not in repr(people.all(now=NOW))
    assert "argon2" not in repr(people.all(now=NOW))
    _other, none = people.create("bob", "", "viewer", GOOD, actor=ADMIN, now=NOW)
    assert none is None
    for name, role, password in (("ada", "viewer", None), ("x y", "viewer", None), ("cy", "king", None)):
        with pytest.raises((AccountError, SettingsError)):
            people.create(name, "", role, password, actor=ADMIN, now=NOW)
    with pytest.raises(AccountError, match="guessed"):
        people.create("cy", "", "viewer", "password2026password", actor=ADMIN, now=NOW)
    assert people.one(person.id, now=NOW).is_last_admin
    for step in (people.disable, lambda number, **more: people.change_role(number, "viewer", **more)):
        with pytest.raises(AccountError, match="last admin"):
            step(person.id, actor=ADMIN, now=NOW)
    with pytest.raises(NotFoundError):
        people.one(99, now=NOW)


def test_keys_of_programs_are_made_rotated_and_revoked(people: People) -> None:
    made = people.create_key("ERP", ["decide", "match"], "2027-01-31", "", actor=ADMIN, now=NOW)
    assert made.row.scopes == "match decide"
    assert made.row.expires is not None and made.row.expires.isoformat() == "2027-01-31T00:00:00+00:00"
    for scopes, expires, rate in (
        (["judge"], "", ""),
        ([], "", ""),
        (["match"], "soon", ""),
        (["match"], "2020-01-01", ""),
        (["match"], "", "many"),
    ):
        with pytest.raises(AccountError):
            people.create_key("other", scopes, expires, rate, actor=ADMIN, now=NOW)
    for hours in ("9999", "-1", "0000009999999999"):
        with pytest.raises(AccountError, match="hours"):
            people.rotate_key(made.row.id, hours, actor=ADMIN, now=NOW)
    rotated = people.rotate_key(made.row.id, "", actor=ADMIN, now=NOW)
    assert [one.row.public for one in people.keys(now=NOW)] == [rotated.row.public]
    assert [one.state for one in people.keys(now=NOW, ended=True)] == ["revoked"]
    people.revoke_key(rotated.row.id, actor=ADMIN, now=NOW)
    assert people.keys(now=NOW) == ()
    with pytest.raises(NotFoundError):
        people.key(99, now=NOW)


def test_an_administrator_does_not_see_the_secret_of_a_persons_key(people: People, database: Database) -> None:
    person, _made = people.create("ada", "", "admin", GOOD, actor=ADMIN, now=NOW)
    own = Keys(database).create("own", (Scope.JUDGE,), actor=person.actor, now=NOW, user="ada")
    with pytest.raises(AccountError, match="acts as a person"):
        people.rotate_key(own.row.id, "", actor=ADMIN, now=NOW)
    people.revoke_key(own.row.id, actor=ADMIN, now=NOW)


@pytest.mark.parametrize("text", ["a\0b", "'; DROP TABLE users; --", "%", "_", "\\", "x" * 10_000, "‮user:1"])
@pytest.mark.parametrize("field", ["actor", "action", "subject", "since"])
def test_what_somebody_types_to_look_for_is_text(kept: Database, tmp_path: Path, text: str, field: str) -> None:
    record = Record(tmp_path, kept, lambda: NOW)
    asked = {"actor": "", "action": "", "subject": "", "since": "", "until": "", field: text}
    try:
        found = record.look(**asked, before=None)
    except InputError:
        return
    assert found.rows == ()


@pytest.mark.parametrize(
    ("since", "until"), [("0001-01-01", ""), ("", "9999-12-31"), ("0001-01-01", "9999-12-31")]
)
def test_the_first_and_the_last_day_that_there_are(kept: Database, tmp_path: Path, since: str, until: str) -> None:
    record = Record(tmp_path, kept, lambda: NOW)
    found = record.look(actor="", action="", subject="", since=since, until=until, before=None)
    assert len(found.rows) == ROWS
