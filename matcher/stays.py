"""When a stay can be: dates, lengths and ages of pairs, in whole days.

A stay lies inside both windows and outside the days when the apprentice is not
available, begins on an allowed weekday and has a length within all limits. Its length
is the possible one nearest to the ideal; its start the earliest day on which every
rule that depends on the day holds.
"""

import numpy as np
from numpy.typing import NDArray

from matcher.columns import UNLIMITED, Floats, Ints, Pairs

NO_DAY = np.int32(0)
"""Stands where there is no possible day; every real day is later."""


def shortest(pairs: Pairs) -> Ints:
    """The least length in days that both sides and the activity allow."""
    return np.maximum(pairs.a.days_min, pairs.o.days_min)


def longest(pairs: Pairs) -> Ints:
    """The greatest length in days that both sides and the activity allow."""
    return np.minimum(pairs.a.days_max, pairs.o.days_max)


def latest_start(pairs: Pairs) -> Ints:
    """The last day on which the shortest stay can begin, age and national law apart.

    NO_DAY where there is none: then the windows, the days when the apprentice is not
    available, the weekdays or the lengths do not go together.
    """
    least = shortest(pairs)
    latest = np.full(pairs.shape, NO_DAY, dtype=np.int32)
    for part in range(pairs.a.free_from.shape[-1]):
        first = np.maximum(pairs.a.free_from[..., part], pairs.o.first_day)
        last = np.minimum(pairs.a.free_to[..., part], pairs.o.last_day)
        start = pairs.tables.previous_start[last - least + 1 - pairs.tables.day_zero]
        np.copyto(latest, start, where=start >= first)
    np.copyto(latest, NO_DAY, where=least > longest(pairs))
    return latest


def old_enough_on(pairs: Pairs) -> Ints:
    """The first day on which minimum age, working time and hazards allow the apprentice."""
    column = pairs.tables.required_age[pairs.a.regime, pairs.o.row]
    return pairs.tables.birthdays[pairs.a.row, column]


def stay(pairs: Pairs) -> tuple[Ints, Ints]:
    """First day and length of the stay that every day-dependent rule allows.

    Where none is possible the length is less than the shortest one.
    """
    most = np.minimum(longest(pairs), pairs.a.longest)
    starts, rooms = [], []
    for part in range(pairs.a.free_from.shape[-1]):
        first = np.maximum(pairs.a.free_from[..., part], pairs.o.first_day)
        first = np.maximum(first, pairs.old_enough_on)
        last = np.minimum(pairs.a.free_to[..., part], pairs.o.last_day)
        last = np.minimum(last, pairs.a.latest_end)
        start = pairs.tables.next_start[first - pairs.tables.day_zero]
        starts.append(start)
        rooms.append(last - start + 1)
    room = np.maximum.reduce(rooms)
    length = np.minimum(np.maximum(pairs.a.days_ideal, shortest(pairs)), np.minimum(most, room))
    begin = np.full(length.shape, NO_DAY, dtype=np.int32)
    for start, space in zip(reversed(starts), reversed(rooms), strict=True):
        np.copyto(begin, start, where=space >= length)
    return begin, length.astype(np.int32)


def breaks_national_limit(pairs: Pairs) -> NDArray[np.bool_]:
    """Where national law leaves no stay, although dates and ages alone would.

    Where dates or ages refuse already, only what the law refuses by itself counts.
    """
    a, least = pairs.a, shortest(pairs)
    if np.all(a.longest == UNLIMITED) and np.all(a.latest_end == UNLIMITED):
        return np.zeros(pairs.shape, dtype=np.bool_)
    alone = a.longest < least
    alone |= a.latest_end < np.maximum(a.free_from[..., 0], pairs.o.first_day) + least - 1
    possible = (pairs.latest_start > NO_DAY) & (pairs.latest_start >= pairs.old_enough_on)
    _, length = pairs.stay
    return np.where(possible, length < least, alone)


def share_of_ideal(pairs: Pairs) -> Floats:
    """How near the length of the stay is to the ideal one: the smaller by the larger."""
    length = np.maximum(pairs.stay[1], 0)
    ideal = pairs.a.days_ideal
    return np.minimum(length, ideal) / np.maximum(np.maximum(length, ideal), 1)
