"""What holds for all templates: no name means two things."""

from __future__ import annotations

import pytest
from jinja2 import meta, nodes

from stopship.web.rendering import environment


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
