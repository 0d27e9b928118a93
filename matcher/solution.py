"""The best assignment under a policy, with everything that proves it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.assignment import UNPLACED, Worth, solve, worth
from matcher.blocks import EligiblePairs, Progress
from matcher.candidates import Candidates, FoundPairs, find_candidates, only_pairs, with_pairs
from matcher.capacity import fits, pools_besides_locks, taken_pools, ways
from matcher.certificate import total_bound, total_worth
from matcher.columns import Columns, Ints
from matcher.prices import Prices, lowest_prices
from matcher.result import AimPrices
from matcher.survey import Survey, own_scores, take_survey

MOST_ROUNDS = 50
"""So often pairs that the candidates left out may be taken back and the flow solved again."""


@dataclass
class Clock:
    """Seconds per step, for the certificate; they are the only part of a result that varies."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of the block to the step."""
        begin = time.perf_counter()
        yield
        spent = time.perf_counter() - begin
        self.seconds[name] = round(self.seconds.get(name, 0.0) + spent, 3)


@dataclass(frozen=True)
class Solution:
    """An assignment with everything that proves it: `chosen` (n,) offer rows or UNPLACED."""

    candidates: Candidates
    worths: Worth
    chosen: Ints
    prices: Prices
    survey: Survey
    total: int
    bound: int
    price: AimPrices = field(default_factory=AimPrices)

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Who is placed."""
        return self.chosen != UNPLACED

    @property
    def standings(self) -> int:
        """The worth of all placed pairs without what aims add: the tier `score`."""
        return self.worths.standings(self.total, self.placed)

    @property
    def is_proved(self) -> bool:
        """Whether no better assignment exists."""
        return self.total == self.bound


@dataclass(frozen=True)
class Market:
    """What all assignments of a problem are made of: its eligible pairs and the candidates."""

    pairs: EligiblePairs
    candidates: Candidates

    @classmethod
    def of(cls, columns: Columns, progress: Progress | None = None) -> "Market":
        """Every pair is tried."""
        pairs = EligiblePairs(columns, progress)
        return cls(pairs, find_candidates(columns, pairs))


def best(
    columns: Columns,
    market: Market,
    clock: Clock | None = None,
    progress: Progress | None = None,
    reserved: int | None = None,
    start: Solution | None = None,
) -> Solution:
    """The assignment that is worth the most under the policy of the columns.

    The flow is solved on the candidates; a pass over all eligible pairs then takes back what
    the candidates left out wrongly, until nothing is left that would improve. From the second
    time on only pairs take part that are chosen or nearly as good at the prices so far. After
    MOST_ROUNDS the last assignment is stated with its gap.

    `reserved` is the number of people whom the policy reserves for. An assignment to `start`
    from, made under another policy, is the answer if it turns out to be the best here too;
    otherwise only what is not settled in it is solved again.
    """
    clock = clock or Clock()
    with clock.step("candidates"):
        worths = worth(columns, market.candidates, reserved)
    candidates, before, improves = market.candidates, None, None
    if start is not None and fits(columns, *placements(start.chosen)):
        with clock.step("certificate"):
            known = own_pairs(columns, start.chosen), start.survey.taken_back, start.survey.tight
            candidates = with_pairs(candidates, *known)
            solution = certified(columns, market, candidates, worths, start.chosen)
        if solution.is_proved:
            return solution
        candidates = with_pairs(candidates, solution.survey.taken_back)
        before, improves = start.chosen, solution.survey.improves | solution.survey.priced_out
    for attempt in range(1, MOST_ROUNDS + 1):
        with clock.step("assignment"):
            chosen = solve(columns, candidates, worths, before, improves)
        with clock.step("certificate"):
            solution = certified(columns, market, candidates, worths, chosen)
        if progress:
            progress("assignment", attempt, attempt)
        before, improves = chosen, solution.survey.improves
        if not improves.any():
            break
        own = own_pairs(columns, chosen)
        if attempt == 1:
            candidates = only_pairs(candidates, *own)
        candidates = with_pairs(candidates, own, solution.survey.taken_back)
    return solution


def placements(chosen: Ints) -> tuple[Ints, Ints]:
    """Who is placed, and where."""
    placed = np.flatnonzero(chosen != UNPLACED).astype(np.int32)
    return placed, chosen[placed]


def own_pairs(columns: Columns, chosen: Ints) -> FoundPairs:
    """The pairs of an assignment."""
    placed, col = placements(chosen)
    return placed, col, own_scores(columns, chosen)[placed]


def certified(
    columns: Columns, market: Market, candidates: Candidates, worths: Worth, chosen: Ints
) -> Solution:
    """An assignment with the lowest prices that the candidates ask for, and what they prove."""
    prices = price(columns, candidates, worths, chosen)
    return proved(columns, market.pairs, candidates, worths, chosen, prices)


def proved(
    columns: Columns,
    pairs: EligiblePairs,
    candidates: Candidates,
    worths: Worth,
    chosen: Ints,
    prices: Prices,
) -> Solution:
    """An assignment with what all eligible pairs say about it, its value and its bound."""
    survey = take_survey(columns, pairs, candidates.lift, worths, chosen, prices)
    total = total_worth(columns, worths, chosen)
    bound = total_bound(columns, worths, survey, prices)
    return Solution(candidates, worths, chosen, prices, survey, total, bound)


def price(columns: Columns, candidates: Candidates, worths: Worth, chosen: Ints) -> Prices:
    """The lowest prices for the people who are not locked."""
    locked = columns.locked
    free = np.flatnonzero(~locked[candidates.row])
    number, pool = ways(columns, candidates.row[free], candidates.col[free])
    row = candidates.row[free][number]
    amount = candidates.score[free][number] + worths.offset[row]
    placed, col = placements(chosen)
    taken = np.full(len(chosen), UNPLACED, dtype=np.int32)
    taken[placed] = taken_pools(columns, placed, col)
    taken[locked] = UNPLACED
    room, reserve = pools_besides_locks(columns), worths.reserve_besides_locks(columns)
    return lowest_prices(row, pool, amount, taken, room, reserve)
