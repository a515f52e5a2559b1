"""Which party a match is of: a key that stays when it comes again, and a hash that tells when it changed."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

FIELDS = ("name", "schema", "country", "address", "identifiers", "birth_date", "registration_date")
"""What is kept of a party. There is no field for anything else."""


@dataclass(frozen=True, slots=True)
class SeenParty:
    """A party as a screening saw it.

    Attributes:
        key: `id:<system>:<id>` of a system's own record, or `party:<hash>` of what it is called, where it is and
            its numbers.
        name: as given.
        party: its fields as JSON text, in a form in which the same party gives the same text.
        party_hash: the hash of that.
    """

    key: str
    name: str
    party: str
    party_hash: str


def seen_party(fields: Mapping[str, Any], *, system: str | None = None, system_id: str | None = None) -> SeenParty:
    """A party from its fields.

    Args:
        fields: of `FIELDS`; others, and empty ones, are left out.
        system, system_id: the party's own number in the system that it comes from, where it has one.
    """
    kept = {name: fields[name] for name in FIELDS if fields.get(name) not in (None, "", [], ())}
    if "identifiers" in kept:
        kept["identifiers"] = sorted(kept["identifiers"], key=lambda one: orjson.dumps(one, option=_SORTED))
    text = orjson.dumps(kept, option=_SORTED).decode()
    if system is not None and system_id is not None:
        # A number of the system may be long, and may be a person's; only its hash is kept beside the party.
        key = f"id:{system}:{_digest(system_id)[:32]}"
    else:
        told = [
            _plain(str(kept.get("name") or kept.get("address", ""))),
            kept.get("country"),
            kept.get("identifiers", []),
        ]
        key = f"party:{_digest(orjson.dumps(told, option=_SORTED).decode())}"
    return SeenParty(key, str(kept.get("name", "")), text, _digest(text))


def _plain(name: str) -> str:
    """A name without case, punctuation and forms of letters. It must stay what it is from version to version: the
    normalization of the search gets better, and would make other parties of the same ones."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_SORTED = orjson.OPT_SORT_KEYS
