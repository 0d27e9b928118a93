"""One pass over the eligible pairs, beside an assignment and its prices.

It sees the pairs that the candidates left out too, so what it finds holds for the whole
problem: what the bound needs, which pairs would improve, ranks, envy, room left unused.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.assignment import UNPLACED, Worth
from matcher.blocks import Block, EligiblePairs
from matcher.candidates import FoundPairs, place_in_group
from matcher.capacity import has_room
from matcher.columns import Columns, Ints, Keys, Pairs
from matcher.criteria import scores
from matcher.prices import Prices

MOST_TAKEN_BACK = 30
"""So many pairs of one person are taken back into the assignment at once."""

NEARLY = 3000
"""Pairs that miss an improvement by less (thousandths) are taken back with those that improve.

Prices move when the flow is solved again; without these pairs it would take more rounds.
"""

NO_GAIN = -(2**62)
"""Stands for a loss that no price or score makes up for."""


@dataclass(frozen=True)
class Survey:
    """What all eligible pairs say about an assignment, per apprentice and in all.

    `utility` (n,) is the most that a pair leaves after prices, 0 at least, 0 for locked
    people; `better` the number of own offers with a higher score than the own one. `envy`
    counts pairs whose apprentice would rather be there and stands higher than somebody who
    is; `room` pairs of unplaced people with room on the whole path. `improves` (n,) marks
    people with a pair that would leave more than the own one, `priced_out` those whose own
    place costs more than it is worth; `taken_back` holds improving and nearly improving pairs,
    `tight` those that leave as much at a price above 0.
    """

    utility: Keys
    better: Ints
    envy: int
    room: int
    improves: NDArray[np.bool_]
    priced_out: NDArray[np.bool_]
    taken_back: FoundPairs
    tight: FoundPairs


def own_scores(columns: Columns, chosen: Ints) -> Ints:
    """The score of everyone's own pair, -1 for the unplaced."""
    own = np.full(len(chosen), -1, dtype=np.int32)
    placed = np.flatnonzero(chosen != UNPLACED).astype(np.int32)
    if len(placed):
        own[placed], _ = scores(Pairs(columns, placed, chosen[placed]))
    return own


class _Situation:
    """Who is where at which prices: what every pair is compared with."""

    def __init__(
        self,
        columns: Columns,
        lift: Ints,
        worths: Worth,
        chosen: Ints,
        prices: Prices,
    ) -> None:
        self.chosen, self.lift = chosen, lift
        self.group = columns.apprentices.fewer_opportunities.astype(np.int8)
        self.same_for_all = not len(columns.offers.holders)
        self.path = prices.of_path(columns)
        self.own = own_scores(columns, chosen)
        self.locked = columns.locked
        offset = worths.offset + np.where(self.group, prices.reserve, 0)
        placed = np.flatnonzero((chosen != UNPLACED) & ~self.locked).astype(np.int32)
        self.utility = np.zeros(len(chosen), dtype=np.int64)
        left = self.own[placed] + offset[placed] - self.path[self.group[placed], chosen[placed]]
        self.utility[placed] = np.maximum(0, left)
        self.priced_out = np.zeros(len(chosen), dtype=np.bool_)
        self.priced_out[placed] = left < 0
        self.margin = np.where(self.locked, NO_GAIN, offset - self.utility)
        self.lowest = np.full(self.path.shape[1], np.iinfo(np.int32).max, dtype=np.int32)
        np.minimum.at(self.lowest, chosen[placed], self.own[placed] + lift[placed])
        everyone = np.flatnonzero(chosen != UNPLACED)
        self.free = has_room(columns, everyone, chosen[everyone])

    def path_of(self, block: Block) -> Keys:
        """What a place costs for each pair of a block."""
        if self.same_for_all:
            return self.path[0][block.col]
        return self.path[block.spread(self.group), block.col]


@dataclass(frozen=True)
class _Tally:
    """What the pairs of one block add to a survey."""

    rows: Ints
    gain: Keys
    better: Ints
    envy: int
    room: int
    taken_back: FoundPairs
    tight: FoundPairs


def take_survey(
    columns: Columns,
    pairs: EligiblePairs,
    lift: Ints,
    worths: Worth,
    chosen: Ints,
    prices: Prices,
) -> Survey:
    """Look at every eligible pair beside who is where at which prices."""
    now = _Situation(columns, lift, worths, chosen, prices)
    sums = _Sums(len(chosen))
    for tally in pairs.each(lambda block: _tally(now, block)):
        sums.add(tally)
    return sums.survey(now)


def _tally(now: _Situation, block: Block) -> _Tally:
    own, col, score = block.spread(now.own), block.col, block.score
    path = now.path_of(block)
    gain = score + block.spread(now.margin) - path
    near = np.flatnonzero(gain > -NEARLY)
    row, near_col = block.row_of(near), col[near]
    other = now.chosen[row] != near_col
    exact = other & (gain[near] == 0) & (path[near] > 0)
    prefers = score > own
    envious = np.flatnonzero(prefers & block.spread(~now.locked))
    standing = score[envious] + now.lift[block.row_of(envious)]
    waiting = np.flatnonzero(block.spread(now.chosen == UNPLACED))
    return _Tally(
        rows=block.rows,
        gain=block.largest(gain),
        better=block.counts(prefers),
        envy=int((standing > now.lowest[col[envious]]).sum()),
        room=int(now.free[now.group[block.row_of(waiting)], col[waiting]].sum()),
        taken_back=_largest_gains(
            row[other], near_col[other], score[near[other]], gain[near[other]]
        ),
        tight=(row[exact], near_col[exact], score[near[exact]]),
    )


def _largest_gains(row: Ints, col: Ints, score: Ints, gain: Keys) -> FoundPairs:
    """Of each person the MOST_TAKEN_BACK pairs with the largest gain."""
    order = np.lexsort((col, -gain, row))
    row, col, score = row[order], col[order], score[order]
    few = place_in_group(row) < MOST_TAKEN_BACK
    return row[few], col[few], score[few]


class _Sums:
    """The tallies of all blocks, added up."""

    def __init__(self, people: int) -> None:
        self.gain = np.zeros(people, dtype=np.int64)
        self.better = np.zeros(people, dtype=np.int32)
        self.envy = self.room = 0
        self.taken_back: list[FoundPairs] = []
        self.tight: list[FoundPairs] = []

    def add(self, tally: _Tally) -> None:
        self.gain[tally.rows] = np.maximum(0, tally.gain)
        self.better[tally.rows] = tally.better
        self.envy += tally.envy
        self.room += tally.room
        self.taken_back.append(tally.taken_back)
        self.tight.append(tally.tight)

    def survey(self, now: _Situation) -> Survey:
        return Survey(
            utility=now.utility + self.gain,
            better=self.better,
            envy=self.envy,
            room=self.room,
            improves=self.gain > 0,
            priced_out=now.priced_out,
            taken_back=_joined(self.taken_back),
            tight=_joined(self.tight),
        )


def _joined(parts: list[FoundPairs]) -> FoundPairs:
    nothing = np.zeros(0, dtype=np.int32)
    parts = [*parts, (nothing, nothing, nothing)]
    row, col, score = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return row, col, score
