"""Prices that prove how good an assignment is (linear programming duality).

Every offer, capped company and capped region has a price of 0 or more. For any prices,
no assignment is worth more than

    sum over people of max(0, best worth minus the prices on its path)
    + sum over capped nodes of capacity x price.

The prices made here are the lowest ones that the residual network of an assignment asks
for: what a further place would be worth. With an optimal assignment the bound is reached.
"""

from dataclasses import dataclass

import numpy as np

from matcher.assignment import UNPLACED, Capacity
from matcher.columns import Ints, Keys

MOST_SWEEPS = 20_000
"""After so many sweeps the prices are taken as they are: the bound stays valid."""


@dataclass(frozen=True)
class Prices:
    """Price of one place at each offer, company and region, in thousandths of a point."""

    offers: Keys
    companies: Keys
    regions: Keys

    def of_path(self, room: Capacity) -> Keys:
        """What a place at each offer costs in all: offer, company and region."""
        return self.offers + self.companies[room.company] + self.regions[room.region]

    def of_capacity(self, room: Capacity) -> int:
        """Capacity x price, summed over all nodes that have a price."""
        return int(
            (self.offers * room.places).sum()
            + (self.companies * np.where(self.companies > 0, room.company_caps, 0)).sum()
            + (self.regions * np.where(self.regions > 0, room.region_caps, 0)).sum()
        )


def lowest_prices(row: Ints, col: Ints, amount: Keys, chosen: Ints, room: Capacity) -> Prices:
    """The lowest prices at which everyone has at least what any other pair would leave.

    `row`, `col`, `amount` are the pairs of people who are not locked, `chosen` (n,) their
    offers or UNPLACED, `room` the capacity without locks. Prices rise only where a full
    offer, company or region stands in the way. Deterministic, whatever the order of pairs.
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
    left = np.zeros(len(chosen), dtype=np.int64)
    left[settled] = own[settled]
    changed = np.flatnonzero(begin[1:] > begin[:-1])
    for _ in range(MOST_SWEEPS):
        lengths = begin[changed + 1] - begin[changed]
        total = int(lengths.sum())
        if not total:
            break
        skipped = np.repeat(np.cumsum(lengths) - lengths, lengths)
        pair = np.arange(total) - skipped + np.repeat(begin[changed], lengths)
        risen = level.ask(col[pair], amount[pair] - left[row[pair]])
        if not risen.any():
            break
        now = left.copy()
        now[settled] = np.maximum(0, own[settled] - level.offers[chosen[settled]])
        changed = np.flatnonzero(now < left)
        left = now
    return level.prices()


class _Levels:
    """Cost of the path to the sink from every offer, company and region, rising from 0."""

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
        """Raise what is full to what is demanded of it; returns which offers rose."""
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

    def prices(self) -> Prices:
        """The part of each level that the node itself adds."""
        return Prices(
            self.offers - self.companies[self.room.company],
            self.companies - self.regions[self.company_region],
            self.regions,
        )
