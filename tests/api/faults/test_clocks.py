"""Clocks that jump, and the nights in which they are moved: nothing lost, doubled or endless."""

import datetime
import uuid

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

import models
from api import keys
from api.caller import caller_of
from api.database import transaction
from api.posting import Posted
from api.scheduler import Scheduler
from api.services import deadlines, outbox, proposals, sessions
from models import Answer, Means, Party, RoundStatus
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.posting import SENDER
from tests.api.roles import a_proposal
from tests.api.roles.decisions import asked
from tests.api.test_scheduler import address_of, all_rounds, set_schedule

HOUR = datetime.timedelta(hours=1)
DAY = 24 * HOUR
MINUTE = datetime.timedelta(minutes=1)


def utc(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def looked_at(engine: Engine, times: list[datetime.datetime], cron: str, zone: str) -> list[str]:
    """The ticks that a scheduler asks for which sees these times; each round is done at once."""
    with transaction(engine) as session:
        session.add(rows.call(status="open", created_at=min(times)))
    set_schedule(engine, {"cron": cron, "time_zone": zone}, min(times))
    clock = [times[0]]
    scheduler = Scheduler(address_of(engine), now=lambda: clock[0])
    for clock[0] in times:
        scheduler._ask_for_due_tick()
        with transaction(engine) as session:
            for one in session.exec(select(models.Round)):
                one.status, one.finished_at = RoundStatus.CANCELLED, one.created_at
    scheduler.stop(grace=0)
    found = sorted(row.scheduled_for for row in all_rounds(engine) if row.scheduled_for)
    return [f"{one:%d %b %H:%M}" for one in found]


def steps(begin: str, end: str, step: datetime.timedelta) -> list[datetime.datetime]:
    first, last = utc(begin), utc(end)
    return [first + n * step for n in range(int((last - first) / step) + 1)]


WARSAW = "Europe/Warsaw"

NIGHTS = {
    "spring, a time that is left out": (
        "30 2 * * *", steps("2027-03-27T20:00", "2027-03-28T08:00", 30 * MINUTE), ["28 Mar 01:30"],
    ),
    "spring, the time of the jump": (
        "0 2 * * *", steps("2027-03-27T20:00", "2027-03-28T08:00", 30 * MINUTE), ["28 Mar 01:00"],
    ),
    "autumn, a time that comes twice": (
        "30 2 * * *", steps("2027-10-30T20:00", "2027-10-31T08:00", 30 * MINUTE), ["31 Oct 00:30"],
    ),
    "autumn, a time after it": (
        "30 3 * * *", steps("2027-10-30T20:00", "2027-10-31T08:00", 30 * MINUTE), ["31 Oct 02:30"],
    ),
    "the clock goes back an hour after the tick": (
        "0 2 * * *",
        [*steps("2027-01-16T00:50", "2027-01-16T01:10", 10 * MINUTE),
         *steps("2027-01-16T00:10", "2027-01-16T02:10", 20 * MINUTE)],
        ["16 Jan 01:00"],
    ),
    "the clock goes back an hour before the tick": (
        "0 2 * * *",
        [utc("2027-01-16T00:50"), *steps("2027-01-15T23:50", "2027-01-16T01:10", 20 * MINUTE)],
        ["16 Jan 01:00"],
    ),
    "the clock goes forward a day over a tick": (
        "0 2 * * *", [utc("2027-01-16T00:50"), *steps("2027-01-17T00:50", "2027-01-17T01:10",
                                                      10 * MINUTE)],
        ["16 Jan 01:00", "17 Jan 01:00"],
    ),
    "the clock goes forward a day and back": (
        "0 2 * * *",
        [utc("2027-01-16T00:50"), utc("2027-01-17T00:50"),
         *steps("2027-01-16T00:51", "2027-01-17T01:11", 20 * MINUTE)],
        ["16 Jan 01:00", "17 Jan 01:00"],
    ),
    "ten days are left out": (
        "0 2 * * *", [utc("2027-01-16T00:50"), utc("2027-01-26T00:50"), utc("2027-01-26T00:52")],
        ["25 Jan 01:00"],
    ),
}  # fmt: skip
"""A schedule in Warsaw, what the clock says at each look, and the ticks that make a round."""


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize("night", NIGHTS)
def test_each_tick_makes_one_round_whatever_the_clock_does(database: Engine, night: str) -> None:
    cron, times, expected = NIGHTS[night]
    assert looked_at(database, times, cron, WARSAW) == expected


JUMPS = {
    "no jump": (0 * HOUR, [(sessions.IDLE - MINUTE, True), (sessions.IDLE, False)]),
    "back an hour": (-HOUR, [(0 * HOUR, True), (HOUR, True), (2 * HOUR + MINUTE, False)]),
    "back a day": (-DAY, [(0 * HOUR, False), (DAY - 2 * HOUR, False)]),
    "back ten years": (-3650 * DAY, [(0 * HOUR, False), (DAY, False)]),
    "forward a day": (DAY, [(0 * HOUR, False)]),
}  # fmt: skip
"""How the clock jumps right after somebody signed in, and whether they still are, so much later."""


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize("jump", JUMPS)
def test_no_session_lasts_because_the_clock_jumped(database: Engine, jump: str) -> None:
    by, looks = JUMPS[jump]
    alliance = Alliance(database)
    with transaction(database) as session:
        _, secret = sessions.start_session(session, alliance.caller("sending"), "Firefox")
    for later, lasts in looks:
        with transaction(database, writes=False) as session:
            found = sessions.session_of(session, NOW + by + later, secret, write=False)
        assert (found is not None) == lasts, later


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize("jump", [-HOUR, -DAY, -3650 * DAY])
def test_a_session_that_is_used_all_the_time_ends_after_a_day_however_the_clock_jumped(
    database: Engine, jump: datetime.timedelta
) -> None:
    alliance = Alliance(database)
    with transaction(database) as session:
        _, secret = sessions.start_session(session, alliance.caller("sending"), "Firefox")
    asked, lasted = NOW + jump, 0
    while lasted < 200:
        with transaction(database) as session:
            if sessions.session_of(session, asked, secret) is None:
                break
        asked, lasted = asked + 10 * MINUTE, lasted + 1
    assert lasted * 10 * MINUTE <= sessions.LASTS + sessions.IDLE
    assert len(keys.digest(secret)) == 64


def texts(engine: Engine) -> list[str]:
    with transaction(engine, writes=False) as session:
        return sorted(session.exec(select(models.OutboxMail.text)))


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_nobody_is_reminded_or_told_twice_when_the_clock_jumps(database: Engine) -> None:
    """Ten days forward over both reminders: one message. Back, and forward again: none."""
    alliance = Alliance(database)
    asked(alliance)
    first = texts(database)
    sent = []
    for day in (1, 10, 10, 1, 4, 10, 13):
        with transaction(database) as session:
            sent.append(deadlines.remind(session, alliance.service(NOW + day * DAY)))
    assert sent == [0, 1, 0, 0, 0, 0, 0]
    assert texts(database) == sorted([*first, "reminder"])
    ended = []
    for day in (13, 20, 20, 13, 30):
        with transaction(database) as session:
            ended.append(deadlines.expire(session, alliance.service(NOW + day * DAY)))
    assert ended == [0, 1, 0, 0, 0]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize("day", ["2027-03-20", "2027-10-25"])
def test_a_deadline_is_as_long_over_a_night_of_23_or_25_hours(database: Engine, day: str) -> None:
    """It is counted in hours, so on the last day it is an hour later or earlier on the wall."""
    alliance = Alliance(database)
    named, answered = asked(alliance, answers=1), utc(f"{day}T10:00")
    with transaction(database) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]  # an id
        caller = caller_of(alliance.users["hosting"], answered, uuid.uuid4)
        proposals.answer(session, caller, case, Party.HOSTING_COORDINATOR, Answer.YES)
        deadline = case.proposal.deadline
    assert deadline is not None
    assert deadline - answered == 14 * DAY
    for now, count in ((deadline - MINUTE, 0), (deadline + MINUTE, 1), (deadline + HOUR, 0)):
        with transaction(database) as session:
            assert deadlines.expire(session, alliance.service(now)) == count


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize("jump", [-HOUR, DAY, 3650 * DAY])
def test_a_letter_is_tried_once_and_sent_once_when_the_clock_jumps(
    database: Engine, jump: datetime.timedelta
) -> None:
    alliance = Alliance(database)
    a_proposal(alliance)
    tried: list[uuid.UUID] = []

    def post(now: datetime.datetime, posted: Posted) -> None:
        with transaction(database) as session:
            while letter := outbox.next_letter(
                session, alliance.service(now), SENDER, [Means.MAIL]
            ):
                tried.append(letter.id)
                outbox.settle(session, alliance.service(now), letter.id, posted)

    post(NOW, Posted("gone"))
    waiting = len(tried)
    assert waiting
    post(NOW + jump, Posted("gone"))
    assert len(tried) == (waiting if jump < 0 * HOUR else 2 * waiting)
    last = max(NOW, NOW + jump)
    post(last + HOUR, Posted())
    post(last + HOUR + MINUTE, Posted())
    for one in set(tried):
        assert tried.count(one) == len(tried) // waiting
    with transaction(database, writes=False) as session:
        left = session.exec(
            select(models.OutboxMail).where(col(models.OutboxMail.ended_as).is_(None))
        ).all()
    assert left == []
