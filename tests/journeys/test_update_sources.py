"""Lists that are not simply a file at an address: texts of a day, pages, lists of one's own, lists got by hand."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from tests.journeys.conftest import Cli
from tests.journeys.small_lists import FIRST, KNOWN, named
from tests.journeys.test_lists import ROWS, csl
from tests.publisher import Publisher, publishing, status, whole

from stopship.app.intake import read as read_module
from stopship.app.lists.choice import only_by_hand
from stopship.sources import catalogue as catalogue_module
from stopship.sources.contract import LatestDay, ParsedList, SourceInfo

pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]

SOURCES = Path(__file__).resolve().parents[1] / "sources"
# Both without their one row that is torn: so few rows may have none.
PART_744 = (SOURCES / "us_bis_el" / "part744.xml").read_bytes()
PART_744 = PART_744.replace(b"<TD>Presumption of denial</TD></TR>\n</TBODY>", b"<TD/><TD/></TR>\n</TBODY>")
PAGE = (SOURCES / "us_uflpa" / "uflpa-entity-list.html").read_bytes()
PAGE = PAGE.replace(b"<tr><td>Rowtorn Ltd.</td></tr>\n", b"")
DPL = SOURCES / "us_bis_dpl" / "dpl.txt"
REAL = catalogue_module._catalogue
TODAY = datetime.now().astimezone().date()
DAY = (TODAY - timedelta(days=3)).isoformat()
OWN = "name,country\nBeispiel Trading,DE\nFiktiv Optics Research Institute,CN\n"
MAPPING = """\
format: 1
name: blue
title: The blue list
columns: {name: name, country: country}
rows: {at_least: 1, at_most: 10}
"""


def small(info: SourceInfo, **changed: Any) -> SourceInfo:
    return replace(info, min_rows=1, max_rows=1_000, **changed)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as it:
        it.answers["/titles.json"] = whole(
            json.dumps({"titles": [{"number": 15, "up_to_date_as_of": DAY}]}).encode()
        )
        it.answers[f"/full/{DAY}/title-15.xml?part=744"] = whole(PART_744)
        it.answers["/page"] = whole(PAGE, etag='"1"')
        it.answers["/one.csv"] = whole(FIRST, etag='"1"')
        it.answers["/blue.csv"] = whole(OWN.encode(), etag='"1"')
        yield it


@pytest.fixture(autouse=True)
def lists(monkeypatch: pytest.MonkeyPatch, publisher: Publisher) -> None:
    real = catalogue_module.catalogue()
    day = real["us_bis_el"].latest_day
    assert day is not None
    found = (
        small(
            real["us_bis_el"],
            canaries=(),
            fetch=publisher.url("/full/{date}/title-15.xml?part=744"),
            latest_day=LatestDay(publisher.url("/titles.json"), day.among, day.where, day.take),
        ),
        small(real["us_uflpa"], fetch=publisher.url("/page")),
        small(real["us_csl"], fetch=publisher.url("/one.csv"), canaries=(KNOWN,)),
        small(real["us_bis_dpl"], canaries=()),
        real["jp_meti"],
        real["custom"],
        real["starter"],
    )
    table = MappingProxyType({info.id: info for info in sorted(found, key=lambda info: info.id)})
    monkeypatch.setattr(catalogue_module, "_catalogue", lambda: table)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def settings(home: Path) -> Callable[..., None]:
    def write(**lists: Any) -> None:
        plain = {"wait_seconds": 0.01, "attempts": 2, "silence_seconds": 0.5, **lists}
        home.mkdir(exist_ok=True)
        (home / "settings.yaml").write_text(yaml.safe_dump({"lists": plain}), "utf-8")

    write()
    return write


@pytest.fixture
def older_reader(cli: Cli, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list got by hand, with more bad rows than usual, and a list of one's own; read by the version before."""
    (tmp_path / "blue.csv").write_text(OWN, "utf-8")
    (tmp_path / "blue.yml").write_text(MAPPING, "utf-8")
    assert cli("lists", "import", "us_bis_dpl", DPL, "--accept").code == 0
    assert cli("lists", "import", "custom", tmp_path / "blue.csv", "--mapping", tmp_path / "blue.yml").code == 0
    for module in ("app.lists.choice", "app.lists.refresh", "app.intake.read"):
        monkeypatch.setattr(f"stopship.{module}.PARSER_VERSION", "9+9")


def state(cli: Cli, source: str) -> dict[str, Any]:
    states = cli("lists", "status", "--json").json["lists"]
    return next(one for one in states if one["source"] == source)


def test_a_text_of_a_day_is_as_old_as_its_day(cli: Cli, settings: Any, publisher: Publisher) -> None:
    said = cli("lists", "update", "us_bis_el")
    assert said.code == 0, said.err
    assert publisher.paths() == ["/titles.json", f"/full/{DAY}/title-15.xml?part=744"]
    first = state(cli, "us_bis_el")
    assert (first["age_days"], first["retrieved"], first["published"]) == (3, DAY, None)
    later = (TODAY - timedelta(days=1)).isoformat()
    publisher.answers["/titles.json"] = whole(
        json.dumps({"titles": [{"number": 15, "up_to_date_as_of": later}]}).encode()
    )
    publisher.answers[f"/full/{later}/title-15.xml?part=744"] = whole(PART_744)
    assert "us_bis_el: unchanged" in cli("lists", "update", "us_bis_el").out
    again = state(cli, "us_bis_el")
    assert (again["age_days"], again["snapshot"]) == (1, first["snapshot"])


def test_a_mirror_of_texts_of_a_day_is_asked_for_nothing_else(
    cli: Cli, settings: Any, publisher: Publisher
) -> None:
    settings(addresses={"us_bis_el": publisher.url("/mirror/{date}.xml")})
    publisher.answers[f"/mirror/{DAY}.xml"] = whole(PART_744)
    assert cli("lists", "update", "us_bis_el").code == 0
    assert publisher.paths() == [f"/mirror/{TODAY - timedelta(days=back)}.xml" for back in range(4)]


def test_a_page_is_taken_as_it_is_and_an_error_page_is_not(cli: Cli, settings: Any, publisher: Publisher) -> None:
    said = cli("lists", "update", "us_uflpa")
    assert said.code == 0, said.err
    assert "us_uflpa: new here" in said.out
    before = state(cli, "us_uflpa")["snapshot"]
    publisher.answers["/page"] = whole(b"<!DOCTYPE html><html><title>Access Denied</title><p>no</p></html>")
    said = cli("lists", "update", "us_uflpa")
    assert said.code == 1
    assert "the page holds no list" in said.err
    assert "stays in use" in said.err
    assert state(cli, "us_uflpa")["snapshot"] == before


BILLION = b"<!ENTITY a0 'ha'>" + b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
)
LAUGHS = b"<?xml version='1.0'?><!DOCTYPE CONSOLIDATED_LIST [" + BILLION + b"]><CONSOLIDATED_LIST>&a9;"
FILE = b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><CONSOLIDATED_LIST>&f;</CONSOLIDATED_LIST>"


def leading_out() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../cons_prim.csv", b"1,x\n")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("source", "body", "words"),
    [
        ("un_sc", LAUGHS, "document type"),
        ("un_sc", FILE, "document type"),
        ("us_ofac_cons", leading_out(), "cons_prim.csv"),
    ],
)
def test_files_that_attack_are_refused_and_nothing_of_them_stays(
    cli: Cli,
    settings: Any,
    publisher: Publisher,
    monkeypatch: pytest.MonkeyPatch,
    home: Path,
    source: str,
    body: bytes,
    words: str,
) -> None:
    monkeypatch.setattr(catalogue_module, "_catalogue", REAL)
    settings(addresses={source: publisher.url("/bad")})
    publisher.answers["/bad"] = whole(body)
    said = cli("lists", "update", source)
    assert said.code == 1
    assert len(said.err.strip().splitlines()) == 1
    assert words in said.err
    assert "fault of ours" not in said.err
    assert "root:" not in said.err
    assert {path.name for path in home.rglob("*") if path.is_file()} <= {
        "settings.yaml",
        "body",
        "head.json",
        "update.lock",
    }


def test_lists_without_an_address_are_read_again_by_a_newer_reader_without_network(
    cli: Cli, older_reader: None, settings: Any, publisher: Publisher
) -> None:
    settings(sources=["us_csl"])
    done = cli("lists", "update", "--json")
    assert done.code == 0, done.err
    assert [(one["source"], one["status"]) for one in done.json["sources"]] == [
        ("custom.blue", "read_again"),
        ("us_bis_dpl", "read_again"),
        ("us_csl", "new"),
    ]
    assert publisher.paths() == ["/one.csv"]
    assert [one["source"] for one in cli("lists", "update", "--json").json["sources"]] == ["us_csl"]


def test_one_list_can_be_asked_to_be_read_again(cli: Cli, older_reader: None, publisher: Publisher) -> None:
    retrieved = state(cli, "us_bis_dpl")["retrieved"]
    said = cli("lists", "update", "us_bis_dpl", "--json")
    assert [(one["source"], one["status"]) for one in said.json["sources"]] == [("us_bis_dpl", "read_again")]
    assert state(cli, "us_bis_dpl")["retrieved"] == retrieved, "reading again makes no list younger"
    assert publisher.asked == []
    line = cli("lists", "update", "us_bis_dpl").refused()
    assert "the address of dpl.txt changed" in line
    assert "stopship lists import us_bis_dpl FILE" in line
    assert "https://www.bis.gov" in line


def test_a_newer_reader_that_loses_entries_is_refused(
    cli: Cli, older_reader: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_list = read_module.parse

    def losing(source: str, data: bytes, filename: str = "") -> ParsedList:
        parsed = whole_list(source, data, filename)
        return replace(parsed, loaded=parsed.loaded // 2, rows=parsed.loaded // 2, rejects=())

    monkeypatch.setattr(read_module, "parse", losing)
    said = cli("lists", "update", "us_bis_dpl")
    assert said.code == 1
    assert "this version reads 3 rows of the same file where 7 are in use" in said.err
    assert cli("lists", "update", "us_bis_dpl", "--accept").code == 0


def test_a_list_of_ones_own_with_an_address_is_fetched_and_read_by_its_mapping(
    cli: Cli, older_reader: None, settings: Any, publisher: Publisher
) -> None:
    settings(sources=["custom.blue"], addresses={"custom.blue": publisher.url("/blue.csv")})
    said = cli("lists", "update", "custom.blue", "--json")
    assert said.code == 0, said.err
    publisher.answers["/blue.csv"] = whole((OWN + "Muster Handels AG,CH\n").encode(), etag='"2"')
    said = cli("lists", "update", "custom.blue", "--json")
    (one,) = said.json["sources"]
    assert one["changes"] == {"added": 1, "removed": 0, "changed": 0, "unchanged": 2}
    assert state(cli, "custom.blue")["title"] == "The blue list"
    assert "custom.blue: unchanged" in cli("lists", "update", "custom.blue").out
    assert publisher.headers()["if-none-match"] == '"2"'
    publisher.answers["/blue.csv"] = whole(b"<html><title>Sign in</title></html>")
    assert "web page" in cli("lists", "update", "custom.blue").err


def test_every_list_with_an_address_in_the_settings_is_part_of_an_update(
    cli: Cli, older_reader: None, settings: Any, publisher: Publisher
) -> None:
    settings(addresses={"custom.blue": publisher.url("/blue.csv"), "custom.red": publisher.url("/red.csv")})
    publisher.answers["/red.csv"] = whole(OWN.encode())
    said = cli("lists", "update", "--json")
    states = {one["source"]: one["status"] for one in said.json["sources"]}
    assert states == {
        "custom.blue": "read_again",
        "custom.red": "failed",
        "us_bis_dpl": "read_again",
        "us_bis_el": "new",
        "us_csl": "new",
        "us_uflpa": "new",
    }
    assert "custom.red was not imported before, so its mapping is not known" in said.err


def test_lists_that_a_person_must_get_are_named(cli: Cli, settings: Any, publisher: Publisher) -> None:
    assert only_by_hand() == ("jp_meti", "us_bis_dpl")
    said = cli("lists", "update")
    assert "3 of 3 lists are up to date" in said.out
    assert "not here and not fetched: jp_meti, us_bis_dpl" in " ".join(said.out.split())
    assert "not fetched" not in cli("lists", "update", "us_csl").out


def test_customers_are_screened_again_although_one_publisher_is_down(
    cli: Cli, settings: Any, publisher: Publisher, tmp_path: Path
) -> None:
    """What `stopship lists update && stopship rescreen` does on such a morning."""
    customers = tmp_path / "customers.csv"
    customers.write_text("id,name\n1,Beispiel 2 Works\n2,Nobody Ltd\n", "utf-8")
    assert cli("lists", "update").code == 0
    assert cli("monitor", "enroll", customers, "--as", "all").code == 0
    publisher.answers["/one.csv"] = whole(csl(*ROWS, named(2)), etag='"2"')
    publisher.answers["/page"] = status(503)
    said = cli("lists", "update")
    assert said.code == 0
    assert "us_uflpa" in said.err
    assert "503" in said.err
    assert "stays in use" in said.err
    assert "2 of 3 lists are up to date" in said.out
    assert cli("lists", "update", "--strict").code == 1
    again = cli("rescreen", "--fail-on-new")
    assert again.code == 1
    assert "1 new, 0 changed, 0 gone" in again.out
    for path in ("/one.csv", "/titles.json"):
        publisher.answers[path] = status(503)
    publisher.answers = {name: status(503) for name in publisher.answers}
    assert cli("lists", "update").code == 1, "nothing came, so there is nothing to screen again"


def test_every_command_tells_lists_beyond_their_age_limit(
    cli: Cli, settings: Any, publisher: Publisher, tmp_path: Path, home: Path
) -> None:
    customers = tmp_path / "customers.csv"
    customers.write_text("id,name\n1,Nobody Ltd\n", "utf-8")
    assert cli("lists", "update", "us_csl").code == 0
    fresh = cli("screen", customers, "--out", tmp_path / "out.csv", "--json")
    assert fresh.err == ""
    assert fresh.json["lists"] == [
        {
            "source": "us_csl",
            "snapshot": state(cli, "us_csl")["snapshot"],
            "dated": datetime.now(UTC).date().isoformat(),
            "age_days": 0,
            "limit_days": 7,
            "stale": False,
        }
    ]
    meta = next((home / "snapshots" / "us_csl").rglob("meta.json"))
    old = (datetime.now(UTC) - timedelta(days=30)).replace(microsecond=0).isoformat()
    plain = json.loads(meta.read_bytes()) | {"retrieved": old, "first_retrieved": old}
    meta.write_text(json.dumps(plain))
    line = "stopship: beyond the age limit: us_csl (30 days old, limit 7); who was listed since is not found"
    stats = tmp_path / "stats.json"
    for command in (
        ("screen", customers, "--out", tmp_path / "out.csv", "--stats", stats),
        ("monitor", "enroll", customers, "--as", "all"),
        ("rescreen",),
        ("monitor", "status"),
    ):
        said = cli(*command)
        assert said.code == 0
        assert said.err.startswith(line)
        assert len(said.err.strip().splitlines()) == 1
    (told,) = json.loads(stats.read_bytes())["lists"]
    assert (told["age_days"], told["limit_days"], told["stale"]) == (30, 7, True)
    for command in (("rescreen", "--json"), ("monitor", "status", "--json")):
        assert cli(*command).json["lists"][0]["stale"] is True
    check = cli("check", "--party", "end_user=Nobody Ltd", "--item", "EAR99", "--to", "CN")
    assert "30 days old, beyond its limit of 7" in " ".join(check.out.split())
    assert "STALE" in cli("lists", "status").out
    assert "stopship lists update us_csl" in " ".join(cli("doctor").out.split())
    publisher.answers["/one.csv"] = status(503)
    failed = cli("lists", "update", "us_csl")
    assert "us_csl is 30 days old (limit 7), so no order is clear on it" in failed.err
