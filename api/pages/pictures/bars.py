"""Bars: stacked ones beside each other for each month, and two for each region."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.pictures.drawing import box, fill, patterns, text

WIDTH = 1000
LEFT, RIGHT, TOP, HIGH = 80, 20, 56, 360
LETTERS_OF_NAME = 22
LETTER = 10.5
"""So wide is an average letter of the small size."""


@dataclass(frozen=True)
class Part:
    """A part of a bar: its fill, how much, and what it says when it is pointed at."""

    fill: int
    count: int
    told: str


@dataclass(frozen=True)
class Group:
    """Bars that belong together under one name; each is a label and its parts, the first first."""

    name: str
    bars: Sequence[tuple[str, Sequence[Part]]]


def stacked(
    name: str, groups: Sequence[Group], legend: Sequence[str], told: str
) -> tuple[int, tuple[str, ...]]:
    """The height and parts of bars that stand; `legend` names the fills, `told` the bars.

    Where names would touch each other, some are left out.
    """
    most = max((sum(p.count for p in parts) for g in groups for _, parts in g.bars), default=0)
    step = step_of(most)
    top = max(step, math.ceil(most / step) * step)
    made = [patterns(name), text(LEFT, 24, told, "small")]
    for n in range(0, top + 1, step):
        y = TOP + HIGH - HIGH * n / top
        made.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        made.append(text(LEFT - 12, y + 7, str(n), "small", "end"))
    wide = (WIDTH - LEFT - RIGHT) / max(len(groups), 1)
    longest = max((len(group.name) for group in groups), default=0)
    every = math.ceil((longest + 1) * LETTER / wide)
    for n, group in enumerate(groups):
        left = LEFT + n * wide
        thick = wide * 0.8 / max(len(group.bars), 1)
        for k, (_, parts) in enumerate(group.bars):
            x, y = left + wide * 0.1 + k * thick, float(TOP + HIGH)
            for part in parts:
                tall = HIGH * part.count / top
                y -= tall
                if part.count:
                    made.append(box(x, y, thick * 0.88, tall, fill(name, part.fill), part.told))
        if n % every == 0:
            made.append(text(left + wide / 2, TOP + HIGH + 30, group.name, "small", "middle"))
    y = TOP + HIGH + 56
    made += _legend(name, legend, y)
    return y + 34 * math.ceil(len(legend) / 3) + 6, tuple(made)


def _legend(name: str, legend: Sequence[str], y: float) -> list[str]:
    made = []
    for n, words in enumerate(legend):
        x, top = LEFT + (n % 3) * 300, y + 34 * (n // 3)
        made.append(box(x, top, 30, 22, fill(name, n)))
        made.append(text(x + 40, top + 18, words, "small"))
    return made


def lying(name: str, groups: Sequence[Group], legend: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """The height and parts of bars that lie, with their numbers at the end."""
    most = max((p.count for g in groups for _, parts in g.bars for p in parts), default=0) or 1
    made = [patterns(name)]
    left, room, y = 300, WIDTH - 300 - 110, 16.0
    for group in groups:
        short = group.name
        if len(short) > LETTERS_OF_NAME:
            short = f"{short[: LETTERS_OF_NAME - 1]}…"
        made.append(text(left - 16, y + 34, short, "name", "end"))
        for label, parts in group.bars:
            for part in parts:
                long = room * part.count / most
                made.append(box(left, y, max(long, 1), 24, fill(name, part.fill), part.told))
                made.append(text(left + long + 12, y + 19, label, "small"))
            y += 28
        y += 18
    for n, words in enumerate(legend):
        made.append(box(left + n * 300, y, 30, 22, fill(name, n)))
        made.append(text(left + n * 300 + 40, y + 18, words, "small"))
    return round(y + 40), tuple(made)


def step_of(most: int) -> int:
    """The step of the scale: 1, 2 or 5 with noughts, so that there are at most six of them."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * 6 >= most:
                return step
        size *= 10
