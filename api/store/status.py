"""What the status page asks for: rounds of every call, messages that wait or fail."""

import datetime
from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

import models
from models import MessageEnd, RoundStatus


def rounds_with_calls(
    session: Session, statuses: Sequence[RoundStatus], *, since: datetime.datetime | None, most: int
) -> list[tuple[models.Round, str]]:
    """Rounds that stand so, with the code of their call, the newest first."""
    query = (
        select(models.Round, models.Call.code)
        .join(models.Call, col(models.Call.id) == col(models.Round.call_id))
        .where(col(models.Round.status).in_(statuses))
        .order_by(col(models.Round.created_at).desc(), col(models.Round.id))
        .limit(most)
    )
    if since is not None:
        query = query.where(col(models.Round.created_at) >= since)
    return [(row, code) for row, code in session.exec(query)]


def waiting_mails(session: Session) -> tuple[int, datetime.datetime | None]:
    """How many messages wait that did not fail yet, and when the oldest was written."""
    created = col(models.OutboxMail.created_at)
    count, oldest = session.exec(
        select(func.count(), func.min(created)).where(
            col(models.OutboxMail.ended_as).is_(None), col(models.OutboxMail.failure) == ""
        )
    ).one()
    return count, oldest


def failed_mails(session: Session) -> dict[str, int]:
    """How many messages could not be sent so far or for good, by the code of why."""
    failure = col(models.OutboxMail.failure)
    query = (
        select(failure, func.count())
        .where(
            failure != "",
            or_(
                col(models.OutboxMail.ended_as).is_(None),
                col(models.OutboxMail.ended_as) == MessageEnd.UNDELIVERABLE,
            ),
        )
        .group_by(failure)
        .order_by(func.count().desc(), failure)
    )
    return dict(session.exec(query).all())
