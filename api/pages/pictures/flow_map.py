"""The map of flows: regions as dots with their names, an arrow for each flow."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.pages.pictures.drawing import text
from api.pages.pictures.outlines import Frame, land
from api.pages.pictures.projection import Point, project

WIDTH = 1000
"""Units of the picture. Letters are 24 of them high, so that they can be read on a phone."""

SHALLOWEST, TALLEST = 560, 1000
MARGIN = 0.16
"""Of the width, around the outermost regions: there is place for names."""

SMALLEST_METRES = 1_200_000
"""A map never shows less than this: the alliance may be one country yet."""

STEP = 50_000
"""Frames begin and end at these metres, so that a map is drawn once for many calls."""

LETTER, LINE = 13.2, 26
"""An average letter is so wide, and a line so high, in the size of names."""

DOT = 9
FEW, THINNEST, THICKEST = 6, 3.0, 18.0
"""With fewer people than that no arrow is as thick as one can be."""
BEND = 0.16
"""How far an arrow swings out, of its length: there and back lie beside each other."""


@dataclass(frozen=True)
class Stop:
    """A region on the map."""

    code: str
    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Arrow:
    """A flow: how thick (people, at least), whether anybody is placed yet, how it is labelled.

    `is_idea`: nobody is even asked yet.
    """

    start: str
    end: str
    count: int
    is_sure: bool
    label: str
    told: str
    is_idea: bool = False


@dataclass(frozen=True)
class Room:
    """A rectangle that something takes."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Room") -> float:
        """The area that both take."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0


def frame_of(stops: Sequence[Stop]) -> Frame:
    """The part of the map in which these regions lie."""
    points = [project(stop.longitude, stop.latitude) for stop in stops] or [project(10, 52)]
    left, right = (pick(p[0] for p in points) for pick in (min, max))
    low, high = (pick(p[1] for p in points) for pick in (min, max))
    wide, tall = max(right - left, SMALLEST_METRES), max(high - low, SMALLEST_METRES * 0.56)
    across = _stepped(wide * (1 + 2 * MARGIN))
    height = min(TALLEST, max(SHALLOWEST, WIDTH * tall * (1 + 2 * MARGIN) / across))
    if WIDTH * tall * (1 + 2 * MARGIN) / across > TALLEST:
        across = _stepped(tall * (1 + 2 * MARGIN) * WIDTH / TALLEST)
    metre = across / WIDTH
    height = round(height)
    return Frame(
        _stepped((left + right - across) / 2), _stepped((low + high + height * metre) / 2), metre,
        WIDTH, height,
    )  # fmt: skip


def _stepped(metres: float) -> float:
    return math.ceil(metres / STEP) * STEP


def draw(stops: Sequence[Stop], arrows: Sequence[Arrow]) -> tuple[Frame, tuple[str, ...]]:
    """The frame and the parts of the map."""
    frame = frame_of(stops)
    places = {stop.code: frame.place(stop.longitude, stop.latitude) for stop in stops}
    most = max((arrow.count for arrow in arrows), default=1)
    parts = [f'<rect class="sea" width="{frame.width}" height="{frame.height}"/>']
    outlines = land(frame)
    if outlines:
        parts.append(f'<path class="land" fill-rule="evenodd" d="{outlines}"/>')
    curves = [_Curve(arrow, places[arrow.start], places[arrow.end], most) for arrow in arrows]
    parts += [part for curve in reversed(curves) for part in curve.parts()]
    taken = [_around(point, DOT + 3) for point in places.values()]
    lines = [_around(curve.at(n / 16), curve.width / 2 + 3) for curve in curves for n in range(17)]
    names = list(_names(stops, places, taken, lines, frame))
    parts += [text(*curve.label_at(taken), "count", "middle") for curve in curves]
    for x, y in places.values():
        parts.append(f'<circle class="stop" cx="{x:.0f}" cy="{y:.0f}" r="{DOT}"/>')
    return frame, (*parts, *names)


class _Curve:
    """An arrow as a curve that swings out to the left of where it goes."""

    def __init__(self, arrow: Arrow, start: Point, end: Point, most: int) -> None:
        self.arrow = arrow
        self.width = max(THINNEST, THICKEST * arrow.count / max(most, FEW))
        across, down = end[0] - start[0], end[1] - start[1]
        self.length = math.hypot(across, down) or 1.0
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self.bend = (middle[0] + down * BEND * 2, middle[1] - across * BEND * 2)
        self.start = _towards(start, self.bend, DOT + 4)
        self.tip = _towards(end, self.bend, DOT + 3)
        self.head = max(16.0, self.width * 1.9)
        self.end = _towards(self.tip, self.bend, self.head * 0.9)

    def at(self, t: float) -> Point:
        """A point of the curve, from 0 at its start to 1 at its end."""
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        return (
            a * self.start[0] + b * self.bend[0] + c * self.end[0],
            a * self.start[1] + b * self.bend[1] + c * self.end[1],
        )

    def parts(self) -> Iterator[str]:
        """The line and its head; dashed while nobody is placed, dotted while nobody is asked."""
        kind = "flow idea" if self.arrow.is_idea else "flow" if self.arrow.is_sure else "flow maybe"
        (x, y), (bx, by), (ex, ey) = self.start, self.bend, self.end
        along = (self.tip[0] - ex, self.tip[1] - ey)
        size = math.hypot(*along) or 1.0
        half = self.head * 0.55
        side = (-along[1] / size * half, along[0] / size * half)
        yield (
            f'<g class="{kind}"><title>{_escaped(self.arrow.told)}</title>'
            f'<path d="M{x:.0f} {y:.0f}Q{bx:.0f} {by:.0f} {ex:.0f} {ey:.0f}"'
            f' stroke-width="{self.width:.1f}"/>'
            f'<path class="head" d="M{self.tip[0]:.0f} {self.tip[1]:.0f}'
            f'L{ex + side[0]:.0f} {ey + side[1]:.0f}L{ex - side[0]:.0f} {ey - side[1]:.0f}z"/></g>'
        )

    def label_at(self, taken: list[Room]) -> tuple[float, float, str]:
        """Where the number stands on the curve: where it covers least."""
        wide = len(self.arrow.label) * LETTER
        rooms = [
            (Room(x - wide / 2, y - LINE / 2, x + wide / 2, y + LINE / 2), x, y)
            for x, y in map(self.at, (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74))
        ]
        room, x, y = min(rooms, key=lambda one: sum(one[0].overlap(other) for other in taken))
        taken.append(room)
        return x, y + LINE / 3, self.arrow.label


def _names(
    stops: Iterable[Stop], places: dict[str, Point], taken: list[Room], lines: Sequence[Room],
    frame: Frame,
) -> Iterator[str]:  # fmt: skip
    """The names of the regions, each on the side of its dot where it covers least.

    They go before the lines of the arrows, but never over a dot, a name or the edge.
    """
    outside = (
        Room(-1e6, -1e6, 4, 1e6), Room(frame.width - 4, -1e6, 1e6, 1e6),
        Room(-1e6, -1e6, 1e6, 4), Room(-1e6, frame.height - 4, 1e6, 1e6),
    )  # fmt: skip
    for stop in sorted(stops, key=lambda one: -len(one.name)):
        x, y = places[stop.code]
        wide, gap = len(stop.name) * LETTER, DOT + 7
        corners = (
            (x + gap, y - LINE / 2, "start"), (x - gap - wide, y - LINE / 2, "end"),
            (x - wide / 2, y - gap - LINE, "middle"), (x - wide / 2, y + gap, "middle"),
            (x + gap, y - gap - LINE, "start"), (x + gap, y + gap, "start"),
            (x - gap - wide, y - gap - LINE, "end"), (x - gap - wide, y + gap, "end"),
            (x + gap, y + gap + LINE, "start"), (x + gap, y - gap - 2 * LINE, "start"),
        )  # fmt: skip
        rooms = [
            (Room(left, top, left + wide, top + LINE), anchor) for left, top, anchor in corners
        ]
        room, anchor = min(
            rooms,
            key=lambda one: (
                sum(one[0].overlap(other) for other in (*taken, *outside)),
                sum(one[0].overlap(other) for other in lines),
            ),
        )
        taken.append(room)
        at = {"start": room.left, "end": room.right, "middle": (room.left + room.right) / 2}
        yield text(at[anchor], room.bottom - LINE * 0.25, stop.name, "name", anchor)


def _towards(point: Point, other: Point, far: float) -> Point:
    across, down = other[0] - point[0], other[1] - point[1]
    length = math.hypot(across, down) or 1.0
    return point[0] + across / length * far, point[1] + down / length * far


def _around(point: Point, far: float) -> Room:
    return Room(point[0] - far, point[1] - far, point[0] + far, point[1] + far)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")
