"""How far a workplace is from home, as the crow flies."""

import math
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

import models
from api import store

EARTH = 6371.0
"""The mean radius of the earth in kilometres (IUGG)."""

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class Distances:
    """From the town of the sending region to the workplaces of windows.

    In whole kilometres, cut off: the travel bands of Erasmus+ begin and end with whole ones.
    """

    town: str
    km: dict[uuid.UUID, int]


def between(here: Point, there: Point) -> float:
    """The great circle between two places, in kilometres (haversine)."""
    (lat, lon), (lat_there, lon_there) = (
        (math.radians(point[0]), math.radians(point[1])) for point in (here, there)
    )
    half = (
        math.sin((lat_there - lat) / 2) ** 2
        + math.cos(lat) * math.cos(lat_there) * math.sin((lon_there - lon) / 2) ** 2
    )
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def from_home(
    session: Session, home_region: uuid.UUID, windows: Collection[uuid.UUID]
) -> Distances:
    """A workplace without coordinates counts as in the town of its region."""
    home = session.get_one(models.Region, home_region)
    found = {}
    for window, place in store.windows.places_of(session, windows).items():
        there = (place.site.latitude, place.site.longitude)
        if there[0] is None or there[1] is None:
            there = (place.region.latitude, place.region.longitude)
        assert there[0] is not None and there[1] is not None  # noqa: S101, PT018  # a region has both
        found[window] = math.floor(between((home.latitude, home.longitude), (there[0], there[1])))
    return Distances(home.town, found)
