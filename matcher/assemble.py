"""From encoded rows to columns: the tables between profiles, days and ages.

The encoder of problems and the generator of very large ones both end here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher import limits
from matcher.closeness import OccupationProfile, closeness_table
from matcher.columns import ApprenticeColumns, Columns, Ints, OfferColumns, Settings, Tables, days
from matcher.lookup import PairList
from matcher.outcomes import Outcome, OutcomeSimilarity
from matcher.problem import Policy
from matcher.vocabulary import Reference

HORIZON = 3700
"""Days that calendars reach beyond the windows: more than the longest stay."""

Regime = tuple[str, str]
"""Sending country and status: whose rules somebody brings along."""

Setting = tuple[str, limits.Shift | None, OccupationProfile, tuple[str, ...], int | None]
"""Hosting country, hours, occupations, tasks and least age of an offer."""


KnownAges = dict[Regime, NDArray[np.int64]]
"""The ages that were worked out for a regime: a row for each rule of AGES, a column a setting."""


@dataclass(frozen=True)
class Lists:
    """The distinct things that profile numbers in the columns stand for."""

    countries: Sequence[str]
    wanted_occupations: Sequence[OccupationProfile]
    offered_occupations: Sequence[OccupationProfile]
    wanted_outcomes: Sequence[tuple[Outcome, ...]]
    offered_outcomes: Sequence[tuple[Outcome, ...]]
    destinations: Sequence[tuple[str, ...]]
    regimes: Sequence[Regime]
    settings: Sequence[Setting]
    known_ages: KnownAges = field(default_factory=dict)


@dataclass(frozen=True)
class PairFacts:
    """What a problem says about single pairs of rows."""

    declined: PairList
    excluded: PairList
    accepted_needs: PairList
    interest: PairList


def no_pair_facts() -> PairFacts:
    """Nothing is said about any single pair."""
    return PairFacts(
        PairList.of([], [], np.bool_),
        PairList.of([], [], np.bool_),
        PairList.of([], [], np.uint64),
        PairList.of([], [], np.float64),
    )


def assemble(
    people: ApprenticeColumns,
    places: OfferColumns,
    lists: Lists,
    setting: Ints,
    pair_facts: PairFacts,
    settings: Settings,
    facts: Reference,
    policy: Policy,
    *,
    companies: Sequence[str],
    regions: Sequence[str],
) -> Columns:
    """Columns and the tables between their profiles; `setting` numbers lists.settings per offer."""
    found = _ages(lists, facts)
    ages = sorted({0, *(int(age) for table in found.values() for age in np.unique(table))})
    calendar = _calendar(people, places, policy)
    age_tables = {
        name: np.searchsorted(ages, table).astype(np.int8)[:, setting]
        for name, table in found.items()
    }
    tables = Tables(
        closeness=closeness_table(facts, lists.wanted_occupations, lists.offered_occupations),
        destination_value=_destination_values(lists),
        birthdays=_birthdays(people.birth_date, ages, calendar),
        **age_tables,
        day_zero=calendar.zero,
        next_start=calendar.next_start,
        previous_start=calendar.previous_start,
        outcomes=OutcomeSimilarity(
            lists.wanted_outcomes, lists.offered_outcomes, facts.value("outcomes", "unknown")
        ),
        declined=pair_facts.declined,
        excluded=pair_facts.excluded,
        accepted_needs=pair_facts.accepted_needs,
        interest=pair_facts.interest,
    )
    return Columns(
        people,
        places,
        tables,
        settings,
        companies=companies,
        regions=regions,
        ages=ages,
        facts=facts,
    )


AGES: dict[str, Callable[[Reference, Regime, Setting], int]] = {
    "minimum_age": lambda facts, r, s: limits.minimum_age(facts, r[0], s[0], s[4]),
    "working_time_age": lambda facts, r, s: limits.working_time_age(
        facts, r[0], r[1], s[0], s[1], s[2].units
    ),
    "hazard_age": lambda facts, _, s: limits.hazard_age(facts, s[3]),
}
"""The age that each rule asks for, by whose rules somebody brings along and where the work is."""


def _ages(lists: Lists, facts: Reference) -> dict[str, NDArray[np.int64]]:
    """For each rule an age for every regime (rows) and setting (columns)."""
    for regime in lists.regimes:
        if regime not in lists.known_ages:
            ages = [[age(facts, regime, s) for s in lists.settings] for age in AGES.values()]
            lists.known_ages[regime] = np.array(ages, dtype=np.int64)
    whole = np.array(
        [lists.known_ages[regime] for regime in lists.regimes], dtype=np.int64
    ).reshape(len(lists.regimes), len(AGES), len(lists.settings))
    return {name: whole[:, number] for number, name in enumerate(AGES)}


@dataclass(frozen=True)
class _Calendar:
    zero: int
    end: int
    next_start: Ints
    previous_start: Ints


def _calendar(people: ApprenticeColumns, places: OfferColumns, policy: Policy) -> _Calendar:
    """The nearest allowed first day around every day that the windows touch."""
    edges = [*people.free_from, *people.free_to, places.first_day, places.last_day]
    known = np.concatenate([edge.ravel() for edge in edges])
    low, high = (int(known.min()), int(known.max())) if len(known) else (1, 1)
    zero, end = low - HORIZON, high + HORIZON
    day = np.arange(zero, end + 1, dtype=np.int32)
    allowed = np.isin((day + 6) % 7 + 1, policy.start_weekdays or range(1, 8))
    forward = np.where(allowed, day, np.int32(end + 8))
    backward = np.where(allowed, day, np.int32(zero - 8))
    return _Calendar(
        zero,
        end,
        days(np.minimum.accumulate(forward[::-1])[::-1]),
        days(np.maximum.accumulate(backward)),
    )


def _birthdays(birth_date: Ints, ages: Sequence[int], calendar: _Calendar) -> Ints:
    """First day of each age (columns) for each apprentice (rows), inside the calendar."""
    born = (birth_date.astype(np.int64) - 719163).astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    day_of_month = (born - month).astype(np.int64)
    columns = []
    for age in ages:
        first_of_month = (month + 12 * min(age, limits.NEVER)).astype("datetime64[D]")
        columns.append((first_of_month + day_of_month).astype(np.int64) + 719163)
    table = np.stack(columns, axis=1) if columns else np.zeros((len(birth_date), 0))
    return days(np.clip(table, calendar.zero + HORIZON - 10, calendar.end - 10))


def _destination_values(lists: Lists) -> NDArray[np.float64]:
    """How much a list of destinations likes a country: 1 for the first, less for later ones."""
    number = {country: n for n, country in enumerate(lists.countries)}
    table = np.full((len(lists.destinations), len(lists.countries)), -1.0)
    for row, wished in enumerate(lists.destinations):
        if not wished:
            table[row] = 1.0
        for place, country in reversed(list(enumerate(wished))):
            table[row, number[country]] = 1 - place / len(wished)
    return table
