"""One pass over all eligible pairs, beside an assignment and its prices.

It sees the pairs that the candidates left out too, so what it finds holds for the whole
problem: what the bound needs, which pairs would improve, ranks, envy, room left unused.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.assignment import UNPLACED, Capacity, Worth, capacity, is_capped
from matcher.candidates import Block, Progress, eligible_blocks
from matcher.columns import Columns, Ints, Keys
from matcher.prices import Prices

MOST_IMPROVING = 5
"""So many improving pairs of one person are taken back into the assignment at once."""


@dataclass(frozen=True)
class Survey:
    """What all eligible pairs say about an assignment, per apprentice and in all.

    `utility` (n,) is the most that a pair leaves after prices, 0 at least, 0 for locked
    people; `better` the number of own offers with a higher score than the own one;
    `improving` and `tight` are pairs (row, col, score, amount) that would improve on
    `utility` of the assignment, or leave exactly as much at a price above 0. `envy` counts
    pairs whose apprentice would rather be there and stands higher than somebody who is;
    `room` pairs of unplaced people with room on the whole path. `offer_eligible` (m,) counts
    the eligible people of each offer.
    """

    utility: Keys
    better: Ints
    envy: int
    room: int
    offer_eligible: Keys
    improving: tuple[Ints, Ints, Ints]
    tight: tuple[Ints, Ints, Ints]


def has_room(columns: Columns, chosen: Ints) -> NDArray[np.bool_]:
    """Which offers could take one more person: places, company and region."""
    used = capacity(columns).left_after(chosen[chosen != UNPLACED])
    free = used.places > 0
    free &= ~is_capped(used.company_caps)[used.company] | (used.company_caps > 0)[used.company]
    free &= ~is_capped(used.region_caps)[used.region] | (used.region_caps > 0)[used.region]
    return free


def own_scores(columns: Columns, chosen: Ints) -> Ints:
    """The score of everyone's own pair, -1 for the unplaced."""
    from matcher.columns import Pairs
    from matcher.criteria import scores

    own = np.full(len(chosen), -1, dtype=np.int32)
    placed = np.flatnonzero(chosen != UNPLACED).astype(np.int32)
    if len(placed):
        own[placed], _ = scores(Pairs(columns, placed, chosen[placed]))
    return own


def take_survey(
    columns: Columns,
    lift: Ints,
    worths: Worth,
    chosen: Ints,
    prices: Prices,
    room: Capacity,
    progress: Progress | None = None,
) -> Survey:
    """Look at every eligible pair once. `room` is the capacity that prices belong to."""
    n, m = len(chosen), len(columns.offers.ids)
    path = prices.of_path(room)
    locked = np.zeros(n, dtype=np.bool_)
    locked[columns.settings.locks[:, 0]] = True
    own = own_scores(columns, chosen)
    placed = np.flatnonzero((chosen != UNPLACED) & ~locked)
    utility = np.zeros(n, dtype=np.int64)
    utility[placed] = np.maximum(0, own[placed] + worths.offset[placed] - path[chosen[placed]])
    lowest = np.full(m, np.iinfo(np.int64).max)
    np.minimum.at(lowest, chosen[placed], own[placed].astype(np.int64) + lift[placed])
    free = has_room(columns, chosen)
    most = utility.copy()
    better = np.zeros(n, dtype=np.int32)
    offer_eligible = np.zeros(m, dtype=np.int64)
    envy = unused = 0
    improving: list[tuple[Ints, Ints, Ints]] = []
    tight: list[tuple[Ints, Ints, Ints]] = []
    for block in eligible_blocks(columns, progress):
        row, col, score = block.row, block.col, block.score
        offer_eligible += np.bincount(col, minlength=m)
        prefers = score > own[row]
        better[block.rows] = _count(block, prefers)
        standing = score.astype(np.int64) + lift[row]
        envy += int((prefers & (standing > lowest[col]) & ~locked[row]).sum())
        unplaced = chosen[row] == UNPLACED
        unused += int((unplaced & free[col]).sum())
        leaves = score + worths.offset[row] - path[col]
        leaves[locked[row]] = -1
        np.maximum.at(most, row, leaves)
        gain = leaves - utility[row]
        other = chosen[row] != col
        improving.append(_take(block, other & (gain > 0), gain))
        exact = other & (gain == 0) & (path[col] > 0)
        tight.append((row[exact], col[exact], score[exact]))
    return Survey(most, better, envy, unused, offer_eligible, _joined(improving), _joined(tight))


def _count(block: Block, mask: NDArray[np.bool_]) -> Ints:
    local = np.repeat(np.arange(len(block.rows)), block.eligible)
    return np.bincount(local[mask], minlength=len(block.rows)).astype(np.int32)


def _take(block: Block, mask: NDArray[np.bool_], gain: Keys) -> tuple[Ints, Ints, Ints]:
    """The pairs of `mask`, of each person the MOST_IMPROVING with the largest gain."""
    row, col, score, gain = block.row[mask], block.col[mask], block.score[mask], gain[mask]
    order = np.lexsort((col, -gain, row))
    row, col, score = row[order], col[order], score[order]
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    place = np.arange(len(row)) - np.repeat(starts, np.diff(np.append(starts, len(row))))
    few = place < MOST_IMPROVING
    return row[few], col[few], score[few]


def _joined(parts: list[tuple[Ints, Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
    nothing = np.zeros(0, dtype=np.int32)
    parts = [*parts, (nothing, nothing, nothing)]
    row, col, score = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return row, col, score
