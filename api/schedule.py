"""When rounds are due: a cron expression with a time zone, and the ticks that it makes."""

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
"""In the order in which cron numbers them; 7 is Sunday too."""

BEFORE_A_JUMP = datetime.timedelta(hours=3)
"""More than a clock is ever put forward."""

SOME_DAY = datetime.datetime(2028, 1, 1, tzinfo=datetime.UTC)
"""From here on every day of the calendar comes soon, 29 February too."""


@dataclass(frozen=True)
class Schedule:
    """`cron` has five fields (minute, hour, day of month, month, day of week).

    In the night in which a clock is put forward, a time that is left out comes as much later
    (02:30 is 03:30 then). In the night in which it is put back, the hour that comes twice
    counts once. Raises ValueError with what would be right.
    """

    cron: str
    time_zone: str
    _trigger: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what makes no ticks."""
        object.__setattr__(self, "_trigger", _trigger(self.cron, _zone(self.time_zone)))
        if self._trigger.get_next_fire_time(None, SOME_DAY) is None:
            raise ValueError(f"cron: {self.cron!r} names a day that never comes")

    def ticks(self, after: datetime.datetime) -> Iterator[datetime.datetime]:
        """The ticks later than a time, in UTC, without an end."""
        previous, now = None, after - BEFORE_A_JUMP
        while True:
            tick = self._trigger.get_next_fire_time(previous, now)
            previous = now = tick
            utc = tick.astimezone(datetime.UTC)
            if utc > after and not utc.astimezone(tick.tzinfo).fold:
                yield utc

    def last(self, after: datetime.datetime, until: datetime.datetime) -> datetime.datetime | None:
        """The last tick later than `after` and not later than `until`; None if there is none."""
        due = itertools.takewhile(lambda tick: tick <= until, self.ticks(after))
        return max(due, default=None)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise ValueError(
            f"time_zone: {name!r} is no time zone; one is Europe/Brussels, another UTC"
        ) from None


def _trigger(cron: str, zone: ZoneInfo) -> Any:
    fields = cron.split()
    if len(fields) != 5:
        raise ValueError(
            "cron: must have five fields (minute, hour, day of month, month, day of week),"
            f" not {len(fields)}; '0 2 * * *' is every night at 2"
        )
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        # cron takes days that meet either, the trigger those that meet both
        raise ValueError("cron: give a day of month or a day of week and leave the other one '*'")
    try:
        return CronTrigger(
            minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday),
            timezone=zone,
        )  # fmt: skip
    except ValueError as error:
        raise ValueError(f"cron: {error}") from None


def _weekdays(text: str) -> str:
    """The days by name: the trigger numbers them from Monday, cron from Sunday."""
    if text == "*":
        return text
    found: set[str] = set()
    for part in text.lower().split(","):
        days, _, step = part.partition("/")
        first, _, last = ("0-6" if days == "*" else days).partition("-")
        begin = _weekday(first)
        end = _weekday(last) if last else 6 if step else begin
        if end < begin:
            end += 7
        if step and not (step.isdecimal() and int(step)):
            raise ValueError(f"{step!r} is no step of days; it is a number from 1 on")
        found.update(WEEKDAYS[day % 7] for day in range(begin, end + 1, int(step or 1)))
    return ",".join(day for day in WEEKDAYS if day in found)


def _weekday(text: str) -> int:
    if text in WEEKDAYS:
        return WEEKDAYS.index(text)
    if text.isdecimal() and int(text) <= 7:
        return int(text)
    raise ValueError(f"{text!r} is no day of week; they are 0 to 7 or {', '.join(WEEKDAYS)}")
