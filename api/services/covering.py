"""Who answers for an apprentice or a company, and who covers for a colleague who is away."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col

import models
from api import store
from api.caller import Caller
from api.errors import (
    CoverFaultyError,
    CoverOverlapsError,
    NoSuchCaseError,
    NoSuchCoverError,
    NotCoordinatorHereError,
    NothingToCoverError,
)
from api.services.records import check_seen, note
from api.store.responsible import Whose
from models import Role
from models.cover_views import CoverShown


@dataclass(frozen=True)
class Cover:
    """One covers for another from one day to the other, in each case that is that other's.

    `id` is the first of the rows, one for each case.
    """

    id: uuid.UUID
    for_user_id: uuid.UUID
    by_user_id: uuid.UUID
    covers_from: datetime.date
    covers_to: datetime.date
    rows: tuple[models.Responsibility, ...]


def responsible(
    session: Session, whose: Whose, condition: Any
) -> tuple[models.Responsibility, models.User] | None:
    """Who answers lastingly, None where nobody is named. Raises NoSuchCaseError."""
    if store.responsible.home_of(session, whose, condition) is None:
        raise NoSuchCaseError(whose.id)
    found = store.responsible.lasting(session, whose)
    return (found, session.get_one(models.User, found.user_id)) if found else None


def name_responsible(
    session: Session, caller: Caller, whose: Whose, condition: Any, user_id: uuid.UUID,
    seen: int | None,
) -> tuple[models.Responsibility, models.User]:  # fmt: skip
    """Let a coordinator of the region answer from now on, and whoever covers for that one.

    `seen` is the version of who answered before, 0 for nobody. Raises NoSuchCaseError,
    NotCoordinatorHereError, StaleVersionError.
    """
    home = store.responsible.home_of(session, whose, condition, hold=True)
    if home is None:
        raise NoSuchCaseError(whose.id)
    user = _coordinator(session, user_id, home)
    row = store.responsible.lasting(session, whose)
    check_seen("case", row.version if row else 0, seen)
    if row is not None and row.user_id == user.id:
        return row, user
    before = row.user_id if row else None
    if row is None:
        row = _row(caller, user.id, whose)
        session.add(row)
    row.user_id, row.changed_at = user.id, caller.now
    store.responsible.drop_covers(session, whose)
    for one in covers(session, caller, col(models.User.region_id) == home):
        if one.for_user_id == user.id:
            session.add(_row(caller, one.by_user_id, whose, one.covers_from, one.covers_to))
    note(session, caller, "responsible.named", row, of=whose.id, user=user.id, before=before)
    session.flush()
    return row, user


def coordinators(session: Session, region_id: uuid.UUID | None = None) -> list[models.User]:
    """Who can answer in a region, or anywhere, by name."""
    theirs = [col(models.User.role) == Role.COORDINATOR, col(models.User.disabled_at).is_(None)]
    if region_id is not None:
        theirs.append(col(models.User.region_id) == region_id)
    found = store.accounts.accounts(session, *theirs)
    return sorted(found, key=lambda user: user.name)


def covers(session: Session, caller: Caller, *conditions: Any) -> list[Cover]:
    """The covers that last or are to come."""
    return _gathered(store.responsible.covers(session, caller.today, *conditions))


def cover(
    session: Session, caller: Caller, for_user_id: uuid.UUID, by_user_id: uuid.UUID,
    covers_from: datetime.date, covers_to: datetime.date,
) -> Cover:  # fmt: skip
    """Let one coordinator answer for all that is another one's, on some days.

    Raises NotCoordinatorHereError, CoverFaultyError, NothingToCoverError, CoverOverlapsError.
    """
    away = session.get(models.User, for_user_id, with_for_update=True)
    if away is None or away.role != Role.COORDINATOR or away.region_id is None:
        raise NotCoordinatorHereError
    if caller.role != Role.ADMIN and away.region_id != caller.scope_id:
        raise NotCoordinatorHereError
    by = _coordinator(session, by_user_id, away.region_id)
    if by.id == away.id or not caller.today <= covers_to >= covers_from:
        raise CoverFaultyError
    for one in covers(session, caller, col(models.User.id) == by.id):
        overlaps = one.covers_from <= covers_to and covers_from <= one.covers_to
        if one.for_user_id == away.id and overlaps:
            raise CoverOverlapsError
    made = [
        _row(caller, by.id, whose_of(row), covers_from, covers_to)
        for row in store.responsible.lasting_of(session, away.id)
    ]
    if not made:
        raise NothingToCoverError
    session.add_all(made)
    (found,) = _gathered((row, away.id) for row in made)
    _note(session, caller, "cover.made", found)
    session.flush()
    return found


def end_cover(session: Session, caller: Caller, identity: uuid.UUID, condition: Any) -> None:
    """End a cover in all its cases; `identity` is that of any of its rows.

    Raises NoSuchCoverError.
    """
    for one in covers(session, caller, condition):
        if identity in {row.id for row in one.rows}:
            store.responsible.drop(session, [row.id for row in one.rows])
            _note(session, caller, "cover.ended", one)
            return
    raise NoSuchCoverError(identity)


def shown(one: Cover) -> CoverShown:
    """A cover, and for how many people and companies."""
    people = sum(row.apprentice_id is not None for row in one.rows)
    return CoverShown(
        id=one.id, for_user_id=one.for_user_id, by_user_id=one.by_user_id,
        covers_from=one.covers_from, covers_to=one.covers_to, apprentices=people,
        companies=len(one.rows) - people,
    )  # fmt: skip


def whose_of(row: models.Responsibility) -> Whose:
    """Whom a row is about."""
    if row.apprentice_id is not None:
        return Whose("apprentice_id", row.apprentice_id)
    assert row.company_id is not None  # noqa: S101  # a condition of the table
    return Whose("company_id", row.company_id)


def _coordinator(session: Session, user_id: uuid.UUID, region: uuid.UUID) -> models.User:
    user = session.get(models.User, user_id)
    if user is None or user.region_id != region or user.disabled_at is not None:
        raise NotCoordinatorHereError
    return user


def _row(
    caller: Caller, user_id: uuid.UUID, whose: Whose, covers_from: datetime.date | None = None,
    covers_to: datetime.date | None = None,
) -> models.Responsibility:  # fmt: skip
    case: dict[str, Any] = {whose.column: whose.id}
    return models.Responsibility(
        id=caller.new_id(), created_at=caller.now, changed_at=caller.now, user_id=user_id,
        covers_from=covers_from, covers_to=covers_to, **case,
    )  # fmt: skip


def _gathered(rows: Iterable[tuple[models.Responsibility, uuid.UUID]]) -> list[Cover]:
    found: dict[tuple[Any, ...], list[models.Responsibility]] = {}
    for row, away in rows:
        found.setdefault((away, row.user_id, row.covers_from, row.covers_to), []).append(row)
    return [
        Cover(min(row.id for row in rows), away, by, first, last, tuple(rows))
        for (away, by, first, last), rows in found.items()
    ]


def _note(session: Session, caller: Caller, action: str, one: Cover) -> None:
    note(
        session, caller, action, one.rows[0], away=one.for_user_id, by=one.by_user_id,
        covers_from=one.covers_from.isoformat(), covers_to=one.covers_to.isoformat(),
        cases=len(one.rows),
    )  # fmt: skip
