"""Messages to people, as the coordinators who answer for them see them."""

import datetime
import uuid
from enum import StrEnum

from models.base import Shape, Shown
from models.record import Means


class MessageState(StrEnum):
    """How a message stands. Only `undeliverable` and `to_call` ask somebody to do something."""

    WAITING = "waiting"
    TRIED = "tried"
    TO_CALL = "to_call"
    SENT = "sent"
    NEEDLESS = "needless"
    UNDELIVERABLE = "undeliverable"


class MessageShown(Shown):
    """One message: to whom, what it tells, how it stands.

    `failure` says in words what went wrong last, empty for nothing. `next_try_at` is when it is
    tried again. `read_out` is what to say in a call, in the language of who is called.
    """

    id: uuid.UUID
    created_at: datetime.datetime
    means: Means
    address: str
    subject: str
    proposal_id: uuid.UUID | None
    state: MessageState
    sent_at: datetime.datetime | None
    next_try_at: datetime.datetime | None
    tries: int
    failure: str
    read_out: str
    read_out_language: str


class MessageList(Shown):
    """Messages, the oldest first."""

    items: list[MessageShown]


class CallMade(Shape):
    """How a call went: whether somebody was told. Who was not is called again tomorrow."""

    reached: bool
