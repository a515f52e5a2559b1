"""One file from one address, from a server in every kind of trouble."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.publisher import Publisher, cut, drip, endless, publishing, sent_on, silent, status, whole

from stopship.app.fetch import Bounds, Copy, Downloader, DownloadFolder
from stopship.app.fetch.look import web_page
from stopship.app.fetch.many import Asked, bring
from stopship.errors import FetchError

pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]

BODY = b"column,other\n" + b"".join(b"%d,row\n" % n for n in range(20_000))
BOUNDS = Bounds(
    most_bytes=2_000_000,
    most_seconds=20,
    silence_seconds=0.5,
    attempts=3,
    wait_seconds=0.01,
    most_wait_seconds=0.02,
)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as it:
        yield it


@pytest.fixture
def folder(tmp_path: Path) -> DownloadFolder:
    return DownloadFolder(tmp_path / "downloads" / "us_csl")


def fetch(publisher: Publisher, folder: DownloadFolder, path: str = "/list", **given: object) -> Copy | None:
    bounds = given.pop("bounds", BOUNDS)
    assert isinstance(bounds, Bounds)
    return Downloader(bounds).fetch(publisher.url(path), folder, **given)  # type: ignore[arg-type]


def refused(publisher: Publisher, folder: DownloadFolder, path: str = "/list", bounds: Bounds = BOUNDS) -> str:
    with pytest.raises(FetchError) as error:
        fetch(publisher, folder, path, bounds=bounds)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_file_comes_whole_with_what_the_server_says_of_it(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = whole(BODY, etag='"v1"', last_modified="Fri, 31 Jul 2026 08:00:00 GMT")
    told: list[tuple[int, int | None]] = []
    copy = fetch(publisher, folder, report=lambda done, total: told.append((done, total)))
    assert copy is not None
    assert (copy.whole, copy.etag, copy.total) == (True, '"v1"', len(BODY))
    assert folder.body.read_bytes() == BODY
    assert folder.head() == copy
    assert told[0] == (0, len(BODY))
    assert told[-1] == (len(BODY), len(BODY))
    assert publisher.headers()["accept-encoding"] == "identity"
    assert publisher.headers()["user-agent"].startswith("stopship/")


@pytest.mark.parametrize("mark", [{"etag": '"v1"'}, {"last_modified": "Fri, 31 Jul 2026 08:00:00 GMT"}])
def test_what_is_in_use_is_asked_for_conditionally(
    publisher: Publisher, folder: DownloadFolder, mark: dict[str, str]
) -> None:
    publisher.answers["/list"] = whole(BODY, **mark)
    known = Copy(publisher.url("/list"), **mark)
    assert fetch(publisher, folder, known=known) is None
    assert folder.size == 0
    elsewhere = replace(known, address=publisher.url("/other"))
    assert fetch(publisher, folder, known=elsewhere) is not None, "marks of another address prove nothing"


def test_a_whole_file_that_lies_there_is_not_fetched_twice(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = whole(BODY, etag='"v1"')
    first = fetch(publisher, folder)
    assert fetch(publisher, folder) == first
    assert publisher.headers()["if-none-match"] == '"v1"'
    publisher.answers["/list"] = whole(BODY + b"more\n", etag='"v2"')
    fetch(publisher, folder)
    assert folder.body.read_bytes() == BODY + b"more\n"


def test_a_download_that_breaks_off_is_gone_on_with(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = [cut(BODY, 100_000, etag='"v1"'), whole(BODY, etag='"v1"')]
    fetch(publisher, folder)
    assert folder.body.read_bytes() == BODY
    assert publisher.headers()["range"] == "bytes=100000-"
    assert publisher.headers()["if-range"] == '"v1"'


def test_a_rest_of_another_file_is_never_joined(publisher: Publisher, folder: DownloadFolder) -> None:
    newer = BODY[::-1]
    publisher.answers["/list"] = [cut(BODY, 100_000, etag='"v1"'), whole(newer, etag='"v2"')]
    fetch(publisher, folder)
    assert folder.body.read_bytes() == newer


@pytest.mark.parametrize("etag", ["", 'W/"v1"'])
def test_without_proof_it_is_begun_anew(publisher: Publisher, folder: DownloadFolder, etag: str) -> None:
    publisher.answers["/list"] = [cut(BODY, 100_000, etag=etag), whole(BODY)]
    fetch(publisher, folder)
    assert "range" not in publisher.headers()
    assert folder.body.read_bytes() == BODY


def test_a_server_that_sends_another_part_than_asked_is_not_believed(
    publisher: Publisher, folder: DownloadFolder
) -> None:
    wrong = status(206, Content_Range=f"bytes 5-{len(BODY) - 1}/{len(BODY)}")
    publisher.answers["/list"] = [cut(BODY, 100_000, etag='"v1"'), wrong, whole(BODY, etag='"v1"')]
    fetch(publisher, folder)
    assert folder.body.read_bytes() == BODY


def test_a_burst_of_errors_passes(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = [status(503), status(500, Retry_After="0"), whole(BODY)]
    fetch(publisher, folder)
    assert folder.body.read_bytes() == BODY


def test_errors_without_end_are_told_with_their_number(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = status(503)
    assert "the server answered 503 Service Unavailable (tried 3 times)" in refused(publisher, folder)
    assert len(publisher.asked) == 3


def test_a_refusal_is_not_tried_again(publisher: Publisher, folder: DownloadFolder) -> None:
    assert "404 Not Found" in refused(publisher, folder, "/gone")
    assert len(publisher.asked) == 1


def test_each_attempt_begins_at_the_first_address(publisher: Publisher, folder: DownloadFolder) -> None:
    """OFAC sends us on to signed addresses that are good for minutes."""
    publisher.answers["/list"] = [sent_on("/signed?n=1"), sent_on("/signed?n=2")]
    publisher.answers["/signed?n=1"] = [cut(BODY, 100_000, etag='"v1"'), status(403)]
    publisher.answers["/signed?n=2"] = whole(BODY, etag='"v1"')
    copy = fetch(publisher, folder)
    assert copy is not None
    assert copy.address == publisher.url("/list")
    assert publisher.paths() == ["/list", "/signed?n=1", "/list", "/signed?n=2"]
    assert publisher.headers()["range"] == "bytes=100000-"
    assert folder.body.read_bytes() == BODY
    assert all("signed" not in path.read_text("utf-8") for path in folder.path.glob("*.json"))


def test_an_expired_address_is_asked_for_anew_and_never_printed(
    publisher: Publisher, folder: DownloadFolder
) -> None:
    publisher.answers["/list"] = sent_on("/signed?signature=SECRET")
    publisher.answers["/signed?signature=SECRET"] = status(403)
    line = refused(publisher, folder)
    assert "403" in line
    assert "tried 3 times" in line
    assert "SECRET" not in line


@pytest.mark.parametrize("to", ["file:///etc/passwd", "", "ftp://127.0.0.1/x", "http://127.0.0.1:port/"])
def test_it_is_not_sent_on_to_what_is_no_address(publisher: Publisher, folder: DownloadFolder, to: str) -> None:
    publisher.answers["/list"] = sent_on(to)
    assert "no address on the web" in refused(publisher, folder)


def test_circles_end(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = sent_on("/list")
    assert "sent us on more than" in refused(publisher, folder)


def test_truncation_and_a_wrong_length_are_told(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = cut(BODY, 1_000)
    line = refused(publisher, folder)
    assert "tried 3 times" in line
    assert "broke off" in line or "of the" in line
    head = folder.head()
    assert head is None or not head.whole


@pytest.mark.parametrize(
    "page",
    [
        b"<html><head><title>Access  Denied</title></head></html>",
        b"\xef\xbb\xbf  <!-- x --><!DOCTYPE html>\n<html lang='en'><title>Access Denied</title>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD"><html><title>Access Denied</title>',
    ],
)
def test_a_web_page_is_named(publisher: Publisher, folder: DownloadFolder, page: bytes) -> None:
    publisher.answers["/list"] = whole(page)
    line = refused(publisher, folder)
    assert "web page (HTML, 'Access Denied') instead of the list" in line
    assert folder.size == 0
    assert len(publisher.asked) == 1


def test_lists_are_no_web_pages() -> None:
    for beginning in (b"<?xml version='1.0'?><sdnList><htmlish/>", b"name,html\n<html>", b"", b"<headers/>"):
        assert web_page(beginning) is None


def test_a_drip_is_given_up(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = drip(0.02)
    before = time.monotonic()
    assert "bytes a second" in refused(publisher, folder, bounds=replace(BOUNDS, attempts=1))
    assert time.monotonic() - before < 5


def test_silence_is_given_up(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = silent(3)
    line = refused(publisher, folder, bounds=replace(BOUNDS, attempts=1, silence_seconds=0.2))
    assert "sent nothing for 0.2 seconds" in line


def test_time_is_bounded(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = drip(0.02)
    line = refused(publisher, folder, bounds=replace(BOUNDS, slowest=0, most_seconds=0.7))
    assert "seconds only" in line


def test_a_drip_of_headers_is_left_alone(publisher: Publisher, tmp_path: Path) -> None:
    publisher.answers["/slow"] = drip(0.05, headers=True)
    publisher.answers["/list"] = whole(BODY)
    asked = [Asked(n, publisher.url(f"/{n}"), DownloadFolder(tmp_path / n), None) for n in ("slow", "list")]
    bounds = replace(BOUNDS, most_seconds=0.5, attempts=1)
    brought = {
        one.source: one for one in bring(Downloader(bounds), asked, lambda *_: None, today=date(2026, 8, 3))
    }
    assert brought["list"].copy is not None
    assert "it took more than 1 seconds" in str(brought["slow"].problem)


@pytest.mark.parametrize("answer", [endless(), whole(b"x" * 2_000_001)])
def test_size_is_bounded(publisher: Publisher, folder: DownloadFolder, answer: object) -> None:
    publisher.answers["/list"] = answer
    assert "more than 2,000,000 bytes" in refused(publisher, folder)
    assert folder.size == 0


def test_a_packing_that_was_not_asked_for_is_refused(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = whole(BODY, Content_Encoding="br")
    assert "'br'" in refused(publisher, folder)


def test_an_empty_file_is_no_list(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = whole(b"")
    assert "empty file" in refused(publisher, folder)


def test_no_server_is_told(folder: DownloadFolder) -> None:
    with pytest.raises(FetchError, match="no connection"):
        Downloader(replace(BOUNDS, attempts=1)).fetch("http://127.0.0.1:9/list", folder)


def test_a_proxy_is_asked_for_everything(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["http://lists.example/list"] = whole(BODY)
    Downloader(BOUNDS, proxy=publisher.url("")).fetch("http://lists.example/list", folder)
    assert publisher.paths() == ["http://lists.example/list"]
    assert folder.body.read_bytes() == BODY


def test_damaged_notes_cost_no_more_than_a_download(publisher: Publisher, folder: DownloadFolder) -> None:
    publisher.answers["/list"] = whole(BODY, etag='"v1"')
    fetch(publisher, folder)
    for damage in (b"", b"{", b'{"address": 3}', b'{"address": "a", "etag": "x\\r\\nHost: y"}'):
        (folder.path / "head.json").write_bytes(damage)
        assert folder.head() is None
    fetch(publisher, folder)
    assert folder.body.read_bytes() == BODY
