"""What the service writes down for itself: changes, mails, repeated requests, settings."""

import datetime
import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from models.base import Row, check, listed, word


class AuditEvent(Row, table=True):
    """Who did what to which row, and for whom. Ids and codes only, never personal data.

    Never changed: `mac` binds the event to the one before. `details` are sealed, with the key
    of the person `about_id`, of the service where it is about nobody.
    """

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("position"), check("position", "position >= 1"))

    position: int = Field(sa_type=BigInteger)
    mac: str = Field(min_length=64, max_length=64)
    actor_id: uuid.UUID | None = Field(default=None, foreign_key="account.id", index=True)
    acting_for_id: uuid.UUID | None = Field(default=None, foreign_key="account.id")
    action: str = Field(min_length=1, max_length=60)
    noun: str = Field(min_length=1, max_length=40)
    row_id: uuid.UUID = Field(index=True)
    about_id: uuid.UUID | None = Field(default=None, index=True)
    details: bytes = Field(sa_type=LargeBinary)
    request_id: str = Field(default="", max_length=64)


class AuditHead(SQLModel, table=True):
    """The last event of the audit, in one row: whoever writes events holds it."""

    __tablename__ = "audit_head"
    __table_args__ = (check("one", "id = 1"),)

    id: int = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger)
    mac: str = Field(min_length=64, max_length=64)


class Means(StrEnum):
    """How somebody is reached: by e-mail, by a text message, or by a coordinator who calls."""

    MAIL = "mail"
    SMS = "sms"
    CALL = "call"


class MessageEnd(StrEnum):
    """How a message ended: nothing more is tried."""

    SENT = "sent"
    NEEDLESS = "needless"
    UNDELIVERABLE = "undeliverable"


class OutboxMail(Row, table=True):
    """A message that waits to be sent, or was. Written with the change that it tells of.

    `address` is an e-mail address, or a telephone number for the other means. `region_id` is the
    region whose coordinators answer for whom it goes to or is about, `proposal_id` the proposal
    that it tells of. `failure` is the code of what went wrong last (`api.posting`).
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        UniqueConstraint("message_id"),
        check("attempts", "attempts >= 0"),
        check("sent", "(sent_at IS NOT NULL) = (ended_as IS NOT NULL AND ended_as = 'sent')"),
        Index(
            "ix_outbox_mail_waiting", "not_before",
            sqlite_where=text("ended_as IS NULL"), postgresql_where=text("ended_as IS NULL"),
        ),
    )  # fmt: skip

    message_id: str = Field(min_length=1, max_length=200)
    means: Means = word(Means, default=Means.MAIL)
    address: str = Field(min_length=1, max_length=254)
    language: str = Field(min_length=2, max_length=2)
    text: str = Field(min_length=1, max_length=60)
    data: dict[str, Any] = listed(default_factory=dict)
    region_id: uuid.UUID | None = Field(default=None, foreign_key="region.id", index=True)
    proposal_id: uuid.UUID | None = Field(default=None, index=True)
    not_before: datetime.datetime
    attempts: int = 0
    sent_at: datetime.datetime | None = None
    ended_as: MessageEnd | None = word(MessageEnd, default=None, nullable=True)
    failure: str = Field(default="", max_length=500)


class IdempotencyKey(Row, table=True):
    """A request that was answered, so that the same one again gets the same answer.

    `answer` is sealed with the key of the service: `{"sealed": BASE64}`.
    """

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    user_id: uuid.UUID = Field(foreign_key="account.id")
    key: str = Field(min_length=1, max_length=100)
    request_sha256: str = Field(min_length=64, max_length=64)
    status: int = Field(ge=100, le=599)
    answer: dict[str, Any] = listed(default_factory=dict)


class Setting(Row, table=True):
    """A setting with its history: the highest `revision` of a name holds."""

    __table_args__ = (UniqueConstraint("name", "revision"), check("revision", "revision >= 1"))

    name: str = Field(min_length=1, max_length=60)
    revision: int
    value: Any = listed(nullable=True)
    changed_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")


class JobRun(SQLModel, table=True):
    """How something that is due by time went last: one row a job, no names, no addresses.

    `began_at` and `ended_at` are the last try, `done_at` the last one that went well; `count` is
    how many things that one did. `failure` names the kind of error of the last try, empty where
    it went well.
    """

    __tablename__ = "job_run"

    name: str = Field(primary_key=True, min_length=1, max_length=60)
    worker: str = Field(min_length=1, max_length=100)
    began_at: datetime.datetime
    ended_at: datetime.datetime
    done_at: datetime.datetime | None = None
    count: int = 0
    failure: str = Field(default="", max_length=100)
