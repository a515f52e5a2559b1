"""Problem details (RFC 9457)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stopship.api.schemas.strict import Told


class FieldProblem(Told):
    """One thing that is not as described."""

    location: Annotated[str, Field(alias="in", description="`body`, `query`, `path` or `header`.")]
    at: Annotated[str, Field(description="JSON pointer in the body, else the parameter's name.")]
    detail: str


class Person(Told):
    """Who stands in the way."""

    id: Annotated[str, Field(description="As records name them: `user:7`.")]
    name: Annotated[str, Field(description="What to call them.")]


class Problem(Told):
    """What went wrong, and how to mend it."""

    type: Annotated[str, Field(description="What kind of problem: a URN, or `about:blank` for HTTP's own.")]
    title: Annotated[str, Field(description="HTTP's phrase for the status.")]
    status: int
    detail: Annotated[str, Field(description="One line: what is wrong, where, how to mend it.")]
    request_id: Annotated[str | None, Field(description="The id of this call in the server's log.")] = None
    by: Annotated[
        Person | None,
        Field(description="Who was faster, works on it right now, or must not be the second person."),
    ] = None
    errors: Annotated[list[FieldProblem] | None, Field(description="With status 422: each thing.")] = None
