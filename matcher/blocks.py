"""The eligible, scored pairs, block by block: the full matrix never exists.

Class rules are tried once for apprentices that learn the same in the same country, block
rules on blocks of apprentices by offers, the others on the pairs that are left; criteria
on the survivors only. Memory is bounded by the block, not by the problem.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Columns, Ints, Pairs
from matcher.criteria import scores
from matcher.rules import RULES, Stage, too_young

Progress = Callable[[str, int, int], None]
"""Called with the name of the step, the work done and the work there is."""

CELLS_A_BLOCK = 2**18
"""How many pairs are tried at once: few enough to stay in the processor's cache."""

CELLS_A_CLASS = 2**15
"""Classes of apprentices are tried apart where one has so many pairs or more on average."""


@dataclass(frozen=True)
class Block:
    """Eligible pairs of some apprentices, in the order of their rows.

    `rows` are all apprentices of the block, also those without a pair; `eligible`, `best`
    and `full` their number of eligible offers, best score, and best score with the personal
    criteria counted full; `needs_excluded` those for whom a hard need alone excludes an offer.
    `local` numbers the apprentice of each pair inside `rows`, `begins` the first pair of each.
    Forbidden pairs count for `best` and `full` and are not among the pairs.
    """

    rows: Ints
    eligible: Ints
    best: Ints
    full: Ints
    needs_excluded: NDArray[np.bool_]
    local: Ints
    col: Ints
    score: Ints

    @property
    def row(self) -> Ints:
        """The apprentice row of each pair."""
        return self.rows[self.local]

    @property
    def begins(self) -> Ints:
        """Where the pairs of each apprentice begin."""
        return np.cumsum(self.eligible, dtype=np.int32) - self.eligible

    def largest(self, values: NDArray[Any]) -> NDArray[Any]:
        """The largest of `values` (one a pair) for each apprentice, -1 where there is no pair."""
        found = np.full(len(self.rows), -1, dtype=values.dtype)
        some = self.eligible > 0
        if some.any():
            found[some] = np.maximum.reduceat(values, self.begins[some])
        return found


class Filter(Protocol):
    """Says which pairs are looked at, before any rule is tried."""

    def rows(self, rows: Ints) -> NDArray[np.bool_]:
        """The apprentices who may have such a pair at all."""

    def pairs(self, pairs: Pairs) -> NDArray[np.bool_]:
        """The pairs of a block."""


def eligible_blocks(
    columns: Columns, *, only: Filter | None = None, progress: Progress | None = None
) -> Iterator[Block]:
    """Every block of eligible, scored pairs (of those that `only` lets through).

    Without a filter, every apprentice is in exactly one block, with all pairs.
    """
    total, done = len(columns.apprentices.ids), 0
    for task in _tasks(columns):
        yield _block(columns, task, only)
        done += len(task.rows)
        if progress:
            progress("candidates", done, total)


@dataclass(frozen=True)
class _Task:
    """Apprentices beside offers, and the stages of the rules that are still to be tried."""

    rows: Ints
    cols: Ints
    stages: tuple[Stage, ...]


def _tasks(columns: Columns) -> Iterator[_Task]:
    """All apprentices beside all offers that may be possible for them, a block at a time.

    Apprentices that learn the same in the same country share their offers. Where such
    classes are too small to be worth it, everybody is tried beside every offer.
    """
    people, offers = columns.apprentices, columns.offers
    windows = zip(people.free_from, people.free_to, strict=True)
    parts = np.zeros(len(people.ids), dtype=np.int32)
    for first, last in windows:
        parts += first <= last
    order = np.lexsort((people.row, parts, people.country, people.occupation)).astype(np.int32)
    kind = np.stack((people.occupation[order], people.country[order]), axis=1)
    edges = np.flatnonzero(np.any(kind[1:] != kind[:-1], axis=1)) + 1
    if len(order) * len(offers.ids) < CELLS_A_CLASS * (len(edges) + 1):
        yield from _cut(order, offers.row, ("class", "block"))
        return
    class_rules = [rule for rule in RULES if rule.stage == "class"]
    for group in np.split(order, edges):
        pairs = Pairs.block(columns, group[:1], offers.row)
        possible = np.ones(len(offers.ids), dtype=np.bool_)
        for rule in class_rules:
            possible &= ~rule.refuses(pairs)[0]
        yield from _cut(group, offers.row[possible], ("block",))


def _cut(rows: Ints, cols: Ints, stages: tuple[Stage, ...]) -> Iterator[_Task]:
    size = max(1, CELLS_A_BLOCK // max(1, len(cols)))
    for begin in range(0, len(rows), size):
        yield _Task(rows[begin : begin + size], cols, stages)


def _block(columns: Columns, task: _Task, only: Filter | None) -> Block:
    """The eligible pairs of a block, with their scores."""
    rows, cols = task.rows, task.cols
    if only is not None:
        rows = rows[only.rows(rows)]
    pairs = Pairs.block(columns, rows, cols)
    possible = np.ones(pairs.shape, dtype=np.bool_) if only is None else only.pairs(pairs)
    early = [rule for rule in RULES if rule.stage in task.stages]
    if only is None:
        for rule in early:
            possible &= ~rule.refuses(pairs)
    local = (np.flatnonzero(possible) // max(1, len(cols))).astype(np.int32)
    pairs = pairs.keep(possible)
    if only is not None:
        for rule in early:
            pairs, local = _without(pairs, local, rule.refuses(pairs))
    pairs, local = _without(pairs, local, too_young(pairs))
    needs_excluded = np.zeros(len(rows), dtype=np.bool_)
    for rule in RULES:
        if rule.stage == "pair":
            refused = rule.refuses(pairs)
            if rule.code == "hard_needs":
                needs_excluded[local[refused]] = True
            pairs, local = _without(pairs, local, refused)
    score, full = scores(pairs)
    best, most = (np.zeros(len(rows), dtype=np.int32) for _ in range(2))
    if len(local):
        starts = np.flatnonzero(np.diff(local, prepend=-1))
        best[local[starts]] = np.maximum.reduceat(score, starts)
        most[local[starts]] = np.maximum.reduceat(full, starts)
    col: Ints = pairs.cols.astype(np.int32, copy=False)
    forbidden = _forbidden(columns, pairs)
    if forbidden.any():
        col, score, local = col[~forbidden], score[~forbidden], local[~forbidden]
    eligible: Ints = np.bincount(local, minlength=len(rows)).astype(np.int32)
    return Block(rows, eligible, best, most, needs_excluded, local, col, score)


def _without(pairs: Pairs, local: Ints, refused: NDArray[np.bool_]) -> tuple[Pairs, Ints]:
    if not refused.any():
        return pairs, local
    return pairs.keep(~refused), local[~refused]


def _forbidden(columns: Columns, pairs: Pairs) -> NDArray[np.bool_]:
    forbids = columns.settings.forbids
    if not len(forbids):
        return np.zeros(pairs.shape, dtype=np.bool_)
    keys = forbids[:, 0] * len(columns.offers.ids) + forbids[:, 1]
    return np.isin(pairs.key, keys)
