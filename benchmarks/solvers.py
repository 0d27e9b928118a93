"""Solver against solver: the largest total amount of the same pairs, each row once.

A peer is a function that builds the model it wants and returns the step that solves it;
both are timed, apart. Every peer gets the formulation that suits it best.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Ints, Keys


@dataclass(frozen=True)
class PairList:
    """Eligible pairs in the order of (row, col), what each is worth, and the places per column."""

    row: Ints
    col: Ints
    amount: Keys
    places: Keys
    people: int

    @classmethod
    def load(cls, path: Path) -> "PairList":
        """The pairs that `save` wrote."""
        with np.load(path) as stored:
            return cls(
                stored["row"], stored["col"], stored["amount"], stored["places"], int(stored["n"])
            )

    def save(self, path: Path) -> None:
        """Write the pairs for the solvers, so that none of them has to run the engine."""
        np.savez(
            path, row=self.row, col=self.col, amount=self.amount, places=self.places, n=self.people
        )

    @property
    def slot_owner(self) -> NDArray[np.int64]:
        """The column of each single place, in order: solvers without capacities want slots."""
        return np.repeat(np.arange(len(self.places)), self.places)

    def find(self, row: NDArray[Any], col: NDArray[Any]) -> NDArray[np.int64]:
        """The numbers of these pairs; pairs that are not in the list are left out."""
        if not len(self.row):
            return np.zeros(0, dtype=np.int64)
        known = self._keys(self.row, self.col)
        wanted = self._keys(row, col)
        place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return place[known[place] == wanted]

    def _keys(self, row: NDArray[Any], col: NDArray[Any]) -> NDArray[np.int64]:
        return row.astype(np.int64) * len(self.places) + col

    def value(self, taken: NDArray[np.int64]) -> int:
        """The total amount of the taken pairs. Raises ValueError if they are no assignment."""
        if np.bincount(self.row[taken], minlength=1).max(initial=0) > 1:
            raise ValueError("somebody is placed twice")
        used = np.bincount(self.col[taken], minlength=len(self.places))
        if (used > self.places).any():
            raise ValueError("an offer takes more people than it has places")
        return int(self.amount[taken].sum())


Solve = Callable[[], NDArray[np.int64]]
"""Solves what was built and returns the numbers of the chosen pairs."""

Peer = Callable[[PairList], Solve]
"""Builds the model that a solver wants."""


def this_engine(pairs: PairList) -> Solve:
    """OR-tools minimum-cost flow as the engine calls it; it builds its arcs inside the clock."""
    from matcher.assignment import flow
    from matcher.capacity import Capacity
    from matcher.columns import UNCAPPED

    zeros = np.zeros(len(pairs.places), dtype=np.int32)
    none = np.full(1, UNCAPPED, dtype=np.int64)
    room = Capacity(pairs.places, zeros, zeros, none, none)

    def solve() -> NDArray[np.int64]:
        return np.flatnonzero(flow(pairs.row, pairs.col, pairs.amount, room))

    return solve


def scipy_dense(pairs: PairList) -> Solve:
    """scipy.optimize.linear_sum_assignment; a column a place, 0 for no pair.

    All amounts are above 0, so whoever gets a 0 is unmatched and no further columns are needed.
    """
    from scipy.optimize import linear_sum_assignment

    owner = pairs.slot_owner
    scores = np.zeros((pairs.people, len(pairs.places)))
    scores[pairs.row, pairs.col] = pairs.amount
    matrix = np.repeat(scores, pairs.places, axis=1)
    del scores

    def solve() -> NDArray[np.int64]:
        row, slot = linear_sum_assignment(matrix, maximize=True)
        return pairs.find(row, owner[slot])

    return solve


def scipy_sparse(pairs: PairList) -> Solve:
    """scipy.sparse.csgraph.min_weight_full_bipartite_matching.

    It wants everybody matched and no zeros, so everybody has one more column, worth 1, to
    stay unmatched, and every pair is worth 1 more. The same 1 for all changes no optimum.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    owner = pairs.slot_owner
    first_slot = np.cumsum(pairs.places) - pairs.places
    copies = pairs.places[pairs.col]
    start = np.repeat(np.cumsum(copies) - copies, copies)
    slot = np.repeat(first_slot[pairs.col], copies) + np.arange(len(start)) - start
    people = np.arange(pairs.people)
    row: NDArray[np.int64] = np.append(np.repeat(pairs.row, copies), people)
    col: NDArray[np.int64] = np.append(slot, len(owner) + people)
    worth = np.repeat(pairs.amount + 1.0, copies)
    amount: NDArray[np.float64] = np.append(worth, np.ones(pairs.people))
    shape = (pairs.people, len(owner) + pairs.people)
    graph = coo_array((amount, (row, col)), shape=shape).tocsr()

    def solve() -> NDArray[np.int64]:
        found, slot = min_weight_full_bipartite_matching(graph, maximize=True)
        placed = slot < len(owner)
        return pairs.find(found[placed], owner[slot[placed]])

    return solve


def highs(pairs: PairList) -> Solve:
    """HiGHS through scipy: the transportation problem as a sparse linear programme.

    Its corners are whole numbers, so no integer variables are needed.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csc_array

    count = len(pairs.row)
    number = np.arange(count)
    left = csc_array(
        (
            np.ones(2 * count),
            (
                np.concatenate((pairs.row, pairs.people + pairs.col)),
                np.concatenate((number, number)),
            ),
        ),
        shape=(pairs.people + len(pairs.places), count),
    )
    most: NDArray[np.float64] = np.append(np.ones(pairs.people), pairs.places)
    limit = LinearConstraint(left, ub=most)
    cost = -pairs.amount.astype(np.float64)

    def solve() -> NDArray[np.int64]:
        found = milp(cost, constraints=limit, bounds=Bounds(0, 1))
        if found.status != 0 or found.x is None:
            raise ValueError(f"HiGHS ended with: {found.message}")
        return np.flatnonzero(found.x > 0.5)

    return solve


def cp_sat(pairs: PairList) -> Solve:
    """CP-SAT of OR-tools: one Boolean a pair.

    One worker with the linear relaxation at its strongest: at 2,000 x 800 that is done in
    a second, while the defaults (a worker a core) prove nothing in two minutes on two cores.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(len(pairs.row))]
    for numbers in _groups(pairs.row):
        model.add_at_most_one([chosen[k] for k in numbers])
    for numbers in _groups(pairs.col):
        places = int(pairs.places[pairs.col[numbers[0]]])
        if len(numbers) > places:
            model.add(cp_model.LinearExpr.sum([chosen[k] for k in numbers]) <= places)
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, pairs.amount.tolist()))

    def solve() -> NDArray[np.int64]:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        status = solver.solve(model)
        if status != cp_model.OPTIMAL:
            raise ValueError(f"CP-SAT ended with {solver.status_name(status)}")
        return np.flatnonzero([solver.boolean_value(variable) for variable in chosen])

    return solve


def _groups(keys: NDArray[Any]) -> list[list[int]]:
    """The numbers of the entries with the same key."""
    if not len(keys):
        return []
    order = np.argsort(keys, kind="stable")
    edges = np.flatnonzero(np.diff(keys[order])) + 1
    return [part.tolist() for part in np.split(order, edges)]


SOLVERS: dict[str, Peer] = {
    "engine": this_engine,
    "scipy_dense": scipy_dense,
    "scipy_sparse": scipy_sparse,
    "highs": highs,
    "cp_sat": cp_sat,
}
