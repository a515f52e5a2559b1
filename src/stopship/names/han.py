"""Chinese names in Han characters: organizations by gloss and sound, persons by surname and sound.

`海康威视数字技术股份有限公司` is read as "Hikvision digital technology joint stock company limited": places,
bodies, trade words and legal forms by meaning (tables `places.tsv`, `han.tsv`), brands with an English name of
their own by the cited table `brands.tsv`, and the rest by sound. English lists render one phrase in more than one
way, so a name has several readings. pypinyin gives the sounds; its surname readings are wrong by default, so
`surnames.tsv` comes first.
"""

from __future__ import annotations

import re

from stopship.names.brackets import BRACKETS
from stopship.names.han_segment import Segment, segment
from stopship.names.han_terms import cantonese, is_han, korean, simplify, surnames, syllables
from stopship.names.pinyin import to_wade_giles
from stopship.names.places import lies_in, place_key

__all__ = [
    "HAN_RUN", "is_han", "looks_like_person", "read_name", "read_organization", "read_person",
    "read_person_beside", "readings_of", "simplify", "surname_first",
]  # fmt: skip

HAN_RUN = re.compile(r"[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_DIGIT_BEFORE = re.compile(r"[0-9]\s*\Z")
_MOST_READINGS = 10
_TWICE_SAID = 2
_MOST_OF_A_SIDE = 3
_PAIR = 2
_SHORT_BRAND = 2
_FOUR = 4
_TITLE = re.compile("(?<=..)(?:先生|女士|小姐|太太|博士|教授|院士|同志|经理|总经理|董事长)$")
_KOREAN_SURNAMES = frozenset("金朴崔")  # Kim, Pak, Choe; other Korean surnames are Chinese as often
_CANTONESE_PLACES = ("香港", "澳门", "九龙", "新界")


def read_person(text: str) -> list[str]:
    """Romanized readings of a personal name, surname and given name: in pinyin, as Hong Kong spells it, in
    Wade-Giles as Taiwan does, and in Korean where the surname is Korean.

    The given name is one word in all of them: apart, its first syllable alone would be another person's name. Of
    given names of one syllable only the pinyin is given, because other spellings say two other names too often.
    Empty where the name doesn't begin with a surname or has an unusual length.
    """
    name = _TITLE.sub("", simplify(text))
    length = 2 if name[:2] in surnames() and len(name) > 2 else 1
    if not 2 <= len(name) <= 4 or name[:length] not in surnames():
        return []
    own = [_surname(name[:length])]
    spelled = [cantonese(name[:length])]
    if len(name) == _FOUR and length == 1 and name[1] in surnames():  # 林郑月娥: her husband's, then her own
        length = 2
        own.append(_surname(name[1]))
        spelled = [cantonese(name[:1]), cantonese(name[1])]
    given = syllables(name[length:])
    if not given:
        return []
    found = [" ".join([*own, "".join(given)])]
    if len(given) > 1:
        local = cantonese(name[length:])
        if local and all(spelled):
            found.append(" ".join(["".join(part) for part in spelled] + ["".join(local)]))
        found.append(" ".join([*map(to_wade_giles, own), "".join(map(to_wade_giles, given))]))
    if name[0] in _KOREAN_SURNAMES and len(given) > 1 and (sounds := korean(name)):
        found.append(" ".join([sounds[0], "".join(sounds[1:])]))
    if len(name) == _FOUR and length == 1:  # Tibetan, Mongol and Japanese names are two and two
        found.append(" ".join("".join(syllables(part)) for part in (name[:2], name[2:])))
    return list(dict.fromkeys(found))


def surname_first(text: str) -> str:
    """A name in Han that is written as Europe orders it, `晓明 王`, with the surname first; others as they are."""
    chunks = text.split()
    if len(chunks) != _PAIR or not all(HAN_RUN.fullmatch(chunk) for chunk in chunks):
        return text
    given, surname = map(simplify, chunks)
    behind = surname in surnames() and (given not in surnames() or len(given) > len(surname))
    return f"{chunks[1]} {chunks[0]}" if behind else text


def read_person_beside(text: str) -> list[str]:
    """Readings of a personal name in Han with Latin letters beside it: `王晓明 Wang Xiaoming` says one name twice,
    `David 陳大文` is David Chan Tai Man. Empty where the Han is no person's name."""
    runs = HAN_RUN.findall(text)
    latin = " ".join(re.findall(r"[^\W\d_](?:[^\W_]|['’-])*", HAN_RUN.sub(" ", text)))
    found = read_person(runs[0]) if len(runs) == 1 and latin else []
    if not found:
        return []
    return [latin, *found] if " " in latin else [f"{latin} {one}" for one in found]


def _surname(han: str) -> str:
    return surnames()[han] or "".join(syllables(han))


def looks_like_person(text: str) -> bool:
    """Whether a run of Han may be a personal name: two to four characters, a surname first, no known trade
    word."""
    name = simplify(text)
    if not 2 <= len(name) <= 4 or (name[0] not in surnames() and name[:2] not in surnames()):
        return False
    parts = segment(name)
    if parts[0].kind == "place" and len(parts[0].han) > 1:
        return False
    return not any(part.kind in ("legal", "body", "brand") and len(part.han) > 1 for part in parts)


def read_organization(text: str) -> list[str]:
    """Latin readings of a run of Han characters, the one by gloss first."""
    return read_name(text)


def read_name(text: str) -> list[str]:
    """Latin readings of a cleaned name of an organization that is written in Han, or in Han among other letters.

    By gloss with brands under their English name; the same by the other renderings of each phrase; brands by
    sound; stretches of sound joined and by syllable; a name without any by the sound of its first word.
    """
    outside = _without_brackets(text)
    found = dict.fromkeys(readings_of(_parts(text)))
    if outside:
        found |= dict.fromkeys(readings_of(_parts(outside)))
    kept = [reading for reading in found if reading.strip()][:_MOST_READINGS]
    kept.extend(_sides(text))
    return kept or ["".join(syllables(text)) or text]


def _sides(text: str) -> list[str]:
    """The Han and the Latin letters of a name that is printed in both, each alone: 华为技术有限公司 Huawei
    Technologies Co., Ltd. is said twice. Not where a side may be a part of the name only."""
    runs = HAN_RUN.findall(text)
    latin = HAN_RUN.sub(" ", BRACKETS.sub(lambda match: HAN_RUN.sub("", match[0]), text)).strip(" ()[]（）,;-/")
    words = re.findall(r"[^\W\d_]{2,}", latin)
    if len(runs) != 1 or len(runs[0]) < _FOUR or len(words) < _TWICE_SAID:
        return []
    return [latin, *readings_of(_parts(runs[0]))[:_MOST_OF_A_SIDE]]


def _without_brackets(text: str) -> str:
    """The name without what stands in brackets; "" where there are none, or a place, which tells firms apart."""
    if not BRACKETS.search(text):
        return ""
    inner = " ".join(a or b for a, b in BRACKETS.findall(text))
    if any(part.kind == "place" for part in _parts(inner)):
        return ""
    return BRACKETS.sub("", text).strip()


def _parts(text: str) -> list[Segment]:
    found: list[Segment] = []
    last = 0
    for match in HAN_RUN.finditer(text):
        before = text[last : match.start()]
        if before.strip():
            found.append(Segment("latin", before, (before,)))
        found.extend(segment(simplify(match[0]), after_number=bool(_DIGIT_BEFORE.search(before))))
        last = match.end()
    if text[last:].strip():
        found.append(Segment("latin", text[last:], (text[last:],)))
    return found


def readings_of(parts: list[Segment]) -> list[str]:
    """Latin readings of a name by its parts, the usual one first; some may be the same."""
    found = [_render(parts)]
    inner = _without_outer_place(parts)
    if len(inner) < len(parts):
        found.append(_render(inner))
    kinds = {part.kind for part in parts}
    most = max((len(part.words) for part in parts), default=0)
    for rank in range(1, min(most, 4)):
        found.append(_render(parts, rank=rank))
    if "name" in kinds:
        found.append(_render([_by_meaning(part) for part in parts]))
    if "brand" in kinds:
        found.append(_render(parts, brands=False))
        found.append(_render(_without_seat(parts)))
    if "sound" in kinds and any(part.han in _CANTONESE_PLACES for part in parts):
        found.append(_render(parts, grouping="cantonese"))
    # Syllables apart say something beside other words; alone they are anybody's.
    if len(parts) > 1 and any(part.kind == "sound" and len(part.han) >= 3 for part in parts):
        found.append(_render(parts, grouping="apart"))
        if any(part.kind == "sound" and len(part.han) > 3 for part in parts):
            found.append(_render(parts, grouping="joined"))
    elif not kinds & {"sound", "name", "brand", "body", "latin", "number"}:
        head = next((n for n, part in enumerate(parts) if part.kind == "word"), None)
        if head is not None:
            found.append(_render([*parts[:head], Segment("sound", parts[head].han, ()), *parts[head + 1 :]]))
    if sum(len(part.words) > 1 for part in parts) > 1:  # of two phrases only one may be rendered otherwise
        found.extend(_render(_otherwise(parts, at)) for at, part in enumerate(parts) if len(part.words) > 1)
    return found


def _otherwise(parts: list[Segment], at: int) -> list[Segment]:
    part = parts[at]
    return [*parts[:at], Segment(part.kind, part.han, part.words[1:], part.spoken), *parts[at + 1 :]]


def _without_seat(parts: list[Segment]) -> list[Segment]:
    """The parts without the place before a brand: a firm's companies in other towns are the same group. Not where
    two syllables in Latin letters are the whole brand, which others sound like too."""
    at = next((n for n, part in enumerate(parts) if part.kind not in ("place", "drop")), 0)
    part = parts[at]
    if part.kind != "brand" or at + 1 == len(parts):
        return parts
    if len(part.han) <= _SHORT_BRAND and "".join(part.spoken) == part.words[0].lower():
        return parts
    return parts[at:]


def _by_meaning(part: Segment) -> Segment:
    return Segment("word", part.han, part.words[1:]) if part.kind == "name" and len(part.words) > 1 else part


def _without_outer_place(parts: list[Segment]) -> list[Segment]:
    """The parts without a place, and the level that follows it, where the next place lies in it: the region goes
    without saying in Xinjiang Kashgar Prefecture."""
    at = 1
    while at < len(parts) and parts[at].kind == "drop":
        at += 1
    if at >= len(parts) or not (parts[0].kind == parts[at].kind == "place"):
        return parts
    if not (parts[0].words and parts[at].words):
        return parts
    outer, inner = place_key(parts[0].words[0]), place_key(parts[at].words[0])
    return parts[at:] if outer and inner and outer != inner and lies_in(inner, outer) else parts


def _render(parts: list[Segment], *, rank: int = 0, brands: bool = True, grouping: str = "usual") -> str:
    """The words of a reading: of each phrase the rendering number `rank`, or the first where it has fewer."""
    words: list[str] = []
    for part in parts:
        if part.kind == "sound" or (part.kind == "brand" and not brands):
            words.extend((cantonese(part.han) if grouping == "cantonese" else []) or _sound_words(part, grouping))
        elif part.words:
            words.append(part.words[rank] if rank < len(part.words) else part.words[0])
    return " ".join(words)


def _sound_words(part: Segment, grouping: str) -> list[str]:
    if not part.spoken:
        return _grouped(syllables(part.han), grouping)
    written = len(part.spoken) < len(part.han)  # words of several syllables, as somebody wrote them
    return list(part.spoken) if written and grouping != "joined" else _grouped(list(part.spoken), grouping)


def _grouped(sounds: list[str], grouping: str) -> list[str]:
    """Company names are romanized in words of two syllables, or three at the end; or joined, or apart."""
    if grouping == "apart":
        return sounds
    if len(sounds) <= 3 or grouping == "joined":
        return ["".join(sounds)] if sounds else []
    groups = ["".join(sounds[i : i + 2]) for i in range(0, len(sounds) - len(sounds) % 2, 2)]
    if len(sounds) % 2:
        groups[-1] += sounds[-1]
    return groups
