"""How certificates, questions about provisions, and unmet needs come in and go out."""

import datetime
import uuid
from enum import StrEnum

from pydantic import Field

from models.base import NO_HEALTH, NO_NUL, Code, Shape, Shown
from models.provision import ProvisionAnswer


class CertificateAsked(Shape):
    """What was looked at, who looked, and on which day. Not a person's name."""

    provision: Code = Field(examples=["STEP_FREE_ACCESS"])
    certified_by: str = Field(
        min_length=1, max_length=200, pattern=NO_NUL,
        description="The organisation or function that looked; not a person's name.",
        examples=["accessibility office of the chamber"],
    )  # fmt: skip
    certified_on: datetime.date = Field(examples=["2027-01-11"])


class CertificateShown(Shown):
    """A provision of an offer that was looked at."""

    provision: str
    certified_by: str
    certified_on: datetime.date


class ProvisionAsked(Shape):
    """The provision that a company is asked about. For whom is neither asked nor stored."""

    provision: Code = Field(examples=["STEP_FREE_ACCESS"])


class ProvisionAnswered(Shape):
    """Whether the workplace provides it."""

    provided: bool


class ProvisionQuestionShown(Shown):
    """A question about what an offer provides; `answered_at` is null while it is open."""

    id: uuid.UUID
    offer_id: uuid.UUID
    title: str
    company: str
    provision: str
    asked_at: datetime.datetime
    answered_at: datetime.datetime | None
    answer: ProvisionAnswer | None


class ProvisionQuestionPage(Shown):
    """A part of the list; `next` is what `after` is for the following part."""

    items: list[ProvisionQuestionShown]
    next: uuid.UUID | None


class UnmetKind(StrEnum):
    """What can be done about a need that an offer does not provide for.

    `BLOCKING`: the host cannot. `FUNDABLE`: money of the programme can close it. `ADJUSTABLE`:
    a reasonable adjustment, ask the host.
    """

    BLOCKING = "BLOCKING"
    FUNDABLE = "FUNDABLE"
    ADJUSTABLE = "ADJUSTABLE"


class UnmetLevel(StrEnum):
    """What the offer says of the provision: that it is not known, or nothing."""

    UNKNOWN = "unknown"
    ABSENT = "absent"


class QuestionState(StrEnum):
    """How far it is to know whether the host provides it."""

    CAN_BE_ASKED = "can_be_asked"
    OPEN = "open"
    NOT_PROVIDED = "not_provided"


class UnmetQuestion(Shown):
    """Whether the company can be asked, is asked (`id`), or has said no (`id`)."""

    state: QuestionState
    id: uuid.UUID | None


class UnmetNeed(Shown):
    """A hard need that an offer does not provide for, and what can be done about it.

    `cost_line` is a code of the list `cost_lines`, for what is FUNDABLE. `question` is for
    coordinators.
    """

    need: str
    kind: UnmetKind
    cost_line: str | None
    level: UnmetLevel
    question: UnmetQuestion | None


class AcceptedNeedAsked(Shape):
    """A hard need that somebody accepts at an offer although it is not provided there, and why."""

    offer_id: uuid.UUID
    need: Code = Field(examples=["ACCOMPANYING_PERSON"])
    reason: str = Field(
        min_length=1, max_length=300, pattern=NO_NUL,
        description=f"How it is solved instead. {NO_HEALTH}",
        examples=["The centre pays for it; the host agreed on the phone."],
    )  # fmt: skip


class TextWarning(Shape):
    """A text that was stored as it is, and what it looks like: `looks_like_health_data`."""

    code: str
    field: str


class AcceptedNeedMade(Shape):
    """That it is accepted. What, and why, is read from the list: requests are remembered."""

    id: uuid.UUID
    apprentice_id: uuid.UUID
    offer_id: uuid.UUID
    warnings: list[TextWarning]


class AcceptedNeedShown(Shown):
    """A need that somebody accepted at an offer, for the sending coordinators."""

    id: uuid.UUID
    apprentice_id: uuid.UUID
    offer_id: uuid.UUID
    need: str
    reason: str
    accepted_by: uuid.UUID
    created_at: datetime.datetime


class AcceptedNeedList(Shown):
    """What was accepted for a person, by offer and need."""

    items: list[AcceptedNeedShown]
