"""Where a place lies on a map of Europe: Lambert azimuthal equal-area, ETRS89-LAEA (EPSG:3035).

Formulas: IOGP Guidance Note 7-2, Lambert Azimuthal Equal Area; ellipsoid GRS 1980. Areas are
true, so that no country looks larger than it is.
"""

import math

AXIS = 6_378_137.0
FLATTENING = 1 / 298.257222101
ECCENTRICITY = math.sqrt(FLATTENING * (2 - FLATTENING))

LATITUDE, LONGITUDE = math.radians(52), math.radians(10)
"""The centre: it lies at FALSE_EAST and FALSE_NORTH."""

FALSE_EAST, FALSE_NORTH = 4_321_000.0, 3_210_000.0

Point = tuple[float, float]


def _q(latitude: float) -> float:
    e, s = ECCENTRICITY, math.sin(latitude)
    log = math.log((1 - e * s) / (1 + e * s)) / (2 * e)
    return (1 - e * e) * (s / (1 - e * e * s * s) - log)


_Q_POLE = _q(math.pi / 2)
_RADIUS = AXIS * math.sqrt(_Q_POLE / 2)
_BETA = math.asin(_q(LATITUDE) / _Q_POLE)
_D = (
    AXIS * math.cos(LATITUDE) / math.sqrt(1 - (ECCENTRICITY * math.sin(LATITUDE)) ** 2)
) / (_RADIUS * math.cos(_BETA))  # fmt: skip


def project(longitude: float, latitude: float) -> Point:
    """Metres east and north of a place in degrees. The antipode of the centre lies nowhere."""
    beta = math.asin(max(-1.0, min(1.0, _q(math.radians(latitude)) / _Q_POLE)))
    turn = math.radians(longitude) - LONGITUDE
    towards = (
        1 + math.sin(_BETA) * math.sin(beta) + math.cos(_BETA) * math.cos(beta) * math.cos(turn)
    )
    scale = _RADIUS * math.sqrt(2 / max(towards, 1e-9))
    east = scale * _D * math.cos(beta) * math.sin(turn)
    north = (scale / _D) * (
        math.cos(_BETA) * math.sin(beta) - math.sin(_BETA) * math.cos(beta) * math.cos(turn)
    )
    return FALSE_EAST + east, FALSE_NORTH + north
