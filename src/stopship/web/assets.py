"""Files that pages load: ours and those vendored, by addresses that change with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(str(resources.files("stopship.web") / "static"))
HTMX = "vendor/htmx-2.0.11/htmx.min.js"
BOOTSTRAP = "vendor/bootstrap-5.3.9/bootstrap.min.css"
FOR_EVER = "public, max-age=31536000, immutable"


@cache
def fingerprint(name: str) -> str:
    """The beginning of the hash of a file's content."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]


class Assets(StaticFiles):
    """Serves them; a browser asks again only after the content has changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200 and b"v=" in scope.get("query_string", b""):
            response.headers["cache-control"] = FOR_EVER
        return response
