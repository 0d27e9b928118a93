"""What people tell about the pages without an account: it becomes a message to the contact."""

import base64
import uuid
from collections.abc import Mapping
from typing import Any

from pydantic import field_validator
from sqlmodel import Field, Session

from api import chain
from api.caller import Caller
from api.sealing import SERVICE, place_of
from api.services import records
from models.base import Shape


class Feedback(Shape):
    """What somebody tells, and where the answer should go if there should be one."""

    message: str = Field(min_length=1, max_length=4000)
    reply_to: str = Field(default="", max_length=254)

    @field_validator("message", "reply_to", mode="before")
    @classmethod
    def _trimmed(cls, given: Any) -> Any:
        return given.strip() if isinstance(given, str) else given


def send(session: Session, caller: Caller, contact: str, told: Feedback) -> bool:
    """Queue it for the contact of the settings; False where there is none.

    What was written is sealed by the key of the service: it may hold anything.
    """
    identity = caller.new_id()
    sealed = chain.vault_of(session).seal(SERVICE, _place(identity), told.model_dump())
    letters = base64.b64encode(sealed).decode()
    return records.tell(
        session, caller, contact, "en", "feedback", feedback=identity, sealed=letters
    )  # fmt: skip


def opened(session: Session, data: Mapping[str, Any]) -> Feedback:
    """What was told, from the data of its message. Raises BrokenSealError."""
    sealed = base64.b64decode(data["sealed"])
    place = _place(uuid.UUID(data["feedback"]))
    return Feedback(**chain.vault_of(session).open(SERVICE, place, sealed))


def _place(identity: uuid.UUID) -> str:
    return place_of("outbox_mail", "feedback", identity)
