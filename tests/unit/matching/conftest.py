"""A small list made of entries as official lists print them, and an index of it."""

from __future__ import annotations

from datetime import date

import pytest

from stopship.matching import Index, IndexedList, Matcher
from stopship.model.entity import Address, Entity, Identifier, Name
from stopship.model.values import NameKind, PartialDate, Schema

LISTED = IndexedList("made", "sha256:" + "0" * 64, date(2026, 7, 31), None, 40, 3, "official")
C, P, G, V, B = Schema.COMPANY, Schema.PERSON, Schema.ORGANIZATION, Schema.VESSEL, Schema.PUBLIC_BODY
U = Schema.LEGAL_ENTITY


def made(number: int, schema: Schema, *names: str, **more: object) -> Entity:
    """An entity with its first name primary and the others aliases."""
    kinds = [NameKind.PRIMARY] + [NameKind.ALIAS] * (len(names) - 1)
    given = tuple(Name(text, kind) for text, kind in zip(names, kinds, strict=True))
    return Entity(f"made-{number:03}", schema, given, **more)  # type: ignore[arg-type]


ENTITIES = (
    made(
        1,
        C,
        "Hangzhou Hikvision Digital Technology Co., Ltd.",
        "Hikvision",
        countries=("CN",),
        addresses=(Address("No. 555 Qianmo Road, Binjiang District, Hangzhou 310052, China", "CN"),),
    ),
    made(2, C, "IFLYTEK", countries=("CN",)),
    made(3, C, "Beijing Sensetime Technology Development Co., Ltd.", "Sense Time", countries=("CN",)),
    made(4, C, "Megvii Technology", countries=("CN",)),
    made(5, C, "Yitu Technologies", countries=("CN",)),
    made(6, C, "Dahua Technology", countries=("CN",)),
    made(7, C, "Xiamen Meiya Pico Information Co. Ltd.", countries=("CN",)),
    made(8, B, "Urumqi Municipal Public Security Bureau", countries=("CN",)),
    made(9, B, "Kelamayi Municipality Public Security Bureau", "Karamay Municipality Public Security Bureau"),
    made(10, B, "Xinjiang Uyghur Autonomous Region (XUAR) People's Government Public Security Bureau"),
    made(11, G, "XINJIANG PUBLIC SECURITY BUREAU"),
    made(12, G, "Xinjiang Production and Construction Corps (XPCC) Public Security Bureau"),
    made(13, B, "Kashgar Prefecture Public Security Bureau", "Kashi Prefecture Public Security Bureau"),
    made(
        14,
        G,
        "CETC Research Institute 38",
        "China Electronics Technology Group Corporation 38th Research Institute",
    ),
    made(15, G, "CETC Research Institute 14"),
    made(16, C, "Huawei Device (Dongguan) Co., Ltd.", countries=("CN",)),
    made(17, C, "Huawei Device (Shenzhen) Co., Ltd.", countries=("CN",)),
    made(18, C, "SIS d.o.o.", countries=("RS",)),
    made(
        19,
        P,
        "PRIGOZHIN, Yevgeniy Viktorovich",
        countries=("RU",),
        birth_dates=(PartialDate.parse("1961-06-01"),),
        identifiers=(Identifier("passport", "71 1234567", "RU"),),
    ),
    made(20, P, "PETROV, Ivan", birth_dates=(PartialDate.parse("1970"),)),
    made(21, P, "AL-ZAHRANI, Faysal Ahmad 'Ali"),
    made(22, G, "Khan Research Laboratories (KRL)", countries=("PK",)),
    made(23, U, "Saeed Talebi", "Al"),
    made(24, P, "TREVINO MORALES, Miguel", "40"),
    made(25, G, "7-28"),
    made(26, C, "Engineering Center Ltd.", "EC"),
    made(27, C, "Siemens AG"),
    made(28, C, "11420 CORP."),
    made(
        29, C, "OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU ROSNEFT TRADE", "Rosneft Trade LLC", countries=("RU",)
    ),
    made(30, V, "FU YUAN YU 7891", identifiers=(Identifier("imo", "9878773"),)),
    made(31, V, "SANAN", "CAMELLIA"),
    made(32, P, "WANG, Xiaoming", countries=("CN",)),
    made(
        33,
        C,
        "China Telecom Corporation Limited",
        identifiers=(
            Identifier("registration_number", "9111000071093019X7", "CN"),
            Identifier("lei", "5493001KJTIIGC8Y1R12"),
        ),
        registration_dates=(PartialDate.parse("2002-09-10"),),
        countries=("CN",),
    ),
    made(
        34,
        Schema.ADDRESS,
        "Address 01",
        countries=("HK",),
        addresses=(Address("Unit D, 16/F One Capital Place, 18 Luard Rd, Wan Chai, Hong Kong, HK", "HK"),),
    ),
    made(
        35,
        Schema.ADDRESS,
        "Address 11",
        countries=("HK",),
        addresses=(Address("Office 704, 135 Bonham Strand, Sheung Wan, Hong Kong, HK", "HK"),),
    ),
    made(
        36,
        Schema.ADDRESS,
        "Address 07",
        countries=("HK",),
        addresses=(
            Address("Room 1318-19, 13F, Hollywood Plaza, 610 Nathan Road, Mong Kok, Kowloon, Hong Kong, HK", "HK"),
        ),
    ),
    Entity(
        "made-037",
        P,
        (Name("SALEH, Omar", NameKind.PRIMARY), Name("The Falcon", NameKind.WEAK_ALIAS)),
        birth_dates=(PartialDate.parse("1980-01-02"),),
    ),
    made(38, G, "AL AL AL AL"),
    made(39, C, "GENERAL TRADING COMPANY LIMITED"),
    made(40, G, " ".join(f"Word{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(60))),
)


@pytest.fixture(scope="session")
def index() -> Index:
    """An index of the made list."""
    return Index.build([(LISTED, ENTITIES)])


@pytest.fixture(scope="session")
def matcher(index: Index) -> Matcher:
    """A matcher on the made list."""
    return Matcher(index)
