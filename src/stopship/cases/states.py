"""The states of a case and the steps between them: one table, by which the code asks and the reference is written.

A case is in one of four states. What may be done in each, and by whom, is written here and nowhere else; a step
that is not in the table is refused with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stopship.cases.actor import Actor, Role
from stopship.errors import IllegalStep, StepNotAllowed


class State(StrEnum):
    """Where a case is."""

    OPEN = "open"
    ESCALATED = "escalated"
    PROPOSED = "proposed"
    CLOSED = "closed"


class Verdict(StrEnum):
    """What a person says of an alert, or of a case."""

    TRUE_MATCH = "true_match"
    FALSE_MATCH = "false_match"
    POSSIBLE = "possible"
    ESCALATED = "escalated"


class Event(StrEnum):
    """What can happen to a case."""

    TAKE = "take"
    ASSIGN = "assign"
    RELEASE = "release"
    NOTE = "note"
    ATTACH = "attach"
    POSSIBLE = "possible"
    ESCALATE = "escalate"
    PROPOSE = "propose"
    DECIDE = "decide"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    SUPPRESS = "suppress"
    MATCHES = "matches"
    REOPEN = "reopen"
    OPEN_AGAIN = "open_again"
    SETTLE = "settle"


MEANING: dict[State, str] = {
    State.OPEN: "alerts wait for somebody who judges them",
    State.ESCALATED: "an analyst handed it up: a supervisor judges it",
    State.PROPOSED: "it was judged, and waits for a second person who agrees or refuses",
    State.CLOSED: "every alert has a verdict that counts",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table. `to` holds the states that may follow; the last column of the reference says when."""

    event: Event
    states: tuple[State, ...]
    to: tuple[State, ...]
    role: Role
    text: str


_LIVE = (State.OPEN, State.ESCALATED, State.PROPOSED)
_WORK = (State.OPEN, State.ESCALATED)
_ALL = tuple(State)

STEPS: tuple[Step, ...] = (
    Step(Event.TAKE, _WORK, (), Role.ANALYST, "assign it to oneself, with a lock that expires"),
    Step(Event.ASSIGN, _LIVE, (), Role.SUPERVISOR, "give it to somebody; a lock of another person ends"),
    Step(Event.RELEASE, _LIVE, (), Role.ANALYST, "give it back, so that anybody may take it"),
    Step(Event.NOTE, _ALL, (), Role.ANALYST, "write a note"),
    Step(Event.ATTACH, _ALL, (), Role.ANALYST, "add a file"),
    Step(Event.POSSIBLE, _WORK, (), Role.ANALYST, "say that it may be so: it stays, with the reason on record"),
    Step(Event.ESCALATE, (State.OPEN,), (State.ESCALATED,), Role.ANALYST, "hand it to a supervisor"),
    Step(
        Event.PROPOSE,
        _WORK,
        (State.PROPOSED,),
        Role.ANALYST,
        "judge all open alerts where a second person must agree; an escalated case needs a supervisor",
    ),
    Step(
        Event.DECIDE,
        _WORK,
        (State.OPEN, State.ESCALATED, State.CLOSED),
        Role.ANALYST,
        "judge them where nobody else must agree; closed when none is left. An escalated case needs a supervisor",
    ),
    Step(
        Event.APPROVE,
        (State.PROPOSED,),
        (State.CLOSED,),
        Role.SUPERVISOR,
        "agree, by somebody else than the one who proposed, once every alert has a verdict",
    ),
    Step(
        Event.REFUSE,
        (State.PROPOSED,),
        (State.OPEN,),
        Role.SUPERVISOR,
        "disagree, by somebody else than the one who proposed; it goes back to work",
    ),
    Step(Event.WITHDRAW, (State.PROPOSED,), (State.OPEN,), Role.ANALYST, "take one's own proposal back"),
    Step(Event.SUPPRESS, _ALL, (), Role.ANALYST, "ask that alerts judged false stay silent until a day"),
    Step(Event.MATCHES, _LIVE, (), Role.SYSTEM, "a screening found other matches, or other content of an entry"),
    Step(
        Event.REOPEN,
        (State.CLOSED,),
        (State.OPEN,),
        Role.SYSTEM,
        "the set of matches changed, or the content of a listed entry, or a suppression ended",
    ),
    Step(
        Event.OPEN_AGAIN,
        (State.CLOSED,),
        (State.OPEN,),
        Role.SUPERVISOR,
        "open it again, saying why: what was judged must be judged anew",
    ),
    Step(
        Event.SETTLE,
        _WORK,
        (State.CLOSED,),
        Role.SYSTEM,
        "the last open alert fell under a suppression that a person has approved",
    ),
)

_TABLE = {step.event: step for step in STEPS}
_HOW = {
    State.OPEN: "it is open",
    State.ESCALATED: "it was escalated",
    State.PROPOSED: "it waits for a second person's approval",
    State.CLOSED: "it is closed",
}


def check(event: Event, state: State, actor: Actor, *, where: str) -> None:
    """Refuse a step that isn't in the table.

    Args:
        event: what is to be done.
        state: where the case is.
        actor: who wants it.
        where: the case as messages name it.

    Raises:
        StepNotAllowed: the actor's role doesn't cover it.
        IllegalStep: it isn't possible in this state.
    """
    step = _TABLE[event]
    needed = Role.SUPERVISOR if state is State.ESCALATED and event in _BY_SUPERVISOR else step.role
    if not actor.role.covers(needed):
        why = f": {_HOW[state]}" if needed is not step.role else ""
        raise StepNotAllowed(
            f"{actor.id} is {actor.role.value}; {event.value} needs {needed.value} or above{why}"
            if needed is not Role.SYSTEM
            else f"{event.value} is done by the program alone",
            where=where,
        )
    if state not in step.states:
        can = ", ".join(e.value for e in possible(state) if _TABLE[e].role is not Role.SYSTEM)
        raise IllegalStep(f"{event.value} can't be done: {_HOW[state]}", where=where, hint=f"Possible now: {can}")


def possible(state: State) -> tuple[Event, ...]:
    """What can be done in a state, by whoever may."""
    return tuple(step.event for step in STEPS if state in step.states)


def allowed(state: State, actor: Actor) -> tuple[Event, ...]:
    """What this actor may do in a state."""
    found = []
    for event in possible(state):
        try:
            check(event, state, actor, where="")
        except (StepNotAllowed, IllegalStep):
            continue
        found.append(event)
    return tuple(found)


_BY_SUPERVISOR = (Event.PROPOSE, Event.DECIDE, Event.POSSIBLE)
