"""Files of a case, up and down, and a case or a kept decision as a file: to print, to replay, to hand on."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from stopship.access import Action, require
from stopship.app.service.casebook import FORMS, forget
from stopship.app.service.casework import actor_of
from stopship.errors import CaseError, PaperError, SettingsError
from stopship.web.asked import go_to, number_in
from stopship.web.pages.case import casebook_of, number_of, shown
from stopship.web.pages.evidence import is_kept
from stopship.web.pages.queue_view import queue_view
from stopship.web.rendering import principal_of, visitor_of, working_of


async def add(request: Request) -> Response:
    """Keep files with a case. What is refused is said on its page."""
    require(visitor_of(request).principal, Action.CASES_WORK)
    number, working = number_of(request), working_of(request)
    work, actor = working.work(), actor_of(principal_of(request))
    sent = await request.form(max_files=work.policy.files, max_fields=20)
    try:
        given = [one for one in sent.getlist("file") if not isinstance(one, str) and one.filename]
        if not given:
            raise PaperError("no file was chosen", where=f"case {number}", hint="Choose one, then add it")
        for one in given:
            # One byte more than may be: enough to be refused for.
            data = await one.read(work.policy.file_bytes + 1)
            name = one.filename or ""
            await run_in_threadpool(work.papers.add, number, name, data, actor, now=working.now())
    except (CaseError, PaperError, SettingsError) as error:
        view = await run_in_threadpool(work.desk.show, number)
        return await shown(request, view, error=error)
    finally:
        await sent.close()
    query = queue_view(request.query_params).query()
    return go_to(request, f"/cases/{number}{query}#files")


def one(request: Request) -> Response:
    """A file of a case, to be saved: a browser shows none of it."""
    number = number_of(request)
    file, data = working_of(request).work().papers.read(number_in(request, "file"))
    if file.case_id != number:
        raise HTTPException(404)
    return Response(data, media_type=file.media, headers={"content-disposition": attachment(file.name)})


async def case_evidence(request: Request) -> Response:
    """A case as evidence. That it was taken out is written into the record."""
    sent = await request.form()
    number = number_of(request)
    form = str(sent.get("form") or "")
    try:
        return await _evidence(request, number, form)
    except SettingsError as error:
        view = await run_in_threadpool(lambda: working_of(request).work().desk.show(number))
        return await shown(request, view, error=error)


async def decision_evidence(request: Request) -> Response:
    """A kept decision as evidence, of a check that found nothing as well."""
    sent = await request.form()
    if not await run_in_threadpool(is_kept, request):
        raise HTTPException(404)
    return await _evidence(request, request.path_params["digest"], str(sent.get("form") or ""))


async def _evidence(request: Request, about: int | str, form: str) -> Response:
    casebook, actor = casebook_of(request), actor_of(principal_of(request))
    path: Path = await run_in_threadpool(casebook.write, about, form, actor)
    return FileResponse(
        path,
        media_type=FORMS[form],
        headers={"content-disposition": attachment(path.name), "cache-control": "no-store"},
        background=BackgroundTask(forget, path),
    )


def attachment(name: str) -> str:
    """The header that has a browser save a file by its name, whatever is in it (RFC 6266)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\;%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
