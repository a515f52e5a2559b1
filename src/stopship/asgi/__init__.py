"""The application as a server runs it. `create` is the factory that uvicorn calls in each process."""

from __future__ import annotations

from typing import Any


def create() -> Any:
    """The ASGI application of this process, by what `served` says of it in the environment.

    Also for another server: `uvicorn stopship.asgi:create --factory`. It asks for keys then.
    """
    from stopship.asgi.process import application

    return application()


__all__ = ["create"]
