"""What comes before the score: people with hard needs, reserves; and what each of them costs."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.assignment import reserved_people
from matcher.columns import Columns
from matcher.result import AimPrice, AimPrices
from matcher.solution import Market, Solution, best
from matcher.vocabulary import Objective


def has_reserves(columns: Columns) -> bool:
    """Whether the policy or an offer reserves anything."""
    return columns.settings.reserve > 0 or len(columns.offers.holders) > 0


def without_reserves(columns: Columns) -> Columns:
    """The same problem with nothing reserved."""
    if not has_reserves(columns):
        return columns
    return replace(
        columns,
        offers=replace(columns.offers, reserved=np.zeros_like(columns.offers.reserved)),
        settings=replace(columns.settings, reserve=0.0),
    )


def people_reserved(columns: Columns, market: Market, before_reserves: Solution) -> int | None:
    """How many people the policy reserves for: its share of those who could be placed at most.

    None where it reserves for nobody. People who can be placed together form a matroid, so
    with the objective `coverage` an assignment places as many as can be, whoever comes first.
    """
    settings = columns.settings
    if not settings.reserve:
        return None
    most = before_reserves
    if settings.objective != Objective.COVERAGE or len(columns.offers.holders):
        fullest = replace(
            settings, objective=Objective.COVERAGE.value, hard_needs_first=False, reserve=0.0
        )
        most = best(replace(columns, settings=fullest), market, start=before_reserves)
    return reserved_people(settings.reserve, int(most.placed.sum()))


def aim_prices(
    columns: Columns, market: Market, solution: Solution, before_reserves: Solution
) -> AimPrices:
    """What hard needs first costs, without reserves, and what reserves cost on top of it."""
    plain, first = without_reserves(columns), market.candidates.needs_excluded
    hard_needs = reserve = None
    if columns.settings.hard_needs_first and first.any():
        plain = replace(plain, settings=replace(plain.settings, hard_needs_first=False))
        without = best(plain, market, start=before_reserves)
        hard_needs = _price(without, before_reserves, first)
    if has_reserves(columns):
        reserve = _price(before_reserves, solution, columns.apprentices.fewer_opportunities)
    return AimPrices(hard_needs=hard_needs, reserve=reserve)


def _price(without: Solution, solution: Solution, whom: NDArray[np.bool_]) -> AimPrice:
    """The difference between two assignments for an aim that is about these people."""
    more = solution.placed.astype(np.int64) - without.placed
    return AimPrice(
        more=int(more[whom].sum()),
        fewer=-int(more[~whom].sum()),
        score=(without.standings - solution.standings) / 1000,
        proved=solution.is_proved and without.is_proved,
    )
