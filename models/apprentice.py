"""A learner or recent graduate who looks for a placement, with guardian and needs."""

import datetime
import uuid
from typing import Any

from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Row, Shape, check, listed


class ApprenticeFields(Shape):
    """What the engine asks of an apprentice, needs apart; codes are those of its lists.

    `excluded_companies` are ids of companies, `interest` names offers by their ids.
    `introduction` are the school's few words that a company reads when it is asked; an
    employer is asked where `status` is that of an employee.
    """

    key: str = Field(min_length=1, max_length=60)
    first_name: str = Field(min_length=1, max_length=100)
    last_name: str = Field(min_length=1, max_length=100)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    birth_date: datetime.date
    introduction: str = Field(default="", max_length=1000)
    occupations: list[str] = listed(min_length=1, max_length=20)
    isced_f: str | None = Field(default=None, max_length=4)
    outcomes: list[Any] = listed(default_factory=list)
    languages: dict[str, str] = listed()
    available_from: datetime.date
    available_to: datetime.date
    not_available: list[tuple[datetime.date, datetime.date]] = listed(default_factory=list)
    days_min: int = Field(ge=1, le=3660)
    days_ideal: int = Field(ge=1, le=3660)
    days_max: int = Field(ge=1, le=3660)
    activity: str = Field(max_length=40)
    status: str = Field(max_length=40)
    modes: list[str] = listed(default_factory=lambda: ["physical"])
    destinations: list[str] = listed(default_factory=list)
    excluded_companies: list[str] = listed(default_factory=list)
    interest: dict[str, float] = listed(default_factory=dict)
    licences: list[str] = listed(default_factory=list)
    training_days: int | None = Field(default=None, ge=0)
    days_abroad: int = Field(default=0, ge=0)
    graduated_on: datetime.date | None = None
    employer_name: str | None = Field(default=None, max_length=200)
    employer_email: str | None = Field(default=None, max_length=254)


class Apprentice(ApprenticeFields, ChangingRow, table=True):
    """The table of apprentices."""

    __table_args__ = (
        UniqueConstraint("centre_id", "key"),
        check("window", "available_from <= available_to"),
        check("days", "1 <= days_min AND days_min <= days_ideal AND days_ideal <= days_max"),
        check("born_before", "birth_date < available_from"),
        check("days_abroad", "days_abroad >= 0"),
    )

    centre_id: uuid.UUID = Field(foreign_key="centre.id", index=True)


class SupportNeeds(ChangingRow, table=True):
    """What an apprentice needs, apart from everything else that is known of the person.

    `needs` are codes of the shared vocabulary, each "hard" or "soft"; never a diagnosis.
    """

    __tablename__ = "support_needs"
    __table_args__ = (UniqueConstraint("apprentice_id"),)

    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id")
    needs: dict[str, str] = listed(default_factory=dict)
    fewer_opportunities: bool = False


class AcceptedNeed(Row, table=True):
    """A hard need that a named person accepted for one offer although it is not provided."""

    __tablename__ = "accepted_need"
    __table_args__ = (UniqueConstraint("apprentice_id", "offer_id", "need"),)

    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id", index=True)
    offer_id: uuid.UUID = Field(foreign_key="offer.id", index=True)
    need: str = Field(min_length=1, max_length=60)
    reason: str = Field(min_length=1, max_length=300)
    accepted_by: uuid.UUID = Field(foreign_key="account.id")


class Guardian(ChangingRow, table=True):
    """Who answers for somebody under age."""

    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id", index=True)
    name: str = Field(min_length=1, max_length=200)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
