"""What somebody asks for who changes a proposal."""

import datetime

from pydantic import Field

from models.approval import Answer, Channel, Party
from models.base import REASON, Moment, Shape


class Answered(Shape):
    """One's own answer. A no has a reason of the party's list."""

    answer: Answer
    reason: str = Field(default="", max_length=60, examples=["dates"])


class Recorded(Answered):
    """An answer that a coordinator heard: of whom, how, from whom and when."""

    party: Party
    channel: Channel
    heard_from: str = Field(min_length=1, max_length=200)
    heard_on: datetime.date


class Withdrawn(Shape):
    """Why it is taken back, as a code."""

    reason: str = Field(min_length=1, max_length=60, pattern=REASON, examples=["dates"])


class Days(Shape):
    """First and last day of the stay, both included."""

    first_day: datetime.date
    last_day: datetime.date


class Booking(Shape):
    """Who looks after the apprentice in the company."""

    mentor: str = Field(min_length=1, max_length=200)


class Deadline(Shape):
    """Until when an answer is waited for."""

    deadline: Moment


class Kept(Shape):
    """Whether later rounds leave a proposal as it is."""

    kept: bool
