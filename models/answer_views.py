"""What is asked for and shown where somebody answers without an account."""

import datetime

from sqlmodel import Field

from models.approval import Answer, LinkKind, Party
from models.base import Shape
from models.proposal_views import (
    ProposalForApprentice,
    ProposalForCompany,
    ProposalForEmployer,
)


class LinkAsked(Shape):
    """Whose answer a link or a printed code is for, and how many days it opens."""

    party: Party
    kind: LinkKind = LinkKind.LINK
    days: int = Field(default=14, ge=1, le=60)


class LinkMade(Shape):
    """A link, or the page with the code that is typed there. It is not shown again.

    `language` is the one of the party: a letter is written in it, and the page opens in it.
    """

    party: Party
    kind: LinkKind
    link: str
    code: str | None
    language: str
    expires_at: datetime.datetime


class Secret(Shape):
    """What stands behind the # of a link, or a printed code in any way of writing it."""

    secret: str = Field(min_length=1, max_length=100)


class AnswerOpen(Shape):
    """Whose answer can be given now, and until when. Nothing is decided yet."""

    party: Party
    open_until: datetime.datetime


class AnswerAsked(AnswerOpen):
    """What somebody is asked: the proposal as the party sees it, and the reasons for a no."""

    reasons: list[str]
    proposal: ProposalForCompany | ProposalForEmployer | ProposalForApprentice


class AnswerGiven(Shape):
    """Yes or no. A no has one of the reasons of the party."""

    answer: Answer
    reason: str = Field(default="", max_length=60)
