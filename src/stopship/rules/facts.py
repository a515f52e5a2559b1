"""Facts: what the law makes an answer depend on and an order may state under `facts`.

The vocabulary is closed and is data (`rulebook/facts.yml`): for each key its type, the question that a person is
asked, and the words of the order that answer it where the order states no fact. What words answer is printed as an
assumption. `N` in a key stands for the number of a party or item, `PATH` for an owner's path ("0.1"), `HOLDER` for
the id of a party, owner or holder in ownership data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, lru_cache

from stopship.rules.plain import Fields, choice, read_yaml

FACTS_FILE = "facts.yml"


class FactType(StrEnum):
    """How the value of a fact is read."""

    YES_NO = "yes_no"
    ECCN = "eccn"
    HTS = "hts"
    COUNTRY = "country"
    SHARE = "share"
    CHOICE = "choice"


class Reads(StrEnum):
    """Which words of the order may answer a fact."""

    ITEM = "item.description"
    END_USE = "end_use"
    END_USERS = "end_users"
    FINAL_CONSIGNEES = "final_consignees"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class FactKind:
    """One key of the vocabulary.

    Attributes:
        key: with `N` and `PATH` as placeholders.
        text: the question to a person.
        choices: for type `choice`, the values that are taken.
        reads: where words are looked for.
        words: each answers yes; whole words or phrases, any case.
        unless: words that take such an answer back ("food" in "food processing machine").
        unsure: words that leave it open, so that the fact is missing.
        else_no: whether other words there answer no (an end use that is stated and says something else).
    """

    key: str
    type: FactType
    text: str
    choices: tuple[str, ...] = ()
    reads: tuple[Reads, ...] = ()
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    else_no: bool = False

    def matches(self, key: str) -> bool:
        """Whether a concrete key ("item.0.food") is of this kind."""
        return _pattern(self.key).fullmatch(key) is not None

    def find(self, text: str) -> str | None:
        """The first of `words` in a text, None where there is none or an `unless` word stands there too."""
        return None if _first(self.unless, text) else _first(self.words, text)

    def find_unsure(self, text: str) -> str | None:
        """The first word in a text that leaves the answer open."""
        return _first(self.unsure, text)


@lru_cache(maxsize=1024)
def _pattern(key: str) -> re.Pattern[str]:
    pattern = re.escape(key).replace("PATH", r"\d+(\.\d+)*").replace("HOLDER", r"\S.*")
    return re.compile(re.sub(r"\bN\b", r"\\d+", pattern))


def _first(words: tuple[str, ...], text: str) -> str | None:
    flat = _flat(text)
    return next((word for word, wanted in _wanted(words) if wanted in flat), None)


@cache
def _wanted(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((word, _flat(word)) for word in words)


@lru_cache(maxsize=4096)
def _flat(text: str) -> str:
    """The words of a text between single spaces, so that whole words are found in it."""
    words = re.findall(r"\w+", text.casefold())
    return f" {' '.join(words)} "


_MOST_KNOWN = 10_000


@dataclass(frozen=True)
class FactBook:
    """The closed vocabulary of facts."""

    kinds: Mapping[str, FactKind]

    @cached_property
    def _known(self) -> dict[str, FactKind]:
        """Concrete keys that were asked for before: orders ask for the same few again and again."""
        return {}

    @cached_property
    def _indexed(self) -> tuple[FactKind, ...]:
        return tuple(self.kinds[key] for key in sorted(self.kinds))

    def __contains__(self, key: str) -> bool:
        return key in self.kinds

    def kind_of(self, key: str) -> FactKind | None:
        """The kind of a concrete key, None where no rule knows such a fact."""
        if key in self._known:
            return self._known[key]
        found = next((kind for kind in self._indexed if kind.matches(key)), None)
        if found is not None and len(self._known) < _MOST_KNOWN:
            self._known[key] = found
        return found


def read_factbook(text: str, where: str) -> FactBook:
    """Read `facts.yml`.

    Raises:
        RulebookError: names file and key.
    """
    kinds = {}
    for key, fields in Fields(read_yaml(text, where), where).entries():
        kinds[key] = FactKind(
            key=key,
            type=fields.one("type", choice(FactType)) or FactType.YES_NO,
            text=fields.text("text"),
            choices=fields.texts("choices"),
            reads=fields.typed("reads", choice(Reads)),
            words=fields.texts("words"),
            unless=fields.texts("unless"),
            unsure=fields.texts("unsure"),
            else_no=fields.flag("else_no") or False,
        )
        fields.done()
    return FactBook(kinds)
