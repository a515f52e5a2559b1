"""Stopship in a notebook or a script: `stopship.open(home)` checks orders, looks names up, and screens frames."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from stopship.app.decider import Decider
from stopship.app.indexes import IndexPlace
from stopship.app.orders.file import read_order_file
from stopship.app.orders.worker import held_lists
from stopship.app.settings import resolve_home
from stopship.app.workspace import Workspace
from stopship.app.workspace import allow_stale as with_reason
from stopship.errors import SettingsError
from stopship.matching import Comparison, Index, Match, Matcher, Query, compare_names
from stopship.model.entity import Identifier
from stopship.model.order import identifier_type, read_order, read_schema
from stopship.model.transaction import Transaction
from stopship.model.values import PartialDate, Schema, parse_country, parse_day
from stopship.screening import Decision

if TYPE_CHECKING:
    import duckdb

F = TypeVar("F")
T = TypeVar("T")


def open_home(home: Path | str | None) -> Home:
    """See `stopship.open`."""
    return Home(resolve_home(Path(home) if home is not None else None))


@dataclass(frozen=True, slots=True)
class Matches(Sequence[Match]):
    """What a name was found as, best first: a sequence of matches that a notebook shows as a table."""

    given: str
    found: tuple[Match, ...]

    @property
    def alerts(self) -> tuple[Match, ...]:
        """Those that a person must judge."""
        return tuple(match for match in self.found if match.alert)

    @overload
    def __getitem__(self, at: int) -> Match: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Match]: ...
    def __getitem__(self, at: int | slice) -> Match | Sequence[Match]:
        return self.found[at]

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Match]:
        return iter(self.found)

    def __repr__(self) -> str:
        lines = [f"{len(self)} matches for {self.given!r}"]
        for match in self.found:
            listed = match.name.text if match.name else match.entity.caption
            alert = "alerts" if match.alert else "below the threshold"
            lines.append(f"  {match.score:.2f} {match.band.value:<7} {alert}: {listed} [{match.entity.id}]")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """For notebooks."""
        from stopship.matching.markup import matches_html

        return matches_html(self.given, self.found)


class Home:
    """One home: its lists, its settings, and the rulebook. Made by `stopship.open`.

    Lists that are imported while it is open are used from the next call on. Dates are given as `datetime.date` or
    as text, "2026-03-01"; where none is given it is today.

    Args:
        path: the directory.
        clock: tells what day it is.
    """

    def __init__(self, path: Path, *, clock: Callable[[], date] | None = None) -> None:
        self.path = path
        self._clock = clock or _today
        self._decider: Decider | None = None
        self._held = ""
        self._matcher: Matcher | None = None

    # --- orders ---------------------------------------------------------------------------------------

    def check(
        self,
        order: Mapping[str, Any] | Path | str,
        *,
        as_of: date | str | None = None,
        allow_stale: str | None = None,
    ) -> Decision:
        """Decide one order.

        Args:
            order: its fields as a dict, as in `docs/reference/order.md`, or the path of a YAML or JSON file.
            as_of: the day; None takes the order's own date, else today.
            allow_stale: why lists beyond their age limit are accepted; recorded in the decision.

        Returns:
            The decision. `decision.outcome` is the answer; a notebook shows the whole.

        Raises:
            OrderError: the order can't be read; one line that names the place.
            StateError: lists or index can't be read.
        """
        transaction = _read_one(order)
        if allow_stale is not None and not allow_stale.strip():
            raise SettingsError("allow_stale needs a reason, which is recorded")
        decider = self._current()
        settings = with_reason(decider.settings, allow_stale)
        return decider.decide(transaction, as_of=_day(as_of), settings=settings)

    # --- names ----------------------------------------------------------------------------------------

    def match(
        self,
        name: str,
        *,
        schema: str | None = None,
        country: str | Sequence[str] = (),
        address: str | Sequence[str] = (),
        birth_date: str | Sequence[str] = (),
        registration_date: str | Sequence[str] = (),
        identifiers: Mapping[str, str] | None = None,
        min_score: float | None = None,
        limit: int | None = 10,
        as_of: date | str | None = None,
    ) -> Matches:
        """Look one name up in the lists.

        Args:
            name: as printed, in any script.
            schema: Person, Organization, Company, LegalEntity, PublicBody, Vessel, Airplane or Address.
            country, address, birth_date, registration_date: what else is known; one text or several.
            identifiers: type -> value, e.g. `{"lei": "5493…"}`.
            min_score: also return what scores at least this much; None returns what alerts, and what only a
                disagreement keeps from alerting.
            limit: at most so many, the best ones; None returns all.
            as_of: the day whose lists are used; None is today.

        Raises:
            SettingsError: a country, date, schema or score is none.
            StateError: lists or index can't be read.
        """
        query = Query(
            name=name,
            schema=_schema(schema),
            countries=_read_all(country, parse_country, "country"),
            addresses=_read_all(address, str, "address"),
            identifiers=tuple(
                Identifier(identifier_type(kind), str(value)) for kind, value in (identifiers or {}).items()
            ),
            birth_dates=_read_all(birth_date, PartialDate.parse, "birth_date"),
            registration_dates=_read_all(registration_date, PartialDate.parse, "registration_date"),
        )
        if min_score is not None and not 0 <= min_score <= 1:
            raise SettingsError(
                f"{min_score!r} is not a score", where="min_score", hint="Give a number from 0 to 1"
            )
        matcher = self._matcher_of(_day(as_of))
        return Matches(name, matcher.match(query, min_score=min_score, limit=limit))

    def compare(self, left: str, right: str, *, schema: str | None = None) -> Comparison:
        """Compare two names with each other, without any list.

        Raises:
            SettingsError: one of them holds no letter and no digit, or the schema is none.
        """
        for name in (left, right):
            if not any(character.isalnum() for character in name):
                raise SettingsError(
                    f"{name!r} holds no letter and no digit", where="compare", hint="Give two names"
                )
        return compare_names(left, right, _schema(schema))

    # --- frames ---------------------------------------------------------------------------------------

    def screen(
        self,
        frame: F,
        *,
        columns: Mapping[str, Hashable] | None = None,
        min_score: float | None = None,
        limit: int = 10,
        progress: bool | Callable[[int, int], None] | None = None,
        processes: int | None = None,
        as_of: date | str | None = None,
    ) -> F:
        """Screen a frame of names: the same kind of frame back, with the answer beside each row.

        Args:
            frame: a pandas or polars DataFrame, an Arrow table, or anything with `__arrow_c_stream__` (which comes
                back as a `pyarrow.Table`). Its columns `name` and, where they are there, `id, schema, country,
                address, birth_date, registration_date` are read, in any case; all others are kept.
            columns: which column is which where they are called otherwise, e.g. `{"name": "Kunde"}`.
            min_score: also return hits below the alert threshold, down to this score.
            limit: hits a row in `hits`, best first; `status`, `hits_total` and `alerts` look at all of them.
            progress: a bar, True or False; None shows it in a notebook and on a terminal. Or what is called with
                the rows done and those of them with a hit.
            processes: how many; None takes one a core, and none beside this one for few rows.
            as_of: the day whose lists are used; None is today.

        Returns:
            The rows in their order, with `status` (hit, no_hit, rejected), `best_entity_id, best_name, best_score,
            best_band, best_program, best_source`, `reason`, `warnings`, `hits`, `hits_total`, `alerts`, `index`
            and `engine`. An own column that is called like one of these becomes `input_…`.

        Raises:
            TableError: it is no frame, or has no column of names.
            SettingsError: an option is out of range.
            StateError: lists or index can't be read, or a process died.
        """
        from stopship.app.frame_screen import screen_frame
        from stopship.bulk.batch import ScreenOptions

        place = self._place(_day(as_of))
        options = ScreenOptions(min_score, limit, self._current().settings.threshold)
        found: F = screen_frame(frame, place, options, columns=columns, progress=progress, processes=processes)
        return found

    def register_duckdb(
        self,
        connection: duckdb.DuckDBPyConnection | None = None,
        *,
        min_score: float | None = None,
        limit: int = 10,
        as_of: date | str | None = None,
    ) -> duckdb.DuckDBPyConnection:
        """Give a DuckDB connection functions to screen and to compare names in SQL.

        `stopship_screen(name[, schema[, country]])` answers `{status, score, band, entity_id, matched_name,
        program, source, entity_ids, alerts, reason}`, and `stopship_score(left, right[, schema])` a number from 0
        to 1. They use the lists as they are now.

        Args:
            connection: None makes one, in memory.
            min_score, limit, as_of: as in `screen`.

        Returns:
            The connection.

        Raises:
            SettingsError: DuckDB is not installed (the extra `duckdb`), or an option is out of range.
        """
        from stopship.app.duckdb_functions import register
        from stopship.bulk.batch import ScreenOptions

        options = ScreenOptions(min_score, limit, self._current().settings.threshold)
        return register(connection, self.index(as_of), options)

    # --- what it stands on ----------------------------------------------------------------------------

    @property
    def lists(self) -> list[dict[str, Any]]:
        """The lists in use, with their ages: what `stopship lists status --json` prints."""
        from stopship.app.status import list_status

        return list_status(self._current().workspace)

    def index(self, as_of: date | str | None = None) -> Index:
        """The index of the lists as they were on a day, today where none is given."""
        return self._place(_day(as_of)).index

    def index_path(self, as_of: date | str | None = None) -> Path:
        """The folder of that index, for other processes and clusters: it never changes, and is there until six
        newer ones are.

        Raises:
            StateError: it can't be written.
        """
        return self._place(_day(as_of)).directory()

    def __repr__(self) -> str:
        return f"stopship.open({str(self.path)!r})"

    def _current(self) -> Decider:
        """The decider for today and for the lists as they are now."""
        today = self._clock()
        workspace = Workspace(self.path, today=today)
        held = held_lists(workspace)
        if self._decider is None or self._held != held or self._decider.workspace.today != today:
            self._decider, self._held, self._matcher = Decider(workspace), held, None
        return self._decider

    def _place(self, day: date | None) -> IndexPlace:
        return self._current().place(day or self._clock())

    def _matcher_of(self, day: date | None) -> Matcher:
        index = self._place(day).index
        if self._matcher is None or self._matcher.index is not index:
            threshold = self._current().settings.threshold
            self._matcher = Matcher(index) if threshold is None else Matcher(index, threshold=threshold)
        return self._matcher


def _read_one(order: Mapping[str, Any] | Path | str) -> Transaction:
    if isinstance(order, str | Path):
        return read_order_file(Path(order))
    return read_order(_plain(order))


def _today() -> date:
    return datetime.now().astimezone().date()


def _day(value: date | str | None) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    if isinstance(value, datetime):
        return value.date()
    try:
        return parse_day(value)
    except ValueError as error:
        raise SettingsError(str(error), where="as_of") from None


def _schema(text: str | None) -> Schema:
    schema, warning = read_schema(text, "schema")
    if warning:
        raise SettingsError(warning.partition(": ")[2].replace(", taken as LegalEntity", ""), where="schema")
    return schema


def _read_all(values: str | Sequence[str], read: Callable[[str], T], where: str) -> tuple[T, ...]:
    texts = [values] if isinstance(values, str) else list(values)
    try:
        return tuple(read(str(text)) for text in texts if str(text).strip())
    except ValueError as error:
        raise SettingsError(str(error), where=where) from None


def _plain(value: Any) -> Any:
    """Values as JSON has them: what comes out of a frame is often a number or a day of another library."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "item") and not isinstance(value, str | int | float):
        value = value.item()
    if type(value).__name__ == "NAType":
        return None
    if isinstance(value, float | datetime) and value != value:
        return None  # NaN and NaT
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, float) else value
