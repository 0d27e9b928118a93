"""What people ask of their own data, and who has been erased."""

import datetime
import uuid
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Row, check, listed, word


class RequestKind(StrEnum):
    """What is asked for (GDPR art. 15, 16 and 17)."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"


class RightsRequest(ChangingRow, table=True):
    """What somebody asked for, and until when it has to be answered (GDPR art. 12(3)).

    Kept after an erasure: it holds ids and days, and proves that the request was met.
    """

    __tablename__ = "rights_request"
    __table_args__ = (check("due", "due_on > received_on"),)

    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id", index=True)
    kind: RequestKind = word(RequestKind)
    received_on: datetime.date
    due_on: datetime.date
    done_at: datetime.datetime | None = None
    done_by: uuid.UUID | None = Field(default=None, foreign_key="account.id")


class Erasure(Row, table=True):
    """Somebody who was erased. The key goes right after, then every trace in files.

    `mail_files` are the names of written messages that go too; a name says nothing of anybody.
    """

    __table_args__ = (UniqueConstraint("apprentice_id"),)

    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id")
    why: str = Field(min_length=1, max_length=40)
    mail_files: list[str] = listed(default_factory=list)
    key_destroyed_at: datetime.datetime | None = None
    scrubbed_at: datetime.datetime | None = None
