"""Puts the parts of a name's score into words: token by token, what met, how, and at what weight.

Everything said here was found by the scorer and travels with the score (`score.NameScore`); nothing is compared
again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stopship.matching.compare.legal_form import legal_form_evidence
from stopship.matching.evidence import Evidence
from stopship.matching.prepare import Prepared
from stopship.matching.score import NameScore, Pair
from stopship.matching.spans import Span, token_spans
from stopship.names import Kind
from stopship.names.script import Script, scripts
from stopship.names.tokenize import plain_words


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two names: its tokens, and where in the printed text they stand."""

    printed: str
    name: Prepared
    spans: tuple[Span | None, ...]

    def text(self, numbers: Sequence[int]) -> str:
        return " ".join(self.name.tokens[i].text for i in numbers)

    def shown(self, numbers: Sequence[int]) -> str:
        """The words as printed; with what they were read as where a reader may not see it."""
        read = self.text(numbers)
        where = self.where(numbers)
        if not where or len(where) < len(numbers):
            return read
        printed = " ".join(self.printed[start:end] for start, end in where)
        plain = "".join(plain_words(printed)) == read.replace(" ", "")
        return printed if plain and scripts(printed) <= {Script.LATIN} else f"{printed} ({read})"

    def where(self, numbers: Sequence[int]) -> tuple[Span, ...]:
        return tuple(sorted(span for i in numbers if (span := self.spans[i]) is not None))

    def says(self, numbers: Sequence[int]) -> float:
        return sum(self.name.info[i] for i in numbers)


def explain_names(scored: NameScore, left: str, right: str) -> tuple[Evidence, ...]:
    """Token by token what the score is made of, largest share first; then what only one name has; then the legal
    forms. `left` and `right` are the names as printed."""
    ours = _Side(left, scored.left, token_spans(left, scored.left.tokens))
    theirs = _Side(right, scored.right, token_spans(right, scored.right.tokens))
    lines = tuple(_name_lines(scored, ours, theirs))
    return (*lines, *_form_lines(ours, theirs, lines))


def _name_lines(scored: NameScore, ours: _Side, theirs: _Side) -> Iterator[Evidence]:
    left, right = scored.left, scored.right
    if scored.joined:
        everything = range(len(left.tokens)), range(len(right.tokens))
        text = "The names have the same letters, with words joined or split"
        yield _line("name", "match", ours, everything[0], theirs, everything[1], 1.0, text)
        return
    whole = sum(left.info) + sum(right.info) or 1.0
    lines: list[Evidence] = []
    unseen = [p for p in scored.pairs if p.how == "same" and not ours.where(p.left) and not theirs.where(p.right)]
    if len(unseen) > 1:  # an acronym that both names have (CETC): what it stands for is one line
        numbers = sorted(i for p in unseen for i in p.left), sorted(j for p in unseen for j in p.right)
        share = 2 * sum(min(ours.says(p.left), theirs.says(p.right)) for p in unseen) / whole
        text = f"Both names say '{ours.text(numbers[0])}'"
        lines.append(_line("token", "match", ours, numbers[0], theirs, numbers[1], round(share, 4), text))
    for pair in scored.pairs:
        if all(left.tokens[i].kind is Kind.LEGAL for i in pair.left) or (len(unseen) > 1 and pair in unseen):
            continue  # the legal forms have a line of their own
        says = min(ours.says(pair.left), theirs.says(pair.right))
        kind = _line_kind(left.tokens[pair.left[0]].kind, right.tokens[pair.right[0]].kind)
        relation = "mismatch" if pair.how in ("gender", "usual") else "match"
        text = _pair_text(ours.shown(pair.left), theirs.shown(pair.right), pair, kind)
        lines.append(_line(kind, relation, ours, pair.left, theirs, pair.right, round(2 * says / whole, 4), text))
    yield from sorted(lines, key=lambda line: (-line.weight, line.ours, line.theirs))
    yield from _left_over(scored, ours, theirs, whole)


def _form_lines(ours: _Side, theirs: _Side, told: Sequence[Evidence]) -> Iterator[Evidence]:
    """The line of the legal forms. A form that is a word of the other name ("Ltd." alone) was told before."""
    left, right = (
        [i for i, token in enumerate(side.name.tokens) if token.kind is Kind.LEGAL] for side in (ours, theirs)
    )
    here = {span for line in told for span in line.ours_spans}
    there = {span for line in told for span in line.theirs_spans}
    for line in legal_form_evidence(ours.name.tokens, theirs.name.tokens):
        yield replace(
            line,
            ours_spans=tuple(span for span in ours.where(left) if span not in here),
            theirs_spans=tuple(span for span in theirs.where(right) if span not in there),
        )


def _line(
    kind: str, relation: str, ours: _Side, left: Sequence[int], theirs: _Side, right: Sequence[int], weight: float,
    text: str,
) -> Evidence:  # fmt: skip
    where = ours.where(left), theirs.where(right)
    return Evidence(kind, relation, ours.text(left), theirs.text(right), weight, text, *where)


def _line_kind(left: Kind, right: Kind) -> str:
    for kind, name in ((Kind.PLACE, "place"), (Kind.NUMBER, "number"), (Kind.LEGAL, "legal_form")):
        if left is kind or right is kind:
            return name
    return "token"


def _pair_text(ours: str, theirs: str, pair: Pair, kind: str = "token") -> str:
    both = f"'{ours}' and '{theirs}'"
    what = {"place": "the same place", "number": "the same number"}.get(kind)
    same = f"'{ours}' is in both names" if ours.casefold() == theirs.casefold() else f"{both} are the same word"
    how = {
        "same": f"{both} are {what}" if what and ours.casefold() != theirs.casefold() else same,
        "synonym": f"{both} are {what}" if what else f"{both} mean the same",
        "translated": f"{both} mean the same",
        "fuzzy": f"'{ours}' is spelled almost like '{theirs}'",
        "sound": f"{both} are spellings of one name",
        "bones": f"{both} have the same consonants",
        "heard": f"'{ours}' sounds like '{theirs}' in another script",
        "cut": f"'{min(ours, theirs, key=len)}' is the beginning of '{max(ours, theirs, key=len)}', cut short",
        "initial": f"{both} begin with the same letter",
        "glued": f"{both} are the same letters, joined or split",
        "gender": f"{both} differ as a man's and a woman's name do",
        "usual": f"{both} are alike but are two different names",
    }
    return how[pair.how]


_DIFFERENT = {"number": "different numbers", "place": "different places", "token": "different names"}


def _left_over(scored: NameScore, ours: _Side, theirs: _Side, whole: float) -> Iterator[Evidence]:
    """What only one of the names has: what differs first, side by side where each has one of a kind."""
    left = [i for i in scored.left_over if ours.name.tokens[i].kind is not Kind.LEGAL]
    right = [j for j in scored.right_over if theirs.name.tokens[j].kind is not Kind.LEGAL]
    for kind in (Kind.NUMBER, Kind.PLACE, Kind.WORD):
        mine = [i for i in left if ours.name.tokens[i].kind is kind]
        other = [j for j in right if theirs.name.tokens[j].kind is kind]
        if _against(kind, scored.contradictions) and len(mine) == len(other) == 1:
            name = _line_kind(kind, kind)
            text = f"'{ours.shown(mine)}' and '{theirs.shown(other)}' are {_DIFFERENT[name]}"
            share = -round((ours.says(mine) + theirs.says(other)) / whole, 4)
            yield _line(name, "mismatch", ours, mine, theirs, other, share, text)
            left.remove(mine[0])
            right.remove(other[0])
    for side, number in (*((ours, i) for i in left), *((theirs, j) for j in right)):
        token = side.name.tokens[number]
        against = _against(token.kind, scored.contradictions)
        where = "only in the name given" if side is ours else "only in the listed name"
        text = f"'{side.shown([number])}' is {where}" + (
            ", where the other has a different one" if against else ""
        )
        lines = ([number], []) if side is ours else ([], [number])
        share = -round(side.name.info[number] / whole, 4)
        relation = "mismatch" if against else "unknown"
        yield _line(_line_kind(token.kind, token.kind), relation, ours, lines[0], theirs, lines[1], share, text)


def _against(kind: Kind, contradictions: tuple[str, ...]) -> bool:
    """Whether a word of this kind is one that speaks against the match."""
    names = {Kind.NUMBER: ("number",), Kind.PLACE: ("place", "place_level"), Kind.WORD: ("word",)}.get(kind, ())
    return any(name in contradictions for name in names)
