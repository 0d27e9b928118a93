"""What apprentices agreed to share, with which companies."""

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

import models

Recipient = tuple[models.Consent, models.Company]


def of_person(session: Session, apprentice_id: uuid.UUID) -> list[Recipient]:
    """The consents of somebody with the companies that they are for, the oldest first."""
    rows = session.execute(
        select(models.Consent, models.Company)
        .join(models.Company, col(models.Company.id) == models.Consent.company_id)
        .where(models.Consent.apprentice_id == apprentice_id)
        .order_by(col(models.Consent.created_at), col(models.Consent.id))
        .execution_options(populate_existing=True)
    )
    return [(consent, company) for consent, company in rows]


def whose(
    session: Session, consent_id: uuid.UUID, *conditions: ColumnElement[bool]
) -> uuid.UUID | None:
    """The apprentice of a consent, if the rows (apprentice, centre) meet the conditions."""
    found = (
        select(models.Consent.apprentice_id)
        .join(models.Apprentice, col(models.Apprentice.id) == models.Consent.apprentice_id)
        .join(models.Centre, col(models.Centre.id) == models.Apprentice.centre_id)
    )
    return session.exec(found.where(models.Consent.id == consent_id, *conditions)).first()


def active(
    session: Session, people: Collection[uuid.UUID], companies: Collection[uuid.UUID]
) -> list[models.Consent]:
    """The consents of these people for these companies that nobody has withdrawn."""
    consent = models.Consent
    found = select(consent).where(
        col(consent.apprentice_id).in_(people), col(consent.company_id).in_(companies),
        col(consent.withdrawn_at).is_(None),
    )  # fmt: skip
    return list(session.exec(found.order_by(col(consent.created_at), col(consent.id))))
