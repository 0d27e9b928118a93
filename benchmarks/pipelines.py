"""Pipeline against pipeline: from columns to an assignment over all eligible pairs.

A peer is a function of columns that tells its watch when the making of models begins and
ends, and returns who goes where. All use the same rules and criteria, the engine's own.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from benchmarks.solvers import PairList
from matcher.assignment import UNPLACED
from matcher.blocks import Block, EligiblePairs
from matcher.candidates import find_candidates, tie_break, with_pairs
from matcher.columns import Columns, Ints, Keys, Pairs
from matcher.criteria import scores
from matcher.rules import RULES, refusals, too_young


class Watch:
    """Adds up what is model building, to be shown apart from the rest."""

    def __init__(self) -> None:
        self.build = 0.0

    @contextmanager
    def building(self) -> Iterator[None]:
        """Count the time of the block as model building."""
        begin = time.perf_counter()
        yield
        self.build += time.perf_counter() - begin


@dataclass(frozen=True)
class Answer:
    """Who goes where: offer rows or UNPLACED; what the method itself says about it.

    `value` is the total in thousandths, `bound` the proven most and `envy` the number of
    justified-envy pairs where a method states them; `pairs` makes what its solver looked at.
    """

    chosen: Ints
    value: int
    bound: int | None = None
    envy: int | None = None
    pairs: Callable[[], PairList] | None = None


CELLS_A_SLICE = 2**18
"""So many cells of the whole matrix are worked out at once: they stay in the cache."""

Peer = Callable[[Columns, Watch], Answer]
"""A way from columns to an assignment."""


def this_engine(columns: Columns, watch: Watch) -> Answer:  # noqa: ARG001
    """The engine, certificate included: bound and envy hold over all eligible pairs."""
    from matcher.engine import solve_columns

    solution = solve_columns(columns)

    def pairs() -> PairList:
        first = find_candidates(columns, EligiblePairs(columns))
        last = solution.candidates
        candidates = with_pairs(first, (last.row, last.col, last.score))
        return PairList(
            candidates.row,
            candidates.col,
            candidates.score + solution.worths.offset[candidates.row],
            columns.offers.places,
            len(solution.chosen),
        )

    return Answer(solution.chosen, solution.total, solution.bound, solution.survey.envy, pairs)


def dense_all(columns: Columns, watch: Watch) -> Answer:  # noqa: ARG001
    """Every rule and every criterion on every cell of the matrix, then scipy's dense solver."""
    return _assign_dense(columns, dense_worths(columns, survivors_only=False))


def dense_survivors(columns: Columns, watch: Watch) -> Answer:  # noqa: ARG001
    """As `dense_all`, but criteria only where no rule refuses: what a careful author would do."""
    return _assign_dense(columns, dense_worths(columns, survivors_only=True))


def dense_worths(columns: Columns, *, survivors_only: bool) -> Ints:
    """The worth of all pairs (n x m), 0 where a rule refuses: score + lift + 1.

    Worked out in slices of rows that stay in the processor's cache.
    """
    people, offers = columns.apprentices, columns.offers
    found = np.zeros((len(people.ids), len(offers.ids)), dtype=np.int32)

    size = max(1, CELLS_A_SLICE // max(1, len(offers.ids)))
    for begin in range(0, len(people.ids), size):
        rows = people.row[begin : begin + size]
        pairs = Pairs.block(columns, rows, offers.row)
        possible = ~too_young(pairs)
        for rule in RULES:
            if rule.stage != "age":
                possible &= ~rule.refuses(pairs)
        if survivors_only:
            score, full = (np.full(pairs.shape, -1, dtype=np.int32) for _ in range(2))
            score[possible], full[possible] = scores(pairs.keep(possible))
        else:
            score, full = scores(pairs)
            score[~possible] = full[~possible] = -1
        lift = full.max(axis=1, initial=-1) - score.max(axis=1, initial=-1)
        score += lift[:, None] + np.int32(1)
        score[~possible] = 0
        found[rows] = score
    return found


def _assign_dense(columns: Columns, worths: Ints) -> Answer:
    from scipy.optimize import linear_sum_assignment

    places = columns.offers.places
    owner = np.repeat(columns.offers.row, places)
    row, slot = linear_sum_assignment(np.repeat(worths, places, axis=1), maximize=True)
    col = owner[slot]
    amount = worths[row, col]
    chosen = np.full(len(worths), UNPLACED, dtype=np.int32)
    chosen[row[amount > 0]] = col[amount > 0]
    return Answer(chosen, int(amount.sum(dtype=np.int64)))


def all_worths(columns: Columns) -> tuple[Ints, Ints, Keys]:
    """Row, offer and worth of every eligible pair, as `dense_survivors` finds them."""
    worths = dense_worths(columns, survivors_only=True)
    row, col = (part.astype(np.int32) for part in np.nonzero(worths))
    return row, col, worths[row, col].astype(np.int64)


Preferences = dict[int, list[int]]
"""Everyone's list of the other side, best first; only those who have somebody to list."""


def preferences(row: Ints, col: Ints, amount: Keys) -> tuple[Preferences, Preferences]:
    """The lists of people and of offers, by worth; equals by the engine's tie break."""
    tie = tie_break(row, col)

    def lists(own: Ints, other: Ints) -> Preferences:
        order = np.lexsort((tie, -amount, own))
        edges = np.flatnonzero(np.diff(own[order])) + 1
        groups = np.split(order, edges) if len(order) else []
        return {int(own[group[0]]): other[group].tolist() for group in groups}

    return lists(row, col), lists(col, row)


def package_matching(columns: Columns, watch: Watch) -> Answer:
    """HospitalResident of the package `matching`: stable, best for the people.

    It copies its linked players by recursion, which needs more depth than Python allows.
    """
    from matching.games import HospitalResident

    sys.setrecursionlimit(2**30)
    row, col, amount = all_worths(columns)
    with watch.building():
        people, offers = preferences(row, col, amount)
        places = {offer: int(columns.offers.places[offer]) for offer in offers}
        game = HospitalResident.create_from_dictionaries(people, offers, places)
    found = game.solve(optimal="resident")
    named = [(who.name, offer.name) for offer, group in found.items() for who in group]
    return _answer(columns, row, col, amount, named)


def package_algmatch(columns: Columns, watch: Watch) -> Answer:
    """HospitalResidentsProblem of the package `algmatch`: stable, best for the people."""
    from algmatch import HospitalResidentsProblem

    row, col, amount = all_worths(columns)
    with watch.building():
        people, offers = preferences(row, col, amount)
        places = columns.offers.places
        hospitals = {
            offer: {"capacity": int(places[offer]), "preferences": wanted}
            for offer, wanted in offers.items()
        }
        game = HospitalResidentsProblem(
            dictionary={"residents": people, "hospitals": hospitals}, optimised_side="residents"
        )
    found = game.get_stable_matching()
    if found is None:
        raise ValueError("algmatch found no stable matching, although there always is one")
    named = [
        (int(who[1:]), int(offer[1:])) for who, offer in found["resident_sided"].items() if offer
    ]
    return _answer(columns, row, col, amount, named)


def _answer(
    columns: Columns, row: Ints, col: Ints, amount: Keys, named: list[tuple[int, int]]
) -> Answer:
    """The answer that these (apprentice row, offer row) make. Raises ValueError if none."""
    order = np.lexsort((col, row))
    n = len(columns.apprentices.ids)
    pairs = PairList(row[order], col[order], amount[order], columns.offers.places, n)
    who, where = np.array(named, dtype=np.int32).reshape(-1, 2).T
    taken = pairs.find(who, where)
    if len(taken) != len(named):
        raise ValueError("a pair is not eligible")
    chosen = np.full(n, UNPLACED, dtype=np.int32)
    chosen[who] = where
    return Answer(chosen, pairs.value(taken))


def recount(columns: Columns, chosen: Ints) -> tuple[int, int]:
    """The value of an assignment and its blocking pairs, independent of who made it.

    A pair blocks where both would gain, the apprentice by score, the offer by a free place
    or by worth; equals do not gain. Two passes over all eligible pairs. Raises ValueError
    where a rule refuses a pair or an offer is overfull.
    """
    placed = np.flatnonzero(chosen != UNPLACED).astype(np.int32)
    used = np.bincount(chosen[placed], minlength=len(columns.offers.ids))
    pairs = Pairs(columns, placed, chosen[placed])
    if (used > columns.offers.places).any():
        raise ValueError("an offer takes more people than it has places")
    if any(refused.any() for refused in refusals(pairs).values()):
        raise ValueError("a rule refuses a pair")
    every = EligiblePairs(columns)
    own, lift = (np.zeros(len(chosen), dtype=np.int64) for _ in range(2))

    for block in every:
        lift[block.rows] = block.full - block.best
    own[placed] = scores(pairs)[0] + lift[placed] + 1
    lowest = np.full(len(used), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(lowest, chosen[placed], own[placed])
    lowest[used < columns.offers.places] = 0

    def count(block: Block) -> int:
        row = block.row
        amount: Keys = block.score + lift[row] + 1
        return int(((amount > own[row]) & (amount > lowest[block.col])).sum())

    return int(own.sum()), sum(map(count, every))


PIPELINES: dict[str, Peer] = {
    "engine": this_engine,
    "dense_all": dense_all,
    "dense_survivors": dense_survivors,
    "matching": package_matching,
    "algmatch": package_algmatch,
}
