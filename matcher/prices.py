"""Prices that prove how good an assignment is (linear programming duality).

Every pool of places, capped company and capped region has a price of 0 or more, and a
reserve has a price between 0 and its reward, which everyone of its group gets on top. For any
such prices, no assignment is worth more than

    sum over people of max(0, best worth, with what the reserve adds, minus the prices on the path)
    + sum over capped nodes of capacity x price
    + people of the reserve x (reward minus its price).

The prices made here are the lowest ones that the residual network of an assignment asks
for: what a further place would be worth. With an optimal assignment the bound is reached.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.assignment import UNPLACED, Reserve
from matcher.capacity import Capacity
from matcher.columns import Columns, Ints, Keys

MOST_SWEEPS = 20_000
"""After so many sweeps the prices are taken as they are: the bound stays valid."""


@dataclass(frozen=True)
class Prices:
    """Price of one place at each offer, company and region, in thousandths of a point.

    `reserved` are the prices of reserved places, one for each offer that has some; `reserve`
    is what everyone of the policy's reserve has added.
    """

    offers: Keys
    companies: Keys
    regions: Keys
    reserved: Keys
    reserve: int = 0

    def of_path(self, columns: Columns) -> Keys:
        """What a place at each offer costs in all: offer, company and region.

        Row 0 is for everybody, row 1 for people with fewer opportunities, who take the
        cheaper of open and reserved places.
        """
        offers = columns.offers
        path = self.offers + self.companies[offers.company] + self.regions[offers.region]
        both = np.stack((path, path))
        both[1, offers.holders] = np.minimum(path[offers.holders], self.reserved)
        return both

    def of_capacity(self, room: Capacity) -> int:
        """Capacity x price, summed over all nodes that have a price."""
        total = int((np.append(self.offers, self.reserved) * room.places).sum())
        for prices, caps in (
            (self.companies, room.company_caps[: len(self.companies)]),
            (self.regions, room.region_caps[: len(self.regions)]),
        ):
            total += int((prices * np.where(prices > 0, caps, 0)).sum())
        return total


def lowest_prices(
    row: Ints, col: Ints, amount: Keys, chosen: Ints, room: Capacity, reserve: Reserve | None = None
) -> Prices:
    """The lowest prices at which everyone has at least what any other pair would leave.

    `row`, `col`, `amount` are the ways of people who are not locked into pools, `chosen` (n,)
    their pools or UNPLACED, `room` and `reserve` what locked people leave. Prices rise only
    where a full pool, company or region stands in the way. Deterministic, whatever the order
    of pairs.
    """
    level = _Levels(chosen, room)
    placed = chosen[row] == col
    own = np.zeros(len(chosen), dtype=np.int64)
    own[row[placed]] = amount[placed]
    others = ~placed & (amount > 0)
    row, col, amount = row[others], col[others], amount[others]
    order = np.argsort(row, kind="stable")
    row, col, amount = row[order], col[order], amount[order]
    begin = np.searchsorted(row, np.arange(len(chosen) + 1))
    settled = chosen != UNPLACED
    added = _Added(reserve, settled)
    left = np.where(settled, own, added.least_left)
    changed = np.flatnonzero(begin[1:] > begin[:-1])
    for _ in range(MOST_SWEEPS):
        lengths = begin[changed + 1] - begin[changed]
        total = int(lengths.sum())
        skipped = np.repeat(np.cumsum(lengths) - lengths, lengths)
        pair = np.arange(total) - skipped + np.repeat(begin[changed], lengths)
        if total and level.ask(col[pair], amount[pair] - left[row[pair]]).any():
            now = left.copy()
            rest = own[settled] - level.offers[chosen[settled]]
            now[settled] = np.maximum(added.least_left[settled], rest)
        elif added.rises(left):
            now = np.where(settled, left, added.least_left)
        else:
            break
        changed = np.flatnonzero(now < left)
        left = now
    return level.prices(added.price)


class _Added:
    """What a reserve adds to everyone of its group, rising from the least it can be.

    Nothing where more of the group are placed than it is for, the whole reward where fewer
    are. Where just as many are, it rises as far as those who are placed cannot do without it.
    `least_left` (n,) is the least that a place leaves to each person besides what is added.
    """

    def __init__(self, reserve: Reserve | None, settled: NDArray[np.bool_]) -> None:
        self.price = 0
        self.least_left = np.zeros(len(settled), dtype=np.int64)
        self.most = 0
        if reserve is None:
            return
        self.waiting = reserve.group & ~settled
        self.inside = reserve.group & settled
        there = int(self.inside.sum())
        if there < reserve.people:
            self.price = reserve.reward
        elif there == reserve.people:
            self.most = reserve.reward
        self.least_left[self.inside] = -max(self.price, self.most)
        self.least_left[self.waiting] = -self.price

    def rises(self, left: Keys) -> bool:
        """Raise it to what those who are placed lack; says whether it rose."""
        if not self.most:
            return False
        lacking = -int(left[self.inside].min(initial=0))
        if lacking <= self.price:
            return False
        self.price = lacking
        self.least_left[self.waiting] = -lacking
        return True


class _Levels:
    """Cost of the path to the sink from every pool, company and region, rising from 0."""

    def __init__(self, chosen: Ints, room: Capacity) -> None:
        used = room.left_after(chosen[chosen != UNPLACED])
        self.room = room
        self.offer_full = used.places <= 0
        self.company_full = used.company_caps <= 0
        self.region_full = used.region_caps <= 0
        self.offers = np.zeros(len(room.places), dtype=np.int64)
        self.companies = np.zeros(len(room.company_caps), dtype=np.int64)
        self.regions = np.zeros(len(room.region_caps), dtype=np.int64)
        self.company_region = room.company_region

    def ask(self, col: Ints, demand: Keys) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Raise what is full to what is demanded of it; returns which pools rose."""
        before = self.offers.copy()
        rises = demand > self.offers[col]
        col, demand = col[rises], demand[rises]
        full = self.offer_full[col]
        np.maximum.at(self.offers, col[full], demand[full])
        company, demand = self.room.company[col[~full]], demand[~full]
        full = self.company_full[company]
        np.maximum.at(self.companies, company[full], demand[full])
        region, demand = self.company_region[company[~full]], demand[~full]
        full = self.region_full[region]
        np.maximum.at(self.regions, region[full], demand[full])
        np.maximum(self.companies, self.regions[self.company_region], out=self.companies)
        np.maximum(self.offers, self.companies[self.room.company], out=self.offers)
        return self.offers > before

    def prices(self, reserve: int) -> Prices:
        """The part of each level that the node itself adds."""
        offers = self.offers - self.companies[self.room.company]
        companies = self.companies - self.regions[self.company_region]
        last = self.room.reserved_pools
        open_pools, hosts, regions = len(offers) - last, len(companies), len(self.regions)
        if last:
            hosts, regions = hosts - 1, regions - 1
        return Prices(
            offers[:open_pools],
            companies[:hosts],
            self.regions[:regions],
            offers[open_pools:],
            reserve,
        )
