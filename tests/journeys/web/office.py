"""An office that works cases: people with accounts, a small list, and orders that were decided before anyone came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.journeys.web.conftest import NOW

from stopship.access import Principal, Role
from stopship.access.accounts import Accounts
from stopship.access.passwords import Passwords
from stopship.app.service.casework import Working
from stopship.app.service.edition import open_edition
from stopship.app.workspace import Workspace
from stopship.model.order import read_order

Watch = Callable[..., Any]
PASSWORD = "three invented otters"
PEOPLE = (("erika", Role.ANALYST), ("anna", Role.ANALYST), ("sam", Role.SUPERVISOR), ("vera", Role.SUPERVISOR))


def open_office(home: Path, parties: Iterable[Mapping[str, Any]] = ()) -> None:
    """Accounts, and a case for each party that the lists of the home alert on; numbered as they are given."""
    edition = open_edition(home, lambda: NOW)
    with closing(Workspace(home, today=NOW.date()).database()) as database:
        accounts = Accounts(database, Passwords())
        for name, role in PEOPLE:
            accounts.create(name, role, PASSWORD, actor="cli:test", now=NOW)
        working = Working(lambda: edition, database, now=lambda: NOW)
        for party in parties:
            order = {"destination": "CN", "items": [{"eccn": "6A993"}], "parties": [{"role": "end_user", **party}]}
            decision = edition.decider.decide(read_order(order))
            working.keep(decision, Principal("user", "1", "erika", Role.ANALYST))


def come_in(watch: Watch, address: str, name: str, path: str = "/") -> Any:
    """Sign in, and go to a page."""
    one = watch(address)
    one.go(path)
    one.page.fill("#name", name)
    one.page.fill("#password", PASSWORD)
    one.page.get_by_role("button", name="Sign in").click()
    one.page.wait_for_url(lambda url: "/sign-in" not in url)
    return one
