"""Users and keys through the command line, as an administrator works with them."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from tests.journeys.conftest import Cli

PASSWORD = "mettwurst-kachelofen"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password on stdin."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))


def test_the_first_admin_is_made_by_command_and_stays(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Create the first: stopship users create" in cli("users", "list").out
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    said = cli(
        "users", "create", "Erika", "--role", "admin", "--password-stdin", "--full-name", "Erika Mustermann"
    )
    assert (said.code, said.out) == (0, "user erika created with the role admin\n")
    assert PASSWORD not in said.out + said.err
    assert "erika is the last admin" in cli("users", "disable", "erika").refused()
    assert "erika is the last admin" in cli("users", "role", "erika", "viewer").refused()

    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    made = cli("users", "create", "otto", "--role", "viewer", "--password-stdin", "--json").json
    assert (made["name"], made["role"], made["state"]) == ("otto", "viewer", "active")
    assert cli("users", "role", "otto", "admin").out == "user otto has the role admin now\n"
    assert cli("users", "disable", "erika").out == "user erika is disabled and signed out\n"
    (erika, otto) = cli("users", "list", "--json").json["users"]
    assert (erika["state"], otto["state"]) == ("disabled", "active") and "hash" not in str(erika)
    assert cli("users", "enable", "erika").out == "user erika may sign in again\n"
    assert cli("users", "sign-out", "erika").out == "0 sessions of erika ended\n"
    assert "had no wrong passwords" in cli("users", "unlock", "erika").out
    assert "Erika Mustermann" in cli("users", "list").out


def test_a_password_is_asked_for_twice_at_a_terminal(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []

    def prompt(_text: str, **how: object) -> str:
        asked.append(how)
        return PASSWORD

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(typer, "prompt", prompt)
    monkeypatch.setattr(sys, "stdin", Terminal())
    assert cli("users", "create", "erika", "--role", "admin").code == 0
    assert cli("users", "password", "erika").out.startswith("password of erika changed")
    assert all(how["hide_input"] and how["confirmation_prompt"] for how in asked) and len(asked) == 2


def test_what_is_no_user_is_refused_before_a_password_is_asked_for(
    cli: Cli, typed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "unknown role 'chief'" in cli("users", "create", "a", "--role", "chief").refused()
    assert "a user's name" in cli("users", "create", "a b", "--role", "viewer").refused()
    assert "there is no user 'nobody'" in cli("users", "password", "nobody").refused()
    assert "no terminal to ask" in cli("users", "create", "otto", "--role", "viewer").refused()
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    refused = cli("users", "create", "otto", "--role", "viewer", "--password-stdin").refused()
    assert "there is no password on stdin" in refused
    monkeypatch.setattr(sys, "stdin", io.StringIO("Password2026!\n"))
    refused = cli("users", "create", "otto", "--role", "viewer", "--password-stdin").refused()
    assert "easily guessed" in refused and "Password2026!" not in refused
    assert "there is no provider" in cli("users", "link", "otto", "7").refused()
    assert cli("users", "list", "--json").json == {"users": []}


def test_there_is_no_option_for_the_password_itself(cli: Cli) -> None:
    assert "No such option" in cli("users", "create", "a", "--role", "viewer", "--password", "x").refused()


def test_a_key_is_shown_once_then_rotated_and_revoked(cli: Cli, home: Path) -> None:
    assert "there are no keys" in cli("keys", "list").out
    made = cli("keys", "create", "--name", "ERP", "--scope", "match", "--scope", "decide", "--days", "90")
    assert made.code == 0 and "it is shown this once" in made.out
    (secret,) = (line.strip() for line in made.out.splitlines() if line.strip().startswith("ssk_"))
    listed = cli("keys", "list")
    assert "match,decide" in listed.out and "never" in listed.out and secret not in listed.out
    assert secret.encode() not in b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())

    new = cli("keys", "rotate", "ERP", "--keep-old", "24", "--json").json
    assert new["key"].startswith("ssk_") and new["replaces"] == secret.split("_")[1]
    assert [key["state"] for key in cli("keys", "list", "--json").json["keys"]] == ["holds", "holds"]
    assert "there are 2 keys 'ERP'" in cli("keys", "revoke", "ERP").refused()
    assert "is revoked" in cli("keys", "revoke", new["replaces"]).out
    assert "is revoked" in cli("keys", "revoke", "ERP").out
    assert "there are no keys" in cli("keys", "list").out
    states = [key["state"] for key in cli("keys", "list", "--all", "--json").json["keys"]]
    assert states == ["revoked", "revoked"]


def test_keys_that_can_not_be_made_are_refused(cli: Cli) -> None:
    def refused(*more: object) -> str:
        return cli("keys", "create", "--name", "ERP", "--scope", "match", *more).refused()

    assert "can't expire before" in refused("--expires", "2020-01-01")
    assert "--expires" in refused("--expires", "soon")
    assert "give one of them" in refused("--expires", "2099-01-01", "--days", "3")
    assert "unknown scope 'all'" in refused("--scope", "all")
    assert "out of range" in refused("--rate", "2000000")
    assert "there is no key" in cli("keys", "revoke", "ERP").refused()


def make_user(cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str, role: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    assert cli("users", "create", name, "--role", role, "--password-stdin").code == 0


def test_a_key_can_belong_to_a_person(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(cli, monkeypatch, "erika", "admin")
    make_user(cli, monkeypatch, "anna", "supervisor")
    assert (
        "a program can't have the scope judge"
        in cli("keys", "create", "--name", "ERP", "--scope", "judge").refused()
    )
    assert "what is it for?" in cli("keys", "create", "--scope", "match").refused()
    assert "there is no user 'ben'" in cli("keys", "create", "--user", "ben", "--scope", "judge").refused()
    said = cli("keys", "create", "--user", "anna", "--scope", "judge", "--days", 30)
    assert said.code == 0 and "made for anna" in said.out and "may: judge;" in said.out
    (key,) = cli("keys", "list", "--json").json["keys"]
    assert (key["name"], key["user"], key["scopes"]) == ("anna", "anna", ["judge"])
    assert cli("keys", "rotate", "anna", "--json").json["user"] == "anna"
    cli("users", "role", "anna", "analyst")
    assert cli("keys", "list", "--json").json["keys"] == []
    assert {row["state"] for row in cli("keys", "list", "--all", "--json").json["keys"]} == {"revoked"}


def test_where_there_are_accounts_who_acts_is_one_of_them(
    cli: Cli, order: Callable[[object], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    parties = [{"role": "end_user", "name": "Megvi Technology", "country": "DE"}]
    path = order({"destination": "DE", "parties": parties, "items": [{"eccn": "EAR99"}]})
    assert "case 1 opened" in cli("check", path, "--save", "--as", "erp").err
    assert "cli:anna has it" in cli("cases", "assign", 1, "--as", "anna").out
    assert cli("cases", "release", 1, "--as", "anna").code == 0

    make_user(cli, monkeypatch, "erika", "admin")
    make_user(cli, monkeypatch, "anna", "analyst")
    make_user(cli, monkeypatch, "sue", "supervisor")
    make_user(cli, monkeypatch, "gone", "analyst")
    cli("users", "disable", "gone")
    for arguments in (
        ("cases", "next", "--as", "ben"),
        ("cases", "decide", 1, "false_match", "--reason", "name_only", "--as", "ben"),
        ("cases", "note", 1, "seen", "--as", "ben"),
        ("cases", "assign", 1, "ben"),
        ("cases", "list", "--assignee", "ben"),
        ("check", path, "--save", "--as", "ben"),
        ("lists", "pin", "us_csl", "--unpin", "--as", "ben"),
    ):
        assert "there is no user 'ben'" in cli(*arguments).refused()
    assert "gone is disabled" in cli("cases", "next", "--as", "gone").refused()
    # A verdict without a name would make a second person of somebody who has an account.
    for arguments in (
        ("cases", "decide", 1, "false_match", "--reason", "name_only"),
        ("cases", "approve", 1),
        ("cases", "withdraw", 1),
        ("cases", "reopen", 1, "--comment", "look again"),
        ("cases", "bulk", "false_match", "--case", 1, "--reason", "name_only", "--comment", "all of them"),
        ("cases", "suppressions", "--end", 1, "--comment", "over"),
    ):
        assert "say who acts" in cli(*arguments).refused()

    assert "user:2 has it" in cli("cases", "next", "--as", "Anna").out
    assert [c["id"] for c in cli("cases", "list", "--assignee", "anna", "--json").json["cases"]] == [1]
    decided = cli(*("cases", "decide", 1, "true_match", "--reason", "same_details", "--as", "anna", "--json")).json
    assert decided["state"] == "proposed"
    assert "user:2 is analyst; approve needs supervisor" in cli("cases", "approve", 1, "--as", "anna").refused()
    # A role given later makes no second person of the one who proposed it.
    cli("users", "role", "anna", "supervisor")
    assert "user:2 proposed it" in cli("cases", "approve", 1, "--as", "anna").refused()
    assert "TRUE MATCH" in cli("cases", "approve", 1, "--as", "sue").out
    last = cli("cases", "show", 1, "--json").json["dispositions"][-1]
    assert (last["maker"], last["checker"]) == ("user:2", "user:3")
