"""What Erasmus+ would pay for a stay: an estimate, with every row that it rests on.

It tells people what to expect. No rule, no criterion and no round ever looks at it.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

import models
from api import store, support_facts
from api.services import distances, settings
from api.services.laws import READ_IN_THE_SOURCE
from api.store.cases import Case
from api.store.windows import Place
from api.support_facts import Fact
from models import RateStatus
from models.pair_views import Suggested, SuggestedPlace
from models.support_views import (
    FactCode,
    Missing,
    PartCode,
    Standing,
    SupportEstimate,
    SupportFact,
    SupportPart,
    SupportShown,
)

CENTS = 100

ROUNDINGS: Mapping[str, Callable[[int], int]] = {
    "nearest": lambda hundredths: (hundredths + CENTS * CENTS // 2) // (CENTS * CENTS) * CENTS,
    "down": lambda hundredths: hundredths // (CENTS * CENTS) * CENTS,
}
"""Hundredths of a cent to whole euros in cents, by the setting `support_rounding`.

Half a euro counts as a whole one: agencies print 82 for 70 % of 117, and 103 or 104 for 103.60.
"""

RateKey = tuple[int, str, int]
"""The year of the Erasmus+ call, the activity type and the group of the receiving country."""

Rates = Mapping[RateKey, models.SupportRate]
"""The day rates that hold for the people of one sending region."""


@dataclass(frozen=True)
class Trip:
    """What an estimate is asked for.

    `km` one way, whole and cut off; `days` without travel days; `country` is the receiving one.
    Without `travel_days` as many are counted as there usually are. Raises ValueError for numbers
    that no trip has.
    """

    call_year: int
    km: int
    days: int
    activity: str
    country: str
    green: bool = False
    travel_days: int | None = None

    def __post_init__(self) -> None:
        most = _travel_days(self.green).value
        if self.km < 0 or self.days < 1 or not 0 <= (self.travel_days or 0) <= most:
            raise ValueError("a trip has at least one day, and no more travel days than are paid")


def estimate(trip: Trip, rates: Rates, rounding: str) -> SupportEstimate:
    """What a trip would be paid with. `rates` are those of the sending region.

    A day is paid in full up to day 14, with 70 % from day 15 on. Travel days are counted after
    the days of the stay, so that the sum is rather too low than too high. Raises KeyError for
    an unknown rounding.
    """
    most = _travel_days(trip.green)
    counted = support_facts.rule("TRAVEL_DAYS_COUNTED")
    travel_days = counted.value if trip.travel_days is None else trip.travel_days
    parts, missing, facts = list[SupportPart](), list[Missing](), list[SupportFact]()
    band = support_facts.travel_band(trip.call_year, trip.km, green=trip.green)
    if band is None:
        missing.append("travel")
    else:
        parts.append(SupportPart(part="travel", cents=band.amount.value * CENTS))
        facts.append(_shipped("travel_band", band.amount, band.amount.value * CENTS))
    group = support_facts.country_group(trip.call_year, trip.country)
    if group is not None:
        facts.append(_shipped("country_group", group))
    rate = rates.get((trip.call_year, trip.activity, group.value)) if group else None
    if rate is None:
        missing.append("day_rate")
    else:
        full, percent = support_facts.rule("FULL_DAYS"), support_facts.rule("PERCENT_AFTER")
        later = ROUNDINGS[rounding](rate.day_cents * percent.value)
        parts += _days(trip.days, travel_days, full.value, (rate.day_cents, later))
        facts += [
            _entered(rate), _shipped("full_days", full), _shipped("percent_after", percent),
            _shipped("travel_days", most), _shipped("travel_days_counted", counted),
        ]  # fmt: skip
    return SupportEstimate(
        call_year=trip.call_year, km=trip.km, days=trip.days, travel_days=travel_days,
        most_travel_days=most.value, is_green=trip.green,
        total_cents=sum(part.cents for part in parts), parts=tuple(parts), missing=tuple(missing),
        facts=tuple(facts), standing=_weakest(facts),
    )  # fmt: skip


def of_case(session: Session, case: Case) -> SupportShown:
    """The estimate for a proposal."""
    row = case.proposal
    call = session.get_one(models.Call, row.call_id)
    places = store.windows.places_of(session, [row.window_id])
    asking = _Asking(session, case.apprentice, case.centre.region_id, call, places)
    return asking.shown(row.window_id, (row.last_day - row.first_day).days + 1)


def beside(
    session: Session, apprentice: models.Apprentice, call: models.Call, found: Sequence[Suggested],
    places: Mapping[uuid.UUID, Place],
) -> list[SuggestedPlace]:  # fmt: skip
    """Places that suit somebody, each with its distance and the estimate for going there."""
    centre = session.get_one(models.Centre, apprentice.centre_id)
    asking = _Asking(session, apprentice, centre.region_id, call, places)
    return [
        SuggestedPlace(
            **dict(one), km=asking.km[one.work.window_id],
            support=asking.shown(one.work.window_id, one.days),
        )
        for one in found
    ]  # fmt: skip


class _Asking:
    """What is the same for all places that one person may go to."""

    def __init__(
        self, session: Session, apprentice: models.Apprentice, home: uuid.UUID, call: models.Call,
        places: Mapping[uuid.UUID, Place],
    ) -> None:  # fmt: skip
        self.activity, self.places = apprentice.activity, places
        self.call_year = support_facts.call_year_of(call.stays_from)
        self.rates = rates_of(session, home)
        self.rounding: str = settings.of_name(session, "support_rounding").value
        self.km = distances.from_home(session, home, places)

    def shown(self, window: uuid.UUID, days: int) -> SupportShown:
        trip = Trip(
            call_year=self.call_year, km=self.km[window], days=days, activity=self.activity,
            country=self.places[window].region.country,
        )  # fmt: skip
        return SupportShown(
            standard=estimate(trip, self.rates, self.rounding),
            green=estimate(replace(trip, green=True), self.rates, self.rounding),
        )


def rates_of(session: Session, region_id: uuid.UUID) -> Rates:
    """The day rates of a sending region."""
    found = store.support.rates(session, models.SupportRate.region_id == region_id)
    return {(row.call_year, row.activity, row.country_group): row for row, _ in found}


def _travel_days(green: bool) -> Fact:
    return support_facts.rule("TRAVEL_DAYS_GREEN" if green else "TRAVEL_DAYS")


def _days(stay: int, travel: int, full: int, amounts: tuple[int, int]) -> list[SupportPart]:
    """The parts of the days: how many of them are paid in full, and how many are not."""
    spans: tuple[tuple[PartCode, int, int, int], ...] = (
        ("full_days", 0, min(stay, full), amounts[0]),
        ("later_days", full, stay, amounts[1]),
        ("travel_days", stay, min(stay + travel, full), amounts[0]),
        ("travel_days", max(stay, full), stay + travel, amounts[1]),
    )
    return [
        SupportPart(part=code, days=last - first, day_cents=cents, cents=(last - first) * cents)
        for code, first, last, cents in spans
        if last > first
    ]


def _shipped(code: FactCode, fact: Fact, value: int | None = None) -> SupportFact:
    is_read = fact.certainty == READ_IN_THE_SOURCE and not fact.carried_over
    return SupportFact(
        fact=code, value=fact.value if value is None else value, call_year=fact.call_year,
        standing=Standing.OFFICIAL if is_read else Standing.UNCERTAIN, source=fact.source,
        address="", source_date=fact.checked_on, certainty=fact.certainty,
    )  # fmt: skip


def _entered(rate: models.SupportRate) -> SupportFact:
    is_official = rate.status == RateStatus.OFFICIAL
    return SupportFact(
        fact="day_rate", value=rate.day_cents, call_year=rate.call_year,
        standing=Standing.OFFICIAL if is_official else Standing.PLACEHOLDER, source=rate.source,
        address=rate.address, source_date=rate.source_date, certainty="",
    )  # fmt: skip


def _weakest(facts: Sequence[SupportFact]) -> Standing:
    order = list(Standing)
    return max((fact.standing for fact in facts), key=order.index, default=Standing.UNCERTAIN)
