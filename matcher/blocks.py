"""The eligible, scored pairs, block by block: the full matrix never exists.

Class rules are tried once for apprentices that learn the same in the same country, block
rules on blocks of apprentices by offers, the others on the pairs that are left; criteria
on the survivors only. Memory is bounded by the blocks at work and by MOST_KEPT, not by the problem.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Columns, Ints, Pairs
from matcher.criteria import scores
from matcher.rules import RULES, Stage, missing_needs, too_young

Progress = Callable[[str, int, int], None]
"""Called with the name of the step, the work done and the work there is."""

CELLS_A_BLOCK = 2**20
"""How many pairs are tried at once: many enough that threads seldom wait for each other."""

CELLS_FOR_THREADS = 2**18
"""Blocks of so many pairs on average are worked out in threads; smaller ones gain nothing."""

MOST_KEPT = 2**27
"""So many eligible pairs are remembered (1 GB): four times what 100,000 apprentices beside
40,000 offers had."""

CELLS_A_CLASS = 2**13
"""Classes of apprentices are tried apart where one has so many pairs or more on average."""


MOST_THREADS = 4
"""So many threads at most work on blocks: each holds the arrays of one block."""

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class Block:
    """Eligible pairs of some apprentices, in the order of their rows.

    `rows` are all apprentices of the block, also those without a pair; `eligible`, `best`
    and `full` their number of eligible offers, best score, and best score with the personal
    criteria counted full; `needs_excluded` those who have an offer that every other rule allows
    and at which needs are missing (neither provided nor accepted) that are all confirmed.
    Forbidden pairs count for `best` and `full` and are not among the pairs.
    """

    rows: Ints
    eligible: Ints
    best: Ints
    full: Ints
    needs_excluded: NDArray[np.bool_]
    col: Ints
    score: Ints

    @property
    def local(self) -> Ints:
        """The number of each pair's apprentice inside `rows`."""
        return np.repeat(np.arange(len(self.rows), dtype=np.int32), self.eligible)

    @property
    def row(self) -> Ints:
        """The apprentice row of each pair."""
        return np.repeat(self.rows, self.eligible)

    def row_of(self, pairs: NDArray[Any]) -> Ints:
        """The apprentice rows of these pairs, given by their numbers in the block."""
        return self.rows[np.searchsorted(self._ends, pairs, side="right")]

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """For each pair the value of its apprentice (`values`: one for each row there is)."""
        return np.repeat(values[self.rows], self.eligible)

    def counts(self, mask: NDArray[np.bool_]) -> Ints:
        """How many pairs of each apprentice the mask holds."""
        before = np.append(0, np.cumsum(mask, dtype=np.int32))[np.append(0, self._ends)]
        return np.diff(before).astype(np.int32)

    @property
    def _ends(self) -> Ints:
        return np.cumsum(self.eligible, dtype=np.int32)

    def largest(self, values: NDArray[Any]) -> NDArray[Any]:
        """The largest of `values` (one a pair) for each apprentice, -1 where there is no pair."""
        found = np.full(len(self.rows), -1, dtype=values.dtype)
        some = self.eligible > 0
        if some.any():
            found[some] = np.maximum.reduceat(values, (self._ends - self.eligible)[some])
        return found


class EligiblePairs:
    """Every block of eligible, scored pairs; every apprentice is in exactly one.

    May be passed over more than once: blocks are remembered as long as they hold no more
    than `most_kept` pairs (8 bytes each) in all, the others are worked out again. `progress`
    hears of the first pass.
    """

    def __init__(
        self, columns: Columns, progress: Progress | None = None, *, most_kept: int = MOST_KEPT
    ) -> None:
        """Nothing is worked out before the first pass."""
        self._columns, self._progress, self._left = columns, progress, most_kept
        self._tasks = list(_tasks(columns))
        self._kept: dict[int, Block] = {}

    def __iter__(self) -> Iterator[Block]:
        """The blocks, always in the same order."""
        done, progress = 0, self._progress
        blocks = in_threads(self._block, range(len(self._tasks)), self._worth_threads)
        for number, (task, block) in enumerate(zip(self._tasks, blocks, strict=True)):
            if number not in self._kept and len(block.col) <= self._left:
                self._kept[number] = block
                self._left -= len(block.col)
            yield block
            done += task.people
            if progress:
                progress("candidates", done, len(self._columns.apprentices.ids))
        self._progress = None

    def each(self, look: Callable[[Block], T]) -> Iterator[T]:
        """What `look` finds in every block, in the order of the blocks."""
        return in_threads(look, self, self._worth_threads)

    def _block(self, number: int) -> Block:
        return self._kept.get(number) or _block(self._columns, self._tasks[number])

    @property
    def _worth_threads(self) -> bool:
        cells = sum(task.cells for task in self._tasks)
        return cells >= CELLS_FOR_THREADS * max(2, len(self._tasks))


def in_threads(work: Callable[[S], T], items: Iterable[S], worth_it: bool) -> Iterator[T]:
    """The results of `work` in the order of the items, few items ahead of what is taken.

    In one thread where more are not `worth_it`. numpy lets go of Python's lock while it works.
    """
    threads = min(MOST_THREADS, os.cpu_count() or 1)
    if threads == 1 or not worth_it:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        ahead: deque[Future[T]] = deque()
        for item in items:
            ahead.append(pool.submit(work, item))
            if len(ahead) > threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


Rectangle = tuple[Ints, Ints]
"""Apprentices, each beside each of these offers."""


@dataclass(frozen=True)
class _Task:
    """Rectangles that make one block, and the stages of the rules that are tried on each."""

    rectangles: list[Rectangle]
    stages: tuple[Stage, ...]

    @property
    def people(self) -> int:
        """How many apprentices there are in the block."""
        return sum(len(rows) for rows, _ in self.rectangles)

    @property
    def cells(self) -> int:
        """How many pairs are tried."""
        return sum(len(rows) * len(cols) for rows, cols in self.rectangles)


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
        yield from _together(_cut(order, offers.row), ("class", "block"))
    else:
        yield from _together(_classes(columns, np.split(order, edges)), ("block",))


def _classes(columns: Columns, groups: Iterable[Ints]) -> Iterator[Rectangle]:
    """Apprentices of one class beside the offers that no class rule refuses them."""
    offers = columns.offers.row
    for group in groups:
        pairs = Pairs.block(columns, group[:1], offers)
        possible = np.ones(len(offers), dtype=np.bool_)
        for rule in RULES:
            if rule.stage == "class":
                possible &= ~rule.refuses(pairs)[0]
        yield from _cut(group, offers[possible])


def _cut(rows: Ints, cols: Ints) -> Iterator[Rectangle]:
    size = max(1, CELLS_A_BLOCK // max(1, len(cols)))
    for begin in range(0, len(rows), size):
        yield rows[begin : begin + size], cols


def _together(rectangles: Iterable[Rectangle], stages: tuple[Stage, ...]) -> Iterator[_Task]:
    """Rectangles one after another, as many as make a block."""
    held: list[Rectangle] = []
    for rows, cols in rectangles:
        held.append((rows, cols))
        if _Task(held, stages).cells >= CELLS_A_BLOCK:
            yield _Task(held, stages)
            held = []
    if held:
        yield _Task(held, stages)


def _possible(columns: Columns, task: _Task) -> tuple[Pairs, Ints, Ints]:
    """The pairs that the rules of the task's stages leave, all its people, and whose each is."""
    early = [rule for rule in RULES if rule.stage in task.stages]
    local, col = [], []
    before = 0
    for rows, cols in task.rectangles:
        pairs = Pairs.block(columns, rows, cols)
        possible = np.ones(pairs.shape, dtype=np.bool_)
        for rule in early:
            possible &= ~rule.refuses(pairs)
        flat = np.flatnonzero(possible)
        person = flat // max(1, len(cols))
        local.append(person + before)
        col.append(cols[flat - person * len(cols)])
        before += len(rows)
    people = np.concatenate([rows for rows, _ in task.rectangles])
    number = np.concatenate(local).astype(np.int32)
    return Pairs(columns, people[number], np.concatenate(col)), people, number


def _block(columns: Columns, task: _Task) -> Block:
    """The eligible pairs of a block, with their scores."""
    pairs, rows, local = _possible(columns, task)
    pairs, local = _without(pairs, local, too_young(pairs))
    needs_excluded = np.zeros(len(rows), dtype=np.bool_)
    for rule in RULES:
        if rule.stage == "pair":
            refused = rule.refuses(pairs)
            if rule.code == "hard_needs":
                but_for_needs, whose = _without(pairs, local, ~refused)
                unconfirmed = missing_needs(but_for_needs) & ~but_for_needs.a.needs_confirmed
                needs_excluded[whose[unconfirmed == 0]] = True
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
    return Block(rows, eligible, best, most, needs_excluded, col, score)


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
