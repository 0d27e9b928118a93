"""One pass over the eligible pairs, beside an assignment and its prices.

It sees the pairs that the candidates left out too, so what it finds holds for the whole
problem: what the bound needs, which pairs would improve, ranks, envy, room left unused.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.assignment import UNPLACED, Worth, capacity, capacity_besides_locks
from matcher.blocks import Block, eligible_blocks
from matcher.candidates import Candidates, pair_keys, place_in_group
from matcher.columns import UNLIMITED, Columns, Ints, Keys, Pairs
from matcher.criteria import scores
from matcher.prices import Prices

MOST_TAKEN_BACK = 10
"""So many pairs of one person are taken back into the assignment at once."""

NEARLY = 3000
"""Pairs that miss an improvement by less (thousandths) are taken back with those that improve.

Prices move when the flow is solved again; without these pairs it would take more rounds.
"""

FoundPairs = tuple[Ints, Ints, Ints]
"""Row, offer and score of pairs."""


@dataclass(frozen=True)
class Survey:
    """What all eligible pairs say about an assignment, per apprentice and in all.

    `utility` (n,) is the most that a pair leaves after prices, 0 at least, 0 for locked
    people; `better` the number of own offers with a higher score than the own one. `envy`
    counts pairs whose apprentice would rather be there and stands higher than somebody who
    is; `room` pairs of unplaced people with room on the whole path. `improving` counts
    pairs that would leave more than the own one, `taken_back` are those and nearly improving
    ones, `tight` pairs that leave as much at a price above 0. `base` is for the next survey.
    """

    utility: Keys
    better: Ints
    envy: int
    room: int
    improving: int
    taken_back: FoundPairs
    tight: FoundPairs
    base: "Base | None"


def has_room(columns: Columns, chosen: Ints) -> NDArray[np.bool_]:
    """Which offers could take one more person: places, company and region."""
    used = capacity(columns).left_after(chosen[chosen != UNPLACED])
    free = (used.company_caps > 0)[used.company] & (used.region_caps > 0)[used.region]
    return free & (used.places > 0)


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
        self.chosen, self.lift, self.offset = chosen, lift, worths.offset
        self.path = prices.of_path(capacity_besides_locks(columns))
        self.own = own_scores(columns, chosen)
        self.locked = columns.locked
        placed = np.flatnonzero((chosen != UNPLACED) & ~self.locked)
        self.utility = np.zeros(len(chosen), dtype=np.int64)
        left = self.own[placed] + self.offset[placed] - self.path[chosen[placed]]
        self.utility[placed] = np.maximum(0, left)
        self.lowest = np.full(len(self.path), np.iinfo(np.int32).max, dtype=np.int32)
        np.minimum.at(self.lowest, chosen[placed], self.own[placed] + lift[placed])
        self.free = has_room(columns, chosen)

    def worth_a_look(self, cut: Ints, base: "Base | None") -> "_WorthALook":
        """Which pairs that score at most `cut` could matter at all."""
        reach = np.where(cut < 0, -1, cut + self.offset - self.utility + NEARLY)
        reach[self.locked] = -1
        fallen = np.full(len(reach), UNLIMITED, dtype=np.int64)
        path_fallen = np.zeros(len(self.path), dtype=np.int64)
        if base is not None:
            fallen = np.where(base.unsure, fallen, base.utility - self.utility)
            path_fallen = base.path - self.path
        return _WorthALook(
            reach=reach,
            fallen=fallen,
            standing=np.where(self.locked | (cut <= self.own), -1, cut + self.lift),
            ranked=(self.own < cut) & (self.chosen != UNPLACED),
            path=self.path,
            path_fallen=path_fallen,
            lowest=self.lowest,
        )


@dataclass(frozen=True)
class Base:
    """Prices and utilities at which all left-out pairs were looked at, once.

    Pairs that missed an improvement by NEARLY then can only improve where the two have
    fallen by more than that since; `unsure` marks people of whom more pairs were near
    than were taken back.
    """

    path: Keys
    utility: Keys
    unsure: NDArray[np.bool_]


@dataclass(frozen=True)
class _WorthALook:
    """A filter that only drops pairs which cannot change what a survey finds.

    `reach` bounds what a left-out pair could be worth above the own utility, `fallen` and
    `path_fallen` say how far utility and price have come down since the base; `standing`
    bounds the standing of a left-out pair; `ranked` marks people whose rank lies below the cut.
    """

    reach: Keys
    fallen: Keys
    standing: Ints
    ranked: NDArray[np.bool_]
    path: Keys
    path_fallen: Keys
    lowest: Ints

    def rows(self, rows: Ints) -> NDArray[np.bool_]:
        """The apprentices who may have such a pair at all."""
        most = self.path_fallen.max(initial=0)
        some = (self.path.min(initial=0) < self.reach[rows]) & (self.fallen[rows] + most > NEARLY)
        return some | (self.lowest.min(initial=0) < self.standing[rows]) | self.ranked[rows]

    def pairs(self, pairs: Pairs) -> NDArray[np.bool_]:
        """The pairs of a block."""
        rows, cols = pairs.rows, pairs.cols
        wanted = self.path[cols] < self.reach[rows]
        wanted &= self.path_fallen[cols] + self.fallen[rows] > NEARLY
        wanted |= self.lowest[cols] < self.standing[rows]
        return wanted | self.ranked[rows]


@dataclass
class _Tally:
    """What the pairs of one block, or the candidates, add to a survey."""

    rows: Ints
    most: Keys
    better: Ints
    envy: int
    room: int
    improving: int
    taken_back: FoundPairs
    tight: FoundPairs


def take_survey(
    columns: Columns,
    candidates: Candidates,
    worths: Worth,
    chosen: Ints,
    prices: Prices,
    *,
    trusted: bool,
    base: Base | None = None,
) -> Survey:
    """Look at every eligible pair.

    `trusted` candidates (just found) are not looked for again: only pairs that they cut and
    that could matter are worked out, which gives the same survey with less work. Where
    candidates would improve already, only they are looked at: the assignment will change
    anyway, and nothing but `taken_back` is meant to be used. `base` comes from an earlier
    survey of the same candidates and those taken back since.
    """
    now = _Situation(columns, candidates.lift, worths, chosen, prices)
    sums = _Sums(now)
    if not trusted:
        for block in eligible_blocks(columns):
            sums.add(_tally(now, block))
        return sums.survey(None)
    sums.add(_tally(now, _as_block(candidates, len(chosen))))
    if sums.improving:
        return sums.survey(None)
    if (candidates.cut >= 0).any():
        known = pair_keys(candidates.row, candidates.col)
        for block in eligible_blocks(columns, only=now.worth_a_look(candidates.cut, base)):
            sums.add(_tally(now, _unknown(block, known)))
    return sums.survey(base or Base(now.path, now.utility, sums.unsure))


def _as_block(candidates: Candidates, n: int) -> Block:
    """The candidates as one block of all apprentices."""
    nothing = np.zeros(0, dtype=np.int32)
    return Block(
        rows=np.arange(n, dtype=np.int32),
        eligible=np.bincount(candidates.row, minlength=n).astype(np.int32),
        best=nothing,
        full=nothing,
        needs_excluded=np.zeros(0, dtype=np.bool_),
        local=candidates.row,
        col=candidates.col,
        score=candidates.score,
    )


def _unknown(block: Block, known: Keys) -> Block:
    """The pairs of a block that are not among the sorted `known` ones."""
    keys = pair_keys(block.row, block.col)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    new = known[place] != keys if len(known) else np.ones(len(keys), dtype=np.bool_)
    local = block.local[new]
    return Block(
        block.rows,
        np.bincount(local, minlength=len(block.rows)).astype(np.int32),
        block.best,
        block.full,
        block.needs_excluded,
        local,
        block.col[new],
        block.score[new],
    )


def _tally(now: _Situation, block: Block) -> _Tally:
    row, col, score = block.row, block.col, block.score
    prefers = score > now.own[row]
    standing = score + now.lift[row]
    free_to_move = ~now.locked[row]
    leaves = np.where(free_to_move, score + now.offset[row] - now.path[col], -1)
    gain = leaves - now.utility[row]
    other = now.chosen[row] != col
    exact = other & (gain == 0) & (now.path[col] > 0)
    return _Tally(
        rows=block.rows,
        most=block.largest(leaves),
        better=np.bincount(block.local[prefers], minlength=len(block.rows)).astype(np.int32),
        envy=int((prefers & (standing > now.lowest[col]) & free_to_move).sum()),
        room=int(((now.chosen[row] == UNPLACED) & now.free[col]).sum()),
        improving=int((other & (gain > 0)).sum()),
        taken_back=_largest_gains(row, col, score, gain, other & (gain > -NEARLY)),
        tight=(row[exact], col[exact], score[exact]),
    )


def _largest_gains(
    row: Ints, col: Ints, score: Ints, gain: Keys, mask: NDArray[np.bool_]
) -> FoundPairs:
    """The pairs of `mask`, of each person the MOST_TAKEN_BACK with the largest gain."""
    row, col, score, gain = row[mask], col[mask], score[mask], gain[mask]
    order = np.lexsort((col, -gain, row))
    row, col, score = row[order], col[order], score[order]
    few = place_in_group(row) < MOST_TAKEN_BACK
    return row[few], col[few], score[few]


class _Sums:
    """The tallies of all blocks, added up."""

    def __init__(self, now: _Situation) -> None:
        self.utility = now.utility.copy()
        self.better = np.zeros(len(now.chosen), dtype=np.int32)
        self.unsure = np.zeros(len(now.chosen), dtype=np.bool_)
        self.envy = self.room = self.improving = 0
        self.taken_back: list[FoundPairs] = []
        self.tight: list[FoundPairs] = []

    def add(self, tally: _Tally) -> None:
        self.utility[tally.rows] = np.maximum(self.utility[tally.rows], tally.most)
        self.better[tally.rows] += tally.better
        self.envy += tally.envy
        self.room += tally.room
        self.improving += tally.improving
        full = np.bincount(tally.taken_back[0], minlength=len(self.unsure)) >= MOST_TAKEN_BACK
        self.unsure |= full
        self.taken_back.append(tally.taken_back)
        self.tight.append(tally.tight)

    def survey(self, base: Base | None) -> Survey:
        return Survey(
            self.utility,
            self.better,
            self.envy,
            self.room,
            self.improving,
            _joined(self.taken_back),
            _joined(self.tight),
            base,
        )


def _joined(parts: list[FoundPairs]) -> FoundPairs:
    nothing = np.zeros(0, dtype=np.int32)
    parts = [*parts, (nothing, nothing, nothing)]
    row, col, score = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return row, col, score
