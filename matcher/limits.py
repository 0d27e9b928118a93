"""What laws and programme rules allow: ages, working hours, days, by country and status.

Every number comes from a row of the reference lists. Where two countries have a rule,
the stricter one holds; the rows of country "EU" hold everywhere.
"""

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from matcher.vocabulary import Reference, Row, minutes, unit_group

ADULT = 18
"""Age of majority: from here on only rules for a status limit working time."""

NEVER = 200
"""Stands for an age that nobody reaches: no age makes it allowed."""

FLOOR = "EU"
"""The rows that hold in every country."""

ELSEWHERE = "ANY"
"""The rows that hold in countries without a row of their own."""

Shift = tuple[int, int, float, int]
"""Start and end in minutes after midnight (end may be past 1440), hours a day, days a week."""


def shift(start: str, end: str, per_day: float, days_per_week: int) -> Shift:
    """Working hours as numbers; an end that is not after the start is on the next day."""
    begin, finish = minutes(start), minutes(end)
    return begin, finish if finish > begin else finish + 1440, per_day, days_per_week


def birthday(birth_date: datetime.date, age: int) -> datetime.date:
    """The first day on which somebody is `age` years old; born on 29 February: 1 March."""
    year = min(birth_date.year + age, datetime.MAXYEAR)
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return datetime.date(year, 3, 1)


def age_on(birth_date: datetime.date, day: datetime.date) -> int:
    """Completed years of life on `day`."""
    years = day.year - birth_date.year
    return years - (birthday(birth_date, years) > day)


def day_limits(facts: Reference, activity: str, fewer_opportunities: bool) -> tuple[int, int]:
    """Least and most days of a stay of this activity type (Erasmus+ programme rules)."""
    row = facts.codes("activities")[activity]
    least = row["min_days_fewer_opportunities"] if fewer_opportunities else row["min_days"]
    return int(least), int(row["max_days"])


@lru_cache(maxsize=10_000)
def minimum_age(facts: Reference, sending: str, hosting: str, offered: int | None) -> int:
    """The age from which both countries and the offer allow work (Directive 94/33/EC art. 4)."""
    floor = min(int(row["age_from"]) for row in _rows(facts, FLOOR, ""))
    national = [facts.codes("countries")[c]["min_working_age"] for c in (sending, hosting)]
    return max([floor, offered or 0, *(int(age) for age in national if age)])


def hazard_age(facts: Reference, tasks: Iterable[str]) -> int:
    """The age from which every one of the tasks is allowed (Directive 94/33/EC art. 7)."""
    return max((int(facts.codes("hazards")[task]["min_age"] or 0) for task in tasks), default=0)


@lru_cache(maxsize=100_000)
def working_time_age(
    facts: Reference,
    sending: str,
    status: str,
    hosting: str,
    hours: Shift | None,
    occupations: tuple[str, ...],
) -> int:
    """The age from which the hours are allowed, whatever the age after; NEVER if none is.

    Unknown hours are for adults only.
    """
    if hours is None:
        return ADULT
    allowed_from = NEVER
    for age in _changing_ages(facts):
        limits = working_time_limits(facts, sending, status, hosting, occupations, age)
        if not all(limit.allows(hours) for limit in limits):
            break
        allowed_from = age
    return allowed_from


@cache
def _changing_ages(facts: Reference) -> tuple[int, ...]:
    """The ages from which on other rows hold than for who is younger, up to ADULT, downwards."""
    rows = facts.rows("working_time")
    begins = {int(row["age_from"]) for row in rows} | {int(row["age_to"]) + 1 for row in rows}
    return tuple(sorted({0, ADULT} | {age for age in begins if 0 < age < ADULT}, reverse=True))


@dataclass(frozen=True)
class WorkingTimeLimit:
    """What one row of working_time.csv allows in occupations that begin with one of these codes."""

    row: Row
    occupations: tuple[str, ...]
    window: tuple[int, int]
    hours_day: float
    hours_week: float
    days_week: float
    rest: float

    def allows(self, hours: Shift) -> bool:
        """Whether these hours respect the window, the day, the week and the daily rest."""
        start, end, per_day, days = hours
        return (
            self.window[0] <= start
            and end <= self.window[1]
            and per_day <= self.hours_day
            and per_day * days <= self.hours_week
            and days <= self.days_week
            and 24 - (end - start) / 60 >= self.rest
        )


def working_time_limits(
    facts: Reference,
    sending: str,
    status: str,
    hosting: str,
    occupations: Sequence[str],
    age: int,
) -> list[WorkingTimeLimit]:
    """The limits at this age: the floor, both countries, and the sending country's for the status.

    Of several rows of a country the one for the longest prefix of an occupation counts;
    an offer with several occupations has to respect the row of each.
    """
    sources = [(FLOOR, ""), (hosting, ""), (sending, ""), (sending, status)]
    limits: list[WorkingTimeLimit] = []
    for country, of_status in dict.fromkeys(sources):
        rows = _limits_at(facts, country, of_status, age)
        if not (rows or of_status):
            rows = _limits_at(facts, ELSEWHERE, "", age)
        closest = {id(limit): limit for limit in _closest(rows, occupations)}
        limits.extend(closest.values())
    return limits


@dataclass(frozen=True)
class Work:
    """What of a person and an offer the rules about age look at; countries by their codes."""

    sending: str
    status: str
    hosting: str
    hours: Shift | None
    occupations: tuple[str, ...]
    tasks: tuple[str, ...] = ()


def rows_behind(
    facts: Reference,
    rule: str,
    work: Work,
    age: int,
) -> list[tuple[str, Row]]:
    """The reference rows for which a rule about age refuses somebody of this age, with their lists.

    Those of every age from this one on, up to the one from which the rule refuses no more. Where
    hours are unknown they are the rows that would have to be kept. None where the offer alone
    asks for a higher age, and for every other rule.
    """
    found: list[tuple[str, Row]] = []
    if rule == "minimum_age":
        floor = min(_rows(facts, FLOOR, ""), key=lambda row: int(row["age_from"]))
        countries = [facts.codes("countries")[code] for code in (work.sending, work.hosting)]
        found = [("working_time", floor)] if int(floor["age_from"]) > age else []
        found += [("countries", row) for row in countries if int(row["min_working_age"] or 0) > age]
    elif rule == "hazards":
        tasks = [facts.codes("hazards")[task] for task in work.tasks]
        found = [("hazards", row) for row in tasks if int(row["min_age"] or 0) > age]
    elif rule == "working_time":
        common = facts, work.sending, work.status, work.hosting
        allowed = working_time_age(*common, work.hours, work.occupations)
        last = min(allowed - 1, ADULT)  # above that age the rows do not change
        ages = range(min(age, last), last + 1) if age < allowed else ()
        found = [
            ("working_time", limit.row)
            for years in ages
            for limit in working_time_limits(*common, work.occupations, years)
            if work.hours is None or not limit.allows(work.hours)
        ]
    return list({id(row): (table, row) for table, row in found}.values())


def _rows(facts: Reference, country: str, status: str) -> list[Row]:
    return [
        row
        for row in facts.rows("working_time")
        if row["country"] == country and row["status"] == status
    ]


@lru_cache(maxsize=10_000)
def _limits_at(
    facts: Reference, country: str, status: str, age: int
) -> tuple[WorkingTimeLimit, ...]:
    return tuple(
        _limit(row)
        for row in _rows(facts, country, status)
        if int(row["age_from"]) <= age <= int(row["age_to"])
    )


def _closest(
    limits: Sequence[WorkingTimeLimit], occupations: Sequence[str]
) -> Iterable[WorkingTimeLimit]:
    """The limit for the longest prefix of each occupation; an empty prefix fits every one."""
    for unit in map(unit_group, occupations):
        best, length = None, -1
        for limit in limits:
            for prefix in limit.occupations:
                if len(prefix) > length and unit.startswith(prefix):
                    best, length = limit, len(prefix)
        if best is not None:
            yield best


def _limit(row: Row) -> WorkingTimeLimit:
    def number(column: str, absent: float) -> float:
        return float(row[column]) if row[column] else absent

    start, end = row["window_start"], row["window_end"]
    return WorkingTimeLimit(
        row=row,
        occupations=tuple(row["occupations"].split(";")),
        window=(minutes(start) if start else 0, minutes(end) if end else 2880),
        hours_day=number("max_hours_day", 24),
        hours_week=number("max_hours_week", 168),
        days_week=number("max_days_week", 7),
        rest=number("daily_rest_hours", 0),
    )


def longest_by_law(
    facts: Reference, country: str, status: str, training_days: int | None, days_abroad: int
) -> int | None:
    """Days that the sending country still allows abroad; None where it sets no limit.

    DE: at most a quarter of the training period, BBiG section 2(3), stays before counted.
    """
    shares = [
        float(row["value"])
        for row in _national(facts, country, status)
        if row["limit"] == "share_of_training"
    ]
    if not shares or training_days is None:
        return None
    return math.floor(min(shares) * training_days) - days_abroad


def latest_end_by_law(
    facts: Reference, country: str, status: str, graduated_on: datetime.date | None
) -> datetime.date | None:
    """The last day of a stay after completion (Erasmus+: 12 months); None where none is set."""
    months = [
        int(float(row["value"]))
        for row in _national(facts, country, status)
        if row["limit"] == "months_after_graduation"
    ]
    if not months or graduated_on is None:
        return None
    year, month = divmod(graduated_on.month - 1 + min(months), 12)
    first = datetime.date(graduated_on.year + year, month + 1, 1)
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    return first.replace(day=min(graduated_on.day, last.day))


def _national(facts: Reference, country: str, status: str) -> list[Row]:
    return [
        row
        for row in facts.rows("national_limits")
        if row["country"] in (FLOOR, country) and row["status"] in ("", status)
    ]
