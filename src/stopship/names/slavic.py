"""Words of Slavic languages in Cyrillic letters: their forms by rule, compounds and adjectives of places.

A word is told by its stems: what is left of it when an ending is taken off. Endings of all the languages (Russian,
Ukrainian, Belarusian, Bulgarian, Serbian, Macedonian) are tried, because their words mix in one trade and a stem
that is found is hardly ever another word's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from stopship.names.places import place_key
from stopship.names.transliterate import romanize

_EVEN = str.maketrans("ёЁ", "еЕ", "'")
_ENDINGS = (
    # adjectives
    "ый ий ой ая яя ое ее ые ие ого его ому ему ым им ых их ыми ими ую юю ом ем о "
    "ій ої ою ею ього ьому ій і ї є "
    "ага яга аму яму ае яе ыя ія ай яй ой ою "
    "ог ег им их "
    "ият ия иа ата ото ите ят ята ето "
    # nouns
    "а я о е и ы у ю ь й ом ем ам ям ами ями ах ях ов ев ей ою ею ью ием ией иям иями иях ии ию ия "
    "ів їв ам ові еві єм ією ії ію ією "
    "аў яў эй ў "
    "ова има ама ја је ји ју јом јама "
    "ът ят та то те ата ята ото ето ите ове овете еве евете"
)  # fmt: skip
_FORMS = ("", *sorted(set(_ENDINGS.split()), key=lambda ending: (-len(ending), ending)))
_LEAST_STEM = 3
_LEAST_STEM_LONG = 4  # letters before an ending that many words only happen to have (Вадим)
_ENDINGS_OF_SHORT = frozenset(
    ["ом", "ой", "ов", "ам", "ах", "ей", "ем", "ту", "та", "то", "ът", "ят", "ый", "ая", "ое", "ые", "ых", "ого"]
)
_ADJECTIVES = ("ый", "ий", "ой", "ій")
_AGREEING = ("ая", "яя", "ое", "ее", "ые", "ае", "ыя")
_ONE_LETTER = "аяоеиыіїйьує"
_VOWELS = "аеиоуыэюяіїєўј"

# First parts of compounds, with what they mean; those of a hyphen's meaning ("" joins) are printed as one word.
_FIRST_PARTS = {
    "электро": "electric", "енерго": "energy", "энерго": "energy", "електро": "electric", "радио": "radio",
    "радіо": "radio", "авиа": "aviation", "авио": "aviation", "авіа": "aviation", "аэро": "aero",
    "нефтегазо": "oil and gas", "нефте": "oil", "нафто": "oil", "нефто": "oil", "газо": "gas", "судо": "ship",
    "корабле": "ship", "кораблё": "ship", "приборо": "instrument", "машино": "machine", "станко": "machine tool",
    "металло": "metal", "метало": "metal", "агро": "agro", "био": "bio", "гео": "geo", "гидро": "hydro",
    "хидро": "hydro", "тепло": "heat", "топло": "heat", "авто": "auto", "вертолето": "helicopter",
    "самолето": "aircraft", "ракето": "rocket", "двигателе": "engine", "моторо": "engine", "турбо": "turbine",
    "вагоно": "wagon", "локомотиво": "locomotive", "тракторо": "tractor", "трубо": "pipe", "стекло": "glass",
    "дерево": "wood", "лесо": "timber", "рыбо": "fish", "мясо": "meat", "хлебо": "bread", "зерно": "grain",
    "водо": "water", "угле": "coal", "горно": "mining", "строй": "construction", "строит": "construction",
    "спец": "special", "гос": "state", "пром": "industrial", "тех": "technical", "хим": "chemical",
    "фарм": "pharmaceutical", "мед": "medical", "микро": "micro", "нано": "nano", "опто": "opto",
    "фото": "photo", "видео": "video", "теле": "tele", "кино": "film", "кибер": "cyber",
    "нефтехим": "petrochemical",
    "инфо": "information", "морско": "marine", "речно": "river", "военно": "military", "научно": "scientific",
    "торгово": "trading", "промышленно": "industrial", "финансово": "financial", "производственно": "production",
}  # fmt: skip
_BY_LENGTH = sorted(_FIRST_PARTS, key=lambda part: (-len(part), part))
_LEAST_SECOND = 5  # letters of the second part; shorter ones end brands (Gazprom, Vneshtorgbank)

# Parts of international words as Latin spells them, where that is another sound than their romanization.
_INTERNATIONAL = {
    "гидро": "hydro", "техно": "techno", "технолог": "technolog", "техник": "technic", "тех": "tech",
    "экспорт": "export", "експорт": "export", "экспресс": "express", "эксперт": "expert", "эко": "eco",
    "авто": "auto", "автомат": "automat", "аэро": "aero", "центр": "center", "хим": "chem", "фарм": "pharm",
    "квант": "quant", "кибер": "cyber", "крио": "cryo", "гелио": "helio", "гипер": "hyper",
    "хаб": "hub", "хаус": "house", "лайн": "line", "лайт": "light", "ньюс": "news", "нью": "new", "групп": "group",
    "сервис": "service", "трейд": "trade", "стайл": "style", "прайм": "prime", "драйв": "drive",
    "дизайн": "design", "медикал": "medical", "солюшн": "solution", "солюшен": "solution",
    "интернешнл": "international",
    "интернешенел": "international", "индастри": "industry", "компани": "company", "машин": "machin",
    "клауд": "cloud", "шиппинг": "shipping", "шипинг": "shipping", "фьюжн": "fusion",
    "фьюче": "future", "кэпитал": "capital", "кепитал": "capital", "файненс": "finance", "файнэнс": "finance",
    "юнион": "union", "юни": "uni", "вижн": "vision", "айти": "it", "ай-ти": "it", "кью": "q",
    "софт": "soft", "уорлд": "world", "ворлд": "world", "пауэр": "power", "эйр": "air", "скай": "sky",
     "джет": "jet", "хоум": "home", "цити": "city",
    "сити": "city", "секьюрити": "security", "нэт": "net", "нэтворк": "network", "смарт": "smart",
}  # fmt: skip
# Short parts only at an end of the word: Михайлович has no hub in it.
_LEAST_INSIDE = 5
_INSIDE = ("тех",)
_PARTS = re.compile(
    "|".join(
        part if len(part) >= _LEAST_INSIDE or part in _INSIDE else rf"\b{part}|{part}\b"
        for part in sorted(_INTERNATIONAL, key=lambda part: (-len(part), part))
    )
)

_SK_ENDINGS = (
    "ий", "ая", "ое", "ие", "ого", "ой", "ому", "ом", "им", "ими", "их", "ую",
    "а", "о", "и", "е", "ата", "ото", "ите", "ият", "ия", "ої", "ої", "ага", "ай", "ія", "ого",
)  # fmt: skip
_SK = ("ск", "цк")
_LEAST_PLACE = 4
_PLACE_ENDS = ("ск", "", "ь", "а", "я", "о", "ы", "и", "ия", "ово")


def even(word: str) -> str:
    """A word in lower case without what is not always written: the dots of ё and the apostrophe."""
    return word.translate(_EVEN).lower()


@lru_cache(maxsize=4096)
def stems(word: str) -> frozenset[str]:
    """All stems that a word of a name may have, the whole word among them."""
    word = even(word)
    found = {word}
    for ending in _FORMS[1:]:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            least = _LEAST_STEM if len(ending) == 1 or ending in _ENDINGS_OF_SHORT else _LEAST_STEM_LONG
            if len(stem) >= least:
                found.add(stem)
    for full, short in (("ок", "к"), ("ек", "к"), ("ец", "ц")):  # поставок, of поставка
        if word.endswith(full) and len(word) > _LEAST_STEM_LONG:
            found.add(word[:-2] + short)
    return frozenset(found)


def dictionary_stems(word: str) -> frozenset[str]:
    """The stems by which a word in the form of a dictionary is told."""
    word = even(word)
    found = {word}
    if word.endswith(_ADJECTIVES) and len(word) - 2 >= _LEAST_STEM:
        found.add(word[:-2])
        if word.endswith("ий"):
            found.add(word[:-1])  # санаторий, of санатори
    elif word.endswith(_AGREEING) and len(word) - 2 >= _LEAST_STEM:
        found |= {word[:-2], word[:-1]}  # атомная, in the table as part of a phrase
    elif word.endswith("ен") and len(word) > _LEAST_STEM_LONG:
        found.add(word[:-2] + ("йн" if word[-3] in _VOWELS else "н"))  # Bulgarian национален, национална
    elif word.endswith("ец") and len(word) > _LEAST_STEM_LONG:
        found |= {word[:-2] + "ц", word[:-2] + "ьц"}
    elif word.endswith("ок") and len(word) > _LEAST_STEM_LONG:
        found.add(word[:-2] + "к")
    elif word[-1:] in _ONE_LETTER and len(word) > _LEAST_STEM:
        found.add(word[:-1])
    return frozenset(stem for stem in found if stem == word or len(stem) >= _LEAST_STEM)


def first_part(word: str) -> Iterator[tuple[str, str]]:
    """The ways to part a compound: the meaning of its first part, and its second part."""
    word = even(word)
    for part in _BY_LENGTH:
        if word.startswith(part) and len(word) - len(part) >= _LEAST_SECOND:
            yield _FIRST_PARTS[part], word[len(part) :]


def international(word: str) -> str:
    """A word in Latin letters with its international parts as Latin spells them; "" where it has none.

    >>> international("Белтехэкспорт")
    'beltechexport'
    """
    word = even(word)
    pieces: list[str] = []
    last = 0
    for match in _PARTS.finditer(word):
        pieces += [romanize(word[last : match.start()]), _INTERNATIONAL[match[0]]]
        last = match.end()
    if not pieces:
        return ""
    latin = "".join((*pieces, romanize(word[last:])))
    return latin if latin != romanize(word) else ""


@lru_cache(maxsize=4096)
def place_of(word: str) -> tuple[str, str] | None:
    """The place of an adjective in -ский: its Latin name where the table of places knows it ("" where not), and
    the stem in Cyrillic letters. None for other words.

    >>> place_of("Серовский")
    ('', 'серов')
    """
    bare = _before_sk(even(word))
    if bare is None:
        return None
    for end in _PLACE_ENDS:
        latin = romanize(bare + end)
        if place_key(latin):
            return latin, bare
    return "", bare


def _before_sk(word: str) -> str | None:
    for ending in _SK_ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and stem.endswith(_SK) and len(stem) - 2 >= _LEAST_PLACE:
            return stem[:-2]
    return None
