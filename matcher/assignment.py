"""Who goes where: the assignment of the largest total worth, as a minimum-cost flow.

apprentice -> offer -> company -> hosting region -> sink, with what is left of places and
caps on each node. Reserved places are a second node of their offer. A reserve for a group is
an arc before its people: so many of them bring a reward. Exact, solved by OR-tools (cost
scaling, Goldberg 1997). Worths are whole thousandths of a point.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.candidates import Candidates
from matcher.capacity import Capacity, is_capped, offer_of, pools_besides_locks, ways
from matcher.columns import UNCAPPED, Columns, Ints, Keys
from matcher.errors import SolverError, TooLargeError
from matcher.vocabulary import Objective

UNPLACED = -1

PAIRS_AT_ONCE = 2**14
"""Parts of the flow are put together until they have so many pairs."""


@dataclass(frozen=True)
class Reserve:
    """The first `people` of the `group` (n,) who are placed bring a `reward` each."""

    group: NDArray[np.bool_]
    people: int
    reward: int

    def counted(self, placed: NDArray[np.bool_]) -> int:
        """How many of these people count for the reserve."""
        return min(self.people, int((self.group & placed).sum()))


@dataclass(frozen=True)
class Worth:
    """What placing each apprentice adds to the score of the pair, in thousandths.

    worth of a pair = score + offset, offset = lift + 1 + bonus. A `unit` is more than all
    that scores could add up to. `bonus` is one unit for the objective `coverage` and one
    more for people placed first, two beside a reserve; the reward of the `reserve` is one
    unit. So an assignment is worth the most when it reaches each aim as far as the aims
    before it allow (decision 0015).
    """

    offset: Keys
    bonus: Keys
    unit: int
    reserve: Reserve | None = None

    def standings(self, total: int, placed: NDArray[np.bool_]) -> int:
        """What is left of a total worth without bonuses and the reserve's rewards."""
        counted = self.reserve.counted(placed) * self.reserve.reward if self.reserve else 0
        return total - int(self.bonus[placed].sum()) - counted

    def reserve_besides_locks(self, columns: Columns) -> Reserve | None:
        """What locked people leave of the reserve, None where that is nothing."""
        if self.reserve is None:
            return None
        left = self.reserve.people - self.reserve.counted(columns.locked)
        if not left:
            return None
        return Reserve(self.reserve.group & ~columns.locked, left, self.reserve.reward)


def worth(columns: Columns, candidates: Candidates, reserved: int | None = None) -> Worth:
    """What placing people is worth under the policy.

    `reserved` is the number of people whom the policy's reserve is for (`reserved_people`).
    Raises TooLargeError.
    """
    settings = columns.settings
    base = candidates.lift.astype(np.int64) + 1
    unit = 1 + int((candidates.best + base)[candidates.eligible > 0].sum())
    tiers = np.zeros(len(base), dtype=np.int64)
    if settings.objective == Objective.COVERAGE:
        tiers += 1
    if settings.hard_needs_first:
        tiers += candidates.needs_excluded * (1 if reserved is None else 2)
    nodes = len(base) + len(columns.offers.ids) + len(columns.offers.holders)
    nodes += len(columns.companies) + len(columns.regions) + 6
    if reserved is None:
        _refuse_overflow(2 * unit if tiers.any() else unit, nodes)
        return Worth(base + tiers * unit, tiers * unit, unit)
    _refuse_overflow(5 * unit, nodes)
    reserve = Reserve(columns.apprentices.fewer_opportunities, reserved, unit)
    return Worth(base + tiers * unit, tiers * unit, unit, reserve)


def reserved_people(share: float, placeable: int) -> int:
    """The share of the placeable people, rounded up; exact for the decimals that are written."""
    return math.ceil(Fraction(repr(share)) * placeable)


def _refuse_overflow(largest: int, nodes: int) -> None:
    if largest * (nodes + 1) >= 2**62:
        raise TooLargeError(largest, nodes)


def solve(
    columns: Columns,
    candidates: Candidates,
    worths: Worth,
    before: Ints | None = None,
    improves: NDArray[np.bool_] | None = None,
) -> Ints:
    """The offer row of every apprentice, UNPLACED where there is none; locks are kept.

    After an assignment `before`, only those parts of the pairs are solved again in which
    somebody `improves`; everybody else stays.
    """
    locks = columns.settings.locks
    chosen = np.full(len(columns.apprentices.ids), UNPLACED, dtype=np.int32)
    chosen[locks[:, 0]] = locks[:, 1]
    free = np.flatnonzero(chosen[candidates.row] == UNPLACED)
    number, pool = ways(columns, candidates.row[free], candidates.col[free])
    row, score = candidates.row[free][number], candidates.score[free][number]
    amount = score + worths.offset[row]
    room = pools_besides_locks(columns)
    reserve = worths.reserve_besides_locks(columns)
    part = parts(row, pool, room, reserve)
    if before is not None and improves is not None:
        again = np.isin(part, part[improves[row]])
        chosen[row[~again]] = before[row[~again]]
        row, pool, amount, part = row[again], pool[again], amount[again], part[again]
    taken = flow(row, pool, amount, room, part, reserve)
    chosen[row[taken]] = offer_of(columns, pool[taken])
    return chosen


def parts(row: Ints, col: Ints, room: Capacity, reserve: Reserve | None = None) -> Ints:
    """The part that each pair belongs to.

    Parts share no person, pool or capped node, and one part has all people of a reserve.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    people, offers = int(row.max(initial=-1)) + 1, len(room.places)
    first_company = people + offers
    first_region = first_company + len(room.company_caps)
    group = first_region + len(room.region_caps)
    by_company = np.flatnonzero(is_capped(room.company_caps)[room.company])
    by_region = np.flatnonzero(is_capped(room.region_caps)[room.region])
    counted = np.flatnonzero(reserve.group[:people]) if reserve else np.zeros(0, dtype=np.int64)
    tails = np.concatenate((row, people + by_company, people + by_region, counted))
    heads = np.concatenate(
        (
            people + col,
            first_company + room.company[by_company],
            first_region + room.region[by_region],
            np.full(len(counted), group),
        )
    )
    ends = tails.astype(np.int32), heads.astype(np.int32)
    graph = coo_array((np.ones(len(tails), dtype=np.int8), ends), shape=(group + 1, group + 1))
    _, label = connected_components(graph, directed=False)
    found: Ints = label[row]
    return found


def flow(
    row: Ints,
    col: Ints,
    amount: Keys,
    room: Capacity,
    part: Ints | None = None,
    reserve: Reserve | None = None,
) -> NDArray[np.bool_]:
    """Which pairs make the largest total amount: each row once, all capacities kept.

    `col` names pools; a `reserve` adds its reward for the first people of its group.
    Solved part by part (`part`: of each pair, as `parts` finds them), small parts together:
    the solver takes more than twice as long for twice as much. Raises SolverError when the
    solver does not prove its answer.
    """
    taken = np.zeros(len(row), dtype=np.bool_)
    useful = np.flatnonzero((amount > 0) & (room.places[col] > 0))
    if part is None:
        part = parts(row, col, room, reserve)
    sizes = np.bincount(part[useful])
    batch = ((np.cumsum(sizes) - sizes) // PAIRS_AT_ONCE)[part[useful]]
    order = useful[np.argsort(batch, kind="stable")]
    edges = np.flatnonzero(np.diff(np.sort(batch))) + 1
    for pairs in np.split(order, edges):
        if len(pairs):
            taken[pairs] = _flow(row[pairs], col[pairs], amount[pairs], room, reserve)
    return taken


def _flow(
    row: Ints, col: Ints, amount: Keys, room: Capacity, reserve: Reserve | None
) -> NDArray[np.bool_]:
    """As `flow`, all at once; every pair has an amount and a place."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    people, person = np.unique(row, return_inverse=True)
    offers, offer = np.unique(col, return_inverse=True)
    first_offer = len(people)
    first_company = first_offer + len(offers)
    first_region = first_company + len(room.company_caps)
    sink = first_region + len(room.region_caps)
    to_region = np.where(
        is_capped(room.region_caps), first_region + np.arange(len(room.region_caps)), sink
    )
    to_company = np.where(
        is_capped(room.company_caps),
        first_company + np.arange(len(room.company_caps)),
        to_region[room.company_region],
    )
    wanted = np.bincount(offer)
    capped_companies = np.flatnonzero(is_capped(room.company_caps))
    capped_regions = np.flatnonzero(is_capped(room.region_caps))
    counted = reserve.group[people] if reserve else np.zeros(len(people), dtype=np.bool_)
    alone = np.flatnonzero(~counted)
    tails = [person, alone, first_offer + np.arange(len(offers))]
    heads = [first_offer + offer, np.full(len(alone), sink), to_company[room.company[offers]]]
    limits = [np.ones(len(row)), np.ones(len(alone)), np.minimum(wanted, room.places[offers])]
    tails += [first_company + capped_companies, first_region + capped_regions]
    heads += [to_region[room.company_region[capped_companies]], np.full(len(capped_regions), sink)]
    limits += [room.company_caps[capped_companies], room.region_caps[capped_regions]]
    costs = [-amount, np.zeros(sum(map(len, tails)) - len(row), dtype=np.int64)]
    nodes = np.append(alone, sink)
    supplies = np.append(np.ones(len(alone)), -len(people))
    if reserve and counted.any():
        # All of the group start at `all_of_them`; who is placed passes `placed`, the first
        # ones over an arc that brings the reward.
        together = np.flatnonzero(counted)
        all_of_them, placed, most = sink + 1, sink + 2, len(together)
        tails += [np.full(most, placed), np.full(3, all_of_them)]
        heads += [together, np.array([placed, placed, sink])]
        limits += [np.ones(most), np.array([min(reserve.people, most), most, most])]
        costs += [np.zeros(most, dtype=np.int64), np.array([-reserve.reward, 0, 0])]
        nodes, supplies = np.append(nodes, all_of_them), np.append(supplies, most)
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tails).astype(np.int32),
        np.concatenate(heads).astype(np.int32),
        np.concatenate(limits).astype(np.int64),
        np.concatenate(costs).astype(np.int64),
    )
    solver.set_nodes_supplies(nodes.astype(np.int32), supplies.astype(np.int64))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise SolverError(str(getattr(status, "name", status)))
    taken: NDArray[np.bool_] = solver.flows(arcs[: len(row)]) > 0
    return taken


def assign(
    rows: ArrayLike,
    columns: ArrayLike,
    scores: ArrayLike,
    places: ArrayLike,
    *,
    objective: str = "fit",
) -> Ints:
    """The best assignment for anyone's own scores.

    `rows`, `columns`, `scores` are parallel arrays of eligible pairs, `places` the number
    of people each column takes. `objective` is "fit" (largest total score; pairs of negative
    score stay out) or "coverage" (most rows placed, then largest total). Scores count to a
    thousandth. Returns an array of length max(rows) + 1 with the chosen column or -1.

    Raises ValueError for arrays that do not fit together, TooLargeError for scores beyond
    the solver's whole numbers.
    """
    row = np.asarray(rows, dtype=np.int32)
    col = np.asarray(columns, dtype=np.int32)
    value = np.asarray(scores, dtype=np.float64)
    room = np.asarray(places, dtype=np.int64)
    if not (row.ndim == 1 and row.shape == col.shape == value.shape and room.ndim == 1):
        raise ValueError("rows, columns and scores must be arrays of one length, places an array")
    if len(row) and (row.min() < 0 or col.min() < 0 or col.max() >= len(room)):
        raise ValueError("rows and columns must be 0 or more, and every column must have places")
    if not np.isfinite(value).all():
        raise ValueError("scores must be finite numbers")
    if len(room) and room.min() < 0:
        raise ValueError("places must be 0 or more")
    kind = Objective(objective)
    amount = np.rint(value * 1000).astype(np.int64)
    people = int(row.max(initial=-1)) + 1
    if kind is Objective.COVERAGE:
        amount = amount + 1 + 2 * int(np.abs(amount).max(initial=0)) * max(people, 1)
    _refuse_overflow(int(np.abs(amount).max(initial=0)), people + len(room) + 3)
    zeros = np.zeros(len(room), dtype=np.int32)
    none = np.full(1, UNCAPPED, dtype=np.int64)
    taken = flow(row, col, amount, Capacity(room, zeros, zeros, none, none))
    chosen = np.full(people, UNPLACED, dtype=np.int32)
    chosen[row[taken]] = col[taken]
    return chosen
