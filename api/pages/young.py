"""What hours and tasks mean for people under 18, said to a host from what the rules read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from api import store
from api.language import Language
from api.services import young_hours
from api.services.young_hours import YoungHours
from matcher.limits import ADULT, hazard_age
from matcher.vocabulary import default_reference
from models.offer_views import OfferShown


@dataclass(frozen=True)
class Young:
    """`hours` that people under 18 may work, by age; `told`: whom this offer keeps away."""

    hours: Sequence[str]
    told: Sequence[str]


def of_offer(session: Session, language: Language, offer: OfferShown) -> Young:
    """Both, by the law of the country in which the work is."""
    region = store.regions.region_by_code(session, offer.region)
    assert region is not None  # noqa: S101  # an offer is in one
    country, phrase = region.country, language.phrase
    told = []
    youngest = young_hours.youngest(country, offer)
    if offer.hours_start and youngest >= ADULT:
        told.append(phrase("With these working hours nobody under 18 can come."))
    elif offer.hours_start and youngest:
        told.append(
            phrase("With these working hours people can come from the age of {age}.", age=youngest)
        )
    ages = {task: hazard_age(default_reference(), (task,)) for task in offer.tasks}
    for age in sorted({*ages.values()} - {0}):
        tasks = [language.name("hazards", task) for task in offer.tasks if ages[task] == age]
        told.append(
            phrase("{tasks}: only for people of {age} or older.", tasks=language.listed(tasks),
                   age=age)
        )  # fmt: skip
    return Young([_said(language, one) for one in young_hours.allowed(country, offer.occupations)],
                 told)  # fmt: skip


def _said(language: Language, one: YoungHours) -> str:
    ages = [language.number(age) for age in one.ages]
    return language.phrase(
        "At the age of {ages}: between {start} and {end}, at most {day} hours a day and {week}"
        " hours on {days} days a week.",
        ages=language.any_of(ages), start=_clock(one.start), end=_clock(one.end),
        day=language.number(one.per_day, 2), week=language.number(one.per_week, 2),
        days=language.number(one.days_per_week),
    )  # fmt: skip


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
