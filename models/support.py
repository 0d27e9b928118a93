"""What a National Agency pays an apprentice for each day abroad, as somebody here entered it."""

import datetime
import uuid
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints
from sqlmodel import Field, UniqueConstraint

from models.base import ChangingRow, Shape, check, word

FIRST_CALL_YEAR, LAST_CALL_YEAR = 2021, 2099
"""Calls of the programme that began in 2021, and of those after it."""

COUNTRY_GROUPS = (1, 2, 3)
"""Receiving countries are in one of these, by what living there costs."""

MOST_FOR_A_DAY = 50_000
"""Cents: nothing near this is paid, so that more is a slip of the pen."""


ON_THE_WEB = r"^(https?://\S+)?$"
"""The address of a page, or none."""


class RateStatus(StrEnum):
    """Whether an agency says so, or the number only stands in for one that is not known."""

    OFFICIAL = "official"
    PLACEHOLDER = "placeholder"


class SupportRateFields(Shape):
    """The full amount of a day in euro cents, and who says so where and when.

    `address` is that of the page or paper, `source_date` the day it is from or was read.
    """

    day_cents: int = Field(ge=1, le=MOST_FOR_A_DAY, schema_extra={"examples": [6400]})
    status: RateStatus = word(RateStatus)
    source: str = Field(min_length=1, max_length=300)
    address: Annotated[str, StringConstraints(pattern=ON_THE_WEB)] = Field(
        default="", max_length=500, schema_extra={"examples": ["https://agency.example/rates"]}
    )
    source_date: datetime.date


class SupportRate(SupportRateFields, ChangingRow, table=True):
    """The table of day rates: one for each sending region, call, activity type and group."""

    __tablename__ = "support_rate"
    __table_args__ = (
        UniqueConstraint("region_id", "call_year", "activity", "country_group"),
        check("day_cents", f"day_cents BETWEEN 1 AND {MOST_FOR_A_DAY}"),
        check("call_year", f"call_year BETWEEN {FIRST_CALL_YEAR} AND {LAST_CALL_YEAR}"),
        check("country_group", "country_group BETWEEN 1 AND 3"),
    )

    region_id: uuid.UUID = Field(foreign_key="region.id")
    call_year: int
    activity: str = Field(max_length=40)
    country_group: int
