"""The digest: what it says, and how it is handed to a mail server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
from tests.mail_server import MailBox, mailing

from stopship.errors import MailError
from stopship.jobs.digest import Count, Item, News, letter
from stopship.jobs.mail import MailServer, send
from stopship.jobs.worker import TryAgain

NOW = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
NEWS = News(
    (Count("new alerts", 3, "/queue?new=1"), Count("cases overdue", 0)),
    (Item("case 17", "Erika Mustermann", date(2026, 11, 27), "/cases/17"),),
)


def written(detail: str, news: News = NEWS) -> EmailMessage:
    return letter(
        news,
        sender="stopship@example.com",
        to=("anna@example.com", "ben@example.com"),
        since=NOW - timedelta(days=1),
        now=NOW,
        detail=detail,
        address="https://stopship.example/",
        number="digest-1",
    )


def test_by_default_there_are_counts_and_links_and_nobody_s_name() -> None:
    text = written("counts").as_string()
    assert "Subject: Stopship: 3 new alerts\n" in text
    assert "https://stopship.example/queue?new=1" in text
    assert "Erika" not in text and "case 17" not in text
    assert "Message-ID: <digest-1@example.com>" in text
    assert "Names are shown in the workbench only." in text


def test_cases_and_names_by_the_setting() -> None:
    cases = written("cases").get_content()
    assert "case 17, due 2026-11-27\n    https://stopship.example/cases/17" in cases and "Erika" not in cases
    assert "case 17, due 2026-11-27: Erika Mustermann" in written("names").get_content()
    sly = News(items=(Item("case 1", "Eve\r\nBcc: all@example.com"),))
    assert "case 1: Eve Bcc: all@example.com" in written("names", sly).get_content()
    assert written("names", sly)["Bcc"] is None


def test_nothing_new_is_told_as_that() -> None:
    assert News((Count("new alerts", 0),)).empty and not NEWS.empty
    assert written("counts", News())["Subject"] == "Stopship: nothing new"


@pytest.fixture
def box() -> Iterator[MailBox]:
    with mailing() as running:
        yield running


def server(box: MailBox, security: str = "none", **other: str) -> MailServer:
    return MailServer("127.0.0.1", box.port, security, "stopship@example.com", **other)


pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]


def test_a_letter_reaches_everybody(box: MailBox) -> None:
    send(written("counts"), server(box))
    ((receivers, message),) = box.letters
    assert receivers == ["anna@example.com", "ben@example.com"]
    assert message["Subject"] == "Stopship: 3 new alerts"


@pytest.mark.parametrize(
    ("answers", "error", "says"),
    [
        ({"RCPT": "550 no such user"}, MailError, "refuses every receiver"),
        ({"RCPT": "450 later"}, TryAgain, "refuses every receiver"),
        ({"DATA": "451 later"}, TryAgain, "says 451 later"),
        ({"DATA": "554 spam"}, MailError, "says 554 spam"),
        ({"MAIL": "530 log in first"}, MailError, "says 530 log in first"),
    ],
)
def test_what_may_pass_is_told_from_what_will_not(
    box: MailBox, answers: dict[str, str], error: type[Exception], says: str
) -> None:
    box.answers = answers
    with pytest.raises(error, match=says):
        send(written("counts"), server(box))
    assert box.letters == []


def test_nothing_goes_out_unencrypted_where_encryption_is_wanted(box: MailBox) -> None:
    with pytest.raises(MailError, match="STARTTLS"):
        send(written("counts"), server(box, "starttls", user="u", password="p"))
    assert box.letters == []


def test_a_login_that_is_refused_is_told_without_the_password(box: MailBox) -> None:
    box.extensions = ("AUTH PLAIN",)
    box.answers = {"AUTH": "535 no"}
    with pytest.raises(MailError, match=r"refuses the login \(535\)") as refused:
        send(written("counts"), server(box, user="u", password="hush"))
    assert "hush" not in str(refused.value) and "hush" not in repr(server(box, password="hush"))


def test_no_server_is_tried_again(box: MailBox) -> None:
    with pytest.raises(TryAgain, match="no connection to the mail server"):
        send(written("counts"), MailServer("127.0.0.1", 1, "none", "a@example.com"))
