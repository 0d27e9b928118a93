"""Messages that wait to be sent."""

import datetime
import uuid

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

import models
from api.store.rows import hold


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
    """The next messages that are due and were tried less often, the oldest first.

    Nobody else has them until the end of the transaction; those of others are left to them.
    """
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
            .with_for_update(skip_locked=True)
        )
    )


def hold_about(session: Session, proposal_id: uuid.UUID) -> None:
    """No message about a proposal is sent until the end of the transaction."""
    row = col(models.OutboxMail.id)
    hold(session, select(row).where(_about(proposal_id)).order_by(row))


def sent_about(session: Session, proposal_id: uuid.UUID, since: datetime.datetime) -> bool:
    """Whether a message about a proposal that was queued since then was sent."""
    found = select(models.OutboxMail.id).where(
        _about(proposal_id), col(models.OutboxMail.sent_at).is_not(None),
        models.OutboxMail.created_at >= since,
    )  # fmt: skip
    return session.exec(found.limit(1)).first() is not None


def _about(proposal_id: uuid.UUID) -> ColumnElement[bool]:
    about: ColumnElement[str] = col(models.OutboxMail.data)["proposal"].as_string()
    return about == str(proposal_id)
