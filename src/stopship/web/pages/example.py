"""What the example workbench offers beside the pages of every other one: a file to upload."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stopship.app.demo_home.upload import NAME, upload_bytes
from stopship.web.rendering import desk


def partners(request: Request) -> Response:
    """The file of example partners; only where everything is example data."""
    if not desk(request).example:
        raise HTTPException(404)
    return Response(
        upload_bytes(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{NAME}"'},
    )
