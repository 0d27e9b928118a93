"""The pairs that go into the assignment: the best of every apprentice and of every offer."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.blocks import Block, EligiblePairs
from matcher.columns import Columns, Ints, Keys

FoundPairs = tuple[Ints, Ints, Ints]
"""Row, offer and score of pairs."""

BEST_FOR_AN_OFFER = 8
"""So many candidates an offer gets at least, where so many people are eligible."""


@dataclass(frozen=True)
class Candidates:
    """The pairs that go into the assignment, and what is known of every apprentice.

    `lift` is what an apprentice's soft needs and wishes cost at the best offer, in
    thousandths of a point.
    """

    row: Ints
    col: Ints
    score: Ints
    lift: Ints
    best: Ints
    eligible: Ints
    needs_excluded: NDArray[np.bool_]


def find_candidates(columns: Columns, pairs: EligiblePairs) -> Candidates:
    """The best k pairs of every apprentice and the best few of every offer."""
    n = len(columns.apprentices.ids)
    lift, best, eligible = (np.zeros(n, dtype=np.int32) for _ in range(3))
    needs_excluded = np.zeros(n, dtype=np.bool_)
    kept: list[tuple[Ints, Ints, Ints]] = []
    for_offers = _BestForOffers(len(columns.offers.ids))

    for block in pairs:
        rows = block.rows
        lift[rows], best[rows] = block.full - block.best, block.best
        eligible[rows], needs_excluded[rows] = block.eligible, block.needs_excluded
        keep = _best_of_each(block, columns.settings.candidates)
        kept.append((block.row[keep], block.col[keep], block.score[keep]))
        for_offers.add(block, ~keep)
    kept.append(for_offers.best())
    row, col, score = (np.concatenate([part[k] for part in kept]) for k in range(3))
    order = np.lexsort((col, row))
    return Candidates(row[order], col[order], score[order], lift, best, eligible, needs_excluded)


def with_pairs(candidates: Candidates, *further: FoundPairs) -> Candidates:
    """The candidates and these further pairs, each pair once."""
    parts = ((candidates.row, candidates.col, candidates.score), *further)
    rows, cols, scores = (np.concatenate([part[k] for part in parts]) for k in range(3))
    _, first = np.unique(pair_keys(rows, cols), return_index=True)
    return replace(candidates, row=rows[first], col=cols[first], score=scores[first])


def only_pairs(candidates: Candidates, row: Ints, col: Ints, score: Ints) -> Candidates:
    """What is known of every apprentice, with these pairs instead of the candidates."""
    return replace(candidates, row=row, col=col, score=score)


def pair_keys(row: Ints, col: Ints) -> Keys:
    """One whole number a pair, in the order of apprentices, then offers."""
    return (row.astype(np.int64) << 32) | col


def tie_break(row: Ints, col: Ints) -> Keys:
    """A number below 2^31 for each pair that scatters equals.

    Without it all who are equal would have the same candidates.
    """
    mixed = row.astype(np.uint64) * np.uint64(0x9E3779B1) + col.astype(np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(15))) * np.uint64(0x85EBCA77)
    return ((mixed ^ (mixed >> np.uint64(13))) & np.uint64(0x7FFFFFFF)).astype(np.int64)


BINS = 256
"""So finely scores are counted to find out which pairs can be among the best."""


def _best_of_each(block: Block, k: int) -> NDArray[np.bool_]:
    """Which pairs are among their apprentice's best k."""
    keep = np.ones(len(block.col), dtype=np.bool_)
    if block.eligible.max(initial=0) <= k:
        return keep
    near = np.flatnonzero(_may_be_best(block, k))
    group = block.local[near]
    better_first = (np.int64(2**20) - block.score[near]) << np.int64(31)
    tie = tie_break(block.rows[group], block.col[near])
    order = near[np.lexsort((better_first | tie, group))]
    keep[:] = False
    keep[order[place_in_group(block.local[order]) < k]] = True
    return keep


def _may_be_best(block: Block, k: int) -> NDArray[np.bool_]:
    """The pairs in the bins of scores from the best one down to where k pairs are reached."""
    step = int(block.score.max(initial=0)) // BINS + 1
    place = block.score // np.int32(step)
    counts = np.bincount(block.local * np.int32(BINS) + place, minlength=len(block.rows) * BINS)
    from_best = np.cumsum(counts.reshape(-1, BINS)[:, ::-1], axis=1)
    least = BINS - 1 - np.argmax(from_best >= k, axis=1)
    least[block.eligible < k] = 0
    return place >= least.astype(np.int32)[block.local]


def place_in_group(group: Ints) -> Keys:
    """The number of each entry inside its group; entries of a group stand together."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    return np.arange(len(group)) - np.repeat(starts, np.diff(np.append(starts, len(group))))


class _BestForOffers:
    """The best few pairs of every offer among pairs that come in one after another."""

    def __init__(self, offers: int) -> None:
        self.least = np.full(offers, -1, dtype=np.int32)
        self.held: list[tuple[Ints, Ints, Ints, Ints]] = []
        self.size = 0
        self.limit = max(2**17, 2 * BEST_FOR_AN_OFFER * offers)

    def add(self, block: Block, mask: NDArray[np.bool_]) -> None:
        """Take in the pairs of `mask`; those that cannot be among the best are dropped at once."""
        standing = block.score + (block.full - block.best)[block.local]
        good = mask & (standing >= self.least[block.col])
        self.held.append((block.row[good], block.col[good], block.score[good], standing[good]))
        self.size += int(good.sum())
        if self.size > self.limit:
            self._tidy()

    def best(self) -> tuple[Ints, Ints, Ints]:
        """Rows, offers and scores of the best few of every offer."""
        self._tidy()
        row, col, score, _ = self.held[0]
        return row, col, score

    def _tidy(self) -> None:
        nothing = np.zeros(0, dtype=np.int32)
        held = [*self.held, (nothing, nothing, nothing, nothing)]
        row, col, score, standing = (np.concatenate([part[k] for part in held]) for k in range(4))
        good = standing >= self.least[col]
        row, col, score, standing = row[good], col[good], score[good], standing[good]
        better_first = (np.int64(2**20) - standing) << np.int64(22)
        tie = tie_break(row, col) & np.int64(2**22 - 1)
        order = np.argsort(col.astype(np.int64) << np.int64(43) | better_first | tie)
        place = place_in_group(col[order])
        keep = order[place < BEST_FOR_AN_OFFER]
        last = order[place == BEST_FOR_AN_OFFER - 1]
        self.least[col[last]] = standing[last]
        self.held = [(row[keep], col[keep], score[keep], standing[keep])]
        self.size = len(keep)
