"""Rounds, and whose they are while they run."""

import datetime
import uuid
from typing import Any

from sqlalchemy import and_, update
from sqlalchemy.orm import defer
from sqlmodel import Session, col, or_, select

import models
from api.store.rows import changed
from models import RoundStatus
from models.round import UNFINISHED


def rounds_of_call(session: Session, call_id: uuid.UUID) -> list[models.Round]:
    """All rounds of a call, the newest first. Their files are read only where one asks."""
    newest = col(models.Round.created_at).desc(), col(models.Round.id)
    large: tuple[Any, ...] = (models.Round.files, models.Round.fairness)
    found = select(models.Round).where(models.Round.call_id == call_id).order_by(*newest)
    return list(session.exec(found.options(*(defer(column) for column in large))))


def last_done(session: Session, call_id: uuid.UUID) -> models.Round | None:
    """The round of a call that was done last, with its result."""
    done = models.Round.call_id == call_id, models.Round.status == RoundStatus.DONE
    newest = col(models.Round.finished_at).desc(), col(models.Round.id)
    return session.exec(select(models.Round).where(*done).order_by(*newest).limit(1)).first()


def round_unfinished(session: Session, call_id: uuid.UUID) -> bool:
    """Whether a round of the call is queued or running."""
    waits = col(models.Round.status).in_(UNFINISHED)
    found = select(models.Round.id).where(models.Round.call_id == call_id, waits)
    return session.exec(found).first() is not None


def calls_of_tick(session: Session, tick: datetime.datetime) -> set[uuid.UUID]:
    """The calls that have a round of this tick of the schedule."""
    return set(session.exec(select(models.Round.call_id).where(models.Round.scheduled_for == tick)))


def waiting_round(session: Session, now: datetime.datetime) -> models.Round | None:
    """The round that has waited longest: queued, or its worker gave no sign of life."""
    free = or_(
        col(models.Round.status) == RoundStatus.QUEUED,
        and_(
            col(models.Round.status) == RoundStatus.RUNNING,
            col(models.Round.lease_until) < now,
        ),
    )
    oldest = col(models.Round.created_at), col(models.Round.id)
    return session.exec(select(models.Round).where(free).order_by(*oldest).limit(1)).first()


def take_round(
    session: Session, owner: str, now: datetime.datetime, lease_until: datetime.datetime
) -> models.Round | None:
    """Take the round that has waited longest, or whose worker gave no sign of life.

    Of two who try at once one gets it; the other gets none and tries again later.
    """
    waiting = waiting_round(session, now)
    if waiting is None:
        return None
    taken = changed(
        session,
        update(models.Round)
        .where(
            col(models.Round.id) == waiting.id, col(models.Round.version) == waiting.version
        )
        .values(
            status=RoundStatus.RUNNING, owner=owner, lease_until=lease_until, changed_at=now,
            version=models.Round.version + 1,
        ),
    )  # fmt: skip
    session.refresh(waiting)
    return waiting if taken else None


def renew_lease(
    session: Session,
    round_id: uuid.UUID,
    owner: str,
    lease_until: datetime.datetime,
    progress: tuple[str, int, int],
) -> bool:
    """Whether the round is still the owner's; then its lease is longer and its progress told."""
    step, done, total = progress
    return changed(
        session,
        update(models.Round)
        .where(*_held(round_id, owner))
        .values(lease_until=lease_until, step=step, done=done, total=total),
    )


def held_round(session: Session, round_id: uuid.UUID, owner: str) -> models.Round | None:
    """The running round if it is the owner's; nobody else changes it until the end."""
    return session.exec(
        select(models.Round).where(*_held(round_id, owner)).with_for_update()
    ).first()


def locked_round(session: Session, round_id: uuid.UUID) -> models.Round | None:
    """The round as it stands now; nobody else changes it until the end."""
    found = select(models.Round).where(models.Round.id == round_id).with_for_update()
    return session.exec(found.execution_options(populate_existing=True)).first()


def round_of_worker(session: Session, owner: str) -> models.Round | None:
    """The running round of a worker; nobody else changes it until the end."""
    return session.exec(
        select(models.Round)
        .where(models.Round.owner == owner, models.Round.status == RoundStatus.RUNNING)
        .with_for_update()
    ).first()


def lease_of(session: Session, owner: str) -> datetime.datetime | None:
    """Until when a worker holds its round, None where it has none. Nobody waits for this."""
    mine = models.Round.owner == owner, models.Round.status == RoundStatus.RUNNING
    return session.exec(select(models.Round.lease_until).where(*mine)).first()


def _held(round_id: uuid.UUID, owner: str) -> tuple[Any, ...]:
    return (
        col(models.Round.id) == round_id,
        col(models.Round.owner) == owner,
        col(models.Round.status) == RoundStatus.RUNNING,
    )


def with_fairness(session: Session, call_id: uuid.UUID, most: int) -> list[models.Round]:
    """The last rounds of a call that have a fairness report, the newest first."""
    found = (
        select(models.Round)
        .where(models.Round.call_id == call_id, col(models.Round.fairness).is_not(None))
        .order_by(col(models.Round.finished_at).desc(), col(models.Round.id))
        .limit(most)
    )
    return list(session.exec(found))
