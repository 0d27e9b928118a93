"""When a stay can be: dates, lengths and ages of pairs, in whole days.

A stay lies inside both windows and outside the days when the apprentice is not
available, begins today or later, on an allowed weekday, and has a length within all
limits. Its length is the possible one nearest to the ideal; its start the earliest day on
which every rule that depends on the day holds.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Floats, Ints, Pairs
from matcher.lookup import entry

NO_DAY = np.int32(0)
"""Stands where there is no possible day; every real day is later."""


def shortest(pairs: Pairs) -> Ints:
    """The least length in days that both sides and the activity allow."""
    return np.maximum(pairs.a.days_min, pairs.o.days_min)


def longest(pairs: Pairs) -> Ints:
    """The greatest length in days that both sides and the activity allow."""
    return np.minimum(pairs.a.days_max, pairs.o.days_max)


def some_stay(pairs: Pairs) -> NDArray[np.bool_]:
    """Where the shortest stay fits, age and national law apart: `latest_start` is a day."""
    if pairs.tables.some_weekdays:
        return pairs.latest_start > NO_DAY
    less = shortest(pairs) - np.int32(1)
    fits = np.zeros(pairs.shape, dtype=np.bool_)
    for begin, end in free_parts(pairs):
        room = np.minimum(end, pairs.o.last_day)
        room -= np.maximum(begin, pairs.o.first_day)
        fits |= room >= less
    fits &= less < longest(pairs)
    return fits


def latest_start(pairs: Pairs) -> Ints:
    """The last day on which the shortest stay can begin, age and national law apart.

    NO_DAY where there is none: then the windows, the days when the apprentice is not
    available, the weekdays or the lengths do not go together.
    """
    least = shortest(pairs)
    latest = np.full(pairs.shape, NO_DAY, dtype=np.int32)
    for begin, end in free_parts(pairs):
        first = np.maximum(begin, pairs.o.first_day)
        start = np.minimum(end, pairs.o.last_day) - least + 1
        if pairs.tables.some_weekdays:
            start = pairs.tables.previous_start[start - pairs.tables.day_zero]
        np.copyto(latest, start, where=start >= first)
    np.copyto(latest, NO_DAY, where=least > longest(pairs))
    return latest


def free_parts(pairs: Pairs) -> Iterator[tuple[Ints, Ints]]:
    """First and last days of the parts of the apprentices' windows, those that all lack apart."""
    people = pairs.columns.apprentices
    for part, (first, last) in enumerate(zip(people.free_from, people.free_to, strict=True)):
        begin, end = np.take(first, pairs.rows), np.take(last, pairs.rows)
        if part == 0 or (begin <= end).any():
            yield begin, end


def old_enough_on(pairs: Pairs) -> Ints:
    """The first day on which minimum age, working time and hazards allow the apprentice."""
    return birthday(pairs, pairs.tables.required_age)


def birthday(pairs: Pairs, ages: NDArray[np.int8]) -> Ints:
    """The first day on which apprentices have the age that `ages` (regime x offer) asks for."""
    column = entry(ages, pairs.a.regime, pairs.cols)
    return entry(pairs.tables.birthdays, pairs.rows, column)


def stay(pairs: Pairs) -> tuple[Ints, Ints]:
    """First day and length of the stay that every day-dependent rule allows.

    Where none is possible the length is less than the shortest one.
    """
    most = np.minimum(longest(pairs), pairs.a.longest)
    starts, rooms = [], []
    for begin, end in free_parts(pairs):
        start = np.maximum(np.maximum(begin, pairs.o.first_day), pairs.old_enough_on)
        last = np.minimum(np.minimum(end, pairs.o.last_day), pairs.a.latest_end)
        if pairs.tables.some_weekdays:
            start = pairs.tables.next_start[start - pairs.tables.day_zero]
        starts.append(start)
        rooms.append(last - start + 1)
    room = np.maximum.reduce(rooms)
    length = np.minimum(np.maximum(pairs.a.days_ideal, shortest(pairs)), np.minimum(most, room))
    first_day = np.broadcast_to(starts[-1], length.shape)
    for start, space in zip(starts[-2::-1], rooms[-2::-1], strict=True):
        first_day = np.where(space >= length, start, first_day)
    return first_day, length


def breaks_national_limit(pairs: Pairs) -> NDArray[np.bool_]:
    """Where national law leaves no stay, although dates and ages alone would.

    Where dates or ages refuse already, only what the law refuses by itself counts.
    """
    bound = pairs.a.limited
    refused = np.zeros(pairs.shape, dtype=np.bool_)
    if not bound.any():
        return refused
    bound = np.broadcast_to(bound, pairs.shape)
    few = pairs.keep(bound)
    a, least = few.a, shortest(few)
    alone = a.longest < least
    alone |= (
        a.latest_end
        < np.maximum(np.take(pairs.columns.apprentices.free_from[0], few.rows), few.o.first_day)
        + least
        - 1
    )
    possible = (few.latest_start > NO_DAY) & (few.latest_start >= few.old_enough_on)
    _, length = few.stay
    refused[bound] = np.where(possible, length < least, alone)
    return refused


def share_of_ideal(pairs: Pairs) -> Floats:
    """How near the length of the stay is to the ideal one: the smaller by the larger."""
    length = np.maximum(pairs.stay[1], 0)
    ideal = pairs.a.days_ideal
    return np.minimum(length, ideal) / np.maximum(np.maximum(length, ideal), 1)
