"""A file of names or orders: handed in, its columns said, tried on its first rows, and queued."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from stopship.app.batches.board import Board, Wishes
from stopship.app.batches.drafts import Draft
from stopship.app.batches.look import Look
from stopship.app.batches.meanings import chosen_meanings
from stopship.app.batches.trial import Trial
from stopship.app.jobs.kinds import FORMS
from stopship.app.settings import parse_score
from stopship.bulk.columns import READ
from stopship.errors import InputError, NotFoundError, StopshipError
from stopship.web.asked import fields_of, go_to
from stopship.web.presenters.batch import size_of, trial_page
from stopship.web.rendering import desk, is_swap, principal_of, render
from stopship.web.uploads import read_upload

CHOSEN = "column:"
"""Before the number of a column, the name of the field that says what it means."""


def board_of(request: Request) -> Board:
    """Files and jobs, where there is a database; elsewhere their pages are not there."""
    board = desk(request).board
    if board is None:
        raise HTTPException(404)
    return board


async def form(request: Request) -> Response:
    """Choose a file."""
    return await _form(request)


async def upload(request: Request) -> Response:
    """Take a file in, and see that it can be read."""
    board, by = board_of(request), principal_of(request)
    arriving = await run_in_threadpool(board.arriving)
    kind = ""
    try:
        sent = await read_upload(request, arriving.write)
        kind = sent.fields.get("kind", "")
        draft = await run_in_threadpool(arriving.keep, sent.filename, kind, by.actor)
        await run_in_threadpool(_readable, board, draft)
    except InputError as error:
        return await _form(request, error=error, kind=kind)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody reads it
    finally:
        await run_in_threadpool(arriving.close)
    return go_to(request, f"/batch/{draft.folder}")


def _readable(board: Board, draft: Draft) -> None:
    try:
        board.look(draft) if draft.kind == "screen" else board.look_at_orders(draft)
    except InputError:
        board.throw_away(draft)
        raise


async def one(request: Request) -> Response:
    """A file that was handed in: its columns and first rows."""
    try:
        draft = await run_in_threadpool(_draft, request)
    except NotFoundError as error:
        return await _gone(request, error)
    return await _page(request, draft)


async def step(request: Request) -> Response:
    """Try a file, screen all of it, or throw it away. What is refused is said in its place."""
    sent = await request.form()
    fields = fields_of(sent)
    try:
        draft = await run_in_threadpool(_draft, request)
    except NotFoundError as error:
        return await _gone(request, error)
    board, by = board_of(request), principal_of(request)
    if "discard" in fields:
        await run_in_threadpool(board.throw_away, draft)
        return go_to(request, "/batch")
    try:
        if draft.kind == "check":
            if "all" not in fields:
                return await _page(request, draft, trial=await desk(request).run(lambda: board.try_orders(draft)))
            job = await run_in_threadpool(board.queue_orders, draft, by)
        else:
            look = await run_in_threadpool(board.look, draft)
            wishes = _wishes(look, fields)
            if "all" not in fields:
                tried = await desk(request).run(lambda: board.try_names(draft, wishes))
                return await _page(request, draft, fields=fields, trial=tried)
            job = await run_in_threadpool(board.queue_names, draft, wishes, look, by)
    except InputError as error:
        return await _page(request, draft, fields=fields, error=error)
    return go_to(request, f"/jobs/{job.id}")


def _draft(request: Request) -> Draft:
    return board_of(request).draft(request.path_params["draft"], principal_of(request))


def _wishes(look: Look, fields: Mapping[str, str]) -> Wishes:
    columns = chosen_meanings((heading, fields.get(f"{CHOSEN}{n}", "")) for n, heading in enumerate(look.headings))
    score = fields.get("min_score", "").replace(",", ".")
    return Wishes(columns, fields.get("output", ""), parse_score(score, "min_score") if score else None)


async def _form(
    request: Request, *, error: StopshipError | None = None, kind: str = "", status: int = 0
) -> Response:
    board = board_of(request)
    return await run_in_threadpool(
        lambda: render(
            request,
            "batch.html",
            status=status or (HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK),
            error=error,
            kind=kind,
            most=board.most_bytes,
            most_words=size_of(board.most_bytes),
        )
    )


async def _gone(request: Request, error: NotFoundError) -> Response:
    """A file that is no longer here: it was queued by this very form, or a day has passed."""
    job = await run_in_threadpool(
        lambda: board_of(request).queued_from(request.path_params["draft"], principal_of(request))
    )
    if job is not None:
        return go_to(request, f"/jobs/{job.id}")
    return await _form(request, error=error, status=HTTPStatus.NOT_FOUND)


async def _page(
    request: Request,
    draft: Draft,
    *,
    fields: Mapping[str, str] | None = None,
    trial: Trial | None = None,
    error: StopshipError | None = None,
) -> Response:
    board, by = board_of(request), principal_of(request)

    def shown() -> dict[str, Any]:
        if draft.kind == "check":
            return {"orders": board.look_at_orders(draft), "look": None, "before": None, "chosen": (), "guess": ()}
        look = board.look(draft)
        columns, before = board.as_before(look, by)
        guess = {heading: meaning for meaning, heading in columns.items()}
        chosen = (
            [fields.get(f"{CHOSEN}{n}", "") for n in range(len(look.headings))]
            if fields is not None
            else [guess.get(heading, "") for heading in look.headings]
        )
        return {"orders": None, "look": look, "before": before, "chosen": chosen, "guess": guess}

    def rendered() -> Response:
        found: dict[str, Any] = {"orders": None, "look": None, "before": None, "chosen": (), "guess": ()}
        told = error
        try:
            found = shown()
        except InputError as bad:  # it could be read when it came: somebody changed it on the disk
            told = told or bad
        return render(
            request,
            "parts/batch_file.html" if is_swap(request) else "batch_file.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if told else HTTPStatus.OK,
            draft=draft,
            size=size_of(draft.size),
            fields=fields or {},
            trial=trial_page(trial) if trial is not None else None,
            error=told,
            where=told.where if told else "",
            readable=found["look"] is not None or found["orders"] is not None,
            meanings=READ,
            forms=FORMS,
            threshold=board.threshold,
            **found,
        )

    return await run_in_threadpool(rendered)
