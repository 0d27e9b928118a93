"""Where a region stands: who has a place, what comes up, what the last matching found."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import SealBrokenError
from api.policy import Action, Scope, scope_of
from api.sealing import BrokenSealError, bundle
from api.services import ended, round_lists
from api.services.showing_placements import shown_all
from api.store.scopes import cases_in, people_in
from matcher import limits
from models import CallStatus, EnrolmentStatus, PlacementStatus, Role, RoundKind
from models.placement_views import PlacementShown

WEEKS = datetime.timedelta(weeks=6)
"""Stays that begin so soon are told."""

MOST = 20
"""So many of them are named."""


FEW = 5
"""So many people whom something is missing for are named."""


@dataclass(frozen=True)
class Matched:
    """The last matching of the open calls.

    `unmatched` are people of the reader's region who have no place now: it left them without
    one, or their proposal ended since. A preview tells nobody of what it found.
    """

    round_id: uuid.UUID
    finished_at: datetime.datetime | None
    proposed: int
    unmatched: int
    is_preview: bool


@dataclass(frozen=True)
class Standing:
    """Of a coordinator's region, in the open calls: people selected, sent and hosted."""

    selected: int
    sent: int
    hosted: int


def standing(session: Session, caller: Caller) -> Standing | None:
    """Where the region of a coordinator stands; nothing for anybody else."""
    if caller.role != Role.COORDINATOR:
        return None
    calls = [call.id for call in _open(session)]
    return Standing(
        selected=store.standing.selected(
            session, calls, people_in(Scope.SENDING, caller.scope_id)
        ),
        sent=store.standing.placed(session, calls, cases_in(Scope.SENDING, caller.scope_id)),
        hosted=store.standing.placed(session, calls, cases_in(Scope.HOSTING, caller.scope_id)),
    )  # fmt: skip


@dataclass(frozen=True)
class SchoolStanding:
    """Of a school: people, and those of the open calls who applied, are selected, have a stay.

    `without_guardian` are some of those under 18 for whom nobody is named.
    """

    name: str
    people: int
    in_no_call: int
    applied: int
    selected: int
    placed: int
    without_guardian: Sequence[models.Apprentice]


def of_school(session: Session, caller: Caller, scope: Scope) -> SchoolStanding:
    """How far the people of a school are; `scope` is whose cases it sees."""
    calls = [call.id for call in _open(session)]
    mine = people_in(scope, caller.scope_id)
    counts = store.standing.by_status(session, calls, mine)
    people = store.standing.people(session, mine)
    born_after = limits.birthday(caller.today, -limits.ADULT)
    return SchoolStanding(
        name=session.get_one(models.Centre, caller.scope_id).name,
        people=people,
        in_no_call=people - store.standing.taking_part(session, calls, mine) if calls else 0,
        applied=counts.get(EnrolmentStatus.APPLIED, 0),
        selected=counts.get(EnrolmentStatus.SELECTED, 0),
        placed=store.standing.placed(session, calls, cases_in(scope, caller.scope_id)),
        without_guardian=store.standing.without_guardian(session, mine, born_after, FEW),
    )


def last_matching(session: Session, caller: Caller) -> Matched | None:
    """The newest done matching of the open calls, for who may read of matchings."""
    if scope_of(caller.role, Action.ROUND_READ) is None:
        return None
    done = [one for call in _open(session) if (one := store.rounds.last_done(session, call.id))]
    if not done:
        return None
    last = max(done, key=lambda one: (one.finished_at or one.created_at, one.id))
    try:
        left = bundle.people_in(last.files or b"", "unmatched")
    except BrokenSealError:
        raise SealBrokenError("round", last.id) from None
    mine = people_in(Scope.SENDING, caller.scope_id)
    return Matched(
        last.id, last.finished_at, last.stored,
        ended.without_place(session, last.call_id, left, mine), last.kind == RoundKind.PREVIEW,
    )  # fmt: skip


def next_matching(session: Session, caller: Caller) -> datetime.datetime | None:
    """When the schedule begins the next one; None while no call is open, or for no schedule."""
    if scope_of(caller.role, Action.ROUND_READ) is None or not _open(session):
        return None
    return round_lists.next_tick(session, caller.now)


def next_proposing(
    session: Session, caller: Caller, call: models.Call | None = None
) -> datetime.datetime | None:
    """When the next matching that makes proposals begins, of a call or of any open one.

    Matchings until the closing date of a call are trials (`rounds`). None without a schedule or
    an open call.
    """
    calls = _open(session) if call is None else [call]
    days = [one.closes_on for one in calls if one.status == CallStatus.OPEN]
    if not days:
        return None
    closed = datetime.datetime.combine(min(days), datetime.time.max, datetime.UTC)
    return round_lists.next_tick(session, max(caller.now, closed))


def beginning(session: Session, caller: Caller) -> Sequence[PlacementShown]:
    """The stays of the next weeks, the next one first, as whoever asks may see them."""
    scope = scope_of(caller.role, Action.PLACEMENT_READ)
    if scope is None:
        return []
    soon = (
        models.Placement.status == PlacementStatus.BOOKED,
        col(models.Placement.first_day) >= caller.today,
        col(models.Placement.first_day) <= caller.today + WEEKS,
    )
    found = store.placements.placements(session, cases_in(scope, caller.scope_id), *soon)
    found.sort(key=lambda one: (one[0].first_day, one[0].id))
    return shown_all(session, caller, found[:MOST])


def _open(session: Session) -> list[models.Call]:
    return store.calls.calls(session, models.Call.status == CallStatus.OPEN, limit=50)
