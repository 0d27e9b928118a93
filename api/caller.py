"""Who asks for something, in which role, when; and where new ids come from."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import models
from models import Channel, Party, Role
from models.user import SCOPE_OF_ROLE

NewId = Callable[[], uuid.UUID]


@dataclass(frozen=True)
class Caller:
    """Somebody with an account, somebody with a link to one answer, or the service itself.

    `scope_id` is the row that the account belongs to (region, centre, company, apprentice or
    guardian). `answers_for` is the party of a link. Whoever covers for a colleague is
    `acting_for` that account. `language` is the one that the answer is written in.
    """

    now: datetime.datetime
    new_id: NewId
    user_id: uuid.UUID | None = None
    role: Role | None = None
    scope_id: uuid.UUID | None = None
    acting_for: uuid.UUID | None = None
    answers_for: Party | None = None
    channel: Channel = Channel.ACCOUNT
    request_id: str = ""
    language: str = "en"

    @property
    def today(self) -> datetime.date:
        """The day it is, in UTC."""
        return self.now.date()


def caller_of(
    account: models.User,
    now: datetime.datetime,
    new_id: NewId,
    *,
    request_id: str = "",
    language: str = "",
) -> Caller:
    """The caller that an account is."""
    column = SCOPE_OF_ROLE[account.role]
    return Caller(
        now=now, new_id=new_id, user_id=account.id, role=account.role,
        scope_id=getattr(account, column) if column else None, request_id=request_id,
        language=language or account.language,
    )  # fmt: skip
