"""The ticks of a schedule, above all in the nights in which clocks are moved."""

import datetime
import itertools

import pytest

from api.schedule import Schedule

BRUSSELS = "Europe/Brussels"
HALF_AN_HOUR = datetime.timedelta(minutes=30)


def utc(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def ticks(cron: str, after: str, count: int, zone: str = BRUSSELS) -> list[str]:
    found = itertools.islice(Schedule(cron, zone).ticks(utc(after)), count)
    return [tick.strftime("%a %d %b %H:%M") for tick in found]


def test_every_night_at_two_is_two_where_the_alliance_is() -> None:
    assert ticks("0 2 * * *", "2027-01-15T09:00", 2) == ["Sat 16 Jan 01:00", "Sun 17 Jan 01:00"]
    assert ticks("0 2 * * *", "2027-07-15T09:00", 2) == ["Fri 16 Jul 00:00", "Sat 17 Jul 00:00"]


def test_a_time_that_the_spring_night_leaves_out_comes_an_hour_later_and_once() -> None:
    assert ticks("30 2 * * *", "2027-03-27T12:00", 2) == ["Sun 28 Mar 01:30", "Mon 29 Mar 00:30"]


@pytest.mark.parametrize("minute", range(0, 100, 10))
def test_the_spring_night_has_its_tick_wherever_one_begins_to_look(minute: int) -> None:
    begin = utc("2027-03-27T23:50") + datetime.timedelta(minutes=minute)
    assert next(Schedule("30 2 * * *", BRUSSELS).ticks(begin)) == utc("2027-03-28T01:30")


def test_the_hour_that_the_autumn_night_repeats_counts_once() -> None:
    expected = ["Sun 31 Oct 00:30", "Mon 01 Nov 01:30"]
    assert ticks("30 2 * * *", "2027-10-30T12:00", 2) == expected
    assert ticks("30 2 * * *", "2027-10-31T00:45", 1) == expected[1:]
    assert ticks("0 * * * *", "2027-10-30T22:30", 4) == [
        "Sat 30 Oct 23:00", "Sun 31 Oct 00:00", "Sun 31 Oct 02:00", "Sun 31 Oct 03:00",
    ]  # fmt: skip


def test_weekdays_are_numbered_as_cron_does() -> None:
    def days(cron: str) -> str:
        return " ".join(tick[:3] for tick in ticks(f"0 2 * * {cron}", "2027-01-17T12:00", 7))

    assert days("1-5") == days("mon-fri") == "Mon Tue Wed Thu Fri Mon Tue"
    assert days("0") == days("7") == "Sun Sun Sun Sun Sun Sun Sun"
    assert days("*/2") == "Tue Thu Sat Sun Tue Thu Sat"
    assert days("5-1") == "Mon Fri Sat Sun Mon Fri Sat"
    assert days("*") == "Mon Tue Wed Thu Fri Sat Sun"


def test_the_last_tick_is_after_one_time_and_not_after_another() -> None:
    hourly = Schedule("0 * * * *", "UTC")
    eight, nine, ten = utc("2027-01-15T08:00"), utc("2027-01-15T09:00"), utc("2027-01-15T10:00")
    assert hourly.last(eight, ten) == ten
    assert hourly.last(eight, ten - HALF_AN_HOUR) == nine
    assert hourly.last(nine, ten - HALF_AN_HOUR) is None


@pytest.mark.parametrize(
    ("cron", "zone", "said"),
    [
        ("0 2 * *", "UTC", "must have five fields"),
        ("0 25 * * *", "UTC", "higher than the maximum value (23)"),
        ("0 2 * * 8", "UTC", "'8' is no day of week"),
        ("0 2 * * */0", "UTC", "'0' is no step of days"),
        ("0 2 1 * 1", "UTC", "a day of month or a day of week"),
        ("0 2 30 2 *", "UTC", "names a day that never comes"),
        ("two * * * *", "UTC", "cron: "),
        ("0 2 * * *", "Mars/Olympus", "'Mars/Olympus' is no time zone"),
        ("0 2 * * *", "Europe", "'Europe' is no time zone"),
        ("0 2 * * *", "../etc/passwd", "is no time zone"),
    ],
)
def test_what_makes_no_ticks_is_refused_with_what_would_be_right(
    cron: str, zone: str, said: str
) -> None:
    with pytest.raises(ValueError, match=r"time_zone|cron") as refused:
        Schedule(cron, zone)
    assert said in str(refused.value)
