"""What each role is shown of a proposal. A field that is not here is not shown."""

import datetime
import uuid
from typing import Any, Literal

from pydantic import Field

from models.approval import Answer, Channel, Party
from models.base import Code, Moment, Shape, Shown
from models.proposal import ProposalStatus


class ProposalsWanted(Shape):
    """Which proposals a list shows, in which order, and where it goes on.

    `call` and the regions are codes. `turn` puts first what
    waits for whoever asks, then what goes on, what is booked, what has ended, each by the first
    day. `deadline` puts those without one last. `-score` and `round`
    list the people of one's own region: nobody else is shown these. So does `guardian_missing`:
    somebody under age for whom no guardian is on record and none has said yes.
    `waiting_for_me`: an answer of whoever asks is next. `question_open`: the company waits for a
    reply.
    """

    call: Code | None = None
    sending_region: Code | None = None
    hosting_region: Code | None = None
    status: list[ProposalStatus] = Field(default_factory=list, max_length=10)
    waiting_for: Party | None = None
    waiting_for_me: bool = False
    question_open: bool | None = None
    apprentice: uuid.UUID | None = None
    company: uuid.UUID | None = None
    round: uuid.UUID | None = None
    on_hold: bool | None = None
    guardian_missing: bool | None = None
    deadline_before: Moment | None = None
    sort: Literal["id", "turn", "deadline", "-score", "created"] = "id"
    after: str | None = Field(default=None, max_length=300)
    limit: int = Field(default=50, ge=1, le=200)


class ApprovalShown(Shown):
    """An answer, as coordinators see it."""

    party: Party
    asked_at: datetime.datetime | None
    answer: Answer | None
    answered_at: datetime.datetime | None
    channel: Channel | None
    reason: str
    heard_from: str
    heard_on: datetime.date | None


class ProposalForAll(Shown):
    """What everybody sees who may see the proposal at all. `version` goes into If-Match."""

    id: uuid.UUID
    version: int
    status: ProposalStatus
    first_day: datetime.date
    last_day: datetime.date
    deadline: datetime.datetime | None
    waiting_for: list[Party]


class Work(Shown):
    """The work and where it is."""

    offer_id: uuid.UUID
    window_id: uuid.UUID
    title: str
    occupations: list[str]
    company: str
    town: str


class Person(Shown):
    """What a company reads of somebody when it is asked."""

    first_name: str
    occupations: list[str]
    isced_f: str | None
    languages: dict[str, str]
    under_18: bool
    introduction: str


class Contact(Shown):
    """How somebody is reached; a company knows it once everybody has agreed."""

    last_name: str
    email: str | None
    phone: str | None


class ProposalForCompany(ProposalForAll):
    """For the company: no score, no rank, no reasons, no needs.

    `provisions_asked` are codes that the person agreed to share with this company; empty before
    everybody has agreed to the stay, and where nothing is shared, whatever the reason.
    """

    work: Work
    person: Person
    contact: Contact | None
    provisions_asked: list[str]
    own_answer: Answer | None


class ProposalForApprentice(ProposalForAll):
    """For the apprentice and the guardian: the work, why it fits, and the own answer."""

    work: Work
    parts: list[dict[str, Any]]
    own_answer: Answer | None


class ProposalForEmployer(ProposalForAll):
    """For the employer: who would be away, when and where, and the own answer.

    No score, no parts: they tell of needs.
    """

    first_name: str
    last_name: str
    work: Work
    own_answer: Answer | None


class ProposalForCentre(ProposalForAll):
    """For the school: who goes where, and whose answer is waited for."""

    apprentice_id: uuid.UUID
    first_name: str
    last_name: str
    work: Work


class ProposalForHosting(ProposalForAll):
    """For the hosting coordinator: the person as the company will read it, and all answers.

    No score and no parts: they tell of needs. `provisions_asked` as the company sees them.
    """

    apprentice_id: uuid.UUID
    work: Work
    person: Person
    provisions_asked: list[str]
    approvals: list[ApprovalShown]


class ProposalForSending(ProposalForAll):
    """For the sending coordinator: everything. No score where its seal cannot be opened.

    `guardian_missing`: a guardian's yes is needed, and there is nobody to ask: name one, or
    record the signed form as the guardian's answer when it is asked for.
    """

    call_id: uuid.UUID
    round_id: uuid.UUID | None
    apprentice_id: uuid.UUID
    first_name: str
    last_name: str
    work: Work
    score: float | None
    lift: float
    rank: int | None
    eligible: int | None
    parts: list[dict[str, Any]]
    kept: bool
    held_for: list[str]
    warnings: list[str]
    override_reason: str
    reason: str
    approvals: list[ApprovalShown]
    guardian_missing: bool


ProposalShown = (
    ProposalForSending
    | ProposalForHosting
    | ProposalForCentre
    | ProposalForCompany
    | ProposalForEmployer
    | ProposalForApprentice
)
