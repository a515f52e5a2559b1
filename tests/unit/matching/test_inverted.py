"""The fast search and the sieve against the reference: what the reference raises is raised."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stopship.matching import Index, IndexedList, Matcher, Query, build, inverted, sieve
from stopship.matching.candidates import BruteForce
from stopship.matching.inverted import Inverted, new_memory
from stopship.model.entity import Entity, Name
from stopship.model.values import NameKind, Schema

FIRST = "ivan maria omar wei li zhang hassan ali svetlana piotr abdul anna john emilio yusuf fatima noor viktor"
LAST = (
    "petrov petrova garcia rahman chen okafor novak silva kovacs yilmaz haddad bout smith khan morozov lindqvist"
)
WORDS = "seabridge northwind zhongke hikvision dahua kestrel borealis argus vympel almaz luch omega delta rosneft"
TRADES = "trading technology shipping industries electronics holding bank university institute"
PLACES = "urumqi shenzhen moscow dubai tehran karachi xinjiang kazan"
FORMS = ("Co., Ltd.", "LLC", "GmbH", "Limited Liability Company", "JSC", "S.A. de C.V.", "Pte Ltd")
LISTED = IndexedList("made", "sha256:made", None, None, 400, None, "custom")


def _entities(seed: int, many: int = 400) -> list[Entity]:
    draw = random.Random(seed)
    found: list[Entity] = []
    for number in range(many):
        if number % 2:
            text = f"{draw.choice(LAST.split()).upper()}, {draw.choice(FIRST.split()).title()}"
            if draw.random() < 0.3:
                text = f"{text} {draw.choice('ABKMNV')}."
            schema = Schema.PERSON
        else:
            words = [draw.choice(WORDS.split()), draw.choice(TRADES.split())]
            words.insert(draw.randrange(2), draw.choice([*PLACES.split(), *LAST.split(), "al rahman", "38th"]))
            text = f"{' '.join(words).title()} {draw.choice(FORMS)}"
            schema = Schema.COMPANY
        names = [Name(text, NameKind.PRIMARY)]
        found.append(Entity(id=f"e{number}", schema=schema, names=tuple(names)))
    return found


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    # However small the list is: with the tables of the fast search.
    before, build.SEARCHED_FROM = build.SEARCHED_FROM, 0
    yield Index.build([(LISTED, _entities(1))])
    build.SEARCHED_FROM = before


@pytest.fixture(scope="module")
def fast(index: Index) -> Matcher:
    assert index.searchable
    return Matcher(index)


@pytest.fixture(scope="module")
def exact(index: Index) -> Matcher:
    return Matcher(index, exact=True)


def _alerts(matcher: Matcher, query: Query) -> set[str]:
    return {match.entity.id for match in matcher.match(query) if match.alert}


def _is_sifted(matcher: Matcher, name: str, schema: Schema) -> bool:
    data = name.encode("utf-8")
    sifted = matcher.sift(
        np.frombuffer(data, np.uint8), np.array([0, len(data)]), np.array([list(Schema).index(schema)])
    )
    return bool(sifted[0])


def _holds(fast: Matcher, exact: Matcher, name: str, schema: Schema) -> None:
    wanted = _alerts(exact, Query(name, schema))
    assert wanted <= _alerts(fast, Query(name, schema)), name
    if wanted:
        assert _is_sifted(fast, name, schema), name


@pytest.mark.parametrize("schema", [Schema.COMPANY, Schema.PERSON, Schema.LEGAL_ENTITY])
def test_every_listed_name_is_found_and_sifted(fast: Matcher, index: Index, schema: Schema) -> None:
    for entity in list(index.entities())[::5]:
        name = entity.names[0].text
        assert entity.id in _alerts(fast, Query(name, schema if schema is Schema.LEGAL_ENTITY else entity.schema))
        assert _is_sifted(fast, name, entity.schema)


def _change(draw: random.Random, text: str) -> str:
    """One of the ways in which names are spelled otherwise."""
    words = text.split()
    at = draw.randrange(len(text))
    return draw.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + draw.choice("aeinrt") + text[at:],
            text[: at - 1] + text[at : at + 1] + text[at - 1 : at] + text[at + 1 :] if at else text,
            " ".join(reversed(words)),
            text.replace(" ", "", 1),
            " ".join([*words, draw.choice(TRADES.split())]),
            " ".join(words[:-1]) or text,
            text[: max(4, len(text) * 3 // 4)],
            text.upper().replace(",", ""),
            f"{text} (formerly Acme)",
        ]
    )


def test_manipulated_names(fast: Matcher, exact: Matcher, index: Index) -> None:
    draw = random.Random(7)
    for entity in list(index.entities())[::2]:
        name = _change(draw, entity.names[0].text)
        if any(c.isalnum() for c in name):
            _holds(fast, exact, name, entity.schema)


@pytest.mark.parametrize(
    "name",
    [
        "al al al al",
        "Ali Ali Ali",
        "a b c d",
        "X",
        "Li",
        " ".join(["seabridge trading"] * 30),
        "Trading Technology Industries Holding",
        "Limited Liability Company",
        "Co., Ltd.",
        "海康威视",
        "Петров Иван",
        "حسن علي",
        "Ürümqi Seabridge Technology",
        "Seabridge-Northwind/Argus & Vympel + Luch",
        "38th Institute",
        "Petrova I.",
        "I. V. Petrov",
        "petrov" * 12,
        "—",
    ],
)
@pytest.mark.parametrize("schema", [Schema.COMPANY, Schema.PERSON, Schema.LEGAL_ENTITY, Schema.VESSEL])
def test_adversarial_names(fast: Matcher, exact: Matcher, name: str, schema: Schema) -> None:
    _holds(fast, exact, name, schema)


VOCABULARY = [
    *FIRST.split(),
    *LAST.split(),
    *WORDS.split(),
    *TRADES.split(),
    *PLACES.split(),
    "a",
    "b",
    "al",
    "of",
]
NAMES = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=7).map(" ".join)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(NAMES, st.sampled_from([Schema.COMPANY, Schema.PERSON, Schema.LEGAL_ENTITY]))
def test_any_words_of_the_lists(fast: Matcher, exact: Matcher, name: str, schema: Schema) -> None:
    _holds(fast, exact, name, schema)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(min_size=1, max_size=40))
def test_any_text(fast: Matcher, exact: Matcher, text: str) -> None:
    _holds(fast, exact, text, Schema.LEGAL_ENTITY)


def test_a_pad_without_room_grows_and_drops_nothing(
    index: Index, exact: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inverted, "_ROOM", 2)
    matcher = Matcher(index)
    for name in ("Ivan Petrov", "Seabridge Trading Co., Ltd.", "Dahua Technology"):
        assert _alerts(exact, Query(name)) <= _alerts(matcher, Query(name))


def test_a_full_memory_is_cleared_and_drops_nothing(index: Index, exact: Matcher) -> None:
    search = Inverted(index)
    search._memory = new_memory(16, 64)
    matcher = Matcher(index, candidates=search)
    for entity in list(index.entities())[::7]:
        query = Query(entity.names[0].text, entity.schema)
        assert _alerts(exact, query) <= _alerts(matcher, query)


def test_names_of_too_many_words_take_the_reference(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    find = BruteForce.find

    def spy(self: BruteForce, *arguments: object, **named: float) -> object:
        asked.append(True)
        return find(self, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(BruteForce, "find", spy)
    name = " ".join(f"{word}x{n}" for n in range(8) for word in WORDS.split())
    Matcher(index).match(Query(name, Schema.COMPANY))
    assert asked


def test_a_full_lexicon_lets_names_through(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "_WORDS", 64)
    matcher = Matcher(index)
    names = [entity.names[0].text.encode() for entity in index.entities()]
    offsets = np.cumsum([0, *map(len, names)])
    schemas = np.array([list(Schema).index(entity.schema) for entity in index.entities()])
    assert matcher.sift(np.frombuffer(b"".join(names), np.uint8), offsets, schemas).all()


def test_most_strangers_are_sifted_out(fast: Matcher) -> None:
    draw = random.Random(3)
    letters = "bcdfghklmnprstvz"
    strangers = [
        " ".join("".join(draw.choice(letters) + draw.choice("aeiou") for _ in range(5)) for _ in range(3)).encode()
        for _ in range(200)
    ]
    offsets = np.cumsum([0, *map(len, strangers)])
    sifted = fast.sift(np.frombuffer(b"".join(strangers), np.uint8), offsets, np.zeros(200, np.int64))
    assert sifted.mean() < 0.1


def test_an_exact_matcher_lets_everything_through(exact: Matcher) -> None:
    assert _is_sifted(exact, "Zzqx Vvkw", Schema.COMPANY)


def test_a_number_of_a_vessel_inside_a_name_is_let_through(fast: Matcher) -> None:
    assert _is_sifted(fast, "Blue Sky Holding IMO 9187629", Schema.COMPANY)
    assert _is_sifted(fast, "Blue Sky Holding MSN 512", Schema.COMPANY)


def test_a_warm_matcher_has_compiled_everything(index: Index) -> None:
    matcher = Matcher(index)
    matcher.warm()
    assert matcher._lookup._compiled


def test_initials_of_a_listed_name_beside_a_legal_form(exact: Matcher) -> None:
    entity = Entity(
        id="i", schema=Schema.COMPANY, names=(Name("Tarim Southern Electronic Components", NameKind.PRIMARY),)
    )
    before, build.SEARCHED_FROM = build.SEARCHED_FROM, 0
    index = Index.build([(LISTED, [*_entities(1), entity])])
    build.SEARCHED_FROM = before
    _holds(Matcher(index), Matcher(index, exact=True), "TSEC Corporation", Schema.COMPANY)
    assert _is_sifted(Matcher(index), "TSEC Corporation", Schema.COMPANY)


@pytest.mark.parametrize("joining", ["din", "abu", "allah", "abd al", "& "])
def test_words_that_are_joined_again_and_again_stay_on_the_desk(fast: Matcher, joining: str) -> None:
    for stem in ("x" * 200, "rahman", ""):
        name = f"{stem} {' '.join([joining] * 60)}"[:400]
        _is_sifted(fast, name, Schema.PERSON)
        _is_sifted(fast, name, Schema.LEGAL_ENTITY)
    room = fast._sieve._desk.text if fast._sieve else np.zeros(0)
    assert len(room) > 400 * 48  # as much as 48 words write that are joined each with all before it


def test_a_search_goes_on_when_its_stamps_are_used_up(index: Index, exact: Matcher) -> None:
    search = Inverted(index)
    matcher = Matcher(index, candidates=search)
    for entity in list(index.entities())[::25]:
        query = Query(entity.names[0].text, entity.schema)
        search._pad.stamps[:] = (1 << 31) - 130
        for _ in range(2):
            assert _alerts(exact, query) <= _alerts(matcher, query)
