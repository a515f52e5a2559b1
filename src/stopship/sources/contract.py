"""What every source hands over, and what none may hand over.

A format folder gets bytes and gives a `ParsedList`. Bad rows are data (`Reject`), counted and kept with the
snapshot; only a file that can't be read as a whole raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from stopship.model import Entity

MAX_REJECT_TEXT = 200


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read.

    `row` counts as a spreadsheet does: in a table the header is row 1, in JSON the first entry is row 1. `text` is
    the beginning of the row, at most 200 characters.
    """

    row: int
    reason: str
    text: str

    @classmethod
    def of(cls, row: int, reason: str, cells: Iterable[str]) -> Reject:
        """A reject whose text is the filled cells of the row, joined and cut."""
        text = " | ".join(" ".join(cell.split()) for cell in cells if cell and not cell.isspace())
        return cls(row, reason, text[:MAX_REJECT_TEXT])


@dataclass(frozen=True, slots=True)
class ParsedList:
    """What a source read from one file. Always `rows == loaded + len(rejects)`.

    `loaded` counts rows, not entities: several rows may describe one entity, and a row that is on two of a
    publisher's lists gives two listings. `entities` are sorted by id, so
    that the order of rows in the file makes no difference. `published` is None where the file doesn't say.
    `unread` are the columns that are declared unread. `stated_rows` is how many rows the file says it has, None
    where it doesn't say.
    """

    source: str
    entities: tuple[Entity, ...]
    rows: int
    loaded: int
    rejects: tuple[Reject, ...] = ()
    published: date | None = None
    warnings: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    stated_rows: int | None = None


@dataclass(frozen=True, slots=True)
class LatestDay:
    """Where a publisher says up to which day its texts go: a JSON object at an address.

    `among` names its list of objects, `where` the fields that the right one has, `take` the field with the day,
    YYYY-MM-DD.
    """

    address: str
    among: str
    where: Mapping[str, str]
    take: str


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """One line of the catalogue, read from the `source.yml` of a format folder.

    `limit_days`: age in days beyond which the list counts as stale; None = no limit. `min_rows`, `max_rows`: what
    is usual; a file outside of it is refused unless the caller accepts it. `kind`: "official" or "starter". `read`
    and `unread` map each column that the publisher prints to what becomes of it. `files`: the names of the files
    that make one set, where a layout of the list is several files; they are read as one archive. `pages`:
    whether it is printed as one page after the other, which together are the list. `fetch` is the address of one
    file that holds the whole list, empty where a person must get it: `by_hand` says why. In it "{date}" is a day,
    and `latest_day` says how to learn which; `fetched_as_page` that it is a page for people, which the reader
    takes as it is. `canaries` are names, as printed, of entries that this list has had for years: a
    file without them is cut or of something else.
    """

    id: str
    title: str
    publisher: str
    url: str
    terms: str
    cadence: str
    limit_days: int | None
    min_rows: int
    max_rows: int
    format: str
    kind: str
    read: Mapping[str, str]
    unread: Mapping[str, str]
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    pages: bool = False
    fetch: str = ""
    by_hand: str = ""
    fetched_as_page: bool = False
    latest_day: LatestDay | None = None
    canaries: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the publisher prints, read or not."""
        return (*self.read, *self.unread)

    def layout(self, name: str) -> frozenset[str]:
        """The columns of one of several layouts: those that begin with its name and a slash, without them.

        "csv/sdn.csv/ent_num" is the column "sdn.csv/ent_num" of the layout "csv".
        """
        return frozenset(c.removeprefix(f"{name}/") for c in self.columns if c.startswith(f"{name}/"))

    def unread_of(self, name: str) -> tuple[str, ...]:
        """As `layout`, the unread ones alone, in the order of the sheet."""
        return tuple(c.removeprefix(f"{name}/") for c in self.unread if c.startswith(f"{name}/"))


# Attributes of people that the law of many countries protects, and that screening has no use for. Every reader of
# a list or a table drops a column or a labelled value of these names. Gender is among them because nothing here
# needs it. Each entry is a run of whole words; plurals and hyphens are taken care of below.
SPECIAL_CATEGORIES = (
    "biometric",
    "biometric data",
    "blood group",
    "blood type",
    "body height",
    "body weight",
    "caste",
    "complexion",
    "dialect",
    "disability",
    "dna",
    "ethnic",
    "ethnic group",
    "ethnic origin",
    "ethnicity",
    "eye color",
    "eye colour",
    "eyes",
    "faith",
    "fingerprint",
    "gender",
    "genetic data",
    "hair",
    "hair color",
    "hair colour",
    "health",
    "height",
    "iris scan",
    "medical",
    "medical condition",
    "philosophical belief",
    "photo",
    "photograph",
    "physical description",
    "political affiliation",
    "political belief",
    "political opinion",
    "political party",
    "political view",
    "pregnancy",
    "race",
    "racial",
    "racial origin",
    "religion",
    "religious",
    "religious affiliation",
    "religious belief",
    "sex",
    "sex life",
    "sexual orientation",
    "sexuality",
    "skin color",
    "skin colour",
    "trade union",
    "trade union membership",
    "tribal",
    "tribe",
    "union membership",
    "weight",
)

_SPECIAL = frozenset(SPECIAL_CATEGORIES)


def is_special_category(label: str) -> bool:
    """Whether a column name or a label ("Gender", "ethnic_group", "Sexual Orientation:") names such an attribute.

    The whole label must be one of `SPECIAL_CATEGORIES`, give or take case, punctuation and a plural: "Race" is
    one, "Race track license" is not.
    """
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label).lower())
    while words and words[-1] in ("of", "s", "information", "code", "value"):
        words.pop()
    phrase = " ".join(words)
    singular = re.sub(r"ies$", "y", phrase) if phrase.endswith("ies") else phrase.removesuffix("s")
    return phrase in _SPECIAL or singular in _SPECIAL
