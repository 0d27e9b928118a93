"""How consents come in and are shown. A field that is not here is not shown."""

import datetime
import uuid
from typing import Literal

from pydantic import Field

from models.approval import Channel, Party
from models.base import NO_NUL, Code, Shape, Shown

Giver = Literal[Party.APPRENTICE, Party.GUARDIAN]
Heard = Literal[Channel.PAPER, Channel.PHONE, Channel.MAIL]

LANGUAGE = r"^[a-z]{2}$"
"""The pattern of the code of a language (ISO 639-1)."""


class ConsentTextShown(Shown):
    """What one agrees to: `version` and `language` go into the consent.

    It says "this provision" and "this company": show the names of both beside it.
    """

    version: int
    language: str
    text: str
    since: datetime.date
    source: str


class ConsentTextList(Shown):
    """The texts that are or were used, the newest first."""

    items: list[ConsentTextShown]


class ConsentAsked(Shape):
    """What may be told to whom. `item` is one of the person's needs.

    A coordinator who records what was said adds who said it (`given_by`), how, and from whom
    and when it was heard; nobody else does.
    """

    company_id: uuid.UUID
    item: Code = Field(examples=["STEP_FREE_ACCESS"])
    text_version: int = Field(ge=1, le=100_000, examples=[1])
    language: str = Field(pattern=LANGUAGE, examples=["fi"])
    given_by: Giver | None = None
    channel: Heard | None = None
    heard_from: str | None = Field(
        default=None, min_length=1, max_length=200, pattern=NO_NUL, examples=["Kaisa Esimerkki"]
    )
    heard_on: datetime.date | None = None


class ConsentShown(Shown):
    """A consent. `in_effect`: the company may be told now, as far as consents go.

    `needs_guardian`: the apprentice was too young on that day for the own consent to be enough.
    `item` is missing where its seal cannot be opened.
    """

    id: uuid.UUID
    apprentice_id: uuid.UUID
    company_id: uuid.UUID
    company: str
    item: str | None
    given_by: Party
    channel: Channel
    heard_from: str
    heard_on: datetime.date | None
    text_version: int
    language: str
    given_at: datetime.datetime
    withdrawn_at: datetime.datetime | None
    needs_guardian: bool
    in_effect: bool


class ConsentList(Shown):
    """The consents of somebody, the oldest first, withdrawn ones too."""

    items: list[ConsentShown]
