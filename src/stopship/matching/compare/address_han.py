"""Addresses in Han characters: big to small, each part ended by a character that says what it is.

香港灣仔盧押道18號16樓D室 is Unit D, 16th floor, 18 Luard Road, Wan Chai, Hong Kong. Names of streets are read by
pinyin (前莫路 is Qianmo Road) and, in Hong Kong, by the table of English names and by Cantonese sound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from stopship.names.han import simplify
from stopship.names.han_terms import cantonese, syllables, terms

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMERAL = "[零〇一二两三四五六七八九十百]+"
_AFTER_NUMERAL = "(?=号|弄|楼|层|栋|幢|座|室|单元|巷|段|丁目|期)"
_CODE = r"(?:[A-Za-z]{0,2}\d+[A-Za-z]?(?:[-/]\d+[A-Za-z]?)?|[A-Za-z])"
_BLOCK = re.compile(rf"({_CODE}|[甲乙丙丁东西南北])\s*(?:号楼|號楼|栋|幢|座|号厂房|号院区|期)")
_ENTRANCE = re.compile(rf"({_CODE})\s*单元(?=\d)")
_FLOOR = re.compile(r"(\d{1,3}|地下|地面|G|g)\s*(?:楼|层|F(?![a-z])|/F)")
_UNIT = re.compile(rf"({_CODE}(?:[、及,]{_CODE})*)\s*(?:号?室|号?房(?!屋)|号?铺|单位|单元|户)")
_NUMBER = re.compile(
    r"(?:第|门牌)?(\d{1,5})\s?([A-Za-z]?)(?:[-至~、](\d{1,5})([A-Za-z]?))?(?:之\d+)?\s*号(?!楼|院区)"
)
_STREET = re.compile(
    r"([\u4e00-\u9fff]{1,12}?)(大马路|大道|大街|公路|马路|胡同|路|街(?!道)|道(?!路)|巷|弄|里(?=\d)|径)"
    r"([东南西北中一二三四五六七八九])?(?=[第门\dA-Za-z\s,(（]|\Z|[一二三四五六七八九十]段|[\u4e00-\u9fff])"
)
_LANE_NUMBER = re.compile(r"(\d{1,4})\s*(?:弄|巷)")
_BOX = re.compile(r"(?:邮政)?(?:信箱|邮箱)\D{0,3}(\d{1,6})|(\d{1,6})\s*号?\s*(?:邮政)?(?:信箱|邮箱)")
_POSTCODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")
_PLACE = re.compile(
    r"([\u4e00-\u9fff]{1,8}?)(特别行政区|自治区|自治州|开发区|工业园区|工业区|高新区|新区|园区|省|市|区|县|旗|镇|乡|村|街道|盟|州)"
)
_BIG = ("省", "市", "县", "特别行政区", "自治区", "自治州", "盟", "州", "旗")
_DIRECTION = {"东": "east", "西": "west", "南": "south", "北": "north", "中": "middle"}
_CLASS = {"街": "street", "大街": "road", "巷": "lane", "弄": "lane", "胡同": "lane", "里": "lane"}
_LONGEST_STREET = 6


@dataclass(frozen=True, slots=True)
class HanAddress:
    """What was read: streets as (joined Latin name, direction, class, numbers), and the rest as codes and
    words. `places` are English names of known places, `words` the sounds of other ones."""

    streets: tuple[tuple[str, str, str, tuple[tuple[int, int, str], ...]], ...]
    unit_codes: tuple[str, ...]
    floor: str
    blocks: tuple[str, ...]
    boxes: tuple[str, ...]
    places: tuple[str, ...]
    words: tuple[str, ...]
    postcode: str


@cache
def hong_kong_streets() -> dict[str, str]:
    """Street in simplified characters -> its gazetted English name."""
    text = (resources.files("stopship.matching") / "data" / "hong_kong_streets.tsv").read_text("utf-8")
    found = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {simplify(han): english for han, english in found}


def read_han_address(cleaned: str) -> HanAddress:
    """Read a cleaned address that holds Han characters."""
    text = re.sub(r"(?<=[\u3400-\u9fff\d])\s+(?=[\u3400-\u9fff])", "", simplify(cleaned)).replace("號", "号")
    text = re.sub(_NUMERAL + _AFTER_NUMERAL, lambda m: str(_number(m[0])), text)
    boxes = tuple(a or b for a, b in _BOX.findall(text))
    text = _BOX.sub(",", text)
    postcode = next(iter(_POSTCODE.findall(text)), "")
    text = _POSTCODE.sub(",", text)
    blocks = tuple(m[1].lower() for m in _BLOCK.finditer(text))
    text = _ENTRANCE.sub(",", _BLOCK.sub(",", text))
    floor = next((m[1].lower() for m in _FLOOR.finditer(text)), "")
    floor = {"地下": "g", "地面": "g"}.get(floor, floor)
    text = _FLOOR.sub(",", text)
    numbers = _numbers(text)
    units = tuple(code for m in _UNIT.finditer(text) for code in re.split("[、及,]", m[1].lower()))
    text = _UNIT.sub(",", text)
    if not units and floor and (room := re.search(r"[,\s](\d{3,4})\s*\Z", text)):
        units, text = (room[1],), text[: room.start()]
    places: list[str] = []
    words: list[str] = []
    rest: list[str] = []
    for segment in re.split(r"[,，]", text):
        found, named, behind = _take_places(segment)
        places += found
        words += named
        rest.append(behind)
    return HanAddress(
        tuple(_streets(",".join(rest), numbers, may_be_hong_kong=not places or "Hong Kong" in places)),
        units,
        floor.lstrip("0"),
        blocks,
        boxes,
        tuple(places),
        tuple(words),
        postcode,
    )


def _number(numeral: str) -> int:
    """Han numerals below one thousand; digits in a row (一二三) are read digit by digit."""
    if not set(numeral) & set("十百"):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, digit = 0, 0
    for char in numeral:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def _numbers(text: str) -> tuple[tuple[int, int, str], ...]:
    found: list[tuple[int, int, str]] = []
    for match in _NUMBER.finditer(text):
        if text[match.end() : match.end() + 1] in ("室", "房", "铺"):
            continue
        low, high = int(match[1]), int(match[3] or match[1])
        found.append((low, high if low <= high <= low + 100 else low, (match[2] or "").lower()))
    if not found:
        found = [(int(m[1]), int(m[1]), "") for m in _LANE_NUMBER.finditer(text)]
    return tuple(found[:1])


def _take_places(text: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Known places and named divisions from the front, and the text behind them."""
    places: list[str] = []
    words: list[str] = []
    known = terms()
    while text:
        text = text.lstrip(" ,，()（）")
        length = next((n for n in range(8, 1, -1) if (t := known.get(text[:n])) and t.kind == "place"), 0)
        match = _PLACE.match(text)
        # 北京东路 is a street: no place where the street goes on with it.
        if length and not re.match(r"[东南西北中]?(?:大道|大街|路|街(?!道)|道)", text[length:]):
            places.extend(known[text[:length]].words[:1])
            text = re.sub(r"^(?:特别行政区|自治区|省|市|区|县|地区)", "", text[length:])
        elif match and not _STREET.search(match[1]) and "路" not in match[1]:
            name = known.get(match[1])
            if name and name.kind == "place":
                places.extend(name.words[:1])
            elif match[2] in _BIG:
                words.append("".join(syllables(match[1])))
            text = text[match.end() :]
        else:
            break
    return tuple(places), tuple(word for word in words if word), text


def _english(stem: str, kind: str, direction: str) -> str:
    """The gazetted name of a street of Hong Kong that the text ends with."""
    table = hong_kong_streets()
    wholes = (stem[at:] + kind + d for d in (direction, "") for at in range(len(stem)))
    return next((table[whole] for whole in wholes if whole in table), "")


def _streets(
    text: str, numbers: tuple[tuple[int, int, str], ...], *, may_be_hong_kong: bool
) -> list[tuple[str, str, str, tuple[tuple[int, int, str], ...]]]:
    """Streets under each of their Latin names."""
    found: list[tuple[str, str, str, tuple[tuple[int, int, str], ...]]] = []
    for match in _STREET.finditer(text):
        stem, kind = match[1], match[2]
        english = _english(stem, kind, match[3] or "") if may_be_hong_kong else ""
        if english:
            found.append((english, "", "", numbers))
            break
        direction = _DIRECTION.get(match[3] or "", "")
        if not direction and len(stem) > 2 and stem[-1] in _DIRECTION:
            direction, stem = _DIRECTION[stem[-1]], stem[:-1]
        of_kind = _CLASS.get(kind, "road")
        # An unknown district may stand before the street: also without its first two characters.
        cuts = [stem] + ([stem[2:]] if len(stem) >= 4 else [])
        for cut in cuts[-2:] if len(stem) <= _LONGEST_STREET else cuts[-1:]:
            for spoken in (syllables(cut), cantonese(cut)):
                name = "".join(spoken)
                if len(name) >= 3:
                    found.append((name, direction, of_kind, numbers))
        break
    return found
