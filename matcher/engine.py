"""The whole job in order: columns, candidates, assignment, certificate, explanation."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matcher.aims import aim_prices, has_reserves, people_reserved, without_reserves
from matcher.blocks import Progress
from matcher.columns import Columns, Ints, Pairs
from matcher.criteria import scores
from matcher.encode import EncodedOffers, encode, encode_beside
from matcher.errors import ProblemError
from matcher.explanation import Rows, nearest, refused_matrix
from matcher.locks import refuse_faulty_locks
from matcher.problem import Problem
from matcher.report import explain_possible, explain_refused, report
from matcher.result import Explanation, NearestOffer, Result
from matcher.rules import refusals
from matcher.solution import Clock, Market, Solution, best


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
    """From columns to a certified assignment, with the price of what comes first.

    Reserves are put on top of an assignment without them, which says how many people can be
    placed and what the reserves cost.
    """
    clock = clock or Clock()
    with clock.step("candidates"):
        market = Market.of(columns, progress)
    solution = before_reserves = best(without_reserves(columns), market, clock, progress)
    if has_reserves(columns):
        with clock.step("reserve"):
            reserved = people_reserved(columns, market, before_reserves)
        solution = best(columns, market, clock, progress, reserved, before_reserves)
    with clock.step("price"):
        price = aim_prices(columns, market, solution, before_reserves)
    return replace(solution, price=price)


def explain(problem: Problem, apprentice: str, offer: str) -> Explanation:
    """Why this apprentice could or could not go to this offer, whatever the round decides.

    Raises ProblemError when there is no such apprentice or offer.
    """
    columns = encode(problem)
    row = _row_of("apprentice", apprentice, columns.apprentices.ids)
    col = _row_of("offer", offer, columns.offers.ids)
    possible, score = _own_offers(columns, row)
    rows, own = Rows(problem, columns), np.flatnonzero(possible == col)
    if not len(own):
        return explain_refused(rows, row, col, len(possible))
    ranks = _ranks(score, own)
    (explained,) = explain_possible(rows, row, possible[own], ranks, len(possible))
    return explained


def suggest(
    problem: Problem, apprentice: str, most: int = 10, *, worse: int = 0
) -> tuple[Explanation, ...]:
    """The best possible offers of one apprentice, best first, whoever else wants them.

    Pairs that are forbidden are left out. `worse` possible offers that are not in the problem
    count as eligible; none of them is better than one of the best. Raises ProblemError when
    there is no such apprentice.
    """
    columns = encode(problem)
    row = _row_of("apprentice", apprentice, columns.apprentices.ids)
    possible, score = _own_offers(columns, row)
    names = [columns.offers.ids[int(col)] for col in possible]
    order = sorted(range(len(possible)), key=lambda n: (-int(score[n]), names[n]))
    forbidden = {offer for one, offer in problem.policy.forbids if one == apprentice}
    best = np.array([n for n in order if names[n] not in forbidden][:most], dtype=np.int64)
    rows, ranks = Rows(problem, columns), _ranks(score, best)
    return explain_possible(rows, row, possible[best], ranks, len(possible) + worse)


def nearly_possible(problem: Problem, apprentice: str) -> tuple[NearestOffer, ...]:
    """The offers that refuse one apprentice and need the least change, all rules taken together.

    Forbidden pairs are left out. Raises ProblemError when there is no such apprentice.
    """
    columns = encode(problem)
    row = _row_of("apprentice", apprentice, columns.apprentices.ids)
    forbidden = {offer for one, offer in problem.policy.forbids if one == apprentice}
    ids = columns.offers.ids
    offers = np.array([col for col in columns.offers.row if ids[int(col)] not in forbidden],
                      dtype=np.int32)  # fmt: skip
    people = np.full(len(offers), row, dtype=np.int32)
    refused = refused_matrix(refusals(Pairs(columns, people, offers)))
    return tuple(
        NearestOffer(offer=ids[int(offers[n])], failing=codes, changes=changes)
        for n, codes, changes in nearest(Rows(problem, columns), people, offers, refused)
    )


def _row_of(noun: str, identity: str, ids: Sequence[str]) -> int:
    if identity not in ids:
        raise ProblemError([f"{noun}: there is no {noun} {identity!r}"])
    return ids.index(identity)


def possible_offers(problem: Problem, offers: EncodedOffers) -> dict[str, int]:
    """What the offers that no rule refuses score, in thousandths of a point, by their ids.

    They are for the one apprentice of a problem without offers. What the problem cannot say of
    single offers (declined, accepted needs, interest) does not count.
    """
    columns = encode_beside(problem, offers)
    possible, score = _own_offers(columns, 0)
    ids = columns.offers.ids
    return {ids[col]: points for col, points in zip(possible.tolist(), score.tolist(), strict=True)}


def _own_offers(columns: Columns, row: int) -> tuple[Ints, Ints]:
    """The possible offers of an apprentice and what they score, in thousandths."""
    pairs, possible = _possible(columns, row)
    score, _ = scores(pairs.keep(possible))
    return columns.offers.row[possible], score


def _ranks(score: Ints, of: NDArray[np.int64]) -> list[int]:
    """The rank of some scores among all: 1 for the highest, the same for equal ones."""
    return [int((score > score[n]).sum()) + 1 for n in of]


def _possible(columns: Columns, row: int) -> tuple[Pairs, NDArray[np.bool_]]:
    """An apprentice beside every offer, and which of these pairs no rule refuses."""
    people = np.full(len(columns.offers.ids), row, dtype=np.int32)
    pairs = Pairs(columns, people, columns.offers.row)
    return pairs, ~np.logical_or.reduce(list(refusals(pairs).values()))
