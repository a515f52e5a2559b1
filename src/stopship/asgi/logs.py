"""Logs as JSON lines on stderr, ours and those of the libraries."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import Any

import structlog


def log_to_stderr(level: str) -> None:
    """Write logs from this level on as JSON, one object a line: `event`, `level`, `timestamp` and more."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(_Stderr()),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    # No tracebacks of libraries: their last line is often a value that they worked on.
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_traceback,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("uvicorn").setLevel(getattr(logging, level.upper()))
    logging.getLogger("uvicorn").handlers = []


class _Stderr:
    """Whatever is stderr at the moment of writing. Where it can't be written (a full disk), lines are lost:
    what was done must not seem to have failed for that."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            return sys.stderr.write(text)
        return 0

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.flush()


def _without_traceback(_logger: Any, _method: str, event: Any) -> Any:
    info = event.pop("exc_info", None)
    if info and info is not True:
        event["error"] = info[0].__name__ if isinstance(info, tuple) and info[0] else type(info).__name__
    return event
