"""What somebody agreed to share with whom, and whether it was taken back."""

import datetime
import uuid

from sqlalchemy import LargeBinary
from sqlmodel import Field

from models.approval import Channel, Party
from models.base import Row, among, check, word

GIVERS = (Party.APPRENTICE, Party.GUARDIAN)
"""Who consents: the apprentice, and for who is too young the guardian as well."""


class Consent(Row, table=True):
    """One need of an apprentice may be told to one company, as a provision that is asked for.

    `item`, the code of the need, is sealed with the person's key and filled up to one length.
    A coordinator who records a consent says how, from whom and on which day it was heard;
    `made_by` is whose account gave or recorded it. Nobody says why it was withdrawn.
    """

    __table_args__ = (
        check("giver", among("given_by", GIVERS)),
        check("heard", "(heard_on IS NULL) = (heard_from = '')"),
        check("withdrawn", "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"),
    )

    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id", index=True)
    company_id: uuid.UUID = Field(foreign_key="company.id", index=True)
    item: bytes = Field(sa_type=LargeBinary)
    given_by: Party = word(Party)
    made_by: uuid.UUID = Field(foreign_key="account.id")
    channel: Channel = word(Channel)
    heard_from: str = Field(default="", max_length=200)
    heard_on: datetime.date | None = None
    text_version: int = Field(ge=1)
    language: str = Field(min_length=2, max_length=2)
    withdrawn_at: datetime.datetime | None = None
    withdrawn_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")

    @property
    def given_on(self) -> datetime.date:
        """The day on which it was said; the age on this day counts."""
        return self.heard_on or self.created_at.date()
