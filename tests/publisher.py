"""A publisher of lists on 127.0.0.1, well or in any kind of trouble. Tests that use it are `loopback`."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]


@dataclass
class Publisher:
    """Answers by path; what was asked is kept. `answers[path]` is one answer, or a list of which each is given
    once and the last for ever."""

    port: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def headers(self, number: int = -1) -> dict[str, str]:
        """What the n-th request asked, names in lower case."""
        return self.asked[number][1]

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    publisher: Publisher

    def do_GET(self) -> None:
        self.publisher.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        answer = self.publisher.answers.get(self.path, status(404))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        self.close_connection = True
        with suppress(ConnectionError):
            answer(self)

    def head(self, code: int, **headers: Any) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def publishing() -> Iterator[Publisher]:
    """A publisher that runs until the end of the block."""
    publisher = Publisher()
    handler = type("Bound", (Handler,), {"publisher": publisher})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    publisher.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def whole(body: bytes, *, etag: str = "", last_modified: str = "", **more: Any) -> Answer:
    """A sound server: conditional requests and ranges."""

    def answer(handler: Handler) -> None:
        marks = {"ETag": etag, "Last-Modified": last_modified}
        marks = {name: value for name, value in marks.items() if value}
        asked = handler.headers
        if (etag and asked.get("If-None-Match") == etag) or (
            not asked.get("If-None-Match") and last_modified and asked.get("If-Modified-Since") == last_modified
        ):
            handler.head(304, **marks)
            return
        wanted = re.fullmatch(r"bytes=(\d+)-", asked.get("Range", ""))
        if wanted and asked.get("If-Range") in (etag or None, last_modified or None):
            start = int(wanted[1])
            if start >= len(body):
                handler.head(416, Content_Length=0)
                return
            span = f"bytes {start}-{len(body) - 1}/{len(body)}"
            handler.head(206, Content_Length=len(body) - start, Content_Range=span, **marks)
            handler.wfile.write(body[start:])
            return
        handler.head(200, Content_Length=len(body), **marks, **more)
        handler.wfile.write(body)

    return answer


def cut(body: bytes, sent: int, *, etag: str = "") -> Answer:
    """States the whole length and sends the beginning."""

    def answer(handler: Handler) -> None:
        handler.head(200, Content_Length=len(body), **({"ETag": etag} if etag else {}))
        handler.wfile.write(body[:sent])

    return answer


def status(code: int, **headers: Any) -> Answer:
    """Nothing but a status."""
    return lambda handler: handler.head(code, Content_Length=0, **headers)


def sent_on(to: str, code: int = 302) -> Answer:
    return status(code, Location=to)


def drip(pause: float, *, headers: bool = False) -> Answer:
    """A byte now and then: of the body, or already of the headers."""

    def answer(handler: Handler) -> None:
        if headers:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        else:
            handler.head(200, Content_Length=1_000_000)
        for _ in range(10_000):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(pause)

    return answer


def endless(piece: bytes = b"x" * 65_536) -> Answer:
    """A body without a stated length that doesn't end."""

    def answer(handler: Handler) -> None:
        handler.head(200)
        while True:
            handler.wfile.write(piece)

    return answer


def silent(seconds: float) -> Answer:
    return lambda _handler: time.sleep(seconds)
