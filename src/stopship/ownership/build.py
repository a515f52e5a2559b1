"""From records to a graph: holders met by id and LEI, those without a stake left out, everything sorted."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable

import numpy as np

from stopship.model.entity import Identifier
from stopship.model.stake import Holder, Interest, Stake
from stopship.model.values import Schema
from stopship.names.name_key import name_key
from stopship.ownership.columns import Array, content_hash, number_of, pack_texts
from stopship.ownership.contract import Record, lei_of
from stopship.ownership.graph import (
    SCHEMAS,
    OwnershipGraph,
    pack_identifiers,
    pack_names,
    unpack_identifiers,
    unpack_names,
)
from stopship.ownership.identity import strong_keys

_INTERESTS = list(Interest)
_Packed = tuple[str, Schema, str, str, str]
"""Names, schema, countries, identifiers and birth date of a holder, lists as one text."""
_UNKNOWN: _Packed = ("", Schema.LEGAL_ENTITY, "", "", "")


class GraphBuilder:
    """Takes holders and stakes in any order and gives a graph that doesn't depend on that order.

    Holders that share an LEI become one, whatever data they come from. A stake's end that no record describes
    stays a holder without a name."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._ids: list[str] = []
        self._described: dict[int, _Packed] = {}
        self._lei: dict[str, str] = {}
        self._texts: dict[str, int] = {"": 0}
        self._bases: dict[str, int] = {}
        self._owner, self._held = array("i"), array("i")
        self._low, self._high = array("d"), array("d")
        self._known, self._interest = array("B"), array("B")
        self._since, self._until = array("i"), array("i")
        self._basis, self._statement, self._note = array("i"), array("i"), array("i")

    def add(self, records: Iterable[Record], basis: str) -> None:
        """Take all records of one data set."""
        for record in records:
            if isinstance(record, Holder):
                self.add_holder(record)
            else:
                self.add_stake(record, basis)

    def knows(self, holder: str) -> bool:
        """Whether a holder was described or stands at either end of a stake that was taken."""
        return holder in self._number

    def add_holder(self, holder: Holder) -> None:
        """Take a description; a second one of the same id adds to the first."""
        number = self._numbered(holder.id)
        # As few objects as can be: there may be millions of them until the graph is made.
        plain = (
            pack_names(holder.names),
            holder.schema,
            sys.intern(" ".join(holder.countries)),
            pack_identifiers(holder.identifiers),
            str(holder.birth_date) if holder.birth_date else "",
        )
        before = self._described.get(number)
        self._described[number] = plain if before is None else _both(before, plain)
        for identifier in holder.identifiers:
            if identifier.type == "lei" and not holder.id.startswith("lei:"):
                lei = lei_of(identifier.value)
                if lei:
                    self._lei[holder.id] = min(f"lei:{lei}", self._lei.get(holder.id, f"lei:{lei}"))

    def add_stake(self, stake: Stake, basis: str) -> None:
        """Take a stake that a data set of this name states."""
        self._owner.append(self._numbered(stake.owner))
        self._held.append(self._numbered(stake.held))
        self._low.append(stake.share.low)
        self._high.append(stake.share.high)
        self._known.append(stake.share.known)
        self._interest.append(_INTERESTS.index(stake.interest))
        self._since.append(stake.since.toordinal() if stake.since else 0)
        self._until.append(stake.until.toordinal() if stake.until else 0)
        self._basis.append(self._bases.setdefault(basis, len(self._bases)))
        self._statement.append(self._texts.setdefault(stake.statement, len(self._texts)))
        self._note.append(self._texts.setdefault(stake.note, len(self._texts)))

    def _numbered(self, holder: str) -> int:
        number = self._number.get(holder)
        if number is None:
            number = self._number[holder] = len(self._ids)
            self._ids.append(holder)
        return number

    # -- the graph ---------------------------------------------------------------------------------------------

    def graph(self) -> OwnershipGraph:
        """The graph of what was taken so far."""
        stand_for = self._joined()
        used = sorted({stand_for.get(n, n) for n in (*self._owner, *self._held)}, key=self._ids.__getitem__)
        place = {number: at for at, number in enumerate(used)}
        columns = self._holders(used)
        columns |= self._stakes({n: place[stand_for.get(n, n)] for n in {*self._owner, *self._held}}, len(used))
        return OwnershipGraph(content_hash(columns), columns, {"bases": sorted(self._bases)})

    def _joined(self) -> dict[int, int]:
        """Holders that another one with the same LEI stands for; its description takes theirs in."""
        found: dict[int, int] = {}
        for holder in sorted(self._lei):
            number, target = self._number[holder], self._numbered(self._lei[holder])
            found[number] = target
            before = self._described.get(target)
            mine = self._described[number]
            self._described[target] = mine if before is None else _both(before, mine)
        return found

    def _holders(self, used: list[int]) -> dict[str, Array]:
        names: list[str] = []
        countries: list[str] = []
        identifiers: list[str] = []
        births: list[str] = []
        schemas = np.zeros(len(used), dtype="u1")
        by_id, by_name, by_key = _Table(), _Table(), _Table()
        for at, number in enumerate(used):
            holder_id = self._ids[number]
            texts, schema, places, packed, birth = self._described.get(number, _UNKNOWN)
            known = unpack_identifiers(packed)
            if holder_id.startswith("lei:") and not any(i.type == "lei" for i in known):
                known = (Identifier("lei", holder_id.removeprefix("lei:")), *known)
                packed = pack_identifiers(known)
            names.append(texts)
            countries.append(places)
            identifiers.append(packed)
            births.append(birth)
            schemas[at] = SCHEMAS.index(schema)
            by_id.add(holder_id, at)
            for key in dict.fromkeys(name_key(text) for text in unpack_names(texts)):
                by_name.add(key, at)
            for key in strong_keys(known, places.split()):
                by_key.add(key, at)
        columns = {"holder.schema": schemas}
        for what, column_texts in (
            ("id", [self._ids[number] for number in used]),
            ("names", names),
            ("countries", countries),
            ("identifiers", identifiers),
            ("birth", births),
        ):
            columns |= {f"holder.{what}.{part}": column for part, column in pack_texts(column_texts).items()}
        for what, table in (("id", by_id), ("name", by_name), ("key", by_key)):
            columns[f"by_{what}.number"], columns[f"by_{what}.holder"] = table.columns()
        return columns

    def _stakes(self, place: dict[int, int], holders: int) -> dict[str, Array]:
        """Stakes sorted by who is held, so that those in one holder stand together; each of them once."""
        table = np.zeros(max([*place, 0]) + 1, dtype="<i4")
        for number, at in place.items():
            table[number] = at
        texts = sorted(self._texts)
        text_at = np.zeros(len(texts), dtype="<i4")
        for at, text in enumerate(texts):
            text_at[self._texts[text]] = at
        bases = sorted(self._bases)
        basis_at = np.zeros(max(len(bases), 1), dtype="<i4")
        for at, basis in enumerate(bases):
            basis_at[self._bases[basis]] = at
        found: dict[str, Array] = {
            "held": table[np.array(self._held, dtype="<i4")],
            "owner": table[np.array(self._owner, dtype="<i4")],
            "basis": basis_at[np.array(self._basis, dtype="<i4")],
            "interest": np.array(self._interest, dtype="u1"),
            "low": np.array(self._low, dtype="<f8"),
            "high": np.array(self._high, dtype="<f8"),
            "known": np.array(self._known, dtype="u1"),
            "since": np.array(self._since, dtype="<i4"),
            "until": np.array(self._until, dtype="<i4"),
            "statement": text_at[np.array(self._statement, dtype="<i4")],
            "note": text_at[np.array(self._note, dtype="<i4")],
        }
        order = np.lexsort(tuple(reversed(list(found.values()))))
        found = {name: column[order] for name, column in found.items()}
        if len(order):
            new = np.ones(len(order), dtype=bool)
            new[1:] = np.any([column[1:] != column[:-1] for column in found.values()], axis=0)
            found = {name: column[new] for name, column in found.items()}
        first = np.searchsorted(found["held"], np.arange(holders + 1)).astype("<i8")
        columns = {f"stake.{name}": column for name, column in found.items() if name != "held"}
        columns["stake.first"] = first
        columns |= {f"texts.{part}": column for part, column in pack_texts(texts).items()}
        columns |= {f"bases.{part}": column for part, column in pack_texts(bases).items()}
        return columns


class _Table:
    """Numbers of texts and the holders they lead to."""

    def __init__(self) -> None:
        self._numbers, self._holders = array("Q"), array("I")

    def add(self, text: str, holder: int) -> None:
        if text:
            self._numbers.append(number_of(text))
            self._holders.append(holder)

    def columns(self) -> tuple[Array, Array]:
        """Sorted by number, then by holder."""
        numbers, holders = np.array(self._numbers, dtype="<u8"), np.array(self._holders, dtype="<u4")
        order = np.lexsort((holders, numbers))
        return numbers[order], holders[order]


def _both(one: _Packed, other: _Packed) -> _Packed:
    """Two descriptions of one holder, in an order that doesn't depend on which came first."""
    one, other = sorted((one, other))
    schema = one[1] if other[1] is Schema.LEGAL_ENTITY else other[1]
    names = dict.fromkeys((*unpack_names(one[0]), *unpack_names(other[0])))
    countries = dict.fromkeys((*one[2].split(), *other[2].split()))
    identifiers = dict.fromkeys((*unpack_identifiers(one[3]), *unpack_identifiers(other[3])))
    return (
        pack_names(tuple(names)),
        schema,
        " ".join(countries),
        pack_identifiers(tuple(identifiers)),
        one[4] or other[4],
    )
