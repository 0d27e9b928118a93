"""How far a workplace is from home, as the crow flies."""

import math
import uuid
from collections.abc import Mapping

from sqlmodel import Session

import models
from api.store.windows import Place

EARTH = 6371.0
"""The mean radius of the earth in kilometres (IUGG)."""

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


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
    session: Session, home_region: uuid.UUID, places: Mapping[uuid.UUID, Place]
) -> dict[uuid.UUID, int]:
    """Kilometres from the town of the sending region to the workplaces of windows.

    Whole ones, cut off: the travel bands of Erasmus+ begin and end with whole ones. A workplace
    without coordinates counts as in the town of its region.
    """
    home = session.get_one(models.Region, home_region)
    found = {}
    for window, place in places.items():
        there = (place.site.latitude, place.site.longitude)
        if there[0] is None or there[1] is None:
            there = (place.region.latitude, place.region.longitude)
        assert there[0] is not None and there[1] is not None  # noqa: S101, PT018  # a region has both
        found[window] = math.floor(between((home.latitude, home.longitude), (there[0], there[1])))
    return found
