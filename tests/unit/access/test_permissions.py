"""The table of who may do what: deny by default, every action named and reachable, roles that only grow."""

from __future__ import annotations

from itertools import pairwise

import pytest

from stopship.access import (
    Action,
    Principal,
    Role,
    Scope,
    actions_of,
    allows,
    command_line,
    open_principal,
    require,
    system,
)
from stopship.access.permissions import MEANINGS, ROLES, SCOPES
from stopship.access.vocabulary import parse_role, parse_scopes
from stopship.errors import NotAllowed, SettingsError

# Written down a second time on purpose: a change of the table must be meant.
EXPECTED = {
    "names.screen": ("analyst", "match"),
    "orders.decide": ("analyst", "decide"),
    "decisions.read": ("viewer", "decide audit"),
    "lists.read": ("viewer", "match decide lists"),
    "lists.update": ("supervisor", "lists"),
    "lists.pin": ("supervisor", ""),
    "rules.read": ("viewer", "decide"),
    "rules.pin": ("admin", ""),
    "cases.read": ("viewer", "cases"),
    "cases.work": ("analyst", "cases"),
    "cases.dispose": ("analyst", ""),
    "cases.assign": ("supervisor", ""),
    "cases.approve": ("supervisor", ""),
    "cases.bulk": ("supervisor", ""),
    "monitor.read": ("viewer", "monitor"),
    "monitor.run": ("supervisor", "monitor"),
    "jobs.read": ("viewer", "match monitor"),
    "jobs.run": ("analyst", "match"),
    "audit.read": ("viewer", "audit"),
    "metrics.read": ("supervisor", "metrics"),
    "settings.read": ("supervisor", "admin"),
    "settings.change": ("admin", "admin"),
    "webhooks.manage": ("admin", "admin"),
    "users.read": ("supervisor", "admin"),
    "users.manage": ("admin", "admin"),
    "keys.manage": ("admin", "admin"),
}


def person(role: Role | None) -> Principal:
    return Principal("user", "7", "Erika", role)


def program(*scopes: Scope) -> Principal:
    return Principal("key", "3", "ERP", None, frozenset(scopes))


@pytest.mark.parametrize("action", list(Action))
def test_the_table_is_the_one_that_is_meant(action: Action) -> None:
    least, scopes = EXPECTED[action]
    allowed = [role for role in Role if allows(person(role), action)]
    assert allowed == list(Role)[list(Role).index(Role(least)) :]
    assert [scope for scope in Scope if allows(program(scope), action)] == parse_scopes_or_none(scopes)


def parse_scopes_or_none(text: str) -> list[Scope]:
    return list(parse_scopes(text.split())) if text else []


def test_nothing_is_missing_from_the_tables() -> None:
    assert set(EXPECTED) == set(Action) == set(MEANINGS)
    assert set(ROLES) == set(Role) and set(SCOPES) == set(Scope)


def test_what_is_not_in_the_table_is_refused_to_everybody() -> None:
    for principal in (person(Role.ADMIN), program(*Scope), open_principal(), command_line(), None):
        for action in ("", "cases", "cases.*", "NAMES.SCREEN", "made.up"):
            assert not allows(principal, action)
            with pytest.raises(NotAllowed):
                require(principal, action)


def test_who_is_nobody_may_do_nothing() -> None:
    for principal in (None, person(None), program(), system("monitor")):
        assert not any(allows(principal, action) for action in Action)


def test_a_higher_role_may_do_all_that_a_lower_one_may() -> None:
    for lower, higher in pairwise(ROLES.values()):
        assert lower < higher


def test_no_key_can_give_a_verdict() -> None:
    # Whoever holds a key is a person, too: with it, one person could be both pairs of eyes.
    for action in (Action.CASES_DISPOSE, Action.CASES_APPROVE, Action.CASES_BULK):
        assert not allows(program(*Scope), action)
        with pytest.raises(NotAllowed, match="a person must sign in"):
            require(program(*Scope), action)


def own_key(role: Role | None, *scopes: Scope) -> Principal:
    return Principal("user", "7", "Erika", role, frozenset(scopes))


def test_a_key_of_a_person_does_what_role_and_scopes_both_allow() -> None:
    analyst = own_key(Role.ANALYST, Scope.JUDGE)
    assert allows(analyst, Action.CASES_DISPOSE) and not allows(analyst, Action.CASES_APPROVE)
    assert allows(own_key(Role.SUPERVISOR, Scope.JUDGE), Action.CASES_APPROVE)
    assert not allows(own_key(Role.ADMIN, Scope.JUDGE), Action.USERS_MANAGE)
    assert not allows(own_key(Role.VIEWER, Scope.JUDGE), Action.CASES_WORK)
    for role in Role:
        everything = own_key(role, *Scope)
        assert actions_of(everything) <= ROLES[role]
    assert not actions_of(own_key(None, Scope.JUDGE))
    with pytest.raises(NotAllowed, match="a key of yours with scope judge"):
        require(own_key(Role.SUPERVISOR, Scope.CASES), Action.CASES_APPROVE)
    with pytest.raises(NotAllowed, match="the role supervisor or more"):
        require(analyst, Action.CASES_APPROVE)
    with pytest.raises(NotAllowed, match="sign in instead"):
        require(own_key(Role.ADMIN, *Scope), Action.RULES_PIN)


def test_an_open_server_gives_nobody_administration_or_the_audit_record() -> None:
    for action in (Action.USERS_MANAGE, Action.KEYS_MANAGE, Action.SETTINGS_CHANGE, Action.AUDIT_READ):
        assert not allows(open_principal(), action)
    assert allows(open_principal(), Action.NAMES_SCREEN)


def test_a_refusal_says_what_it_would_need() -> None:
    with pytest.raises(NotAllowed, match=r"not allowed: cases.approve. It needs the role supervisor or more"):
        require(person(Role.ANALYST), Action.CASES_APPROVE)
    with pytest.raises(NotAllowed, match="needs a key with scope match or monitor"):
        require(program(Scope.AUDIT), Action.JOBS_READ)
    require(person(Role.ADMIN), Action.CASES_APPROVE)


def test_how_the_audit_record_names_who_did_it() -> None:
    assert person(Role.ADMIN).actor == "user:7" and program().actor == "key:3"
    assert command_line().actor.startswith("cli:") and system("monitor").actor == "system:monitor"


def test_words_of_the_vocabulary() -> None:
    assert parse_role(" Admin ") is Role.ADMIN
    assert parse_scopes(["decide,match", "match"]) == (Scope.MATCH, Scope.DECIDE)
    with pytest.raises(SettingsError, match="unknown role 'root'"):
        parse_role("root")
    with pytest.raises(SettingsError, match="unknown scope 'all'"):
        parse_scopes(["match", "all"])
    with pytest.raises(SettingsError, match="needs a scope"):
        parse_scopes([" , "])
