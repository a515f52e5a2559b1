"""What somebody typed when their session ended: shown to them, taken along through the sign-in, sent again only
when they say so. It stays in the pages of their browser; the server keeps none of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from stopship.web.gate import TOKEN_FIELD
from stopship.web.pages.view import inside

PREFIX = "kept."
ADDRESS = "again"
MOST_BYTES = 200_000
MOST_FIELDS = 200
_NEVER = frozenset({TOKEN_FIELD, "password", "new_password", "repeat"})
_SILENT = frozenset({"version", "order", "seen", "back"})


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that was sent without a session.

    Attributes:
        address: where it was sent.
        fields: names and values in their order, without the token and without passwords.
    """

    address: str
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def typed(self) -> tuple[tuple[str, str], ...]:
        """What a person gave, to be shown to them, by field: all but what only the form knows."""
        return tuple(field for field in self.fields if field[1].strip() and field[0] not in _SILENT)

    @property
    def page(self) -> str:
        """The page that the form stood on, as far as its address says: that of the case, of the check."""
        return self.address.partition("?")[0].rpartition("/")[0] or "/"


async def from_request(request: Request, path: str) -> KeptForm | None:
    """The form of a request that came without a session; None where there is nothing to take along.

    Only plain forms of moderate size: files are chosen again.
    """
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    try:
        pairs = parse_qsl(body.decode("utf-8"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    return _kept(path, pairs)


def from_fields(fields: Iterable[tuple[str, str]]) -> KeptForm | None:
    """The form that a sign-in took along, from its own fields; None where it took none."""
    pairs = list(fields)
    address = inside(dict(pairs).get(ADDRESS, ""))
    if address == "/":
        return None
    return _kept(address, [(name.removeprefix(PREFIX), value) for name, value in pairs if name.startswith(PREFIX)])


def _kept(address: str, pairs: Iterable[tuple[str, str]]) -> KeptForm | None:
    fields = tuple((name, value) for name, value in pairs if name not in _NEVER)
    return KeptForm(address, fields) if fields else None
