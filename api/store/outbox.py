"""Messages that wait to be sent."""

import datetime

from sqlmodel import Session, col, select

import models


def file_of(mail: models.OutboxMail) -> str:
    """The name of the file that a message becomes."""
    return f"{mail.created_at:%Y%m%dT%H%M%SZ}-{mail.id}.eml"


def waits(session: Session, address: str, text: str) -> bool:
    """Whether a message with this text waits to be sent to an address."""
    found = select(models.OutboxMail.id).where(
        models.OutboxMail.address == address,
        models.OutboxMail.text == text,
        col(models.OutboxMail.sent_at).is_(None),
    )
    return session.exec(found).first() is not None


def waiting(
    session: Session, now: datetime.datetime, attempts: int, limit: int
) -> list[models.OutboxMail]:
    """The next messages that are due and were tried less often, the oldest first."""
    return list(
        session.exec(
            select(models.OutboxMail)
            .where(
                col(models.OutboxMail.sent_at).is_(None),
                models.OutboxMail.not_before <= now,
                models.OutboxMail.attempts < attempts,
            )
            .order_by(col(models.OutboxMail.created_at), col(models.OutboxMail.id))
            .limit(limit)
        )
    )
