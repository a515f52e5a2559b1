"""What a search reads and writes on: sections of an index, the query, and pads that are made once."""

from __future__ import annotations

from typing import Any, NamedTuple

SHORTEST_FUZZY = 3  # letters of a word that is looked for misspelt
SHORTEST_PART = 3  # letters of one part of a word that may be two; the other may have one less
RUN_FUZZY = 8  # letters from which neighbours that are joined may have a slip (as `words.glue`)
SHORT_OF_RUN = 3  # letters of one of them, where a slip is looked for
STRANGE_PART = 4  # letters of both parts where one of them may be misspelt
MOST_TOKENS = 60  # more don't fit in the bits of a machine word
NO_ROOM, UNKNOWN = -1, -2
LAST_STAMP = (1 << 31) - 128  # less than a name of `MOST_TOKENS` counts up
UNSET = 1e9
MOST_BY_MASK, MOST_APART, PARTS = 10, 5, 5  # tokens of a query for which all choices are told apart
CUT_MOST = 8.0  # more than any table gives for a word that is cut short


class Book(NamedTuple):
    """The sections of an index that a search reads; see `build.py` and `search_tables.py`."""

    rows: Any
    info: Any
    chars: Any
    kinds: Any
    letters: Any  # which letters each token has, one bit each
    first_letter: Any
    in_order: Any  # tokens by their letters
    reading_at: Any
    reading_tokens: Any
    reading_total: Any  # information of all its tokens
    reading_general: Any  # of its general words
    reading_counts: Any  # how many words, initials, numbers and legal forms it has: four bytes each
    reading_person: Any
    person_at: Any  # for each token the readings that may be of a person,
    persons: Any
    other_at: Any  # and the others
    others: Any
    initial_at: Any  # postings of readings with initials alone
    initials: Any
    word_at: Any
    word_rest: Any
    word_token: Any
    key_at: Any
    key_rest: Any
    key_token: Any
    sound_at: Any
    sound_rest: Any
    sound_token: Any
    bone_at: Any
    bone_rest: Any
    bone_token: Any
    phrase_at: Any
    phrase_rest: Any
    phrase_token: Any
    delete_at: Any
    delete_rest: Any
    delete_token: Any
    name_at: Any
    name_rest: Any
    name_token: Any


class Pad(NamedTuple):
    """What a search writes on: made once for an index and a process, cleared by counting up `stamps`."""

    stamps: Any  # the stamps of the last query and of the last token
    marked: Any  # for each token of the lists the query that last met it,
    mark_mask: Any  # the tokens of the query that meet it, one bit each,
    mark_gain: Any  # the most that it adds, in the table for organizations and in that for persons,
    mark_class: Any  # its class,
    mark_partner: Any  # and what must stand beside it (-1: nothing)
    collected: Any  # for each token the query token that last found it
    seen: Any  # for each reading the query that last looked at it
    found: Any  # tokens found for one query token
    hit_token: Any
    hit_query: Any  # number of the query token
    hit_mask: Any  # and of all that it covers, one bit each
    hit_gain: Any  # in both tables
    hit_class: Any
    hit_partner: Any  # the other half of a word that is split in the lists
    letters: Any  # of a run
    best: Any  # the most that each query token adds with one reading
    top: Any  # and with any, in both tables
    top_class: Any
    some: Any  # the same of some of the tokens
    some_class: Any
    by_mask: Any  # for each choice of query tokens what `weigh_mask` writes
    out: Any


class Memory(NamedTuple):
    """What single words have met before, by a number of the whole word. Cleared when it is full."""

    keys: Any  # open addressing; 0 is free
    at: Any
    count: Any
    used: Any  # slots and hits
    token: Any
    gain: Any
    kind: Any
    partner: Any


class Query(NamedTuple):
    """One prepared reading of a name."""

    rows: Any
    info: Any
    chars: Any
    tokens: Any
    person: bool
    heard_at: Any  # tokens of the lists that each token spelled by ear may be, found before
    heard: Any
