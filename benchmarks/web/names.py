"""Names of customers who don't exist, in the scripts that a queue has: made from parts, the same in every run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

COMPANIES: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("Northgate", "Harbour", "Meridian", "Silverline", "Oakfield", "Delta", "Kestrel", "Granite", "Larkspur"),
        ("Precision Tools", "Marine Supplies", "Optics", "Logistics", "Valve Works", "Trading", "Semiconductors"),
        ("Ltd", "LLC", "Inc.", "GmbH", "B.V.", "S.p.A.", "Pte. Ltd.", "(Cyprus) Holdings Limited"),
    ),
    (
        ("Восток", "Гранит", "Северная", "Балтийская", "Уральская", "Мега"),
        ("Техника", "Электроника", "Транспортная компания", "Оптика", "Снабжение"),
        ("ООО", "АО", "ПАО"),
    ),
    (
        ("شركة النور", "مؤسسة الخليج", "شركة الأمل", "مجموعة دجلة"),
        ("للتجارة العامة", "للنقل البحري", "للمعدات الصناعية", "للإلكترونيات"),
        ("ذ.م.م", "ش.م.م", "المحدودة"),
    ),
    (
        ("北京", "上海", "深圳", "杭州", "新疆", "成都"),
        ("华芯", "远航", "天河", "明视", "长虹", "新光"),
        ("科技有限公司", "电子股份有限公司", "贸易有限公司", "光电技术有限公司"),
    ),
    (
        ("대한", "서울", "한빛", "태평양"),
        ("정밀", "무역", "전자", "해운"),
        ("주식회사", "(주)"),
    ),
)
PERSONS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("Anna", "Peter", "Maria", "John", "Fatima", "Hassan", "Wei", "Olga", "Carlos", "Amina", "Yusuf"),
        ("Keller", "Haddad", "Novak", "Okafor", "Rahimi", "Petrov", "Lindqvist", "da Silva", "Al-Rashid"),
    ),
    (("Иван", "Ольга", "Сергей", "Наталья"), ("Соколов", "Кузнецова", "Мельник", "Ахметов")),
    (("محمد", "فاطمة", "حسن", "ليلى"), ("العبيدي", "الحسيني", "كريمي", "منصور")),
    (("王", "李", "张", "陈"), ("建国", "小红", "志强", "丽华")),
    (("山田", "佐藤", "鈴木"), ("太郎", "花子", "健一")),
)
LONGEST = (
    "Federal State Unitary Enterprise Scientific and Production Association of Precision Mechanics, Optics and "
    "Radio-Electronic Instruments named after the Heroes of the Far Eastern Shipbuilding Yards, Representative "
    "Office for Foreign Economic Relations in the Special Economic Zone"
)
"""As long as the longest names of official lists, without being one of them."""


def names() -> Iterator[tuple[str, str]]:
    """Names without end, each with its schema; no two are the same. Three of four are companies."""
    for number in count():
        if number % 4 == 3:
            given, family = PERSONS[number // 4 % len(PERSONS)]
            at = number // 20
            first, last = given[at % len(given)], family[at // len(given) % len(family)]
            yield (f"{last}{first} {number}" if ord(last[0]) > 0x2E80 else f"{first} {last} {number}"), "Person"
        else:
            places, trades, forms = COMPANIES[number % len(COMPANIES)]
            at = number // len(COMPANIES)
            parts = (places[at % len(places)], trades[at // 3 % len(trades)], str(number), forms[at % len(forms)])
            yield " ".join(parts), "Company"
