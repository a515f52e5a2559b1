"""Reading what the Commerce Control List prints in its License Requirements tables.

Each row has a control ("NS applies to 5A001.b (except .b.5), .c and .d") and a cell for the Country Chart ("NS
Column 2.", or prose). Both become selections (`stopship.rules.selection`). What isn't understood is left open,
never guessed: the row is then quoted, and a person must read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

COLUMN_REASONS = ("CB", "NP", "NS", "MT", "RS", "FC", "CC", "AT")

_REASON = re.compile(r"\s*(?P<reason>[A-Z]{2})\b")
_APPLIES = re.compile(
    r"^\s*(?:[A-Z]{2}|Russian industry sector sanctions?)\s+appl(?:y|ies)\b[\s:,]*(?:only\s+)?(?:to\b)?[\s:]*"
)
_COLUMN = re.compile(r"\b(CB|NP|NS|MT|RS|FC|CC|AT)\s+Column\s+(\d)")


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row, read.

    Attributes:
        reason: "NS"; empty where the control names none.
        paragraphs: selection of paragraphs of the entry.
        reach: selection of destinations: chart columns ("NS2"), countries, Country Groups ("D:5"), chart footnotes
            ("fn:1").
        note: what the reading rests on besides the printed words.
    """

    reason: str
    paragraphs: str
    reach: str
    note: str = ""


def read_row(eccn: str, control: str, chart: str) -> PrintedRow:
    """Read one row of an entry; never raises, what is not understood is open (`?*`)."""
    found = _REASON.match(control)
    reason = found["reason"] if found else "RU" if control.startswith("Russian industry") else ""
    reach, note = _reach(chart if chart != control else control, reason, same=chart == control)
    by_hand = next(
        (how for (code, opening), how in _BY_HAND.items() if code == eccn and control.startswith(opening)), None
    )
    return PrintedRow(reason, by_hand or _paragraphs(eccn, control), reach, note)


_BY_HAND = {
    # The row describes the whole entry in the words of its heading.
    ("0E982", "CC applies to “technology” for items controlled by 0A982 or 0A503"): "*",
    # The exception is for Russia alone, which has rules of its own since 2022.
    ("9A515", "RS applies to 9A515.y, except to Russia"): "y",
    ("9D515", "RS applies to 9D515.y, except to Russia"): "y",
}


# -- destinations ------------------------------------------------------------------------------------------------

_CWC = (
    "?EG ?EH ?IL ?KP ?SS ?TW ?XK",
    "which states are no parties to the Chemical Weapons Convention is from memory",
)

_PROSE: tuple[tuple[str, str, str], ...] = (
    (r"required for all destinations, except canada", "* -CA", ""),
    (r"any destination worldwide|^worldwide control|required for all destinations", "*", ""),
    (r"^china, russia,? or venezuela", "CN RU VE", ""),
    (
        r"united arab emirates or destinations specified in country groups d:1, d:4, and d:5.*"
        r"excluding any destination also specified in country groups a:5 or a:6",
        "D:1 D:4 D:5 -A:5 -A:6 AE",
        "",
    ),
    (r"within macau or a destination specified in country group d:5", "D:5 MO", ""),
    (r"to iraq or pakistan\b", "IQ PK", ""),
    (r"to iraq\b", "IQ", ""),
    (r"to pakistan\b", "PK", ""),
    (r"to north korea\b", "KP", ""),
    (
        r"for un controls",
        "?D:5 ?fn:1",
        "746.1(b) is not in this rulebook: open for Country Group D:5 and where the chart has footnote 1",
    ),
    (r"^see § 746\.8\b", "?RU ?BY", ""),
    (r"§ 742\.1[45]\b", "?* -CA", "that 742.14 and 742.15 leave Canada out is from memory"),
    (r"cwc non-states parties", *_CWC),
)


def _reach(chart: str, reason: str, *, same: bool) -> tuple[str, str]:
    columns = list(dict.fromkeys(f"{name}{number}" for name, number in _COLUMN.findall(chart)))
    if columns:
        rest = _COLUMN.sub(" ", chart)
        rest = _APPLIES.sub(" ", rest) if same else rest
        rest = re.sub(r"See § 742\.6\(a\)\(3\) for license requirements|entire entry|[\s.,]", "", rest)
        return " ".join(columns) if not rest else "?*", ""
    alone = re.fullmatch(r"\s*Column (\d)\.?\s*", chart)
    if alone and reason in COLUMN_REASONS:
        return f"{reason}{alone[1]}", f'the cell prints "{chart.strip()}" alone'
    flat = " ".join(chart.split()).lower()
    return next(((how, note) for pattern, how, note in _PROSE if re.search(pattern, flat)), ("?*", ""))


def unlisted_reason(eccn: str, reason: str) -> PrintedRow:
    """A reason that stands in the entry's "Reason for Control" while its table has no row for it."""
    by_hand = _UNLISTED.get((eccn, reason)) or _UNLISTED.get(("", reason)) or ("?*", "")
    return PrintedRow(reason, "*", *by_hand)


_UNLISTED = {
    # 742.7 and 742.11, compared 2026-07-23; the entries print them outside of a table.
    ("0A982", "CC"): ("* -CA", "742.7"),
    ("0A983", "CC"): ("*", "742.11"),
    # 742.13: SL is a license requirement to all destinations.
    ("", "SL"): ("*", "742.13"),
    # Anti-terrorism controls reach destinations that have rules of their own.
    ("", "AT"): ("E:1 E:2", "the entry has no row; anti-terrorism controls reach Country Group E only"),
    ("", "CW"): _CWC,
}


# -- paragraphs --------------------------------------------------------------------------------------------------

_PATH = r"[a-z](?:\.(?:\d{1,2}|[a-z]))*"
_FILLER = re.compile(
    r"\b(?:the|paragraphs?|items?|commodities|equipment|“software”|“technology”|software|technology|described|specified"
    r"|controlled|covered|under|by|in|of|this|entry|only|to|and|or|eccn)\b"
)


def _paragraphs(eccn: str, control: str) -> str:
    body = _APPLIES.sub("", control, count=1)
    body = re.sub(rf"\b(?:ECCN )?{eccn} ?(?:\. ?(?=[a-z]\b)|(?=[a-z]\b\.))", ".", body)
    body = re.sub(r"(?<=\.z)\. (?=\d)", ".", body)
    body = re.sub(rf"(?<!\w)(\.{_PATH})(\.\d+) and (\.\d+)\b", r"\1\2 and \1\3", body)  # ".d.15 and .16"
    body = " ".join(re.sub(r"[“”]|\b[ei]\.[ge]\.,?", "", body).split()).rstrip(" .;")
    entire = re.match(r"(?:the )?entire entry\b[\s,:.]*(?P<rest>.*)$", body)
    if entire:
        return _entire(entire["rest"])
    listed = _listed(body)
    if listed is not None:
        return " ".join(listed)
    limited = _limited(body)
    return " ".join(f"?{path}" for path in limited) if limited else "?*"


def _entire(rest: str) -> str:
    if not rest:
        return "*"
    exception = re.match(r"except(?:ions?)?\b[\s:]*(?P<what>.*)$", rest, re.IGNORECASE)
    if not exception:
        # These say where else to look, what follows, or the next row; anything else narrows the row.
        benign = (
            r"\(refer to [^)]*\)|A license is required .*|(?:[A-Z]{2} (?:applies to entire entry|Column \d)[. ]*)+"
        )
        return "*" if re.fullmatch(benign, rest) else "?*"
    if re.search(r"\b\d[A-E]\d{3}\.[a-z]", exception["what"]):
        return "?*"  # "except software for 1C607.a.10": not paragraphs of this entry.
    signs: dict[str, str] = {}
    for part in re.split(r"; (?:and )?", exception["what"]):
        listed = _listed(part)
        plain = listed is not None and not any(path[0] == "-" for path in listed)
        named = listed if plain and listed is not None else _named(part)
        if not named:
            return "?*"
        for path in named:
            signs.setdefault(path, "-" if plain else "?")
    return " ".join(["*", *(f"{sign}{path}" for path, sign in signs.items())])


def _listed(body: str) -> list[str] | None:
    """The paragraphs of a text that is nothing but a list of them, None where it says more."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        first, last = match["first"], match["last"]
        if match["but"]:
            inner = _listed(match["but"])
            if inner is None or any(path[0] == "-" for path in inner):
                return match[0]
            found.extend([first, *(f"-{path}" for path in inner)])
        elif last:
            between = _range(first, last)
            if between is None:
                return match[0]
            found.extend(between)
        else:
            found.append(first)
        return " "

    rest = _LISTED.sub(take, _FILLER_BEFORE.sub(" ", body))
    rest = re.sub(r"[\s,.;&]", "", _FILLER.sub("", rest))
    return found if found and not rest else None


_LISTED = re.compile(
    rf"(?<![\w.])\.?\s?(?P<first>{_PATH})(?!\w)"
    rf"(?:\s*\(except (?P<but>[^()]*)\)|\s+(?:to|through)\s+\.?(?P<last>{_PATH})(?!\w))?"
)
"""One paragraph of a list: "b", "b (except .b.5)" or "k to n"."""

_FILLER_BEFORE = re.compile(
    r"\b(?:paragraphs?|(?:items?|software|technology) (?:controlled|described|specified)? ?(?:by|in|under)"
    r"|of this entry|only)(?=\s|$)"
)


def _range(first: str, last: str) -> list[str] | None:
    """ "a.1" to "a.3"; "k" to "n": the paragraphs between, both included."""
    one, two = first.split("."), last.split(".")
    if one[:-1] != two[:-1]:
        return None
    stem, low, high = one[:-1], one[-1], two[-1]
    if low.isdigit() and high.isdigit() and int(low) <= int(high):
        return [".".join([*stem, str(n)]) for n in range(int(low), int(high) + 1)]
    if len(low) == len(high) == 1 and low.isalpha() and high.isalpha() and low <= high:
        return [".".join([*stem, chr(n)]) for n in range(ord(low), ord(high) + 1)]
    return None


_DOTTED = rf"(?<![\w)])\.\s?({_PATH})(?!\w)"
_OF_SEVERAL_WORDS = r"(?<![\w.])([a-z](?:\.(?:\d{1,2}|[a-z]))+)(?![\w.]*\w)"
_BARE = r"(?<![\w./'-])([b-z])(?=[\s,;()]|$)"


def _named(text: str) -> list[str]:
    """The entry's own paragraphs that a text names: ".b.4", "b.4" or a letter alone. "a" alone is the article."""
    found = re.finditer("|".join((_DOTTED, _OF_SEVERAL_WORDS, _BARE)), text)
    return list(dict.fromkeys(next(filter(None, match.groups())) for match in found))


def _limited(body: str) -> list[str]:
    """The paragraphs to which every part of a text is limited; empty where one part may reach beyond.

    A part is limited where it says "in" or "by" a paragraph or begins with one; whatever else it names is counted
    too. A part that names none, or names one only as a measure ("parameters of .a"), may reach any item.
    """
    if re.search(r"\bentire\b|\ball\b|\bNote\b|does not apply|other than|(?<!\w)\.\d", body):
        return []
    limits: list[str] = []
    for part in re.split(r"; and to |; and |;| and to (?=\.)|, or to |\bAND\b", body):
        measured = re.sub(rf"(?:parameters|criteria|accuracies|characteristics)\b[^;]*?\.\s?{_PATH}", " ", part)
        head = re.split(r"\b(?:when|if|that|except|for|having|unless|with)\b", measured, maxsplit=1)[0]
        introduced = re.search(rf"(?:^|\b(?:in|by|under|to|and|or|,))\s*\.\s?{_PATH}", head)
        if not introduced or not _named(head):
            return []
        limits += _named(part)
    return list(dict.fromkeys(limits))
