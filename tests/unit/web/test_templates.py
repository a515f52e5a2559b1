"""What holds for all templates: no name means two things, and every page stands in the frame that warns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from jinja2 import meta, nodes
from starlette.testclient import TestClient
from tests.unit.web.test_pictures import state

from stopship.app.quick_check import QuickCheck
from stopship.web.gate import OpenGate
from stopship.web.rendering import Desk, environment
from stopship.web.workbench import workbench


def parsed(name: str) -> nodes.Template:
    made = environment()
    assert made.loader is not None
    source, _path, _is_fresh = made.loader.get_source(made, name)
    return made.parse(source)


def frames_of(name: str) -> list[str]:
    """The templates that one extends, the nearest first."""
    found: list[str] = []
    for one in parsed(name).find_all(nodes.Extends):
        assert isinstance(one.template, nodes.Const)
        found = [one.template.value, *frames_of(one.template.value)]
    return found


@pytest.mark.parametrize("name", [name for name in environment().list_templates() if frames_of(name)])
def test_nothing_that_a_page_is_given_is_hidden_by_a_macro_of_its_frame(name: str) -> None:
    given = meta.find_undeclared_variables(parsed(name))
    for frame in frames_of(name):
        made = {macro.name for macro in parsed(frame).find_all(nodes.Macro)}
        made |= {
            target.name
            for one in parsed(frame).find_all(nodes.Assign)
            for target in one.find_all(nodes.Name)
            if target.ctx == "store"
        }
        assert not made & given, f"{frame} has these names for something else"


PARTS = ("parts/", "frame.html", "admin/frame.html", "admin/signs.html")
"""Templates that are no page by themselves."""


@pytest.mark.parametrize("name", [name for name in environment().list_templates() if not name.startswith(PARTS)])
def test_every_page_stands_in_the_frame(name: str) -> None:
    assert frames_of(name)[-1:] == ["frame.html"]


def test_the_frame_names_lists_that_are_too_old() -> None:
    class Old(QuickCheck):
        def lists(self) -> Any:
            return (state("us_csl", 11, 10, stale=True), state("un_sc", 1, 10))

    async def at_once(work: Any, /) -> Any:
        return work()

    checks = Old(lambda: pytest.fail("not asked for"), now=lambda: datetime(2026, 3, 1, tzinfo=UTC))
    desk = TestClient(workbench(Desk(checks, at_once, OpenGate(lambda _request: True))), base_url="http://desk")
    for path in ("/check", "/compare", "/lists", "/help"):
        banner = desk.get(path).text.partition('class="banner stale"')[2].partition("</aside>")[0]
        assert "us_csl" in banner and "un_sc" not in banner, path
