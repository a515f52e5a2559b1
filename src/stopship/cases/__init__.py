"""Cases: the alerts of one party, worked by people and closed by a disposition.

`record` takes a screening in; `Desk`, `BulkDesk` and `SuppressionDesk` are what people do; `queue` finds cases.
`states` says what may be done when, and by whom.
"""

from stopship.cases.actor import Actor, Role
from stopship.cases.bulk import BulkDesk
from stopship.cases.desk import Desk
from stopship.cases.matches import PartyMatches, SeenEntry, SeenMatch, SeenScreening
from stopship.cases.parties import SeenParty, seen_party
from stopship.cases.policy import Policy, Priority
from stopship.cases.record import Recorded, record
from stopship.cases.silencing import SuppressionDesk
from stopship.cases.states import Event, State, Verdict
from stopship.cases.suppressing import SuppressionWish
from stopship.cases.wanted import Wanted

__all__ = [
    "Actor",
    "BulkDesk",
    "Desk",
    "Event",
    "PartyMatches",
    "Policy",
    "Priority",
    "Recorded",
    "Role",
    "SeenEntry",
    "SeenMatch",
    "SeenParty",
    "SeenScreening",
    "State",
    "SuppressionDesk",
    "SuppressionWish",
    "Verdict",
    "Wanted",
    "record",
    "seen_party",
]
