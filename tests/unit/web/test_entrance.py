"""A form that changes something brings its session's token along, also where it carries files."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from stopship.web.entrance import BEGINNING, _token

FILE = bytes(range(256)) * 400


def multipart(*fields: tuple[str, bytes], boundary: bytes = b"----edge") -> bytes:
    parts = [
        b"--"
        + boundary
        + b'\r\nContent-Disposition: form-data; name="'
        + name.encode()
        + b'"\r\n\r\n'
        + value
        + b"\r\n"
        for name, value in fields
    ]
    return b"".join(parts) + b"--" + boundary + b"--\r\n"


def sent(body: bytes, media: str, piece: int) -> tuple[str | None, bytes, int]:
    """The token of a body in pieces, the body as a page reads it after, and how much was read before."""
    pieces = [body[at : at + piece] for at in range(0, len(body), piece)] or [b""]
    told = [
        {"type": "http.request", "body": one, "more_body": number < len(pieces) - 1}
        for number, one in enumerate(pieces)
    ]

    async def go() -> tuple[str | None, bytes, int]:
        waiting = list(told)

        async def receive() -> Any:
            return waiting.pop(0)

        scope = {"type": "http", "headers": [(b"content-type", media.encode())]}
        token, again = await _token(scope, receive)
        before = sum(len(one["body"]) for one in told) - sum(len(one["body"]) for one in waiting)
        read = b""
        while True:
            message = await again()
            read += message["body"]
            if not message["more_body"]:
                return token, read, before

    return asyncio.run(go())


@pytest.mark.parametrize("piece", [7, 1000, 1 << 20])
def test_a_form_with_files_has_its_token_first_and_arrives_whole(piece: int) -> None:
    body = multipart(("csrf", b"tok-EN_1"), ("file", FILE))
    token, read, before = sent(body, "multipart/form-data; boundary=--edge", piece)
    assert token == "tok-EN_1"
    assert read == body
    assert before <= BEGINNING + piece  # a file is not held in memory for the sake of a token


@pytest.mark.parametrize(
    "body",
    [
        multipart(("file", FILE), ("csrf", b"tok-EN_1")),
        multipart(("other", b"x"), ("csrf", b"tok-EN_1")),
        multipart(("csrf", b"")),
        multipart(("csrf", "tök".encode())),
        b"",
        b"--",
    ],
)
def test_a_form_with_files_without_a_first_token_has_none(body: bytes) -> None:
    token, read, _before = sent(body, "multipart/form-data; boundary=--edge", 512)
    assert token is None
    assert read == body


def test_a_plain_form_has_its_token_anywhere() -> None:
    body = b"name=" + b"a" * 10_000 + b"&csrf=abc"
    assert sent(body, "application/x-www-form-urlencoded", 100)[:2] == ("abc", body)
    assert sent(b"csrf=abc", "text/plain", 100)[0] is None
