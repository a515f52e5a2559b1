"""What pages cost doesn't grow with the number of cases or beyond bounds: statements are counted, bytes measured.

Times are for `python -m benchmarks.web.pages`; that every statement reads few rows, or an index, shows there.
"""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from benchmarks.web.asking import watch
from benchmarks.web.names import LONGEST
from benchmarks.web.pages import MOST_BYTES, Place, addresses, ask, browsers, fill, later_pages, serving
from tests.journeys.service.conftest import NOW, import_rows
from tests.journeys.test_lists import DPL, EL, SDN

from stopship.app.auditing import verify
from stopship.store import sqlite_url

FEW, MANY = 100, 2_400
ONCE_MORE = 1
"""Where few cases give an empty list there is nothing to ask about its lines; else it is asked once for all."""
WIDE = 52
"""Cases with forty alerts each: more than one page of the queue shows."""
ROWS = [
    {
        "_id": f"e{number}",
        "source": (EL, SDN, DPL)[number % 3],
        "entity_number": str(number),
        "type": "Entity",
        "programs": "SDGT; RUSSIA-EO14024" if number % 3 == 1 else "",
        "name": f"{LONGEST}, Department {number}",
        "alt_names": f"Far Eastern Shipbuilding Yards No. {number}",
        "addresses": "Ulitsa Admirala Makarova 40, Vladivostok, RU",
        "federal_register_notice": "84 FR 54002",
        "start_date": "2019-10-09",
        "license_requirement": "For all items subject to the EAR. (See §744.11 of the EAR)",
        "license_policy": "Presumption of denial",
        "remarks": "Linked To: the other ones. " * 4,
        "source_list_url": "http://bit.ly/1L47xrV",
    }
    for number in range(1, 46)
]


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A home whose list has forty-five names as long as names get, all alike."""
    import_rows(tmp_path / "home", tmp_path, *ROWS)
    return tmp_path / "home"


async def costs(home: Path, alerts: int, wide: int) -> dict[str, tuple[int, int, int]]:
    """Status, bytes and statements of every page, by address; numbers of cases are left out of these."""
    at = Place(home, sqlite_url(home / "stopship.db"), cool=lambda: None)
    now = NOW + timedelta(days=1)
    async with serving(at, now=lambda: now) as (server, app):
        seeded = fill(server.database, server, alerts, now, wide, most=4)
        assert seeded.open_alerts >= alerts
        assert verify(home, server.database, now=now).sound
        who = await browsers(server, app, watch(server.database.engine), now)
        assert (await who("").ask("/cases/999999")).status == 404
        found = {}
        later = await later_pages(who(""), "/cases", 1)
        for path in (*addresses(seeded, server), later):
            if path.startswith("/bulk/new?case"):  # there are not so many cases where there are few
                continue
            answer = await ask(who(path), path)
            name = path.replace(f"/cases/{seeded.closed}", "/cases/closed").replace(
                f"/bulk/{seeded.bulk}", "/bulk/last"
            )
            name = name.partition("after=")[0]
            found[name] = (answer.status, len(answer.body), answer.statements)
        return found


def test_statements_don_t_grow_with_cases_and_pages_stay_small(lists: Path, tmp_path: Path) -> None:
    found = []
    for alerts, wide in ((FEW, 0), (MANY, WIDE)):
        home = tmp_path / str(alerts)
        shutil.copytree(lists, home)
        found.append(asyncio.run(costs(home, alerts, wide)))
    few, many = found
    assert few.keys() == many.keys()
    assert {path: cost for path, cost in many.items() if cost[0] not in (200, 303, 404, 422)} == {}
    more = {path: (few[path][2], cost[2]) for path, cost in many.items() if cost[2] > few[path][2] + ONCE_MORE}
    assert more == {}, "these ask the database more often when there are more cases"
    large = {path: cost[1] for path, cost in many.items() if cost[1] > MOST_BYTES}
    assert large == {}
