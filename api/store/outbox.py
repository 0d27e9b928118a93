"""Messages that wait to be sent."""

import datetime
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, null, or_
from sqlmodel import Session, col, select

import models
from api.store import cases
from api.store.rows import hold
from models import Means, MessageEnd, Party

HOSTING = frozenset({Party.COMPANY, Party.HOSTING_COORDINATOR})
"""The parties of a case whose coordinators are those of the hosting region."""


def file_of(mail: models.OutboxMail) -> str:
    """The name of the file that a message becomes."""
    return f"{mail.created_at:%Y%m%dT%H%M%SZ}-{mail.id}.eml"


def waits(session: Session, address: str, text: str) -> bool:
    """Whether a message with this text waits to be sent to an address."""
    found = select(models.OutboxMail.id).where(
        models.OutboxMail.address == address,
        models.OutboxMail.text == text,
        col(models.OutboxMail.ended_as).is_(None),
    )
    return session.exec(found).first() is not None


def is_due(session: Session, now: datetime.datetime, means: Collection[Means]) -> bool:
    """Whether a message of these means can be sent now."""
    return session.exec(_due(now, means)).first() is not None


def next_due(
    session: Session, now: datetime.datetime, means: Collection[Means]
) -> models.OutboxMail | None:
    """The oldest of them, held until the transaction ends; nobody else gets it meanwhile."""
    return session.exec(_due(now, means).with_for_update(skip_locked=True)).first()


def _due(now: datetime.datetime, means: Collection[Means]) -> Any:
    return (
        select(models.OutboxMail)
        .where(
            col(models.OutboxMail.ended_as).is_(None),
            models.OutboxMail.not_before <= now,
            col(models.OutboxMail.means).in_(means),
        )
        .order_by(col(models.OutboxMail.created_at), col(models.OutboxMail.id))
        .limit(1)
    )


def of_region(
    session: Session, region: uuid.UUID, condition: ColumnElement[bool]
) -> list[models.OutboxMail]:
    """The messages of a region that meet the condition, the oldest first."""
    return list(
        session.exec(
            select(models.OutboxMail)
            .where(col(models.OutboxMail.region_id) == region, condition)
            .order_by(col(models.OutboxMail.created_at), col(models.OutboxMail.id))
        )
    )


def hold_about(session: Session, proposal_id: uuid.UUID) -> None:
    """No message about a proposal is sent until the end of the transaction."""
    row, mine = col(models.OutboxMail.id), models.OutboxMail.proposal_id == proposal_id
    hold(session, select(row).where(mine).order_by(row))


def tried_about(session: Session, proposal_id: uuid.UUID, since: datetime.datetime) -> bool:
    """Whether a message about a proposal that was queued since then may have gone out."""
    found = select(models.OutboxMail.id).where(
        models.OutboxMail.proposal_id == proposal_id,
        models.OutboxMail.attempts > 0,
        models.OutboxMail.created_at >= since,
    )
    return session.exec(found.limit(1)).first() is not None


def count_for_somebody(
    session: Session, region: uuid.UUID, now: datetime.datetime
) -> tuple[int, int]:
    """How many messages of a region are calls to make now, and how many could not be delivered."""
    ended = col(models.OutboxMail.ended_as)
    found = session.execute(
        select(ended, func.count())
        .where(col(models.OutboxMail.region_id) == region, asks_for_somebody(now))
        .group_by(ended)
    )
    counts: dict[MessageEnd | None, int] = dict(found.all())
    return counts.get(None, 0), counts.get(MessageEnd.UNDELIVERABLE, 0)


def asks_for_somebody(now: datetime.datetime) -> ColumnElement[bool]:
    """The condition that a message could not be delivered, or that it is time to call."""
    mail = models.OutboxMail
    calls = and_(
        col(mail.means) == Means.CALL, col(mail.ended_as).is_(None), col(mail.not_before) <= now
    )
    return or_(col(mail.ended_as) == MessageEnd.UNDELIVERABLE, calls)


@dataclass(frozen=True)
class Home:
    """Whose business a message is: a region, and the person or the company in it."""

    region_id: uuid.UUID
    apprentice_id: uuid.UUID | None = None
    company_id: uuid.UUID | None = None


def home_of(session: Session, data: Mapping[str, Any]) -> Home | None:
    """Whose coordinators answer for whom a message goes to or is about. None for no region's.

    `data` is that of the message; what is named first there in this order counts.
    """
    noun = next((noun for noun in ABOUT if noun in data), None)
    if noun is None:
        return None
    table, joined = ABOUT[noun]
    hosted = noun == "provision_question" or data.get("party") in HOSTING
    whose = (
        select(models.Company.region_id, null(), models.Company.id)
        if hosted
        else select(models.Centre.region_id, models.Apprentice.id, null())
    )
    query = joined(whose.select_from(table)).where(col(table.id) == uuid.UUID(str(data[noun])))
    found = session.execute(query).first()
    return Home(*found) if found else None


def _of_person(query: Any) -> Any:
    return query.join(models.Apprentice).join(models.Centre)


def _of_offer(query: Any) -> Any:
    offer = col(models.Offer.id) == models.ProvisionQuestion.offer_id
    return query.join(models.Offer, offer).join(models.Site).join(models.Company)


ABOUT: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "proposal": (models.Proposal, cases.with_case),
    "enrolment": (models.Enrolment, _of_person),
    "provision_question": (models.ProvisionQuestion, _of_offer),
    "apprentice": (models.Apprentice, lambda query: query.join(models.Centre)),
    "account": (models.User, lambda query: query.join(
        models.Apprentice, col(models.User.apprentice_id) == models.Apprentice.id
    ).join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)),
}  # fmt: skip
"""What a message may be about, by the name in its data: the table, and how its home is joined."""
