"""Checking somebody else's result: nothing in it is believed, everything is worked out again."""

from dataclasses import replace
from typing import Any

import numpy as np

from matcher.aims import aim_prices, has_reserves, people_reserved, without_reserves
from matcher.assignment import UNPLACED, worth
from matcher.candidates import only_pairs, with_pairs
from matcher.certificate import Outcome, check_promises
from matcher.columns import Columns
from matcher.encode import encode
from matcher.prices import Prices
from matcher.problem import Problem
from matcher.report import report
from matcher.result import Result
from matcher.solution import Market, Solution, best, price, proved
from matcher.survey import own_scores

MOST_LINES = 20
"""How many broken promises or wrong figures are named; the rest are counted."""

UNCHECKED = ("seconds", "engine", "solver")
"""What a certificate says about the run itself; it cannot be worked out again."""


def verify(problem: Problem, result: Result) -> list[str]:
    """The promises that a result breaks and the figures that are wrong, one sentence each.

    Empty when all is well. Any assignment that keeps the promises passes, as long as what
    is said about it is true: another one of equal value, and a worse one that states its gap.
    """
    columns = encode(problem)
    row = {identity: n for n, identity in enumerate(columns.apprentices.ids)}
    col = {identity: n for n, identity in enumerate(columns.offers.ids)}
    strangers = [
        f"proposals: there is no {noun} {identity!r} in the problem."
        for noun, identity, known in (
            *(("apprentice", p.apprentice, row) for p in result.proposals),
            *(("offer", p.offer, col) for p in result.proposals),
        )
        if identity not in known
    ]
    prices, unknown = _prices(columns, result)
    if strangers or unknown:
        return _few(strangers + unknown)
    placements = tuple((row[p.apprentice], col[p.offer]) for p in result.proposals)
    chosen = np.full(len(row), UNPLACED, dtype=np.int32)
    for person, offer in placements:
        chosen[person] = offer
    market = Market.of(columns)
    candidates = market.candidates
    before_reserves, reserved = None, None
    if has_reserves(columns):
        before_reserves = best(without_reserves(columns), market)
        reserved = people_reserved(columns, market, before_reserves)
    worths = worth(columns, candidates, reserved)
    solution = proved(columns, market.pairs, candidates, worths, chosen, prices)
    outcome = Outcome(columns, placements, chosen, solution.survey, solution.total, solution.bound)
    broken = [f"{p.id}: {p.promise} This is broken." for p in check_promises(outcome) if not p.held]
    if broken:
        return broken
    wrong = _lowest(columns, solution, prices)
    costs = aim_prices(columns, market, solution, before_reserves or solution)
    expected = report(problem, columns, replace(solution, price=costs), {})
    _compare(result.model_dump(mode="json"), expected.model_dump(mode="json"), "", wrong)
    return _few(wrong)


def _prices(columns: Columns, result: Result) -> tuple[Prices, list[str]]:
    found, unknown = [], []
    holders = [columns.offers.ids[n] for n in columns.offers.holders]
    if not 0 <= result.prices.reserve < 2**50:
        unknown.append(f"prices.reserve: {result.prices.reserve} is not a price of 0 or more.")
    for noun, ids, listed in (
        ("offers", columns.offers.ids, result.prices.offers),
        ("companies", columns.companies, result.prices.companies),
        ("regions", columns.regions, result.prices.regions),
        ("reserved", holders, result.prices.reserved),
    ):
        known = set(ids)
        unknown += [f"prices.{noun}.{i}: is not in the problem." for i in listed if i not in known]
        unknown += [
            f"prices.{noun}.{i}: {p} is not a price of 0 or more."
            for i, p in listed.items()
            if not 0 <= p < 2**50
        ]
        found.append(listed)
    if unknown:
        nothing = np.zeros(0, dtype=np.int64)
        return Prices(nothing, nothing, nothing, nothing), unknown
    offers, companies, regions, reserved = (
        np.array([round(listed.get(i, 0.0) * 1000) for i in ids], dtype=np.int64)
        for ids, listed in zip(
            (columns.offers.ids, columns.companies, columns.regions, holders), found, strict=True
        )
    )
    added = round(result.prices.reserve * 1000)
    return Prices(offers, companies, regions, reserved, added), []


def _lowest(columns: Columns, solution: Solution, prices: Prices) -> list[str]:
    """Prices that prove an optimum must be the lowest ones that do.

    The lowest prices rest on pairs that leave exactly as much as the own one, and those
    are all that is needed to find them again.
    """
    if solution.total != solution.bound:
        return []
    placed = np.flatnonzero(solution.chosen != UNPLACED).astype(np.int32)
    own = own_scores(columns, solution.chosen)[placed]
    pairs = only_pairs(solution.candidates, placed, solution.chosen[placed], own)
    pairs = with_pairs(pairs, solution.survey.tight)
    lowest = price(columns, pairs, solution.worths, solution.chosen)
    holders = [columns.offers.ids[n] for n in columns.offers.holders]
    wrong = []
    if prices.reserve != lowest.reserve:
        wrong.append(
            f"prices.reserve: {prices.reserve / 1000} is not the lowest price that proves the"
            f" bound, {lowest.reserve / 1000} is."
        )
    for noun, ids, given, right in (
        ("offers", columns.offers.ids, prices.offers, lowest.offers),
        ("companies", columns.companies, prices.companies, lowest.companies),
        ("regions", columns.regions, prices.regions, lowest.regions),
        ("reserved", holders, prices.reserved, lowest.reserved),
    ):
        wrong += [
            f"prices.{noun}.{ids[int(n)]}: {given[n] / 1000} is not the lowest price that"
            f" proves the bound, {right[n] / 1000} is."
            for n in np.flatnonzero(given != right)
        ]
    return wrong


def _compare(given: Any, right: Any, place: str, wrong: list[str]) -> None:
    """Collect every place at which two results differ, what cannot be worked out apart."""
    if isinstance(given, dict) and isinstance(right, dict):
        for key in sorted({*given, *right}):
            if place == "certificate" and key in UNCHECKED:
                continue
            where = f"{place}.{key}".lstrip(".")
            if key not in right:
                wrong.append(f"{where}: does not belong there.")
            elif key not in given:
                wrong.append(f"{where}: is missing.")
            else:
                _compare(given[key], right[key], where, wrong)
    elif isinstance(given, list) and isinstance(right, list):
        if len(given) != len(right):
            wrong.append(f"{place}: has {len(given)} entries, must have {len(right)}.")
        for n, (one, other) in enumerate(zip(given, right, strict=False)):
            name = (
                next((other[k] for k in ("apprentice", "offer", "criterion") if k in other), n)
                if isinstance(other, dict)
                else n
            )
            _compare(one, other, f"{place}[{name}]", wrong)
    elif given != right or type(given) is not type(right):
        wrong.append(f"{place}: is {given!r}, must be {right!r}.")


def _few(lines: list[str]) -> list[str]:
    rest = len(lines) - MOST_LINES
    return lines if rest <= 0 else [*lines[:MOST_LINES], f"… and {rest} more."]
