"""A learner or recent graduate who looks for a placement, with guardian and needs."""

import datetime
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import Field, UniqueConstraint

from models.base import NO_HEALTH, ChangingRow, Code, Row, Shape, check, listed, word
from models.languages import MessageLanguage
from models.record import Means


class Interest(StrEnum):
    """What an apprentice says of an offer; it orders the own offers, and binds nobody."""

    INTERESTED = "interested"
    NOT_FOR_ME = "not_for_me"


SHARE_OF_INTEREST: dict[Interest, float] = {Interest.INTERESTED: 1.0, Interest.NOT_FOR_ME: 0.0}
"""How much of the preference criterion each counts; an offer without a word counts half."""


class ApprenticeProfile(Shape):
    """What apprentices say of themselves: how they are reached, what they wish, when.

    Codes are those of the engine's lists; `excluded_companies` are ids of companies. `language`
    is the one of messages to `email`; left out it stays, in a new record it is the country's.
    `reached_by` left out: by mail, by a call where there is no address.
    """

    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    language: MessageLanguage | None = None
    reached_by: Means | None = None
    occupations: list[Code] = listed(min_length=1, max_length=20)
    outcomes: list[Any] = listed(default_factory=list, max_length=200)
    languages: dict[Code, Code] = listed(max_length=50)
    available_from: datetime.date
    available_to: datetime.date
    not_available: list[tuple[datetime.date, datetime.date]] = listed(
        default_factory=list, max_length=200
    )
    days_min: int = Field(ge=1, le=3660)
    days_ideal: int = Field(ge=1, le=3660)
    days_max: int = Field(ge=1, le=3660)
    destinations: list[Code] = listed(default_factory=list, max_length=50)
    excluded_companies: list[Code] = listed(default_factory=list, max_length=200)


class ApprenticeRecord(ApprenticeProfile):
    """What the school knows besides, needs apart.

    `introduction` are the school's few words that a company reads when it is asked; an
    employer is asked where `status` is that of an employee, in `employer_language` as `language`.
    """

    key: str = Field(min_length=1, max_length=60)
    first_name: str = Field(min_length=1, max_length=100)
    last_name: str = Field(min_length=1, max_length=100)
    birth_date: datetime.date
    introduction: str = Field(
        default="", max_length=1000,
        description=f"A company reads it. {NO_HEALTH} Support is picked as needs, from the list.",
    )  # fmt: skip
    isced_f: str | None = Field(default=None, max_length=4)
    activity: str = Field(max_length=40)
    status: str = Field(max_length=40)
    modes: list[Code] = listed(default_factory=lambda: ["physical"], min_length=1, max_length=5)
    licences: list[Code] = listed(default_factory=list, max_length=50)
    training_days: int | None = Field(default=None, ge=0, le=1_000_000_000)
    days_abroad: int = Field(default=0, ge=0, le=1_000_000_000)
    graduated_on: datetime.date | None = None
    employer_name: str | None = Field(default=None, max_length=200)
    employer_email: str | None = Field(default=None, max_length=254)
    employer_language: MessageLanguage | None = None


class ApprenticeFields(ApprenticeRecord):
    """What the engine asks of an apprentice, needs apart. `interest` names offers by their ids."""

    interest: dict[str, float] = listed(default_factory=dict)


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
    reached_by: Means | None = word(Means, named="reached_by", default=None, nullable=True)
    language: MessageLanguage = word(MessageLanguage, named="language", default=MessageLanguage.EN)
    employer_language: MessageLanguage = word(
        MessageLanguage, named="employer_language", default=MessageLanguage.EN
    )


class Barrier(StrEnum):
    """Why somebody counts as having fewer opportunities (Erasmus+ Programme Guide).

    Stored only where the National Agency asks for it, and never an input of the engine.
    """

    DISABILITY = "DISABILITY"
    HEALTH = "HEALTH"
    EDUCATION_TRAINING = "EDUCATION_TRAINING"
    CULTURAL = "CULTURAL"
    SOCIAL = "SOCIAL"
    ECONOMIC = "ECONOMIC"
    DISCRIMINATION = "DISCRIMINATION"
    GEOGRAPHICAL = "GEOGRAPHICAL"


class Evidence(StrEnum):
    """What was seen of it; the paper itself is not stored."""

    OFFICIAL_CERTIFICATE = "official_certificate"
    SCHOOL_STATEMENT = "school_statement"
    SELF_DECLARATION = "self_declaration"


class Sex(StrEnum):
    """As somebody states it, for the fairness report alone; never an input of the engine."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class SupportNeedsFields(Shape):
    """Codes of the shared vocabulary, each "hard" or "soft"; never a diagnosis.

    `barrier` and `evidence` only where the setting `barrier_category` says that the National
    Agency asks for them; `sex` is read by the fairness report alone.
    """

    needs: dict[Code, Code] = listed(
        default_factory=dict, max_length=50,
        schema_extra={"examples": [{"STEP_FREE_ACCESS": "hard", "QUIET_SPACE": "soft"}]},
    )  # fmt: skip
    fewer_opportunities: bool = False
    barrier: Barrier | None = None
    evidence: Evidence | None = None
    sex: Sex | None = None


class SupportNeeds(ChangingRow, table=True):
    """What an apprentice needs, apart from all else that is known of the person, and sealed.

    Each column is sealed with the person's key (`api.sealing`); what is in them: `Needs`.
    """

    __tablename__ = "support_needs"
    __table_args__ = (UniqueConstraint("apprentice_id"),)

    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id")
    needs: bytes = Field(sa_type=LargeBinary)
    confirmed: bytes = Field(sa_type=LargeBinary)
    fewer_opportunities: bytes = Field(sa_type=LargeBinary)
    barrier: bytes = Field(sa_type=LargeBinary)
    evidence: bytes = Field(sa_type=LargeBinary)
    sex: bytes = Field(sa_type=LargeBinary)


@dataclass(frozen=True)
class Needs:
    """An opened row of `SupportNeeds`. `confirmed`: the needs that a coordinator confirmed."""

    id: uuid.UUID
    apprentice_id: uuid.UUID
    version: int
    needs: dict[str, str] = field(default_factory=dict)
    confirmed: list[str] = field(default_factory=list)
    fewer_opportunities: bool = False
    barrier: str | None = None
    evidence: str | None = None
    sex: str | None = None


class AcceptedNeed(Row, table=True):
    """A hard need that a named person accepted for one offer although it is not provided.

    `need` and `reason` are sealed with the person's key.
    """

    __tablename__ = "accepted_need"

    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id", index=True)
    offer_id: uuid.UUID = Field(foreign_key="offer.id", index=True)
    need: bytes = Field(sa_type=LargeBinary)
    reason: bytes = Field(sa_type=LargeBinary)
    accepted_by: uuid.UUID = Field(foreign_key="account.id")


@dataclass(frozen=True)
class NeedAccepted:
    """An opened row of `AcceptedNeed`."""

    id: uuid.UUID
    apprentice_id: uuid.UUID
    offer_id: uuid.UUID
    need: str
    reason: str
    accepted_by: uuid.UUID
    created_at: datetime.datetime


class GuardianFields(Shape):
    """How somebody is reached who answers for an apprentice under age.

    `language` is the one of messages; left out it stays, for somebody new it is the country's.
    `reached_by` left out: by mail, by a call where there is no address.
    """

    name: str = Field(min_length=1, max_length=200)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    language: MessageLanguage | None = None
    reached_by: Means | None = None


class Guardian(GuardianFields, ChangingRow, table=True):
    """Who answers for somebody under age."""

    apprentice_id: uuid.UUID = Field(foreign_key="apprentice.id", index=True)
    reached_by: Means | None = word(Means, named="reached_by", default=None, nullable=True)
    language: MessageLanguage = word(MessageLanguage, named="language", default=MessageLanguage.EN)
