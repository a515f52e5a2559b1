"""Steps of case work, as `/api/v1` takes them, and what they give."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from stopship.api.schemas.native import Page
from stopship.api.schemas.strict import Asked, Told
from stopship.cases.states import Verdict

Number = Annotated[int, Field(ge=1, lt=2**31)]
NO_NUL = r"^[^\u0000]*$"
Version = Annotated[
    int | None,
    Field(
        ge=1,
        lt=2**31,
        description="`version` of the case as you saw it: if somebody changed it since, the step is refused.",
    ),
]
Reason = Annotated[str, Field(min_length=1, max_length=64, description="A code of `GET /api/v1/reasons`.")]
Why = Annotated[str, Field(min_length=1, max_length=10_000, description="Why, for whoever reads it in two years.")]
Comment = Annotated[str, Field(max_length=10_000, description="Why. Needed with the reason `other`.")]
SomeText = Annotated[
    tuple[Annotated[str, Field(max_length=200, pattern=NO_NUL)], ...], Field(strict=False, max_length=20)
]


class StepAsked(Asked):
    """A step that needs nothing else."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 3}]})

    version: Version = None


class AssignmentAsked(Asked):
    """To whom a case is given."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "anna", "version": 3}]})

    to: Annotated[
        str, Field(min_length=1, max_length=200, description="The name of an account, or its id: `user:7`.")
    ]
    version: Version = None


class ApprovalAsked(Asked):
    """Agreement to what somebody else proposed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"comment": "checked the passport", "version": 4}]})

    comment: Annotated[str, Field(max_length=10_000)] = ""
    version: Version = None


class RefusalAsked(Asked):
    """Disagreement with what somebody else proposed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"comment": "that passport is another person's", "version": 4}]}
    )

    comment: Why
    version: Version = None


class ReopeningAsked(Asked):
    """Why a closed case is to be judged anew."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"comment": "the customer has a new owner", "version": 5}]}
    )

    comment: Why
    version: Version = None


class AgreedAsked(Asked):
    """Agreement, where there is no version to see."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"comment": "read them all"}]})

    comment: Annotated[str, Field(max_length=10_000)] = ""


class WhyAsked(Asked):
    """Why."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"comment": "they merged"}]})

    comment: Why


class SilenceAsked(Asked):
    """What is to stay silent."""

    until: Annotated[date, Field(strict=False, description="The first day on which it no longer holds.")]
    scope: Annotated[
        Literal["pair", "list"],
        Field(description="`pair`: each entity by itself; `list`: all of them on `program`, in one."),
    ] = "pair"
    program: Annotated[str | None, Field(min_length=1, max_length=100, description="Of scope `list`.")] = None


class OtherVerdict(Asked):
    """Another verdict on one alert."""

    alert: Number
    verdict: Literal["true_match", "false_match"]


class VerdictAsked(Asked):
    """What a person says of a case."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "verdict": "false_match",
                    "reason": "other_birth_date",
                    "comment": "born 1971, the listed one 1965",
                    "suppress": {"until": "2027-06-30"},
                    "version": 3,
                }
            ]
        }
    )

    verdict: Annotated[
        Verdict,
        Field(
            strict=False,
            description="`possible` keeps the case open, `escalated` hands it to a supervisor; of the case.",
        ),
    ]
    reason: Reason
    comment: Comment = ""
    alerts: Annotated[
        list[Number] | None, Field(min_length=1, max_length=1000, description="Which; null: all that are open.")
    ] = None
    others: Annotated[
        tuple[OtherVerdict, ...],
        Field(strict=False, max_length=1000, description="Alerts with another verdict, in the same step."),
    ] = ()
    suppress: Annotated[
        SilenceAsked | None, Field(description="Keep those judged false silent from now on, until a day.")
    ] = None
    version: Version = None


class SuppressionAsked(SilenceAsked):
    """A suppression of alerts that were judged false."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"until": "2027-06-30", "reason": "known_partner", "comment": "since 1998"}]
        }
    )

    reason: Reason
    comment: Comment = ""
    alerts: Annotated[
        list[Number] | None,
        Field(min_length=1, max_length=1000, description="Which; null: all that were judged false."),
    ] = None


class ChosenAsked(Asked):
    """Which cases: by number, or by what they have in common. Several values of one field are alternatives."""

    cases: Annotated[list[Number] | None, Field(min_length=1, max_length=10_000)] = None
    bands: SomeText = ()
    programs: SomeText = ()
    priorities: SomeText = ()
    assignees: SomeText = ()
    origins: SomeText = ()
    text: Annotated[str, Field(max_length=200, pattern=NO_NUL, description="Part of the party's name.")] = ""


class PreviewAsked(ChosenAsked):
    """Cases that are looked through before one verdict is proposed for all of them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"bands": ["weak"], "programs": ["us.el"]}]})


class BulkAsked(ChosenAsked):
    """One verdict for many cases."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "bands": ["weak"],
                    "programs": ["us.el"],
                    "verdict": "false_match",
                    "reason": "name_only",
                    "comment": "first names only",
                    "count": 41,
                }
            ]
        }
    )

    verdict: Literal["true_match", "false_match"]
    reason: Reason
    comment: Why
    count: Annotated[int, Field(ge=1, lt=2**31, description="How many cases the preview showed.")]


class CaseLine(Told):
    """A case without what belongs to it."""

    id: int
    name: str
    state: str
    disposition: str | None
    priority: str
    band: str
    score: float
    opened: str
    changed: str
    due: str
    overdue: bool
    closed: str | None
    assignee: str | None
    locked_by: str | None
    locked_until: str | None
    version: Annotated[int, Field(description="Send it with the next step.")]


class CaseStepped(Told):
    """The case as the step has left it."""

    case: CaseLine


class CaseTaken(Told):
    """The case that was taken; null where none waits for anybody."""

    case: CaseLine | None


class CaseJudged(Told):
    """The case as the verdict has left it: `proposed` where a second person must agree, `closed` where nothing is
    left."""

    case: CaseLine
    suppressions: Annotated[
        list[int], Field(description="Suppressions that wait by themselves for a second person.")
    ]


class SuppressedEntity(Told):
    """An entry that is kept silent."""

    entity_id: str
    entity_name: str
    void: str | None


class SuppressionShown(Told):
    """A suppression with its entries."""

    id: int
    subject: int
    scope: str
    program: str | None
    state: str
    reason: str
    comment: str | None
    until: str
    maker: str
    made: str
    checker: str | None
    checked: str | None
    ended: str | None
    ended_why: str | None
    entities: list[SuppressedEntity]
    name: str
    case: int | None


class SuppressionsPage(Page[SuppressionShown]):
    """Suppressions, with the entities that each keeps silent."""


class SuppressionsMade(Told):
    """Suppressions that were asked for; each waits for a second person where the settings ask for one."""

    suppressions: list[SuppressionShown]


class RefusedInBulk(Told):
    """A case that can't be judged with the others."""

    case: int
    why: str


class BulkPreview(Told):
    """What a verdict on many cases would be about."""

    cases: list[int]
    count: int
    alerts: int
    refused: list[RefusedInBulk]


class BulkShown(Told):
    """One verdict on many cases."""

    id: int
    state: Annotated[str, Field(description="proposed, effective, refused or withdrawn.")]
    verdict: str
    reason: str
    comment: str
    chosen_by: dict[str, Any]
    cases: int
    maker: str
    made: str
    checker: str | None
    checked: str | None
    check_comment: str | None


class BulkPage(Page[BulkShown]):
    """Those that wait for a second person."""


class ReasonsShown(Told):
    """Reason codes and what each means."""

    reasons: dict[str, str]
