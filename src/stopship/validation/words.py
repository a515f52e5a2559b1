"""Manipulations of words: legal forms, order, glue, additions, omissions, abbreviations, initials."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

from stopship.model.values import Schema

# Groups of legal forms that say the same; the longest spelling is looked for first.
_FORMS = (
    ("Co., Ltd.", "Company Limited", "Co Ltd", "Co., Limited"),
    ("Limited", "Ltd.", "Ltd"),
    ("Incorporated", "Inc.", "Inc"),
    ("Corporation", "Corp.", "Corp"),
    ("Limited Liability Company", "LLC", "L.L.C."),
    ("Joint Stock Company", "JSC", "J.S.C."),
    ("GmbH", "G.m.b.H.", "Gesellschaft mit beschränkter Haftung"),
    ("OOO", "O.O.O."),
    ("S.A.", "SA"),
    ("FZE", "F.Z.E."),
    ("FZCO", "FZ-LLC"),
    ("Sdn Bhd", "Sdn. Bhd."),
    ("Pvt. Ltd.", "Private Limited", "Pvt Ltd"),
)
_SPELLINGS = sorted(((s, n) for n, group in enumerate(_FORMS) for s in group), key=lambda x: -len(x[0]))
_IN_FRONT = ("OOO", "O.O.O.", "JSC", "J.S.C.", "Joint Stock Company", "Limited Liability Company", "LLC")
_TRADE = ("Trading", "International", "Group", "Industries", "Services", "Global", "Holding", "Technology")
_PLACES = ("China", "Dubai", "Germany", "Hong Kong", "India", "Moscow", "Singapore", "Turkey", "UK", "USA")
_MIDDLE = ("Ali", "Alexander", "Hassan", "Ivanovich", "James", "Maria", "Mohammed", "Sergeevich")
_TITLES = ("Dr.", "Mr.", "Eng.", "General", "Prof.", "Sheikh")
_ABBREVIATIONS = {
    "technology": "Tech", "technologies": "Tech.", "corporation": "Corp", "international": "Intl", "company": "Co",
    "institute": "Inst.", "university": "Univ.", "engineering": "Eng.", "industry": "Ind.", "industries": "Ind.",
    "industrial": "Indl.", "electronics": "Elec.", "electronic": "Elec.", "manufacturing": "Mfg",
    "department": "Dept",
    "ministry": "Min.", "research": "Res.", "development": "Dev.", "national": "Natl", "association": "Assn",
    "organization": "Org.", "services": "Svcs", "service": "Svc", "general": "Gen.", "trading": "Trdg",
    "laboratory": "Lab", "equipment": "Equip.", "science": "Sci.", "sciences": "Sci.", "group": "Grp",
    "shipping": "Shpg", "transport": "Transp.", "construction": "Constr.", "aviation": "Avn", "system": "Sys.",
    "systems": "Sys.", "management": "Mgmt", "brothers": "Bros", "mohammed": "Mohd.", "mohammad": "Mohd.",
    "muhammad": "Md.", "mohamed": "Mohd", "abdul": "Abd.", "brigade": "Bde", "limited": "Ltd", "center": "Ctr",
    "centre": "Ctr", "commercial": "Comm.", "foundation": "Fdn", "and": "&",
}  # fmt: skip


def form_in(name: str) -> tuple[int, int, int] | None:
    """Start, end and group of the legal form that a name ends with (OOO and JSC: or begins with), or None."""
    for spelling, group in _SPELLINGS:
        form = re.escape(spelling)
        found = re.search(rf"(?<!\w){form}(?=[\s.,)]*\Z)", name, re.IGNORECASE)
        if not found and spelling in _IN_FRONT:
            found = re.match(rf"{form}(?!\w)(?=.*\w)", name, re.IGNORECASE)
        if found and (found.start() > 0 or spelling in _IN_FRONT) and len(found[0]) < len(name.strip(" .,()")):
            return found.start(), found.end(), group
    return None


def is_person(schema: Schema) -> bool:
    """Whether the name is a person's."""
    return schema is Schema.PERSON


def legal_form_dropped(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """Without its legal form."""
    found = None if is_person(schema) else form_in(name)
    return " ".join((name[: found[0]] + name[found[1] :]).split()).strip(" ,") if found else None


def legal_form_respelled(rng: Random, name: str, schema: Schema) -> str | None:
    """With the same legal form spelled otherwise."""
    found = None if is_person(schema) else form_in(name)
    if not found:
        return None
    others = [s for s in _FORMS[found[2]] if s.lower() != name[found[0] : found[1]].lower()]
    return name[: found[0]] + rng.choice(others) + name[found[1] :]


def legal_form_other(rng: Random, name: str, schema: Schema) -> str | None:
    """With the legal form of another kind of company."""
    found = None if is_person(schema) else form_in(name)
    if not found:
        return None
    other = rng.choice([g for n, g in enumerate(_FORMS) if n != found[2]])
    return name[: found[0]] + other[0] + name[found[1] :]


def word_order(rng: Random, name: str, schema: Schema) -> str | None:
    """A person's words rotated, other names' words shuffled."""
    words = name.replace(",", " ").split()
    if len(words) < 2:
        return None
    if is_person(schema):
        cut = rng.randrange(1, len(words))
        return " ".join(words[cut:] + words[:cut])
    rng.shuffle(words)
    return " ".join(words)


def glued(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """Two neighbouring words without the space between them."""
    gaps = [m.start() for m in re.finditer(r"(?<=\w) (?=\w)", name)]
    at = rng.choice(gaps) if gaps else None
    return None if at is None else name[:at] + name[at + 1 :]


def split(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """A space inside a word of six letters or more."""
    words = list(re.finditer(r"[^\W\d_]{6,}", name))
    if not words:
        return None
    start, end = rng.choice(words).span()
    at = rng.randrange(start + 2, end - 1)
    return f"{name[:at]} {name[at:]}"


def _add(name: str, word: str, *, front: bool) -> str | None:
    if word.lower() in name.lower():
        return None
    if front:
        return f"{word} {name}"
    found = form_in(name)
    at = found[0] if found and found[0] else len(name)
    return " ".join(f"{name[:at].rstrip(' ,')} {word} {name[at:]}".split())


def word_added(rng: Random, name: str, schema: Schema) -> str | None:
    """A trade word more; for a person a name in the middle."""
    if is_person(schema):
        words = name.split()
        at = rng.randrange(1, len(words)) if len(words) > 1 else 1
        return " ".join([*words[:at], rng.choice(_MIDDLE), *words[at:]])
    return _add(name, rng.choice(_TRADE), front=False)


def place_added(rng: Random, name: str, schema: Schema) -> str | None:
    """A country or city more, in front or before the legal form."""
    return None if is_person(schema) else _add(name, rng.choice(_PLACES), front=rng.random() < 0.3)


def title_added(rng: Random, name: str, schema: Schema) -> str | None:
    """A person with a title."""
    return f"{rng.choice(_TITLES)} {name}" if is_person(schema) else None


def word_dropped(rng: Random, name: str, schema: Schema) -> str | None:
    """One word of three or more is missing; `drop_kind` says which sort of word it was."""
    words = name.split()
    if len(words) < 3:
        return None
    at = rng.randrange(len(words))
    shorter = " ".join(words[:at] + words[at + 1 :]).strip(" ,")
    return shorter if is_person(schema) or _says_who(shorter) else None


def _says_who(name: str) -> bool:
    """Whether a word is left that is no legal form and no trade word: without one nobody could tell."""
    found = form_in(name)
    left = name[: found[0]] + name[found[1] :] if found else name
    forms = {word for group in _FORMS for form in group for word in _parts(form)}
    general = {*_ABBREVIATIONS, *(word.lower() for word in (*_TRADE, *_PLACES)), *forms}
    return any(len(word) > 3 and word not in general for word in _parts(left))


def _parts(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name.lower())


def drop_kind(name: str, shorter: str, frequency: Mapping[str, int], generic_from: int) -> str:
    """What a dropped word was: "generic", "distinctive", or "bounded" where only generic words are left.

    `frequency` says how many listed names hold a word (lower case); a word in `generic_from` or more is generic.
    """
    left = _parts(shorter)
    lost = list(_parts(name))
    for word in left:
        if word in lost:
            lost.remove(word)
    if all(frequency.get(word, 0) >= generic_from for word in left):
        return "bounded"
    return "generic" if all(frequency.get(word, 0) >= generic_from for word in lost) else "distinctive"


def abbreviation(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """One or all of the words that have a usual abbreviation."""
    words = name.split()
    able = [i for i, w in enumerate(words) if w.strip(",.").lower() in _ABBREVIATIONS]
    if not able:
        return None
    chosen = able if rng.random() < 0.5 else [rng.choice(able)]
    for i in chosen:
        words[i] = _ABBREVIATIONS[words[i].strip(",.").lower()]
    return " ".join(words)


def acronym(rng: Random, name: str, schema: Schema) -> str | None:  # noqa: ARG001
    """The first letters of four words or more, without legal form and small words."""
    found = form_in(name)
    body = name[: found[0]] + name[found[1] :] if found else name
    words = [w for w in re.findall(r"[^\W\d_]+", body) if w.lower() not in {"of", "and", "the", "for", "de", "co"}]
    return None if is_person(schema) or len(words) < 4 else "".join(w[0].upper() for w in words)


def initials(rng: Random, name: str, schema: Schema) -> str | None:
    """A person's given names as initials, surname first or last, with or without dots."""
    if not is_person(schema):
        return None
    if "," in name:
        surname, _, rest = name.partition(",")
        given = rest.split()
    else:
        *given, surname = name.split()
    if not given or not surname.strip():
        return None
    first = given if rng.random() < 0.5 else given[:1]
    letters = rng.choice((". ", ".", " ")).join(w[0].upper() for w in first) + rng.choice((".", ""))
    surname = surname.strip()
    return f"{letters} {surname}" if rng.random() < 0.5 else f"{surname} {letters}"
