"""The whole job in order: columns, candidates, assignment, certificate, explanation."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from matcher.assignment import UNPLACED, Worth, capacity_besides_locks, solve, worth
from matcher.blocks import EligiblePairs, Progress
from matcher.candidates import Candidates, find_candidates, only_pairs, with_pairs
from matcher.certificate import total_bound, total_worth
from matcher.columns import Columns, Ints, Pairs
from matcher.criteria import scores
from matcher.encode import encode
from matcher.errors import ProblemError
from matcher.explanation import Rows
from matcher.locks import refuse_faulty_locks
from matcher.prices import Prices, lowest_prices
from matcher.problem import Problem
from matcher.report import explain_pair, report
from matcher.result import Explanation, Result
from matcher.rules import refusals
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


def propose(problem: Problem, progress: Progress | None = None) -> Result:
    """Who goes where, why, who stays and what would change that, with the certificate.

    Deterministic but for the seconds. `progress` is called with a step, the work done and
    the work there is. Raises ProblemError for locks that cannot be kept, TooLargeError and
    SolverError when no result can be vouched for.
    """
    clock = Clock()
    with clock.step("columns"):
        columns = encode(problem)
        refuse_faulty_locks(problem, columns)
    solution = solve_columns(columns, clock, progress)
    return report(problem, columns, solution, clock.seconds)


def solve_columns(
    columns: Columns, clock: Clock | None = None, progress: Progress | None = None
) -> Solution:
    """From columns to a certified assignment.

    The flow is solved on the candidates; a pass over all eligible pairs then takes back what
    the candidates left out wrongly, until nothing is left that would improve. From the second
    time on only pairs take part that are chosen or nearly as good at the prices so far. After
    MOST_ROUNDS the last assignment is stated with its gap.
    """
    clock = clock or Clock()
    with clock.step("candidates"):
        pairs = EligiblePairs(columns, progress)
        candidates = find_candidates(columns, pairs)
        worths = worth(columns, candidates)
    before, improves = None, None
    for attempt in range(1, MOST_ROUNDS + 1):
        with clock.step("assignment"):
            chosen = solve(columns, candidates, worths, before, improves)
        with clock.step("certificate"):
            prices = price(columns, candidates, worths, chosen)
            solution = proved(columns, pairs, candidates, worths, chosen, prices)
        if progress:
            progress("assignment", attempt, attempt)
        before, improves = chosen, solution.survey.improves
        if not improves.any():
            break
        placed = np.flatnonzero(chosen != UNPLACED).astype(np.int32)
        own = placed, chosen[placed], own_scores(columns, chosen)[placed]
        if attempt == 1:
            candidates = only_pairs(candidates, *own)
        candidates = with_pairs(candidates, own, solution.survey.taken_back)
    return solution


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
    free = ~locked[candidates.row]
    row, col = candidates.row[free], candidates.col[free]
    amount = candidates.score[free] + worths.offset[row]
    free_people = np.where(locked, UNPLACED, chosen)
    return lowest_prices(row, col, amount, free_people, capacity_besides_locks(columns))


def explain(problem: Problem, apprentice: str, offer: str) -> Explanation:
    """Why this apprentice could or could not go to this offer, whatever the round decides.

    Raises ProblemError when there is no such apprentice or offer.
    """
    columns = encode(problem)
    row = _row_of("apprentice", apprentice, columns.apprentices.ids)
    col = _row_of("offer", offer, columns.offers.ids)
    possible, score = _own_offers(columns, row)
    own, _ = scores(Pairs(columns, columns.apprentices.row[row : row + 1], np.array([col])))
    rank = int((score > own[0]).sum()) + 1
    return explain_pair(Rows(problem, columns), row, col, rank, len(possible))


def suggest(problem: Problem, apprentice: str, most: int = 10) -> tuple[Explanation, ...]:
    """The best possible offers of one apprentice, best first, whoever else wants them.

    Pairs that are forbidden are left out. Raises ProblemError when there is no such apprentice.
    """
    columns = encode(problem)
    row = _row_of("apprentice", apprentice, columns.apprentices.ids)
    possible, score = _own_offers(columns, row)
    names = [columns.offers.ids[int(col)] for col in possible]
    rows = Rows(problem, columns)
    order = sorted(range(len(possible)), key=lambda n: (-int(score[n]), names[n]))
    forbidden = {offer for one, offer in problem.policy.forbids if one == apprentice}
    best = [n for n in order if names[n] not in forbidden][:most]
    return tuple(
        explain_pair(rows, row, int(possible[n]), int((score > score[n]).sum()) + 1, len(possible))
        for n in best
    )


def _row_of(noun: str, identity: str, ids: Sequence[str]) -> int:
    if identity not in ids:
        raise ProblemError([f"{noun}: there is no {noun} {identity!r}"])
    return ids.index(identity)


def _own_offers(columns: Columns, row: int) -> tuple[Ints, Ints]:
    """The possible offers of an apprentice and what they score, in thousandths."""
    people = np.full(len(columns.offers.ids), row, dtype=np.int32)
    pairs = Pairs(columns, people, columns.offers.row)
    possible = ~np.logical_or.reduce(list(refusals(pairs).values()))
    score, _ = scores(pairs.keep(possible))
    return columns.offers.row[possible], score
