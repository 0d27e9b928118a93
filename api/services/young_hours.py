"""When people under 18 may work in a country: read from the rows that the rules read."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from api.services.problems import hours_of
from matcher import limits
from matcher.limits import ADULT
from matcher.vocabulary import default_reference
from models import OfferFields


@dataclass(frozen=True)
class YoungHours:
    """What people of these ages may work, by the rows of a country and those that hold everywhere.

    `start` and `end` are in minutes after midnight; `per_day` and `per_week` are hours.
    """

    ages: tuple[int, ...]
    start: int
    end: int
    per_day: float
    per_week: float
    days_per_week: int


def allowed(country: str, occupations: Sequence[str]) -> list[YoungHours]:
    """The hours for each age under 18 in these occupations; ages alike are one."""
    facts = default_reference()
    first = limits.minimum_age(facts, country, country, None)
    by_age = {
        age: limits.working_time_limits(facts, country, "", country, occupations, age)
        for age in range(first, ADULT)
    }
    strictest = {
        age: (
            max(row.window[0] for row in rows), min(row.window[1] for row in rows),
            min(row.hours_day for row in rows), min(row.hours_week for row in rows),
            int(min(row.days_week for row in rows)),
        )
        for age, rows in by_age.items()
        if rows
    }  # fmt: skip
    return [
        YoungHours(tuple(ages), *hours)
        for hours, ages in groupby(strictest, key=lambda age: strictest[age])
    ]


def youngest(country: str, offer: OfferFields) -> int:
    """The age from which the hours of an offer are allowed to people of its own country."""
    hours = hours_of(offer)
    shift = (
        limits.shift(hours.start, hours.end, hours.per_day, hours.days_per_week) if hours else None
    )
    return limits.working_time_age(
        default_reference(), country, "", country, shift, tuple(offer.occupations)
    )
