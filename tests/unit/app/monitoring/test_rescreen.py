"""Monitored customers: a run after any change of the lists ends where screening everybody again ends."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from stopship.app.indexes import IndexPlace, kept_index
from stopship.app.monitoring import rescreen as monitoring
from stopship.app.monitoring import rows
from stopship.app.workspace import Workspace
from stopship.bulk import ScreenOptions, monitored
from stopship.bulk.batch import BatchScreener
from stopship.bulk.parts import Parts
from stopship.errors import PortfolioError, SettingsError, TableError
from stopship.matching import Index, IndexedList, build
from stopship.model.entity import Address, Entity, Identifier, Name
from stopship.model.listing import Listing
from stopship.model.values import NameKind, Schema
from stopship.monitor.files import KEY
from stopship.monitor.results import by_entity
from stopship.store import matches, portfolios

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
# Few words, so that names share them and each change makes some rarer or more common.
WORDS = ("Fiktiv", "Zentrum", "Orlan", "Kestrel", "Vostok", "Tianhe", "Almaz", "Nordwind", "Sirius", "Baltik")
TRADES = ("Optics", "Trading", "Electronics", "Shipping", "Institute")
FORMS = ("Ltd", "GmbH", "LLC", "OOO", "")
GIVEN, FAMILY = ("Viktor", "Sergei", "Erika", "Amir", "Mei"), ("Bout", "Mustermann", "Ivanova", "Haidari", "Zhao")
STREETS = ("12 Fiktivstrasse, Hamburg", "555 Qianmo Road, Hangzhou", "7 Kestrel Lane, London")


class Lists(Workspace):
    """A home whose lists are these entities."""

    def __init__(self, home: Path, entities: list[Entity], label: str = "x") -> None:
        super().__init__(home, today=date(2026, 11, 26))
        listed = IndexedList("us_csl", f"sha256:{label}", None, None, len(entities), None, "official")
        self.built = Index.build([(listed, entities)])

    def index_place(self, as_of: date) -> IndexPlace:  # noqa: ARG002
        short = self.built.content_hash.removeprefix("sha256:")[:16]
        return kept_index(self.built, self.home / "indexes" / short)


def company(number: int, *names: str, **other: Any) -> Entity:
    kinds = (NameKind.PRIMARY, *([NameKind.ALIAS] * (len(names) - 1)))
    listing = Listing(source="us_csl", program="us.el", name=names[0])
    plain: dict[str, Any] = {"schema": Schema.COMPANY, "countries": ("CN",), "listings": (listing,)} | other
    return Entity(
        id=f"us.el-{number}", names=tuple(Name(t, k) for t, k in zip(names, kinds, strict=True)), **plain
    )


def some_name(rng: Random, *, person: bool) -> str:
    if person:
        return f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"
    words = rng.sample(WORDS, rng.randint(1, 2))
    return " ".join((*words, rng.choice(TRADES), rng.choice(FORMS))).strip()


def some_entity(rng: Random, number: int) -> Entity:
    person = rng.random() < 0.3
    names = dict.fromkeys(some_name(rng, person=person) for _ in range(rng.randint(1, 3)))
    address = (Address(rng.choice(STREETS)),) if rng.random() < 0.2 else ()
    schema = Schema.PERSON if person else Schema.COMPANY
    return company(number, *names, schema=schema, addresses=address, countries=(rng.choice(("CN", "RU", "IR")),))


def changed(rng: Random, entities: list[Entity], count: int) -> list[Entity]:
    """The lists after some entities came, went, or were altered."""
    after = list(entities)
    for _ in range(count):
        at = rng.randrange(len(after))
        way = rng.randrange(4)
        if way == 0:
            after.append(some_entity(rng, rng.randrange(10_000, 1_000_000)))
        elif way == 1:
            del after[at]
        elif way == 2:
            after[at] = replace(some_entity(rng, 0), id=after[at].id)
        else:
            listing = replace(after[at].listings[0], citation=f"{rng.randrange(90)} FR 1")
            after[at] = replace(after[at], listings=(listing,))
    return after


def write_customers(path: Path, rng: Random, count: int) -> Path:
    rows = []
    for number in range(count):
        person = rng.random() < 0.4
        name = some_name(rng, person=person)
        if rng.random() < 0.3:
            at = rng.randrange(len(name))
            name = name[:at] + name[at + 1 :]  # a slip
        row = {"id": f"C{number}", "name": name, "schema": "Person" if person else "Company"}
        if rng.random() < 0.3:
            row["country"] = rng.choice(("CN", "RU", "DE"))
        if rng.random() < 0.2:
            row["address"] = rng.choice((*STREETS, "c/o Almaz Trading, 1 Main Street, Berlin"))
        if rng.random() < 0.05:
            row["name"] = "Виктор Бут"
        rows.append(json.dumps(row, ensure_ascii=False))
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def held(space: Lists, name: str = "north") -> dict[str, dict[Any, Any]]:
    """The open matches: by customer and by entity, their hits."""
    database = space.database()
    with database.begin() as connection:
        known = portfolios.find(connection, name)
        assert known is not None
        found: dict[str, dict[Any, Any]] = {}
        for match in matches.open_matches(connection, known.id):
            found.setdefault(match.customer, {})[match.entity_id] = orjson.loads(match.hit)
    database.close()
    return found


def screened_in_full(space: Lists, name: str = "north") -> dict[str, dict[Any, Any]]:
    """What `screen` finds for all customers."""
    database = space.database()
    with database.begin() as connection:
        known = portfolios.find(connection, name)
        assert known is not None
    database.close()
    screener = BatchScreener(space.built, ScreenOptions(limit=monitored.ALL_HITS))
    found: dict[str, dict[Any, Any]] = {}
    for batch in monitoring.portfolio_files(space, name).batches(known.files):
        answers = screener.screen(batch.drop_columns([KEY]))
        for customer, hits in zip(batch.column(KEY).to_pylist(), answers.column("hits").to_pylist(), strict=True):
            if hits:
                found[customer] = orjson.loads(orjson.dumps(list(by_entity(hits).values())))
    return {c: {h["entity_id"]: h for h in hits} for c, hits in found.items()}


@pytest.mark.parametrize("seed", range(4))
def test_a_run_ends_where_screening_everybody_again_ends(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    entities = [some_entity(rng, n) for n in range(60)]
    source = write_customers(tmp_path / "customers.jsonl", rng, 150)
    space = Lists(tmp_path / "home", entities, "0")
    monitoring.enroll(space, source, "north", now=NOW, processes=1)
    assert held(space) == screened_in_full(space)
    assert held(space)
    for step in range(1, 4):
        before = held(space)
        entities = changed(rng, entities, rng.choice((1, 2, 4)))
        space = Lists(tmp_path / "home", entities, str(step))
        done = monitoring.rescreen(space, "north", now=NOW + timedelta(days=step), processes=1)
        after = held(space)
        assert after == screened_in_full(space)
        assert not done.complete
        assert {(e.customer, e.hit["entity_id"]) for e in done.events if e.what == "new"} == pairs(after, before)
        assert {(e.customer, e.hit["entity_id"]) for e in done.events if e.what == "gone"} == pairs(before, after)


def pairs(these: dict[str, dict[Any, Any]], others: dict[str, dict[Any, Any]]) -> set[tuple[str, str]]:
    return {(c, key) for c, hits in these.items() for key in hits if key not in others.get(c, {})}


class TwoLists(Lists):
    """A home with two lists, which may carry the same entities."""

    def __init__(self, home: Path, first: list[Entity], second: list[Entity], label: str = "x") -> None:
        super().__init__(home, first, label)
        other = IndexedList("us_ofac_sdn", f"sha256:{label}", None, None, len(second), None, "official")
        moved = [
            replace(e, listings=tuple(replace(one, source="us_ofac_sdn") for one in e.listings)) for e in second
        ]
        self.built = Index.build([(self.built.lists[0], first), (other, moved)])


def test_an_entity_that_moves_to_another_list_or_stands_in_both_is_one_match_that_changed(tmp_path: Path) -> None:
    rest = [company(n, f"Listed{n:03} Zentrum") for n in range(30)]
    one = company(99, "Orlan Almaz")
    source = tmp_path / "c.csv"
    source.write_text("id,name\nC1,Orlan Almaz\nC2,Bakery\n")
    space = TwoLists(tmp_path / "home", [*rest, one], rest[:1])
    assert len(monitoring.enroll(space, source, "north", now=NOW).events) == 1
    steps = [
        ([*rest, one], [one], ("listings",)),  # it comes into the second list
        (rest, [*rest[:1], one], ("listings", "source")),  # and leaves the first
        ([*rest, one], rest[:1], ("listings", "source")),
    ]
    for number, (first, second, fields) in enumerate(steps):
        space = TwoLists(space.home, first, second, str(number))
        done = monitoring.rescreen(space, "north", now=NOW + timedelta(days=number + 1))
        assert [(e.what, e.customer, e.fields) for e in done.events] == [("changed", "C1", fields)]
        assert held(space) == screened_in_full(space)
    database = space.database()
    with database.begin() as connection:
        rows_held = connection.execute(matches.matches.select()).all()
    database.close()
    assert [(row.source, row.first_seen, row.closed) for row in rows_held] == [("us_csl", NOW, None)]


def test_an_entry_of_another_list_with_the_same_number_is_told_as_a_change(tmp_path: Path) -> None:
    number = (Identifier("lei", "5299000J2N45DDNE4Y28"),)
    rest = [company(n, f"Listed{n:03} Zentrum") for n in range(30)]
    one = company(99, "Orlan Almaz", identifiers=number)
    linked = Entity(
        "us.sdn-1",
        Schema.COMPANY,
        (Name("Vostok Sirius", NameKind.PRIMARY),),
        (Listing(source="us_csl", program="us.sdn", name="Vostok Sirius"),),
        identifiers=number,
    )
    source = tmp_path / "c.csv"
    source.write_text("id,name\nC1,Orlan Almaz\n")
    space = TwoLists(tmp_path / "home", [*rest, one], rest[:1])
    monitoring.enroll(space, source, "north", now=NOW)
    for label, second in (("1", [*rest[:1], linked]), ("2", rest[:1])):
        space = TwoLists(space.home, [*rest, one], second, label)
        done = monitoring.rescreen(space, "north", now=NOW)
        assert [(e.what, e.fields) for e in done.events] == [("changed", ("evidence",))]
        assert held(space) == screened_in_full(space)


def test_what_was_found_is_told_until_it_has_been(tmp_path: Path) -> None:
    entities = [company(n, f"Listed{n:03} Zentrum") for n in range(30)]
    source = tmp_path / "c.csv"
    source.write_text("id,name,branch\nC1,Orlan Almaz,north\nC2,Kestrel Sirius,south\n")
    space = Lists(tmp_path / "home", entities)
    monitoring.enroll(space, source, "north", now=NOW)
    space = Lists(space.home, [*entities, company(40, "Orlan Almaz")], "1")
    first = monitoring.rescreen(space, "north", now=NOW, until_told=True)
    again = monitoring.rescreen(space, "north", now=NOW, until_told=True)
    assert (again.up_to_date, again.untold) == (True, 1)
    assert [e.to_plain() for e in again.events] == [e.to_plain() for e in first.events]
    space = Lists(space.home, [*entities, company(40, "Orlan Almaz"), company(41, "Kestrel Sirius")], "2")
    more = monitoring.rescreen(space, "north", now=NOW, until_told=True)
    assert ([e.customer for e in more.events], more.untold) == (["C1", "C2"], 1)
    assert (more.events[1].name, more.events[1].about["branch"]) == ("Kestrel Sirius", "south")
    monitoring.told(space, more)
    assert monitoring.rescreen(space, "north", now=NOW).events == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_so_it_does_with_the_fast_search(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "SEARCHED_FROM", 1)
    test_a_run_ends_where_screening_everybody_again_ends(tmp_path, 100 + seed)


def test_a_small_change_touches_few_and_a_change_of_the_rest_of_the_lists_touches_none(tmp_path: Path) -> None:
    entities = [company(n, f"Listed{n:03} Zentrum Institute") for n in range(100)]
    source = tmp_path / "c.csv"
    source.write_text(
        "id,name\n" + "".join(f"C{n},Customer{n:03} Bakery\n" for n in range(200)) + "X,Orlan Almaz\n"
    )
    space = Lists(tmp_path / "home", entities)
    monitoring.enroll(space, source, "north", now=NOW)
    done = monitoring.rescreen(Lists(space.home, [*entities, company(200, "Orlan Almaz")], "1"), "north", now=NOW)
    assert (done.changed_entities, done.screened, done.counts()["new"]) == (1, 1, 1)
    moved = Lists(space.home, [*entities, company(200, "Orlan Almaz")], "2")  # the same entities, published again
    done = monitoring.rescreen(moved, "north", now=NOW)
    assert (done.changed_entities, done.screened, done.events, done.up_to_date) == (0, 0, [], False)
    assert monitoring.rescreen(moved, "north", now=NOW).up_to_date


def test_a_word_that_becomes_common_changes_the_score_of_others(tmp_path: Path) -> None:
    """The listed name stays, but its word says less: the match is told as changed."""
    entities = [company(1, "Qyzvan Optics")] + [company(n, f"Listed{n:03} Institute") for n in range(2, 60)]
    source = tmp_path / "c.csv"
    source.write_text("id,name\nC1,Qyzvam Optics\n")
    space = Lists(tmp_path / "home", entities)
    assert len(monitoring.enroll(space, source, "north", now=NOW).events) == 1
    more = [*entities, *(company(100 + n, f"Qyzvan Zentrum{n:02}") for n in range(8))]
    space = Lists(space.home, more, "1")
    done = monitoring.rescreen(space, "north", now=NOW)
    assert not done.complete
    assert any(e.what == "changed" and "score" in e.fields for e in done.events)
    assert held(space) == screened_in_full(space)


def test_a_removed_entity_closes_its_matches(tmp_path: Path) -> None:
    entities = [company(n, f"Listed{n:03} Zentrum") for n in range(50)]
    source = tmp_path / "c.csv"
    source.write_text("id,name\nC1,Listed007 Zentrum\n")
    space = Lists(tmp_path / "home", entities)
    monitoring.enroll(space, source, "north", now=NOW)
    done = monitoring.rescreen(Lists(space.home, [*entities[:7], *entities[8:]], "1"), "north", now=NOW)
    assert [(e.what, e.customer, e.hit["entity_id"]) for e in done.events] == [("gone", "C1", "us.el-7")]
    assert monitoring.status(space)[0]["matches"] == 0


def test_another_threshold_screens_everybody(tmp_path: Path) -> None:
    space = Lists(tmp_path / "home", [company(1, "Orlan Almaz")])
    source = tmp_path / "c.csv"
    source.write_text("id,name\nC1,Orlan Almaz\nC2,Orlan Almaz Nordwind\n")
    monitoring.enroll(space, source, "north", now=NOW)
    (space.home / "settings.yaml").write_text("threshold: 0.3\n")
    again = Lists(space.home, [company(1, "Orlan Almaz")])
    done = monitoring.rescreen(again, "north", now=NOW)
    assert done.complete
    assert done.screened == 2


@pytest.mark.parametrize("dies_at", range(5))
def test_a_run_that_is_killed_leaves_the_last_one_and_is_taken_up(
    tmp_path: Path, dies_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = Random(7)
    entities = [some_entity(rng, n) for n in range(60)]
    source = write_customers(tmp_path / "customers.jsonl", rng, 90)
    monkeypatch.setattr(rows, "BATCH_ROWS", 40)
    space = Lists(tmp_path / "home", entities, "0")
    monitoring.enroll(space, source, "north", now=NOW, processes=1)
    before, runs_before = held(space), monitoring.status(space)[0]["screened"]
    space = Lists(space.home, changed(rng, entities, 4), "1")

    calls = iter(range(100))
    kept = Parts.add

    def add(self: Parts, *arguments: Any) -> None:
        if next(calls) == dies_at:
            raise KeyboardInterrupt
        kept(self, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Parts, "add", add)
        if dies_at == 4:  # after all parts, inside of the transaction
            patched.setattr(Parts, "add", kept)
            patched.setattr(matches, "close", _killed)
        with pytest.raises(KeyboardInterrupt):
            for _ in range(5):
                monitoring.rescreen(space, "north", now=NOW, processes=1)
                pytest.skip("this change makes fewer parts")
    assert held(space) == before
    assert monitoring.status(space)[0]["screened"] == runs_before
    monitoring.rescreen(space, "north", now=NOW + timedelta(days=1), processes=1)
    assert held(space) == screened_in_full(space)
    left = {entry.name.split("-")[0] for entry in monitoring.portfolio_files(space, "north").root.iterdir()}
    assert left == {"customers", "state"}


def _killed(*_arguments: Any) -> None:
    raise KeyboardInterrupt


def test_enrolling_again_keeps_the_days_of_customers_who_stay(tmp_path: Path) -> None:
    space = Lists(tmp_path / "home", [company(1, "Orlan Almaz"), company(2, "Kestrel Vostok")])
    source = tmp_path / "c.csv"
    source.write_text("id,name\nC1,Orlan Almaz\nC2,Kestrel Vostok\nC3,Bakery\n")
    monitoring.enroll(space, source, "north", now=NOW)
    assert monitoring.enroll(space, source, "north", now=NOW).up_to_date
    source.write_text("id,name\nC3,Kestrel Vostok\nC1,Orlan Almaz\n")
    later = NOW + timedelta(days=3)
    done = monitoring.enroll(space, source, "north", now=later)
    assert sorted((e.what, e.customer) for e in done.events) == [("gone", "C2"), ("new", "C3")]
    assert (done.customers, held(space).keys()) == (2, {"C1", "C3"})
    database = space.database()
    with database.begin() as connection:
        seen = dict(
            connection.execute(
                matches.matches.join(portfolios.customers)
                .select()
                .with_only_columns(portfolios.customers.c.customer, matches.matches.c.first_seen)
            ).all()
        )
    database.close()
    assert (seen["C1"], seen["C3"]) == (NOW, later)


def test_a_wrong_file_leaves_what_is_enrolled(tmp_path: Path) -> None:
    space = Lists(tmp_path / "home", [company(1, "Orlan Almaz")])
    source = tmp_path / "c.csv"
    source.write_text("id,name\nC1,Orlan Almaz\n")
    monitoring.enroll(space, source, "north", now=NOW)
    for text in ("id,customer\n1,x\n", "id,name\n", ""):
        source.write_text(text)
        with pytest.raises(TableError):
            monitoring.enroll(space, source, "north", now=NOW)
    assert held(space).keys() == {"C1"}
    assert monitoring.rescreen(space, "north", now=NOW).up_to_date


def test_columns_of_special_categories_are_nowhere(tmp_path: Path) -> None:
    space = Lists(tmp_path / "home", [company(1, "Orlan Almaz")])
    source = tmp_path / "c.csv"
    source.write_text("id,name,religion,branch\nC1,Orlan Almaz,Zoroastrian,north\n")
    done = monitoring.enroll(space, source, "north", now=NOW)
    assert done.taken_in is not None
    assert done.taken_in.dropped == ("religion",)
    everything = b"".join(p.read_bytes() for p in space.home.rglob("*") if p.is_file())
    assert b"Zoroastrian" not in everything
    assert b"north" in everything


def test_removing_erases_names_and_files(tmp_path: Path) -> None:
    space = Lists(tmp_path / "home", [company(1, "Orlan Almaz")])
    source = tmp_path / "c.csv"
    source.write_text("id,name\nC1,Orlan Almaz Nordwindperson\n")
    monitoring.enroll(space, source, "north", now=NOW)
    monitoring.enroll(space, source, "south", now=NOW)
    monitoring.remove(space, "north")
    assert [state["portfolio"] for state in monitoring.status(space)] == ["south"]
    monitoring.remove(space, "south")
    everything = b"".join(p.read_bytes() for p in space.home.rglob("*") if p.is_file())
    assert b"Nordwindperson" not in everything
    with pytest.raises(SettingsError, match=r"no portfolio 'north'.*Enrolled: none"):
        monitoring.remove(space, "north")


def test_rows_without_id_and_rows_that_repeat_one_are_customers_too(tmp_path: Path) -> None:
    space = Lists(tmp_path / "home", [company(1, "Orlan Almaz")])
    source = tmp_path / "c.csv"
    source.write_text("id,name\nC1,Orlan Almaz\nC1,Almaz Orlan\n,Orlan Almaz\nC1 (2),Orlan Almaz\nC4,\n")
    done = monitoring.enroll(space, source, "north", now=NOW)
    assert done.taken_in is not None
    assert (done.customers, done.rejected, done.taken_in.without_id, done.taken_in.repeated) == (5, 1, 1, 2)
    assert len(held(space)) == 4


def test_damaged_files_are_told_with_what_to_do(tmp_path: Path) -> None:
    entities = [company(1, "Orlan Almaz")]
    space = Lists(tmp_path / "home", entities)
    source = tmp_path / "c.csv"
    source.write_text("id,name\nC1,Orlan Almaz\n")
    monitoring.enroll(space, source, "north", now=NOW)
    changed_lists = Lists(space.home, [*entities, company(2, "Kestrel")], "1")
    root = monitoring.portfolio_files(space, "north").root
    for name in ("customers.arrow", "generation.json", "row.npy", "tokens.npy"):
        for path in root.rglob(name):
            kept = path.read_bytes()
            path.write_bytes(kept[: len(kept) // 2])
            with pytest.raises(PortfolioError, match="stopship monitor enroll"):
                monitoring.rescreen(changed_lists, "north", now=NOW)
            path.write_bytes(kept)
    assert monitoring.rescreen(changed_lists, "north", now=NOW).counts()["new"] == 0


@pytest.mark.parametrize("name", ["", "North", "../x", "a b", "x" * 65])
def test_a_name_that_could_be_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="can't name a portfolio"):
        monitoring.enroll(Lists(tmp_path, [company(1, "Orlan")]), tmp_path / "c.csv", name, now=NOW)
