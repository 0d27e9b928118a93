"""The outlines of countries, from Natural Earth by way of world-atlas (TopoJSON).

The format: arcs are lists of points, shared by the countries on both sides of a border; points
are whole numbers, each the difference to the one before, that `transform` scales to degrees; arc
~n is arc n backwards (TopoJSON specification 1.0, 2.1.2 to 2.1.4).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from api.pages.assets import PACKAGES
from api.pages.pictures.projection import Point, project

FILE = "countries-50m.json"
"""Where `make packages` puts the outlines, in the folder `packages` of the pages."""

WEST, SOUTH, EAST, NORTH = -45.0, 15.0, 75.0, 84.0
"""Countries with no point in here are no neighbours of Europe; far ones cannot be drawn."""

SMOOTH = 0.8
"""Points that lie nearer to the line without them are left out, in units of the picture."""

SMALLEST = 3.0
"""Islands of a smaller area are left out, in square units of the picture."""

BEYOND = 12.0
"""Land is cut so far outside of the picture: no line is drawn where it is cut."""

Line = list[Point]


@dataclass(frozen=True)
class Frame:
    """Which part of the map is shown: metres east and north of its corner, and of a unit."""

    left: float
    top: float
    metre: float
    width: int
    height: int

    def place(self, longitude: float, latitude: float) -> Point:
        """Where a place lies in the picture."""
        east, north = project(longitude, latitude)
        return (east - self.left) / self.metre, (self.top - north) / self.metre


@cache
def _topology() -> dict[str, Any] | None:
    file = PACKAGES / FILE
    if not file.is_file():
        return None
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def are_there() -> bool:
    """Whether the outlines were fetched."""
    return _topology() is not None


@lru_cache(maxsize=16)
def land(frame: Frame) -> str | None:
    """The land in a frame as the path of an SVG; None where the outlines are missing."""
    topology = _topology()
    return None if topology is None else path_of(topology, frame)


def path_of(topology: dict[str, Any], frame: Frame) -> str:
    """The countries of a topology in a frame, as the path of an SVG."""
    shown = _Shown(topology, frame)
    rings = (_cut(ring, frame) for ring in shown.rings())
    return "".join(_written(ring) for ring in rings if _area(ring) >= SMALLEST)


class _Shown:
    """The arcs of a topology, each read, drawn and smoothed once."""

    def __init__(self, topology: dict[str, Any], frame: Frame) -> None:
        self.topology, self.frame = topology, frame
        self.degrees: dict[int, Line] = {}
        self.drawn: dict[int, Line] = {}

    def rings(self) -> Iterator[Line]:
        """The borders of the countries near the frame, each a closed line."""
        for country in self.topology["objects"]["countries"]["geometries"]:
            polygons = country.get("arcs", [])
            if country["type"] == "Polygon":
                polygons = [polygons]
            for polygon in polygons:
                for ring in polygon:
                    if self._is_near(ring):
                        yield self._line(ring)

    def _is_near(self, ring: Sequence[int]) -> bool:
        return any(
            WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH
            for arc in ring
            for longitude, latitude in self._arc(arc if arc >= 0 else ~arc)
        )

    def _line(self, ring: Sequence[int]) -> Line:
        """Arcs one after another: each begins where the one before ends."""
        line: Line = []
        for arc in ring:
            points = self._drawn(arc) if arc >= 0 else self._drawn(~arc)[::-1]
            line += points[1:] if line else points
        return line

    def _drawn(self, arc: int) -> Line:
        if arc not in self.drawn:
            self.drawn[arc] = smooth([self.frame.place(*point) for point in self._arc(arc)])
        return self.drawn[arc]

    def _arc(self, arc: int) -> Line:
        if arc not in self.degrees:
            (scale_x, scale_y) = self.topology["transform"]["scale"]
            (left, low) = self.topology["transform"]["translate"]
            x = y = 0
            points: Line = []
            for step_x, step_y in self.topology["arcs"][arc]:
                x, y = x + step_x, y + step_y
                points.append((x * scale_x + left, y * scale_y + low))
            self.degrees[arc] = points
        return self.degrees[arc]


def smooth(line: Line, tolerance: float = SMOOTH) -> Line:
    """A line without the points that make no visible difference (Douglas and Peucker, 1973).

    Its ends stay: neighbours share the line, so nothing gapes between them.
    """
    if len(line) < 3:
        return line
    kept = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        far, most = 0, tolerance
        for n in range(first + 1, last):
            distance = _distance(line[n], line[first], line[last])
            if distance > most:
                far, most = n, distance
        if far:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return [line[n] for n in sorted(kept)]


def _distance(point: Point, one: Point, other: Point) -> float:
    """From a point to the line between two others, or to the point where both are the same."""
    along, down = other[0] - one[0], other[1] - one[1]
    length = (along * along + down * down) ** 0.5
    if length == 0:
        return float(((point[0] - one[0]) ** 2 + (point[1] - one[1]) ** 2) ** 0.5)
    return float(abs(along * (one[1] - point[1]) - (one[0] - point[0]) * down) / length)


def _cut(ring: Line, frame: Frame) -> Line:
    """The part of a ring in the frame, side by side (Sutherland and Hodgman, 1974)."""
    for axis, limit, keeps_larger in (
        (0, -BEYOND, True), (0, frame.width + BEYOND, False),
        (1, -BEYOND, True), (1, frame.height + BEYOND, False),
    ):  # fmt: skip
        ring = _cut_at(ring, axis, limit, keeps_larger=keeps_larger)
    return ring


def _cut_at(ring: Line, axis: int, limit: float, *, keeps_larger: bool) -> Line:
    def inside(point: Point) -> bool:
        return point[axis] >= limit if keeps_larger else point[axis] <= limit

    kept: Line = []
    for n, point in enumerate(ring):
        before = ring[n - 1]
        if inside(point) != inside(before):
            share = (limit - before[axis]) / (point[axis] - before[axis])
            kept.append(
                (before[0] + share * (point[0] - before[0]),
                 before[1] + share * (point[1] - before[1]))
            )  # fmt: skip
        if inside(point):
            kept.append(point)
    return kept


def _area(ring: Line) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def _written(ring: Line) -> str:
    """A ring as a path of whole units, each step from the point before."""
    x, y = (round(part) for part in ring[0])
    steps = [f"M{x} {y}l"]
    for point in ring[1:]:
        then = (round(point[0]), round(point[1]))
        if then != (x, y):
            steps.append(f"{then[0] - x} {then[1] - y} ")
        x, y = then
    return "".join(steps).rstrip() + "z"
