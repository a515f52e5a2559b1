"""Two names side by side: what agrees, what contradicts, what only one has, and what each part says.

Everything comes from the evidence that was made with the score (`matching.evidence`); nothing is compared here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stopship.matching import DEFAULT_THRESHOLD, Comparison, Evidence, Match
from stopship.model.entity import Entity
from stopship.model.values import NameKind
from stopship.names.transliterate import romanize
from stopship.web.presenters.printed import is_latin

NAME_KINDS = ("token", "name", "place", "number", "legal_form")
_ORDER = {"match": 0, "mismatch": 1, "unknown": 2}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a printed name. `relation` is match, mismatch, unknown or empty (no line of evidence is about it);
    `reading` is what it was read as, where a reader may not see that."""

    text: str
    relation: str = ""
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line between the two: `relation` is match, mismatch, or unknown; `weight` -1 to 1, None where it isn't
    part of the name's score; `text` is the engine's sentence (English), empty where `why` names the reason."""

    kind: str
    relation: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    weight: float | None
    text: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What the compare screen shows. `names` are lines about the names, `facts` about all else. `listed_as`:
    alias, weak_alias or former, where it isn't the primary name that matched."""

    ours: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    names: tuple[Row, ...]
    facts: tuple[Row, ...]
    score: float
    band: str
    alert: bool
    confirmed: bool
    threshold: float
    listed_as: str = ""

    def count(self, relation: str) -> int:
        """How many lines agree, contradict, or have nothing to compare with."""
        return sum(row.relation == relation for row in (*self.names, *self.facts))

    @property
    def strongest(self) -> Row | None:
        """The line that says most for the match, if one does."""
        agreeing = [row for row in self.names if row.relation == "match" and row.weight]
        return max(agreeing, key=lambda row: row.weight or 0, default=None)

    @property
    def against(self) -> tuple[Row, ...]:
        """The lines that contradict."""
        return tuple(row for row in (*self.facts, *self.names) if row.relation == "mismatch")


def of_comparison(found: Comparison) -> View:
    """The view of two names that were compared without a list."""
    return _view(found.left, found.right, found.evidence, found, DEFAULT_THRESHOLD, confirmed=False)


def of_match(match: Match, party: Mapping[str, Any] | None = None, *, threshold: float | None = None) -> View:
    """The view of a party and an entity of a list.

    Args:
        match: what was found.
        party: the party's fields as the order gives them; with them, what neither or only one side states is
            shown, too.
        threshold: the score from which a match alerts, where a person has set one.
    """
    theirs = match.name.text if match.name else match.entity.caption
    ours = match.given or str((party or {}).get("name") or (party or {}).get("address") or "")
    least = DEFAULT_THRESHOLD if threshold is None else threshold
    kind = match.name.kind.value if match.name and match.name.kind is not NameKind.PRIMARY else ""
    return _view(
        ours,
        theirs,
        match.evidence,
        match,
        least,
        confirmed=match.confirmed,
        listed_as=kind,
        party=party,
        entity=match.entity,
    )


def _view(
    ours: str,
    theirs: str,
    evidence: Sequence[Evidence],
    found: Comparison | Match,
    threshold: float,
    *,
    confirmed: bool,
    listed_as: str = "",
    party: Mapping[str, Any] | None = None,
    entity: Entity | None = None,
) -> View:
    about_names = [e for e in evidence if e.kind in NAME_KINDS]
    names = sorted(
        (_name_row(e, ours, theirs) for e in about_names),
        key=lambda row: (_ORDER[row.relation], -abs(row.weight or 0)),
    )
    others = [e for e in evidence if e.kind not in NAME_KINDS]
    facts = tuple(_facts(others, party, entity)) if party is not None and entity is not None else ()
    told = {id(e) for row_kind in {row.kind for row in facts} for e in others if e.kind == row_kind}
    rest = tuple(_fact_row(e) for e in others if id(e) not in told)
    return View(
        pieces(ours, evidence, ours=True, other=theirs),
        pieces(theirs, evidence, ours=False, other=ours),
        tuple(names),
        (*facts, *rest),
        found.score,
        found.band.value,
        found.alert,
        confirmed,
        threshold,
        listed_as,
    )


def pieces(name: str, evidence: Iterable[Evidence], *, ours: bool, other: str = "") -> tuple[Piece, ...]:
    """A printed name cut where its words were compared, in its own order; joined they are the name. `other` is the
    name that it was compared with."""
    spans: list[tuple[int, int, str, str, str]] = []
    for line in evidence:
        if line.kind not in NAME_KINDS:
            continue
        where = line.ours_spans if ours else line.theirs_spans
        read = line.ours if ours else line.theirs
        readings = [read] if len(where) == 1 else _split(read, len(where))
        there = _printed(other, line.theirs_spans if ours else line.ours_spans)
        spans += [
            (start, end, line.relation, reading, there)
            for (start, end), reading in zip(where, readings, strict=True)
        ]
    found: list[Piece] = []
    at = 0
    for start, end, relation, reading, there in sorted(spans):
        if not at <= start < end <= len(name):
            continue  # of a word that is in two lines of the evidence
        if at < start:
            found.append(Piece(name[at:start]))
        text = name[start:end]
        found.append(Piece(text, relation, "" if is_latin(text) else spaced(reading, text, there)))
        at = end
    if at < len(name):
        found.append(Piece(name[at:]))
    return tuple(found)


def _split(read: str, parts: int) -> list[str]:
    """The words of a reading, one a span where there are as many; else none."""
    words = read.split()
    return words if len(words) == parts else [""] * parts


def _name_row(e: Evidence, ours: str, theirs: str) -> Row:
    return Row(
        e.kind,
        e.relation,
        _words(ours, e.ours_spans, e.ours, _printed(theirs, e.theirs_spans)),
        _words(theirs, e.theirs_spans, e.theirs, _printed(ours, e.ours_spans)),
        e.weight,
        e.text,
    )


def _printed(name: str, spans: Sequence[tuple[int, int]]) -> str:
    return " ".join(name[start:end] for start, end in spans)


def _words(printed: str, spans: Sequence[tuple[int, int]], read: str, there: str) -> tuple[str, ...]:
    """The words as printed, then, where a reader may not see it, as they were read. `there` are the words of the
    other name that they were compared with."""
    text = _printed(printed, spans)
    if not text:
        return (read,) if read else ()
    return (text,) if is_latin(text) or text == read else (text, spaced(read, text, there))


def spaced(read: str, printed: str, there: str = "") -> str:
    """A reading of several words with the spaces that the printed words have, or those of the words `there` in the
    other name; as it is where they are other letters."""
    for words in (romanize(printed).lower(), there.lower()):
        if words.replace(" ", "") == read.replace(" ", ""):
            return words
    return read


def _fact_row(e: Evidence) -> Row:
    return Row(e.kind, e.relation, (e.ours,) if e.ours else (), (e.theirs,) if e.theirs else (), None, e.text)


def _facts(evidence: Sequence[Evidence], party: Mapping[str, Any], entity: Entity) -> Iterable[Row]:
    """Kind, country, dates, address and numbers: of both sides, with what was found or that nothing could be."""
    identifiers = party.get("identifiers") or []
    stated: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
        ("schema", _given(party.get("schema")), (entity.schema.value,)),
        ("country", _given(party.get("country"), upper=True), entity.countries),
        ("birth_date", _given(party.get("birth_date")), tuple(map(str, entity.birth_dates))),
        ("registration_date", _given(party.get("registration_date")), tuple(map(str, entity.registration_dates))),
        (
            "identifier",
            tuple(f"{i.get('type')} {i.get('value')}" for i in identifiers),
            tuple(f"{i.type} {i.value}" for i in entity.identifiers),
        ),
        ("address", _given(party.get("address")), tuple(a.text for a in entity.addresses)),
    )
    for kind, ours, theirs in stated:
        lines = [e for e in evidence if e.kind == kind]
        if not ours and not theirs and not lines:
            continue
        if lines:
            ours = ours or tuple(dict.fromkeys(e.ours for e in lines if e.ours))
            relation = "mismatch" if any(e.relation == "mismatch" for e in lines) else lines[0].relation
            yield Row(kind, relation, ours, theirs, None, "; ".join(e.text for e in lines))
        elif kind == "schema" and ours and ours == theirs:
            yield Row(kind, "match", ours, theirs, None, why="same")
        else:
            why = "not_compared" if ours and theirs else "theirs_silent" if ours else "ours_silent"
            yield Row(kind, "unknown", ours, theirs, None, why=why)


def _given(value: Any, *, upper: bool = False) -> tuple[str, ...]:
    text = str(value or "").strip()
    return (text.upper() if upper else text,) if text else ()
