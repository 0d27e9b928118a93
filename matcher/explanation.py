"""Why this, why not that, and what small change would do: codes and data, no sentences."""

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.assignment import UNPLACED
from matcher.changes import Pair, Repair, after, limited_by_law, move_dates
from matcher.columns import Columns, Ints, Pairs
from matcher.criteria import scores
from matcher.problem import Problem
from matcher.result import Change
from matcher.rules import RULES, Rule

NEAREST = 3
"""So many nearest offers (or apprentices) are named."""

AGE_RULES = ("minimum_age", "working_time", "hazards")
"""Refusals that also end by waiting until the apprentice is older."""

DAY_RULES = ("dates", "national_limits")
"""Refusals that end by moving windows or lengths."""

_RULE = {rule.code: rule for rule in RULES}

NOT_SUITABLE = "not_suitable"
"""The one figure that readers get who may not know anybody's needs."""


class Rows:
    """The problem's own rows behind the rows of the columns."""

    def __init__(self, problem: Problem, columns: Columns) -> None:
        """Index both by row number."""
        apprentices = {row.id: row for row in problem.apprentices}
        offers = {row.id: row for row in problem.offers}
        self.problem = problem
        self.columns = columns
        self.apprentices = [apprentices[i] for i in columns.apprentices.ids]
        self.offers = [offers[i] for i in columns.offers.ids]
        self.accepted: dict[tuple[str, str], set[str]] = {}
        for item in problem.accepted_needs:
            self.accepted.setdefault((item.apprentice, item.offer), set()).add(item.need)

    def pair(self, row: int, col: int) -> Pair:
        """One apprentice beside one offer."""
        apprentice, offer = self.apprentices[row], self.offers[col]
        return Pair(
            apprentice,
            offer,
            self.columns.facts,
            self.problem.today,
            self.problem.policy.start_weekdays,
            frozenset(self.accepted.get((apprentice.id, offer.id), ())),
        )


def smallest_changes(pair: Pair, failing: Sequence[str]) -> Repair | None:
    """The cheapest set of changes that opens a pair, None where there is none.

    Rules that do not touch the calendar are satisfied one by one. Where age refuses, the
    offer changes or the stay waits, whichever costs less; dates are moved last, for all.
    """
    rules = [_RULE[code] for code in failing]
    if any(rule.repair is None for rule in rules):
        return None
    fixed: list[Repair] = []
    for rule in rules:
        if rule.code not in (*AGE_RULES, *DAY_RULES):
            found = _repair(rule, pair)
            if found is None:
                return None
            fixed.append(found)
    aged = [rule for rule in rules if rule.code in AGE_RULES]
    dated_anyway = limited_by_law(pair) or any(rule.code in DAY_RULES for rule in rules)
    ways = []
    for chosen in itertools.product((True, False), repeat=len(aged)):
        now = [_repair(rule, pair) for rule, change in zip(aged, chosen, strict=True) if change]
        made = [repair for repair in now if repair is not None]
        if len(made) < len(now):
            continue
        if all(chosen) and not dated_anyway:
            ways.append(made)
            continue
        dated = move_dates(after(pair, [c for r in made for c in r.changes]))
        if dated is not None:
            ways.append([*made, dated])
    if not ways:
        return None
    best = min(ways, key=lambda way: (sum(r.cost for r in way), sum(len(r.changes) for r in way)))
    return Repair(
        tuple(change for r in (*fixed, *best) for change in r.changes),
        sum(r.cost for r in (*fixed, *best)),
    )


def _repair(rule: Rule, pair: Pair) -> Repair | None:
    return rule.repair(pair) if rule.repair else None


def excluded_by(refused: dict[str, NDArray[np.bool_]], axis: int) -> list[dict[str, int]]:
    """How many pairs each rule excludes, counted at the first rule that refuses.

    One count for every row (axis 1) or column (axis 0) of the block.
    """
    open_pairs = np.ones(next(iter(refused.values())).shape, dtype=np.bool_)
    counts: list[dict[str, int]] = [{} for _ in range(open_pairs.shape[1 - axis])]
    for code, refuses in refused.items():
        for n, count in enumerate((open_pairs & refuses).sum(axis=axis).tolist()):
            if count:
                counts[n][code] = count
        open_pairs &= ~refuses
    return counts


def nearest(
    rows: Rows, apprentices: Ints, offers: Ints, refused: NDArray[np.bool_]
) -> list[tuple[int, tuple[str, ...], tuple[Change, ...]]]:
    """The pairs that need the least to be opened, at most NEAREST of them.

    `refused` (rules, pairs) says which rules refuse each pair. Nearest means fewest refusing
    rules, then cost, then score, then id. Returns the number of the pair, rules and changes.
    """
    fixed = np.array([rule.repair is None for rule in RULES])
    count = refused.sum(axis=0)
    possible = ~refused[fixed].any(axis=0) & (count > 0)
    score, _ = scores(Pairs(rows.columns, apprentices, offers))
    people, places = rows.columns.apprentices.ids, rows.columns.offers.ids
    found: list[tuple[int, tuple[str, ...], tuple[Change, ...]]] = []
    for failing in np.unique(count[possible]):
        level = []
        for n in np.flatnonzero(possible & (count == failing)):
            codes = tuple(rule.code for rule, no in zip(RULES, refused[:, n], strict=True) if no)
            way = smallest_changes(rows.pair(apprentices[n], offers[n]), codes)
            if way is not None:
                order = (way.cost, -int(score[n]), places[offers[n]], people[apprentices[n]])
                level.append((order, (int(n), codes, way.changes)))
        found += [pair for _, pair in sorted(level, key=lambda item: item[0])]
        if len(found) >= NEAREST:
            break
    return found[:NEAREST]


def refused_matrix(refused: dict[str, NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """All rules (first axis) as one array."""
    return np.stack(list(refused.values()))


def for_reader_without_needs(counts: dict[str, int]) -> dict[str, int]:
    """One merged figure instead of the rules, for a reader who may not know anybody's needs.

    All rules go into it, whether a need was among them or not, so that nothing shows.
    """
    total = sum(counts.values())
    return {NOT_SUITABLE: total} if total else {}


def blocks(count: int, width: int, cells: int = 2**22) -> Iterable[tuple[int, int]]:
    """Begin and end of runs of rows so that no block has more than `cells` pairs."""
    size = max(1, cells // max(1, width))
    for begin in range(0, count, size):
        yield begin, min(begin + size, count)


def placed_at(chosen: Ints, offers: Ints, locked: NDArray[np.bool_]) -> Ints:
    """The people who are at one of these offers and not locked there."""
    here = (chosen != UNPLACED) & ~locked & np.isin(chosen, offers)
    return np.flatnonzero(here).astype(np.int32)
