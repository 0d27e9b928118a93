"""What is told of the support for a stay: an estimate, its parts, and what it rests on."""

import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from models.base import Code, Shape, Shown
from models.support import COUNTRY_GROUPS, FIRST_CALL_YEAR, LAST_CALL_YEAR, SupportRateFields

PartCode = Literal["travel", "full_days", "later_days", "travel_days"]
FactCode = Literal["travel_band", "country_group", "day_rate", "full_days", "percent_after",
                   "travel_days", "travel_days_counted"]  # fmt: skip
Missing = Literal["travel", "day_rate"]


class Standing(StrEnum):
    """How far a number may be relied on, the best first.

    `official`: read in the named source, for this call. `uncertain`: taken over from another call
    or another kind of mobility, or a choice made here. `placeholder`: stands in for a number that
    nobody knows here.
    """

    OFFICIAL = "official"
    UNCERTAIN = "uncertain"
    PLACEHOLDER = "placeholder"


class _Value(BaseModel):
    """Made once, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SupportPart(_Value):
    """A part of the sum in euro cents; of days also how many, and the amount of each.

    Travel days stand twice where some of them are paid in full and others are not.
    """

    part: PartCode
    cents: int
    days: int | None = None
    day_cents: int | None = None


class SupportFact(_Value):
    """A row that the estimate rests on. `certainty` is that of the shipped lists, empty for rates.

    `value` is in euro cents for amounts, else a number of days or percent, or the group.
    `call_year` is the Erasmus+ call from which on it holds, None for all of them.
    """

    fact: FactCode
    value: int
    call_year: int | None
    standing: Standing
    source: str
    address: str
    source_date: datetime.date
    certainty: str


class SupportEstimate(_Value):
    """What Erasmus+ would pay for a stay. An estimate: the school tells the exact amount.

    `total_cents` is the sum of the parts that are known; `missing` says which are not.
    `km` is the distance one way, from town to workplace, in whole kilometres, cut off. The
    journey counts up to `most_travel_days`; the sum has `travel_days` of them. `is_green`: by
    bus, train, bike or shared car for most of the way. `standing` is that of the weakest fact.
    """

    call_year: int
    km: int
    days: int
    travel_days: int
    most_travel_days: int
    is_green: bool
    total_cents: int
    parts: tuple[SupportPart, ...]
    missing: tuple[Missing, ...]
    facts: tuple[SupportFact, ...]
    standing: Standing


class SupportShown(Shown):
    """The estimate for the usual journey, and for the green one."""

    standard: SupportEstimate
    green: SupportEstimate


class RateKey(Shape):
    """Which rate: the code of the sending region, the year of the Erasmus+ call, for what, where.

    `country_group` is the group of receiving countries, 1 to 3.
    """

    region: Code
    call_year: int = Field(ge=FIRST_CALL_YEAR, le=LAST_CALL_YEAR)
    activity: Code
    country_group: int = Field(ge=COUNTRY_GROUPS[0], le=COUNTRY_GROUPS[-1])


class RateShown(RateKey, SupportRateFields):
    """A rate as it was entered. `version` goes into If-Match."""

    version: int


class RateList(Shown):
    """Rates by region, the newest call first."""

    items: list[RateShown]
