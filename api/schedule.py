"""When rounds are due: a cron expression with a time zone, and the ticks that it makes."""

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from api.faults import FaultError

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
    counts once. Raises FaultError with what would be right.
    """

    cron: str
    time_zone: str
    _trigger: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what makes no ticks."""
        object.__setattr__(self, "_trigger", _trigger(self.cron, _zone(self.time_zone)))
        if self._trigger.get_next_fire_time(None, SOME_DAY) is None:
            raise FaultError("cron_never", cron=repr(self.cron))

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
        raise FaultError("no_zone", given=repr(name)) from None


def _trigger(cron: str, zone: ZoneInfo) -> Any:
    fields = cron.split()
    if len(fields) != 5:
        raise FaultError("cron_parts", count=len(fields))
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        # cron takes days that meet either, the trigger those that meet both
        raise FaultError("cron_both")
    try:
        return CronTrigger(
            minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday),
            timezone=zone,
        )  # fmt: skip
    except FaultError:
        raise
    except ValueError as error:
        raise FaultError("cron_part", told=str(error)) from None


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
            raise FaultError("cron_step", given=repr(step))
        found.update(WEEKDAYS[day % 7] for day in range(begin, end + 1, int(step or 1)))
    return ",".join(day for day in WEEKDAYS if day in found)


def _weekday(text: str) -> int:
    if text in WEEKDAYS:
        return WEEKDAYS.index(text)
    if text.isdecimal() and int(text) <= 7:
        return int(text)
    raise FaultError("cron_weekday", given=repr(text), names=WEEKDAYS)
