"""The problem as arrays: everything that rules and criteria look up, encoded once.

Rows stand in the order of sha256(seed | id), so neither ids nor the order of a file
favours anyone. Days are proleptic Gregorian ordinals, many-valued fields are bit masks
(`uint64`), lists that many rows share are stored once as a *profile*.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.lookup import PairList
from matcher.outcomes import OutcomeSimilarity
from matcher.vocabulary import Reference

Ints = NDArray[np.int32]
Masks = NDArray[np.uint64]
Keys = NDArray[np.int64]
Floats = NDArray[np.float64]
Index = NDArray[np.integer[Any]]

UNLIMITED = np.int32(2**30)
"""A number of days or a day that limits nothing."""

UNCAPPED = 2**40
"""A cap on a company or region that is not set."""


@dataclass(frozen=True)
class ApprenticeColumns:
    """The apprentices of a problem, one array a field, all of length n.

    `days_min` and `days_max` hold the stricter of wish and activity limits;
    `free_from`, `free_to` the parts of the window, from today on, that exams leave, in order:
    one array a part, unused places as empty periods; `longest` the days that national law
    leaves; `latest_end` the last day it allows; `regime` the country and status whose
    rules the apprentice brings along. `needs_confirmed` are the hard needs that a
    coordinator confirmed.
    """

    ids: Sequence[str]
    country: Ints
    regime: Ints
    birth_date: Ints
    occupation: Ints
    outcomes: Ints
    languages: Masks
    free_from: tuple[Ints, ...]
    free_to: tuple[Ints, ...]
    days_min: Ints
    days_ideal: Ints
    days_max: Ints
    longest: Ints
    latest_end: Ints
    destinations: Ints
    licences: Masks
    modes: Masks
    status: Masks
    needs_hard: Masks
    needs_confirmed: Masks
    needs_soft: Masks
    fewer_opportunities: NDArray[np.bool_]

    @cached_property
    def row(self) -> Ints:
        """The number of each row."""
        return np.arange(len(self.country), dtype=np.int32)

    @cached_property
    def limited(self) -> NDArray[np.bool_]:
        """Whose stays national law limits."""
        return (self.longest != UNLIMITED) | (self.latest_end != UNLIMITED)


@dataclass(frozen=True)
class OfferColumns:
    """The offers of a problem, one array a field, all of length m.

    `languages` holds what an apprentice must have for the rule (one level lower where
    the host supports it), `languages_full` the levels that are really asked for. `reserved`
    of the `places` are for apprentices with fewer opportunities only.
    """

    ids: Sequence[str]
    country: Ints
    region: Ints
    company: Ints
    occupation: Ints
    outcomes: Ints
    languages: Masks
    languages_full: Masks
    first_day: Ints
    last_day: Ints
    days_min: Ints
    days_max: Ints
    places: Keys
    reserved: Keys
    provisions: Masks
    statuses: Masks
    modes: Masks
    licences: Masks
    quality: Floats
    verified: NDArray[np.bool_]

    @cached_property
    def holders(self) -> Ints:
        """The offers that have reserved places."""
        return np.flatnonzero(self.reserved > 0).astype(np.int32)

    @cached_property
    def row(self) -> Ints:
        """The number of each row."""
        return np.arange(len(self.country), dtype=np.int32)


@dataclass(frozen=True)
class Tables:
    """What rules and criteria look up for a pair of profiles, a day or an age.

    `closeness` (apprentice x offer profile) and `destination_value` (destination list x
    country, -1 where not accepted) are values in [0, 1]. `minimum_age`, `working_time_age`
    and `hazard_age` (regime x offer) name the column of `birthdays` (n, ages) with the first
    day on which the apprentice is old enough. `next_start` and `previous_start` give the
    nearest allowed first day of a stay at or after, at or before a day (index: day - day_zero).
    """

    closeness: Floats
    destination_value: Floats
    birthdays: Ints
    minimum_age: NDArray[np.int8]
    working_time_age: NDArray[np.int8]
    hazard_age: NDArray[np.int8]
    day_zero: int
    next_start: Ints
    previous_start: Ints
    outcomes: OutcomeSimilarity
    declined: PairList
    excluded: PairList
    accepted_needs: PairList
    interest: PairList

    @cached_property
    def some_weekdays(self) -> bool:
        """Whether stays begin on some weekdays only."""
        return not np.array_equal(self.next_start, self.previous_start)

    @cached_property
    def required_age(self) -> NDArray[np.int8]:
        """The column of `birthdays` that all rules about age together ask for."""
        return np.maximum(np.maximum(self.minimum_age, self.working_time_age), self.hazard_age)


@dataclass(frozen=True)
class Settings:
    """The policy as numbers: weights in thousandths of a point, caps, what is fixed before.

    `reserve` is the share of the placeable people that is for those with fewer opportunities,
    0 for none; `locks` and `forbids` are arrays of (apprentice row, offer row); `company_caps` and
    `region_caps` hold UNCAPPED where nothing is capped.
    """

    objective: str
    hard_needs_first: bool
    reserve: float
    candidates: int
    min_closeness: float
    weights: dict[str, int]
    locks: Keys
    forbids: Keys
    company_caps: Keys
    region_caps: Keys


@dataclass(frozen=True)
class Columns:
    """A whole problem as arrays."""

    apprentices: ApprenticeColumns
    offers: OfferColumns
    tables: Tables
    settings: Settings
    companies: Sequence[str]
    regions: Sequence[str]
    ages: Sequence[int]
    facts: Reference

    @cached_property
    def locked(self) -> NDArray[np.bool_]:
        """Which apprentices a lock places before the assignment."""
        locked = np.zeros(len(self.apprentices.ids), dtype=np.bool_)
        locked[self.settings.locks[:, 0]] = True
        return locked


class View:
    """Columns seen at some rows: an attribute is that column, taken at `rows`, once."""

    def __init__(self, columns: Any, rows: Index) -> None:
        """`rows` may have any shape; a column of shape (n, w) is seen as rows.shape + (w,)."""
        self._columns = columns
        self._rows = rows

    def __getattr__(self, name: str) -> NDArray[Any]:
        taken: NDArray[Any] = np.take(getattr(self._columns, name), self._rows, axis=0)
        self.__dict__[name] = taken
        return taken


class Pairs:
    """Apprentices beside offers: `a.country` and `o.country` broadcast to one shape of pairs.

    Rows of shape (b, 1) and (m,) make a block of b x m pairs, rows of equal shape (p,)
    make p single pairs.
    """

    def __init__(self, columns: Columns, apprentices: Index, offers: Index) -> None:
        """See `columns` at those apprentice and offer rows."""
        self.columns = columns
        self.tables = columns.tables
        self.rows = apprentices
        self.cols = offers
        self.a = View(columns.apprentices, apprentices)
        self.o = View(columns.offers, offers)

    @classmethod
    def block(cls, columns: Columns, apprentices: Index, offers: Index) -> "Pairs":
        """Every apprentice of the first list beside every offer of the second."""
        return cls(columns, apprentices[:, None], offers[None, :])

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape to which all columns broadcast."""
        return np.broadcast_shapes(self.rows.shape, self.cols.shape)

    @cached_property
    def key(self) -> Keys:
        """One whole number a pair: apprentice row x m + offer row."""
        return self.rows.astype(np.int64) * len(self.columns.offers.ids) + self.cols

    @cached_property
    def latest_start(self) -> Ints:
        """The last day on which the shortest stay can begin; see `stays.latest_start`."""
        from matcher.stays import latest_start

        return latest_start(self)

    @cached_property
    def old_enough_on(self) -> Ints:
        """The first day from which no rule about age refuses."""
        from matcher.stays import old_enough_on

        return old_enough_on(self)

    @cached_property
    def stay(self) -> tuple[Ints, Ints]:
        """First day and length of the stay; see `stays.stay`."""
        from matcher.stays import stay

        return stay(self)

    def keep(self, mask: NDArray[np.bool_]) -> "Pairs":
        """The pairs where `mask` is true, as single pairs; what was worked out stays."""
        flat = np.flatnonzero(mask)
        if mask.ndim == 2 and self.rows.shape == (mask.shape[0], 1) and self.cols.ndim == 2:
            local = flat // mask.shape[1]
            rows = np.take(self.rows[:, 0], local)
            cols = np.take(self.cols[0], flat - local * mask.shape[1])
        else:
            rows = np.take(np.broadcast_to(self.rows, mask.shape), flat)
            cols = np.take(np.broadcast_to(self.cols, mask.shape), flat)
        kept = Pairs(self.columns, rows, cols)
        for name in ("latest_start", "old_enough_on"):
            if name in self.__dict__:
                known = np.broadcast_to(self.__dict__[name], mask.shape)
                kept.__dict__[name] = np.take(known, flat)
        return kept


def days(date_ordinals: Any) -> Ints:
    """Ordinals of days as the array type that holds days everywhere."""
    return np.asarray(date_ordinals, dtype=np.int32)
