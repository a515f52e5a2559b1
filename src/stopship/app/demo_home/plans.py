"""What became of each example party: the steps of each plan, done on the desk like everybody's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from stopship.app.casework.desk import CaseWork
from stopship.app.demo_home.days import LAST_HOUR, Days
from stopship.cases import Actor, Role, SuppressionWish, Verdict

PAPER = (
    b"Example register extract\n\nYesi Electronics (Incheon), registered 2015, no relation to the listed firm.\n"
)
BULK = "bulk"


@dataclass(frozen=True, slots=True)
class People:
    """Who works in the story."""

    erika: Actor
    mina: Actor
    sam: Actor

    @classmethod
    def of(cls, ids: dict[str, str]) -> People:
        roles = {"erika": Role.ANALYST, "mina": Role.ANALYST, "sam": Role.SUPERVISOR}
        return cls(**{name: Actor(ids[name], role) for name, role in roles.items()})


@dataclass(frozen=True, slots=True)
class Party:
    """One row of the example parties: when it came up, what became of it, and who it is."""

    number: int
    days: int
    hour: float
    plan: str
    reason: str
    comment: str

    def maker(self, people: People) -> Actor:
        """Who works on it: two analysts take turns."""
        return people.mina if self.number % 3 == 1 else people.erika


Do = Callable[[CaseWork, int, datetime], object]
Step = tuple[datetime, Do]


def steps_of(party: Party, people: People, days: Days) -> Iterator[Step]:
    """The steps of a party's plan after its case was opened, each with its moment. A step takes the case work of
    that moment and the number of the case."""
    maker, sam = party.maker(people), people.sam
    reason, comment = party.reason, party.comment

    def after(later: int, hours: float) -> datetime:
        return days.at(party.days - later, min(party.hour + hours, LAST_HOUR + 1))

    def take(who: Actor = maker) -> Do:
        return lambda work, case, now: work.desk.take(case, who, now=now)

    def decide(verdict: Verdict, who: Actor = maker, silent_until: datetime | None = None) -> Do:
        wish = SuppressionWish(silent_until.date()) if silent_until is not None else None
        return lambda work, case, now: work.desk.decide(
            case, verdict, who, reason=reason, comment=comment, now=now, suppress=wish
        )

    def agree(work: CaseWork, case: int, now: datetime) -> None:
        if work.desk.show(case).case.state == "proposed":  # weak matches need no second person
            work.desk.approve(case, sam, comment="Looked at the papers, agreed.", now=now)

    def note(text: str, who: Actor = maker) -> Do:
        return lambda work, case, now: work.desk.note(case, text, who, now=now)

    match party.plan:
        case "closed_true" | "closed_false":
            verdict = Verdict.TRUE_MATCH if party.plan == "closed_true" else Verdict.FALSE_MATCH
            yield after(0, 1), take()
            yield after(0, 1.5), decide(verdict)
            yield after(1, 2), agree
        case "suppressed" | "suppressed_soon" | "silent":
            until = days.now + timedelta(days=9 if party.plan == "suppressed_soon" else 170)
            yield after(0, 1), take()
            yield (
                after(0, 1.2),
                lambda work, case, now: work.papers.add(case, "register.txt", PAPER, maker, now=now),
            )
            yield after(0, 1.5), decide(Verdict.FALSE_MATCH, silent_until=until)
            yield after(1, 2), agree
        case "refused":
            yield after(0, 1), take()
            yield after(0, 2), decide(Verdict.FALSE_MATCH)
            why = "The customer's word is not enough: ask for the register number."
            yield after(1, 2), lambda work, case, now: work.desk.refuse(case, sam, comment=why, now=now)
            yield after(2, 1), note("Asked for the register number; answer by the end of the week.")
        case "escalated":
            yield after(0, 1), take()
            yield (
                after(0, 2),
                lambda work, case, now: work.desk.escalate(case, maker, reason=reason, comment=comment, now=now),
            )
        case "possible":
            yield after(0, 1), take(people.erika)
            yield (
                after(0, 1.5),
                lambda work, case, now: work.desk.possible(
                    case, people.erika, reason=reason, comment=comment, now=now
                ),
            )
            yield after(1, 1), note("Reminded the customer by telephone.", people.erika)
        case "taken":
            yield after(0, 0.5), take(people.erika)
            yield after(0, 0.7), note(comment, people.erika)
        case "mine":
            yield after(2, 2), take(people.erika)
            yield after(2, 2.2), note(comment, people.erika)
        case "proposed_false":
            yield after(1, 1), take(people.erika)
            yield after(1, 1.5), decide(Verdict.FALSE_MATCH, people.erika, days.now + timedelta(days=180))
        case "proposed_by_supervisor":
            yield after(1, 1), take(sam)
            yield after(1, 1.5), decide(Verdict.TRUE_MATCH, sam)
        case "locked":
            yield days.at(0, LAST_HOUR - 0.3), take(people.mina)
        case "open" | "bulk":
            return
        case other:
            raise ValueError(f"no plan is called {other}")
