"""The table of states and steps: what isn't in it is refused, and says why and what can be done."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from stopship.cases import Actor, Event, Role, State
from stopship.cases.states import MEANING, STEPS, allowed, check, possible
from stopship.errors import CaseError, IllegalStep, StepNotAllowed

BY_ROLE = [Actor(f"user:{role.value}", role) for role in Role]


def test_every_event_has_one_line_and_every_state_a_meaning() -> None:
    assert [step.event for step in STEPS] == list(Event)
    assert set(MEANING) == set(State)
    for step in STEPS:
        assert step.states and step.text


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_a_step_is_possible_or_says_why_not(state: State, event: Event) -> None:
    for actor in BY_ROLE:
        if event in allowed(state, actor):
            check(event, state, actor, where="case 1")
            continue
        with pytest.raises(CaseError) as refused:
            check(event, state, actor, where="case 1")
        said = str(refused.value)
        assert said.startswith("case 1: ") and event.value in said and "\n" not in said
        if isinstance(refused.value, IllegalStep):
            assert "Possible now: " in said and event not in possible(state)
        else:
            assert isinstance(refused.value, StepNotAllowed)


def test_a_higher_role_may_do_all_that_a_lower_one_may() -> None:
    people = [actor for actor in BY_ROLE if actor.role is not Role.SYSTEM]
    for state in State:
        for lower, higher in pairwise(people):
            assert set(allowed(state, lower)) <= set(allowed(state, higher))


def test_the_program_judges_nothing() -> None:
    judging = {Event.DECIDE, Event.PROPOSE, Event.APPROVE, Event.REFUSE, Event.ESCALATE, Event.SUPPRESS}
    for state in State:
        assert not judging & set(allowed(state, Actor.system("cases")))


def test_a_viewer_changes_nothing() -> None:
    assert all(allowed(state, Actor("user:1", Role.VIEWER)) == () for state in State)
