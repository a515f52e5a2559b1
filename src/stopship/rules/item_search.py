"""Which entries of the Commerce Control List a person should read for an item that is described in free words.

Suggestions, never a classification: they are ranked by the words that a description shares with an entry, and by
words of the trade. Weights of words follow their rarity: S. Robertson, H. Zaragoza, "The Probabilistic Relevance
Framework: BM25 and Beyond" (2009), in its form for several fields (BM25F). The order of words, their case and
their marks make no difference, and nothing depends on chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stopship.rules.ccl import CommerceControlList, Entry, Text
from stopship.rules.item_index import FIELDS, ItemIndex
from stopship.rules.item_terms import ItemTerms, Note, Term
from stopship.rules.item_words import Parameter, Word, parameters, singular, word_kinds, words
from stopship.rules.item_words import stem as stem_of

_SATURATION = 1.2  # BM25's k1
_TERM_BASE = 4.0
_TERM_STEP = 0.1
_TERM_LEAST = 0.4
_TERM_FURTHER = 0.35
_NEAR_MISS = 0.8
_CUT = 0.2
_CUT_WEAK = 0.5
_STRONG_SHARE = 0.6

# Product groups B, D and E speak of the goods of group A: they come first only for those who ask for them.
_KINDS = word_kinds()
_SOFTWARE, _KNOW_HOW, _MAKING, _MILITARY = (
    frozenset(map(stem_of, _KINDS[f"about_{kind}"])) for kind in ("software", "know_how", "making", "military")
)


@dataclass(frozen=True, slots=True)
class Matched:
    """Words of a description that led to an entry.

    Attributes:
        words: as the description has them: ("thermal", "camera").
        found: what they met there: a word of the list, or a term of the trade.
        where: `heading`, `item`, `note`, `reason`, or `trade` for a term.
        named: for a term, how the list calls such goods.
    """

    words: tuple[str, ...]
    found: str
    where: str
    named: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry to read.

    Attributes:
        entry: the entry; None where a term of the trade names one that the table doesn't hold.
        strong: whether a term of the trade led here, or most of the description's weight; else only some words.
        score: what it is ranked by; comparable within one search only.
        matched: the words, at least one.
        paragraphs: paragraphs to read first, as far as the table holds them; never a finding that they apply.
        named_paragraphs: paragraphs that a term of the trade names ("f.2"), held or not.
    """

    eccn: str
    entry: Entry | None
    strong: bool
    score: float
    matched: tuple[Matched, ...]
    paragraphs: tuple[Text, ...]
    named_paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a search found.

    Attributes:
        text: the description as given.
        candidates: best first, strong ones before weak ones.
        more: how many further candidates the limit cut off.
        parameters: numbers to compare with the text of the entries.
        unknown: words that nothing in the list or in the trade's words has.
        notes: what to mind.
    """

    text: str
    candidates: tuple[Candidate, ...]
    more: int
    parameters: tuple[Parameter, ...]
    unknown: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Lead:
    """A term that leads to an entry: directly, or to one whose heading names it (`through`)."""

    term: Term
    place: int
    eccn: str
    paragraph: str = ""
    through: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A stem that is looked for: the words of the description behind it, and how sure it is what they mean."""

    stem: str
    printed: str
    sureness: float


class ItemSearch:
    """A search over the list of one day. Its index is built when it is first asked."""

    def __init__(self, ccl: CommerceControlList, terms: ItemTerms) -> None:
        self.ccl = ccl
        self.terms = terms
        self._index = ItemIndex(ccl, terms)

    def find(self, text: str, *, limit: int = 8) -> Suggestions:
        """Entries to read for an item.

        Args:
            text: what a person would call the item, with any numbers.
            limit: how many entries at most.
        """
        given = words(text)
        asked, unknown = self._asked(given)
        stems = frozenset(asked)
        terms = self.terms.met(stems)
        idle = [s for s in asked if s not in self._index.postings and not any(s in term.stems for term in terms)]
        unknown = tuple(sorted({*unknown, *(asked[stem].printed for stem in idle)}))
        asked = {stem: each for stem, each in asked.items() if stem not in idle}
        leads = tuple(lead for term in terms for lead in self._leads(term, frozenset(asked)))
        scored = {eccn: score for eccn, score in self._scores(asked, leads).items() if score > 0}
        total = sum(self._index.rarity(stem) for stem in asked) + len(unknown) * self._index.rarity("")
        top = max(scored.values(), default=0.0)
        found = [
            self._candidate(eccn, score, asked, [lead for lead in leads if lead.eccn == eccn], total)
            for eccn, score in scored.items()
            if score >= _CUT * top
        ]
        strong = any(candidate.strong for candidate in found)
        kept = [c for c in found if c.strong or not strong or c.score >= _CUT_WEAK * top]
        ranked = sorted(kept, key=lambda c: (not c.strong, -c.score, c.eccn))
        shown = tuple(ranked[:limit])
        read = [
            name for c in shown if c.strong for name in (c.eccn, *(f"{c.eccn}.{p}" for p in c.named_paragraphs))
        ]
        return Suggestions(
            text=text,
            candidates=shown,
            more=len(ranked) - len(shown),
            parameters=parameters(text),
            unknown=unknown,
            notes=self.terms.notes(stems, read) if shown else (),
        )

    def _asked(self, given: tuple[Word, ...]) -> tuple[dict[str, _Asked], tuple[str, ...]]:
        """Stems to look for, and words that nothing has. A word that is not known may be one with its neighbors
        ("quad copter"), two in one ("thermalcamera") or misspelled."""
        asked: dict[str, _Asked] = {}
        known = [word for word in given if word.stem in self._index.vocabulary]
        whole = {part for word in known if word.joined for part in word.printed.replace("'", "-").split("-")}
        other = {w.printed for w in given if not w.joined and w.stem not in self._index.vocabulary} - whole
        for word in known:
            if word.joined or word.printed not in whole:
                _ask(asked, word.stem, word.printed, 1.0)
        for one, two in sorted((one, two) for one in other for two in other if one != two):
            if (together := stem_of(one + two)) in self._index.vocabulary:
                _ask(asked, together, f"{one} {two}", 1.0)
                other -= {one, two}
        for printed in sorted(other):
            for stem, sureness in self._meant(printed):
                _ask(asked, stem, printed, sureness)
                other.discard(printed)
        return dict(sorted(asked.items())), tuple(sorted(other))

    def _meant(self, printed: str) -> Iterator[tuple[str, float]]:
        """The stems that an unknown word may be meant for."""
        for at in range(4, len(printed) - 3):
            parts = printed[:at], printed[at:]
            if all(stem_of(part) in self._index.vocabulary for part in parts):
                yield from ((stem_of(part), 1.0) for part in parts)
                return
        near = self._nearest(printed)
        if near is not None:
            yield near, _NEAR_MISS

    def _nearest(self, word: str) -> str | None:
        """The known stem that a misspelled word is meant for: one slip, or two in a long word, not in its first
        letter."""
        if len(word) < 6 or not word.isalpha() or not word.isascii():
            return None
        from rapidfuzz.distance import OSA

        most = 2 if len(word) >= 10 else 1
        best: tuple[int, str] | None = None
        for known in self._index.by_letter.get(word[0], ()):
            if abs(len(known) - len(word)) <= most:
                slips = OSA.distance(word, known, score_cutoff=most)
                if slips <= most and (best is None or (slips, known) < best):
                    best = (slips, known)
        return stem_of(best[1]) if best else None

    def _leads(self, term: Term, asked: frozenset[str]) -> Iterator[_Lead]:
        """The entries that a term names; who asks for software or technology also gets the entries for software or
        technology whose headings name these."""
        groups = ("D" if asked & _SOFTWARE else "") + ("E" if asked & _KNOW_HOW else "")
        for place, entry in enumerate(term.entries):
            eccn, _, paragraph = entry.partition(".")
            yield _Lead(term, place, eccn, paragraph)
            for other in self._index.naming.get(eccn, ()):
                if other[1] in groups and not any(e.startswith(other) for e in term.entries):
                    yield _Lead(term, place, other, through=eccn)

    def _scores(self, asked: Mapping[str, _Asked], leads: tuple[_Lead, ...]) -> dict[str, float]:
        scores: dict[str, float] = {}
        for stem, each in asked.items():
            weight = self._index.rarity(stem) * each.sureness
            for eccn, found in self._index.postings.get(stem, {}).items():
                scores[eccn] = scores.get(eccn, 0.0) + weight * found / (_SATURATION + found)
        for eccn in scores:
            scores[eccn] *= _fit(eccn, frozenset(asked))
        by_entry: dict[str, dict[Term, float]] = {}
        for lead in leads:
            weight = _TERM_BASE + sum(self._index.rarity(s) * asked[s].sureness for s in sorted(lead.term.stems))
            weight *= max(_TERM_LEAST, 1 - _TERM_STEP * lead.place) * _wish(lead.eccn, frozenset(asked))
            by_term = by_entry.setdefault(lead.eccn, {})
            by_term[lead.term] = max(weight, by_term.get(lead.term, 0.0))
        for eccn, by_term in by_entry.items():
            best, *further = sorted(by_term.values(), reverse=True)
            scores[eccn] = scores.get(eccn, 0.0) + best + _TERM_FURTHER * sum(further)
        return {eccn: round(score, 9) for eccn, score in scores.items()}

    def _candidate(
        self, eccn: str, score: float, asked: Mapping[str, _Asked], leads: list[_Lead], total: float
    ) -> Candidate:
        by_term = frozenset(stem for lead in leads for stem in lead.term.stems)
        here = [stem for stem in asked if eccn in self._index.postings.get(stem, {})]
        named = [lead.paragraph for lead in leads if lead.paragraph]
        covered = sum(self._index.rarity(stem) for stem in asked if stem in by_term or stem in here)
        in_heading = [stem for stem in here if "heading" in self._index.places[stem, eccn]]
        alike = any(
            _same_word(asked[stem].printed, self._index.places[stem, eccn]["heading"]) for stem in in_heading
        )
        by_words = len(in_heading) > 1 or alike
        return Candidate(
            eccn=eccn,
            entry=self.ccl.entry(eccn),
            strong=bool(leads) or (by_words and covered >= _STRONG_SHARE * total),
            score=round(score, 2),
            matched=tuple(self._matched(eccn, here, leads, asked)),
            paragraphs=self._paragraphs(eccn, frozenset(here), named),
            named_paragraphs=tuple(dict.fromkeys(named)),
        )

    def _matched(
        self, eccn: str, here: list[str], leads: list[_Lead], asked: Mapping[str, _Asked]
    ) -> Iterator[Matched]:
        for lead in {lead.term: lead for lead in reversed(leads)}.values():
            said = tuple(sorted({asked[stem].printed for stem in lead.term.stems}))
            through = f", which the heading names as {lead.through}" if lead.through else ""
            yield Matched(said, lead.term.printed, "trade", f"{lead.term.named}{through}")
        for stem in here:
            places = self._index.places[stem, eccn]
            where = next(field for field in FIELDS if field in places)
            yield Matched((asked[stem].printed,), places[where], where)

    def _paragraphs(self, eccn: str, here: frozenset[str], named: list[str]) -> tuple[Text, ...]:
        """Paragraphs that a term names, then the two that share most with the description."""
        held = [text for text in self.ccl.paragraphs(eccn) if text.paragraph]
        first = [next((t for t in held if t.paragraph == name), None) for name in dict.fromkeys(named)]
        chosen = [text for text in first if text is not None]
        weighed = []
        for place, text in enumerate(held):
            shared = sorted({word.stem for word in words(text.text)} & here)
            if shared and text not in chosen:
                weighed.append((-sum(self._index.rarity(stem) for stem in shared), place, text))
        return tuple(chosen + [text for _weight, _place, text in sorted(weighed, key=lambda w: w[:2])[:2]])


def _same_word(one: str, other: str) -> bool:
    """Whether two words differ in number only: `print` and `prints`, not `print` and `printer`."""
    return singular(one) == singular(other)


def _ask(asked: dict[str, _Asked], stem: str, printed: str, sureness: float) -> None:
    """Look for a stem; the surest word stands for it, of those the first by alphabet: their order in the
    description makes no difference."""
    known = asked.get(stem)
    if known is None or (-sureness, printed) < (-known.sureness, known.printed):
        asked[stem] = _Asked(stem, printed, sureness)


def _wish(eccn: str, asked: frozenset[str]) -> float:
    """How much a term counts for an entry: more for software where software is asked for, likewise technology."""
    groups = ("D" if asked & _SOFTWARE else "") + ("E" if asked & _KNOW_HOW else "")
    return 1.0 if not groups else 1.15 if eccn[1] in groups else 0.85


def _fit(eccn: str, asked: frozenset[str]) -> float:
    """How well an entry's product group fits what is asked for; the 600 series and 0x521 are for those who ask."""
    fit = 1.0
    group, number = eccn[1], eccn[2:]
    if group == "D":
        fit *= 1.2 if asked & _SOFTWARE else 0.3
    elif group == "E":
        fit *= 1.2 if asked & _KNOW_HOW else 0.25
    elif asked & _SOFTWARE:
        fit *= 0.7
    elif group == "B" and eccn[0] != "2" and eccn[0] != "3":
        fit *= 1.0 if asked & _MAKING else 0.6
    if number.startswith("6") and not asked & _MILITARY:
        fit *= 0.6
    return fit * (0.3 if number == "521" else 1.0)
