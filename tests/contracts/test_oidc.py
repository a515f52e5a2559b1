"""Signing in with a provider of identities, which these tests play on the loopback address with a real key."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey
from tests.contracts.access import ADMIN, GOOD, HOME, NOW, Entry
from tests.identity_provider import CLIENT, SECRET, IdentityProvider, elliptic_key, providing, rsa_key

from stopship.access import Role
from stopship.access.oidc_provider import Provider
from stopship.access.oidc_sign_in import OidcSignIn, claim
from stopship.access.sessions import Started
from stopship.access.settings import OidcSettings
from stopship.errors import AccountError, FetchError, NotAllowed, NotSignedIn, SettingsError, StopshipError
from stopship.store import Database, sqlite_url

pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]
ROLES = {"compliance": Role.ANALYST, "compliance-leads": Role.SUPERVISOR, "it": Role.ADMIN}


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with providing(now=int(NOW.timestamp())) as running:
        yield running


class Browser:
    """Somebody's browser, which signs in with the provider."""

    def __init__(self, database: Database, provider: IdentityProvider, **settings: Any) -> None:
        self.entry = Entry(database)
        self.provider = provider
        own = OidcSettings(
            issuer=provider.issuer,
            client_id=CLIENT,
            redirect_uri="http://127.0.0.1:8000/login/oidc",
            roles=ROLES,
            client_secret=SECRET,
        )
        self.oidc = OidcSignIn(database, Provider(replace(own, **settings)), self.entry.sessions)

    def sign_in(self, now: Any = NOW, **answer: str) -> Started:
        begun = self.oidc.begin(now=now)
        return self.oidc.finish(
            self.provider.answer_to(begun.address) | answer, begun.cookie, address=HOME, now=now
        )

    def refused(self, kind: type[StopshipError] = NotSignedIn, **answer: str) -> str:
        with pytest.raises(kind) as refused:
            self.sign_in(**answer)
        assert "\n" not in str(refused.value)
        with pytest.raises(AccountError):
            self.entry.accounts.get("erika")
        return str(refused.value)


@pytest.fixture
def browser(database: Database, provider: IdentityProvider) -> Browser:
    return Browser(database, provider)


@pytest.fixture
def light(tmp_path: Path, provider: IdentityProvider) -> Iterator[Browser]:
    """A browser for what is refused before the database is asked; SQLite is enough."""
    database = Database(sqlite_url(tmp_path / "stopship.db"))
    yield Browser(database, provider)
    database.close()


def test_who_the_provider_knows_gets_an_account_with_the_role_of_the_claim(browser: Browser) -> None:
    browser.provider.groups = ["everybody", "compliance", "compliance-leads"]
    started = browser.sign_in()
    assert started.principal.role is Role.SUPERVISOR and started.principal.name == "Erika Mustermann"
    user = browser.entry.accounts.get("erika")
    assert user.password_hash is None and user.role == "supervisor"
    assert browser.entry.sessions.authenticate(started.token, now=NOW).session.method == "oidc"
    actions = [row.action for row in browser.entry.audited()]
    assert actions == ["user.created", "login.succeeded"]
    # The second time it is the same account, whatever it is called by then.
    browser.provider.claims = {"preferred_username": "other"}
    assert browser.sign_in().principal.id == started.principal.id
    assert len(browser.entry.accounts.all()) == 1


def test_what_is_asked_for_can_not_be_guessed_and_is_new_each_time(browser: Browser) -> None:
    first, second = (browser.oidc.begin(now=NOW) for _ in range(2))
    asked = [parse_qs(urlsplit(one.address).query) for one in (first, second)]
    for name in ("state", "nonce", "code_challenge"):
        (mine,), (other,) = (one[name] for one in asked)
        assert len(mine) >= 43 and mine != other


def test_the_client_shows_its_secret_as_the_provider_wants_it(light: Browser) -> None:
    light.sign_in()
    assert (light.provider.authorizations[-1] or "").startswith("Basic ")
    post = Browser(light.entry.database, light.provider)
    light.provider.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    post.sign_in()
    assert light.provider.authorizations[-1] is None
    public = Browser(light.entry.database, light.provider, client_secret=None)
    public.sign_in()
    assert light.provider.authorizations[-1] is None
    assert SECRET not in repr(public.oidc._provider.settings) + repr(post.oidc._provider.settings)


def test_the_role_follows_the_claim_and_ends_other_sessions(browser: Browser) -> None:
    browser.provider.groups = "compliance-leads"  # one value, not in a list
    first = browser.sign_in()
    browser.provider.groups = ["compliance"]
    second = browser.sign_in()
    assert second.principal.role is Role.ANALYST
    with pytest.raises(NotSignedIn):
        browser.entry.sessions.authenticate(first.token, now=NOW)
    assert len(browser.entry.audited("user.role_changed")) == 1


@pytest.mark.parametrize("groups", [None, [], "", ["everybody"], [None, 7], {"compliance": 1}, ["COMPLIANCE"]])
def test_nobody_without_a_role_gets_an_account(light: Browser, groups: Any) -> None:
    light.provider.groups = groups
    assert "no role here" in light.refused(NotAllowed)
    (row,) = light.entry.audited("login.failed")
    assert row.content is not None and "NotAllowed" in row.content and "Erika" not in row.content


def test_a_disabled_account_stays_out(browser: Browser) -> None:
    browser.sign_in()
    browser.entry.accounts.disable("erika", actor=ADMIN, now=NOW)
    with pytest.raises(NotAllowed, match="disabled"):
        browser.sign_in()


def test_a_name_that_is_taken_is_not_taken_over(browser: Browser) -> None:
    made = browser.entry.accounts.create("erika", Role.ADMIN, GOOD, actor=ADMIN, now=NOW)
    with pytest.raises(AccountError, match="stopship users link erika sub-1"):
        browser.sign_in()
    browser.entry.accounts.link("erika", browser.provider.issuer, "sub-1", actor=ADMIN, now=NOW)
    # Tied now; but the provider would take the last admin's role.
    with pytest.raises(AccountError, match="last admin"):
        browser.sign_in()
    browser.entry.accounts.create("boss", Role.ADMIN, GOOD, actor=ADMIN, now=NOW)
    assert browser.sign_in().principal.id == str(made.id)


CLAIMS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "another client": {"aud": "other"},
    "no client": {"aud": None},
    "other clients, too, and no authorized party": {"aud": ["other", CLIENT]},
    "another authorized party": {"azp": "other"},
    "expired": {"exp": int(NOW.timestamp()) - 61},
    "no expiry": {"exp": None},
    "an expiry that is no number": {"exp": "tomorrow"},
    "made in the future": {"iat": int(NOW.timestamp()) + 3600},
    "not yet": {"nbf": int(NOW.timestamp()) + 3600},
    "another nonce": {"nonce": "other"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "a subject that is no text": {"sub": 7},
    "an empty subject": {"sub": ""},
    "a long subject": {"sub": "x" * 256},
    "a subject that no database takes": {"sub": "a\0b"},
    "a subject that is not ASCII": {"sub": "ä"},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS.keys())
def test_tokens_that_do_not_hold(light: Browser, claims: dict[str, Any]) -> None:
    light.provider.claims = claims
    assert "token doesn't hold" in light.refused()
    assert len(light.entry.audited("login.failed")) == 1


def test_a_token_for_several_clients_with_us_as_the_authorized_party_holds(light: Browser) -> None:
    light.provider.claims = {"aud": ["other", CLIENT], "azp": CLIENT}
    light.sign_in()


def test_tokens_signed_with_an_elliptic_curve_hold(light: Browser) -> None:
    light.provider.keys = [elliptic_key("curve")]
    light.provider.algorithm = "ES256"
    light.sign_in()


def test_a_key_that_is_not_published_is_not_believed(light: Browser) -> None:
    light.provider.signs_with = rsa_key("one", 2)
    assert "token doesn't hold" in light.refused()


def test_a_shared_secret_or_no_signature_is_not_believed(light: Browser) -> None:
    shared = OctKey.import_key("k" * 64, {"kid": "shared", "use": "sig"})
    light.provider.keys.append(shared)
    light.provider.signs_with = shared
    light.provider.algorithm = "HS256"
    assert "token doesn't hold" in light.refused()
    # The published key as if it were a secret (RFC 8725, 2.1).
    public = light.provider.keys[0].as_pem(private=False)
    light.provider.signs_with = OctKey.import_key(public, {"kid": "one"}) if _takes_pem(public) else shared
    assert "token doesn't hold" in light.refused()
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."
    light.provider.token_answer = (200, {"access_token": "a", "id_token": unsigned})
    assert "token doesn't hold" in light.refused()


def _takes_pem(public: bytes) -> bool:
    try:
        OctKey.import_key(public)
    except ValueError:
        return False
    return True


def test_a_provider_that_changes_its_keys_is_followed_at_once(light: Browser) -> None:
    light.sign_in()
    light.provider.keys = [rsa_key("two")]
    later = NOW + timedelta(minutes=5)
    light.provider.now += 300
    light.sign_in(now=later)
    assert light.provider.asked.count("/keys") == 2
    light.sign_in(now=later)
    assert light.provider.asked.count("/keys") == 2
    assert light.provider.asked.count("/.well-known/openid-configuration") == 1


def test_an_unknown_key_makes_us_ask_once_a_minute_at_most(light: Browser) -> None:
    light.sign_in()
    light.provider.signs_with = rsa_key("evil")
    for _ in range(3):
        with pytest.raises(NotSignedIn):
            light.sign_in()
    assert light.provider.asked.count("/keys") == 1


def test_a_sign_in_belongs_to_the_browser_that_began_it(browser: Browser) -> None:
    mine, other = browser.oidc.begin(now=NOW), browser.oidc.begin(now=NOW)
    answer = browser.provider.answer_to(mine.address)
    for cookie in (None, "", other.cookie, "\ud800"):
        with pytest.raises(NotSignedIn, match="not begun in this browser"):
            browser.oidc.finish(answer, cookie, address=HOME, now=NOW)
    with pytest.raises(NotSignedIn, match="not begun in this browser"):
        browser.oidc.finish({"code": "code-1"}, mine.cookie, address=HOME, now=NOW)
    browser.oidc.finish(answer, mine.cookie, address=HOME, now=NOW)


def test_a_sign_in_is_finished_once_and_in_time(browser: Browser) -> None:
    begun = browser.oidc.begin(now=NOW)
    answer = browser.provider.answer_to(begun.address)
    browser.oidc.finish(answer, begun.cookie, address=HOME, now=NOW)
    with pytest.raises(NotSignedIn, match="finished before"):
        browser.oidc.finish(answer, begun.cookie, address=HOME, now=NOW)
    begun = browser.oidc.begin(now=NOW)
    answer = browser.provider.answer_to(begun.address)
    with pytest.raises(NotSignedIn, match="took too long"):
        browser.oidc.finish(answer, begun.cookie, address=HOME, now=NOW + timedelta(minutes=10))


def test_the_session_before_ends(browser: Browser) -> None:
    before = browser.sign_in()
    begun = browser.oidc.begin(now=NOW)
    answer = browser.provider.answer_to(begun.address)
    after = browser.oidc.finish(answer, begun.cookie, address=HOME, now=NOW, before=before.token)
    assert after.token != before.token
    with pytest.raises(NotSignedIn):
        browser.entry.sessions.authenticate(before.token, now=NOW)


def test_a_code_is_worth_nothing_without_the_verifier(browser: Browser) -> None:
    # Somebody who caught the code of another sign-in uses it in one of their own.
    victim = browser.oidc.begin(now=NOW)
    caught = browser.provider.answer_to(victim.address, code="caught")
    own = browser.oidc.begin(now=NOW)
    answer = browser.provider.answer_to(own.address) | {"code": caught["code"]}
    with pytest.raises(NotSignedIn, match="invalid_grant"):
        browser.oidc.finish(answer, own.cookie, address=HOME, now=NOW)


def test_answers_that_are_no_sign_in(light: Browser) -> None:
    assert "access_denied" in light.refused(error="access_denied")
    assert "<" not in light.refused(error="<script>")
    assert "another provider" in light.refused(iss="https://evil.example")
    assert "no code" in light.refused(code="")
    light.provider.token_answer = (200, {"access_token": "a"})
    assert "no ID token" in light.refused()
    light.provider.token_answer = (200, {"access_token": "a", "id_token": "x.y"})
    assert "token doesn't hold" in light.refused()


@pytest.mark.parametrize(
    "answer", [(500, {}), (200, b"<html>"), (200, b"[]"), (302, {}), (400, {"error": "<b>\n</b>"}), (400, b"")]
)
def test_a_provider_whose_tokens_can_not_be_fetched(light: Browser, answer: Any) -> None:
    light.provider.token_answer = answer
    assert "provider" in light.refused(StopshipError) and "<b>" not in light.refused(StopshipError)


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ({"issuer": "https://evil.example"}, "another issuer"),
        ({"token_endpoint": None}, "no token_endpoint"),
        ({"jwks_uri": "http://evil.example/keys"}, "begins with https://"),
        ({"token_endpoint": "file:///etc/passwd"}, "begins with https://"),
    ],
)
def test_a_provider_that_describes_itself_wrongly(light: Browser, description: dict[str, Any], said: str) -> None:
    light.provider.description = description
    assert said in light.refused(StopshipError)


def test_a_provider_that_is_not_there(database: Database) -> None:
    with providing() as gone:
        pass
    with pytest.raises(FetchError, match="can't be reached"):
        Browser(database, gone).oidc.begin(now=NOW)


def test_an_address_without_tls_is_refused() -> None:
    with pytest.raises(SettingsError, match="https://"):
        Provider(OidcSettings("http://id.example.com", CLIENT, "https://a.example/cb", ROLES))


def test_without_the_extra_a_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match=r"pip install 'stopship\[oidc\]'"):
        Provider(OidcSettings("https://id.example.com", CLIENT, "https://a.example/cb", ROLES))


def test_a_claim_may_lie_inside_of_another() -> None:
    claims = {"realm_access": {"roles": ["a"]}, "urn:x.y": ["b"], "n": 1}
    assert claim(claims, "realm_access.roles") == ["a"]
    assert claim(claims, "urn:x.y") == ["b"]
    assert claim(claims, "n.roles") is None and claim(claims, "realm_access.other") is None
