"""The answers to a proposal: of whom, how they came in, and what was asked before."""

import datetime
import uuid
from enum import StrEnum

from sqlalchemy import LargeBinary
from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Row, check, word


class Party(StrEnum):
    """Whose yes a proposal needs."""

    SENDING_COORDINATOR = "sending_coordinator"
    HOSTING_COORDINATOR = "hosting_coordinator"
    APPRENTICE = "apprentice"
    GUARDIAN = "guardian"
    EMPLOYER = "employer"
    COMPANY = "company"


class Answer(StrEnum):
    """What a party said."""

    YES = "yes"
    NO = "no"


class Channel(StrEnum):
    """How an answer came in."""

    ACCOUNT = "account"
    LINK = "link"
    CODE = "code"
    PHONE = "phone"
    PAPER = "paper"
    MAIL = "mail"


REASONS: dict[Party, tuple[str, ...]] = {
    Party.SENDING_COORDINATOR: (
        "work_does_not_suit", "person_not_ready", "dates", "distance", "other_place_found",
        "doubts_about_host", "other",
    ),
    Party.HOSTING_COORDINATOR: (
        "work_does_not_suit", "host_not_ready", "dates", "other_person_found",
        "doubts_about_host", "other",
    ),
    Party.APPRENTICE: (
        "work", "dates", "distance", "language", "accommodation", "family", "other_plans",
        "prefer_not_to_say",
    ),
    Party.GUARDIAN: ("dates", "distance", "safety", "accommodation", "prefer_not_to_say"),
    Party.EMPLOYER: ("dates", "needed_at_work", "contract", "other"),
    Party.COMPANY: ("no_capacity", "dates", "no_mentor", "language", "skills", "other"),
}  # fmt: skip
"""The reasons that a party may give for its no."""

PRIVATE_REASONS = frozenset({Party.APPRENTICE, Party.GUARDIAN})
"""Whose reasons a company never sees."""


class QuestionKind(StrEnum):
    """What a company asks for before it answers."""

    QUESTION = "question"
    TALK = "talk"


class LinkKind(StrEnum):
    """How the secret of an answer reaches the party."""

    LINK = "link"
    CODE = "code"


class Approval(ChangingRow, table=True):
    """One party's answer to a proposal, with the version that was seen.

    The row is there once the party is asked or has answered. A coordinator who records an
    answer says from whom and on which day it was heard.
    """

    __table_args__ = (
        UniqueConstraint("proposal_id", "party"),
        check("answered", "(answer IS NULL) = (answered_at IS NULL)"),
        check("has_channel", "(answer IS NULL) = (channel IS NULL)"),
        check("reason", "answer IS NULL OR answer = 'yes' OR reason <> ''"),
    )

    proposal_id: uuid.UUID = Field(foreign_key="proposal.id", index=True)
    party: Party = word(Party)
    asked_at: datetime.datetime | None = None
    reminders: int = Field(default=0, ge=0)
    answer: Answer | None = word(Answer, default=None, nullable=True)
    answered_at: datetime.datetime | None = None
    answered_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")
    channel: Channel | None = word(Channel, default=None, nullable=True)
    reason: str = Field(default="", max_length=60)
    proposal_version: int | None = None
    heard_from: str = Field(default="", max_length=200)
    heard_on: datetime.date | None = None


class AnswerLink(Row, table=True):
    """A secret with which one party may answer one proposal. Only digests are stored.

    Opening it decides nothing: the secret is exchanged once for a short session.
    """

    __tablename__ = "answer_link"
    __table_args__ = (
        UniqueConstraint("secret_sha256"),
        UniqueConstraint("session_sha256"),
        check("expires", "expires_at > created_at"),
        check("session", "(session_sha256 IS NULL) = (session_expires_at IS NULL)"),
    )

    proposal_id: uuid.UUID = Field(foreign_key="proposal.id", index=True)
    party: Party = word(Party)
    kind: LinkKind = word(LinkKind)
    secret_sha256: str = Field(min_length=64, max_length=64)
    expires_at: datetime.datetime
    made_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")
    opened_at: datetime.datetime | None = None
    session_sha256: str | None = Field(default=None, max_length=64)
    session_expires_at: datetime.datetime | None = None
    revoked_at: datetime.datetime | None = None


class AnswerScan(Row, table=True):
    """The signed paper behind an answer that a coordinator recorded."""

    __tablename__ = "answer_scan"
    __table_args__ = (UniqueConstraint("approval_id"),)

    approval_id: uuid.UUID = Field(foreign_key="approval.id")
    content_type: str = Field(min_length=1, max_length=60)
    content: bytes = Field(sa_type=LargeBinary)


class Question(ChangingRow, table=True):
    """What a company asks before it answers. The deadline rests until a coordinator replies."""

    __table_args__ = (check("answered", "(answered_at IS NULL) = (answered_by IS NULL)"),)

    proposal_id: uuid.UUID = Field(foreign_key="proposal.id", index=True)
    kind: QuestionKind = word(QuestionKind)
    text: str = Field(default="", max_length=1000)
    answer: str = Field(default="", max_length=1000)
    answered_at: datetime.datetime | None = None
    answered_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")
