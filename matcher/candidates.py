"""The eligible, scored pairs, block by block: the full matrix never exists.

Class rules are tried once for apprentices that learn the same in the same country, block
rules on blocks of apprentices by offers, the others on the pairs that are left; criteria
on the survivors only. Memory is bounded by the block, not by the problem.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Columns, Ints, Keys, Pairs
from matcher.criteria import scores
from matcher.rules import RULES

Progress = Callable[[str, int, int], None]
"""Called with the name of the step, the work done and the work there is."""

CELLS_A_BLOCK = 2**19
"""How many pairs are tried at once."""

BEST_FOR_AN_OFFER = 8
"""So many candidates an offer gets at least, where so many people are eligible."""


@dataclass(frozen=True)
class Block:
    """Eligible pairs of some apprentices, in the order of their rows.

    `rows` are all apprentices of the block, also those without a pair; `eligible`, `best`
    and `full` their number of eligible offers, best score, and best score with the personal
    criteria counted full; `needs_excluded` those for whom a hard need alone excludes an offer.
    Forbidden pairs count for `best` and `full` and are not among the pairs.
    """

    rows: Ints
    eligible: Ints
    best: Ints
    full: Ints
    needs_excluded: NDArray[np.bool_]
    row: Ints
    col: Ints
    score: Ints


@dataclass(frozen=True)
class Candidates:
    """The pairs that go into the assignment, and what is known of every apprentice.

    `lift` is what an apprentice's soft needs and wishes cost at the best offer, in
    thousandths of a point; `cut` the best score among the pairs that were left out, -1
    where none was.
    """

    row: Ints
    col: Ints
    score: Ints
    lift: Ints
    best: Ints
    eligible: Ints
    cut: Ints
    needs_excluded: NDArray[np.bool_]

    @property
    def key(self) -> Keys:
        """Apprentice row and offer row as one whole number."""
        return (self.row.astype(np.int64) << 32) | self.col


def eligible_blocks(columns: Columns, progress: Progress | None = None) -> Iterator[Block]:
    """Every eligible pair of the problem, scored, in blocks of whole apprentices.

    The blocks come in the same order whatever the number of processors.
    """
    tasks = _tasks(columns)
    total, done = len(columns.apprentices.ids), 0
    for block in _in_threads(lambda task: _block(columns, *task), tasks):
        yield block
        done += len(block.rows)
        if progress:
            progress("candidates", done, total)


def find_candidates(columns: Columns, progress: Progress | None = None) -> Candidates:
    """The best k pairs of every apprentice and the best few of every offer."""
    n = len(columns.apprentices.ids)
    lift, best, eligible = (np.zeros(n, dtype=np.int32) for _ in range(3))
    cut = np.full(n, -1, dtype=np.int32)
    needs_excluded = np.zeros(n, dtype=np.bool_)
    kept: list[tuple[Ints, Ints, Ints]] = []
    for_offers = _BestForOffers(len(columns.offers.ids))
    for block in eligible_blocks(columns, progress):
        rows = block.rows
        lift[rows], best[rows] = block.full - block.best, block.best
        eligible[rows], needs_excluded[rows] = block.eligible, block.needs_excluded
        keep, left_out = _best_of_each(block, columns.settings.candidates)
        cut[rows] = left_out
        kept.append((block.row[keep], block.col[keep], block.score[keep]))
        if not keep.all():
            for_offers.add(block.row[~keep], block.col[~keep], block.score[~keep], lift)
    kept.append(for_offers.best())
    row, col, score = (np.concatenate([part[k] for part in kept]) for k in range(3))
    order = np.lexsort((col, row))
    return Candidates(
        row[order], col[order], score[order], lift, best, eligible, cut, needs_excluded
    )


def with_pairs(candidates: Candidates, row: Ints, col: Ints, score: Ints) -> Candidates:
    """The candidates and these further pairs, each pair once."""
    rows = np.concatenate((candidates.row, row))
    cols = np.concatenate((candidates.col, col))
    _, first = np.unique((rows.astype(np.int64) << 32) | cols, return_index=True)
    return Candidates(
        rows[first],
        cols[first],
        np.concatenate((candidates.score, score))[first],
        candidates.lift,
        candidates.best,
        candidates.eligible,
        candidates.cut,
        candidates.needs_excluded,
    )


def tie_break(row: Ints, col: Ints) -> Keys:
    """A number for each pair that scatters equals, so that they do not all want the same offer."""
    mixed = row.astype(np.uint64) * np.uint64(0x9E3779B1) + col.astype(np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(15))) * np.uint64(0x85EBCA77)
    return ((mixed ^ (mixed >> np.uint64(13))) & np.uint64(0x7FFFFFFF)).astype(np.int64)


def _in_threads(
    work: Callable[[tuple[Ints, Ints]], Block], tasks: Iterator[tuple[Ints, Ints]]
) -> Iterator[Block]:
    """The results in the order of the tasks; few are held at any time."""
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Block]] = deque()
        for task in tasks:
            waiting.append(pool.submit(work, task))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _tasks(columns: Columns) -> Iterator[tuple[Ints, Ints]]:
    """Apprentices that learn the same in the same country, with the offers for such people."""
    people, offers = columns.apprentices, columns.offers
    order = np.lexsort((people.row, people.country, people.occupation)).astype(np.int32)
    kind = np.stack((people.occupation[order], people.country[order]), axis=1)
    edges = np.flatnonzero(np.any(kind[1:] != kind[:-1], axis=1)) + 1
    class_rules = [rule for rule in RULES if rule.stage == "class"]
    for group in np.split(order, edges):
        if not len(group):
            continue
        pairs = Pairs.block(columns, group[:1], offers.row)
        possible = np.ones(len(offers.ids), dtype=np.bool_)
        for rule in class_rules:
            possible &= ~rule.refuses(pairs)[0]
        cols = offers.row[possible]
        size = max(1, CELLS_A_BLOCK // max(1, len(cols)))
        for begin in range(0, len(group), size):
            yield group[begin : begin + size], cols


def _block(columns: Columns, rows: Ints, cols: Ints) -> Block:
    """The eligible pairs of a block, with their scores."""
    pairs = Pairs.block(columns, rows, cols)
    possible = np.ones((len(rows), len(cols)), dtype=np.bool_)
    for rule in RULES:
        if rule.stage == "block":
            possible &= ~rule.refuses(pairs)
    local, place = np.nonzero(possible)
    pairs = Pairs(columns, rows[local], cols[place])
    blocked = np.zeros(len(rows), dtype=np.bool_)
    for rule in RULES:
        if rule.stage == "pair":
            refused = rule.refuses(pairs)
            if refused.any():
                if rule.code == "hard_needs":
                    blocked[local[refused]] = True
                pairs, local = pairs.keep(~refused), local[~refused]
    score, full = scores(pairs)
    best, most = (np.zeros(len(rows), dtype=np.int32) for _ in range(2))
    if len(local):
        starts = np.flatnonzero(np.diff(local, prepend=-1))
        best[local[starts]] = np.maximum.reduceat(score, starts)
        most[local[starts]] = np.maximum.reduceat(full, starts)
    row, col = pairs.rows.astype(np.int32), pairs.cols.astype(np.int32)
    forbidden = _forbidden(columns, pairs)
    if forbidden.any():
        row, col, score = row[~forbidden], col[~forbidden], score[~forbidden]
        local = local[~forbidden]
    eligible: Ints = np.bincount(local, minlength=len(rows)).astype(np.int32)
    return Block(rows, eligible, best, most, blocked, row, col, score)


def _forbidden(columns: Columns, pairs: Pairs) -> NDArray[np.bool_]:
    forbids = columns.settings.forbids
    if not len(forbids):
        return np.zeros(pairs.shape, dtype=np.bool_)
    keys = forbids[:, 0] * len(columns.offers.ids) + forbids[:, 1]
    return np.isin(pairs.key, keys)


def _best_of_each(block: Block, k: int) -> tuple[NDArray[np.bool_], Ints]:
    """Which pairs are among their apprentice's best k, and the best score among the others."""
    left_out = np.full(len(block.rows), -1, dtype=np.int32)
    most = int(block.eligible.max(initial=0))
    if most <= k:
        return np.ones(len(block.row), dtype=np.bool_), left_out
    group = np.repeat(np.arange(len(block.rows)), block.eligible)
    begins = np.cumsum(block.eligible) - block.eligible
    key = (block.score.astype(np.int64) << 31) | tie_break(block.row, block.col)
    table = np.full((len(block.rows), most), -1, dtype=np.int64)
    table[group, np.arange(len(group)) - begins[group]] = key
    table.partition(most - k, axis=1)
    keep = key >= table[:, most - k][group]
    some = np.flatnonzero(block.eligible)
    lost = np.where(keep, np.int32(-1), block.score)
    left_out[some] = np.maximum.reduceat(lost, begins[some])
    return keep, left_out


class _BestForOffers:
    """The best few pairs of every offer among pairs that come in one after another."""

    def __init__(self, offers: int) -> None:
        self.least = np.full(offers, -1, dtype=np.int64)
        self.held: list[tuple[Ints, Ints, Ints, Keys]] = []
        self.size = 0
        self.limit = max(2**21, 4 * BEST_FOR_AN_OFFER * offers)

    def add(self, row: Ints, col: Ints, score: Ints, lift: Ints) -> None:
        """Take in further pairs; those that cannot be among the best are dropped at once."""
        standing = (score + lift[row]).astype(np.int64)
        good = standing >= self.least[col]
        row, col, score = row[good], col[good], score[good]
        key = (standing[good] << 31) | tie_break(row, col)
        self.held.append((row, col, score, key))
        self.size += len(row)
        if self.size > self.limit:
            self._tidy()

    def best(self) -> tuple[Ints, Ints, Ints]:
        """Rows, offers and scores of the best few of every offer."""
        self._tidy()
        row, col, score, _ = self.held[0]
        return row, col, score

    def _tidy(self) -> None:
        nothing = np.zeros(0, dtype=np.int32)
        held = [*self.held, (nothing, nothing, nothing, nothing.astype(np.int64))]
        row, col, score = (np.concatenate([part[k] for part in held]) for k in range(3))
        key = np.concatenate([part[3] for part in held])
        order = np.lexsort((row, -key, col))
        col_sorted = col[order]
        starts = np.flatnonzero(np.diff(col_sorted, prepend=-1))
        place = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
        keep = order[place < BEST_FOR_AN_OFFER]
        last = order[place == BEST_FOR_AN_OFFER - 1]
        self.least[col[last]] = key[last] >> 31
        self.held = [(row[keep], col[keep], score[keep], key[keep])]
        self.size = len(keep)
