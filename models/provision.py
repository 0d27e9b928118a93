"""Who certified what an offer provides, and what companies are asked about it."""

import datetime
import uuid
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, UniqueConstraint

from models.base import Row, check, word

OPEN = "answered_at IS NULL"
"""The condition that nobody has answered a question yet."""


class ProvisionAnswer(StrEnum):
    """What a company said of a provision that nobody knew about."""

    PROVIDED = "provided"
    NOT_PROVIDED = "not_provided"


class ProvisionCertificate(Row, table=True):
    """Somebody looked and found that an offer provides something.

    `certified_by` is an organisation or a function; `recorded_by` the account that wrote it
    down, none where somebody worked on the database itself.
    """

    __tablename__ = "provision_certificate"
    __table_args__ = (UniqueConstraint("offer_id", "provision"),)

    offer_id: uuid.UUID = Field(foreign_key="offer.id", index=True)
    provision: str = Field(min_length=1, max_length=60)
    certified_by: str = Field(min_length=1, max_length=200)
    certified_on: datetime.date
    recorded_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")


class ProvisionQuestion(Row, table=True):
    """Whether an offer provides something. For whom it is asked stands nowhere.

    One question about a provision of an offer is open at a time.
    """

    __tablename__ = "provision_question"
    __table_args__ = (
        Index(
            "uq_provision_question_open", "offer_id", "provision", unique=True,
            sqlite_where=text(OPEN), postgresql_where=text(OPEN),
        ),
        check("answered", "(answered_at IS NULL) = (answer IS NULL)"),
    )  # fmt: skip

    offer_id: uuid.UUID = Field(foreign_key="offer.id", index=True)
    provision: str = Field(min_length=1, max_length=60)
    asked_at: datetime.datetime
    answered_at: datetime.datetime | None = None
    answer: ProvisionAnswer | None = word(ProvisionAnswer, default=None, nullable=True)
    answered_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")
