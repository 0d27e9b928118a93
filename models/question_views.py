"""What companies ask before they answer, and what each side reads of it."""

import datetime
import uuid
from typing import Self

from pydantic import Field, model_validator

from models.approval import QuestionKind
from models.base import NO_HEALTH, NO_NUL, Shape, Shown


class QuestionAsked(Shape):
    """What a company asks. A talk needs no words."""

    kind: QuestionKind
    text: str = Field(
        default="", max_length=1000, pattern=NO_NUL, description=NO_HEALTH,
        examples=["Does Aino have safety shoes?"],
    )  # fmt: skip

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if self.kind == QuestionKind.QUESTION and not self.text.strip():
            raise ValueError("a question needs a text")
        return self


class QuestionAnswered(Shape):
    """What a coordinator replies. The company reads it as it is: no needs, no reasons."""

    text: str = Field(
        min_length=1, max_length=1000, pattern=NO_NUL, description=NO_HEALTH,
        examples=["Yes, size 40."],
    )  # fmt: skip


class QuestionForCompany(Shape):
    """For the company: its question and the reply, not who replied. `version` is for If-Match."""

    id: uuid.UUID
    version: int
    proposal_id: uuid.UUID
    created_at: datetime.datetime
    kind: QuestionKind
    text: str
    answer: str
    answered_at: datetime.datetime | None


class QuestionForCoordinators(QuestionForCompany):
    """For the coordinators of both sides: also who replied."""

    answered_by: uuid.UUID | None


QuestionShown = QuestionForCoordinators | QuestionForCompany


class QuestionList(Shown):
    """The questions about a proposal, the oldest first."""

    items: list[QuestionShown]
