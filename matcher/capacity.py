"""Places and caps: what is agreed, and the pools into which a flow can send people.

The places of an offer are one pool that is open to everybody. Where some are reserved for
people with fewer opportunities, they are a pool of their own, and room for them is set aside
from the caps of company and region as well: so a reserved pool has no cap above it, and who
takes an open place elsewhere in the company cannot use up what a reserved place needs.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import place_in_group
from matcher.columns import UNCAPPED, Columns, Ints, Keys


@dataclass(frozen=True)
class Capacity:
    """Places of pools (or offers), and caps of the companies and regions they belong to.

    UNCAPPED in `company_caps` and `region_caps` means no cap; `company` and `region` say
    where a pool belongs, `company_region` where a company lies. The last `reserved_pools`
    pools are reserved ones; they belong to a last company and region that have no cap.
    """

    places: Keys
    company: Ints
    region: Ints
    company_caps: Keys
    region_caps: Keys
    reserved_pools: int = 0

    @property
    def company_region(self) -> Ints:
        """The region of each company; all offers of a company lie in one."""
        region = np.zeros(len(self.company_caps), dtype=np.int32)
        region[self.company] = self.region
        return region

    def left_after(self, pools: NDArray[Any]) -> "Capacity":
        """What is left when one person has gone to each of these pools; no cap stays no cap."""
        return self._without(np.bincount(pools, minlength=len(self.places)))

    def besides(self, holders: Ints, reserved: Keys) -> "Capacity":
        """Pools that are open, then one reserved pool at each holder of reserved places."""
        kept = np.zeros(len(self.places), dtype=np.int64)
        kept[holders] = reserved
        left = self._without(kept)
        last = len(holders)
        company, region = len(self.company_caps), len(self.region_caps)
        return Capacity(
            np.append(left.places, reserved),
            np.append(self.company, np.full(last, company, dtype=np.int32)),
            np.append(self.region, np.full(last, region, dtype=np.int32)),
            np.append(left.company_caps, UNCAPPED),
            np.append(left.region_caps, UNCAPPED),
            last,
        )

    def _without(self, taken: Keys) -> "Capacity":
        by_company = np.zeros(len(self.company_caps), dtype=np.int64)
        by_region = np.zeros(len(self.region_caps), dtype=np.int64)
        np.add.at(by_company, self.company, taken)
        np.add.at(by_region, self.region, taken)
        return Capacity(
            self.places - taken,
            self.company,
            self.region,
            np.where(is_capped(self.company_caps), self.company_caps - by_company, UNCAPPED),
            np.where(is_capped(self.region_caps), self.region_caps - by_region, UNCAPPED),
            self.reserved_pools,
        )


def is_capped(caps: Keys) -> NDArray[np.bool_]:
    """Where a cap is set."""
    return caps < UNCAPPED


def capacity(columns: Columns) -> Capacity:
    """All places and caps of a problem as agreed, one pool an offer, before locks."""
    offers, settings = columns.offers, columns.settings
    return Capacity(
        offers.places, offers.company, offers.region, settings.company_caps, settings.region_caps
    )


def pools(columns: Columns) -> Capacity:
    """The open pools of all offers, then the reserved pools of those that have some."""
    agreed, holders = capacity(columns), columns.offers.holders
    if not len(holders):
        return agreed
    return agreed.besides(holders, columns.offers.reserved[holders])


def pools_besides_locks(columns: Columns) -> Capacity:
    """What locked people leave of the pools: what prices are about."""
    rows, cols = columns.settings.locks.T
    return pools(columns).left_after(taken_pools(columns, rows, cols))


def taken_pools(columns: Columns, rows: NDArray[Any], cols: NDArray[Any]) -> NDArray[Any]:
    """The pool that each placed pair takes a place of.

    People with fewer opportunities take the reserved places of their offer as long as there
    are any, locked people first: that leaves the most for everybody else.
    """
    reserved_pool = _reserved_pool(columns)
    taken = np.array(cols)
    may = np.flatnonzero(columns.apprentices.fewer_opportunities[rows] & (reserved_pool[cols] >= 0))
    order = may[np.lexsort((rows[may], ~columns.locked[rows[may]], cols[may]))]
    first = order[place_in_group(cols[order]) < columns.offers.reserved[cols[order]]]
    taken[first] = reserved_pool[cols[first]]
    return taken


def ways(columns: Columns, row: Ints, col: Ints) -> tuple[Keys, Ints]:
    """Pairs as ways into pools: the number of the pair and the pool.

    Every pair is a way into the open pool of its offer, and one more into the reserved pool,
    where there is one, for people with fewer opportunities.
    """
    number = np.arange(len(row))
    if not len(columns.offers.holders):
        return number, col
    reserved_pool = _reserved_pool(columns)[col]
    further = np.flatnonzero(columns.apprentices.fewer_opportunities[row] & (reserved_pool >= 0))
    return np.append(number, further), np.append(col, reserved_pool[further])


def offer_of(columns: Columns, pool: NDArray[Any]) -> NDArray[Any]:
    """The offers that these pools belong to."""
    return np.append(columns.offers.row, columns.offers.holders)[pool]


def _reserved_pool(columns: Columns) -> Ints:
    """The reserved pool of every offer, -1 where nothing is reserved."""
    offers = columns.offers
    found = np.full(len(offers.ids), -1, dtype=np.int32)
    found[offers.holders] = len(offers.ids) + np.arange(len(offers.holders), dtype=np.int32)
    return found


def fits(columns: Columns, rows: NDArray[Any], cols: NDArray[Any]) -> bool:
    """Whether these placed pairs keep all places and caps, reserved ones included."""
    left = pools(columns).left_after(taken_pools(columns, rows, cols))
    return all((rest >= 0).all() for rest in (left.places, left.company_caps, left.region_caps))


def has_room(columns: Columns, rows: NDArray[Any], cols: NDArray[Any]) -> NDArray[np.bool_]:
    """Which offers could take one more person beside these placed pairs: offer, company, region.

    Row 0 is for everybody, row 1 for people with fewer opportunities.
    """
    left = pools(columns).left_after(taken_pools(columns, rows, cols))
    free = (left.company_caps > 0)[left.company] & (left.region_caps > 0)[left.region]
    free &= left.places > 0
    offers = len(columns.offers.ids)
    found = np.stack((free[:offers], free[:offers]))
    found[1, columns.offers.holders] |= free[offers:]
    return found
