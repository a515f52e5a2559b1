"""Puts the parts of a name's score into words: token by token, what met, how, and at what weight.

Everything said here was found by the scorer and travels with the score (`score.NameScore`); nothing is compared
again.
"""

from __future__ import annotations

from stopship.matching.evidence import Evidence
from stopship.matching.prepare import Prepared
from stopship.matching.score import NameScore, Pair
from stopship.names import Kind


def name_evidence(scored: NameScore) -> tuple[Evidence, ...]:
    """Token by token what the score is made of, largest share first."""
    left, right = scored.left, scored.right
    if scored.joined:
        ours, theirs = (" ".join(t.text for t in name.tokens) for name in (left, right))
        text = "The names have the same letters, with words joined or split"
        return (Evidence("name", "match", ours, theirs, 1.0, text),)
    whole = sum(left.info) + sum(right.info) or 1.0
    lines: list[Evidence] = []
    for pair in scored.pairs:
        if all(left.tokens[i].kind is Kind.LEGAL for i in pair.left):
            continue  # `compare.legal_form` has a line of its own
        ours = " ".join(left.tokens[i].text for i in pair.left)
        theirs = " ".join(right.tokens[j].text for j in pair.right)
        says = min(sum(left.info[i] for i in pair.left), sum(right.info[j] for j in pair.right))
        kind = _line_kind(left.tokens[pair.left[0]].kind, right.tokens[pair.right[0]].kind)
        differs = pair.how in ("gender", "usual")
        weight = round(2 * says / whole, 4)
        relation = "mismatch" if differs else "match"
        lines.append(Evidence(kind, relation, ours, theirs, weight, _pair_text(ours, theirs, pair)))
    lines.sort(key=lambda line: (-line.weight, line.ours, line.theirs))
    for side, tokens, over in (
        ("ours", left, scored.left_over),
        ("theirs", right, scored.right_over),
    ):
        for i in over:
            if tokens.tokens[i].kind is Kind.LEGAL:
                continue
            lines.append(_left_over(side, tokens, i, whole, scored.contradictions))
    return tuple(lines)


def _line_kind(left: Kind, right: Kind) -> str:
    for kind, name in ((Kind.PLACE, "place"), (Kind.NUMBER, "number"), (Kind.LEGAL, "legal_form")):
        if left is kind or right is kind:
            return name
    return "token"


def _pair_text(ours: str, theirs: str, pair: Pair) -> str:
    how = {
        "same": f"'{ours}' is in both names",
        "synonym": f"'{ours}' and '{theirs}' mean the same",
        "translated": f"'{ours}' and '{theirs}' mean the same",
        "fuzzy": f"'{ours}' is spelled almost like '{theirs}'",
        "sound": f"'{ours}' and '{theirs}' are spellings of one name",
        "bones": f"'{ours}' and '{theirs}' have the same consonants",
        "heard": f"'{ours}' sounds like '{theirs}' in another script",
        "cut": f"'{min(ours, theirs, key=len)}' is the beginning of '{max(ours, theirs, key=len)}', cut short",
        "initial": f"'{ours}' and '{theirs}' begin with the same letter",
        "glued": f"'{ours}' and '{theirs}' are the same letters, joined or split",
        "gender": f"'{ours}' and '{theirs}' differ as a man's and a woman's name do",
        "usual": f"'{ours}' and '{theirs}' are alike but are two different names",
    }
    return how[pair.how]


def _left_over(side: str, name: Prepared, at: int, whole: float, contradictions: tuple[str, ...]) -> Evidence:
    token = name.tokens[at]
    kind = _line_kind(token.kind, token.kind)
    against = (
        (token.kind is Kind.NUMBER and "number" in contradictions)
        or (token.kind is Kind.PLACE and ("place" in contradictions or "place_level" in contradictions))
        or (token.kind is Kind.WORD and "word" in contradictions)
    )
    where = "only in the name given" if side == "ours" else "only in the listed name"
    text = f"'{token.text}' is {where}" + (", where the other has a different one" if against else "")
    return Evidence(
        kind,
        "mismatch" if against else "unknown",
        token.text if side == "ours" else "",
        token.text if side == "theirs" else "",
        -round(name.info[at] / whole, 4),
        text,
    )
