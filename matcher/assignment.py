"""Who goes where: the assignment of the largest total worth, as a minimum-cost flow.

apprentice -> offer -> company -> hosting region -> sink, with what is left of places and
caps on each node. Exact, solved by OR-tools (cost scaling, Goldberg 1997). Worths are
whole thousandths of a point.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.candidates import Candidates
from matcher.columns import UNCAPPED, Columns, Ints, Keys
from matcher.errors import SolverError, TooLargeError
from matcher.vocabulary import Objective

UNPLACED = -1

PAIRS_AT_ONCE = 2**14
"""Parts of the flow are put together until they have so many pairs."""


@dataclass(frozen=True)
class Capacity:
    """Places of offers, and caps of the companies and regions they belong to.

    UNCAPPED in `company_caps` and `region_caps` means no cap; `company` and `region` say
    where an offer belongs, `company_region` where a company lies.
    """

    places: Keys
    company: Ints
    region: Ints
    company_caps: Keys
    region_caps: Keys

    @property
    def company_region(self) -> Ints:
        """The region of each company; all offers of a company lie in one."""
        region = np.zeros(len(self.company_caps), dtype=np.int32)
        region[self.company] = self.region
        return region

    def left_after(self, offers: NDArray[Any]) -> "Capacity":
        """What is left when one person has gone to each of these offers; no cap stays no cap."""
        taken = np.bincount(offers, minlength=len(self.places))
        by_company = np.bincount(self.company[offers], minlength=len(self.company_caps))
        by_region = np.bincount(self.region[offers], minlength=len(self.region_caps))
        return Capacity(
            self.places - taken,
            self.company,
            self.region,
            np.where(is_capped(self.company_caps), self.company_caps - by_company, UNCAPPED),
            np.where(is_capped(self.region_caps), self.region_caps - by_region, UNCAPPED),
        )


def is_capped(caps: Keys) -> NDArray[np.bool_]:
    """Where a cap is set."""
    return caps < UNCAPPED


def capacity(columns: Columns) -> Capacity:
    """All places and caps of a problem, before locks."""
    offers, settings = columns.offers, columns.settings
    return Capacity(
        offers.places, offers.company, offers.region, settings.company_caps, settings.region_caps
    )


def capacity_besides_locks(columns: Columns) -> Capacity:
    """What locked people leave of places and caps: what prices are about."""
    return capacity(columns).left_after(columns.settings.locks[:, 1])


@dataclass(frozen=True)
class Worth:
    """What placing each apprentice adds to the score of the pair, in thousandths.

    worth of a pair = score + offset, offset = lift + 1 + bonus. `bonus` is one `unit` for
    the objective `coverage` and one more for people placed first; a unit is more than all
    that scores could add up to.
    """

    offset: Keys
    bonus: Keys
    unit: int


def worth(columns: Columns, candidates: Candidates) -> Worth:
    """The offsets of all apprentices under the policy. Raises TooLargeError."""
    settings = columns.settings
    base = candidates.lift.astype(np.int64) + 1
    unit = 1 + int((candidates.best + base)[candidates.eligible > 0].sum())
    tiers = np.zeros(len(base), dtype=np.int64)
    if settings.objective == Objective.COVERAGE:
        tiers += 1
    if settings.hard_needs_first:
        tiers += candidates.needs_excluded
    nodes = len(base) + len(columns.offers.ids) + len(columns.companies) + len(columns.regions) + 2
    _refuse_overflow(2 * unit if tiers.any() else unit, nodes)
    return Worth(base + tiers * unit, tiers * unit, unit)


def _refuse_overflow(largest: int, nodes: int) -> None:
    if largest * (nodes + 1) >= 2**62:
        raise TooLargeError(
            f"weights up to {largest} on {nodes} nodes do not fit into the solver's whole numbers;"
            " split the problem by sector"
        )


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
    free = chosen[candidates.row] == UNPLACED
    row, col, score = candidates.row[free], candidates.col[free], candidates.score[free]
    amount = score + worths.offset[row]
    room = capacity_besides_locks(columns)
    part = parts(row, col, room)
    if before is not None and improves is not None:
        again = np.isin(part, part[improves[row]])
        chosen[row[~again]] = before[row[~again]]
        row, col, amount, part = row[again], col[again], amount[again], part[again]
    taken = flow(row, col, amount, room, part)
    chosen[row[taken]] = col[taken]
    return chosen


def parts(row: Ints, col: Ints, room: Capacity) -> Ints:
    """The part that each pair belongs to: parts share no person, offer or capped node."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    people, offers = int(row.max(initial=-1)) + 1, len(room.places)
    first_company = people + offers
    first_region = first_company + len(room.company_caps)
    nodes = first_region + len(room.region_caps)
    by_company = np.flatnonzero(is_capped(room.company_caps)[room.company])
    by_region = np.flatnonzero(is_capped(room.region_caps)[room.region])
    tails = np.concatenate((row, people + by_company, people + by_region))
    heads = np.concatenate(
        (
            people + col,
            first_company + room.company[by_company],
            first_region + room.region[by_region],
        )
    )
    ends = tails.astype(np.int32), heads.astype(np.int32)
    graph = coo_array((np.ones(len(tails), dtype=np.int8), ends), shape=(nodes, nodes))
    _, label = connected_components(graph, directed=False)
    found: Ints = label[row]
    return found


def flow(
    row: Ints, col: Ints, amount: Keys, room: Capacity, part: Ints | None = None
) -> NDArray[np.bool_]:
    """Which pairs make the largest total amount: each row once, all capacities kept.

    Solved part by part (`part`: of each pair, as `parts` finds them), small parts together:
    the solver takes more than twice as long for twice as much. Raises SolverError when the
    solver does not prove its answer.
    """
    taken = np.zeros(len(row), dtype=np.bool_)
    useful = np.flatnonzero((amount > 0) & (room.places[col] > 0))
    if part is None:
        part = parts(row, col, room)
    sizes = np.bincount(part[useful])
    batch = ((np.cumsum(sizes) - sizes) // PAIRS_AT_ONCE)[part[useful]]
    order = useful[np.argsort(batch, kind="stable")]
    edges = np.flatnonzero(np.diff(np.sort(batch))) + 1
    for pairs in np.split(order, edges):
        if len(pairs):
            taken[pairs] = _flow(row[pairs], col[pairs], amount[pairs], room)
    return taken


def _flow(row: Ints, col: Ints, amount: Keys, room: Capacity) -> NDArray[np.bool_]:
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
    tails = [person, np.arange(len(people)), first_offer + np.arange(len(offers))]
    heads = [first_offer + offer, np.full(len(people), sink), to_company[room.company[offers]]]
    limits = [np.ones(len(row)), np.ones(len(people)), np.minimum(wanted, room.places[offers])]
    tails += [first_company + capped_companies, first_region + capped_regions]
    heads += [to_region[room.company_region[capped_companies]], np.full(len(capped_regions), sink)]
    limits += [room.company_caps[capped_companies], room.region_caps[capped_regions]]
    costs = np.zeros(sum(map(len, tails)), dtype=np.int64)
    costs[: len(row)] = -amount
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tails).astype(np.int32),
        np.concatenate(heads).astype(np.int32),
        np.concatenate(limits).astype(np.int64),
        costs,
    )
    nodes = np.append(np.arange(len(people)), sink).astype(np.int32)
    supplies = np.append(np.ones(len(people)), -len(people)).astype(np.int64)
    solver.set_nodes_supplies(nodes, supplies)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise SolverError(f"the flow solver ended with {getattr(status, 'name', status)}")
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
