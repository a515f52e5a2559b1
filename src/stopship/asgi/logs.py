"""Logs on stderr, ours and those of the libraries: as JSON lines, or as lines for whoever looks on."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import Any

import structlog


def log_to_stderr(level: str, form: str = "json") -> None:
    """Write logs from this level on, one line each.

    Args:
        form: `json`, an object with `event`, `level`, `timestamp` and more; `text`, the same as words.
    """
    render: Any = structlog.processors.JSONRenderer() if form == "json" else _as_text
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, render],
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
                render,
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


def _as_text(_logger: Any, _method: str, event: Any) -> str:
    """`stopship: warning, database away: seconds 3`, on one line whatever a value holds."""
    level, what = event.pop("level", "info"), event.pop("event", "")
    event.pop("timestamp", None)
    told = ", ".join(f"{name} {value}" for name, value in event.items())
    return " ".join(f"stopship: {level}, {what}{': ' if told else ''}{told}".split())


def _without_traceback(_logger: Any, _method: str, event: Any) -> Any:
    info = event.pop("exc_info", None)
    if info and info is not True:
        event["error"] = info[0].__name__ if isinstance(info, tuple) and info[0] else type(info).__name__
    return event
