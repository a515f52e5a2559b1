"""What an address or a form says, read as strictly everywhere; and the way on after something was done."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse

DIGITS = 9
"""Of a number of ours, at most: what a column of 32 bits holds."""


def whole_number(text: str | None, digits: int = DIGITS) -> int | None:
    """A number of so many digits at most, as 0 to 9; None for anything else."""
    return int(text) if text and len(text) <= digits and text.isascii() and text.isdecimal() else None


def number_in(request: Request, name: str) -> int:
    """A number that the path of an address names; what is none leads nowhere (404)."""
    found = whole_number(request.path_params[name])
    if found is None:
        raise HTTPException(404)
    return found


def text_of(form: FormData, name: str, *, strip: bool = True) -> str:
    """A field of a form; empty where it isn't there."""
    value = form.get(name)
    found = value if isinstance(value, str) else ""
    return found.strip() if strip else found


def words_of(form: FormData, name: str) -> list[str]:
    """All values of a field that may be given several times."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


def fields_of(form: FormData, *, strip: bool = True) -> dict[str, str]:
    """All fields of a form that are texts; of several values the last."""
    return {name: value.strip() if strip else value for name, value in form.items() if isinstance(value, str)}


def go_to(request: Request, path: str) -> RedirectResponse:
    """The way on to a page of ours, by which a reload sends nothing twice."""
    return RedirectResponse(request.scope.get("root_path", "") + path, 303)
