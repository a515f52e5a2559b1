"""What `stopship demo --serve` says at the start, and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from stopship.app.demo_home.days import Days
from stopship.app.demo_home.people import Login, make_password
from stopship.app.demo_home.place import ExampleHome, mark, prepare
from stopship.app.example_data import MARKER
from stopship.cli import run
from stopship.cli.demo_serve import _about
from stopship.errors import SettingsError

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)

LOGINS = (
    Login("erika", "Erika Example", "analyst", "nibuta-hozebi-lebulo-fupije"),
    Login("sam", "Sam Sample", "supervisor", "fejana-lanezi-zubebe-naseru"),
)


def test_the_start_says_address_logins_five_tries_the_end_and_the_folder() -> None:
    home = Path("/homes/example home")
    found = ExampleHome(home, "2026-11-20T15:30:00Z", made=False)
    text = "\n".join(_about(found, LOGINS, "http://127.0.0.1:8000", home / "partners-to-upload.csv"))
    for login in LOGINS:
        assert text.count(login.password) == 1
    assert [f"   {number}. " in text for number in range(1, 7)] == [True] * 5 + [False]
    for said in (
        "http://127.0.0.1:8000",
        "Not for real screening",
        "Ctrl-C",
        "--fresh",
        "rm -r '/homes/example home'",
    ):
        assert said in " ".join(text.split())  # lines end where the terminal does
    assert max(map(len, text.splitlines())) <= 100


def test_options_of_the_workbench_need_serve(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--fresh"]) == 2
    assert "Add --serve" in capsys.readouterr().err


def test_a_home_that_is_not_an_example_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stopship.asgi.run.listen", lambda _host, _port: None)
    monkeypatch.delenv("STOPSHIP_DATABASE_URL", raising=False)
    (tmp_path / "stopship.db").write_bytes(b"somebody's")
    assert run(["--home", str(tmp_path), "demo", "--serve", "--port", "0"]) == 2
    said = capsys.readouterr().err.strip()
    assert "something else than example data" in said and len(said.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["stopship.db"]


@pytest.mark.parametrize("fresh", [False, True])
def test_a_home_that_somebody_makes_meanwhile_is_left_as_it_is(tmp_path: Path, fresh: bool) -> None:
    """Found by hand: an account was made in the folder while the example data were, and was deleted with it."""
    folder = tmp_path / "home"
    if fresh:
        folder.mkdir()
        mark(folder, now=NOW)

    def fill(_part: Path) -> None:
        (folder / MARKER).unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)
        (folder / "stopship.db").write_bytes(b"somebody's")

    with pytest.raises(SettingsError, match="something else than example data"):
        prepare(folder, fill, fresh=fresh, now=NOW, environment={})
    assert (folder / "stopship.db").read_bytes() == b"somebody's"
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_an_empty_folder_and_an_example_made_anew_are_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    assert prepare(folder, lambda _part: None, fresh=False, now=NOW, environment={}).made
    (folder / "old").write_bytes(b"")
    assert not prepare(folder, lambda _part: None, fresh=False, now=NOW, environment={}).made
    assert prepare(folder, lambda _part: None, fresh=True, now=NOW, environment={}).made
    assert [path.name for path in folder.iterdir()] == [MARKER]


def test_passwords_are_long_and_never_the_same() -> None:
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    assert {len(password) for password in made} == {27}


def test_moments_of_the_story_go_on_and_never_lie_ahead() -> None:
    from datetime import UTC, datetime, timedelta

    for hours in range(0, 24 * 8, 5):  # every day of a week, at every time of the day
        now = datetime(2026, 11, 16, 0, 10, tzinfo=UTC) + timedelta(hours=hours)
        days = Days(now)
        moments = [days.at(day, hour) for day in (26, 5, 1) for hour in (8, 11.5, 15)]
        moments += [days.at(0, hour) for hour in (8, 11.5, 14)]
        assert moments == sorted(moments)
        assert all(moment < now for moment in moments)
        assert all(moment.weekday() < 5 for moment in moments[:9])
